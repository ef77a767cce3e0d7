"""What a reader has in mind on the way through a story: who was named lately, how, and who a phrase then means.

A pronoun goes to the best compatible one and to nobody where two are as good; so does a description, which
reaches farther.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from briefs.schema import Span
from briefs.stages.drafts import Draft, fits_noun
from briefs.stages.lexicon import NATIONALITIES, ORG_NOUNS, word_set
from briefs.stages.names import Gender, is_nationality

MEMORY = 24  # how many lately named are kept in mind
REACH = 3  # paragraphs that "he" and "she" reach back
BODY_REACH = 2  # paragraphs that "it" reaches back
BODY_CHAIN = 2  # sentences after which a body must be named again: "it" is too often a thing
MARGIN = 0.35  # a pronoun whose best two candidates are closer than this means neither
CLOSE = 0.2  # likewise for a description,
CLOSE_GUESS = 0.8  # and for one that fits nobody well
GUESS = 0.5  # how badly a noun may fit before that is a guess
GIVEN = 2.0  # how well it fits who bears it
DOUBT = 2  # sentences for which "the company" stays nobody's after "the startup" could have been two
FAR = 12  # sentences after which it no longer matters how far back a description reaches
SUBJECT, OBJECT, OWNER, AFTER_PREPOSITION, QUOTED = 1.0, 0.4, 0.2, -0.4, -1.5  # how much a phrase stands out
PREPOSITIONS = word_set(
    "of in at on for from by with to about against between among into over under near after before since until through"
    " across within without behind beyond during than like as via including toward towards outside inside around per"
)
_CLAUSE_ENDS = (",", "”", '"', "»", "and", "but", "that", "because", "while", "when")


@dataclass
class Walk:
    """What is in mind at one place of the story."""

    recent: list[Draft] = field(default_factory=list)
    sentence: int = 0
    paragraph: int = 0
    thing: int = -1  # the last sentence whose subject is a thing without a name
    unsure: int = -9  # the last sentence with a description that may mean several bodies
    spoken: bool = False  # whether somebody speaks in the sentence before

    def enter(self, sentence: int, paragraph: int) -> None:
        """Go on to a sentence."""
        self.spoken = any(d.spoke and d.sentence == self.sentence for d in self.recent[-6:])
        self.sentence, self.paragraph = sentence, paragraph

    def touch(self, draft: Draft, *, weight: float, spoke: bool, pronoun: bool = False) -> None:
        """Note that `draft` is named here, and how."""
        if not pronoun:
            draft.told = self.sentence
        if draft.sentence == self.sentence:
            draft.weight = max(draft.weight, weight)
            draft.spoke = draft.spoke or spoke
        else:
            draft.weight, draft.spoke = weight, spoke
        draft.sentence, draft.paragraph = self.sentence, self.paragraph
        draft.count += 1
        place = next((n for n, d in enumerate(self.recent) if d is draft or (not d.named and d == draft)), None)
        if place is not None:
            del self.recent[place]
        self.recent.append(draft)
        del self.recent[:-MEMORY]

    def person_meant(self, gender: Gender) -> Draft | None:
        """Return whom "he" or "she" means; who is the only candidate of unknown sex gets that sex."""
        people = [d for d in self.recent if d.kind == "person" and d.gender in (gender, None)]
        found = self._best([(d, self._nearness(d) + 0.6 * (d.gender == gender)) for d in people], reach=REACH)
        near = [d for d in people if d.gender is None and self.paragraph - d.paragraph <= REACH]
        if found is not None and found.gender is None and len(near) == 1:
            found.gender = gender
        return found

    def body_meant(self) -> Draft | None:
        """Return what "it" means: a body, or a place that is not just where something is."""
        scored = []
        for draft in self.recent:
            if self.sentence - draft.told > BODY_CHAIN:
                continue
            if draft.kind == "organization":
                scored.append((draft, self._nearness(draft)))
            elif draft.kind == "place":
                scored.append((draft, self._nearness(draft) - (0.3 if draft.weight >= SUBJECT else 0.8)))
        return self._best(scored, reach=BODY_REACH)

    def team_meant(self) -> Draft | None:
        """Return the body that "their" means: the last subject of the sentence, if that is a body."""
        here = [d for d in self.recent if d.sentence == self.sentence and d.weight >= SUBJECT]
        return here[-1] if here and here[-1].kind == "organization" else None

    def _nearness(self, draft: Draft) -> float:
        score = draft.weight - 1.0 * (self.sentence - draft.sentence)
        score += 1.1 * draft.spoke + 0.7 * (self.paragraph == draft.paragraph)
        return score + 0.1 * min(draft.count, 5)

    def _best(self, scored: Sequence[tuple[Draft, float]], *, reach: int) -> Draft | None:
        near = [
            (score + 0.02 * order, order)
            for order, (draft, score) in enumerate(scored)
            if self.paragraph - draft.paragraph <= reach
        ]
        near.sort(reverse=True)
        if not near or (len(near) > 1 and near[0][0] - near[1][0] < MARGIN):
            return None
        return scored[near[0][1]][0]

    def described(self, noun: str, modifiers: tuple[str, ...], called_so: Iterable[Draft]) -> Draft | None:
        """Return the entity that "the" + `modifiers` + `noun` means; `called_so`: those that bear the noun."""
        pool = {id(d): d for d in [*self.recent, *called_so] if d.sentence >= 0}
        fits = [(d, fit) for d in pool.values() if (fit := fits_noun(d, noun)) > 0]
        if modifiers:
            whole = (*modifiers, noun)
            exact = [(d, fit) for d, fit in fits if any(p[-len(whole) :] == whole for p in d.phrases)]
            fits = exact or [(d, fit) for d, fit in fits if not _contradicts(d, modifiers, noun)]
        if not fits:
            return None
        top = max(fit for _, fit in fits)
        scored = [(self._aptness(d, fit, noun), d) for d, fit in fits if fit > top - 1.0]
        scored.sort(key=lambda row: -row[0])
        other = bool(modifiers) and top < GIVEN and not modifiers[-1].endswith(("-based", "-owned", "-run", "-backed"))
        guess = top < GUESS or other
        abroad = any(is_nationality(m) or m in NATIONALITIES for m in modifiers)
        if abroad and other:
            return None
        if len(scored) > 1 and (abroad or scored[0][0] - scored[1][0] < (CLOSE_GUESS if guess else CLOSE)):
            self.unsure = self.sentence if noun in ORG_NOUNS else self.unsure
            return None
        best = scored[0][1]
        stale = noun in ORG_NOUNS and 0 <= self.sentence - self.unsure <= DOUBT and best.sentence <= self.unsure
        if (guess and best.count < 2) or (stale and top < GIVEN):
            return None
        if best.kind == "organization" and noun in ORG_NOUNS and not guess:
            best.called.add(noun)
        return best

    def _aptness(self, draft: Draft, fit: float, noun: str) -> float:
        """Return how apt a description is: by its noun, nearness and frequency; less so in the subject's own clause."""
        score = 1.5 * fit - 0.25 * min(self.sentence - draft.sentence, FAR) + 0.1 * min(draft.count, 6)
        score += 0.5 * (self.paragraph == draft.paragraph) - 0.2 * bool(draft.called - {noun})
        if draft.sentence == self.sentence and draft.weight >= SUBJECT:
            return score - 0.5
        return score + 0.5 * draft.weight + 0.5 * draft.spoke


def _contradicts(draft: Draft, modifiers: tuple[str, ...], noun: str) -> bool:
    """Return whether a role with other words before the same noun stands against a description."""
    if draft.kind != "person":
        return False
    same = [p for p in draft.phrases if noun in p]
    return bool(same) and all(len(p) > 1 and not set(p[:-1]) & set(modifiers) for p in same)


def rank(text: str, sentence: Span, span: Span) -> float:
    """Return how much a phrase stands out in its sentence: most as subject, least after a preposition.

    >>> text = "Lee met Ruiz in May."
    >>> [rank(text, Span(start=0, end=20), Span(start=a, end=b)) for a, b in ((0, 3), (8, 12), (16, 19))]
    [1.0, 1.0, -0.4]
    """
    before = text[sentence.start : span.start]
    words = before.split()
    last = words[-1].casefold() if words else ""
    if last in ("the", "a", "an") and len(words) > 1:
        last = words[-2].casefold()
    if last in PREPOSITIONS or text[span.start - 1 : span.start] == "(":
        return AFTER_PREPOSITION
    if text[span.end : span.end + 2] in ("'s", "’s"):
        return OWNER
    return SUBJECT if len(words) <= 4 or before.rstrip().endswith(_CLAUSE_ENDS) else OBJECT
