"""However an input is cut into slices, each record is in one of them, under the same id."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_warcs import packed, page, record, response

from briefs.errors import BuildError, SeedError
from briefs.readers import read_page
from briefs.reading import Found, Reading, read_slice
from briefs.slices import Slice, find_slices


def read(slices: Sequence[Slice], **options: object) -> list[Found]:
    return [found for part in slices for found in read_slice(part, Reading(**options))]  # type: ignore[arg-type]


def headlines(found: Sequence[Found]) -> list[str]:
    return [headline(each) for each in found if each.read]


def headline(found: Found) -> str:
    try:
        article = found.read() if found.read else None
    except SeedError as error:
        return f"error: {error.found}"
    return article.headline.of(article.text) if article else ""


def lines(count: int, end: bytes = b"\n") -> bytes:
    told = ({"title": f"Dam {number} holds", "text": "It held on Monday, officials said."} for number in range(count))
    return b"".join(json.dumps(each).encode() + end for each in told)


@given(
    st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line), max_size=12),
    st.sampled_from([b"\n", b"\r\n"]),
    st.lists(st.integers(0, 300), max_size=6),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_each_line_is_in_one_range(told: list[bytes], end: bytes, cuts: list[int], last: bool) -> None:  # noqa: FBT001
    source = end.join(told) + (end if last else b"")
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")
        path.write_bytes(source)
        bounds = [0, *sorted(cut for cut in cuts if cut < len(source)), max(len(source), 1)]
        slices = [Slice("lines", [str(path)], start, stop) for start, stop in pairwise(bounds)]
        whole = read([Slice("lines", [str(path)], 0, max(len(source), 1))])
        found = read(slices)
    assert [(each.id, each.place) for each in found] == [(each.id, each.place) for each in whole]
    assert len(whole) == sum(1 for line in source.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip())


@pytest.mark.parametrize("articles", [1, 3, 100])
def test_each_row_of_a_table_is_in_one_slice(articles: int, tmp_path: Path) -> None:
    names = [f"Dam {number} holds" for number in range(50)]
    table = pa.table({"title": names, "text": ["It held on Monday."] * 50, "vector": [[0.5]] * 50})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=20)
    found = read(find_slices([str(tmp_path / "a.parquet")], articles=articles))
    assert headlines(found) == names
    assert [each.place for each in found] == list(range(50))
    assert len({each.id for each in found}) == 50


def test_the_id_of_a_row_is_that_of_its_columns_with_an_article(tmp_path: Path) -> None:
    one = {"title": ["Dam holds"], "text": ["It held on Monday."]}
    for name, more in (("a", {}), ("b", {"vector": [[0.5]]}), ("c", {"vector": [[1.5]]})):
        pq.write_table(pa.table({**one, **more}), tmp_path / f"{name}.parquet")
    assert len({each.id for each in read(find_slices([str(tmp_path)], articles=9))}) == 1


def test_what_is_packed_is_read_as_what_is_not(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(5))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines(5)))
    found = read(find_slices([str(tmp_path)], articles=1))
    assert [each.id for each in found[:5]] == [each.id for each in found[5:]]
    assert headlines(found[:5]) == headlines(found[5:])


def test_ids_do_not_change_when_a_file_is_moved(tmp_path: Path) -> None:
    files = {
        "a.jsonl": lines(2),
        "b.warc.gz": packed([response("https://a.example/", page()), record("warcinfo", b"")]),
        "c.txt": b"Dam holds\n\nIt held on Monday, officials said.\n",
    }
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for name, source in files.items():
            (tmp_path / folder / name).write_bytes(source)
    one, two = (read(find_slices([str(tmp_path / folder)], articles=9)) for folder in ("one", "two"))
    assert [(each.id, each.sha256) for each in one] == [(each.id, each.sha256) for each in two]
    assert len({each.id for each in one}) == len(one) == 5


def test_a_page_of_an_archive_is_read_as_it_is_alone(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(packed([response("https://a.example/dam", page())]))
    (found,) = read(find_slices([str(tmp_path / "a.warc.gz")], articles=9))
    assert found.read is not None
    article = found.read()
    alone = read_page(page(), path=str(tmp_path / "a.warc.gz"), options=Reading().options())
    assert article.text == alone.text
    assert (article.origin.url, article.origin.publisher) == ("https://a.example/dam", "The Ledger")


def test_lines_that_are_too_long_are_told_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(1) + b"x" * 500 + b"\n" + lines(1))
    for articles in (1, 100):
        found = read(find_slices([str(tmp_path / "a.jsonl")], articles=articles), max_bytes=200)
        assert headlines(found) == ["Dam 0 holds", "error: a line of more than 200 bytes", "Dam 0 holds"]


def test_forms_are_told_by_the_first_bytes_where_names_do_not_say(tmp_path: Path) -> None:
    pq.write_table(pa.table({"title": ["Dam holds"], "text": ["It held."]}), tmp_path / "table")
    (tmp_path / "archive").write_bytes(response("https://a.example/", page()))
    (tmp_path / "packed").write_bytes(packed([response("https://a.example/", page())]))
    (tmp_path / "text").write_bytes(b"Dam holds\n\nIt held.\n")
    forms = {
        part.files[0].rpartition("/")[2]: part.form
        for name in ("table", "archive", "packed", "text")
        for part in find_slices([str(tmp_path / name)], articles=9)
    }
    assert forms == {"table": "parquet", "archive": "warc", "packed": "warc", "text": "seeds"}


def test_folders_have_what_is_known_by_its_name_but_for_what_is_hidden_or_left_out(tmp_path: Path) -> None:
    for name in ("a.txt", ".b.txt", "c.pdf", "d.html", "d.html.headers.json", "into/briefs/e.parquet", "more/f.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    slices = find_slices([str(tmp_path)], articles=1, leave=tmp_path / "into")
    assert [Path(part.files[0]).name for part in slices] == ["f.jsonl", "a.txt", "d.html"]


def test_what_is_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Dam holds\n\nIt held.\n")
    slices = find_slices([str(tmp_path), str(tmp_path / "a.txt"), str(tmp_path / "*.txt")], articles=9)
    assert [part.files for part in slices] == [[str(tmp_path / "a.txt")]]


def test_an_input_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no such file; expected files, folders, patterns or addresses of articles"):
        find_slices([str(tmp_path / "*.warc.gz")], articles=9)


def test_a_file_that_is_gone_is_a_record_with_an_error(tmp_path: Path) -> None:
    for form in ("warc", "parquet", "lines", "seeds"):
        (found,) = read([Slice(form, [str(tmp_path / "gone")], 0, 1)])  # type: ignore[arg-type]
        assert headline(found).startswith("error: ")


def test_an_entry_keeps_its_id_when_others_come_before_it(tmp_path: Path) -> None:
    def feed(*numbers: int) -> str:
        text = "The dam held on Monday, officials said, and nobody was hurt."
        items = "".join(
            f"<item><title>Dam {n} holds</title><guid>dam-{n}</guid><description>{text}</description></item>"
            for n in numbers
        )
        return f'<rss version="2.0"><channel><title>Dams</title>{items}</channel></rss>'

    found = []
    for numbers in ((1, 2), (3, 1, 2)):
        (tmp_path / "feed.xml").write_text(feed(*numbers), encoding="utf-8")
        found.append({headline(each): each.id for each in read(find_slices([str(tmp_path / "feed.xml")], articles=9))})
    assert found[0].items() <= found[1].items()
    assert len(set(found[1].values())) == 3
