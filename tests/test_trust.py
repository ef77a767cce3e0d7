"""Disks that are full or read-only, and articles that change while they are read: the site stays whole, and heals."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commands import ARTICLE, run, start
from test_site import read_lines
from trusted import HOW_MANY, Call, Changed, as_anybody, check_healed, check_whole, needs_mounts, tree


def error_of(err: str, out: Path) -> str:
    """Return the reason why something in a folder cannot be written, which is all that was said."""
    found = re.fullmatch(rf"error: {re.escape(str(out))}(/\S+)?: cannot be written: ([a-z -]+)\n", err)
    assert found, err
    return found[2]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_file_that_grows_too_large_to_write_leaves_a_site_that_heals(share: float, site: Changed, call: Call) -> None:
    sizes = sorted(len(content) for name, content in site.new.items() if content and content != site.old.get(name))
    limit = max(1, (sizes[int(share * len(sizes))] - 1) // 1024)  # kB
    alone = f"ulimit -f {limit}; COMMAND"
    ended = run("build", site.seeds, site.out, *site.kept, shell=alone, PYTHONDONTWRITEBYTECODE="1")
    assert (ended.code, error_of(ended.err, site.out)) == (1, "file too large")
    check_whole(site.out, site.old, site.new)
    assert not list(site.out.rglob(".briefs-*.tmp"))
    assert call("build", site.seeds, site.out, *site.kept) == (0, "", "")
    assert tree(site.out) == site.new


@pytest.mark.parametrize("spare", [0, 4, 16])  # kB, of the 30 that the new article takes
def test_a_disk_that_is_full_leaves_a_site_that_heals_as_soon_as_there_is_space(spare: int, site: Changed) -> None:
    needs_mounts()
    disk, left, healed = (site.out.with_name(name) for name in ("disk", "left", "healed"))
    disk.mkdir()
    # The disk is that of the command alone, and gone with it.
    script = f"""
        set -e
        mount -t tmpfs -o size=64m none {disk}
        cp -r {site.out}/. {disk}
        mount -o remount,size=$(($(df --output=used -k {disk} | tail -1) + {spare}))k {disk}
        code=0
        "$@" || code=$?
        cp -r {disk} {left}
        mount -o remount,size=64m {disk}
        "$@"
        cp -r {disk} {healed}
        exit $code
    """
    shell = f"unshare --map-root-user --mount bash -c '{script}' bash COMMAND"
    ended = run("build", site.seeds, disk, *site.kept, shell=shell)
    assert (ended.code, error_of(ended.err, disk)) == (1, "no space left on device")
    check_whole(left, site.old, site.new)
    assert tree(healed) == site.new


def test_a_read_only_file_system_is_an_error_where_something_would_change_and_none_where_nothing_would(
    site: Changed, call: Call
) -> None:
    needs_mounts()
    script = f'mount --bind {site.out} {site.out} && mount -o remount,bind,ro {site.out} && "$@"'
    shell = f"unshare --map-root-user --mount bash -c '{script}' bash COMMAND"
    ended = run("build", site.seeds, site.out, *site.kept, shell=shell)
    assert (ended.code, error_of(ended.err, site.out)) == (1, "read-only file system")
    assert tree(site.out) == site.old
    assert call("build", site.seeds, site.out, *site.kept) == (0, "", "")
    assert tree(site.out) == site.new
    ended = run("build", site.seeds, site.out, shell=shell)
    assert (ended.code, ended.err) == (0, f"{HOW_MANY + 1} briefs, up to date: open {site.out}/index.html\n")


def test_what_cannot_be_removed_is_an_error_of_clean_that_names_it(site: Changed, call: Call) -> None:
    bound = as_anybody(site.seeds.parent)
    with locked(site.out / "06"):
        ended = run("clean", site.out, shell=bound)
    assert (ended.code, ended.out) == (1, "")
    assert re.fullmatch(rf"error: {re.escape(str(site.out))}/06/\S+: cannot be removed: permission denied\n", ended.err)
    check_whole(site.out, site.old)
    assert call("clean", site.out).code == 0
    assert tree(site.out) == {}


@contextmanager
def locked(*folders: Path) -> Iterator[None]:
    """Take the right to write in folders, while the context lasts."""
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


@pytest.mark.parametrize("where", [".", "06", "actors"])
def test_a_folder_in_which_nothing_may_be_written_is_an_error(where: str, site: Changed, call: Call) -> None:
    bound = as_anybody(site.seeds.parent)
    with locked(site.out / where):
        ended = run("build", site.seeds, site.out, *site.kept, shell=bound)
    assert (ended.code, error_of(ended.err, site.out)) == (1, "permission denied")
    assert where == "." or f"/{where}/" in ended.err
    check_whole(site.out, site.old, site.new)
    assert call("build", site.seeds, site.out, *site.kept) == (0, "", "")
    assert tree(site.out) == site.new


def test_an_article_that_may_not_be_read_is_an_error_of_this_article_alone(site: Changed, call: Call) -> None:
    (site.seeds / "02.txt").chmod(0)
    ended = run("build", site.seeds, site.out, *site.kept, shell=as_anybody(site.seeds.parent))
    reason = "permission denied; expected a file that can be read"
    assert (ended.code, ended.err) == (1, f"error: {site.seeds}/02.txt:1:1: {reason}\n")
    after = tree(site.out)
    assert after["02/brief.json"] == site.old["02/brief.json"]
    assert [after[f"{name}/brief.json"] for name in ("00", "new")] == [
        site.new[f"{name}/brief.json"] for name in ("00", "new")
    ]
    (site.seeds / "02.txt").chmod(0o644)
    assert call("build", site.seeds, site.out, *site.kept) == (0, "", "")
    assert tree(site.out) == site.new


def test_a_cache_in_which_nothing_may_be_written_costs_time_and_nothing_else(site: Changed, call: Call) -> None:
    (site.seeds / "00.txt").write_text(ARTICLE, encoding="utf-8")
    kept, bound = tree(site.cache), as_anybody(site.seeds.parent)
    with locked(site.cache, *(path for path in site.cache.iterdir() if path.is_dir())):
        assert run("build", site.seeds, site.out, *site.kept, shell=bound) == (0, "", "")
    assert tree(site.cache) == kept
    check_healed(call, site.seeds, site.out, *site.kept)


def build_and_meanwhile(change: Callable[[], object], site: Changed, *options: object) -> tuple[int, str]:
    """Build, change something once the first article is read, and return the exit code and what was said in the end."""
    process = start("build", site.seeds, site.out, *options)
    read_lines(process, 1)
    change()
    _, err = process.communicate(timeout=60)
    said = "".join(line for line in err.decode().splitlines(keepends=True) if not line.startswith("["))
    return process.returncode, said


def keep_busy(site: Changed) -> None:
    """Make two early articles long: while they are parsed, the last ones are not read yet, whatever else this machine does."""
    for name in ("03.txt", "04.txt"):
        path = site.seeds / name
        title, _, story = path.read_text(encoding="utf-8").partition("\n\n")
        path.write_text("\n\n".join([title, *[story.strip()] * 100]) + "\n", encoding="utf-8")


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("change", "found", "jobs"),
    [
        (Path.unlink, "no such file or directory; expected a file that can be read", 1),
        (Path.unlink, "no such file or directory; expected a file that can be read", 2),
        (put_folder, "is a directory; expected a file that can be read", 1),
        (lambda path: os.truncate(path, 0), "an empty file; expected a title line and paragraphs", 2),
    ],
    ids=["vanishes-1", "vanishes-2", "becomes a folder", "is truncated"],
)
def test_an_article_that_goes_while_the_build_runs_is_an_error_of_this_article_alone(
    change: Callable[[Path], object], found: str, jobs: int, site: Changed, call: Call
) -> None:
    keep_busy(site)
    last = sorted(site.seeds.iterdir())[-3:-1]
    ended = build_and_meanwhile(lambda: [change(path) for path in last], site, "--jobs", jobs)
    said = [f"error: {site.seeds}/{name}.txt:1:1: {found}\n" for name in ("22", "23")]
    assert ended == (1, "".join(said) + f"23 briefs, 2 failed: open {site.out}/index.html\n")
    after = tree(site.out)
    for name in ("22", "23"):
        assert after[f"{name}/brief.json"] == site.old[f"{name}/brief.json"]
    for name in ("00", "20", "new"):
        assert after[f"{name}/brief.json"] == site.new[f"{name}/brief.json"]
    for path in last:
        if path.is_dir():
            path.rmdir()
        path.unlink(missing_ok=True)
    check_healed(call, site.seeds, site.out, *site.kept)
    assert not (site.out / "23").exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_article_that_is_replaced_while_the_build_runs_is_the_one_or_the_other_and_the_next_build_has_the_new(
    jobs: int, site: Changed, call: Call
) -> None:
    def replace() -> None:
        for name in ("00.txt", "23.txt"):
            put = site.seeds / ".put"
            put.write_text(ARTICLE.replace("Selmoor", "Ostrand"), encoding="utf-8")
            put.replace(site.seeds / name)

    keep_busy(site)
    ended = build_and_meanwhile(replace, site, "--jobs", jobs)
    assert ended == (0, f"25 briefs: open {site.out}/index.html\n")
    assert (site.out / "00/brief.json").read_bytes() == site.new["00/brief.json"]
    assert b"Ostrand" in (site.out / "23/brief.json").read_bytes()
    assert call("build", site.seeds, site.out, *site.kept) == (0, "", "")
    assert b"Ostrand" in (site.out / "00/brief.json").read_bytes()
    check_healed(call, site.seeds, site.out, *site.kept)


def test_a_folder_of_articles_that_goes_while_the_build_runs_takes_no_brief_with_it(site: Changed, call: Call) -> None:
    away = site.seeds.with_name("away")
    code, said = build_and_meanwhile(lambda: site.seeds.rename(away), site, "--jobs", 1)
    assert code == 1
    error = r"error: \S+/seeds/\S+\.txt:1:1: no such file or directory; expected a file that can be read\n"
    assert re.fullmatch(rf"({error})+\d+ briefs?, \d+ failed: open \S+\n", said)
    after = tree(site.out)
    assert all(after[name] in (site.old[name], site.new[name]) for name in site.old if name.endswith("brief.json"))
    left = f"error: {site.seeds}: no such folder; expected a folder of articles, or one article\n"
    assert call("build", site.seeds, site.out) == (2, "", left)
    assert tree(site.out) == after
    away.rename(site.seeds)
    assert call("build", site.seeds, site.out, *site.kept) == (0, "", "")
    assert tree(site.out) == site.new


@pytest.mark.parametrize("then", ["changes", "goes"])
def test_after_a_template_that_changes_while_the_build_runs_the_next_build_has_the_new(
    then: str, site: Changed, call: Call
) -> None:
    template = site.out.with_name("mine") / "summary.txt.j2"
    template.parent.mkdir()
    template.write_text("one", encoding="utf-8")
    change = template.unlink if then == "goes" else lambda: template.write_text("two", encoding="utf-8")
    code, said = build_and_meanwhile(change, site, "--jobs", 1, "--templates", template.parent)
    assert (code, said) == (0, f"25 briefs: open {site.out}/index.html\n")
    check_healed(call, site.seeds, site.out, *site.kept, "--templates", template.parent)
    assert (site.out / "23/summary.txt").read_bytes() == (site.new["23/summary.txt"] if then == "goes" else b"two\n")


def test_where_nothing_at_all_can_be_written_a_build_says_so(site: Changed) -> None:
    ended = run("build", site.seeds, site.out, *site.kept, shell="ulimit -f 0; COMMAND -q", PYTHONDONTWRITEBYTECODE="1")
    assert (ended.code, ended.out) == (1, "")
    assert re.fullmatch(r"error: a temporary folder: cannot be made: .+; expected room for what is parsed\n", ended.err)
    assert tree(site.out) == site.old
