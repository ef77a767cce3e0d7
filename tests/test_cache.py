"""No article goes through the model twice, and nobody sees whether it did."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import ARTICLE, ROOT, Outcome
from test_site import contents, write_articles

import briefs.parsing
from briefs.cache import MOST_BYTES, Cache, key_of
from briefs.errors import BuildError

Call = Callable[..., Outcome]
Builds = Callable[..., list[str]]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Return a folder with articles in files of their own and in files of several, and one that fails."""
    folder = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt")
    for name in ("atom.xml", "quay.jsonl", "quay.html"):
        shutil.copy(ROOT / "tests/forms" / name, folder)
    (folder / "notes.txt").write_text("Notes\n", encoding="utf-8")
    return folder


@pytest.fixture
def build(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builds:
    """Return a function that builds with a cache and gives the headlines of the articles that went through the model."""
    monkeypatch.setenv("BRIEFS_NO_CACHE", "0")
    monkeypatch.chdir(tmp_path)
    parse = briefs.parsing.parse
    parsed: list[str] = []

    def watched(article, **options):
        parsed.append(article.headline.of(article.text))
        return parse(article, **options)

    monkeypatch.setattr(briefs.parsing, "parse", watched)

    def run(*arguments: object) -> list[str]:
        parsed.clear()
        call("build", "seeds", *arguments, "--jobs", 1)
        return list(parsed)

    return run


def test_what_was_parsed_before_is_not_parsed_again_and_the_site_is_the_same(
    build: Builds, seeds: Path, call: Call, tmp_path: Path
) -> None:
    assert len(build("a")) >= 5
    assert build("b") == []
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert (tmp_path / "a/.briefs-plain.json").read_bytes() == (tmp_path / "b/.briefs-plain.json").read_bytes()
    assert call("build", seeds, "c", "--no-cache").code == 1
    assert contents(tmp_path / "c") == contents(tmp_path / "a")


@pytest.mark.parametrize(
    "option", [("--title", "Dams"), ("--evidence", "full"), ("--target", "hugo"), ("--templates", "mine")]
)
def test_options_of_pages_have_nothing_parsed_again(
    option: tuple[str, ...], build: Builds, seeds: Path, call: Call, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    build("a")
    assert build("b", *option) == []
    call("build", seeds, "c", *option, "--no-cache")
    assert contents(tmp_path / "b") == contents(tmp_path / "c")


def test_only_what_changed_is_parsed(build: Builds, seeds: Path) -> None:
    build("a")
    (seeds / "lake.txt").write_text(ARTICLE.replace("holds", "gives way"), encoding="utf-8")
    assert build("a") == ["Dam above Selmoor gives way"]
    (seeds / "dam.txt").rename(seeds / "dyke.txt")  # the name of a seed stands in its brief
    assert build("a") == ["Dam above Selmoor holds dam.txt"]


def test_options_of_reading_have_all_parsed_again(build: Builds, seeds: Path) -> None:
    assert len(build("a", "--language", "any")) == 6
    again = build("a", "--max-bytes", 9_000_000)
    assert len(again) == 3  # articles of feeds and records are told by what was read, and that is the same
    assert {path.stem for path in seeds.iterdir()} >= {"dam", "lake", "quay"}


@pytest.mark.parametrize("content", [b"", b"half", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_cannot_be_read_counts_for_nothing(content: bytes, build: Builds, seeds: Path, tmp_path: Path) -> None:
    count = len(build("a"))
    for path in (tmp_path / ".briefs-cache").glob("??/*"):
        path.write_bytes(content)
    assert len(build("b")) == count
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert build("c") == []
    assert seeds.is_dir()


def test_workers_keep_what_they_parsed(build: Builds, call: Call, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "seeds", *(f"{number:02}.txt" for number in range(12)))
    assert call("build", folder, "a", "--jobs", 2).code == 0
    assert build("b") == []
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    (folder / "05.txt").write_text(ARTICLE, encoding="utf-8")
    assert call("build", folder, "b", "--jobs", 2).code == 0
    assert call("build", folder, "c", "--no-cache", "--jobs", 1).code == 0
    assert contents(tmp_path / "b") == contents(tmp_path / "c")


def test_the_cache_is_marked_as_one_and_may_be_deleted(build: Builds, seeds: Path, tmp_path: Path) -> None:
    count = len(build("a"))
    cache = tmp_path / ".briefs-cache"
    assert (cache / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    status = subprocess.run(
        ["git", "-C", tmp_path, "status", "--porcelain"], capture_output=True, text=True, check=True
    )
    assert ".briefs-cache" not in status.stdout
    shutil.rmtree(cache)
    assert len(build("b")) == count
    assert seeds.is_dir()


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.make()
    keys = [key_of(str(number)) for number in range(6)]
    for age, key in enumerate(keys):
        cache.keep(key, [])
        (path,) = tmp_path.glob(f"{key[:2]}/{key[2:]}")
        path.write_bytes(b"x" * 100)
        os.utime(path, (age, age))
    cache.tidy([], new=6, most=250)
    assert [bool(list(tmp_path.glob(f"{key[:2]}/{key[2:]}"))) for key in keys] == [False] * 4 + [True] * 2
    assert MOST_BYTES >= 100_000_000


def test_what_few_new_articles_add_is_tidied_once_a_day(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.make()
    keys = [key_of(str(number)) for number in range(3)]
    for key in keys:
        cache.keep(key, [])
    paths = [tmp_path / key[:2] / key[2:] for key in keys]
    for path in paths:
        os.utime(path, (1, 1))
    cache.tidy(keys[:1], new=3)  # the first time: what is used is noted
    assert [path.stat().st_mtime > 1 for path in paths] == [True, False, False]
    cache.tidy([], new=3, most=0)
    assert all(path.exists() for path in paths)
    os.utime(tmp_path / ".tidied", (1, 1))
    size = paths[0].stat().st_size
    cache.tidy([], new=3, most=size)
    assert [path.exists() for path in paths] == [True, False, False]


def test_a_folder_that_cannot_be_made_is_an_error(call: Call, article: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BuildError, match="expected room for what is parsed, see --cache"):
        Cache(tmp_path / "file/cache").make()
    ended = call("build", article, tmp_path / "out", "--use-cache", "--cache", tmp_path / "file/cache")
    assert ended.code == 1
    assert "expected room for what is parsed, see --cache" in ended.err
