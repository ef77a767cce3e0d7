"""How time and memory grow with the length of an article and with the number of seeds.

    python -m benchmarks.curves [--lengths 1 2 5 …] [--seeds 50 100 …] [--into docs/curves.svg]

Parses articles of so many kilobytes, and builds sites of so many small articles, first from nothing and then once more: each
in a process of its own, on one thread. Prints a table and draws it. Of a parse the time is that of parsing, the model loaded;
of a build, that of the whole command. Memory is the most that the process held.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.articles import make_articles, read_seeds, write_articles
from benchmarks.chart import Line, Panel, draw
from briefs import parse, read

LENGTHS = (1, 2, 5, 10, 20, 50, 100, 150, 200)  # kilobytes
SEEDS = (50, 100, 200, 400, 700, 1000)
SMALL = 300  # characters of an article of a build, or a paragraph more


class Point(NamedTuple):
    """What something of a size took: seconds by the clock and of the CPU, and megabytes at most."""

    size: float
    wall: float
    cpu: float
    memory: float


def measure_parse(path: Path) -> Point:
    """Parse an article in this process."""
    text = path.read_text(encoding="utf-8")
    parse("Dam holds\n\nThe dam above Selmoor will hold, Mayor Ana Ruiz said on Monday.\n")
    wall, cpu = time.perf_counter(), time.process_time()
    parse(read(text))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Point(len(text.encode()) / 1000, wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def parse_points(lengths: Sequence[float]) -> Iterator[Point]:
    """Parse an article of each length in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for length in lengths:
            path = Path(folder) / "article.txt"
            path.write_text(next(make_articles(read_seeds(), 1, size=round(1000 * length - 200))), encoding="utf-8")
            command = [sys.executable, "-m", "benchmarks.curves", "--parse", str(path)]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            yield Point(*map(float, said.split()))


def build_points(counts: Sequence[int]) -> Iterator[tuple[Point, Point]]:
    """Build a site of each number of articles from nothing, and then once more."""
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            seeds = Path(folder) / "seeds"
            seeds.mkdir()
            write_articles(make_articles(read_seeds(), count, size=SMALL), seeds)
            command = [sys.executable, "-m", "briefs", "build", str(seeds), str(Path(folder) / "out"), "--quiet"]
            command += ["--jobs", "1", "--threads", "1", "--cache", str(Path(folder) / "cache")]
            yield _run(count, command), _run(count, command)


def _run(size: float, command: Sequence[str]) -> Point:
    start = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Point(size, wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def show(name: str, unit: str, points: Sequence[Point]) -> None:
    """Print a table."""
    print(f"\n{name}\n{unit:>8} {'wall s':>8} {'CPU s':>8} {'MB':>6}   CPU ms each")
    for point in points:
        each = f"{1000 * point.cpu / point.size:8.2f}"
        print(f"{point.size:8,.5g} {point.wall:8.2f} {point.cpu:8.2f} {point.memory:6.0f}   {each}")


def picture(parses: Sequence[Point], builds: Sequence[Point], again: Sequence[Point]) -> str:
    """Return the curves as SVG."""
    length, seeds = "article, kilobytes", "articles"
    panels = [
        Panel("Parsing: time", length, "CPU-seconds", [_line("", parses, "cpu")]),
        Panel("Parsing: memory", length, "megabytes at most", [_line("", parses, "memory")]),
        Panel(
            "Building: time", seeds, "CPU-seconds", [_line("from nothing", builds, "cpu"), _line("again", again, "cpu")]
        ),
        Panel(
            "Building: memory",
            seeds,
            "megabytes at most",
            [_line("from nothing", builds, "memory"), _line("again", again, "memory")],
        ),
    ]
    label = "Time and memory of parsing by the length of an article, and of building by the number of articles"
    return draw(panels, label=label)


def _line(name: str, points: Sequence[Point], value: str) -> Line:
    return Line(name, [(point.size, getattr(point, value)) for point in points])


def main() -> int:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description="How time and memory grow with articles and with seeds.")
    parser.add_argument("--lengths", type=float, nargs="+", default=LENGTHS, help="kilobytes of articles to parse")
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="numbers of articles to build")
    parser.add_argument("--into", type=Path, help="file for the picture")
    parser.add_argument("--parse", type=Path, help=argparse.SUPPRESS)  # what a process of its own does
    options = parser.parse_args()
    if options.parse:
        print(*measure_parse(options.parse))
        return 0
    parses = list(parse_points(options.lengths))
    show("parsing an article", "kB", parses)
    builds, again = zip(*build_points(options.seeds), strict=True)
    show("building a site of small articles from nothing", "articles", builds)
    show("building it again", "articles", again)
    if options.into:
        options.into.write_text(picture(parses, builds, again), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
