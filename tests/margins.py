"""How near a decision of the tagger comes to falling the other way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from briefs.decode import FORBIDDEN, Floats, barred
from briefs.network import SPAN_HEADS
from briefs.schema import Article
from briefs.tagger import Tagger


class Margin(NamedTuple):
    """A decision: what it is about, and by how much (in log-probability) its best choice beats the next."""

    about: str
    size: float


def path_margins(scores: Floats, transitions: Floats) -> Floats:
    """Return, for each word, by how much the best sequence beats the best one with another label at that word."""
    labels = scores.shape[1]
    table = transitions + barred(labels)
    ahead = [scores[0] + np.where(np.arange(labels) % 2 + (np.arange(labels) == 0) > 0, 0, FORBIDDEN)]
    for row in scores[1:]:
        ahead.append((ahead[-1][:, None] + table).max(axis=0) + row)
    behind = [np.zeros(labels, np.float32)]
    for row in scores[:0:-1]:
        behind.append((table + (row + behind[-1])[None]).max(axis=1))
    best = np.sort(np.array(ahead) + np.array(behind[::-1]), axis=1)
    return (best[:, -1] - best[:, -2]).astype(np.float32)


def margins(tagger: Tagger, article: Article) -> list[Margin]:
    """Return the smallest margin of each head over the words of an article, and that of its roles over its sentences."""
    reading = tagger._read(article)
    found = [
        Margin(head, float(path_margins(reading.words[head], tagger._transitions[head]).min())) for head in SPAN_HEADS
    ]
    roles = np.sort(reading.sentences.role, axis=1)
    return [*found, Margin("role", float((roles[:, -1] - roles[:, -2]).min()))]
