"""Sentences and quotations."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from case_files import Case, parametrize, read_cases
from hypothesis import given
from hypothesis import strategies as st

from briefs.schema import Span
from briefs.text import find_quotes, find_sentences


def whole(text: str) -> Span:
    return Span(start=0, end=len(text))


def test_the_case_files_hold_cases() -> None:
    """A case file that is not found or not understood does not pass for one without faults."""
    assert len(read_cases("sentences")) >= 15
    assert len(read_cases("quotes")) >= 10


@parametrize("sentences")
def test_sentences_end_where_a_reader_would_end_them(case: Case) -> None:
    """Each case of sentences.md is cut at its marks and nowhere else."""
    expected = [part.strip() for part in case.given.split("‖")]
    text = re.sub(r" ?‖ ?", lambda m: " " if m[0] != "‖" else "", case.given)
    assert [s.of(text) for s in find_sentences(text, whole(text))] == expected


@given(st.text(alphabet=st.sampled_from("aB .!?…\"”“'’)(«»\n1é\u00a0")))
def test_sentences_cover_all_that_is_not_space(text: str) -> None:
    """Sentences are in order, do not overlap, and lose nothing but the white space between them."""
    spans = find_sentences(text, whole(text))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(s.of(text).split()) for s in spans) == "".join(text.split())
    assert all(s.of(text) == s.of(text).strip() for s in spans)


@parametrize("quotes")
def test_quotations_are_found_with_their_marks(case: Case) -> None:
    """Each case of quotes.md yields its quotations and no other."""
    paragraphs = tuple(Span(start=m.start(), end=m.end()) for m in re.finditer(r"[^\n]+", case.given))
    assert [s.of(case.given) for s in find_quotes(case.given, paragraphs)] == case.expected.splitlines()


@given(st.text(alphabet=st.sampled_from("ab \"”“‘’'«»„`\n.")))
def test_quotations_lie_in_their_paragraphs_and_apart(text: str) -> None:
    """However marks are strewn, quotations do not overlap or cross paragraphs."""
    paragraphs = tuple(Span(start=m.start(), end=m.end()) for m in re.finditer(r"[^\n]+", text))
    spans = find_quotes(text, paragraphs)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(any(p.contains(s) for p in paragraphs) for s in spans)


@pytest.mark.parametrize("unit", ["a. ", "“a ", '"a ', "'a ", "A.", "?!”"])
def test_a_long_line_takes_time_in_proportion(unit: str) -> None:
    """Four times the text takes nowhere near sixteen times the time, whatever it is made of."""
    times = []
    for count in (5_000, 20_000):
        text = unit * count
        tries = []
        for _ in range(
            3
        ):  # the best of them: Python may collect its garbage, and the machine do other things, in between
            start = time.process_time()
            find_sentences(text, whole(text))
            find_quotes(text, (whole(text),))
            tries.append(time.process_time() - start)
        times.append(min(tries))
    assert times[1] < 9 * times[0] + 0.05
