"""A text fragment names words so that a browser finds them, and the right ones where they stand twice."""

from __future__ import annotations

import re
import time
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefs.escape import clean
from briefs.fragments import WHOLE, Surroundings, text_fragment
from briefs.parsing import parse
from briefs.schema import Span

URL = "https://example.com/dam"


def test_all_that_means_something_in_a_fragment_is_encoded() -> None:
    made = text_fragment(URL, ["50% of well-known dams, “we” & they # held?"])
    assert (
        made == f"{URL}#:~:text=50%25%20of%20well%2Dknown%20dams%2C%20%E2%80%9Cwe%E2%80%9D%20%26%20they%20%23%20held%3F"
    )


def test_a_fragment_of_the_address_stays_and_a_directive_goes() -> None:
    assert text_fragment(f"{URL}?a=1#top", ["It held"]) == f"{URL}?a=1#top:~:text=It%20held"
    assert text_fragment(f"{URL}#:~:text=old", ["It held"]) == f"{URL}#:~:text=It%20held"


def test_a_long_quotation_is_told_by_its_ends_and_a_broken_one_by_first_and_last() -> None:
    words = [f"word{number}" for number in range(WHOLE + 1)]
    assert text_fragment(URL, [" ".join(words[:-1])]).endswith("word0%20" + "%20".join(words[1:-1]))
    assert text_fragment(URL, [" ".join(words)]).endswith("word4%20word5,word7%20word8%20word9%20word10")
    assert text_fragment(URL, ["It held", "for now"]).endswith("#:~:text=It%20held,for%20now")


@given(pieces=st.lists(st.text().filter(clean), min_size=1, max_size=3))
@example(pieces=["a-b, c & d", "e"])
@example(pieces=["\ud800 a"])
def test_a_fragment_names_the_first_and_last_words_of_a_passage(pieces: list[str]) -> None:
    base, _, directive = text_fragment(URL, pieces).partition("#:~:text=")
    assert base == URL
    assert re.fullmatch(r"[A-Za-z0-9%_.~,]*", directive)
    ends = [unquote(part) for part in directive.split(",")]
    assert clean(pieces[0]).startswith(ends[0])
    assert clean(pieces[-1]).endswith(ends[-1])


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


def test_a_long_sentence_is_told_from_another_that_begins_as_it_does() -> None:
    tail = "for one more week at least, the mayor of the town said on Monday."
    text = f"It rained. The dam above Selmoor will hold {tail} It snowed. The dam above Selmoor will hold on {tail}"
    around = Surroundings(text)
    second = text.rindex("The dam")
    assert around.find([Span(start=11, end=text.index(" It snowed"))]) == ("It rained.", None)
    assert around.find([Span(start=second, end=len(text))]) == ("on Monday. It snowed.", None)


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
