"""How much of the machine a process may use: what a container or a job of CI is given is often less than the machine has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from math import ceil
from pathlib import Path, PurePosixPath

MOST_THREADS = 4  # of the model: more do not make an article faster
MOST_JOBS = 16  # unless more are asked for: each takes memory, and one process reads and writes for all of them


def count_cores(root: Path = Path("/")) -> int:
    """Return how many cores this process may use, one at least: by its affinity and by the quotas of its control groups.

    A quota of one and a half cores counts as two. `root` is where `proc` and `sys` are; where they say nothing, as on other
    systems than Linux, there is no quota.
    """
    given = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([given, *(ceil(quota) for quota in _quotas(root))]))


def _quotas(root: Path) -> Iterator[float]:
    """Yield the quotas, in cores, of the groups that this process is in and of those above them."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if not controllers:  # version 2: one tree for all controllers
            for folder in _upwards(root / "sys/fs/cgroup", group):
                yield from _quota(folder, "cpu.max")
        elif "cpu" in controllers.split(","):
            for folder in _upwards(root / "sys/fs/cgroup" / controllers, group):
                yield from _quota(folder, "cpu.cfs_quota_us", "cpu.cfs_period_us")


def _upwards(top: Path, group: str) -> Iterator[Path]:
    """Yield the folder of a group and those above it. In a container, the top may be the group itself, or below it."""
    parts = [part for part in PurePosixPath(group).parts if part not in {"/", ".."}]
    for length in range(len(parts), -1, -1):
        yield top.joinpath(*parts[:length])


def _quota(folder: Path, *names: str) -> Iterator[float]:
    """Yield the quota that files say, if they are there and say one: time in a period, and the period."""
    with suppress(OSError, ValueError, ZeroDivisionError):
        words = [word for name in names for word in (folder / name).read_text(encoding="ascii").split()]
        quota, period = (int(word) for word in words)  # "max" is no number
        if quota > 0:  # nor is -1 a quota
            yield quota / period
