"""Whatever the article: every word of its brief is a span of it, and nothing but a BriefsError is raised."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from commands import ARTICLE
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from parsed_seeds import STEMS

from briefs import Article, Brief, BriefsError, Passage, Span, parse, read, render
from briefs.escape import clean
from briefs.parsing import SEPARATOR
from briefs.view import view

HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %}",
    "# heading *star* _line_ `code` [x](javascript:1)",
    "“We never close the quote, she said.",
    "\" ' ” ’ « » „ “ said said said",
    "Ana Ruiz said Bo Lund said Ana Ruiz said",
    "said.",
    "—",
    "By By By Reuters (AP) (Reuters) —",
    "Source: Source: Source",
    "LONDON, March 3 (AP) -",
    "© 2026 Read more: Advertisement",
    "\u202eright to left\u202c \u200b\u200d\ufeff",
    "e\u0301 \U0001f468\u200d\U0001f469 ﷽ 中文 русский",
    "A" * 300,
    "a.b.c. U.S. Inc. Mr. St. No. 1.5 3 p.m.",
    "\x85\u2028\u2029\xa0\t",
    "&amp;&#0; \\ \\\\ %00",
    "He, she, they, it and the company said that he told her that they did.",
    "",
)
SENTENCES = (
    "The dam above Selmoor will hold, Mayor Ana Ruiz said on Monday.",
    "“It cracked,” said Bo Lund, an engineer at Isk Valley Water, “and nobody came.”",
    "The company denied that it had put off repairs.",
    "Engineers may lower the lake on Friday.",
    "The dam was finished in 1961 and was repaired in 1987 after a flood.",
)
PIECES = st.sampled_from(HOSTILE) | st.sampled_from(SENTENCES) | st.text(max_size=30)
ARTICLES = st.lists(st.lists(PIECES, max_size=4).map(" ".join), max_size=6).map("\n\n".join)


def passages(brief: Brief) -> Iterator[Passage]:
    """Yield every passage of a brief."""
    yield brief.headline
    yield from (brief.dek,) if brief.dek else ()
    yield from (*brief.lede, *brief.context, *brief.outlook, *brief.summary)
    for claim in brief.claims:
        yield from (passage for passage in (claim.source, claim.cue) if passage)


def check_grounding(article: Article, brief: Brief) -> None:
    """Assert that each item of the brief stands in the article where it says, and that speakers are actors."""
    text = article.text
    for passage in passages(brief):
        assert passage.text
        assert passage.span.of(text) == passage.text
    for claim in brief.claims:
        assert claim.text == SEPARATOR.join(span.of(text) for span in claim.spans)
        assert list(claim.spans) == sorted(claim.spans, key=lambda span: span.start)
        assert not any(a.overlaps(b) for a, b in zip(claim.spans, claim.spans[1:], strict=False))
        assert claim.speaker is None or claim.speaker in [actor.name for actor in brief.actors]
        assert claim.sentence in [sentence.span for sentence in article.sentences] + [article.headline]
    for actor in brief.actors:
        assert actor.mentions
        assert all(0 <= span.start < span.end <= len(text) for span in actor.mentions)
        for name in (actor.name, *actor.aliases, *actor.roles):
            assert words(name) in words(text), name
    assert len({actor.name for actor in brief.actors}) == len(brief.actors)


def check_sections(article: Article, brief: Brief) -> None:
    """Assert that no sentence stands in two sections, and that no part of the brief is furniture."""
    parts = [p.span for p in (*brief.lede, *brief.context, *brief.outlook)]
    assert len(set(parts)) == len(parts)
    assert not any(a.overlaps(b) for i, a in enumerate(parts) for b in parts[:i])
    taken: list[Span] = [*parts, *(p.span for p in brief.summary), *(s for c in brief.claims for s in c.spans)]
    for piece in article.furniture:
        assert not any(piece.span.overlaps(span) for span in taken), piece


def words(text: str) -> str:
    return " ".join(text.split())


def test_every_item_of_every_seed_is_grounded(seed: tuple[Article, Brief]) -> None:
    check_grounding(*seed)


def test_a_sentence_of_a_seed_stands_in_one_section_and_no_furniture_in_any(seed: tuple[Article, Brief]) -> None:
    check_sections(*seed)


def test_the_lede_of_every_seed_says_something_and_so_does_its_summary(seed: tuple[Article, Brief]) -> None:
    _, brief = seed
    assert brief.lede
    assert brief.summary
    assert brief.claims
    assert brief.actors


def test_the_markdown_of_every_seed_parses_back_to_the_words_of_the_brief(seed: tuple[Article, Brief]) -> None:
    _, brief = seed
    tokens = MarkdownIt("commonmark", {"html": False}).parse(render(brief, "md"))
    text = words("\n".join("".join(child.content or "\n" for child in token.children or ()) for token in tokens))
    page = view(brief)
    shown = [page.headline, *(line.text for line in (*page.lede, *page.context, *page.outlook))]
    shown += [said.text for voice in page.voices for said in voice.said]
    assert [missing for missing in shown if words(missing) not in text] == []
    assert not any(token.type.startswith("html") for token in tokens)


def test_there_are_seeds_enough() -> None:
    assert len(STEMS) >= 10


@given(body=ARTICLES)
@example(body="")
@example(body="\n\n".join(HOSTILE))
@example(body=" ".join(HOSTILE))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_raises_anything_but_a_briefs_error_and_every_item_is_grounded(body: str) -> None:
    for text in (body, f"Dam above Selmoor holds\n\n{SENTENCES[0]}\n\n{body}\n"):
        try:
            article = read(text, language="any")
        except BriefsError:
            continue
        brief = parse(article)
        check_grounding(article, brief)
        check_sections(article, brief)
        for form in ("md", "html", "summary", "json"):
            assert render(brief, form)
        assert clean(brief.headline.text) in clean(article.text)


@given(source=st.binary(max_size=80) | st.binary(max_size=40).map(lambda tail: ARTICLE.encode() + tail))
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise_anything_but_a_briefs_error(source: bytes) -> None:
    with contextlib.suppress(BriefsError):
        assert read(source).paragraphs


@pytest.mark.parametrize(
    "text", ["Dam holds\r\n\r\nThe dam holds, Ana Ruiz said.\r\n", "\ufeffDam holds\n\nIt holds, Bo said.\n"]
)
def test_line_ends_and_byte_order_marks_change_no_words(text: str) -> None:
    plain = text.replace("\r\n", "\n").removeprefix("\ufeff")
    brief, expected = parse(text), parse(plain)
    assert brief.model_copy(update={"origin": expected.origin}) == expected
