"""What a batch takes: by the number of workers, over a plain loop, of memory, and to find that nothing is to do.

    python -m benchmarks.batches [--articles 400] [--workers 1 2] [--long 100000] [--into docs/scale.svg]

Makes articles of 5 kB from the paragraphs of the seeds, as JSON Lines. Prints, for a loop that reads and parses them one by one
in one process, and for batches with each number of workers: articles a second by the clock, articles a CPU-second of all
processes, and what the engine costs over the loop. The time that a start takes, measured with few articles, is taken off, and
printed. Then one worker parses many articles of a few sentences; its memory as it goes on is printed, and what `--resume` takes
over the finished output. What was measured is drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.articles import make_articles, read_seeds
from benchmarks.chart import Line, Panel, draw

_FEW = 2  # articles of a run that is all start
_SMALL = 120  # characters of a small article, or a paragraph more
_POINTS = 50  # of a line of memory
_LOOP = """
import sys
from briefs.parsing import parse
from briefs.readers import ReadOptions, read_line
for line in open(sys.argv[1], "rb"):
    parse(read_line(line, path="loop", options=ReadOptions())).model_dump_json()
"""


class Took(NamedTuple):
    """What a run took: seconds by the clock and of the CPU in all processes, and kilobytes of each worker as it went on."""

    wall: float
    cpu: float
    memory: dict[int, list[int]]

    def less(self, start: Took) -> Took:
        """Return what it took after its start."""
        return Took(self.wall - start.wall, self.cpu - start.cpu, self.memory)


def write_lines(path: Path, count: int, size: int) -> Path:
    """Write so many articles as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        for text in make_articles(read_seeds(), count, size=size):
            title, _, body = text.partition("\n\n")
            file.write(json.dumps({"title": title, "text": body}) + "\n")
    return path


def run(command: Sequence[object]) -> Took:
    """Run a command, and look at its workers ten times a second."""
    before, start = os.times(), time.perf_counter()
    memory: dict[int, list[int]] = defaultdict(list)
    process = subprocess.Popen([sys.executable, *map(str, command)], stderr=subprocess.DEVNULL)
    while process.poll() is None:
        for pid in workers_of(process.pid):
            memory[pid].append(resident(pid))
        time.sleep(0.1)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Took(time.perf_counter() - start, spent, memory)


def workers_of(parent: int) -> Iterator[int]:
    """Yield the processes that parse for another."""
    for path in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            for pid in path.read_text(encoding="ascii").split():
                if b"udf_worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    yield int(pid)
        except OSError:  # it has just ended
            continue


def resident(pid: int) -> int:
    """Return the memory of a process, in kilobytes; 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


class Speed(NamedTuple):
    """What a batch did with so many workers: articles a second by the clock, and a CPU-second of all processes."""

    workers: int
    wall: float
    cpu: float


def measure_speeds(folder: Path, options: argparse.Namespace) -> Iterator[Speed]:
    """Print what a loop does, and batches with each number of workers, and yield that of the batches."""
    lines = write_lines(folder / "articles.jsonl", options.articles, options.size)
    few = write_lines(folder / "few.jsonl", _FEW, options.size)
    count = options.articles - _FEW

    def batch(file: Path, name: str, *more: object) -> Took:
        into = ("--into", folder / name, "--batch", options.batch)
        return run(["-m", "briefs", "batch", file, *into, "-q", *more])

    start = run(["-c", _LOOP, few])
    loop = run(["-c", _LOOP, lines]).less(start)
    print(f"a loop      {count / loop.wall:6.2f} articles a second  {count / loop.cpu:6.2f} a CPU-second", flush=True)
    for workers in options.workers:
        begun = batch(few, f"few-{workers}", "--workers", workers)
        took = batch(lines, f"into-{workers}", "--workers", workers)
        done = took.less(begun)
        print(
            f"{workers:3} workers {count / done.wall:6.2f} articles a second  {count / done.cpu:6.2f} a CPU-second"
            f"  ({done.cpu / loop.cpu - 1:+.0%} CPU over the loop; a start takes {begun.wall:.1f} s)",
            flush=True,
        )
        yield Speed(workers, count / done.wall, count / done.cpu)


def measure_memory(folder: Path, count: int) -> list[tuple[float, float]]:
    """Have one worker parse so many small articles; return how many it has done, in thousands, and its megabytes then.

    Prints what it had on the way, and what `--resume` takes over the finished output.
    """
    lines = write_lines(folder / "small.jsonl", count, _SMALL)
    command = ["-m", "briefs", "batch", lines, "--into", folder / "small", "--workers", 1, "-q"]
    took = run(command)
    seen = [size / 1024 for size in max(took.memory.values(), key=len) if size]
    points = [
        (count * (place + 1) / _POINTS / 1000, seen[len(seen) * (place + 1) // _POINTS - 1]) for place in range(_POINTS)
    ]
    print(f"a worker that parses {count} small articles, in {took.cpu:.0f} CPU-seconds: {told(points)}", flush=True)
    again = run([*command, "--resume"])
    print(f"--resume over {count} articles that are done: {again.wall:.1f} s, {again.cpu:.1f} CPU-seconds")
    return points


def told(points: Sequence[tuple[float, float]]) -> str:
    """Return some of the points of memory as text.

    >>> told([(n, 100 + n) for n in range(1, 101)])
    '110 MB after a tenth, 150 after half, 200 at the end'
    """
    tenth, half, end = (points[round(len(points) * share) - 1][1] for share in (0.1, 0.5, 1))
    return f"{tenth:.0f} MB after a tenth, {half:.0f} after half, {end:.0f} at the end"


def draw_curves(speeds: Sequence[Speed], memory: Sequence[tuple[float, float]]) -> str:
    """Return both as one picture."""
    by_clock = Line("by the clock", [(speed.workers, speed.wall) for speed in speeds])
    by_cpu = Line("of the CPU", [(speed.workers, speed.cpu) for speed in speeds])
    return draw(
        [
            Panel("Articles of 5 kB a second", "workers", "articles", [by_clock, by_cpu]),
            Panel("Memory of a worker", "thousand articles that it has parsed", "MB", [Line("", memory)]),
        ],
        label="Articles a second by the number of workers, and the memory of a worker while it parses many",
    )


def main() -> int:
    """Print the figures, and draw them."""
    parser = argparse.ArgumentParser(description="What a batch takes.")
    parser.add_argument("--articles", type=int, default=400, help="how many (default: 400)")
    parser.add_argument(
        "--size", type=int, default=5000, help="characters of each, or a paragraph more (default: 5000)"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="numbers of workers (default: 1 2)")
    parser.add_argument(
        "--batch", type=int, default=25, help="about how many articles a worker takes at once (default: 25)"
    )
    parser.add_argument("--long", type=int, default=100_000, help="small articles for one worker (default: 100,000)")
    parser.add_argument("--into", type=Path, help="SVG to draw")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        speeds = list(measure_speeds(Path(place), options))
        memory = measure_memory(Path(place), options.long)
    if options.into:
        options.into.write_text(draw_curves(speeds, memory), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
