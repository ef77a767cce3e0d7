"""A file that has to outlast a power cut is on the disk before it takes its place, and its name is soon after."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from briefs.files import append_durably, write_whole


@pytest.fixture
def synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, bytes]]]:
    """Return, for each time that something is brought to the disk, its name and what is in the folder then."""
    seen: list[tuple[str, dict[str, bytes]]] = []
    sync = os.fsync

    def watched(handle: int) -> None:
        what = Path(f"/proc/self/fd/{handle}").readlink()
        seen.append((what.name, {path.name: path.read_bytes() for path in tmp_path.iterdir()}))
        sync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    return seen


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="finds the names of files in Linux's /proc")


@needs_proc
def test_a_durable_file_is_on_the_disk_before_it_takes_the_place_of_the_old_one(
    synced: list[tuple[str, dict[str, bytes]]], tmp_path: Path
) -> None:
    path = tmp_path / "ledger.json"
    path.write_bytes(b"old")
    write_whole(path, b"new", durable=True)
    (first, before), (second, after) = synced
    assert before == {"ledger.json": b"old", first: b"new"}
    assert (second, after) == (tmp_path.name, {"ledger.json": b"new"})


@needs_proc
def test_what_is_appended_is_on_the_disk_when_it_is_said_to_be_and_so_is_the_name_of_a_new_file(
    synced: list[tuple[str, dict[str, bytes]]], tmp_path: Path
) -> None:
    for line in (b"a\n", b"b\n"):
        append_durably(tmp_path / "journal", line)
    assert synced == [
        ("journal", {"journal": b"a\n"}),
        (tmp_path.name, {"journal": b"a\n"}),
        ("journal", {"journal": b"a\nb\n"}),
    ]


@needs_proc
def test_what_can_be_made_again_waits_for_no_disk(synced: list[tuple[str, dict[str, bytes]]], tmp_path: Path) -> None:
    write_whole(tmp_path / "index.html", b"new")
    assert synced == []


def test_a_disk_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    path = tmp_path / "ledger.json"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="Input/output error"):
        write_whole(path, b"new", durable=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"ledger.json": b"old"}
