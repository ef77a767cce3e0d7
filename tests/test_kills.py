"""A build may be killed at any moment, and several may be started at once: the site stays whole, and heals."""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from pathlib import Path

import pytest
from commands import ROOT, output_of, start
from test_site import write_articles
from trusted import HOW_MANY, Call, Changed, check_whole, tree

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and signals")


def killed_at(numbers: list[int], site: Changed, *command: object) -> list[int]:
    """Run a command in copies of a site, each up to a change of its number; return how many changes there were in each."""
    for place in range(len(numbers)):
        shutil.copytree(site.out, f"{site.out}-{place}")
    script = (sys.executable, ROOT / "tests/killed.py", site.out, ",".join(map(str, numbers)))
    said = output_of(*script, *(command or ("build", site.seeds, "OUT", *site.kept)))
    return json.loads(said.splitlines()[-1])


def test_a_build_that_is_killed_before_any_change_that_it_makes_leaves_a_site_that_heals(
    site: Changed, call: Call, tmp_path: Path
) -> None:
    (whole,) = killed_at([-1], site)
    assert whole > 4 * HOW_MANY
    assert tree(Path(f"{site.out}-0")) == site.new
    shutil.rmtree(f"{site.out}-0")
    others = write_articles(tmp_path / "others", *(f"{number:02}.txt" for number in range(HOW_MANY)), "new.txt")
    (others / "07.txt").unlink()
    assert call("build", others, tmp_path / "otherwise", *site.kept) == (0, "", "")
    otherwise = tree(tmp_path / "otherwise")
    chance = random.Random(7)
    numbers = [1, 2, 3, 4, *sorted(chance.sample(range(5, whole - 4), 12)), *range(whole - 4, whole + 1)]
    assert killed_at(numbers, site) == [number - 1 for number in numbers]
    for place, number in enumerate(numbers):
        out = Path(f"{site.out}-{place}")
        check_whole(out, site.old, site.new)
        seeds, healed = (others, otherwise) if place % 2 else (site.seeds, site.new)
        assert call("build", seeds, out, *site.kept) == (0, "", ""), number
        assert tree(out) == healed, number


def test_nothing_is_left_of_a_folder_that_a_killed_build_was_about_to_make(
    site: Changed, call: Call, tmp_path: Path
) -> None:
    (whole,) = killed_at([-1], site)
    shutil.rmtree(f"{site.out}-0")
    before = write_articles(tmp_path / "before", *(f"{number:02}.txt" for number in range(HOW_MANY)))
    numbers = list(range(whole - 80, whole + 1, 4))
    killed_at(numbers, site)
    for place, number in enumerate(numbers):
        out = Path(f"{site.out}-{place}")
        assert call("build", before, out, *site.kept) == (0, "", ""), number
        assert tree(out) == site.old, number


def test_nothing_is_left_of_a_folder_that_a_killed_build_was_about_to_remove(site: Changed, call: Call) -> None:
    for name in ("03", "05", "07"):
        (site.seeds / f"{name}.txt").unlink()
    (whole,) = killed_at([-1], site)
    fewer = tree(Path(f"{site.out}-0"))
    shutil.rmtree(f"{site.out}-0")
    numbers = list(range(whole - 20, whole + 1))
    killed_at(numbers, site)
    for place, number in enumerate(numbers):
        out = Path(f"{site.out}-{place}")
        check_whole(out, site.old, site.new, fewer)
        assert call("build", site.seeds, out, *site.kept) == (0, "", "")
        assert tree(out) == fewer, number


@pytest.mark.parametrize("jobs", [1, 2], ids=["mostly writes", "mostly parses"])
def test_a_build_that_is_killed_at_any_moment_leaves_a_site_that_heals(
    jobs: int, changed: Changed, call: Call, tmp_path: Path
) -> None:
    chance = random.Random(jobs)
    whole = 0.0
    for round_ in range(4):
        site = changed.copy(tmp_path / str(round_))
        if jobs > 1:
            shutil.rmtree(site.cache)
        asked = ("build", site.seeds, site.out, "--jobs", jobs, *site.kept)
        for delay in (chance.uniform(0.3, 1), chance.uniform(0.3, 1)):  # the second finds what the first has left
            began = time.monotonic()
            process = start(*asked)
            if whole:
                time.sleep(delay * whole)
                process.kill()
            process.communicate(timeout=60)
            whole = whole or time.monotonic() - began
            check_whole(site.out, site.old, site.new)
        assert call("build", site.seeds, site.out, *site.kept) == (0, "", "")
        assert tree(site.out) == site.new


def test_after_a_clean_that_is_killed_the_next_one_removes_the_rest_and_a_build_makes_the_site_anew(
    site: Changed, call: Call
) -> None:
    (whole,) = killed_at([-1], site, "clean", "OUT")
    assert whole > 4 * HOW_MANY
    assert tree(Path(f"{site.out}-0")) == {}
    shutil.rmtree(f"{site.out}-0")
    numbers = [1, *sorted(random.Random(7).sample(range(2, whole), 8)), whole - 1, whole]
    killed_at(numbers, site, "clean", "OUT")
    for place, number in enumerate(numbers):
        out = Path(f"{site.out}-{place}")
        check_whole(out, site.old)
        if place % 2:
            assert call("clean", out).code == 0
            assert tree(out) == {}, number
        else:
            assert call("build", site.seeds, out, *site.kept) == (0, "", "")
            assert tree(out) == site.new, number


def test_of_builds_that_are_started_at_once_one_is_done_and_the_others_say_why_not(
    changed: Changed, tmp_path: Path
) -> None:
    site = changed.copy(tmp_path / "site")
    busy = f"error: {site.out}: another build is writing there; expected to be alone\n".encode()
    processes = [start("build", site.seeds, site.out, "-q", "--jobs", 1) for _ in range(3)]
    ended = [(*process.communicate(timeout=60), process.returncode) for process in processes]
    assert set(ended) <= {(b"", b"", 0), (b"", busy, 1)}
    assert (b"", b"", 0) in ended
    assert tree(site.out) == site.new


def test_builds_into_several_folders_share_a_cache_at_once(changed: Changed, tmp_path: Path) -> None:
    site = changed.copy(tmp_path / "site")
    shutil.rmtree(site.cache)
    outs = [tmp_path / f"{number}/out" for number in range(3)]
    processes = [start("build", site.seeds, out, *site.kept, "--jobs", 1) for out in outs]
    assert [(*process.communicate(timeout=60), process.returncode) for process in processes] == [(b"", b"", 0)] * 3
    assert [tree(out) for out in outs] == [site.new] * 3
    assert not list(site.cache.rglob(".briefs-*.tmp"))
