"""From the tagger's sentence roles to the parts of a brief: lede, context, outlook.

A story has an order: its event comes first, background follows, expectation closes. The roles of an article are the best
sequence under the tagger's probabilities and the habits of annotated news (NewsDiscourse, Choubey et al., ACL 2020).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import numpy as np

from briefs.schema import Article, DiscourseRole, Passage, Tags
from briefs.stages.cue_words import AHEAD, CONDITION, DATED_AHEAD, EARLIER, OPEN_QUESTION, SAYS, SCHEDULED, YEAR
from briefs.stages.role_habits import FOLLOWS

ROLES: tuple[DiscourseRole, ...] = get_args(DiscourseRole)
MAIN, CONSEQUENCE, HISTORICAL, EXPECTATION = (
    ROLES.index(role) for role in ("main", "main_consequence", "historical", "expectation")
)
BACKGROUND = tuple(ROLES.index(role) for role in ("previous_event", "current_context", "historical"))
SHORT = 8  # words: what is shorter seldom informs by itself
HABIT = 0.3  # weight of habit against the tagger's log-probability: best macro F1 on the dev split of NewsDiscourse
_INNER_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")
_FLOOR = 5e-4  # scores are rounded to three places

LEDE_DOUBT = 0.2  # a first sentence whose chance of telling the event is less is an anecdote or a heading
LEDE_LATER = 0.4  # chance from which a later sentence opens the lede, or goes on with it
LEDE_SEARCH = 6  # sentences among which the lede is sought
CONTEXT_MOST, OUTLOOK_MOST = 6, 4
CONTEXT_FLOOR, OUTLOOK_FLOOR = 0.0, 0.95

# Weights for log-odds that a reader wants the sentence there: between those of a logistic regression on the dev split of
# NewsDiscourse, where the part is a role, and those of one on the gold briefs, where it is a choice; nearer the latter, and
# searched once more on these, step by step, for the roles of minilm-l6-2 (those of the outlook for minilm-l6-4) in windows of
# six lengths, so that no weight hangs on one window.
CONTEXT_WEIGHTS = {
    "role": 0.2,
    "historical": 0.6,
    "year": 0.5,
    "earlier": 0.55,
    "figure": 0.35,
    "names": 0.45,
    "quoted": -0.4,
    "short": -0.25,
    "late": -0.9,
    "speech": -0.65,
    "says": -0.55,
}
OUTLOOK_WEIGHTS = {
    "role": 0.12,
    "scheduled": 1.5,
    "open": 0.45,
    "figure": 0.4,
    "condition": -0.3,
    "late": 1.1,
    "quoted": -0.5,
    "short": -0.6,
    "unsaid": -1.0,
}


@dataclass(frozen=True, slots=True)
class Parts:
    """The sentences of a brief by what they are for, each list in the order of the article."""

    lede: tuple[Passage, ...]
    context: tuple[Passage, ...]
    outlook: tuple[Passage, ...]


def find_roles(article: Article, tags: Tags) -> tuple[DiscourseRole, ...]:
    """Return a role for each sentence of the article: the likeliest sequence, tagger and habit together."""
    if not tags.sentences:
        return ()
    habits = HABIT * np.array(FOLLOWS)  # [goes on or opens a paragraph, role before (the last: none), role]
    chances = np.log(np.maximum([tag.scores for tag in tags.sentences], _FLOOR))
    best = chances[0] + habits[1, -1]
    steps = []
    for number in range(1, len(chances)):
        opens = article.sentences[number].paragraph != article.sentences[number - 1].paragraph
        reached = best[:, None] + habits[int(opens), :-1]
        steps.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + chances[number]
    path = [int(best.argmax())]
    for back in reversed(steps):
        path.append(int(back[path[-1]]))
    return tuple(ROLES[r] for r in reversed(path))


def find_parts(article: Article, tags: Tags) -> Parts:
    """Return lede, context and outlook. No sentence stands in two of them."""
    roles = find_roles(article, tags)
    passages = [
        Passage(text=s.span.of(article.text), span=s.span, role=role, score=round(tag.scores[ROLES.index(role)], 2))
        for s, role, tag in zip(article.sentences, roles, tags.sentences, strict=True)
    ]
    lede = _find_lede(tags)
    left = [i for i, role in enumerate(roles) if i not in lede and role != "not_article"]
    features = {i: _features(article, tags, i) for i in left}
    outlook = _best(
        {i: _score(OUTLOOK_WEIGHTS, f, tags.sentences[i].scores[EXPECTATION]) for i, f in features.items()},
        most=OUTLOOK_MOST,
        least=OUTLOOK_FLOOR,
    )
    context = _best(
        {
            i: _score(CONTEXT_WEIGHTS, f, sum(tags.sentences[i].scores[r] for r in BACKGROUND))
            for i, f in features.items()
            if i not in outlook
        },
        most=CONTEXT_MOST,
        least=CONTEXT_FLOOR,
    )
    return Parts(*(tuple(passages[i] for i in part) for part in (lede, context, outlook)))


def _find_lede(tags: Tags) -> list[int]:
    """Return the numbers of the first sentence that tells the event and, if it goes on with it, of the next."""
    event = [tag.scores[MAIN] + tag.scores[CONSEQUENCE] for tag in tags.sentences]
    if not event:
        return []
    first = 0
    if event[0] < LEDE_DOUBT:
        first = next((i for i, chance in enumerate(event[:LEDE_SEARCH]) if chance >= LEDE_LATER), 0)
    goes_on = first + 1 < len(event) and event[first + 1] >= LEDE_LATER
    return [first, first + 1] if goes_on else [first]


def _features(article: Article, tags: Tags, number: int) -> dict[str, float]:
    """Return what, beside its role, speaks for a sentence as context or outlook; all between 0 and 1."""
    text = article.sentences[number].span.of(article.text)
    scheduled, open_question = (pattern.search(text) is not None for pattern in (SCHEDULED, OPEN_QUESTION))
    ahead = scheduled or open_question or any(pattern.search(text) for pattern in (AHEAD, DATED_AHEAD))
    return {
        "scheduled": float(scheduled),
        "open": float(open_question),
        "historical": tags.sentences[number].scores[HISTORICAL],
        "year": float(YEAR.search(text) is not None),
        "speech": tags.sentences[number].speech,
        "says": float(SAYS.search(text) is not None),
        "earlier": float(EARLIER.search(text) is not None),
        "figure": float(any(map(str.isdigit, text))),
        "names": min(len(_INNER_CAPITAL.findall(text)), 3) / 3,
        "short": float(len(text.split()) < SHORT),
        "condition": float(CONDITION.search(text) is not None),
        "unsaid": float(not ahead),
        "late": number / max(1, len(article.sentences) - 1),
        "quoted": float(text[0] in "\"“«„‘'"),
    }


def _score(weights: Mapping[str, float], features: Mapping[str, float], role: float) -> float:
    """Return the weighted sum of the features and of the log-odds of the part's role."""
    chance = min(max(role, _FLOOR), 1 - _FLOOR)
    log_odds = math.log(chance / (1 - chance))
    return weights["role"] * log_odds + sum(w * features[name] for name, w in weights.items() if name != "role")


def _best(scores: Mapping[int, float], *, most: int, least: float) -> list[int]:
    """Return the numbers of the sentences that score best, in the order of the article."""
    chosen = sorted((i for i, score in scores.items() if score >= least), key=lambda i: (-scores[i], i))
    return sorted(chosen[:most])
