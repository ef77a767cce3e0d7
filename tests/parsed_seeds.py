"""The seeds, read and parsed once for all tests that look at them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from briefs import parse, read
from briefs.schema import Article, Brief

SEEDS = Path(__file__).parents[1] / "seeds"
STEMS = tuple(path.stem for path in sorted(SEEDS.glob("*.txt")))


@cache
def parsed_seed(stem: str) -> tuple[Article, Brief]:
    """Return the article and the brief of `seeds/STEM.txt`."""
    article = read((SEEDS / f"{stem}.txt").read_bytes(), path=f"seeds/{stem}.txt")
    return article, parse(article)
