"""Who a phrase means: sources to speakers, pronouns and descriptions to entities. The tagger's names are given."""

from __future__ import annotations

from case_files import Case, parametrize, read_cases
from named import read_named

from briefs.schema import Span
from briefs.stages.actors import find_entities
from briefs.stages.cast import Cast
from briefs.stages.coreference import speaker_of


def phrases(marked: str) -> dict[str, list[str]]:
    """Return the pronouns and descriptions that mean each entity."""
    article, tags = read_named(marked)
    return {
        e.name: [r.span.of(article.text) for r in e.references if r.form != "name"]
        for e in find_entities(article, tags)
    }


def test_the_case_file_holds_cases() -> None:
    """The cases are there to be run."""
    assert len(read_cases("coreference")) >= 25


@parametrize("coreference")
def test_sources_lead_to_those_who_speak(case: Case) -> None:
    """Each source of a case of coreference.md leads to its speaker, or to nobody."""
    article, tags = read_named(case.given)
    cast = Cast(find_entities(article, tags))
    found = [speaker_of(s.span, cast, article) for s in tags.attributions if s.label == "source"]
    assert [entity.name if entity else "None" for entity in found] == case.expected.splitlines()


def test_a_source_without_known_phrases_is_nobodys() -> None:
    """A source in which nothing means an entity has no speaker, nor has one when there are no entities."""
    article, tags = read_named("News\n[o:Acme] fell. Some say so.")
    start = article.text.index("Some")
    assert speaker_of(Span(start=start, end=start + 4), Cast(find_entities(article, tags)), article) is None
    assert speaker_of(Span(start=6, end=10), Cast(()), article) is None


def test_pronouns_within_quotations_are_left_alone() -> None:
    """What stands within quotation marks is the speaker's: "he" there is nobody's reference."""
    assert phrases("News\n[p:Tom Ray] left. “He was ill,” [p:Ana Lee] said of his friend.")["Tom Ray"] == ["his"]


def test_it_is_not_always_somebody() -> None:
    """ "It" that stands for no thing, or for the object of a verb, means no body."""
    assert phrases("News\n[o:Acme] won the bid. It was clear that [o:Acme] wanted it.") == {"Acme": []}


def test_descriptions_follow_the_noun_that_was_given() -> None:
    """A noun that an apposition gave to one leads to that one, however far back and whoever was named since."""
    marked = "News\n[o:Brill], a startup, fell. [o:Acme] rose. [o:Acme] won. [o:Acme] grew. The startup closed."
    assert phrases(marked) == {"Brill": ["The startup"], "Acme": []}
