"""What the documents say can be done as they say it."""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from commands import ARTICLE, ROOT, environment, run

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
# Commands that are not run here, by how they begin, and why.
SET_UP = {
    "hugo ": "test_targets.py builds with it, as with those below",
    "bundle ": "needs the network",
    "mkdocs ": "as hugo",
    "npx ": "as hugo",
    "pelican ": "as hugo",
    "sphinx-build ": "as hugo",
    "zensical ": "as hugo",
    "make ": "runs this very suite, or a build with it; test_install.py has what each target does",
    "pip install ": "needs the network; test_install.py installs the wheel",
    "git clone ": "needs the network",
    "briefs serve": "never ends; test_serve.py ends it",
    "briefs fetch ": "needs the network; test_fetching.py fetches from a server of its own",
    "python -m venv ": "set-up of the reader's own",
    "python -m training.": "needs the corpora",
    "python -m benchmarks.": "takes minutes",
}


class Block(NamedTuple):
    """A fenced block of a document."""

    document: str
    language: str
    text: str


def read_blocks(path: Path) -> list[Block]:
    found = re.findall(r"^```(\S*).*\n((?s:.*?))^```$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [Block(path.name, language, text) for language, text in found]


BLOCKS = [block for path in DOCUMENTS for block in read_blocks(path)]


def of_language(*languages: str) -> pytest.MarkDecorator:
    chosen = [block for block in BLOCKS if block.language in languages]
    return pytest.mark.parametrize("block", chosen, ids=[f"{b.document}: {b.text.splitlines()[0]}" for b in chosen])


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return, for each block, a folder with what it takes for given: an article, folders of articles, `briefs` on the path."""
    path = tmp_path_factory.mktemp("reader")
    (path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    for name in ("articles", "seeds"):
        (path / name).mkdir()
        (path / name / "dam.txt").write_text(ARTICLE, encoding="utf-8")
    (path / "seeds/notes.txt").write_text("Notes\n", encoding="utf-8")
    shutil.copy(ROOT / "tests/forms/atom.xml", path / "feed.xml")
    record = {"kop": "Dam holds", "tekst": ARTICLE.split("\n\n", 1)[1]}
    (path / "wire.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    for name in ("reservoir-flood", "openai-scale-ai"):
        shutil.copy(ROOT / f"seeds/{name}.txt", path / "seeds")
    return path


def do(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environment(PATH=path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@of_language("sh")
def test_every_command_works(block: Block, folder: Path) -> None:
    for line in block.text.splitlines():
        if line and not line.startswith(("#", *SET_UP)):
            ended = do(line, folder)
            assert (ended.returncode, ended.stderr.count("error")) == (0, 0), f"{line}\n{ended.stderr}"


@of_language("console")
def test_every_command_prints_what_is_shown(block: Block, folder: Path) -> None:
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        if not command.startswith(tuple(SET_UP)):
            ended = do(command, folder)
            pattern = "(?:.*\n)*?".join(map(re.escape, shown.split("...\n")))  # as a line, ... stands for any lines
            printed = ended.stdout + ended.stderr
            assert re.fullmatch(pattern, printed) is not None, f"{command} prints now:\n{printed}"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with tables of the seeds, and of what cannot be read."""
    path = tmp_path_factory.mktemp("archive")
    (path / "notes.txt").write_text("Notes\n", encoding="utf-8")
    ended = run("batch", ROOT / "seeds", path / "notes.txt", "--into", path / "tables", PYTHONWARNINGS="")
    assert ended.code == 0, ended.err
    return path


@of_language("sql")
def test_every_query_finds_something(block: Block, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(archive)
    found = duckdb.sql(block.text)
    rows = found.fetchall() if found is not None else duckdb.sql("SELECT * FROM 'february.parquet'").fetchall()
    assert len(rows) >= 1


@of_language("python", "pycon")
def test_every_python_block_is_true(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import briefs

    monkeypatch.chdir(folder)
    if ">>>" not in block.text:
        exec(compile(block.text, block.document, "exec"), {})
        return
    test = doctest.DocTestParser().get_doctest(block.text, {"briefs": briefs}, block.document, block.document, 0)
    report: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert result.attempted
    assert not result.failed, "".join(report)


@pytest.mark.parametrize(
    "command", ["", "show", "build", "serve", "check", "inspect", "schema", "clean", "fetch", "batch", "config", "init"]
)
def test_every_command_and_option_is_documented(command: str) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    listed = run(*command.split(), "--help").out
    options = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*(?=[\s,])", listed.partition("\nOptions:")[2]))
    assert "--help" in options
    assert [option for option in sorted(options) if not re.search(rf"(?<![\w-]){option}(?![\w-])", text)] == []
    assert f"briefs {command}".strip() in text


def test_every_block_has_a_language_that_is_known_here() -> None:
    known = {
        "sh",
        "console",
        "python",
        "pycon",
        "jinja",
        "json",
        "yaml",
        "html",
        "text",
        "toml",
        "css",
        "nginx",
        "js",
        "ts",
        "sql",
        "",
    }
    assert {block.language for block in BLOCKS} <= known
    commands = ("$ ", "briefs ", "pip ", "make ")
    assert [b for b in BLOCKS if b.language in ("", "text") and b.text.startswith(commands)] == []


def test_every_link_and_file_that_the_readme_names_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    named = re.findall(r"`((?:docs|templates|tests|seeds)/[^`\s]*)`", text)
    assert [name for name in (*links, *named) if not (ROOT / name).exists()] == []


def test_the_readme_opens_with_the_two_commands() -> None:
    first = next(block for block in BLOCKS if block.document == "README.md")
    assert [line.split("#")[0].strip() for line in first.text.splitlines()] == ["make build", "make test"]
