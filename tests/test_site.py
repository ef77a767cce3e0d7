"""A build writes whole files, the same for the same seeds, only what changed, and nothing but what it says."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import ARTICLE, Outcome, run, start
from hypothesis import given, settings
from hypothesis import strategies as st
from whole import build_site

from briefs.errors import BuildError
from briefs.schema import Brief
from briefs.seeds import Options, Seed, find_seeds, plan
from briefs.slugs import slugify

Call = Callable[..., Outcome]
LEDGER = re.compile(r"\.briefs-[a-z]+\.(json|journal)")
ARTIFACTS = {"evidence.html", "index.html", "brief.md", "summary.txt", "brief.json"}
HOW_MANY = 40


def write_articles(folder: Path, *names: str) -> Path:
    """Write an article into the folder for each name, each with a headline of its own."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ARTICLE.replace("Selmoor holds", f"Selmoor holds {name}"), encoding="utf-8")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder but the ledger, by its path there."""
    found = [path for path in folder.rglob("*") if path.is_file() and not LEDGER.fullmatch(path.name)]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of so many articles that a build can be stopped on its way."""
    return write_articles(tmp_path_factory.mktemp("many"), *(f"{number:02}.txt" for number in range(HOW_MANY)))


@pytest.fixture(scope="module")
def built(many: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what a build of `many` that nobody stops writes."""
    out = tmp_path_factory.mktemp("built")
    ended = run("build", many, out, "--quiet")
    assert ended == (0, "", "")
    return contents(out)


def read_lines(process: subprocess.Popen[bytes], count: int) -> bytes:
    """Return so many lines that a build says of its progress, when it has said them."""
    assert process.stderr is not None
    return b"".join(process.stderr.readline() for _ in range(count))


def wait_for(path: Path) -> None:
    for _ in range(6000):
        if path.exists():
            return
        time.sleep(0.01)
    raise AssertionError(path)


def test_a_build_writes_five_files_a_seed_a_list_and_a_stylesheet(call: Call, tmp_path: Path) -> None:
    write_articles(tmp_path / "seeds", "One.txt", "sub/two.txt")
    ended = call("build", tmp_path / "seeds", tmp_path / "out")
    written = {f"{slug}/{name}" for slug in ("one", "two") for name in ARTIFACTS} | {"index.html", "style.css"}
    written |= {f"actors/{name}.html" for name in ("ana-ruiz", "isk-valley-water", "index")} | {"archive/undated.html"}
    assert (ended.code, ended.out) == (0, "")
    assert set(contents(tmp_path / "out")) == written
    assert ended.err.splitlines() == [
        f"[1/2] {tmp_path}/seeds/One.txt -> {tmp_path}/out/one",
        f"[2/2] {tmp_path}/seeds/sub/two.txt -> {tmp_path}/out/two",
        f"2 briefs: open {tmp_path}/out/index.html",
    ]


def test_the_list_links_to_every_brief_and_each_brief_to_the_list_and_the_stylesheet(built: dict[str, bytes]) -> None:
    links = set(re.findall(r'href="([^"#]+)"', built["index.html"].decode()))
    assert {link.removesuffix("index.html").strip("/") for link in links} >= {
        f"{number:02}" for number in range(HOW_MANY)
    }
    page = built["07/index.html"].decode()
    assert 'href="../style.css"' in page
    assert 'href="../index.html"' in page


def test_the_title_of_the_list_is_an_option(call: Call, article: Path, tmp_path: Path) -> None:
    call("build", article, tmp_path / "out", "--title", "Dams & <rivers>")
    assert "<title>Dams &amp; &lt;rivers&gt;</title>" in (tmp_path / "out/index.html").read_text(encoding="utf-8")


def test_seeds_and_out_are_the_folders_that_are_built_if_none_is_named(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_articles(tmp_path / "seeds", "one.txt")
    assert call("build", "--quiet") == (0, "", "")
    assert (tmp_path / "out/one/index.html").is_file()


def test_one_file_is_a_seed_whatever_its_name(call: Call, article: Path, tmp_path: Path) -> None:
    article.rename(tmp_path / "dam.article")
    assert call("build", tmp_path / "dam.article", tmp_path / "out").code == 0
    assert (tmp_path / "out/dam/index.html").is_file()


def test_a_second_build_touches_no_file(call: Call, tmp_path: Path) -> None:
    write_articles(tmp_path / "seeds", "one.txt", "two.txt")
    call("build", tmp_path / "seeds", tmp_path / "out")
    before = {path: path.stat() for path in (tmp_path / "out").rglob("*")}
    assert call("build", tmp_path / "seeds", tmp_path / "out").code == 0
    after = {path: path.stat() for path in (tmp_path / "out").rglob("*")}
    assert {p: (s.st_mtime_ns, s.st_ino) for p, s in after.items()} == {
        p: (s.st_mtime_ns, s.st_ino) for p, s in before.items()
    }


def test_a_build_writes_what_changed(call: Call, tmp_path: Path) -> None:
    write_articles(tmp_path / "seeds", "one.txt", "two.txt")
    call("build", tmp_path / "seeds", tmp_path / "out")
    one, two = tmp_path / "out/one/brief.json", tmp_path / "out/two/brief.json"
    before = two.stat().st_mtime_ns
    (tmp_path / "seeds/one.txt").write_text(ARTICLE.replace("Ana Ruiz", "Eva Lund"), encoding="utf-8")
    call("build", tmp_path / "seeds", tmp_path / "out")
    assert "Eva Lund" in one.read_text(encoding="utf-8")
    assert two.stat().st_mtime_ns == before


def test_the_same_seeds_give_the_same_bytes_wherever_they_lie_and_in_any_order(tmp_path: Path) -> None:
    names = ["b.txt", "a.txt", "c/a.txt", "d.txt"]
    for place in ("here", "there/and/far"):
        write_articles(tmp_path / place / "seeds", *names)
        seeds, _ = find_seeds(tmp_path / place / "seeds", tmp_path / place / "out")
        if place != "here":
            random.shuffle(seeds)
        assert [result.error for result in build_site(seeds, tmp_path / place / "out", Options())] == [None] * 4
    here, there = contents(tmp_path / "here/out"), contents(tmp_path / "there/and/far/out")
    here.pop("index.html")
    there.pop("index.html")  # the list keeps the order of what it is given
    assert here == there
    assert {Brief.model_validate_json(here[f]).origin.path for f in here if f.endswith(".json")} == set(names)


def test_a_build_gives_the_same_bytes_with_other_threads_hash_seed_and_locale(
    many: Path, built: dict[str, bytes], tmp_path: Path
) -> None:
    ended = run(
        "build", many, tmp_path, "-q", "--threads", 2, PYTHONHASHSEED="1", LC_ALL="C", PYTHONUTF8="0", TZ="Asia/Tokyo"
    )
    assert ended == (0, "", "")
    assert contents(tmp_path) == built


def test_a_seed_that_fails_does_not_stop_the_others_and_is_named_at_the_end(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "a.txt", "z.txt")
    (seeds / "empty.txt").write_bytes(b"")
    (seeds / "lost.txt").symlink_to("nowhere")
    ended = call("build", seeds, tmp_path / "out")
    assert ended.code == 1
    assert ended.err.splitlines()[-3:] == [
        f"error: {seeds}/empty.txt:1:1: an empty file; expected a title line and paragraphs",
        f"error: {seeds}/lost.txt:1:1: no such file or directory; expected a file that can be read",
        f"2 briefs, 2 failed: open {tmp_path}/out/index.html",
    ]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        ".briefs-plain.json",
        "a",
        "z",
        "actors",
        "archive",
        "index.html",
        "style.css",
    }


def test_a_strict_build_writes_nothing_where_an_article_or_a_template_for_one_fails(call: Call, tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "a.txt", "b.txt", "c.txt"), tmp_path / "out"
    assert call("build", seeds, out, "--strict", "-q") == (0, "", "")
    before, ledger = contents(out), (out / ".briefs-plain.json").read_bytes()
    write_articles(seeds, "d.txt")
    (seeds / "b.txt").write_bytes(b"")
    ended = call("build", seeds, out, "--strict")
    assert ended.code == 1
    assert ended.err.splitlines()[3:] == [
        f"error: {seeds}/b.txt:1:1: an empty file; expected a title line and paragraphs",
        "error: nothing was written, as --strict asks",
    ]
    write_articles(seeds, "b.txt")
    (tmp_path / "mine/site").mkdir(parents=True)
    broken = tmp_path / "mine/summary.txt.j2"
    broken.write_text("{{ 1 // ('b.txt' not in page.headline) }}", encoding="utf-8")
    ended = call("build", seeds, out, "--strict", "-q", "--templates", broken.parent)
    assert (ended.code, ended.err.splitlines()) == (
        1,
        [
            f"error: {seeds}/b.txt: {broken}:1: ZeroDivisionError: integer division or modulo by zero",
            "error: nothing was written, as --strict asks",
        ],
    )
    broken.rename(tmp_path / "mine/site/list.txt.j2")
    ended = call("build", seeds, out, "--strict", "-q", "--templates", broken.parent)
    assert (ended.code, ended.err) == (1, f"error: {tmp_path}/mine/site/list.txt.j2:1: 'page' is undefined\n")
    assert (contents(out), (out / ".briefs-plain.json").read_bytes()) == (before, ledger)
    assert call("build", seeds, out, "--strict").err.endswith(f"4 briefs: open {out}/index.html\n")


def test_a_quiet_build_prints_errors_only(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "a.txt")
    (seeds / "notes.doc").write_bytes(b"")
    assert call("build", seeds, tmp_path / "out", "-q").err == ""
    (seeds / "b.txt").write_bytes(b"")
    assert call("build", seeds, tmp_path / "out", "-q").err.count("\n") == 1


def test_nothing_to_list_leaves_the_old_list_alone(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "a.txt")
    call("build", seeds, tmp_path / "out")
    before = contents(tmp_path / "out")
    (seeds / "a.txt").write_bytes(b"")
    assert call("build", seeds, tmp_path / "out").code == 1
    assert contents(tmp_path / "out") == before


def test_hidden_and_other_files_are_no_seeds_and_the_latter_are_mentioned(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "a.txt", ".b.txt", ".git/c.txt", "D.TXT")
    for name in ("notes.doc", "pix.png"):
        (seeds / name).write_bytes(b"")
    os.mkfifo(seeds / "pipe.txt")
    ended = call("build", seeds, tmp_path / "out")
    assert ended.code == 0
    assert f"not read: {seeds}/notes.doc and 1 more; their names do not end as those of articles do\n" in ended.err
    assert {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()} == {"a", "actors", "archive", "d"}


def test_a_build_into_a_folder_among_the_seeds_never_reads_what_it_wrote(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_articles(tmp_path, "a.txt", "more/b.txt"))
    assert call("build", ".", "more/out").code == 0
    before = contents(tmp_path)
    assert call("build", ".", "more/out").err == "2 briefs, up to date: open more/out/index.html\n"
    assert call("build", ".", "more/out", "--title", "x").err.count(" -> ") == 2
    assert call("build", ".", "more/out").code == 0
    assert call("build", tmp_path, "more/../more/out").code == 0
    assert contents(tmp_path) == before


def test_a_build_into_the_folder_of_seeds_itself_is_refused(call: Call, tmp_path: Path) -> None:
    write_articles(tmp_path, "a.txt")
    before = contents(tmp_path)
    ended = call("build", tmp_path, tmp_path)
    assert (ended.code, contents(tmp_path)) == (2, before)
    assert "the folder of seeds itself" in ended.err


def test_a_brief_is_never_written_over_a_seed(call: Call, tmp_path: Path) -> None:
    write_articles(tmp_path / "a", "a.txt", "summary.txt")
    before = contents(tmp_path)
    ended = call("build", tmp_path / "a", tmp_path)
    assert (ended.code, contents(tmp_path)) == (1, before)
    assert f"{tmp_path}/a/summary.txt: a brief would be written over this seed" in ended.err


def test_folders_without_seeds_are_errors_and_nothing_is_made(call: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = call("build", tmp_path / "none", tmp_path / "out")
    assert (ended.code, ended.err[:6]) == (2, "error:")
    assert "none: no such folder; expected a folder of articles" in ended.err
    assert (
        "empty: no seeds; expected files that end in .atom .htm"
        in call("build", tmp_path / "empty", tmp_path / "out").err
    )
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_is_an_error(call: Call, article: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert call("build", article, file).code == 2
    ended = call("build", article, file / "out")
    assert (ended.code, ended.err) == (1, f"error: {file / 'out'}: cannot be written: not a directory\n")
    (tmp_path / "out/selmoor-dam/brief.md").mkdir(parents=True)
    ended = call("build", article, tmp_path / "out")
    assert ended.code == 1
    assert ended.err.endswith(f"\nerror: {tmp_path}/out/selmoor-dam/brief.md: cannot be written: is a directory\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere and read anything")
def test_a_folder_without_permission_is_an_error(call: Call, article: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o000)
    assert call("build", article, locked / "out").err.endswith("cannot be written: permission denied\n")
    assert call("build", tmp_path, tmp_path / "out").err.endswith("cannot be read: permission denied\n")
    locked.chmod(0o700)


def test_a_disk_that_is_full_is_an_error_and_leaves_no_half_file(article: Path, tmp_path: Path) -> None:
    ended = run("build", article, tmp_path / "out", shell="ulimit -f 1; COMMAND -q", PYTHONDONTWRITEBYTECODE="1")  # kB
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith(": cannot be written: file too large; expected room for what is parsed, see --cache\n")
    assert contents(tmp_path / "out") == {}


def test_a_template_broken_for_all_stops_the_build_and_one_broken_for_one_does_not(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "a.txt", "b.txt", "c.txt")
    template = tmp_path / "summary.txt.j2"
    template.write_text("{{ nope }}", encoding="utf-8")
    ended = call("build", seeds, tmp_path / "out", "--templates", tmp_path)
    assert (ended.code, ended.err) == (1, f"error: {template}:1: 'nope' is undefined\n")
    assert contents(tmp_path / "out") == {}
    template.write_text("{{ 1 // ('b.txt' not in page.headline) }}", encoding="utf-8")
    ended = call("build", seeds, tmp_path / "out", "--templates", tmp_path)
    assert ended.code == 1
    assert f"error: {seeds}/b.txt: {template}:1: ZeroDivisionError" in ended.err
    assert {path.parent.name for path in (tmp_path / "out").glob("*/summary.txt")} == {"a", "c"}
    assert not (tmp_path / "out/b").exists()


def test_a_list_that_cannot_be_written_is_not_announced(call: Call, article: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html.j2").write_text("{{ nope }}", encoding="utf-8")
    ended = call("build", article, tmp_path / "out", "--templates", tmp_path)
    assert ended.code == 1
    assert ended.err.splitlines()[1:] == [f"error: {tmp_path}/site/index.html.j2:1: 'nope' is undefined"]
    assert not (tmp_path / "out/index.html").exists()


def test_names_cannot_write_to_the_terminal_and_reach_the_record_as_text(call: Call, tmp_path: Path) -> None:
    name = "a\n\x1b[31m" + os.fsdecode(b"\xff") + ".txt"
    seeds = write_articles(tmp_path / "seeds", "plain.txt")
    (seeds / "plain.txt").rename(seeds / name)
    ended = call("build", seeds, tmp_path / "out")
    assert ended.code == 0
    assert f"{seeds}/a\\n\\x1b[31m\\xff.txt -> " in ended.err
    (path,) = (tmp_path / "out").glob("*/brief.json")
    assert Brief.model_validate_json(path.read_bytes()).origin.path == "a\n\x1b[31m\\xff.txt"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_build_that_is_stopped_ends_at_once_and_leaves_the_old_site(
    number: signal.Signals, code: int, many: Path, tmp_path: Path
) -> None:
    (tmp_path / "00").mkdir()
    (tmp_path / "00/index.html").write_bytes(b"what an earlier build wrote")
    process = start("build", many, tmp_path)
    said = read_lines(process, 3)
    asked = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (code, b"")
    assert re.search(rb"^stopped after \d+ of 40 files; nothing was written\n\Z", said + err, re.MULTILINE)
    assert time.monotonic() - asked < 3  # a second at most on a machine with nothing else to do
    assert contents(tmp_path) == {"00/index.html": b"what an earlier build wrote"}


def test_a_build_heals_what_a_killed_one_left(many: Path, built: dict[str, bytes], tmp_path: Path) -> None:
    process = start("build", many, tmp_path, "--quiet")
    wait_for(tmp_path / "02/index.html")
    process.kill()
    process.communicate(timeout=60)
    left = {name: content for name, content in contents(tmp_path).items() if not name.endswith(".tmp")}
    assert left.items() <= built.items()
    (tmp_path / ".briefs-1.tmp").write_bytes(b"half a fi")
    (tmp_path / "02/.briefs-1.tmp").write_bytes(b"half a fi")
    (tmp_path / "01/brief.md").write_bytes(b"")
    assert run("build", many, tmp_path, "--quiet") == (0, "", "")
    assert contents(tmp_path) == built


def test_two_builds_do_not_write_to_the_same_folder(many: Path, call: Call, tmp_path: Path) -> None:
    process = start("build", many, tmp_path)
    read_lines(process, 1)
    ended = call("build", many, tmp_path)
    process.terminate()
    process.communicate(timeout=60)
    assert ended == (1, "", f"error: {tmp_path}: another build is writing there; expected to be alone\n")


def test_a_build_goes_on_when_nobody_reads_its_messages(article: Path, tmp_path: Path) -> None:
    assert run("build", article, tmp_path / "out", shell="COMMAND 2>&1 | true").code == 0
    assert {path.name for path in (tmp_path / "out/selmoor-dam").iterdir()} == ARTIFACTS


def test_files_of_others_in_the_folder_stay(call: Call, article: Path, tmp_path: Path) -> None:
    for name in ("CNAME", "selmoor-dam/photo.jpg", ".nojekyll"):
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_bytes(b"mine")
    call("build", article, tmp_path / "out")
    assert list(contents(tmp_path / "out").values()).count(b"mine") == 3


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), max_size=12))
@settings(max_examples=60, deadline=None)
def test_every_seed_has_a_folder_of_its_own_with_a_safe_name(names: list[str]) -> None:
    slugs = [seed.slug for seed in plan((Path(name), name) for name in names)]
    assert len(set(slugs)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,88})", slug) for slug in slugs)
    assert not {"con", "prn", "aux", "nul", "com1", "lpt9"} & set(slugs)


def test_slugs_are_those_of_the_names_and_told_apart_by_a_hash_of_the_path() -> None:
    names = ["a/One.txt", "b/one.txt", "c/ONE.txt"]
    first, *others = [seed.slug for seed in plan((Path("/anywhere") / name, name) for name in names)]
    assert first == "one"
    assert all(re.fullmatch("one-[0-9a-f]{8}", slug) for slug in others)
    assert slugify("x" * 300) == "x" * 80


def test_a_build_needs_no_command_line(article: Path, tmp_path: Path) -> None:
    (result,) = build_site([Seed(path=article, name="dam.txt", slug="dam")], tmp_path / "out", Options(title="Dams"))
    assert result.error is None
    assert result.entry is not None
    assert result.entry.brief.origin.path == "dam.txt"
    with pytest.raises(BuildError, match="no such folder"):
        find_seeds(tmp_path / "none", tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
