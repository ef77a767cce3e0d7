"""A site is made of the briefs that stand in a table, as they are."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import ARTICLE, Outcome

import briefs
from briefs.cache import key_of

Call = Callable[..., Outcome]


def brief_of(name: str, **origin: object) -> str:
    brief = briefs.parse(briefs.read(ARTICLE.replace("Selmoor", name), path=f"{name}.txt"))
    return brief.model_copy(update={"origin": brief.origin.model_copy(update=origin)}).model_dump_json()


def write_table(path: Path, told: list[str | None]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.table({"id": [key_of(str(n)) for n in range(len(told))], "brief": pa.array(told, pa.string())}), path
    )
    return path


def test_a_site_has_the_briefs_of_a_table_as_they_are(tmp_path: Path, call: Call) -> None:
    told = [brief_of("Selmoor", url="https://a.example/dam"), None, brief_of("Isk", id="isk")]
    table = write_table(tmp_path / "march.parquet", told)
    ended = call("build", table, tmp_path / "site")
    assert (ended.code, ended.err.splitlines()[-1]) == (0, f"2 briefs: open {tmp_path}/site/index.html")
    for name, brief in (("dam-above-selmoor-holds", told[0]), ("isk", told[2])):
        assert json.loads((tmp_path / f"site/{name}/brief.json").read_text(encoding="utf-8")) == json.loads(brief or "")
    assert "https://a.example/dam" in (tmp_path / "site/dam-above-selmoor-holds/index.html").read_text(encoding="utf-8")


def test_nothing_is_parsed_again(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    table = write_table(tmp_path / "march.parquet", [brief_of("Selmoor")])
    monkeypatch.setattr("briefs.parsing.load_tagger", None)
    assert call("build", table, tmp_path / "site", "--jobs", 1).code == 0


def test_of_the_tables_of_a_batch_only_the_briefs_are_read(tmp_path: Path, call: Call) -> None:
    write_table(tmp_path / "tables/briefs/a.parquet", [brief_of("Selmoor")])
    write_table(tmp_path / "tables/claims/a.parquet", [None])
    (tmp_path / "tables/.batch.json").write_text("{}", encoding="utf-8")
    ended = call("build", tmp_path / "tables", tmp_path / "site")
    assert (ended.code, ended.err.splitlines()[-1]) == (0, f"1 brief: open {tmp_path}/site/index.html")


def test_a_table_lies_among_articles(tmp_path: Path, call: Call) -> None:
    write_table(tmp_path / "seeds/march.parquet", [brief_of("Isk")])
    (tmp_path / "seeds/dam.txt").write_text(ARTICLE, encoding="utf-8")
    ended = call("build", tmp_path / "seeds", tmp_path / "site")
    assert (ended.code, ended.err.splitlines()[-1]) == (0, f"2 briefs: open {tmp_path}/site/index.html")


@pytest.mark.parametrize("command", ["build", "check"])
def test_what_is_no_brief_is_said(command: str, tmp_path: Path, call: Call) -> None:
    write_table(tmp_path / "seeds/a.parquet", [brief_of("Selmoor"), "{}"])
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "seeds/b.parquet")
    (tmp_path / "seeds/c.parquet").write_bytes(b"PAR1")
    ended = call(command, tmp_path / "seeds", *([tmp_path / "site"] if command == "build" else []))
    said = [line for line in ended.err.splitlines() if line.startswith("error: ")]
    expected = "expected a table of briefs that briefs batch has written, or a part of one"
    assert ended.code == 1
    assert said[:2] == [
        f"error: {tmp_path}/seeds/a.parquet:2:1: no brief, or one of another version; {expected}",
        f"error: {tmp_path}/seeds/b.parquet:1:1: a table without a column brief; {expected}",
    ]
    assert said[2].startswith(f"error: {tmp_path}/seeds/c.parquet:1:1: ")
    assert len(said) == 3


def test_an_extra_that_is_missing_is_named(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    table = write_table(tmp_path / "march.parquet", [None])
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    ended = call("build", table, tmp_path / "site")
    assert ended.err.startswith(
        f"error: {table}:1:1: a table, which needs pyarrow; expected pip install 'briefs[batch]'\n"
    )
