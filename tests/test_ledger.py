"""A build removes what it no longer makes, and never touches what it did not make."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import ARTICLE, Outcome, run, start
from test_across import check_links
from test_site import contents, write_articles

from briefs.ledger import read_ledger

Call = Callable[..., Outcome]
LEDGER = ".briefs-plain.json"


def test_what_was_made_of_an_article_that_is_gone_is_removed(call: Call, tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt"), tmp_path / "out"
    (seeds / "lake.txt").write_text(ARTICLE.replace("Ana Ruiz", "Bo Kim").replace("Ruiz", "Kim"), encoding="utf-8")
    call("build", seeds, out)
    assert (out / "actors/bo-kim.html").is_file()
    (out / "lake/photo.jpg").write_bytes(b"mine")
    (seeds / "lake.txt").unlink()
    assert call("build", seeds, out).code == 0
    made = contents(out)
    assert [name for name in made if "lake" in name or "bo-kim" in name] == ["lake/photo.jpg"]
    (out / "lake/photo.jpg").unlink()
    call("build", seeds, tmp_path / "fresh")
    assert made.keys() - {"lake/photo.jpg"} == contents(tmp_path / "fresh").keys()
    check_links({name: text.decode() for name, text in contents(out).items()})


def test_a_folder_that_is_empty_then_is_removed_too(call: Call, tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt"), tmp_path / "out"
    call("build", seeds, out)
    (seeds / "lake.txt").unlink()
    call("build", seeds, out)
    assert not (out / "lake").exists()


@pytest.mark.parametrize(
    ("option", "file"),
    [
        (("--evidence", "full"), "selmoor-dam/evidence.html"),
        (("--base-url", "https://b.example/"), "feed.xml"),
        (("--search",), "pagefind/pagefind-entry.json"),
    ],
)
def test_what_an_option_made_is_gone_without_it(
    option: tuple[str, ...], file: str, call: Call, article: Path, tmp_path: Path
) -> None:
    if "--search" in option:
        pytest.importorskip("pagefind", reason="needs pagefind: pip install 'briefs[search]'")
    out = tmp_path / "out"
    assert call("build", article, out, *option).code == 0
    assert (out / file).is_file()
    assert call("build", article, out, "--evidence", "link").code == 0
    assert call("build", article, tmp_path / "fresh", "--evidence", "link").code == 0
    assert contents(out) == contents(tmp_path / "fresh")


def test_a_file_that_somebody_changed_is_left_alone_and_named(call: Call, tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt"), tmp_path / "out"
    call("build", seeds, out)
    for name in ("dam/summary.txt", "style.css"):
        (out / name).write_text("mine", encoding="utf-8")
    ended = call("build", seeds, out, "-q")
    assert ended == (
        *(1, ""),
        f"error: {out}/dam/summary.txt and 1 more: not as a build left it, so left alone; expected to be gone, or --force\n",
    )
    assert (out / "style.css").read_text(encoding="utf-8") == "mine"
    assert call("build", seeds, out, "--force").code == 0
    call("build", seeds, tmp_path / "fresh")
    assert contents(out) == contents(tmp_path / "fresh")
    assert call("build", seeds, out).code == 0


def test_a_file_that_was_there_before_the_first_build_is_left_alone(call: Call, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("my home page", encoding="utf-8")
    ended = call("build", article, out)
    assert ended.code == 1
    assert f"{out}/index.html: not as a build left it" in ended.err
    assert (out / "index.html").read_text(encoding="utf-8") == "my home page"
    assert (out / "selmoor-dam/index.html").is_file()


def test_a_changed_file_of_an_article_that_is_gone_stays(call: Call, tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt"), tmp_path / "out"
    call("build", seeds, out)
    (out / "lake/brief.md").write_text("mine", encoding="utf-8")
    (seeds / "lake.txt").unlink()
    assert call("build", seeds, out).code == 0
    assert [name for name in contents(out) if name.startswith("lake/")] == ["lake/brief.md"]


def test_without_its_ledger_a_build_takes_what_is_as_it_would_write_it_for_its_own(
    call: Call, article: Path, tmp_path: Path
) -> None:
    call("build", article, tmp_path)
    before = contents(tmp_path), (tmp_path / LEDGER).read_bytes()
    for broken in (None, b"", b"{", b"[]", b'{"format": 1, "files": {"a": 1}}', b'{"format": 99}', b"\xff"):
        (tmp_path / LEDGER).unlink()
        if broken is not None:
            (tmp_path / LEDGER).write_bytes(broken)
        assert call("build", article, tmp_path).code == 0
        assert (contents(tmp_path), (tmp_path / LEDGER).read_bytes()) == before


def test_the_last_good_brief_of_an_article_that_fails_now_stays(call: Call, tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt"), tmp_path / "out"
    call("build", seeds, out)
    before = (out / "lake/index.html").read_bytes()
    (seeds / "lake.txt").write_text("Notes\n", encoding="utf-8")
    for _ in range(2):
        assert call("build", seeds, out).code == 1
        assert (out / "lake/index.html").read_bytes() == before
    (seeds / "lake.txt").unlink()
    assert call("build", seeds, out).code == 0
    assert not (out / "lake").exists()


def test_two_targets_in_one_folder_leave_each_other_alone(call: Call, article: Path, tmp_path: Path) -> None:
    call("build", article, tmp_path / "out", "--target", "hugo")
    hugo = contents(tmp_path / "out")
    call("build", article, tmp_path / "out", "--target", "sphinx")
    assert hugo.items() <= contents(tmp_path / "out").items()


def test_a_ledger_never_reaches_out_of_its_folder(call: Call, article: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_bytes(b"")
    out = tmp_path / "out"
    out.mkdir()
    names = ["../victim.txt", str(victim), "a/../../victim.txt"]
    made = {name: ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0, "", 0] for name in names}
    told = {"format": 2, "inputs": None, "program": "", "sources": {}, "reads": [["", []]]}
    told["files"] = {"": made | {"b": ["x", 0, "", 0]}}
    (out / LEDGER).write_text(json.dumps(told), encoding="utf-8")
    (out / LEDGER).with_suffix(".journal").write_text(
        "".join(json.dumps([name, made[name][0]]) + "\n" for name in names), encoding="utf-8"
    )
    assert list(read_ledger(out, "plain").names()) == ["b"]
    assert call("build", article, out).code == 0
    assert victim.exists()


def test_a_build_that_is_killed_at_any_moment_leaves_nothing_that_the_next_does_not_know(tmp_path: Path) -> None:
    chance, seeds, out = random.Random(11), tmp_path / "seeds", tmp_path / "out"
    write_articles(seeds, *(f"{number}.txt" for number in range(12)))
    run("build", seeds, out, "-q")
    for round_ in range(4):
        for path in seeds.iterdir():
            path.write_text(ARTICLE.replace("Selmoor", f"Selmoor {round_} {path.stem}"), encoding="utf-8")
        before = (out / "0/index.html").read_bytes()
        process = start("build", seeds, out, "-q", "--jobs", 1)
        while process.poll() is None and (out / "0/index.html").read_bytes() == before:
            time.sleep(0.002)  # until it writes
        time.sleep(chance.random() * 0.15)
        process.kill()
        process.communicate(timeout=60)
        if round_ % 2:  # the next build is of other articles: what the killed one wrote is nobody's any more
            for path in seeds.iterdir():
                path.write_text(ARTICLE.replace("Selmoor", f"Isk {round_} {path.stem}"), encoding="utf-8")
        assert run("build", seeds, out, "-q") == (0, "", "")
    assert run("build", seeds, tmp_path / "fresh", "-q").code == 0
    assert contents(out) == contents(tmp_path / "fresh")
    assert (out / LEDGER).read_bytes() == (tmp_path / "fresh" / LEDGER).read_bytes()
    assert not (out / LEDGER).with_suffix(".journal").exists()


def test_a_build_with_nothing_to_do_says_so_and_loads_no_model(call: Call, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert "up to date" not in call("build", article, out).err
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    ended = run("build", article, out, PYTHONPROFILEIMPORTTIME="1")
    assert ended.err.splitlines()[-1] == f"1 brief, up to date: open {out}/index.html"
    assert "onnxruntime" not in ended.err
    assert call("build", article, out, "--threads", 2, "--jobs", 3).err == ended.err.splitlines()[-1] + "\n"
    assert call("build", article, out, "-q") == (0, "", "")
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


@pytest.mark.parametrize(
    "change",
    [
        "echo >> seeds/dam.txt",
        "mv seeds/dam.txt seeds/lake.txt",
        "cp seeds/dam.txt seeds/lake.txt",
        "echo >> mine/summary.txt.j2",
        "echo '{{ page.dek }}' > mine/card.txt.j2",
        "rm out/dam/brief.md",
        "echo >> out/dam/brief.md",
        "rm out/.briefs-plain.json",
        'sed -i \'s/"inputs": "./"inputs": "x/\' out/.briefs-plain.json',
        'echo half > out/.briefs-plain.journal; echo \'["a", "b"]\' >> out/.briefs-plain.journal',
    ],
)
def test_whatever_changes_there_is_something_to_do(change: str, call: Call, tmp_path: Path) -> None:
    write_articles(tmp_path / "seeds", "dam.txt")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/summary.txt.j2").write_text("{{ page.summary }}", encoding="utf-8")
    asked = ("build", tmp_path / "seeds", tmp_path / "out", "--templates", tmp_path / "mine")
    call(*asked)
    assert "up to date" in call(*asked).err
    subprocess.run(["bash", "-c", change], cwd=tmp_path, check=True)
    assert "up to date" not in call(*asked).err
    call(*asked, "--force")
    assert "up to date" in call(*asked).err


@pytest.mark.parametrize(
    "option", [("--title", "Dams"), ("--language", "any"), ("--evidence", "full"), ("--target", "hugo")]
)
def test_another_option_is_something_to_do(option: tuple[str, ...], call: Call, article: Path, tmp_path: Path) -> None:
    call("build", article, tmp_path)
    assert "up to date" in call("build", article, tmp_path).err
    assert "up to date" not in call("build", article, tmp_path, *option).err
    assert "up to date" in call("build", article, tmp_path, *option).err


def test_a_date_for_what_has_none_is_something_to_do(
    call: Call, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("build", article, tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert "up to date" not in call("build", article, tmp_path).err


def test_an_article_that_fails_is_tried_again(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "dam.txt")
    (seeds / "notes.txt").write_text("Notes\n", encoding="utf-8")
    for _ in range(2):
        ended = call("build", seeds, tmp_path / "out")
        assert (ended.code, "notes.txt:1:6" in ended.err) == (1, True)


def test_a_change_by_hand_that_keeps_the_size_is_noticed(call: Call, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    call("build", article, out)
    path = out / "selmoor-dam/summary.txt"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"dam", b"dog"))
    ended = call("build", article, out)
    assert (ended.code, f"{path}: not as a build left it" in ended.err) == (1, True)
    path.write_bytes(content)
    assert "up to date" not in call("build", article, out).err  # the last one did not go well
    path.write_bytes(content)
    assert "up to date" in call("build", article, out).err  # newer, and the same
    assert path.stat().st_mtime_ns < (out / LEDGER).stat().st_mtime_ns
