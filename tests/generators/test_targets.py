"""Each target is what its generator builds: strictly, with every word of the briefs, and nothing of them as markup."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import html5lib
import made_briefs
import pytest
from commands import ROOT
from parsed_seeds import STEMS, parsed_seed
from whole import assemble, render_files, render_site

from briefs.listing import Site
from briefs.rendering import find_outputs, find_targets
from briefs.schema import Brief
from briefs.view import Page, view

HERE = Path(__file__).parent
NODE_MODULES = ROOT / "tests/node/node_modules"
TITLE = "News {{ 7 * 7 }} {% x %} <b>now</b>"
BRIEFS: dict[str, Brief] = {
    "typical": made_briefs.typical(),
    "twin": made_briefs.typical(),
    "tiny": made_briefs.tiny(),
    "large": made_briefs.large(),
    "hostile": made_briefs.hostile(),
    "right-to-left": made_briefs.right_to_left(),
    **{stem: parsed_seed(stem)[1] for stem in STEMS},
}


class Generator(NamedTuple):
    """A generator: its program, how it is asked to be strict, and where it puts the page of a brief."""

    target: str
    program: str
    source: str
    arguments: str
    page: str


GENERATORS = {
    "hugo": Generator(
        "hugo", "hugo", "make generators", "build --panicOnWarning --printPathWarnings -d built", "briefs/{}/"
    ),
    "jekyll": Generator("jekyll", "jekyll", "Debian's jekyll", "build --strict_front_matter -d built", "**/{}.html"),
    "eleventy": Generator("eleventy", "eleventy", "npm ci in tests/node", "--output built", "briefs/{}/"),
    "astro": Generator("astro", "astro", "npm ci in tests/node", "build --outDir built", "briefs/{}/"),
    "mkdocs": Generator("mkdocs", "mkdocs", "make generators", "build --strict -d built", "briefs/**/{}/"),
    "mkdocs-alone": Generator("mkdocs", "mkdocs", "make generators", "build --strict -d built", "briefs/posts/{}/"),
    "zensical": Generator("zensical", "zensical", "make generators", "build --strict", "briefs/{}/"),
    "pelican": Generator("pelican", "pelican", "make generators", "--fatal warnings -o built", "{}.html"),
    "sphinx": Generator("sphinx", "sphinx-build", "make generators", "-n -W --keep-going -q . built", "briefs/{}.html"),
}


class Built(NamedTuple):
    """What a generator made: the folder, and where it has the page of a brief."""

    name: str
    folder: Path
    page: str

    def read(self, slug: str) -> str:
        pattern = self.page.format(slug)
        (path,) = self.folder.glob(f"{pattern}index.html" if pattern.endswith("/") else pattern)
        return path.read_text(encoding="utf-8")


def find_program(generator: Generator) -> str:
    """Return the path of a generator; skip where it is not there, but never in continuous integration."""
    places = (Path(sys.executable).parent, NODE_MODULES / ".bin")
    found = shutil.which(generator.program, path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    if found is None and not os.environ.get("CI"):
        pytest.skip(f"no {generator.program}: needs {generator.source}")
    assert found, generator.program
    return found


@pytest.fixture(scope="module", params=GENERATORS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Return what each generator builds from briefs of every kind."""
    generator = GENERATORS[request.param]
    program = find_program(generator)
    folder = tmp_path_factory.mktemp("site") / "project"
    shutil.copytree(HERE / request.param, folder)
    if "node_modules" in program:
        (folder / "node_modules").symlink_to(NODE_MODULES)
    site, across = assemble(BRIEFS.items(), Site(TITLE, None, made="2026-01-01T00:00:00Z"))
    outputs = find_outputs(generator.target)
    files = [file for entry in site.entries for file in render_files(entry, site, across, outputs)]
    for name, text in [*files, *render_site(site, across, outputs)]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    ended = subprocess.run(
        [program, *generator.arguments.split()],
        cwd=folder,
        env=os.environ | {"ASTRO_TELEMETRY_DISABLED": "1", "NO_MKDOCS_2_WARNING": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    (out,) = (path for name in ("built", "site") if (path := folder / name).is_dir())
    return Built(request.param, out, generator.page)


def letters(text: str) -> str:
    """Return a text without what typographers change: spaces, quotation marks, dashes, dots and backslashes."""
    return re.sub(r"[\s\"'“”‘’«».…–—\\-]", "", text)


def shown(page: str) -> str:
    """Return what a page shows."""
    body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    for parent in list(body.iter()):
        for child in list(parent):
            if child.tag in {"script", "style", "template"}:
                child.text = ""
    return letters("".join(body.itertext()))


def words(page: Page) -> list[str]:
    said = [text for voice in page.voices for each in voice.said for text in (each.by, each.text)]
    lines = [line.text for line in (*page.lede, *page.context, *page.outlook)]
    return [page.headline, page.dek, page.publisher, *(figure.name for figure in page.cast + page.also), *said, *lines]


@pytest.mark.parametrize("slug", BRIEFS)
def test_every_word_of_a_brief_is_in_the_page_that_its_generator_builds(built: Built, slug: str) -> None:
    found = shown(built.read(slug))
    assert [text for text in words(view(BRIEFS[slug])) if letters(text) not in found] == []


def test_nothing_of_an_article_is_markup_in_what_a_generator_builds(built: Built) -> None:
    pages = sorted(built.folder.rglob("*.html"))
    assert len(pages) > len(BRIEFS)
    for path in pages:
        for element in html5lib.parse(path.read_bytes(), namespaceHTMLElements=False).iter():
            if not isinstance(element.tag, str):
                continue  # a comment
            names = set(element.keys())
            assert not {name for name in names if name.startswith("on")} | (names & {"autofocus"}), path
            addresses = [element.get(name) or "" for name in ("href", "src", "action")]
            assert not [address for address in addresses if address.lower().startswith("javascript:")], path
            assert element.get("src", "") not in {"x", "https://evil.example/x.png"}, path
            assert element.tag not in {"script", "style"} or "alert(" not in (element.text or ""), path


def test_the_date_of_an_article_is_that_of_its_page(built: Built) -> None:
    told = built.read("typical") + "".join(
        path.read_text(encoding="utf-8") for path in built.folder.glob("**/index.html")
    )
    assert re.search(r"2026-02-16|16 February 2026|February 16, 2026|Feb 16, 2026", told)


def test_the_settings_that_the_docs_give_are_those_that_are_built_here() -> None:
    text = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")
    sections = re.findall(r"^### (\w+)\n((?s:.*?))(?=^##|\Z)", text, re.MULTILINE)
    blocks = [
        (name.lower(), *block)
        for name, section in sections
        for block in re.findall(r"^```\w+\n(?:#|//) (\S+)\n((?s:.*?))^```$", section, re.MULTILINE)
    ]
    assert len(blocks) >= 5
    for name, file, block in blocks:
        used = (HERE / name / file).read_text(encoding="utf-8").splitlines()
        assert [line for line in block.splitlines() if line not in used] == [], file


def test_every_target_that_ships_is_built_here() -> None:
    assert {generator.target for generator in GENERATORS.values()} == {*find_targets()} - {"plain"}
