"""`briefs clean` removes what builds made, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Outcome
from test_ledger import LEDGER
from test_site import contents

from briefs.folder import alone
from briefs.ledger import digest_of

Call = Callable[..., Outcome]


def test_all_that_builds_made_is_removed_for_every_target_and_so_are_their_ledgers(
    call: Call, article: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for target in ("plain", "hugo", "sphinx"):
        assert call("build", article, out, "--target", target).code == 0
    made = [path for path in out.rglob("*") if path.is_file() and not path.name.startswith(".briefs-")]
    assert call("clean", out) == (0, "", f"{len(made)} files removed from {out}\n")
    assert list(out.iterdir()) == []
    assert call("clean", out) == (0, "", f"0 files removed from {out}\n")


def test_what_somebody_changed_or_put_there_stays(call: Call, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call("build", article, out)
    (out / "style.css").write_text("mine", encoding="utf-8")
    (out / "selmoor-dam/photo.jpg").write_bytes(b"mine")
    (out / ".briefs-notes.json").write_bytes(b"mine")
    (out / "drafts").mkdir()
    ended = call("clean", out)
    assert ended.code == 0
    assert ended.err.splitlines()[:-1] == [f"left alone: {out}/style.css: not as a build left it"]
    assert set(contents(out)) == {"style.css", "selmoor-dam/photo.jpg"}
    assert [path.name for path in out.glob(".*")] == [".briefs-notes.json"]
    assert (out / "drafts").is_dir()


def test_a_dry_run_lists_what_the_next_run_removes_and_removes_nothing(
    call: Call, article: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    call("build", article, out)
    before = contents(out)
    listed = call("clean", out, "--dry-run")
    assert contents(out) == before
    names = {f"{path}" for path in out.rglob("*") if path.is_file() and path.name != LEDGER}
    assert set(listed.out.splitlines()) == names
    assert listed.err == f"{len(names)} files would be removed from {out}\n"
    call("clean", out)
    assert not any(Path(name).exists() for name in names)


def test_what_a_build_that_was_killed_left_is_removed(call: Call, tmp_path: Path) -> None:
    (tmp_path / "dam").mkdir()
    (tmp_path / "dam/brief.md").write_bytes(b"whole")
    (tmp_path / "dam/.briefs-x1.tmp").write_bytes(b"hal")
    journal = tmp_path / ".briefs-plain.journal"
    journal.write_text(json.dumps(["dam/brief.md", digest_of(b"whole")]) + '\n["dam/', encoding="utf-8")
    assert call("clean", tmp_path).code == 0
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_removed_behind_a_link_that_leads_out_of_the_folder(call: Call, tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    for folder in (out, elsewhere):
        folder.mkdir()
    (elsewhere / "empty.txt").write_bytes(b"")
    (elsewhere / ".briefs-x1.tmp").write_bytes(b"")
    (out / "a").symlink_to(elsewhere)
    made = {name: [digest_of(b""), 0, "", 0] for name in ("a/empty.txt", "../elsewhere/empty.txt")}
    told = {"format": 2, "inputs": None, "program": "", "sources": {}, "reads": [["", []]], "files": {"": made}}
    (out / LEDGER).write_text(json.dumps(told), encoding="utf-8")
    ended = call("clean", out)
    assert ended.err.splitlines()[0] == f"left alone: {out}/a/empty.txt: not as a build left it"
    assert set(contents(elsewhere)) == {"empty.txt", ".briefs-x1.tmp"}


def test_a_folder_that_is_not_there_is_clean_and_not_made(call: Call, tmp_path: Path) -> None:
    assert call("clean", tmp_path / "out") == (0, "", f"0 files removed from {tmp_path}/out\n")
    assert not (tmp_path / "out").exists()


def test_the_folder_is_that_of_the_settings(
    call: Call, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "briefs.toml").write_text(f'seeds = "{article.name}"\nout = "site"\n', encoding="utf-8")
    assert call("build").code == 0
    assert call("clean").code == 0
    assert list((tmp_path / "site").iterdir()) == []
    assert article.is_file()


def test_while_a_build_is_writing_nothing_is_removed(call: Call, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call("build", article, out)
    before = contents(out)
    with alone(out):
        ended = call("clean", out)
    assert ended == (1, "", f"error: {out}: another build is writing there; expected to be alone\n")
    assert contents(out) == before
