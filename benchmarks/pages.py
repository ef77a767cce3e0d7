"""What a web page costs: to read it, to parse its article, and to refuse one in another language.

    python -m benchmarks.pages --pages FILE

FILE is JSON Lines packed with gzip, a page as `html` in each. Prints means, in milliseconds of the CPU, on one thread.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.others import use_one_thread
from briefs import SeedError, parse
from briefs.readers import ReadOptions, read_page


class Cost(NamedTuple):
    """What a page took, in seconds: to be read, to be parsed (None where it was refused); characters of its story."""

    read: float
    parsed: float | None
    size: int


def pages_of(path: Path) -> Iterator[bytes]:
    """Yield the pages of a file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["html"].encode()


def measure(pages: Iterable[bytes]) -> Iterator[Cost]:
    """Read and parse pages, one by one."""
    for page in pages:
        start = time.process_time()
        try:
            article = read_page(page, path="page.html", options=ReadOptions())
        except SeedError:
            yield Cost(time.process_time() - start, None, 0)
            continue
        read = time.process_time()
        parse(article)
        size = sum(span.end - span.start for span in article.paragraphs)
        yield Cost(read - start, time.process_time() - read, size)


def main() -> int:
    """Print the means."""
    parser = argparse.ArgumentParser(description="What a web page costs.")
    parser.add_argument("--pages", type=Path, required=True, help="JSON Lines with a page as `html`, packed with gzip")
    options = parser.parse_args()
    use_one_thread()
    parse("Dam holds\n\nThe dam above Selmoor will hold, Mayor Ana Ruiz said on Monday.\n")
    costs = list(measure(pages_of(options.pages)))
    kept = [cost for cost in costs if cost.parsed is not None]
    refused = [cost.read for cost in costs if cost.parsed is None]
    size = sum(cost.size for cost in kept) / len(kept)
    print(f"{len(kept)} pages with {size:,.0f} characters of story: read in", end=" ")
    print(f"{1000 * sum(c.read for c in kept) / len(kept):.0f} ms, parsed in", end=" ")
    print(f"{1000 * sum(c.parsed or 0 for c in kept) / len(kept):.0f} ms")
    if refused:
        print(f"{len(refused)} refused: in {1000 * sum(refused) / len(refused):.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
