"""All records of a WARC file are read, whatever is broken in it, and of what is broken it is said what."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_warcs import packed, page, record, response

from briefs.readers.warc import Record, read_warc

URLS = [f"https://example.com/{number}" for number in range(5)]
RECORDS = [response(url, page(f"Town {number}")) for number, url in enumerate(URLS)]
FORMS = {"plain": b"".join, "packed": packed, "packed whole": lambda each: gzip.compress(b"".join(each))}


def read(source: bytes, start: int = 0, stop: int | None = None, most: int = 1_000_000) -> list[Record]:
    return list(read_warc(io.BytesIO(source), start=start, stop=stop, most=most))


def urls(records: Sequence[Record]) -> list[str]:
    return [found.headers["warc-target-uri"] for found in records if not found.error]


@pytest.mark.parametrize("form", FORMS)
def test_all_records_are_read_with_their_content(form: str) -> None:
    found = read(FORMS[form](RECORDS))
    assert urls(found) == URLS
    assert [each.content.partition(b"\r\n\r\n")[2] for each in found] == [page(f"Town {n}") for n in range(5)]
    assert [each.error for each in found] == [None] * 5


@pytest.mark.parametrize("form", ["plain", "packed"])
@given(st.lists(st.integers(0, 6_000), max_size=6))
@settings(max_examples=60, deadline=None)
def test_ranges_side_by_side_have_each_record_once(form: str, cuts: list[int]) -> None:
    source = FORMS[form](RECORDS)
    bounds = [0, *sorted(cut for cut in cuts if cut < len(source)), len(source)]
    found = [url for start, stop in pairwise(bounds) for url in urls(read(source, start, stop))]
    assert found == URLS


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_ends_too_soon_loses_its_last_record_alone(form: str) -> None:
    found = read(FORMS[form](RECORDS)[:-60])
    whole = URLS[:4] if form != "packed whole" else urls(found)
    assert urls(found) == whole
    assert [each.error for each in found if each.error] == ["the file ends in the middle of a record"]


@pytest.mark.parametrize(("length", "after"), [(10, URLS), (5_000, URLS), (10**12, URLS)])
@pytest.mark.parametrize("form", ["plain", "packed"])
def test_a_wrong_length_spoils_its_record_alone(form: str, length: int, after: list[str]) -> None:
    wrong = record(
        "response", b"HTTP/1.1 200 OK\r\n\r\nThe dam holds." * 9, url="https://example.com/wrong", length=length
    )
    found = read(FORMS[form]([*RECORDS[:2], wrong, *RECORDS[2:]]))
    assert urls(found) == after
    (broken,) = [each for each in found if each.error]
    assert broken.headers["warc-target-uri"] == "https://example.com/wrong"
    assert broken.error in {"a Content-Length that is wrong", "the file ends in the middle of a record"}


@pytest.mark.parametrize("said", ["", "Content-Length: many\r\n"])
def test_a_length_that_is_none_spoils_its_record_alone(said: str) -> None:
    wrong = f"WARC/1.0\r\nWARC-Type: response\r\n{said}\r\nThe dam holds.\r\n\r\n".encode()
    found = read(b"".join([RECORDS[0], wrong, *RECORDS[1:]]))
    assert urls(found) == URLS
    assert len(found) == 6


def test_what_is_no_record_is_told_once_and_passed_over() -> None:
    for form in ("plain", "packed"):
        found = read(b"".join([FORMS[form](RECORDS[:2]), b"\xff junk \r\n" * 40, FORMS[form](RECORDS[2:])]))
        assert (urls(found), [each.error for each in found if each.error]) == (URLS, ["bytes that are no record"] * 1)


def test_a_member_of_gzip_that_is_cut_spoils_its_record_alone() -> None:
    members = [packed([each]) for each in RECORDS]
    found = read(b"".join([members[0], members[1][:-50], members[2], members[3][:20], members[4]]))
    assert urls(found) == [URLS[0], URLS[2], URLS[4]]
    assert len(found) == 5


def test_a_member_with_flipped_bytes_spoils_its_record_alone() -> None:
    members = [bytearray(packed([each])) for each in RECORDS]
    members[1][100:110] = bytes(10)
    members[3][0] = 0
    found = read(b"".join(members))
    assert urls(found) == [URLS[0], URLS[2], URLS[4]]
    assert len(found) == 5


@pytest.mark.parametrize("cut", range(0, 5_000, 77))
def test_what_is_no_record_is_told_by_one_range_alone(cut: int) -> None:
    source = b"".join([*RECORDS[:2], b"junk\r\n" * 40, *RECORDS[2:]])
    found = [*read(source, 0, cut), *read(source, cut, len(source))]
    assert (urls(found), sum(bool(each.error) for each in found)) == (URLS, 1)


def test_of_a_large_record_only_what_is_wanted_is_kept() -> None:
    (found, after) = read(
        b"".join([record("response", b"x" * 3_000_000, url="a"), record("metadata", b"y")]), most=1000
    )
    assert (len(found.content), found.size, found.error, after.content) == (1001, 3_000_000, None, b"y")


def test_an_empty_file_has_no_records() -> None:
    assert read(b"") == []


@given(st.binary(max_size=400), st.integers(0, 400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_are_too_broken_to_be_read(junk: bytes, at: int) -> None:
    for source in (RECORDS[0], packed(RECORDS[:1])):
        for record_ in read(source[:at] + junk + source[at:]):
            assert record_.error or record_.headers
