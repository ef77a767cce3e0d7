"""Attributions and claims: linking, form, certainty, and what is no claim. The tagger's spans are given."""

from __future__ import annotations

import pytest
from case_files import Case, parametrize, read_cases
from marked import read_marked

from briefs.schema import Article
from briefs.stages.attribution import find_attributions
from briefs.stages.certainty import read_certainty
from briefs.stages.claims import Reading, find_claims
from briefs.stages.cue_words import ASSERTING, CLAUSE_ONLY, DENYING, HEDGING, INTENDING, lemmas


def read(marked: str) -> tuple[Article, tuple[Reading, ...]]:
    article, tags = read_marked(marked)
    return article, find_claims(article, find_attributions(article, tags))


def line(article: Article, reading: Reading) -> str:
    text = article.text
    source = reading.source.of(text) if reading.source else "None"
    cue = reading.cue.of(text) if reading.cue else "None"
    content = " … ".join(c.of(text) for c in reading.content)
    return f"{read_certainty(text, reading)} {reading.form} | {source} | {cue} | {content}"


def test_the_case_file_holds_cases() -> None:
    """The cases are there to be run."""
    assert len(read_cases("claims")) >= 20


@parametrize("claims")
def test_claims_are_read_as_a_reader_would(case: Case) -> None:
    """Each case of claims.md yields its claims, in order, and no other."""
    article, readings = read(case.given)
    assert [line(article, r) for r in readings] == case.expected.splitlines()


def test_a_speakers_own_name_makes_an_act_intended() -> None:
    """What a speaker's organization will do is intended once the speaker is known, and only then."""
    article, (reading,) = read("{s:Ashdown} {q:said} {c:the NEMD will try to open the gate}.")
    assert read_certainty(article.text, reading) == "asserted"
    assert read_certainty(article.text, reading, speaker_names=["Viktor Ashdown", "NEMD"]) == "intended"


def test_a_headline_makes_no_claim() -> None:
    """An attribution whose cue stands in the headline is left to the body."""
    article, tags = read_marked("{s:Lee} {q:said} {c:that it rained}.")
    moved = article.model_copy(update={"headline": article.paragraphs[0], "paragraphs": (), "sentences": ()})
    assert find_attributions(moved, tags)
    assert not find_claims(moved, find_attributions(moved, tags))


def test_no_word_is_claimed_twice() -> None:
    """Of two claims over the same words, the longer stands."""
    article, readings = read("Acme {q:plans} {c:to sell 300 homes}, {s:it} {q:said} on Friday.")
    assert [line(article, r) for r in readings] == ["asserted indirect | it | said | Acme plans to sell 300 homes"]


@pytest.mark.parametrize("words", [ASSERTING, HEDGING, DENYING, INTENDING, CLAUSE_ONLY])
def test_cue_words_are_lemmas_once(words: frozenset[str]) -> None:
    """The lists hold lower-case lemmas, which are found again from themselves."""
    assert all(word.isalpha() and word.islower() and word in lemmas(word) for word in words)


def test_a_cue_says_one_thing() -> None:
    """No verb both denies and asserts, plans or hedges."""
    assert not DENYING & (ASSERTING | HEDGING | INTENDING)
    assert not HEDGING & (ASSERTING | INTENDING)
    assert not ASSERTING & INTENDING
