"""Articles to measure with, made from the paragraphs of the seeds: the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "seeds"


def read_seeds(folder: Path = SEEDS) -> list[str]:
    """Return the texts of the seeds in a folder, by name."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]


def make_articles(seeds: Sequence[str], count: int, *, size: int = 5000) -> Iterator[str]:
    r"""Yield so many articles of `size` characters or a paragraph more: headlines of the seeds in turn, paragraphs of any.

    >>> seed = "Dam holds\n\n" + "The dam held on Monday, officials said, and it will hold. " * 4
    >>> [(article[:13], len(article)) for article in make_articles([seed], 2, size=600)]
    [('Dam holds (0)', 713), ('Dam holds (1)', 713)]
    """
    chance = random.Random(5)
    stories = [text.split("\n\n") for text in seeds]
    paragraphs = [text.strip() for story in stories for text in story[1:] if len(text) > 200]
    for number in range(count):
        parts = [f"{stories[number % len(stories)][0]} ({number})"]
        while sum(map(len, parts)) < size:
            parts.append(chance.choice(paragraphs))
        yield "\n\n".join(parts) + "\n"


def write_articles(articles: Iterator[str], folder: Path) -> None:
    """Write each article to a file of its own in a folder."""
    for number, article in enumerate(articles):
        (folder / f"{number:05}.txt").write_text(article, encoding="utf-8")
