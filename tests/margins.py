"""How near a decision of the tagger comes to falling the other way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from briefs.decode import Lattice, best_spans
from briefs.network import SPAN_HEADS, Floats
from briefs.schema import Article
from briefs.tagger import FLOORS, Tagger


class Margin(NamedTuple):
    """A decision: what it is about, and by how much its best choice beats the next.

    For spans, in chances of whole spans above their floors, summed; for roles, in scores of a sentence.
    """

    about: str
    size: float


def span_margin(lattice: Lattice, floors: Floats) -> float:
    """Return by how much the best set of spans beats the next best: one without one of its spans, or with another."""
    words = lattice.words
    gains = [lattice.chances(last).T - floors for last in range(words)]
    ahead, behind = np.zeros(words + 1), np.zeros(words + 1)
    for last, gain in enumerate(gains):
        first = last + 1 - len(gain)
        ahead[last + 1] = max(ahead[last], (ahead[first : last + 1] + gain.max(axis=1)).max())
    for last in range(words - 1, -1, -1):
        gain = gains[last]
        first = last + 1 - len(gain)
        behind[last] = max(behind[last], behind[last + 1])
        behind[first : last + 1] = np.maximum(behind[first : last + 1], gain.max(axis=1) + behind[last + 1])
    chosen = {span[:3]: span.chance - floors[span.kind] for span in best_spans(lattice, floors)}
    costs = list(chosen.values())
    for last, gain in enumerate(gains):
        first = last + 1 - len(gain)
        through = ahead[first : last + 1, None] + gain + behind[last + 1]
        for kind in range(len(floors)):
            taken = [f - first for k, f, past in chosen if k == kind and past == last + 1]
            through[taken, kind] = -np.inf
        costs.append(float(ahead[-1] - through.max()))
    return min(costs)


def margins(tagger: Tagger, article: Article) -> list[Margin]:
    """Return the margin of each head over the words of an article, and that of its roles over its sentences."""
    reading = tagger.read(article)
    found = [Margin(head, span_margin(reading.words[head], FLOORS[head])) for head in SPAN_HEADS]
    roles = np.sort(reading.sentences.role, axis=1)
    return [*found, Margin("role", float((roles[:, -1] - roles[:, -2]).min()))]
