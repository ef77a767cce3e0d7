"""What phrases mean: one walk through the story that follows names, pronouns and descriptions to entities.

The walk keeps in mind who was named lately, in which sentence and how: as subject, as speaker, within a quotation. A
pronoun goes to the best compatible one, and to nobody where two are as good. Persons without a name ("a woman", "a
spokesman for the board") take part, so that "she said" after "a woman" is not given to somebody else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from briefs.schema import Article, Span, Tags
from briefs.stages.drafts import Draft, fits_noun, kin_gender
from briefs.stages.entities import Reference, ReferenceForm
from briefs.stages.evidence import is_role
from briefs.stages.lexicon import DOCUMENTS, KIN, NATIONALITIES, ORG_NOUNS, SPOKES, STAFF
from briefs.stages.mentions import Token, tokens_of
from briefs.stages.names import Gender, is_adjective_of, is_nationality, title_gender
from briefs.text import find_quotes

MEMORY = 24  # how many lately named are kept in mind
FAR = 3  # paragraphs that a pronoun reaches back
MARGIN = 0.35  # a pronoun whose best two candidates are closer than this means neither
OPENING = 2  # sentences in which "a judge" may be the judge who is named
EARLY = 6  # within this many
_GENDERS: dict[str, Gender] = {
    "he": "male",
    "him": "male",
    "his": "male",
    "himself": "male",
    "she": "female",
    "her": "female",
    "hers": "female",
    "herself": "female",
}
_IT = frozenset({"it", "its", "itself"})
_EXPLETIVE = re.compile(
    r"it (?:is|was|’s|'s|will be|would be|has been|had been|may be|might be|remains|remained)?\s*(?:still |also |now |not |un)?"
    r"(?:clear|unclear|likely|unlikely|possible|impossible|known|hard|difficult|easy|true|important|time|too|raining|seems?"
    r"|seemed|appears?|appeared|turned out|turns out|comes? as|came as|took|takes|emerged|follows|looks)\b",
    re.IGNORECASE,
)
_PREPOSITIONS = word_set(
    "of in at on for from by with to about against between among into over under near after before since until through across"
    " within without behind beyond during than like as via including toward towards outside inside around per"
)
_NOT_VERBS = word_set("and or but if because when while a an the all so too as that this at up out off down again more")
_GOVERNING = word_set("official officials authorities government diplomat diplomats envoy")
_PHRASE_ENDS = word_set(
    "who which that whose when where is was are were has had have will would said says and or but not to did does do can"
    " could may might must should be been being if then also"
)


@dataclass
class _Walk:
    """What the walk has in mind."""

    text: str
    recent: list[Draft] = field(default_factory=list)
    sentence: int = 0
    paragraph: int = 0
    thing: int = -1  # the last sentence whose subject is a thing without a name
    spoken: bool = False  # whether somebody speaks in the sentence before

    def touch(self, draft: Draft, *, weight: float, spoke: bool) -> None:
        """Note that `draft` is named here."""
        if draft.sentence == self.sentence:
            draft.weight = max(draft.weight, weight)
            draft.spoke = draft.spoke or spoke
        else:
            draft.weight, draft.spoke = weight, spoke
        draft.sentence, draft.paragraph = self.sentence, self.paragraph
        draft.count += 1
        if draft in self.recent:
            self.recent.remove(draft)
        self.recent.append(draft)
        del self.recent[:-MEMORY]


@dataclass(frozen=True)
class _Scene:
    """What of the article the walk looks things up in."""

    text: str
    names: Sequence[tuple[Span, Draft]]
    quotes: Sequence[Span]
    sources: Sequence[Span]
    drafts: Sequence[Draft]
    by_head: dict[str, list[Draft]]
    early: int
    places: Sequence[Draft]


def follow(article: Article, tags: Tags, drafts: Sequence[Draft]) -> None:
    """Fill in the references of the drafts."""
    text = article.text
    names = sorted(((span, draft) for draft in drafts for span in draft.spans), key=lambda pair: pair[0].start)
    sources = tuple(s.span for s in tags.attributions if s.label == "source")
    by_head: dict[str, list[Draft]] = {}
    for draft in drafts:
        for head in draft.heads:
            by_head.setdefault(head, []).append(draft)
    early = article.sentences[min(EARLY, len(article.sentences) - 1)].span.end if article.sentences else 0
    scene = _Scene(text, names, find_quotes(text, article.paragraphs), sources, drafts, by_head, early, [d for d in drafts if d.kind == "place"])
    for span, draft in names:
        if not article.sentences or span.start < article.sentences[0].span.start:
            draft.references.append(Reference(span=span, form="name"))
    walk = _Walk(text)
    place = 0
    for number, sentence in enumerate(article.sentences):
        walk.spoken = any(d.spoke and d.sentence == walk.sentence for d in walk.recent[-6:])
        walk.sentence, walk.paragraph = number, sentence.paragraph
        while place < len(names) and names[place][0].start < sentence.span.start:
            place += 1
        here = []
        while place < len(names) and names[place][0].start < sentence.span.end:
            here.append(names[place])
            place += 1
        _read_sentence(scene, walk, sentence.span, here)
        if _opens_with_thing(walk, text, sentence.span):
            walk.thing = number


def _opens_with_thing(walk: _Walk, text: str, sentence: Span) -> bool:
    """Return whether a sentence begins with a noun phrase that means nobody known: "The lawsuit was …"."""
    first = text[sentence.start : sentence.end].split(" ", 1)[0].casefold()
    subjects = any(d.sentence == walk.sentence and d.weight >= 1.0 for d in walk.recent[-6:])
    return first in ("the", "a", "an", "this", "that", "one", "such") and not subjects


def _covering(spans: Sequence[Span], at: int) -> Span | None:
    place = bisect_right(spans, at, key=lambda s: s.start) - 1
    return spans[place] if place >= 0 and spans[place].end > at else None


def _read_sentence(scene: _Scene, walk: _Walk, span: Span, names: Sequence[tuple[Span, Draft]]) -> None:
    tokens = tokens_of(scene.text, span)
    waiting = list(names)
    number = 0
    while number < len(tokens):
        token = tokens[number]
        if waiting and waiting[0][0].end <= token.start:
            waiting.pop(0)
        if waiting and waiting[0][0].start <= token.start:
            if token.start == waiting[0][0].start or tokens[number - 1].start < waiting[0][0].start:
                _read_name(scene, walk, span, *waiting[0])
            number += 1
            continue
        quoted = _covering(scene.quotes, token.start) is not None
        number += 1 if quoted else _read_word(scene, walk, span, tokens, number, waiting)


def _read_name(scene: _Scene, walk: _Walk, sentence: Span, span: Span, draft: Draft) -> None:
    draft.references.append(Reference(span=span, form="name"))
    quoted = _covering(scene.quotes, span.start) is not None
    spoke = _speaks(scene, span)
    weight = -1.5 if quoted else _rank(scene.text, sentence, span)
    walk.touch(draft, weight=weight, spoke=spoke)


def _speaks(scene: _Scene, span: Span) -> bool:
    """Return whether a phrase is the head of a source: near its start, or after its comma, and no owner of it."""
    source = _covering(scene.sources, span.start)
    if source is None:
        return False
    text = scene.text
    if text[span.end : span.end + 2] in ("'s", "’s") and span.end + 2 < source.end:
        return False
    before = [w.casefold().strip(",") for w in text[source.start : span.start].split()]
    if any(w in SPOKES or w in DOCUMENTS for w in before):
        return True
    return not any(w in _PREPOSITIONS for w in before) or text[span.start - 2 : span.start] == ", "


def _rank(text: str, sentence: Span, span: Span) -> float:
    """Return how much a phrase stands out: 1 for a subject, 0.4 for an object, less for an owner or after a preposition."""
    before = text[sentence.start : span.start]
    words = before.split()
    last = words[-1].casefold() if words else ""
    if last in ("the", "a", "an") and len(words) > 1:
        last = words[-2].casefold()
    owner = text[span.end : span.end + 2] in ("'s", "’s")
    if last in _PREPOSITIONS:
        return -0.4
    if text[span.start - 1 : span.start] == "(":
        return -0.4
    if owner:
        return 0.2
    if len(words) <= 4 or before.rstrip().endswith((",", "”", '"', "»", "and", "but", "that", "because", "while", "when")):
        return 1.0
    return 0.4


def _read_word(
    scene: _Scene, walk: _Walk, sentence: Span, tokens: list[Token], number: int, waiting: Sequence[tuple[Span, Draft]]
) -> int:
    """Read the pronoun or the description that begins at a token; return how many tokens were read."""
    token = tokens[number]
    plain = token.word.casefold()
    if plain in _GENDERS or plain in _IT:
        _read_pronoun(scene, walk, sentence, token, plain)
        return 1
    if plain in ("the", "this", "that", "their", "its", "his", "her", "our"):
        return _read_description(scene, walk, sentence, tokens, number, waiting)
    if plain in ("a", "an", "one", "another"):
        return _read_unnamed(scene, walk, sentence, tokens, number, waiting)
    if token.word[0].isupper() and number + 1 < len(tokens):
        _read_adjective(scene, walk, token, tokens[number + 1])
    if plain in ORG_NOUNS and number + 1 < len(tokens) and token.word.islower():
        after = tokens[number + 1].word.casefold()
        if after in SPOKES | STAFF | DOCUMENTS and scene.text[token.end : tokens[number + 1].start] == " ":
            found = _described(walk, scene, plain, ())
            if found is not None:
                _note(walk, found, Span(start=token.start, end=token.end), "description", weight=0.3, spoke=True)
    return 1


def _read_adjective(scene: _Scene, walk: _Walk, token: Token, following: Token) -> None:
    """Read a place's adjective before those who speak for it: "a Karsian official"."""
    if following.word.casefold() not in SPOKES | _GOVERNING or scene.text[token.end : following.start] != " ":
        return
    found = [d for d in scene.places if d.spans and is_adjective_of(token.word, d.name)]
    if len(found) == 1:
        span = Span(start=token.start, end=token.end)
        found[0].references.append(Reference(span=span, form="description"))


def _note(walk: _Walk, draft: Draft, span: Span, form: ReferenceForm, *, weight: float, spoke: bool) -> None:
    target = draft if draft.named else draft.proxy
    if target is not None:
        target.references.append(Reference(span=span, form=form))
    walk.touch(draft, weight=weight, spoke=spoke)


def _read_pronoun(scene: _Scene, walk: _Walk, sentence: Span, token: Token, plain: str) -> None:
    span = Span(start=token.start, end=token.end)
    if plain in _IT:
        if _EXPLETIVE.match(scene.text, token.start) or not _may_be_body(scene, walk, sentence, span, plain):
            return
        found = _best(walk, [d for d in walk.recent if d.kind in ("organization", "place")], reach=2, things=True)
    else:
        gender = _GENDERS[plain]
        people = [d for d in walk.recent if d.kind == "person" and d.gender in (gender, None)]
        found = _best(walk, people, reach=FAR, gender=gender)
        if found is not None and found.gender is None and len([d for d in people if d.gender is None]) == 1:
            found.gender = gender
    if found is not None:
        _note(walk, found, span, "pronoun", weight=_rank(scene.text, sentence, span), spoke=_speaks(scene, span))


def _may_be_body(scene: _Scene, walk: _Walk, sentence: Span, span: Span, plain: str) -> bool:
    """Return whether "it" or "its" may mean a body: not the object of a verb, not what a nameless subject goes on with."""
    text = scene.text
    if span.start - sentence.start < 2:
        return walk.thing != walk.sentence - 1 or walk.spoken
    named = any(d.sentence == walk.sentence for d in walk.recent[-4:])
    if not named and _opens_with_thing(walk, text, sentence):
        return False
    if plain == "it":
        after = text[span.end : span.end + 20].split()
        return bool(after) and after[0][0].islower() and after[0] not in _PREPOSITIONS | _NOT_VERBS and span.end < sentence.end - 2
    return True


def _best(
    walk: _Walk, candidates: Sequence[Draft], *, reach: int, gender: Gender | None = None, things: bool = False
) -> Draft | None:
    """Return the candidate that a pronoun means, or None where none or no one is plainly best."""
    scored = []
    for order, draft in enumerate(candidates):
        if walk.paragraph - draft.paragraph > reach:
            continue
        score = -1.0 * (walk.sentence - draft.sentence) + 0.02 * order
        score += 1.2 * draft.spoke + draft.weight + 0.5 * (walk.paragraph == draft.paragraph)
        score += 0.1 * min(draft.count, 5)
        if gender is not None:
            score += 0.6 * (draft.gender == gender)
        if things and draft.kind == "place":
            score -= 0.3 if draft.weight >= 1 else 0.8
        scored.append((score, order, draft))
    if not scored:
        return None
    scored.sort(key=lambda row: (-row[0], -row[1]))
    if len(scored) > 1 and scored[0][0] - scored[1][0] < MARGIN:
        return None
    return scored[0][2]


def _phrase(text: str, tokens: Sequence[Token], number: int, stop: int | None) -> list[Token]:
    """Return the words of the noun phrase after the determiner at `number`: up to five, in lower case, unbroken."""
    found: list[Token] = []
    for token in tokens[number + 1 : number + 6]:
        before = found[-1].end if found else tokens[number].end
        if text[before : token.start] != " " or (stop is not None and token.start >= stop):
            break
        plain = token.word.casefold()
        if plain in _PHRASE_ENDS or plain in _PREPOSITIONS:
            break
        found.append(token)
        if text[token.end : token.end + 2] in ("'s", "’s", "’ ", "' "):
            break
    return found


def _read_description(
    scene: _Scene, walk: _Walk, sentence: Span, tokens: list[Token], number: int, waiting: Sequence[tuple[Span, Draft]]
) -> int:
    """Read "the company", "the foreign minister"; after "its", "his" the owner is read first, then "her spokesman"."""
    token = tokens[number]
    plain = token.word.casefold()
    phrase = _phrase(scene.text, tokens, number, waiting[0][0].start if waiting else None)
    head = _head(phrase)
    if head is None or plain not in ("the", "this", "that"):
        return 1
    last = phrase[head]
    follows = waiting[0][0].start if waiting else -1
    gap = scene.text[last.end : follows] if follows > 0 else "x"
    if gap.strip() == "" or (gap == ", " and waiting[0][1].kind == "person" and is_role(last.word)):
        return 1
    noun = last.word.casefold()
    modifiers = tuple(t.word.casefold() for t in phrase[:head])
    found = _described(walk, scene, noun, modifiers)
    if found is None:
        return 1
    span = Span(start=token.start, end=last.end)
    _note(walk, found, span, "description", weight=_rank(scene.text, sentence, span), spoke=_speaks(scene, span))
    return head + 2


def _head(phrase: Sequence[Token]) -> int | None:
    """Return which word of a phrase is its head: the last noun for a body or a role in an unbroken run of words."""
    found = None
    for place, token in enumerate(phrase):
        plain = token.word.casefold()
        if plain in ORG_NOUNS or is_role(plain) or plain in SPOKES or plain.endswith("-year-old"):
            found = place
        elif found is not None:
            break
    return found


def _described(walk: _Walk, scene: _Scene, noun: str, modifiers: tuple[str, ...]) -> Draft | None:
    """Return the entity that "the" + `modifiers` + `noun` means, or None."""
    pool = {id(d): d for d in [*walk.recent, *scene.by_head.get(noun, ())] if d.sentence >= 0}
    fits = [(d, fits_noun(d, noun)) for d in pool.values()]
    fits = [(d, fit) for d, fit in fits if fit > 0]
    if modifiers:
        whole = (*modifiers, noun)
        exact = [(d, fit) for d, fit in fits if any(p[-len(whole) :] == whole for p in d.phrases)]
        fits = exact or [(d, fit) for d, fit in fits if not _contradicts(d, modifiers, noun)]
    if not fits:
        return None
    top = max(fit for _, fit in fits)
    fits = [(d, fit) for d, fit in fits if fit > top - 1.0]
    scored = []
    for order, (draft, fit) in enumerate(fits):
        score = 1.5 * fit - 0.25 * min(walk.sentence - draft.sentence, 12) + 0.5 * draft.weight + 0.5 * draft.spoke
        score += 0.1 * min(draft.count, 6) + 0.01 * order + 0.5 * (walk.paragraph == draft.paragraph)
        score -= 0.2 * bool(draft.called - {noun})
        score -= 1.0 * (draft.sentence == walk.sentence and draft.weight >= 1.0)
        scored.append((score, draft))
    scored.sort(key=lambda row: -row[0])
    weak = all(fit < 0.5 for _, fit in fits)
    abroad = any(is_nationality(m) or m in NATIONALITIES for m in modifiers)
    if len(scored) > 1 and scored[0][0] - scored[1][0] < (0.8 if weak else 0.2) or (abroad and len(scored) > 1):
        return None
    if weak and scored[0][1].count < 2:
        return None
    best = scored[0][1]
    if best.kind == "organization" and noun in ORG_NOUNS and not weak:
        best.called.add(noun)
    return best


def _contradicts(draft: Draft, modifiers: tuple[str, ...], noun: str) -> bool:
    """Return whether a role with other words before the same noun stands against a description."""
    if draft.kind != "person":
        return False
    same = [p for p in draft.phrases if p and noun in p]
    return bool(same) and all(len(p) > 1 and not set(p[:-1]) & set(modifiers) for p in same)


def _read_unnamed(
    scene: _Scene, walk: _Walk, sentence: Span, tokens: list[Token], number: int, waiting: Sequence[tuple[Span, Draft]]
) -> int:
    """Keep in mind a person without a name: "a judge", "a spokesman for the board"."""
    token = tokens[number]
    phrase = _phrase(scene.text, tokens, number, waiting[0][0].start if waiting else None)
    place = next((i for i, t in enumerate(phrase) if _is_person_noun(t.word)), None)
    before = scene.text[max(0, token.start - 2) : token.start]
    if place is None or before == ", ":
        return 1
    while place + 1 < len(phrase) and _is_person_noun(phrase[place + 1].word):
        place += 1
    last = phrase[place]
    gap = scene.text[last.end : waiting[0][0].start] if waiting else "x"
    if gap.strip(" ,") == "" and len(gap) <= 2:
        return 1
    span = Span(start=token.start, end=last.end)
    noun = last.word.casefold()
    if walk.sentence < OPENING:
        later = [d for d in scene.by_head.get(noun, ()) if d.kind == "person" and d.spans[0].start < scene.early]
        if len(later) == 1:
            _note(walk, later[0], span, "description", weight=_rank(scene.text, sentence, span), spoke=_speaks(scene, span))
            return 1
    draft = Draft(name="", kind="person", named=False, gender=title_gender(noun) or kin_gender(noun), heads={noun})
    draft.proxy = _body_of(scene, walk, phrase[:place], last, tokens, number + place + 2, waiting) if noun in SPOKES else None
    weight = _rank(scene.text, sentence, span)
    if draft.proxy is not None or weight >= 0.4 or _speaks(scene, span):
        walk.touch(draft, weight=weight, spoke=_speaks(scene, span))
    return 1


def _is_person_noun(word: str) -> bool:
    plain = word.casefold()
    return (is_role(plain) or plain in KIN or plain in SPOKES) and word.islower() and plain not in ("general", "major")


def _body_of(
    scene: _Scene,
    walk: _Walk,
    modifiers: Sequence[Token],
    last: Token,
    tokens: Sequence[Token],
    after: int,
    waiting: Sequence[tuple[Span, Draft]],
) -> Draft | None:
    """Return the body that an unnamed spokesperson speaks for: "a council spokeswoman", "a spokesman for the operator"."""
    for token in modifiers:
        if token.word in ORG_NOUNS:
            return _described(walk, scene, token.word, ())
    if scene.text[last.end : last.end + 5] not in (" for ", " of t", " at t") or after >= len(tokens):
        return None
    start = last.end + 5
    for span, draft in waiting[:1]:
        if scene.text[start : span.start] in ("", "the ", "The "):
            return draft
    phrase = _phrase(scene.text, tokens, after, None)
    head = _head(phrase)
    if head is None or not scene.text.startswith("the ", start):
        return None
    return _described(walk, scene, phrase[head].word.casefold(), tuple(t.word.casefold() for t in phrase[:head]))


def owners(drafts: Sequence[Draft]) -> Iterator[tuple[Span, Draft]]:
    """Yield each reference with its draft, in no order."""
    for draft in drafts:
        for reference in draft.references:
            yield reference.span, draft
