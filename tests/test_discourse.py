"""Lede, context, outlook and summary from sentence roles. The tagger's roles are given."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from briefs import read
from briefs.schema import Actor, Article, Claim, DiscourseRole, SentenceTag, Span, Tags
from briefs.stages.discourse import CONTEXT_MOST, OUTLOOK_MOST, ROLES, Parts, find_parts, find_roles
from briefs.stages.summary import LEAST_WORDS, MOST_WORDS, find_summary


def story(*sentences: tuple[DiscourseRole, str]) -> tuple[Article, Tags]:
    """Return an article with one paragraph a sentence, and tags that are 0.9 sure of each role."""
    article = read("Dam holds in Selmoor\n\n" + "\n\n".join(text for _, text in sentences) + "\n", language="any")
    assert [s.span.of(article.text) for s in article.sentences] == [text for _, text in sentences]
    tags = Tags(
        sentences=tuple(
            SentenceTag(span=s.span, role=role, scores=scores(role), speech=0.0)
            for s, (role, _) in zip(article.sentences, sentences, strict=True)
        )
    )
    return article, tags


def scores(role: DiscourseRole, chance: float = 0.92) -> tuple[float, ...]:
    rest = round((1 - chance) / (len(ROLES) - 1), 4)
    return tuple(chance if r == role else rest for r in ROLES)


def texts(passages: Sequence[object]) -> list[str]:
    return [p.text for p in passages]  # type: ignore[attr-defined]


EVENT: tuple[DiscourseRole, str] = ("main", "The dam above Selmoor cracked on Monday and 4,000 people fled the valley.")
PAST: tuple[DiscourseRole, str] = ("historical", "The dam was built in 1961 and repaired twice after floods in 1987.")
AHEAD: tuple[DiscourseRole, str] = ("expectation", "Lawmakers are to meet on Wednesday to vote on aid for the valley.")
VIEW: tuple[DiscourseRole, str] = ("evaluation", "Nobody in the valley is surprised, and few of them are calm.")


def test_each_sentence_stands_where_its_role_says() -> None:
    """The event opens, history is context, what is to come is outlook, an opinion is none of them."""
    article, tags = story(EVENT, PAST, VIEW, AHEAD)
    parts = find_parts(article, tags)
    assert (texts(parts.lede), texts(parts.context), texts(parts.outlook)) == ([EVENT[1]], [PAST[1]], [AHEAD[1]])
    assert [p.role for p in parts.context] == ["historical"]


def test_an_anecdote_does_not_open_the_brief() -> None:
    """Where the article begins with a scene, the lede is the sentence that tells the event."""
    article, tags = story(("anecdotal", "Ana Ruiz was asleep when the wall of her kitchen moved."), EVENT, PAST)
    assert texts(find_parts(article, tags).lede) == [EVENT[1]]


def test_a_first_sentence_opens_where_no_other_tells_the_event() -> None:
    """An article without a main event still has a lede."""
    article, tags = story(VIEW, PAST)
    assert texts(find_parts(article, tags).lede) == [VIEW[1]]


def test_the_lede_goes_on_with_a_second_sentence_of_the_event() -> None:
    """Two sentences that tell the event are both the lede, a third is not."""
    second: tuple[DiscourseRole, str] = ("main_consequence", "Two bridges were swept away and the power failed.")
    third: tuple[DiscourseRole, str] = ("main", "Soldiers were sent to the town of Selmoor by night.")
    article, tags = story(EVENT, second, third)
    assert texts(find_parts(article, tags).lede) == [EVENT[1], second[1]]


def test_what_hangs_on_a_condition_is_less_of_an_outlook() -> None:
    """The same sentence stands there without its "if", and not with it."""
    plain = "The water could drop by some meters in the night, he said"
    for end, wanted in ((".", True), (" if the rain holds off.", False)):
        article, tags = story(EVENT, PAST, VIEW, PAST, PAST, ("expectation", plain + end), PAST)
        assert (plain + end in texts(find_parts(article, tags).outlook)) == wanted


def test_boilerplate_is_in_no_part() -> None:
    """A sentence that is no part of the article comes out nowhere, even if it names a year or a date to come."""
    advert: tuple[DiscourseRole, str] = (
        "not_article",
        "Tickets for 2026 will be sold from next week at the usual places.",
    )
    article, tags = story(EVENT, advert, PAST)
    parts = find_parts(article, tags)
    assert advert[1] not in texts([*parts.lede, *parts.context, *parts.outlook])


def test_what_is_scheduled_is_outlook_though_it_reads_as_context() -> None:
    """A vote that is set, a deadline that is given: news of what comes next, whatever role the sentence has."""
    due: tuple[DiscourseRole, str] = ("current_context", "The board's report on the dam is due on 14 April in Selmoor.")
    article, tags = story(EVENT, PAST, VIEW, due)
    assert texts(find_parts(article, tags).outlook) == [due[1]]


def test_context_and_outlook_are_short() -> None:
    """However long the article, a brief stays a brief."""
    many: list[tuple[DiscourseRole, str]] = [
        *[
            ("historical", f"The valley flooded in {year} and {year - 1900} people lost their homes.")
            for year in range(1950, 1970)
        ],
        *[("expectation", f"The council will vote on {day} June on a wall for the town.") for day in range(1, 20)],
    ]
    article, tags = story(EVENT, *many)
    parts = find_parts(article, tags)
    assert (len(parts.context), len(parts.outlook)) == (CONTEXT_MOST, OUTLOOK_MOST)
    chosen = [p.span for p in (*parts.lede, *parts.context, *parts.outlook)]
    assert len(set(chosen)) == len(chosen)
    assert all(list(part) == sorted(part, key=lambda p: p.span.start) for part in (parts.context, parts.outlook))


def test_habit_decides_only_what_the_tagger_leaves_open() -> None:
    """A sure tagger is followed; of two roles it finds equally likely, the one that usually follows wins."""
    article, tags = story(EVENT, PAST, VIEW)
    assert find_roles(article, tags) == ("main", "historical", "evaluation")
    torn = tags.sentences[0].model_copy(
        update={"scores": tuple(0.5 if r in ("main", "not_article") else 0.0 for r in ROLES)}
    )
    assert find_roles(article, tags.model_copy(update={"sentences": (torn, *tags.sentences[1:])}))[0] == "main"


def test_no_sentences_no_parts() -> None:
    """An article without sentences has no roles and no parts."""
    article, _ = story(EVENT)
    empty = article.model_copy(update={"sentences": (), "paragraphs": ()})
    assert find_roles(empty, Tags()) == ()
    assert find_parts(empty, Tags()) == Parts((), (), ())


def claim(article: Article, sentence: int, *, speaker: str | None = None) -> Claim:
    span = article.sentences[sentence].span
    return Claim(
        text=span.of(article.text),
        spans=(span,),
        speaker=speaker,
        source=None,
        cue=None,
        form="indirect",
        certainty="asserted",
        sentence=span,
    )


def person(article: Article, name: str) -> Actor:
    start = article.text.index(name)
    return Actor(name=name, kind="person", mentions=(Span(start=start, end=start + len(name)),), salience="main")


def test_the_summary_tells_the_event_a_claim_and_what_is_next() -> None:
    """Three whole sentences in the article's order, within the length of a paragraph."""
    said: tuple[DiscourseRole, str] = (
        "evaluation",
        "Mayor Ana Ruiz said that the town had asked for a new dam for years.",
    )
    article, tags = story(EVENT, PAST, said, AHEAD)
    summary = find_summary(
        article, find_parts(article, tags), [claim(article, 2, speaker="Ana Ruiz")], [person(article, "Ana Ruiz")]
    )
    assert texts(summary) == [EVENT[1], said[1], AHEAD[1]]
    assert LEAST_WORDS - 10 <= sum(len(p.text.split()) for p in summary) <= MOST_WORDS


@pytest.mark.parametrize(
    "leaning",
    [
        "However, the council of the town said that the dam would hold.",
        "She said that the town had asked for a new dam for years.",
        "Asked about it, he said the town had asked for a new dam.",
        "“We asked for a new dam for years,” she said on the bridge.",
        "The company said that the dam above the town would hold.",
        "The council of Selmoor rejected that account of the night.",
    ],
)
def test_no_sentence_of_the_summary_leans_on_one_that_is_not_there(leaning: str) -> None:
    """A sentence that means nothing without the one before it is not taken for the claim of the summary."""
    article, tags = story(EVENT, PAST, ("evaluation", leaning), AHEAD)
    summary = find_summary(article, find_parts(article, tags), [claim(article, 2)], [])
    assert leaning not in texts(summary)
    assert EVENT[1] in texts(summary)


def test_a_summary_is_never_longer_than_a_paragraph() -> None:
    """A sentence that would make the paragraph too long is passed over for one that fits."""
    long: tuple[DiscourseRole, str] = (
        "evaluation",
        "Ana Ruiz said " + "that the dam would hold and " * 16 + "nobody would leave.",
    )
    article, tags = story(EVENT, long, AHEAD)
    summary = find_summary(article, find_parts(article, tags), [claim(article, 1)], [])
    assert texts(summary) == [EVENT[1], AHEAD[1]]
