"""A build makes anew what would be another file, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import ARTICLE, ROOT, Outcome
from test_site import contents, write_articles

import briefs.parsing
import briefs.site
import briefs.templating

Call = Callable[..., Outcome]
URL = ("--base-url", "https://dams.example/")


class Builds:
    """Builds a site in a folder of its own; after each build, the files whose templates were filled in."""

    def __init__(self, call: Call, folder: Path) -> None:
        self.seeds, self.mine, self.out = folder / "seeds", folder / "mine", folder / "out"
        self.filled: list[str] = []
        self.parsed = 0
        self._call, self._folder = call, folder
        self.mine.mkdir()
        write_articles(self.seeds, "dam.txt", "quay.txt", "lake.txt")
        self.edit("quay", "Ana Ruiz", "Bo Kim", "Ruiz", "Kim", "Selmoor", "Orvane", "Isk Valley", "Tarn Hill")
        self.edit("lake", "Ana Ruiz", "Cato Holt", "Ruiz", "Holt", "Selmoor", "Fenwick", "Isk Valley", "Moor End")

    def edit(self, stem: str, *pairs: str) -> None:
        """Put words of an article in the place of others."""
        path = self.seeds / f"{stem}.txt"
        text = path.read_text(encoding="utf-8")
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def template(self, name: str, text: str) -> None:
        """Put a template into the folder of the user's own."""
        path = self.mine / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def __call__(self, *options: object, code: int = 0) -> Outcome:
        self.filled.clear()
        self.parsed = 0
        asked = ("--templates", self.mine, "--jobs", 1, *options)
        ended = self._call("build", self.seeds, self.out, *asked)
        assert ended.code == code, ended.err
        return ended

    def check(self, *options: object) -> None:
        """Check that the site has the same bytes as one that is made of nothing."""
        clean = self._folder / "clean"
        self._call("build", self.seeds, clean, "--templates", self.mine, "--no-cache", *options)
        assert contents(self.out) == contents(clean)
        assert (self.out / ".briefs-plain.json").read_bytes() == (clean / ".briefs-plain.json").read_bytes()
        shutil.rmtree(clean)


@pytest.fixture
def builds(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    monkeypatch.setenv("BRIEFS_NO_CACHE", "0")
    monkeypatch.chdir(tmp_path)
    made = Builds(call, tmp_path)
    fill, parse = briefs.templating.fill, briefs.parsing.parse

    def filling(name, variables, **more):
        made.filled.append(variables["file"] if "file" in variables else f"{variables['slug']}/{name}")
        return fill(name, variables, **more)

    def parsing(article, **more):
        made.parsed += 1
        return parse(article, **more)

    monkeypatch.setattr("briefs.rendering.fill", filling)
    monkeypatch.setattr("briefs.parsing.parse", parsing)
    made()
    return made


def test_an_article_that_changes_makes_its_own_pages_and_those_that_it_touches(builds: Builds) -> None:
    builds.edit("dam", "Ruiz", "Reyes")
    builds()
    assert builds.parsed == 1
    touched = {name for name in builds.filled if not name.startswith("dam/")}
    actors = {f"actors/{name}.html" for name in ("index", "ana-reyes", "isk-valley-water")}
    assert touched == {"index.html", *actors, *touched & {"archive/undated.html"}}
    assert not any(name.startswith(("quay/", "lake/")) for name in builds.filled)
    builds.check()


def test_an_article_that_comes_and_one_that_goes_leave_the_pages_of_others_alone(builds: Builds) -> None:
    (builds.seeds / "weir.txt").write_text(
        ARTICLE.replace("Ana Ruiz", "Dara Eke").replace("Ruiz", "Eke"), encoding="utf-8"
    )
    builds.edit("weir", "Selmoor", "Caldria", "Isk Valley", "Long Reach")
    builds()
    assert builds.parsed == 1
    assert not any(name.startswith(("quay/", "lake/", "dam/")) for name in builds.filled)
    builds.check()
    (builds.seeds / "weir.txt").unlink()
    builds()
    assert builds.parsed == 0
    assert not any(name.partition("/")[0] in {"quay", "lake", "dam"} for name in builds.filled)
    builds.check()


def test_a_brief_that_another_leads_to_makes_that_anew(builds: Builds) -> None:
    (builds.seeds / "weir.txt").write_text(ARTICLE, encoding="utf-8")  # of the same main actors as dam.txt
    builds()
    assert "dam/brief.html.j2" in builds.filled
    assert "weir/index.html" in (builds.out / "dam/index.html").read_text(encoding="utf-8")
    assert not any(name.startswith(("quay/", "lake/")) for name in builds.filled)
    builds.check()


def test_a_template_makes_what_it_is_used_for_and_parses_nothing(builds: Builds) -> None:
    builds.template("summary.txt.j2", "{{ page.headline }}")
    builds()
    assert sorted(builds.filled) == ["dam/summary.txt.j2", "lake/summary.txt.j2", "quay/summary.txt.j2"]
    builds.template("style.css", "p { margin: 0 }")
    builds()
    assert builds.filled == []  # no template: the file itself
    assert (builds.out / "style.css").read_text(encoding="utf-8").strip() == "p { margin: 0 }"
    builds.template("partials/body.md.j2", "{{ page.headline | md }}")
    builds()
    assert sorted(builds.filled) == ["dam/brief.md.j2", "lake/brief.md.j2", "quay/brief.md.j2"]
    head = (ROOT / "templates/partials/head.html.j2").read_text(encoding="utf-8")
    builds.template("partials/head.html.j2", f"{head}<!-- mine -->\n")
    builds()
    assert {"index.html", "dam/brief.html.j2"} <= set(builds.filled)
    assert "dam/brief.md.j2" not in builds.filled
    assert builds.parsed == 0
    builds.check()
    shutil.rmtree(builds.mine)
    builds.mine.mkdir()
    builds()
    assert builds.parsed == 0
    builds.check()


def test_a_template_that_was_missing_and_comes_makes_what_asked_for_it(builds: Builds) -> None:
    builds.template(
        "summary.txt.j2", '{% include "extra.j2" ignore missing %}{% include ["a.j2", "partials/words.j2"] %}x'
    )
    builds()
    assert len(builds.filled) == 3
    builds()
    assert builds.filled == []
    for name in ("extra.j2", "a.j2"):
        builds.template(name, name)
        builds()
        assert [name for name in builds.filled if name.endswith("summary.txt.j2")] == [
            f"{slug}/summary.txt.j2" for slug in ("dam", "lake", "quay")
        ]
        assert name in (builds.out / "dam/summary.txt").read_text(encoding="utf-8")
        builds.check()


def test_a_template_of_ones_own_is_made_of_what_it_reads(builds: Builds) -> None:
    builds.template("site/heads.txt.j2", "{% for entry in site.entries %}{{ entry.headline }}\n{% endfor %}")
    builds.template("site/names.txt.j2", "{% for actor in across.actors %}{{ actor.name }}\n{% endfor %}")
    builds.template("site/said.txt.j2", "{% for actor in across.actors %}{{ actor.said | length }}\n{% endfor %}")
    builds.template("site/home.txt.j2", "{{ site.title }} {{ site.address('') }}")
    builds.template("beside.txt.j2", "{{ across.related('quay') | length }} {{ across.shelf('tags', 'dams') }}")
    builds()
    builds.check()
    builds.edit("dam", "Engineers", "Surveyors")
    builds()
    own = [name for name in builds.filled if name.endswith(".txt")]
    assert own == ["heads.txt", "said.txt"]
    assert "lake/beside.txt.j2" not in builds.filled
    builds("--title", "Dams")
    assert {"home.txt", "index.html", "dam/brief.html.j2"} <= set(builds.filled)
    assert not {"heads.txt", "names.txt", "said.txt", "dam/beside.txt.j2", "dam/brief.md.j2"} & set(builds.filled)
    builds.check("--title", "Dams")


def test_an_option_makes_what_reads_it(builds: Builds) -> None:
    builds("--title", "Dams")
    assert "dam/brief.html.j2" in builds.filled
    assert not [
        name for name in builds.filled if name.endswith(("brief.md.j2", "summary.txt.j2", "annotations.json.j2"))
    ]
    builds("--title", "Dams", *URL)
    assert {"feed.xml", "sitemap.xml", "dam/ninjs.json.j2"} <= set(builds.filled)
    assert not [name for name in builds.filled if name.endswith(("brief.md.j2", "summary.txt.j2"))]
    assert builds.parsed == 0
    builds.check("--title", "Dams", *URL)
    builds(*URL, "--evidence", "full")
    assert builds.parsed == 0
    builds.check(*URL, "--evidence", "full")


def test_the_last_good_brief_stays_in_the_lists_and_is_made_anew_with_the_site(builds: Builds) -> None:
    good = (builds.seeds / "dam.txt").read_text(encoding="utf-8")
    before = contents(builds.out)
    (builds.seeds / "dam.txt").write_text("Notes\n", encoding="utf-8")
    ended = builds(code=1)
    assert "dam.txt:1:6: only a headline" in ended.err
    assert contents(builds.out) == before
    builds("--title", "Dams", code=1)
    page = (builds.out / "dam/index.html").read_text(encoding="utf-8")
    assert ">Dams</a>" in page
    assert "dam/index.html" in (builds.out / "index.html").read_text(encoding="utf-8")
    shutil.rmtree(".briefs-cache")  # then its pages stay, and no list has it
    builds("--title", "More dams", code=1)
    assert (builds.out / "dam/index.html").read_text(encoding="utf-8") == page
    assert "dam/index.html" not in (builds.out / "index.html").read_text(encoding="utf-8")
    (builds.seeds / "dam.txt").write_text(good, encoding="utf-8")
    builds()
    builds.check()


def test_a_template_that_fails_for_a_brief_leaves_it_as_it_was(builds: Builds) -> None:
    before = contents(builds.out)
    builds.template("summary.txt.j2", "{{ 1 // (slug != 'dam') }}{{ page.summary }}")
    ended = builds("--title", "Dams", code=1)
    assert "dam.txt: " in ended.err
    assert "ZeroDivisionError" in ended.err
    after = contents(builds.out)
    assert {name for name in before if name.startswith("dam/") and before[name] != after[name]} == set()
    assert b"Dams</a>" in after["quay/index.html"]
    assert b"dam/index.html" in after["index.html"]
    (builds.mine / "summary.txt.j2").unlink()
    builds("--title", "Dams")
    builds.check("--title", "Dams")


def test_a_template_that_fails_for_all_changes_nothing_also_where_nothing_is_parsed(builds: Builds) -> None:
    before = contents(builds.out), (builds.out / ".briefs-plain.json").read_bytes()
    builds.template("summary.txt.j2", "{{ nope }}")
    ended = builds("--title", "Dams", code=1)
    assert ended.err == f"error: {builds.mine}/summary.txt.j2:1: 'nope' is undefined\n"
    assert (contents(builds.out), (builds.out / ".briefs-plain.json").read_bytes()) == before


def test_a_line_is_said_of_what_is_parsed_and_with_verbose_of_all(builds: Builds) -> None:
    builds.edit("dam", "Ruiz", "Reyes")
    lines = [line for line in builds().err.splitlines() if line.startswith("[")]
    assert lines == [f"[1/3] {builds.seeds}/dam.txt -> {builds.out}/dam"]
    builds.edit("dam", "Reyes", "Rey")
    lines = [line for line in builds("--verbose").err.splitlines() if line.startswith("[")]
    assert [line.partition("]")[0] for line in lines] == ["[1/3", "[2/3", "[3/3"]


def test_a_cache_that_is_taken_away_or_broken_while_it_is_needed_costs_time_and_nothing_else(builds: Builds) -> None:
    for path in Path(".briefs-cache").glob("??/*"):
        path.write_bytes(b"broken")
    builds("--title", "Dams")
    assert builds.parsed == 3
    builds.check("--title", "Dams")


def test_check_lists_what_would_change_and_writes_nothing(builds: Builds, call: Call) -> None:
    def state() -> dict[Path, tuple[int, bytes]]:
        found = [path for path in Path().rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in found}

    assert builds("--check") == (0, "", f"3 briefs, up to date: open {builds.out}/index.html\n")
    builds.edit("dam", "Ruiz", "Reyes")
    (builds.seeds / "quay.txt").unlink()
    (builds.seeds / "weir.txt").write_text(ARTICLE, encoding="utf-8")
    before = state()
    ended = builds("--check", code=1)
    assert state() == before
    listed = ended.out.splitlines()
    assert {f"+ {builds.out}/weir/index.html", f"~ {builds.out}/index.html", f"- {builds.out}/quay/index.html"} <= set(
        listed
    )
    assert ended.err.splitlines()[-1] == f"{len(listed)} files would change in {builds.out}"
    old = contents(builds.out)
    builds()
    new = contents(builds.out)
    told = {sign: {line[2:].removeprefix(f"{builds.out}/") for line in listed if line[0] == sign} for sign in "+~-"}
    assert told["+"] == new.keys() - old.keys()
    assert told["-"] == old.keys() - new.keys()
    assert told["~"] == {name for name in old.keys() & new.keys() if old[name] != new[name]}
    builds.check()


def test_check_of_a_folder_that_is_not_there_makes_none(builds: Builds, call: Call) -> None:
    ended = call("build", builds.seeds, "elsewhere", "--check")
    assert ended.code == 1
    assert "+ elsewhere/index.html" in ended.out.splitlines()
    assert not Path("elsewhere").exists()


def test_diff_shows_the_lines_and_patch_makes_the_site_of_them(builds: Builds, call: Call, tmp_path: Path) -> None:
    builds.edit("dam", "Ruiz", "Reyes")
    (builds.seeds / "quay.txt").unlink()
    (builds.seeds / "weir.txt").write_text(ARTICLE, encoding="utf-8")
    shutil.copytree(builds.out, tmp_path / "patched")
    ended = builds("--diff", code=1)
    assert re.search(r"^\+.*Ana Reyes", ended.out, re.MULTILINE)
    told = ended.out.replace(f"{builds.out}/", "")
    done = subprocess.run(["patch", "-p0", "-E", "-s"], input=told, cwd=tmp_path / "patched", text=True, check=False)
    assert done.returncode == 0
    builds()
    assert contents(tmp_path / "patched") == contents(builds.out)


def test_check_as_json_says_what_would_change_and_what_is_wrong(builds: Builds) -> None:
    (builds.seeds / "weir.txt").write_text("Notes\n", encoding="utf-8")
    builds.edit("dam", "Ruiz", "Reyes")
    told = json.loads(builds("--check", "--output-format", "json", code=1).out)
    assert {"file": f"{builds.out}/dam/index.html", "change": "changed"} in told["changes"]
    assert [fault["file"] for fault in told["failed"]] == [f"{builds.seeds}/weir.txt"]
    assert json.loads(builds("--check", "--strict", "--output-format", "json", code=1).out)["changes"] == []


def test_check_names_what_somebody_else_changed(builds: Builds) -> None:
    (builds.out / "index.html").write_text("mine", encoding="utf-8")
    ended = builds("--check", code=1)
    assert f"error: {builds.out}/index.html: not as a build left it" in ended.err
    assert f"~ {builds.out}/index.html\n" in builds("--check", "--force", code=1).out
    assert (builds.out / "index.html").read_text(encoding="utf-8") == "mine"


def test_with_search_check_and_build_agree_and_the_same_pages_are_not_indexed_again(
    builds: Builds, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pagefind", reason="needs pagefind: pip install 'briefs[search]'")
    made: list[int] = []
    index = briefs.site.make_index

    def making(pages):
        made.append(1)
        return index(pages)

    monkeypatch.setattr("briefs.site.make_index", making)
    builds("--search")
    builds.template("summary.txt.j2", "{{ page.headline }}")
    builds("--search")
    assert made == [1]
    builds.edit("dam", "Ruiz", "Reyes")
    listed = builds("--search", "--check", code=1).out.splitlines()
    old = contents(builds.out)
    builds("--search")
    new = contents(builds.out)
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    assert {line[2:].removeprefix(f"{builds.out}/") for line in listed} == changed
    builds.check("--search")
