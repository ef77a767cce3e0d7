"""How much faster a build is in several processes.

    python -m benchmarks.jobs [--seeds DIR] [--articles 400] [--runs 3] [--jobs 1 2]

Makes articles of about 5 kB from the paragraphs of the seeds and builds them with each number of jobs in turn, as often as
told, one thread each. Prints the medians: articles per second of wall time, how many times those of the first number that is,
articles per CPU-second of all processes, and the memory of the largest.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.articles import SEEDS, make_articles, read_seeds, write_articles


class Run(NamedTuple):
    """What a build took: seconds by the clock, and of the CPU in all processes."""

    wall: float
    cpu: float


def build(articles: Path, jobs: int) -> Run:
    """Build a site of the articles in a folder."""
    with tempfile.TemporaryDirectory() as out:
        before, start = os.times(), time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "briefs",
            "build",
            str(articles),
            out,
            "--quiet",
            "--no-cache",
            "--threads",
            "1",
        ]
        subprocess.run([*command, "--jobs", str(jobs)], check=True)
        wall, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, spent)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="How much faster a build is in several processes.")
    parser.add_argument("--seeds", type=Path, default=SEEDS, help="folder of articles")
    parser.add_argument("--articles", type=int, default=400, help="how many to build (default: 400)")
    parser.add_argument("--runs", type=int, default=3, help="builds with each number of jobs (default: 3)")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="numbers of jobs (default: 1 2)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_articles(make_articles(read_seeds(options.seeds), options.articles), Path(folder))
        runs: dict[int, list[Run]] = {jobs: [] for jobs in options.jobs}
        for _ in range(options.runs):
            for jobs in options.jobs:
                runs[jobs].append(build(Path(folder), jobs))
    first = statistics.median(run.wall for run in runs[options.jobs[0]])
    for jobs in options.jobs:
        wall = statistics.median(run.wall for run in runs[jobs])
        cpu = statistics.median(run.cpu for run in runs[jobs])
        print(
            f"{jobs:3} jobs  {options.articles / wall:6.2f} articles a second ({first / wall:.2f} times)"
            f"  {options.articles / cpu:6.2f} a CPU-second"
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the largest process {peak:.0f} MB, over {options.articles} articles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
