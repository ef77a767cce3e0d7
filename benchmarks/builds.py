"""What a build costs when little or nothing has changed.

    python -m benchmarks.builds [--articles 10000] [--size 300] [--runs 3]

Makes small articles from the paragraphs of the seeds and builds them from nothing, which takes minutes for ten thousand. Then
come, in turns: a build with nothing to do; one of which a single article has changed, once in a paragraph and once in its
headline; and a cold `briefs show` of that article. Prints medians by the clock, and the memory of the largest process.
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
from collections.abc import Callable
from pathlib import Path

from benchmarks.articles import make_articles, read_seeds, write_articles


def seconds(folder: Path, *command: object) -> float:
    """Run a command of briefs in a folder; return the time that it took by the clock."""
    start = time.perf_counter()
    asked = [sys.executable, "-m", "briefs", *map(str, command)]
    subprocess.run(asked, check=True, cwd=folder, env=os.environ | {"BRIEFS_NO_CACHE": "0"}, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def largest() -> float:
    """Return the memory of the largest process until now, in megabytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What a build costs when little or nothing has changed.")
    parser.add_argument("--articles", type=int, default=10_000, help="how many (default: 10000)")
    parser.add_argument("--size", type=int, default=300, help="characters of each, or a paragraph more (default: 300)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each (default: 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "seeds").mkdir()
        write_articles(make_articles(read_seeds(), options.articles, size=options.size), folder / "seeds")
        build = ("build", "seeds", "out", "-q")
        changed = folder / "seeds" / f"{options.articles // 2:05}.txt"
        print(f"from nothing             {seconds(folder, *build):7.2f} s {largest():5.0f} MB", flush=True)

        def edit(place: int, text: str) -> Callable[[], None]:
            def change() -> None:
                parts = changed.read_text(encoding="utf-8").split("\n\n")
                parts[place] = parts[place].rstrip("\n") + text
                changed.write_text("\n\n".join(parts) + "\n", encoding="utf-8")

            return change

        cases: dict[str, tuple[Callable[[], None], tuple[str, ...]]] = {
            "nothing to do": (lambda: None, build),
            "one paragraph changed": (edit(-1, " It was said on Friday."), build),
            "one headline changed": (edit(0, " again"), build),
            "briefs show of that": (lambda: None, ("show", f"seeds/{changed.name}")),
        }
        found: dict[str, list[float]] = {name: [] for name in cases}
        for _ in range(options.runs):
            for name, (change, command) in cases.items():
                change()
                found[name].append(seconds(folder, *command))
        for name, times in found.items():
            print(f"{name:24} {statistics.median(times):7.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
