"""A build with `--search` lets readers find briefs by their words; one without it says nothing of search."""

from __future__ import annotations

import base64
import gzip
import json
import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from commands import ARTICLE, Outcome, run

Call = Callable[..., Outcome]
FERRY = (
    "---\ntitle: Ferry to Isk resumes\ndate: 2026-02-17\nauthor: Ida Crewe\npublisher: Meridian Press\nsection: Travel\n"
    "tags: [Ferries, Winter]\n---\n\n"
    "The ferry to Isk resumed on Monday, the harbor master, Tom Ray, said. “We are glad,” Ray told reporters.\n\n"
    "It had been out of service since a storm in January. Pilots may go on strike next week.\n"
)
ERROR = base64.b64encode(b'{"payload":{"type":"Error","message":"the index is full"}}').decode()
needs_pagefind = pytest.mark.skipif(
    find_spec("pagefind") is None, reason="needs pagefind: pip install 'briefs[search]'"
)


def write_seeds(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "dam.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "ferry.md").write_text(FERRY, encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, by its path there."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def read_indexed(out: Path) -> dict[str, dict[str, Any]]:
    """Return what the index knows of each page, by its address."""
    packed = [gzip.decompress(path.read_bytes()) for path in (out / "pagefind/fragment").iterdir()]
    found = [json.loads(text.removeprefix(b"pagefind_dcd")) for text in packed]
    return {page["url"]: page for page in found}


def write_program(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_seeds(tmp_path_factory.mktemp("search") / "seeds")


@pytest.fixture(scope="module")
def out(seeds: Path) -> Path:
    """Return the site of two articles, built with search."""
    ended = run("build", seeds, seeds.parent / "out", "--search", "--quiet")
    assert ended == (0, "", "")
    return seeds.parent / "out"


@needs_pagefind
def test_a_build_with_search_says_no_more_than_one_without(call: Call, seeds: Path, tmp_path: Path) -> None:
    assert call("build", seeds, tmp_path, "--search") == call("build", seeds, tmp_path)


@needs_pagefind
def test_the_list_leads_to_a_page_of_search_with_all_that_it_loads(out: Path) -> None:
    assert '<a href="search.html">Search</a>' in (out / "index.html").read_text(encoding="utf-8")
    page = (out / "search.html").read_text(encoding="utf-8")
    for name in ("style.css", "search.css", "pagefind/pagefind-component-ui.css", "pagefind/pagefind-component-ui.js"):
        assert f'"{name}"' in page
        assert (out / name).is_file()
    assert '<p>Search needs JavaScript. All briefs are also listed by month: <a href="archive/' in page


@needs_pagefind
def test_the_index_has_the_words_of_the_briefs_and_of_no_other_page(out: Path) -> None:
    indexed = read_indexed(out)
    assert set(indexed) == {"/dam/", "/ferry/"}
    assert "The dam above Selmoor will hold" in indexed["/dam/"]["content"]
    assert "since a storm in January" in indexed["/ferry/"]["content"]


@needs_pagefind
def test_what_is_not_of_the_article_is_not_indexed(out: Path) -> None:
    for page in read_indexed(out).values():
        ours = (
            "All briefs",
            "What they say",
            "Stated",
            "quoted",
            "How it was made",
            "tagger",
            "organization",
            "Publisher",
        )
        assert [text for text in ours if text in page["content"]] == []


@needs_pagefind
def test_what_is_known_of_an_article_is_found_and_shown(out: Path) -> None:
    indexed = read_indexed(out)
    assert indexed["/dam/"]["meta"] == {"title": "Dam above Selmoor holds"}
    assert indexed["/ferry/"]["meta"] == {
        "title": "Ferry to Isk resumes",
        "date": "17 February 2026",
        "publisher": "Meridian Press",
        "author": "Ida Crewe",
        "section": "Travel",
        "keywords": "Ferries, Winter",
    }


@needs_pagefind
def test_the_index_has_the_same_bytes_whatever_stands_around_it(out: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/ferry.md").write_text(FERRY, encoding="utf-8")
    (tmp_path / "there/dam.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "pagefind.yml").write_text("exclude_selectors: [p]\n", encoding="utf-8")
    (tmp_path / "out/other").mkdir(parents=True)
    (tmp_path / "out/other/index.html").write_text("<html><body data-pagefind-body>Some other page", encoding="utf-8")
    ended = run("build", "there", "out", "--search", "-q", cwd=tmp_path, PAGEFIND_SITE="there", RAYON_NUM_THREADS="1")
    assert ended == (0, "", "")
    assert contents(tmp_path / "out") == contents(out) | {
        "other/index.html": b"<html><body data-pagefind-body>Some other page"
    }


@needs_pagefind
def test_a_second_build_touches_no_file_of_the_index(call: Call, seeds: Path, tmp_path: Path) -> None:
    call("build", seeds, tmp_path, "--search")
    before = {path: path.stat() for path in tmp_path.rglob("*")}
    assert call("build", seeds, tmp_path, "--search").code == 0
    after = {path: path.stat() for path in tmp_path.rglob("*")}
    assert {p: (s.st_mtime_ns, s.st_ino) for p, s in after.items()} == {
        p: (s.st_mtime_ns, s.st_ino) for p, s in before.items()
    }


@needs_pagefind
def test_a_build_leaves_nothing_of_an_older_index(call: Call, tmp_path: Path) -> None:
    seeds = write_seeds(tmp_path / "seeds")
    call("build", seeds, tmp_path / "out", "--search")
    (tmp_path / "out/pagefind/.briefs-killed.tmp").write_bytes(b"half a file")
    (seeds / "ferry.md").unlink()
    call("build", seeds, tmp_path / "out", "--search")
    call("build", seeds, tmp_path / "fresh", "--search")
    assert contents(tmp_path / "out/pagefind") == contents(tmp_path / "fresh/pagefind")
    assert set(read_indexed(tmp_path / "out")) == {"/dam/"}


@needs_pagefind
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("echo 'no room' >&2", "echo 'left' >&2", "exit 1"), "pagefind: no room left"),
        (("exit 0",), "pagefind: ended without a word"),
        ((f"printf '{ERROR},'", "cat"), "pagefind: the index is full"),
        (("printf 'what?,'", "cat"), "pagefind: cannot be understood; expected version 1.5 or a newer one"),
    ],
)
def test_where_pagefind_fails_the_build_says_so_and_the_old_index_stays(
    lines: tuple[str, ...], said: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = write_seeds(tmp_path / "seeds")
    call("build", seeds, tmp_path / "out", "--search")
    before = contents(tmp_path / "out/pagefind")
    (seeds / "ferry.md").unlink()
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(write_program(tmp_path / "pagefind", *lines)))
    ended = call("build", seeds, tmp_path / "out", "--search", "-q")
    assert ended.code == 1
    assert ended.err.startswith(f"error: {said}")
    assert ended.err.count("\n") == 1
    assert contents(tmp_path / "out/pagefind") == before


@needs_pagefind
def test_an_index_that_cannot_be_written_is_an_error(call: Call, seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "pagefind").write_bytes(b"")
    ended = call("build", seeds, tmp_path, "--search", "-q")
    assert ended.code == 1
    assert re.fullmatch(rf"error: {tmp_path}/pagefind/\S+: cannot be written: not a directory\n", ended.err)


def test_without_pagefind_the_build_says_what_to_install_before_it_reads_anything(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pagefind.service", None)
    ended = call("build", tmp_path / "none", tmp_path / "out", "--search")
    assert ended == (2, "", "error: --search needs pagefind: pip install 'briefs[search]'\n")
    assert not (tmp_path / "out").exists()


@needs_pagefind
def test_a_program_that_is_not_there_counts_as_missing(
    call: Call, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(tmp_path / "nowhere"))
    ended = call("build", seeds, tmp_path / "out", "--search")
    assert ended == (2, "", "error: --search needs pagefind: pip install 'briefs[search]'\n")


@needs_pagefind
def test_a_program_that_cannot_be_run_is_an_error(
    call: Call, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = write_program(tmp_path / "pagefind")
    program.chmod(0o644)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(program))
    ended = call("build", seeds, tmp_path / "out", "--search", "-q")
    assert (ended.code, ended.err) == (1, f"error: {program}: cannot be used: permission denied\n")


def test_without_search_no_file_has_anything_to_do_with_it(call: Call, seeds: Path, tmp_path: Path) -> None:
    call("build", seeds, tmp_path)
    made = {name: content for name, content in contents(tmp_path).items() if name != ".briefs-plain.json"}
    assert [name for name, content in made.items() if b"search" in content or b"pagefind" in content] == []


def test_no_brief_takes_the_folder_of_the_index(call: Call, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for name in ("pagefind", "search"):
        (tmp_path / f"seeds/{name}.txt").write_text(ARTICLE, encoding="utf-8")
    call("build", tmp_path / "seeds", tmp_path / "out")
    assert not (tmp_path / "out/pagefind").exists()
    assert {path.parent.name[:9] for path in tmp_path.glob("out/*/brief.json")} == {"pagefind-", "search"}
