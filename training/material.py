"""Cut the training splits into documents, once for all runs.

    python -m training.material --corpora FOLDER --into FILE [--versions 3]

Each document comes in some versions: as it stands, and with other quotation marks or another case
(`training.examples.augment`). Names come in two draws, each with other sentences read alone. FILE is for the next steps on this
machine and no other: it is read with pickle.
"""

from __future__ import annotations

import argparse
import pickle
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from pathlib import Path

from briefs.network import read_vocabulary
from briefs.wordpiece import WordPiece
from training.corpora import read_rows
from training.examples import (
    Document,
    Prepared,
    Source,
    attribution_source,
    augment,
    discourse_source,
    make_document,
    name_sources,
    summary_source,
)

DRAWS = 2  # of names
TOGETHER = 64  # sources that a process cuts at a time


def sources(folder: Path) -> Iterator[tuple[str, Source]]:
    """Yield all that is trained on, with the corpus it is from; of names each draw is one."""
    for row in read_rows(folder / "attribution.train.jsonl"):
        yield "attribution", attribution_source(row)
    for row in read_rows(folder / "discourse.train.jsonl"):
        if "leaks" not in row:
            yield "roles", discourse_source(row)
    for row in read_rows(folder / "summary.train.jsonl"):
        yield "summary", summary_source(row)
    names = [row for row in read_rows(folder / "ner.train.jsonl") if "leaks" not in row]
    for draw in range(DRAWS):
        for source in name_sources(names, random.Random(draw)):
            yield f"names/{draw}", source


@cache
def _wordpiece() -> WordPiece:
    return WordPiece({piece: number for number, piece in enumerate(read_vocabulary())})


def prepare(chosen: Sequence[tuple[int, str, Source]], versions: int) -> list[Prepared]:
    """Return numbered sources as documents in so many versions."""
    made = []
    for number, kind, source in chosen:
        rng = random.Random(f"{number}")
        plain = make_document(source, _wordpiece())
        others = [make_document(augment(source, rng), _wordpiece()) for _ in range(versions - 1)]
        alike = [other for other in others if _measures(other) == _measures(plain)]
        made.append(Prepared(kind, (plain, *alike)))
    return made


def _measures(document: Document) -> list[int]:
    """Return the words of each window: versions that differ there cannot share what a teacher says of them."""
    return [len(window.attribution) for window in document.windows]


def load(path: Path) -> list[Prepared]:
    """Return what `main` has written."""
    with path.open("rb") as file:
        made: list[Prepared] = pickle.load(file)
    return made


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Cut the training splits into documents, once for all runs.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with TASK.train.jsonl")
    parser.add_argument("--into", type=Path, required=True, help="the file to write")
    parser.add_argument("--versions", type=int, default=3, help="of each document (default: 3)")
    options = parser.parse_args()
    numbered = ((number, kind, source) for number, (kind, source) in enumerate(sources(options.corpora)))
    with ProcessPoolExecutor() as pool:
        pending = []
        while chunk := list(islice(numbered, TOGETHER)):
            pending.append(pool.submit(prepare, chunk, options.versions))
        made = [prepared for task in pending for prepared in task.result()]
    with options.into.open("wb") as file:
        pickle.dump(made, file, pickle.HIGHEST_PROTOCOL)
    return 0


if __name__ == "__main__":
    sys.exit(main())
