"""What a batch takes: by the number of workers, over a plain loop, of memory, and to find that nothing is to do.

    python -m benchmarks.batches [--articles 400] [--size 5000] [--workers 1 2] [--batch 25]

Makes articles of 5 kB from the paragraphs of the seeds, as JSON Lines. Prints, for a loop that reads and parses them one by one
in one process, and for batches with each number of workers: articles a second by the clock, articles a CPU-second of all
processes, and what the engine costs over the loop. The time that a start takes, measured with few articles, is taken off, and
printed. Then come the memory of each worker after a tenth of the articles and at the end, and what `--resume` takes over the
finished output.
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

_FEW = 2  # articles of a run that is all start
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


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What a batch takes.")
    parser.add_argument("--articles", type=int, default=400, help="how many (default: 400)")
    parser.add_argument(
        "--size", type=int, default=5000, help="characters of each, or a paragraph more (default: 5000)"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="numbers of workers (default: 1 2)")
    parser.add_argument(
        "--batch", type=int, default=25, help="about how many articles a worker takes at once (default: 25)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        lines = write_lines(folder / "articles.jsonl", options.articles, options.size)
        few = write_lines(folder / "few.jsonl", _FEW, options.size)
        count = options.articles - _FEW

        def batch(file: Path, name: str, *more: object) -> Took:
            into = ("--into", folder / name, "--batch", options.batch)
            return run(["-m", "briefs", "batch", file, *into, "-q", *more])

        start = run(["-c", _LOOP, few])
        loop = run(["-c", _LOOP, lines]).less(start)
        print(
            f"a loop      {count / loop.wall:6.2f} articles a second  {count / loop.cpu:6.2f} a CPU-second", flush=True
        )
        for workers in options.workers:
            begun = batch(few, f"few-{workers}", "--workers", workers)
            took = batch(lines, f"into-{workers}", "--workers", workers)
            done = took.less(begun)
            more = done.cpu / loop.cpu - 1
            print(
                f"{workers:3} workers {count / done.wall:6.2f} articles a second  {count / done.cpu:6.2f} a CPU-second"
                f"  ({more:+.0%} CPU over the loop; a start takes {begun.wall:.1f} s)",
                flush=True,
            )
            for seen in took.memory.values():
                kept = [size for size in seen if size]
                if len(kept) > 10:
                    print(
                        f"    a worker has {kept[len(kept) // 10] / 1024:.0f} MB, and {kept[-1] / 1024:.0f} MB at the end"
                    )
        again = batch(lines, f"into-{options.workers[0]}", "--workers", options.workers[0], "--resume")
        print(
            f"--resume over {options.articles} articles that are done: {again.wall:.1f} s, {again.cpu:.1f} CPU-seconds"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
