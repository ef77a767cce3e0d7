"""A batch gives a row for each record, whatever is wrong with some of them, and the same rows however it is run."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import ROOT, Outcome, run
from made_warcs import PROSE, packed, page, record, response

Call = Callable[..., Outcome]
Row = dict[str, Any]


def text_of(name: str, *, sentences: int = 2) -> str:
    return PROSE.format(name=name) + f"Repairs in {name} begin on Friday. " * sentences


def article(name: str, **more: object) -> dict[str, object]:
    return {"title": f"Dam above {name} holds", "text": text_of(name), "date": "2026-02-16", **more}


def write_lines(path: Path, articles: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in articles), encoding="utf-8")
    return path


def rows_of(folder: Path, table: str = "briefs") -> list[Row]:
    rows: list[Row] = pq.read_table(folder / table).to_pylist()
    return sorted(rows, key=lambda row: (row["id"], row.get("number", 0)))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with articles in all forms, and what they are broken by."""
    folder = tmp_path_factory.mktemp("archive")
    shutil.copy(ROOT / "seeds/rail-strike.txt", folder)
    (folder / "notes.txt").write_text("Only a title\n", encoding="utf-8")
    write_lines(
        folder / "wire.jsonl", [article("Selmoor"), {"title": "Empty"}, article("Isk", url="https://a.example/isk")]
    )
    with (folder / "wire.jsonl").open("ab") as file:
        file.write(b'{"title": "Dam \xff"}\n\n[1]\n{"title": "cut')
    table = pa.table(
        {
            "headline": ["Dam above Varrow holds", "Nothing", None],
            "body": [text_of("Varrow"), "", "Nobody says what this is about."],
            "published_at": pa.array([datetime(2026, 2, 16, 9, 5), None, None]),
            "vector": [[0.5], [], None],
        }
    )
    pq.write_table(table, folder / "table.parquet")
    whole = (folder / "table.parquet").read_bytes()
    (folder / "broken.parquet").write_bytes(whole[:-30])
    (folder / "cut.jsonl.gz").write_bytes(
        gzip.compress(json.dumps(article("Norvale")).encode() + b"\n" + b"x" * 9000)[:-20]
    )
    (folder / "news.warc.gz").write_bytes(packed([
        record("warcinfo", b"software: none\r\n"),
        response("https://a.example/1", page("Caldria")),
        response("https://a.example/2", page("Tarrow", charset="windows-1252"), kind="text/html; charset=utf-8"),
        response("https://a.example/3", b""),
        response("https://a.example/4", page("Large", more="<!--" + "x" * 20_000_000 + "-->")),
        response("https://a.example/5", gzip.compress(page("Packed")), more="Content-Encoding: gzip\r\n"),
        response("https://a.example/6", gzip.compress(page("Cut"))[:-9], more="Content-Encoding: gzip\r\n"),
        response("https://a.example/7", page("Missing"), status="404 Not Found"),
        response("https://a.example/8", b"\x89PNG", kind="image/png"),
        record("response", b"HTTP/1.1 200 OK\r\n\r\n" + page("Wrong"), url="https://a.example/9", length=40),
        response("https://a.example/10", page("Quillon")),
    ]) + packed([response("https://a.example/11", page("Last"))])[:-40])  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def tables(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tables of the archive, made by a process of its own."""
    into = tmp_path_factory.mktemp("tables") / "into"
    ended = run("batch", archive, "--into", into, "--batch", 3, PYTHONWARNINGS="error,ignore::ResourceWarning")
    assert ended.code == 0, ended.err

    return into


def test_each_record_is_a_row_with_its_brief_or_its_error(tables: Path) -> None:
    print([(r["headline"], r["url"], r["error"], r["place"]) for r in rows_of(tables)])
    raise AssertionError
