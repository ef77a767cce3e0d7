"""Sentences and quotations: offsets in, offsets out, nothing copied.

All functions take the whole text and the spans to look at, and return half-open spans of code points of that text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from briefs.schema import Span

# A full stop after one of these never ends a sentence: a name or a number follows. Titles and ranks as the Associated
# Press abbreviates them before names, and reference marks before numbers.
BEFORE_NAME = frozenset(
    "mr mrs ms mx dr prof rev hon fr sr br msgr gov lt sen rep sens reps gen col maj capt cmdr cpl sgt adm pvt det insp supt"
    " pres messrs mlle mme st mt ft no nos vol pp fig eq op cf vs v viz approx asst assoc dep dist".split()
)
# These may end a sentence, and do when a word that opens sentences follows.
AMBIGUOUS = frozenset(
    "inc corp co ltd llc plc bros jr etc al ave blvd rd jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed"
    " thu thur thurs fri sat sun ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont"
    " neb nev okla ore pa tenn tex va vt wash wis wyo dept est gov univ e.g i.e a.m p.m".split()
)
OPENERS = frozenset(
    "the a an this that these those it he she we they i you his her its their our my but and so yet or in on at by for from"
    " with as if when while after before since although though because however meanwhile still also there here who what"
    " why how where which no not some many most all both each one two only even now then last next under over among"
    " according despite during instead moreover nor once other another until unlike within without".split()
)
# After a quoted question or exclamation, a name and one of these go on with the sentence: “Why?” Lee asked.
SPEECH = (
    "said|says|asked|asks|added|adds|wrote|writes|told|shouted|replied|wondered|continued|tweeted|recalled|exclaimed"
)

_END = re.compile(r"(?P<mark>[.!?…]+)(?P<close>(?:[\"'”’)\]]|[ \u00a0\u202f]?»)*)(?P<gap>\s+|(?=[A-Z“\"‘][a-z]))")
_LAST_WORD = re.compile(r"[^\s\"“”‘’«»(\[—–]*$")
_NEXT_WORD = re.compile(r"[\"'“‘«„(\[\s—–-]*([^\W_]+(?:[’'][^\W_]+)?)?")
_SPEAKER_GOES_ON = re.compile(rf"(?:[A-Z][\w.’'-]*\s+){{1,4}}(?:{SPEECH})\b")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_CONTEXT = 60  # code points looked at before a stop: no abbreviation is longer


def find_sentences(text: str, span: Span) -> tuple[Span, ...]:
    """Return the sentences of `span`, without the white space between them, in order.

    A stop ends a sentence unless it belongs to an abbreviation, an initial or a number, or the words go on in lower case.
    A sentence that stands within quotation marks is a sentence too.

    >>> text = "Gov. J. B. Lee spoke at 5 p.m. Friday. “Is it over?” he asked. It was."
    >>> [s.of(text) for s in find_sentences(text, Span(start=0, end=len(text)))]
    ['Gov. J. B. Lee spoke at 5 p.m. Friday.', '“Is it over?” he asked.', 'It was.']
    """
    found = []
    start = span.start
    for match in _END.finditer(text, span.start, span.end):
        stop = match.end("close")
        if match.end() < span.end and _ends_sentence(text, match, start, span.end):
            found.append((start, stop))
            start = match.end()
    found.append((start, span.end))
    return tuple(Span(start=a, end=b) for a, b in (_trim(text, a, b) for a, b in found) if a < b)


def overlapping(spans: Sequence[Span], span: Span) -> Sequence[Span]:
    """Return those of `spans`, which are in order and apart, that share a code point with `span`.

    >>> ordered = [Span(start=0, end=4), Span(start=5, end=9), Span(start=10, end=14)]
    >>> [s.start for s in overlapping(ordered, Span(start=8, end=11))]
    [5, 10]
    """
    first = bisect_right(spans, span.start, key=lambda s: s.end)
    return spans[first : bisect_left(spans, span.end, lo=first, key=lambda s: s.start)]


def covering(spans: Sequence[Span], at: int) -> Span | None:
    """Return the one of `spans`, which are in order and apart, that holds the code point `at`, or None.

    >>> ordered = [Span(start=0, end=4), Span(start=5, end=9)]
    >>> covering(ordered, 8), covering(ordered, 4)
    (Span(start=5, end=9), None)
    """
    place = bisect_right(spans, at, key=lambda s: s.start) - 1
    return spans[place] if place >= 0 and spans[place].end > at else None


def _ends_sentence(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Return whether the stop in `match`, in a sentence that began at `start`, is the last of its sentence."""
    mark, close = match["mark"], match["close"]
    following = text[match.end() : min(match.end() + 80, end)]
    word = (_NEXT_WORD.match(following) or [None, None])[1] or ""
    if word and word[0].islower() and not word[1:2].isupper():
        return False
    if not match["gap"]:
        return (
            bool(re.search(r"[a-z]{2}$|[a-z]\d$", text[max(start, match.start() - 2) : match.start()])) and mark != "…"
        )
    if ("!" in mark or "?" in mark) and close and _SPEAKER_GOES_ON.match(following):
        return False
    if mark != ".":
        return bool(word) or following[:1] not in ",;:)"
    before = _LAST_WORD.search(text[max(start, match.start() - _CONTEXT) : match.start()])
    last = before[0] if before else ""
    key = last.lower().strip(".")
    if key in BEFORE_NAME and not close:
        return key in AMBIGUOUS and word.lower() in OPENERS
    opener = word.lower() in OPENERS or following[:1] in '“"«‘'
    if _INITIALS.fullmatch(last) and last[0].isupper() and len(last) != 2 and not close:
        return opener and len(last) > 1
    if (key in AMBIGUOUS or last.lower() in AMBIGUOUS) and not close:
        return opener and not word.isdigit()
    return True


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


_CLOSERS: dict[str, tuple[str, ...]] = {
    "“": ("”", '"'),
    "«": ("»",),
    "„": ("“", "”"),
    "‘": ("’",),
    "‹": ("›",),
    '"': ('"',),
    "'": ("'",),
    "``": ("''",),
    "''": ("''",),
}
_QUOTE = re.compile(r"``|''|[\"“”«»„‘’‹›']")


@lru_cache(maxsize=1)  # several stages ask for those of the same article
def find_quotes(text: str, paragraphs: tuple[Span, ...]) -> tuple[Span, ...]:
    r"""Return the outermost quotations of `paragraphs`, their marks included, in order.

    A quotation that runs over several paragraphs, each reopened and only the last closed, is one span a paragraph. Single
    marks count where they cannot be apostrophes. A mark that opens nothing that is closed or reopened is passed over.

    >>> text = 'He said "no". “We wait, ‘as told’.\n“Then we go,” she said.'
    >>> paragraphs = tuple(Span(start=m.start(), end=m.end()) for m in re.finditer("[^\n]+", text))
    >>> [s.of(text) for s in find_quotes(text, paragraphs)]
    ['"no"', '“We wait, ‘as told’.', '“Then we go,”']
    """
    found: list[Span] = []
    for number, paragraph in enumerate(paragraphs):
        following = text[paragraphs[number + 1].start] if number + 1 < len(paragraphs) else ""
        found.extend(_paragraph_quotes(text, paragraph, following))
    return tuple(found)


def _paragraph_quotes(text: str, paragraph: Span, following: str) -> Iterator[Span]:
    position = paragraph.start
    unclosed: set[str] = set()  # marks that nothing closes from here on: looked for once
    while match := _QUOTE.search(text, position, paragraph.end):
        position = match.end()
        mark = match[0]
        if not _opens(text, match, paragraph):
            continue
        close = None if mark in unclosed else _closing(text, match, paragraph)
        if close is not None:
            yield Span(start=match.start(), end=close)
            position = close
        elif following == mark[0] and mark not in ("'", "‘"):
            yield Span(start=match.start(), end=paragraph.end)
            return
        else:
            unclosed.add(mark)


def _opens(text: str, match: re.Match[str], paragraph: Span) -> bool:
    mark = match[0]
    before = text[match.start() - 1] if match.start() > paragraph.start else " "
    after = text[match.end()] if match.end() < paragraph.end else " "
    if mark in "“«„‹":
        return True
    if mark == "‘":
        return not before.isalnum()
    return mark in ('"', "'", "``", "''") and not before.isalnum() and before not in ".,!?;:%" and not after.isspace()


def _closing(text: str, opening: re.Match[str], paragraph: Span) -> int | None:
    """Return the end of the first mark that closes `opening`, or None. An apostrophe within a word closes nothing."""
    wanted = _CLOSERS[opening[0]]
    for match in _QUOTE.finditer(text, opening.end(), paragraph.end):
        if match[0] in wanted and not (match[0] in "’'" and text[match.end() : match.end() + 1].isalnum()):
            return match.end()
    return None
