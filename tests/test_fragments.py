"""A text fragment names words so that a browser finds them, and the right ones where they stand twice."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.fragments import LONGEST, Surroundings, text_fragment
from briefs.parsing import parse
from briefs.schema import Span

URL = "https://example.com/dam"


def test_all_that_means_something_in_a_fragment_is_encoded() -> None:
    made = text_fragment(URL, ["50% of well-known dams, “we” & they # held?"])
    assert (
        made == f"{URL}#:~:text=50%25%20of%20well%2Dknown%20dams%2C%20%E2%80%9Cwe%E2%80%9D%20%26%20they%20%23%20held%3F"
    )


def test_what_stood_in_the_address_as_a_fragment_is_left_out() -> None:
    assert text_fragment(f"{URL}?a=1#top", ["It held"]) == f"{URL}?a=1#:~:text=It%20held"


def test_a_long_quotation_is_told_by_its_ends_and_a_broken_one_by_first_and_last() -> None:
    words = [f"word{number}" for number in range(100)]
    assert len(" ".join(words)) > LONGEST
    assert text_fragment(URL, [" ".join(words)]).endswith(
        "word4%20word5,word94%20word95%20word96%20word97%20word98%20word99"
    )
    assert text_fragment(URL, ["It held", "for now"]).endswith("#:~:text=It%20held,for%20now")


def test_prefix_and_suffix_stand_around_it() -> None:
    made = text_fragment(URL, ["It held"], prefix="On Monday", suffix="he said")
    assert made.endswith("#:~:text=On%20Monday-,It%20held,-he%20said")


def test_the_same_sentence_twice_is_told_by_what_stands_around_it() -> None:
    text = "First came the rain. It held. Then came the wind. It held."
    first, second = (Span(start=n, end=n + 8) for n in (text.index("It held."), text.rindex("It held.")))
    around = Surroundings(text)
    assert around.find([first]) == ("First came the rain.", None)
    assert around.find([second]) == ("Then came the wind.", None)
    assert around.find([Span(start=0, end=20)]) == (None, None)


def test_the_words_of_a_brief_that_stand_twice_say_where() -> None:
    said = "The dam above Selmoor will hold, Mayor Ana Ruiz said on Monday."
    brief = parse(f"Dam holds\n\n{said}\n\nOn Friday it rained again in the town.\n\n{said}\n")
    assert {passage.text: passage.prefix or passage.suffix for passage in brief.lede}[said]
    assert all(claim.prefix or claim.suffix for claim in brief.claims if claim.text.startswith("The dam above"))


@given(st.text(alphabet="ab .", max_size=60), st.data())
def test_surroundings_stand_right_before_and_after(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    prefix, suffix = Surroundings(text).find([Span(start=start, end=end)])
    assert "".join(text[:start].split()).endswith("".join((prefix or "").split()))
    assert "".join(text[end:].split()).startswith("".join((suffix or "").split()))


@pytest.mark.parametrize("word", ["a ", "It held. "])
def test_the_time_to_find_surroundings_is_linear_in_the_text(word: str) -> None:
    text = word * (200_000 // len(word))
    began = time.monotonic()
    around = Surroundings(text)
    for start in range(0, len(text), len(text) // 500):
        around.find([Span(start=start, end=start + 8)])
    assert time.monotonic() - began < 5
