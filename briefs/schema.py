"""The records that pass between the parts of briefs: all frozen, all closed to unknown fields.

Every offset is a half-open range of Unicode code points into `Article.text`, as in the W3C Web Annotation
`TextPositionSelector`: `article.text[span.start:span.end]` is the text that the span stands for.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1.1"

Kind = Literal["person", "organization", "place", "other"]
Salience = Literal["main", "secondary", "minor"]
Form = Literal["direct", "mixed", "indirect"]
Certainty = Literal["asserted", "hedged", "denied", "intended"]
AttributionLabel = Literal["source", "cue", "content"]
DiscourseRole = Literal[
    "main",
    "main_consequence",
    "previous_event",
    "current_context",
    "historical",
    "anecdotal",
    "evaluation",
    "expectation",
    "not_article",
]
FurnitureKind = Literal[
    "tags",
    "section",
    "byline",
    "dateline",
    "published",
    "updated",
    "publisher",
    "link",
    "advertisement",
    "caption",
    "note",
    "sign_off",
    "copyright",
    "subheading",
]
Score = Annotated[float, Field(ge=0.0, le=1.0)]


class Record(BaseModel):
    """Base of all records: frozen, hashable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Span(Record):
    """A half-open range of code points of `Article.text`.

    >>> Span(start=0, end=5).of("Hello world")
    'Hello'
    >>> Span(start=0, end=5).overlaps(Span(start=4, end=9))
    True
    """

    start: int = Field(ge=0, description="first code point")
    end: int = Field(ge=0, description="one past the last code point")

    def of(self, text: str) -> str:
        """Return the text of the span, exactly as it stands in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Return whether the two spans share a code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Return whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end


class Landmark(Record):
    """A point of `Article.text` whose place in the file is known: what follows it, up to the next, follows it there too."""

    offset: int = Field(ge=0, description="code point of the article's text")
    line: int = Field(ge=1, description="line of the file, from 1")
    column: int = Field(ge=1, description="code point of that line, from 1")


class Origin(Record):
    """Where an article comes from: what its furniture and its file say of it. None where they do not say."""

    path: str = Field(
        description="the seed as the caller named it, in a build below its folder of seeds; '-' for standard input"
    )
    sha256: str = Field(description="SHA-256 of the seed's bytes, in hex")
    publisher: str | None = Field(default=None, description="the outlet that published the article")
    url: str | None = Field(default=None, description="address of the article at its publisher")
    byline: str | None = Field(default=None, description="who wrote it: the names only")
    dateline: str | None = Field(default=None, description="place, and date if it has one, as written")
    published: str | None = Field(default=None, description="ISO 8601 date or date and time")
    updated: str | None = Field(default=None, description="ISO 8601 date or date and time")
    section: str | None = Field(default=None, description="the publisher's section")
    tags: tuple[str, ...] = Field(default=(), description="the publisher's tags, in order")
    id: str | None = Field(
        default=None, description="what the file calls the article, where it holds several or names it"
    )
    excerpt: bool = Field(
        default=False, description="whether the file has only the beginning or a summary of the article"
    )
    landmarks: tuple[Landmark, ...] = Field(
        default=(), description="where in the file the text stands, where its form says: in the order of the text"
    )
    language: str = Field(default="en", description="BCP 47 tag of the article's language; 'und' where unknown")

    def place_of(self, offset: int) -> tuple[int, int] | None:
        """Return line and column in the file, from 1, of a code point of the article's text; None where that is not known.

        >>> origin = Origin(path="a.md", sha256="0" * 64, landmarks=(Landmark(offset=0, line=4, column=3),))
        >>> origin.place_of(6)
        (4, 9)
        """
        number = bisect_right(self.landmarks, offset, key=lambda landmark: landmark.offset)
        if not number:
            return None
        landmark = self.landmarks[number - 1]
        return landmark.line, landmark.column + offset - landmark.offset


class Furniture(Record):
    """A part of the file that is no part of the story: a byline, a photo credit, a sign-off."""

    kind: FurnitureKind
    span: Span


class Sentence(Record):
    """A sentence of the body and the number of its paragraph, counted from 0."""

    span: Span
    paragraph: int = Field(ge=0)


class Article(Record):
    """A news article, normalised: its text, and which part of the text is what.

    `text` is the whole file with line ends as LF and without a byte order mark; line breaks inside a hard-wrapped
    paragraph are spaces. Code points are never added or dropped otherwise, so that offsets lead back to the file.
    """

    text: str
    headline: Span
    dek: Span | None = None
    paragraphs: tuple[Span, ...] = Field(description="the story, in order, without furniture")
    sentences: tuple[Sentence, ...] = Field(description="the sentences of the paragraphs, in order")
    furniture: tuple[Furniture, ...] = ()
    origin: Origin


class Mention(Record):
    """A name in the text, as the tagger found it."""

    span: Span
    kind: Kind
    score: Score


class AttributionSpan(Record):
    """A stretch of text that the tagger takes for the source, the cue or the content of an attribution."""

    span: Span
    label: AttributionLabel
    score: Score


class SentenceTag(Record):
    """What the tagger makes of a sentence: its discourse role, and whether it is speech."""

    span: Span
    role: DiscourseRole
    scores: tuple[Score, ...] = Field(description="a probability for each role, in the order of DiscourseRole")
    speech: Score = Field(description="probability that the sentence reports speech")


class Tags(Record):
    """All that the tagger says of one article, each list in the order of the text."""

    mentions: tuple[Mention, ...] = ()
    attributions: tuple[AttributionSpan, ...] = ()
    sentences: tuple[SentenceTag, ...] = Field(default=(), description="one for each of Article.sentences")


class Attribution(Record):
    """A source, a cue and a content that belong together; each may be broken into several spans."""

    source: tuple[Span, ...] = Field(description="empty where the article names none")
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


class Passage(Record):
    """A piece of the article that stands in the brief.

    Where its words stand in the article more than once, `prefix` and `suffix` have what stands around them here, as in the W3C
    Web Annotation `TextQuoteSelector`.
    """

    text: str
    span: Span
    role: DiscourseRole | None = Field(default=None, description="discourse role of the sentence")
    score: Score | None = Field(default=None, description="the tagger's probability for the role or label")
    prefix: str | None = Field(
        default=None, description="what stands right before, where that tells it from the same words"
    )
    suffix: str | None = Field(default=None, description="what stands right after, likewise")


class Actor(Record):
    """A person, organization or place that acts, speaks or is affected."""

    name: str = Field(description="the fullest form of the name in the article")
    kind: Kind
    roles: tuple[str, ...] = Field(default=(), description="what the article calls the actor, as written")
    affiliation: str | None = Field(default=None, description="the organization or place the actor belongs to")
    aliases: tuple[str, ...] = Field(default=(), description="other forms of the name, as written")
    mentions: tuple[Span, ...] = Field(description="where the name stands, in order")
    salience: Salience


class Claim(Record):
    """What a source says, and how: an attribution read for the reader.

    The content may be broken by its cue ("X," she said, "Y"): then it has several spans, and `text` joins theirs by " … ".
    """

    text: str
    spans: tuple[Span, ...] = Field(description="the content, in order")
    speaker: str | None = Field(description="name of the actor who says it; None where the article does not say")
    source: Passage | None = Field(description="the source as the article words it")
    cue: Passage | None = Field(description="the words that say that it is said")
    form: Form
    certainty: Certainty
    sentence: Span = Field(description="the sentence of the cue, or of the content where there is no cue")
    prefix: str | None = Field(default=None, description="as of a passage: what stands right before the content")
    suffix: str | None = Field(default=None, description="likewise after it")


class Brief(Record):
    """What an article says: the result of a parse, and the public JSON format."""

    schema_version: str = SCHEMA_VERSION
    headline: Passage
    dek: Passage | None = None
    lede: tuple[Passage, ...]
    actors: tuple[Actor, ...]
    claims: tuple[Claim, ...]
    context: tuple[Passage, ...]
    outlook: tuple[Passage, ...]
    summary: tuple[Passage, ...] = Field(description="the sentences of the one-paragraph summary, in order")
    origin: Origin
    tagger: str = Field(description="version of the tagger that read the article")
