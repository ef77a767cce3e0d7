"""A build for a generator writes its pages into its folders, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import made_briefs
import pytest
import yaml
from commands import ARTICLE, Outcome
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from test_site import contents, write_articles
from whole import assemble, render_files, render_site

from briefs.listing import Site
from briefs.rendering import find_outputs, find_targets
from briefs.schema import Brief

Call = Callable[..., Outcome]
TARGETS = find_targets()[1:]


class Page(SingleFileSnapshotExtension):
    """A Markdown file for each target."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


def pages(target: str, brief: Brief, templates: Path | None = None) -> dict[str, str]:
    """Return the files of a site of one brief and of one that is related to it."""
    site, across = assemble([("dam", brief), ("twin", brief)], Site("News", None))
    outputs = find_outputs(target, templates=templates)
    return dict([*render_files(site.entries[0], site, across, outputs), *render_site(site, across, outputs)])


def page(target: str, brief: Brief) -> str:
    return next(text for name, text in pages(target, brief).items() if name.endswith("dam.md"))


def front_matter(text: str) -> dict[str, object]:
    return yaml.safe_load(text.split("---\n")[1])


@pytest.mark.parametrize("target", TARGETS)
def test_the_page_of_a_brief_for(target: str, snapshot: SnapshotAssertion) -> None:
    """The page for each target is the file that was read and accepted."""
    assert page(target, made_briefs.typical()) == snapshot.use_extension(Page)


@pytest.mark.parametrize("target", sorted({*TARGETS} - {"pelican", "sphinx"}))
def test_dates_are_dates_and_texts_are_texts_in_front_matter(target: str) -> None:
    brief = made_briefs.typical()
    origin = brief.origin.model_copy(update={"published": "2026-02-16", "section": "No", "tags": ("1e3", "2026-01-01")})
    changed = brief.model_copy(
        update={"origin": origin, "headline": brief.headline.model_copy(update={"text": "'Yes': no"})}
    )
    told = front_matter(page(target, changed))
    assert told["date"] == date(2026, 2, 16)
    assert told.get("title", "'Yes': no") in {"'Yes': no", "&#39;Yes&#39;: no"}
    assert told.get("tags", told.get("keywords")) == ["1e3", "2026-01-01"]
    assert front_matter(page(target, brief))["date"] == datetime(2026, 2, 16, 18, 40, tzinfo=UTC)


@pytest.mark.parametrize("target", sorted({*TARGETS} - {"pelican"}))
def test_hostile_front_matter_is_one_mapping_of_lines(target: str) -> None:
    told = page(target, made_briefs.hostile())
    assert isinstance(front_matter(told), dict)
    assert told.startswith("---\n")


@pytest.mark.parametrize("target", ["astro", "eleventy", "hugo", "jekyll"])
def test_the_data_file_has_what_the_pages_show(target: str) -> None:
    brief = made_briefs.typical()
    (told,) = (json.loads(text) for name, text in pages(target, brief).items() if "data/briefs.json" in name)
    assert [each["slug"] for each in told] == ["dam", "twin"]
    assert told[0]["title"] == brief.headline.text
    assert {claim.certainty for claim in brief.claims} == {claim["certainty"] for claim in told[0]["claims"]}
    assert told[0]["date"] == "2026-02-16T18:40:00+00:00"


def test_a_build_for_a_generator_writes_its_pages_only(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "articles", "dam.txt", "index.txt")
    ended = call("build", seeds, tmp_path / "site", "--target", "hugo")
    assert ended.code == 0
    assert ended.err.splitlines()[-1] == f"2 briefs: pages for hugo in {tmp_path / 'site'}"
    names = set(contents(tmp_path / "site"))
    assert {"content/briefs/_index.md", "content/briefs/dam.md", "data/briefs.json"} < names
    assert "content/briefs/index.md" not in names  # it would be a page with all the others for its resources
    assert len(names) == 4
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")}
    assert call("build", seeds, tmp_path / "site", "--target", "hugo").code == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")} == before


def test_a_target_that_is_not_known_is_refused(call: Call, article: Path, tmp_path: Path) -> None:
    ended = call("build", article, tmp_path / "out", "--target", "hugoo")
    assert (ended.code, ended.out) == (2, "")
    assert "'hugoo' is none of plain, astro, eleventy, hugo" in " ".join(ended.err.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_templates_of_ones_own_change_a_target_and_make_another(tmp_path: Path) -> None:
    (tmp_path / "targets/hugo/content/briefs").mkdir(parents=True)
    (tmp_path / "targets/hugo/content/briefs/SLUG.md.j2").write_text("{{ page.headline }}", encoding="utf-8")
    (tmp_path / "targets/wiki/DATE").mkdir(parents=True)
    (tmp_path / "targets/wiki/DATE/SLUG.wiki.j2").write_text("= {{ page.headline }} =", encoding="utf-8")
    brief = made_briefs.typical()
    assert pages("hugo", brief, tmp_path)["content/briefs/dam.md"] == brief.headline.text + "\n"
    assert pages("wiki", brief, tmp_path) == {"2026-02-16/dam.wiki": f"= {brief.headline.text} =\n"}
    assert find_targets(tmp_path)[-1:] == ("zensical",)
    assert "wiki" in find_targets(tmp_path)


def test_an_article_among_the_pages_is_never_written_over(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "content/briefs", "a.txt")
    (seeds / "b.md").write_text(f"# {ARTICLE}", encoding="utf-8")
    before = contents(tmp_path)
    ended = call("build", seeds, tmp_path, "--target", "hugo")
    assert (ended.code, contents(tmp_path)) == (1, before)
    assert "b.md: a brief would be written over this seed" in ended.err


def test_search_is_for_a_site_by_itself(call: Call, article: Path, tmp_path: Path) -> None:
    ended = call("build", article, tmp_path / "out", "--target", "hugo", "--search")
    assert ended.code == 2
    assert "is for a site by itself, not for hugo" in " ".join(ended.err.replace("│", " ").split())
