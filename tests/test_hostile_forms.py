"""Whatever a file holds, it becomes articles or one clear error, in little time and memory."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from commands import ROOT, Outcome, environment
from hostile import CASES, PROSE
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.errors import SeedError
from briefs.readers import ReadOptions, read_articles
from briefs.readers.forms import SUFFIXES
from briefs.schema import Article

LONGEST = 8.0  # seconds of processor time for a case; on a quick machine none takes three
SLUGS = (
    "../../etc/passwd",
    "CON",
    "x" * 300,
    "🌊🌊",
    "سد يصمد",
    "a/b\\c:d*?",
    "..",
    "-",
    "https://x.example/..%2f..%2fetc",
)
Call = Callable[..., Outcome]


class Fate(NamedTuple):
    """What became of a case: how long it took, whether a file of this machine came out, and what was read or the error."""

    seconds: float
    leaks: str
    what: str


@cache
def fates() -> dict[str, Fate]:
    """Read all cases in a process that may have three gigabytes of memory, and return what became of each."""
    ended = subprocess.run(
        [sys.executable, ROOT / "tests/hostile.py"],
        env=environment(PYTHONPATH=f"{ROOT}:{ROOT / 'tests'}"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    rows = [line.split("\t") for line in ended.stdout.splitlines()]
    return {name: Fate(float(seconds), leaks, what) for name, seconds, _, leaks, what in rows}


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_an_article_or_a_clear_error_in_little_time(name: str) -> None:
    fate = fates()[name]
    assert re.match(rf"{re.escape(name)}:\d+:\d+: .+; expected .+|an article of \d+", fate.what)
    assert fate.seconds < LONGEST
    assert not fate.leaks


def test_a_slug_stays_in_its_folder_whatever_the_article_is_called(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "in" / "a.jsonl"
    path.parent.mkdir()
    records = [{"id": slug, "title": f"Dam holds {number}", "text": PROSE} for number, slug in enumerate(SLUGS)]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert call("build", path, tmp_path / "out").code == 0
    assert {entry.name for entry in tmp_path.iterdir()} == {"in", "out"}
    folders = {entry.parent.name for entry in (tmp_path / "out").glob("*/brief.json")}
    assert len(folders) == len(SLUGS)
    assert all(re.fullmatch(r"[a-z0-9-]{1,89}", name) for name in folders)
    assert "con" not in folders


BEGINNINGS = st.sampled_from([
    b"", b"<rss><channel><item><title>Dam</title><description>", b"<!DOCTYPE html><html><body><article><h1>Dam</h1><p>",
    b"---\ntitle: Dam\n", b"+++\ntitle = 'Dam'\n+++\n", b"# Dam\n\n", b'{"title": "Dam", "text": "', b'[{"title": "Dam"},',
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [', b'{"uri": "urn:x", "headlines": [', b"<feed><entry><title>",
])  # fmt: skip
PIECES = st.lists(
    st.sampled_from([
        b"<p>", b"</p>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&amp;", b"&#xD800;", b"&#0;", b"\0", b"\xff", b"\n", b"\n\n",
        b"[", b"](", b"*", b"`", b"> ", b"- ", b'"', b"}", b"]", b",", b":", b"\\ud800", "\u202e".encode(), "“”".encode(),
        b"</item>", b"<entry>", b"---\n", b"!!x ", b"*a", b"&a ", b"{{< x >}}", PROSE.encode(),
    ]),
    max_size=20,
).map(b"".join)  # fmt: skip


@settings(deadline=None)
@given(BEGINNINGS, PIECES | st.binary(max_size=60), st.sampled_from([*sorted(SUFFIXES), ""]))
def test_any_bytes_are_articles_or_errors(beginning: bytes, rest: bytes, suffix: str) -> None:
    try:
        reads = list(
            read_articles(BytesIO(beginning + rest), path=f"a{suffix}", options=ReadOptions(language="any")).each
        )
    except SeedError as error:
        reads = [error]
    for read in reads:
        if isinstance(read, Article):
            read.text.encode("utf-8")
            assert "\0" not in read.text
            assert all(span.of(read.text).strip() for span in read.paragraphs)
        else:
            assert re.match(r"a[.\w]*:\d+:\d+: .+; expected .+", str(read), re.DOTALL)
