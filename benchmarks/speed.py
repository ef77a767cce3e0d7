"""How fast briefs is on this machine.

    python -m benchmarks.speed [--article FILE] [--seeds DIR] [--runs 10]

Prints the median wall time of `briefs --help` and of a cold `briefs show` of one article, of 2 kB unless a file is named;
then articles and kilobytes per CPU-second of parsing on one thread, the model loaded, and the peak memory of that.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.articles import SEEDS, make_articles, read_seeds, write_articles
from briefs import parse, read

HELP_LIMIT, SHOW_LIMIT = 0.2, 0.6  # seconds, as medians
BRIEFS = [sys.executable, "-m", "briefs"]


def median_seconds(command: Sequence[str], runs: int) -> float:
    """Return the median wall time of a command, after one run that warms the file cache."""
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def parse_rate(paths: Sequence[Path], rounds: int) -> tuple[float, float]:
    """Return articles and kilobytes parsed per CPU-second, on one thread, with the model loaded."""
    sources = [path.read_bytes() for path in paths]
    parse(read(sources[0]))
    start = time.process_time()
    for _ in range(rounds):
        for source in sources:
            parse(read(source))
    spent = time.process_time() - start
    return rounds * len(sources) / spent, rounds * sum(map(len, sources)) / 1000 / spent


def show_seconds(article: Path | None, runs: int) -> float:
    """Return the median wall time of a cold `briefs show`."""
    with tempfile.TemporaryDirectory() as folder:
        write_articles(make_articles(read_seeds(), 1, size=1800), Path(folder))
        (made,) = Path(folder).iterdir()
        return median_seconds([*BRIEFS, "show", str(article or made)], runs)


def main() -> int:
    """Print the figures; return 1 if a median is above its limit."""
    parser = argparse.ArgumentParser(description="How fast briefs is on this machine.")
    parser.add_argument("--article", type=Path, help="article to show")
    parser.add_argument("--seeds", type=Path, default=SEEDS, help="folder of articles to parse")
    parser.add_argument("--runs", type=int, default=10, help="runs of each command (default: 10)")
    options = parser.parse_args()
    shown = show_seconds(options.article, options.runs)
    helped = median_seconds([*BRIEFS, "--help"], options.runs)
    paths = sorted(options.seeds.glob("*.txt"))
    articles, kilobytes = parse_rate(paths, rounds=2)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"briefs --help       {helped:6.3f} s, median of {options.runs} (limit {HELP_LIMIT} s)")
    print(f"briefs show, cold   {shown:6.3f} s, median of {options.runs} (limit {SHOW_LIMIT} s)")
    rate = f"{articles:6.2f} articles, {kilobytes:.1f} kB per CPU-second"
    print(f"parse               {rate}, over {len(paths)} articles")
    print(f"peak memory         {peak:6.0f} MB")
    return int(helped > HELP_LIMIT or shown > SHOW_LIMIT)


if __name__ == "__main__":
    sys.exit(main())
