"""A build uses the cores that it is given: those of its affinity and of the quotas of its control groups."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from briefs.cli.arguments import Language, make_options
from briefs.cores import MOST_JOBS, MOST_THREADS, count_cores

V1, V2 = "4:memory:/\n3:cpu,cpuacct:/job/step\n1:name=systemd:/\n0::/\n", "0::/job/step\n"
QUOTAS: dict[str, tuple[dict[str, str], int]] = {
    "no groups": ({}, 64),
    "version 2, no quota": ({"proc/self/cgroup": V2, "sys/fs/cgroup/job/step/cpu.max": "max 100000\n"}, 64),
    "version 2, its own": ({"proc/self/cgroup": V2, "sys/fs/cgroup/job/step/cpu.max": "300000 100000\n"}, 3),
    "version 2, a part of a core more": (
        {"proc/self/cgroup": V2, "sys/fs/cgroup/job/step/cpu.max": "150000 100000\n"},
        2,
    ),
    "version 2, less than a core": ({"proc/self/cgroup": V2, "sys/fs/cgroup/job/step/cpu.max": "5000 100000\n"}, 1),
    "version 2, that of a group above": (
        {
            "proc/self/cgroup": V2,
            "sys/fs/cgroup/job/step/cpu.max": "max 100000\n",
            "sys/fs/cgroup/job/cpu.max": "200000 50000\n",
        },
        4,
    ),
    "version 2, a container's own": ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),
    "version 2, a container in another": (
        {"proc/self/cgroup": "0::/../../other\n", "sys/fs/cgroup/cpu.max": "200000 100000\n"},
        2,
    ),
    "version 1, no quota": (
        {
            "proc/self/cgroup": V1,
            "sys/fs/cgroup/cpu,cpuacct/job/step/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu,cpuacct/job/step/cpu.cfs_period_us": "100000\n",
        },
        64,
    ),
    "version 1, that of a group above": (
        {
            "proc/self/cgroup": V1,
            "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "250000\n",
            "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
        },
        3,
    ),
    "version 1, a container whose folder shows its own group only": (
        {
            "proc/self/cgroup": V1,
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        },
        2,
    ),
    "what nobody understands": (
        {"proc/self/cgroup": V2, "sys/fs/cgroup/job/step/cpu.max": "many\n", "sys/fs/cgroup/job/cpu.max": "1 0\n"},
        64,
    ),
}


@pytest.mark.parametrize("case", QUOTAS)
def test_cores_are_those_of_the_affinity_and_of_the_quotas_of_control_groups(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    files, expected = QUOTAS[case]
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="ascii")
    assert count_cores(tmp_path) == expected


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="needs a system with affinities")
def test_cores_that_a_process_is_kept_from_do_not_count(tmp_path: Path) -> None:
    command = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
    command += "from briefs.cores import count_cores; print(count_cores())"
    assert subprocess.run([sys.executable, "-c", command], capture_output=True, check=True).stdout == b"1\n"
    assert count_cores(tmp_path) == len(os.sched_getaffinity(0))


def test_a_build_shares_the_cores_between_its_jobs_unless_it_is_told_otherwise() -> None:
    cores = count_cores()
    for threads, jobs, shared in (
        (None, 1, (min(cores, MOST_THREADS), 1)),
        (None, 3, (1, 3)),
        (2, 3, (2, 3)),
        (64, None, (64, 1)),
        (1, None, (1, min(cores, MOST_JOBS))),
    ):
        options = make_options(None, Language.en, 1, threads, None, jobs=jobs)
        assert (options.threads, options.jobs) == shared
