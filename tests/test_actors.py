"""Entities and actors: who is one, what they are called, whose they are. The tagger's names are given."""

from __future__ import annotations

import time

import pytest
from case_files import Case, parametrize, read_cases
from named import read_named

from briefs.schema import Actor, Article, Origin, Tags
from briefs.stages.actors import find_actors, find_entities
from briefs.stages.coreference import Speakers
from briefs.stages.lexicon import KIN, ROLES
from briefs.stages.lexicon_people import FEMALE_NAMES, MALE_NAMES
from briefs.stages.names import is_adjective_of, is_initials


def actors_of(article: Article, tags: Tags) -> tuple[Actor, ...]:
    entities = find_entities(article, tags)
    sources = [tag.span for tag in tags.attributions if tag.label == "source"]
    return find_actors(entities, article, Speakers(entities, article), sources)


def line(actor: Actor) -> str:
    fields = (
        f"{actor.kind} {actor.salience}",
        actor.name,
        ", ".join(actor.aliases),
        ", ".join(actor.roles),
        actor.affiliation or "",
    )
    return " | ".join(fields).replace("  ", " ").strip()


def test_the_case_file_holds_cases() -> None:
    """The cases are there to be run."""
    assert len(read_cases("actors")) >= 25


@parametrize("actors")
def test_actors_are_found_as_a_reader_would(case: Case) -> None:
    """Each case of actors.md yields its actors, in order of first mention, and no other."""
    assert [line(a) for a in actors_of(*read_named(case.given))] == case.expected.splitlines()


@pytest.mark.parametrize("case", read_cases("actors") + read_cases("coreference"), ids=lambda case: case.title)
def test_every_phrase_is_a_part_of_the_text(case: Case) -> None:
    """Names, roles and references are spans of the article, and references are in order."""
    article, tags = read_named(case.given)
    for entity in find_entities(article, tags):
        assert entity.name in article.text
        assert all(role in article.text for role in entity.roles)
        assert all(span.of(article.text) for span in entity.mentions)
        assert set(entity.mentions) == {r.span for r in entity.references if r.form == "name"}
        starts = [r.span.start for r in entity.references]
        assert starts == sorted(starts)


def test_only_the_source_of_a_claim_speaks() -> None:
    """An organization that is named in passing is an actor by what it claims, and by nothing else."""
    article, tags = read_named("Reef dies\nDivers of {s:the [o:Saltar Cooperative]} counted corals. The reef died.")
    entities = find_entities(article, tags)
    speakers = Speakers(entities, article)
    (source,) = (tag.span for tag in tags.attributions)
    assert find_actors(entities, article, speakers, []) == ()
    assert [a.name for a in find_actors(entities, article, speakers, [source])] == ["Saltar Cooperative"]


def test_publisher_and_writers_are_no_actors() -> None:
    """The outlet and the byline are left out, unless the story is about them."""
    origin = Origin(path="", sha256="", publisher="Varrow Courier", byline="Ana Lee")
    article, tags = read_named("News\n[p:Tom Ray] told the [o:Courier] so. [p:Ana Lee] was there.", origin=origin)
    assert [a.name for a in actors_of(article, tags)] == ["Tom Ray"]


def test_a_story_about_the_publisher_has_it_as_actor() -> None:
    """A publisher that the headline names and the story keeps naming is an actor."""
    origin = Origin(path="", sha256="", publisher="Courier")
    marked = "Courier sold\nThe [o:Courier] was sold. The [o:Courier] lost money. The [o:Courier] said so."
    article, tags = read_named(marked, origin=origin)
    assert [a.name for a in actors_of(article, tags)] == ["Courier"]


def test_no_names_no_actors() -> None:
    """An article without names has no entities, nor has an empty one."""
    article, tags = read_named("News\nIt rained all day.")
    assert find_entities(article, tags) == ()
    bare = article.model_copy(update={"paragraphs": (), "sentences": ()})
    assert actors_of(bare, Tags()) == ()


def test_the_same_article_gives_the_same_entities() -> None:
    """Nothing but article and tags decides."""
    article, tags = read_named(read_cases("actors")[0].given)
    assert find_entities(article, tags) == find_entities(article, tags)


def test_time_grows_with_length_only() -> None:
    """Sixteen times the length takes nowhere near 16 × 16 times as long."""
    paragraph = (
        "[p:Ana Lee{0}] of [o:Acme{0} Corp.] left. {{s:She}} said [l:Karsia] would pay. {{s:The company}} agreed.\n"
    )

    def seconds(count: int) -> float:
        """Return what it takes at best: what else the machine does, or a search for garbage, is not meant."""
        letters = ("".join(chr(97 + int(d)) for d in str(i)) for i in range(count))
        article, tags = read_named("News\n" + "".join(paragraph.format(x) for x in letters))
        times = []
        for _ in range(3):
            start = time.process_time()
            actors_of(article, tags)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(320) < 80 * max(seconds(20), 0.002)


def test_word_lists_do_not_contradict_each_other() -> None:
    """No first name is of both sexes, and hardly a relative is a role."""
    assert not MALE_NAMES & FEMALE_NAMES
    assert {"counterpart", "partner"} >= ROLES & KIN


@pytest.mark.parametrize(
    ("short", "name", "expected"),
    [
        ("NLF", "Northern Lending Fund", True),
        ("U.N.", "United Nations", True),
        ("VA", "Department of Veterans Affairs", True),
        ("URTW", "Union of Rail and Transit Workers", True),
        ("AI", "Acme Inc.", True),
        ("Lee", "Lake Erie East", False),
        ("FTC", "Federal Household Council", False),
    ],
)
def test_initials_are_those_of_the_big_words(short: str, name: str, *, expected: bool) -> None:
    """An acronym is made of the first letters of a name, small words left out or not."""
    assert is_initials(short, name) is expected


@pytest.mark.parametrize(
    ("word", "place", "expected"),
    [
        ("Karsian", "Karsia", True),
        ("Swedish", "Sweden", True),
        ("British", "U.K.", True),
        ("German", "Germany", True),
        ("Romanian", "Rome", False),
        ("Karsia", "Karsia", False),
    ],
)
def test_adjectives_of_places(word: str, place: str, *, expected: bool) -> None:
    """An adjective leads to its place by its ending or by the list, and a name is not its own adjective."""
    assert is_adjective_of(word, place) is expected
