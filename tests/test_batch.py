"""A batch gives a row for each record, whatever is wrong with some of them, and the same rows however it is run."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import ROOT, Outcome, run, start
from made_warcs import PROSE, packed, page, record, response
from test_jobs import children_of, runs, wait_until

from briefs.engine import ENVIRONMENT

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


def batch(*arguments: object, **changes: str) -> Outcome:
    """Run a batch in a process of its own."""
    return run("batch", *arguments, **changes)


def counts_of(ended: Outcome) -> str:
    assert ended.code == 0, ended.err
    return ended.err.strip().partition(": tables in ")[0]


@pytest.fixture(scope="module")
def tables(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tables of the archive."""
    into = tmp_path_factory.mktemp("tables") / "into"
    counts = counts_of(batch(archive, "--into", into, "--batch", 3))
    assert counts == "23 records: 9 parsed, 14 failed; 3 of other kinds passed over"
    return into


@pytest.fixture
def wire(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "wire.jsonl", [article(f"Town {number}") for number in range(6)])


def what_is_wrong(error: str, archive: Path) -> str:
    found = re.fullmatch(rf"{re.escape(str(archive))}/[\w.]+:(?: (?:byte|row) \d+| ?1:\d+): (.*); expected .*", error)
    assert found, error
    return found[1]


def test_each_record_is_a_row_with_its_brief_or_its_error(archive: Path, tables: Path) -> None:
    rows = rows_of(tables)
    found = {
        (Path(row["file"]).name, row["url"] or row["place"]): row["headline"] or what_is_wrong(row["error"], archive)
        for row in rows
    }
    site = "https://a.example"
    last = max(row["place"] for row in rows if row["file"].endswith(".warc.gz"))
    assert found == {
        ("rail-strike.txt", 1): "Two in three trains cancelled as Caldria rail strike enters second day",
        ("notes.txt", 1): "only a headline",
        ("wire.jsonl", 0): "Dam above Selmoor holds",
        ("wire.jsonl", 230): "only a headline",
        ("wire.jsonl", f"{site}/isk"): "Dam above Isk holds",
        ("wire.jsonl", 495): "byte 0xff, which is not UTF-8",
        ("wire.jsonl", 515): "JSON that is no record",
        ("wire.jsonl", 519): "JSON that breaks off: unterminated string starting at",
        ("table.parquet", 0): "Dam above Varrow holds",
        ("table.parquet", 1): "only a headline",
        ("table.parquet", 2): "no headline",
        ("broken.parquet", 0): found["broken.parquet", 0],
        ("cut.jsonl.gz", 0): found["cut.jsonl.gz", 0],
        ("news.warc.gz", f"{site}/1"): "Dam above Caldria holds",
        ("news.warc.gz", f"{site}/2"): "Dam above Tarrow holds",
        ("news.warc.gz", f"{site}/3"): "an empty file",
        ("news.warc.gz", f"{site}/4"): "more than 10,000,000 bytes",
        ("news.warc.gz", f"{site}/5"): "Dam above Packed holds",
        ("news.warc.gz", f"{site}/6"): "a gzip body that breaks off",
        ("news.warc.gz", f"{site}/9"): "a Content-Length that is wrong",
        ("news.warc.gz", f"{site}/10"): "Dam above Quillon holds",
        ("news.warc.gz", last): "the file ends in the middle of a record",
    }


def test_a_brief_is_the_one_that_show_prints(archive: Path, tables: Path, call: Call) -> None:
    (row,) = [row for row in rows_of(tables) if row["file"].endswith("rail-strike.txt")]
    assert json.loads(row["brief"]) == json.loads(call("show", row["file"], "--format", "json").out)
    assert (row["sha256"], row["tagger"]) == (
        json.loads(row["brief"])["origin"]["sha256"],
        json.loads(row["brief"])["tagger"],
    )


def test_claims_and_actors_are_those_of_the_briefs(tables: Path) -> None:
    briefs = {row["id"]: json.loads(row["brief"]) for row in rows_of(tables) if row["brief"]}
    claims, actors = rows_of(tables, "claims"), rows_of(tables, "actors")
    assert len(claims) == sum(len(brief["claims"]) for brief in briefs.values()) > 0
    assert len(actors) == sum(len(brief["actors"]) for brief in briefs.values()) > 0
    for row in claims:
        claim = briefs[row["id"]]["claims"][row["number"]]
        assert [row[name] for name in ("text", "speaker", "form", "certainty", "spans")] == [
            claim[name] for name in ("text", "speaker", "form", "certainty", "spans")
        ]
        assert (row["source"], row["cue"]) == tuple((claim[name] or {}).get("text") for name in ("source", "cue"))
    for row in actors:
        actor = briefs[row["id"]]["actors"][row["number"]]
        assert [row[name] for name in ("name", "kind", "roles", "affiliation", "aliases", "salience")] == [
            actor[name] for name in ("name", "kind", "roles", "affiliation", "aliases", "salience")
        ]
        assert row["mentions"] == len(actor["mentions"])


def test_all_that_one_person_said_has_one_key(tables: Path) -> None:
    said = [row for row in rows_of(tables, "claims") if row["speaker"] in {"Ana Ruiz", "Ruiz"}]
    assert len({row["id"] for row in said}) > 4
    assert {row["speaker_key"] for row in said} == {"person:ana ruiz"}
    named = {(row["id"], row["name"]): row["actor_key"] for row in rows_of(tables, "actors")}
    assert {row["speaker_key"] for row in said} == {named[row["id"], row["speaker"]] for row in said}
    assert {row["date"] for row in said} >= {date(2026, 2, 16)}


def test_rows_do_not_depend_on_slices_or_workers(archive: Path, tables: Path, tmp_path: Path) -> None:
    batch(archive, "--into", tmp_path / "other", "--batch", 100, "--workers", 1)
    for table in ("briefs", "claims", "actors"):
        assert rows_of(tmp_path / "other", table) == rows_of(tables, table)


def test_a_batch_that_is_done_does_nothing_again(archive: Path, tables: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in tables.rglob("*.parquet")}
    counts = counts_of(batch(archive, "--into", tables, "--resume"))
    assert counts == "23 records: 23 known before; 3 of other kinds passed over"
    assert {path: path.stat().st_mtime_ns for path in tables.rglob("*.parquet")} == before


def test_a_batch_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    lines = write_lines(
        tmp_path / "wire.jsonl", [article(f"Town {number}", text=text_of("Isk") * 9) for number in range(60)]
    )
    killed = start("batch", lines, "--into", tmp_path / "into", "--batch", 1, apart=True)
    assert wait_until(lambda: len(list((tmp_path / "into/.parts").glob("*.parquet"))) > 1, seconds=60)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert not (tmp_path / "into/briefs").exists()
    counts = counts_of(batch(lines, "--into", tmp_path / "into", "--resume"))
    found = re.fullmatch(r"60 records: (\d+) parsed, (?:\d+ repeated, )?(\d+) known before", counts)
    assert found, counts
    assert int(found[1]) < 60
    assert {row["place"] for row in rows_of(tmp_path / "into")} == set(places(lines))
    assert len(rows_of(tmp_path / "into")) == 60


def places(lines: Path) -> Iterator[int]:
    at = 0
    for line in lines.read_bytes().splitlines(keepends=True):
        yield at
        at += len(line)


def test_a_worker_that_is_lost_is_said(tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "wire.jsonl", [article(f"Town {n}", text=text_of("Isk") * 9) for n in range(60)])
    running = start("batch", lines, "--into", tmp_path / "into", "--batch", 1, "--workers", 1)
    assert wait_until(lambda: len(list((tmp_path / "into/.parts").glob("*.parquet"))) > 1, seconds=60)
    (worker,) = [pid for pid in children_of(running.pid) if b"udf_worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(worker, signal.SIGKILL)
    _, said = running.communicate(timeout=30)
    advice = "fewer --workers take less; with --resume, another run goes on where this one ended"
    assert running.returncode == 1
    assert said.decode() == f"error: a worker was lost, by lack of memory maybe: {advice}\n"


def test_ctrl_c_ends_a_batch_with_its_workers(tmp_path: Path) -> None:
    lines = write_lines(
        tmp_path / "wire.jsonl", [article(f"Town {number}", text=text_of("Isk") * 9) for number in range(60)]
    )
    running = start("batch", lines, "--into", tmp_path / "into", "--batch", 1, apart=True)
    assert wait_until(lambda: len(list((tmp_path / "into/.parts").glob("*.parquet"))) > 1, seconds=60)
    workers = children_of(running.pid)
    os.kill(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert (running.returncode, said.decode().count("with --resume, another run goes on")) == (130, 1)
    assert "Traceback" not in said.decode()
    assert workers
    assert wait_until(lambda: not any(map(runs, workers)), seconds=20)


def test_what_is_in_two_files_is_one_row(wire: Path, tmp_path: Path) -> None:
    shutil.copy(wire, tmp_path / "again.jsonl")
    counts = counts_of(batch(tmp_path / "*.jsonl", "--into", tmp_path / "into"))
    assert counts == "12 records: 6 parsed, 6 repeated"
    assert {Path(row["file"]).name for row in rows_of(tmp_path / "into")} == {"again.jsonl"}
    assert len(rows_of(tmp_path / "into", "claims")) == len(
        {(r["id"], r["number"]) for r in rows_of(tmp_path / "into", "claims")}
    )


def test_what_comes_later_is_put_to_what_is_there(wire: Path, tmp_path: Path) -> None:
    batch(wire, "--into", tmp_path / "into")
    write_lines(tmp_path / "later.jsonl", [article("Varrow"), article("Town 3")])
    counts = counts_of(batch(tmp_path / "later.jsonl", "--into", tmp_path / "into", "--resume"))
    assert counts == "2 records: 1 parsed, 1 known before"
    assert len(rows_of(tmp_path / "into")) == 7
    said = {row["speaker_key"] for row in rows_of(tmp_path / "into", "claims") if row["speaker"]}
    assert said == {"person:ana ruiz"}
    assert {row["id"] for row in rows_of(tmp_path / "into", "claims")} == {
        row["id"] for row in rows_of(tmp_path / "into")
    }


def test_what_another_tagger_read_is_read_again(wire: Path, tmp_path: Path) -> None:
    batch(wire, "--into", tmp_path / "into")
    before = rows_of(tmp_path / "into")
    (path,) = (tmp_path / "into/briefs").glob("*.parquet")
    table = pq.read_table(path)
    old = pa.array(["older"] * table.num_rows)
    pq.write_table(table.set_column(table.schema.get_field_index("tagger"), "tagger", old), path)
    counts = counts_of(batch(wire, "--into", tmp_path / "into", "--resume"))
    assert counts == "6 records: 6 parsed"
    assert rows_of(tmp_path / "into") == before
    assert len(rows_of(tmp_path / "into", "claims")) == len(
        {(r["id"], r["number"]) for r in rows_of(tmp_path / "into", "claims")}
    )


def test_a_file_that_could_not_be_read_is_tried_again(wire: Path, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for name in ("one", "two"):
        (tmp_path / f"seeds/{name}.txt").symlink_to(tmp_path / f"later-{name}.txt")
    asked = (wire, tmp_path / "seeds", "--into", tmp_path / "into")
    assert counts_of(batch(*asked)) == "8 records: 6 parsed, 2 failed"
    (tmp_path / "later-one.txt").write_text("Dam holds\n\nIt held on Monday, officials said.\n", encoding="utf-8")
    assert counts_of(batch(*asked, "--resume")) == "8 records: 1 parsed, 1 failed, 6 known before"
    failed = [(Path(row["file"]).name, row["error"]) for row in rows_of(tmp_path / "into") if row["error"]]
    assert failed == [
        ("two.txt", f"{tmp_path}/seeds/two.txt:1:1: no such file or directory; expected a file that can be read")
    ]
    assert len(rows_of(tmp_path / "into")) == 8


def test_what_a_run_that_was_killed_left_behind_folds_nothing(wire: Path, tmp_path: Path) -> None:
    batch(wire, "--into", tmp_path / "into", "--limit", 1)
    ids = [row["id"] for row in rows_of(tmp_path / "into")]
    (tmp_path / "into/.work").mkdir()
    batch(wire, "--into", tmp_path / "other")
    others = [row["id"] for row in rows_of(tmp_path / "other") if row["id"] not in ids]
    pq.write_table(pa.table({"id": others}), tmp_path / "into/.work/folded.parquet")
    assert counts_of(batch(wire, "--into", tmp_path / "into", "--resume")) == "6 records: 5 parsed, 1 known before"


def test_a_table_that_somebody_broke_is_said(wire: Path, tmp_path: Path) -> None:
    batch(wire, "--into", tmp_path / "into", "--limit", 1)
    (path,) = (tmp_path / "into/briefs").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-9])
    ended = batch(wire, "--into", tmp_path / "into", "--resume")
    assert ended.code == 1
    assert re.fullmatch(
        rf"error: {tmp_path}/into: a table cannot be read: .*; expected those that a batch has written\n", ended.err
    )


def test_a_limit_takes_the_first_records(wire: Path, tmp_path: Path) -> None:
    assert counts_of(batch(wire, "--into", tmp_path / "into", "--limit", 4, "--batch", 1)) == "4 records: 4 parsed"
    assert {row["headline"] for row in rows_of(tmp_path / "into")} == {
        f"Dam above Town {number} holds" for number in range(4)
    }


def test_a_sample_is_the_same_each_time(tmp_path: Path) -> None:
    lines = write_lines(tmp_path / "wire.jsonl", [{"title": f"Dam {number}"} for number in range(200)])
    found = []
    for number, size in enumerate((1, 100)):
        counts = counts_of(batch(lines, "--into", tmp_path / f"into{number}", "--sample", 0.1, "--batch", size))
        ids = {row["id"] for row in rows_of(tmp_path / f"into{number}")}
        assert counts == f"200 records: {len(ids)} failed, {200 - len(ids)} left out of the sample"
        assert 5 < len(ids) < 40
        found.append(ids)
    assert found[0] == found[1]


def test_copies_are_folded_to_the_earliest_and_listed(tmp_path: Path) -> None:
    long = " ".join(
        f"In the valley of {name} the water rose by {n} metres." for n, name in enumerate(map(str, range(60)))
    )
    lines = write_lines(
        tmp_path / "wire.jsonl",
        [
            article("Isk", text=long, date="2026-02-17", url="https://b.example/"),
            article("Isk", text=long, date="2026-02-16", url="https://a.example/"),
            article("Isk again", text=f"{long} Updated.", date="", url="https://c.example/"),
            article("Varrow"),
            {"title": "Empty"},
        ],
    )
    counts = counts_of(batch(lines, "--into", tmp_path / "into", "--dedupe"))
    assert counts == "5 records: 2 parsed, 1 failed, 2 folded"
    rows = {row["url"]: row["id"] for row in rows_of(tmp_path / "into")}
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "into").rglob("*.parquet")}
    counts = counts_of(batch(lines, "--into", tmp_path / "into", "--dedupe", "--resume"))
    assert counts == "5 records: 3 known before, 2 folded"
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "into").rglob("*.parquet")} == before
    copies = {row["url"]: row["copy_of"] for row in rows_of(tmp_path / "into", "copies")}
    assert copies == {
        "https://b.example/": rows["https://a.example/"],
        "https://c.example/": rows["https://a.example/"],
    }


def test_names_of_files_and_folders_may_be_odd(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"dam-\xff [1]*{a}.txt")
    odd.write_bytes(b"Dam holds\n\nIt held on Monday, officials said.\n")
    into = tmp_path / "w [1]*?#%41{a}\\b"
    assert counts_of(batch(odd, "--into", into)) == "1 record: 1 parsed"
    assert counts_of(batch(odd, "--into", into, "--resume", "--dedupe")) == "1 record: 1 known before"
    (row,) = rows_of(into)
    assert row["file"] == f"{tmp_path}/dam-\\xff [1]*{{a}}.txt"


def test_the_tables_are_there_where_nothing_could_be_parsed(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(record("warcinfo", b"software: none\r\n"))
    assert (
        counts_of(batch(tmp_path / "a.warc", "--into", tmp_path / "into"))
        == "0 records: 0 parsed; 1 of other kinds passed over"
    )
    assert [rows_of(tmp_path / "into", table) for table in ("briefs", "claims", "actors", "copies")] == [[], [], [], []]


def test_what_is_at_an_address_is_read(wire: Path, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        counts = counts_of(batch(f"{address}/wire.jsonl", "--into", tmp_path / "into", "--batch", 2))
    assert counts == "6 records: 6 parsed"
    assert {row["file"] for row in rows_of(tmp_path / "into")} == {f"{address}/wire.jsonl"}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["missing.jsonl"],
            "error: missing.jsonl: no such file; expected files, folders, patterns or addresses of articles",
        ),
        (["wire.jsonl", "--address", "a:1"], "Invalid value for '--address': is for --engine ray"),
        (["wire.jsonl", "--map", "title"], "'title' is not FIELD=NAME"),
        (
            ["wire.jsonl", "--engine", "ray", "--address", "localhost"],
            "localhost: no address of a cluster; expected",
        ),
        (
            ["wire.jsonl", "--engine", "ray", "--address", "127.0.0.1:1"],
            "127.0.0.1:1: no cluster of Ray: connection refused",
        ),
    ],
)
def test_what_is_not_understood_is_said(arguments: list[str], said: str, wire: Path, tmp_path: Path) -> None:
    ended = run("batch", *arguments, "--into", "into", cwd=tmp_path)
    assert (ended.code, said in " ".join(ended.err.split())) == (2, True), ended.err
    assert not (tmp_path / "into").exists()


def test_a_folder_of_something_else_is_left_alone(wire: Path, tmp_path: Path) -> None:
    ended = batch(wire, "--into", tmp_path)
    assert ended.code == 2
    assert "not empty, and not of a batch; expected a new folder" in ended.err
    batch(wire, "--into", tmp_path / "into", "--limit", 1)
    assert "has the output of a batch; expected --resume" in batch(wire, "--into", tmp_path / "into").err
    other = batch(wire, "--into", tmp_path / "into", "--resume", "--language", "any")
    assert (other.code, "of a batch with another --language" in other.err) == (2, True)


@pytest.mark.parametrize(("missing", "extra"), [("daft", "batch"), ("ray", "ray")])
def test_an_extra_that_is_missing_is_named(
    missing: str, extra: str, wire: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    for name in ENVIRONMENT:  # restored at the end
        monkeypatch.setenv(name, "")
    ended = call("batch", wire, "--into", wire.with_name("into"), "--engine", "ray")
    assert (ended.code, ended.err) == (
        2,
        f"error: briefs batch needs {missing}; expected: pip install 'briefs[{extra}]'\n",
    )


def test_nothing_is_sent_to_anybody(wire: Path, tmp_path: Path) -> None:
    asked = f"""
import sys, time
seen = []
watched = {{"socket.connect", "socket.getaddrinfo", "urllib.Request"}}
sys.addaudithook(lambda event, _: seen.append(event) if event in watched else None)
import briefs.batch, briefs.copies, briefs.finishing
from briefs.engine import start_engine
start_engine("local")
from briefs.batch import Asked, plan, run
from pathlib import Path
asked = Asked([{str(wire)!r}], Path({str(tmp_path / "into")!r}), 1)
list(run(asked, plan(asked)))
time.sleep(0.3)
from ray._common.usage.usage_lib import usage_stats_enabled
print(seen, usage_stats_enabled())
"""
    environment = {key: value for key, value in os.environ.items() if "TRACK" not in key and "TELEMETRY" not in key}
    environment |= {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "home/.cache")}
    (tmp_path / "home").mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert ended.stdout == "[] False\n"
    assert list((tmp_path / "home").rglob("*onnx*")) == []  # where it keeps what it would send


def test_a_module_that_lies_beside_the_articles_is_not_run(wire: Path) -> None:
    wire.with_name("json.py").write_text("raise SystemExit('run')", encoding="utf-8")
    command = f"cd '{wire.parent}' && '{Path(sys.executable).parent}/briefs' batch wire.jsonl --into into"
    ended = run(shell=command)
    assert (ended.code, "6 parsed" in ended.err) == (0, True), ended.err


def test_counts_are_told_once_a_minute(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from briefs import batch as of_batch
    from briefs.cli import batching
    from briefs.cli.progress import Progress

    now = 0.0

    def steps(*_: object) -> Iterator[tuple[Counter[str], float]]:
        nonlocal now
        for number in range(1, 9):
            now += 20
            yield Counter(parsed=1000, failed=number == 5), number / 8
        return of_batch.Ended(Counter(), 0)

    monkeypatch.setattr(of_batch, "run", steps)
    monkeypatch.setattr(batching.time, "monotonic", lambda: now)
    asked = of_batch.Asked([], Path(), 1)
    assert batching._run(asked, [], Progress(quiet=False, verbose=False), quiet=False) == of_batch.Ended(Counter(), 0)
    assert capsys.readouterr().err == "38% 3,000 parsed, 3,000 a minute\n75% 6,000 parsed, 1 failed, 3,000 a minute\n"
