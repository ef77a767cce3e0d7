"""What phrases mean: one walk through the story that follows names, pronouns and descriptions to entities.

Persons without a name ("a woman", "a spokesman for the board") take part, so that "she said" after "a woman" is not
given to somebody else. What stands within quotation marks is left alone: there "he" and "we" are the speaker's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from briefs.schema import Article, Span, Tags
from briefs.stages.drafts import Draft, kin_gender
from briefs.stages.entities import Reference, ReferenceForm
from briefs.stages.evidence import is_role
from briefs.stages.lexicon import DOCUMENTS, KIN, ORG_NOUNS, SPOKES, STAFF, word_set
from briefs.stages.names import Gender, is_adjective_of, title_gender
from briefs.stages.tokens import Token, Words
from briefs.stages.walk import PREPOSITIONS, QUOTED, SUBJECT, Walk, rank
from briefs.text import covering, find_quotes, overlapping

OPENING = 2  # sentences in which "a judge" may be the judge who is named
EARLY = 6  # within this many
_HE: dict[str, Gender] = dict.fromkeys(("he", "him", "his", "himself"), "male")
_SHE: dict[str, Gender] = dict.fromkeys(("she", "her", "hers", "herself"), "female")
_GENDERS = _HE | _SHE
_IT = frozenset({"it", "its", "itself"})
_EXPLETIVE = re.compile(
    r"it (?:is|was|’s|'s|will be|would be|has been|had been|may be|might be|remains|remained)?\s*"
    r"(?:still |also |now |not |un)?"
    r"(?:clear|unclear|likely|unlikely|possible|impossible|known|hard|difficult|easy|true|important|time|too|raining|seems?"
    r"|seemed|appears?|appeared|turned out|turns out|comes? as|came as|took|takes|emerged|follows|looks)\b",
    re.IGNORECASE,
)
_NOT_VERBS = PREPOSITIONS | word_set(
    "and or but if because when while a an the all so too as that this at up out off down again more"
)
_SPEAKING = SPOKES | STAFF | DOCUMENTS
_GOVERNING = SPOKES | word_set("official officials authorities government diplomat diplomats envoy")
_TOLD = _SPEAKING | _GOVERNING
_PHRASE_ENDS = PREPOSITIONS | word_set(
    "who which that whose when where is was are were has had have will would said says and or but not did does do can could"
    " may might must should be been being if then also"
)


@dataclass(frozen=True)
class _Scene:
    """What of the article the walk looks things up in."""

    text: str
    quotes: Sequence[Span]
    sources: Sequence[Span]
    by_head: dict[str, list[Draft]]
    places: Sequence[Draft]
    early: int  # where the opening of the story ends


@dataclass
class _Reading:
    """A sentence while it is read: its words, and the names still to come."""

    span: Span
    tokens: list[Token]
    names: list[tuple[Span, Draft]]

    def next_name(self) -> int | None:
        """Return where the next name begins, or None."""
        return self.names[0][0].start if self.names else None


def follow(article: Article, tags: Tags, words: Words, drafts: Sequence[Draft]) -> None:
    """Fill in the references of the drafts: the names that they have, and what pronouns and descriptions mean.

    `words` are those of the story.
    """
    text = article.text
    names = sorted(((span, draft) for draft in drafts for span in draft.spans), key=lambda pair: pair[0].start)
    by_head: dict[str, list[Draft]] = {}
    for draft in drafts:
        for head in sorted(draft.heads):
            by_head.setdefault(head, []).append(draft)
    scene = _Scene(
        text=text,
        quotes=find_quotes(text, article.paragraphs),
        sources=tuple(s.span for s in tags.attributions if s.label == "source"),
        by_head=by_head,
        places=[d for d in drafts if d.kind == "place"],
        early=article.sentences[min(EARLY, len(article.sentences) - 1)].span.end if article.sentences else 0,
    )
    for span, draft in names:
        draft.references.append(Reference(span=span, form="name"))
    walk = Walk()
    place = 0
    for number, sentence in enumerate(article.sentences):
        walk.enter(number, sentence.paragraph)
        while place < len(names) and names[place][0].start < sentence.span.start:
            place += 1
        first = place
        while place < len(names) and names[place][0].start < sentence.span.end:
            place += 1
        _read_sentence(scene, walk, _Reading(sentence.span, words.within(sentence.span), names[first:place]))
        if _opens_with_thing(walk, text, sentence.span):
            walk.thing = number


def _opens_with_thing(walk: Walk, text: str, sentence: Span) -> bool:
    """Return whether a sentence begins with a noun phrase that means nobody known: "The lawsuit was …"."""
    first = text[sentence.start : min(sentence.end, sentence.start + 12)].split(" ", 1)[0].casefold()
    subjects = any(d.sentence == walk.sentence and d.weight >= SUBJECT for d in walk.recent[-6:])
    return first in ("the", "a", "an", "this", "that", "one", "such") and not subjects


def _read_sentence(scene: _Scene, walk: Walk, reading: _Reading) -> None:
    quotes = overlapping(scene.quotes, reading.span)
    number = 0
    while number < len(reading.tokens):
        token = reading.tokens[number]
        while reading.names and reading.names[0][0].end <= token.start:
            reading.names.pop(0)
        quoted = bool(quotes) and any(q.start <= token.start < q.end for q in quotes)
        if reading.names and reading.names[0][0].start <= token.start:
            span, draft = reading.names.pop(0)
            weight = QUOTED if quoted else rank(scene.text, reading.span, span)
            walk.touch(draft, weight=weight, spoke=_speaks(scene, span))
            while number < len(reading.tokens) and reading.tokens[number].start < span.end:
                number += 1
            continue
        number += 1 if quoted else _read_word(scene, walk, reading, number)


def _speaks(scene: _Scene, span: Span) -> bool:
    """Return whether a phrase tells who speaks in a source: its head, or whom a spokesperson or a report speaks for."""
    source = covering(scene.sources, span.start)
    if source is None:
        return False
    text = scene.text
    if text[span.end : span.end + 2] in ("'s", "’s") and span.end + 2 < source.end:
        return False
    before = [w.casefold().strip(",") for w in text[source.start : span.start].split()]
    if any(w in SPOKES or w in DOCUMENTS for w in before):
        return True
    return not any(w in PREPOSITIONS for w in before) or text[span.start - 2 : span.start] == ", "


def _read_word(scene: _Scene, walk: Walk, reading: _Reading, number: int) -> int:
    """Read the pronoun or the description that begins at a token; return how many tokens were read."""
    token = reading.tokens[number]
    plain = token.word.casefold()
    if plain in _GENDERS or plain in _IT or plain == "their":
        _read_pronoun(scene, walk, reading.span, token)
    elif plain in ("the", "this", "that"):
        return _read_description(scene, walk, reading, number)
    elif plain in ("a", "an", "one", "another"):
        _read_unnamed(scene, walk, reading, number)
    elif number + 1 < len(reading.tokens):
        _read_modifier(scene, walk, token, reading.tokens[number + 1])
    return 1


def _note(walk: Walk, draft: Draft, reference: Reference, *, weight: float, spoke: bool) -> None:
    target = draft if draft.named else draft.proxy
    if target is not None:
        target.references.append(reference)
    walk.touch(draft, weight=weight, spoke=spoke, pronoun=reference.form == "pronoun")


def _refer(start: int, end: int, form: ReferenceForm) -> Reference:
    return Reference(span=Span(start=start, end=end), form=form)


def _read_pronoun(scene: _Scene, walk: Walk, sentence: Span, token: Token) -> None:
    plain = token.word.casefold()
    reference = _refer(token.start, token.end, "pronoun")
    if plain == "their":
        found = walk.team_meant()
    elif plain in _IT:
        found = walk.body_meant() if _may_be_body(scene, walk, sentence, token) else None
    else:
        found = walk.person_meant(_GENDERS[plain])
    if found is not None:
        weight = rank(scene.text, sentence, reference.span)
        _note(walk, found, reference, weight=weight, spoke=_speaks(scene, reference.span))


def _may_be_body(scene: _Scene, walk: Walk, sentence: Span, token: Token) -> bool:
    """Return whether "it" or "its" may mean a body: not the object of a verb, not a nameless subject."""
    text = scene.text
    if _EXPLETIVE.match(text, token.start):
        return False
    if token.start - sentence.start < 2:
        return walk.thing != walk.sentence - 1 or walk.spoken
    named = any(d.sentence == walk.sentence for d in walk.recent[-4:])
    if not named and _opens_with_thing(walk, text, sentence):
        return False
    after = text[token.end : token.end + 20].split()
    verb = bool(after) and after[0][0].islower() and after[0] not in _NOT_VERBS
    return token.word.casefold() != "it" or (verb and token.end < sentence.end - 2)


def _phrase(text: str, tokens: Sequence[Token], number: int, stop: int | None) -> list[Token]:
    """Return the words of the noun phrase after the determiner at `number`: up to five, before the next name."""
    found: list[Token] = []
    for token in tokens[number + 1 : number + 6]:
        before = found[-1].end if found else tokens[number].end
        if text[before : token.start] != " " or (stop is not None and token.start >= stop):
            break
        if token.word.casefold() in _PHRASE_ENDS:
            break
        found.append(token)
        if text[token.end : token.end + 2] in ("'s", "’s", "’ ", "' "):
            break
    return found


def _head(phrase: Sequence[Token]) -> int | None:
    """Return which word of a phrase is its head: the last noun for a body or a role in a run of such nouns."""
    found = None
    for place, token in enumerate(phrase):
        plain = token.word.casefold()
        if plain in ORG_NOUNS or is_role(plain) or plain in SPOKES:
            found = place
        elif found is not None:
            break
    return found


def _described(scene: _Scene, walk: Walk, words: Sequence[Token]) -> Draft | None:
    """Return the entity that the words of a noun phrase mean, or None."""
    plain = tuple(t.word.casefold() for t in words)
    return walk.described(plain[-1], plain[:-1], scene.by_head.get(plain[-1], ()))


def _read_description(scene: _Scene, walk: Walk, reading: _Reading, number: int) -> int:
    """Read "the company", "the foreign minister"; of "the council leader, Lee" only the body."""
    token = reading.tokens[number]
    phrase = _phrase(scene.text, reading.tokens, number, reading.next_name())
    head = _head(phrase)
    if head is None:
        return 1
    last = phrase[head]
    words = phrase[: head + 1]
    if _is_apposed(scene.text, reading, last):
        words = words[:-1] if words[:-1] and words[-2].word in ORG_NOUNS else []
    found = _described(scene, walk, words) if words else None
    if found is None:
        return 1
    reference = _refer(token.start, words[-1].end, "description")
    weight = rank(scene.text, reading.span, reference.span)
    _note(walk, found, reference, weight=weight, spoke=_speaks(scene, reference.span))
    return len(words) + 1


def _is_apposed(text: str, reading: _Reading, last: Token) -> bool:
    """Return whether a name follows that the phrase which ends with `last` belongs to."""
    if not reading.names:
        return False
    gap = text[last.end : reading.names[0][0].start]
    return gap == " " or (gap == ", " and reading.names[0][1].kind == "person" and is_role(last.word))


def _read_modifier(scene: _Scene, walk: Walk, token: Token, following: Token) -> None:
    """Read who is told by a word before those who speak for it: "council figures", "a Karsian official"."""
    noun = following.word.casefold()
    if noun not in _TOLD or scene.text[token.end : following.start] != " ":
        return
    if token.word in ORG_NOUNS and noun in _SPEAKING:
        found = _described(scene, walk, [token])
        if found is not None:
            _note(walk, found, _refer(token.start, token.end, "description"), weight=0.3, spoke=True)
    elif token.word[0].isupper() and noun in _GOVERNING:
        places = [d for d in scene.places if is_adjective_of(token.word, d.name)]
        if len(places) == 1:
            places[0].references.append(_refer(token.start, token.end, "description"))


def _read_unnamed(scene: _Scene, walk: Walk, reading: _Reading, number: int) -> None:
    """Keep in mind a person without a name: "a judge", "a spokesman for the board"."""
    token = reading.tokens[number]
    phrase = _phrase(scene.text, reading.tokens, number, reading.next_name())
    nouns = [i for i, t in enumerate(phrase) if _is_person_noun(t.word)]
    if not nouns or scene.text[max(0, token.start - 2) : token.start] == ", ":
        return
    last = phrase[nouns[-1]]
    if reading.names and scene.text[last.end : reading.names[0][0].start] in (" ", ", "):
        return
    span = Span(start=token.start, end=last.end)
    noun = last.word.casefold()
    weight, spoke = rank(scene.text, reading.span, span), _speaks(scene, span)
    named = [d for d in scene.by_head.get(noun, ()) if d.kind == "person" and d.spans[0].start < scene.early]
    if walk.sentence < OPENING and len(named) == 1:
        _note(walk, named[0], Reference(span=span, form="description"), weight=weight, spoke=spoke)
        return
    draft = Draft(name="", kind="person", named=False, gender=title_gender(noun) or kin_gender(noun), heads={noun})
    if noun in SPOKES:
        draft.proxy = _body_of(scene, walk, reading, number, phrase[: nouns[-1] + 1])
    if draft.proxy is not None or weight > 0 or spoke:
        walk.touch(draft, weight=weight, spoke=spoke)


def _is_person_noun(word: str) -> bool:
    return (is_role(word) or word in KIN or word in SPOKES) and word.islower() and word not in ("general", "major")


def _body_of(scene: _Scene, walk: Walk, reading: _Reading, number: int, phrase: Sequence[Token]) -> Draft | None:
    """Return whom an unnamed spokesperson speaks for: "a council spokeswoman", "a spokesman for the operator"."""
    for token in phrase[:-1]:
        if token.word in ORG_NOUNS:
            return _described(scene, walk, [token])
    link = re.compile(r" (?:for|of|at|from) (the )?").match(scene.text, phrase[-1].end)
    if link is None:
        return None
    if reading.next_name() == link.end():
        return reading.names[0][1]
    article = number + len(phrase) + 2
    if not link[1] or article >= len(reading.tokens):
        return None
    words = _phrase(scene.text, reading.tokens, article, reading.next_name())
    head = _head(words)
    return _described(scene, walk, words[: head + 1]) if head is not None else None
