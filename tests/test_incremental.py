"""A build renders what has changed, and no more; `--check` and `--diff` say what it would do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from commands import ARTICLE
from test_site import write_articles
from trusted import Call, check_healed, tree

# Templates are code: these note in a file that they are rendered, and for what.
NOTE = "{%% set os = cycler.__init__.__globals__.os %%}{%% set file = os.open('LOG', FLAGS) %%}"
NOTE += "{%% set _ = os.write(file, (%s ~ '\\n').encode()) %%}{%% set _ = os.close(file) %%}"
NOTE = NOTE.replace("FLAGS", str(os.O_APPEND | os.O_CREAT | os.O_WRONLY))
TEMPLATES = {
    "summary.txt.j2": NOTE % "'summary ' ~ slug" + "{{ page.summary }}",
    "titled.txt.j2": NOTE % "'titled ' ~ slug" + "{{ site.title }} {% include 'partials/mine.txt.j2' ignore missing %}",
    "site/names.txt.j2": NOTE % "'names'" + "{% for entry in site.entries %}{{ entry.slug }}\n{% endfor %}",
}


class Project:
    """Articles, templates that note when they are rendered, and a site of both."""

    def __init__(self, folder: Path, call: Call) -> None:
        self.seeds = write_articles(folder / "seeds", "dam.txt", "lake.txt", "mill.txt")
        self.mine, self.out, self._log, self._call = folder / "mine", folder / "out", folder / "log", call
        self.asked = ("--templates", self.mine, "--use-cache", "--cache", folder / "cache", "-q")
        for name, text in TEMPLATES.items():
            self.put(name, text.replace("LOG", str(self._log)))
        self.build()

    def put(self, name: str, text: str) -> None:
        path = self.mine / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self, *options: str) -> set[str]:
        """Build; return what was rendered, and check that the site is as if all had been."""
        self._log.write_bytes(b"")
        assert self._call("build", self.seeds, self.out, *self.asked, *options) == (0, "", "")
        rendered = set(self._log.read_text(encoding="utf-8").split("\n")) - {""}
        check_healed(self._call, self.seeds, self.out, *self.asked, *options)
        return rendered


@pytest.fixture
def project(call: Call, tmp_path: Path) -> Project:
    return Project(tmp_path, call)


def test_of_an_article_that_changed_its_brief_is_rendered_and_the_shared_pages_that_it_is_on(project: Project) -> None:
    (project.seeds / "lake.txt").write_text(ARTICLE.replace("Ruiz", "Lund"), encoding="utf-8")
    assert project.build() == {"summary lake", "titled lake", "names"}


def test_of_a_template_that_changed_what_uses_it_is_rendered(project: Project) -> None:
    project.put("more.txt.j2", "one")
    assert project.build() == set()
    project.put("partials/mine.txt.j2", "two")  # which was missing
    assert project.build() == {"titled dam", "titled lake", "titled mill"}
    project.put("partials/mine.txt.j2", "three")
    assert project.build() == {"titled dam", "titled lake", "titled mill"}
    (project.mine / "partials/mine.txt.j2").unlink()
    assert project.build() == {"titled dam", "titled lake", "titled mill"}


def test_of_an_option_that_changed_what_reads_it_is_rendered(project: Project) -> None:
    assert project.build("--title", "Dams") == {"titled dam", "titled lake", "titled mill"}


def test_check_lists_what_would_change_and_writes_nothing(project: Project, call: Call) -> None:
    asked = ("build", project.seeds, project.out, *project.asked)
    before = tree(project.out)
    assert call(*asked, "--check") == (0, "", "")
    (project.seeds / "lake.txt").unlink()
    write_articles(project.seeds, "quay.txt")
    ended = call(*asked, "--check")
    assert ended.code == 1
    lines = (ended.out + ended.err).splitlines()
    assert {"+ quay/index.html", "- lake/index.html", "~ index.html"} <= {
        line.replace(f"{project.out}/", "") for line in lines
    }
    assert tree(project.out) == before
    assert call(*asked) == (0, "", "")
    assert call(*asked, "--check") == (0, "", "")


def test_diff_shows_it(project: Project, call: Call) -> None:
    asked = ("build", project.seeds, project.out, *project.asked)
    before = tree(project.out)
    (project.seeds / "lake.txt").write_text(ARTICLE.replace("Ruiz", "Lund"), encoding="utf-8")
    ended = call(*asked, "--diff")
    assert ended.code == 1
    shown = (ended.out + ended.err).splitlines()
    assert any(line.startswith("-") and "Ana Ruiz" in line for line in shown)
    assert any(line.startswith("+") and "Ana Lund" in line for line in shown)
    assert tree(project.out) == before


def test_the_last_good_brief_stays_in_the_lists_as_long_as_the_cache_has_it(project: Project, call: Call) -> None:
    asked = ("build", project.seeds, project.out, *project.asked)
    before = tree(project.out)
    (project.seeds / "lake.txt").write_text("Notes\n", encoding="utf-8")
    for _ in range(2):
        assert call(*asked).code == 1
        after = tree(project.out)
        assert {name for name in before if before[name] != after.get(name, b"-")} <= {".briefs-plain.json"}
