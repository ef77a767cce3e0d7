"""Every form that an article comes in is told by its content and read as the same article would be in any other."""

from __future__ import annotations

import io
import json
import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Outcome
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from briefs.errors import SeedError
from briefs.parsing import parse, read, read_all
from briefs.readers import ReadOptions, read_articles
from briefs.readers.forms import Form, detect_form
from briefs.schema import Article, Origin
from briefs.seeds import find_seeds

FORMS = Path(__file__).parent / "forms"
FIXTURES = sorted(path for path in FORMS.rglob("*") if path.is_file())
QUAYS = sorted(FORMS.glob("quay.*"))
ERRORS = Path(__file__).parent / "cases/form_errors"
MESSAGES = {line.split(":")[0]: line for line in (ERRORS / "messages.txt").read_text(encoding="utf-8").splitlines()}
Call = Callable[..., Outcome]


class TextExtension(SingleFileSnapshotExtension):
    """A text file for each snapshot, so that a change of it reads as prose."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


def read_file(path: Path, **changes: object) -> list[Article | SeedError]:
    with path.open("rb") as file:
        return list(read_articles(file, path=path.name, options=ReadOptions(**changes)).each)  # type: ignore[arg-type]


def describe(read: Article | SeedError) -> str:
    """Return all that was read of an article but its landmarks, a thing a line."""
    if isinstance(read, SeedError):
        return f"error: {read}\n"
    origin = read.origin.model_dump(exclude={"path", "sha256", "landmarks"}, exclude_defaults=True)
    lines = [f"{name}: {value}" for name, value in origin.items()]
    lines += ["", f"headline: {read.headline.of(read.text)}"]
    lines += [f"dek: {read.dek.of(read.text)}"] if read.dek else []
    lines += [f"{part.kind}: {part.span.of(read.text)}" for part in read.furniture]
    lines += ["", *(span.of(read.text) for span in read.paragraphs)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", FIXTURES, ids=["-".join(path.relative_to(FORMS).parts) for path in FIXTURES])
def test_what_is_read_of_a_file_is_what_was_read_before(path: Path, snapshot: SnapshotAssertion) -> None:
    text = "\n=====\n\n".join(describe(read) for read in read_file(path))
    assert text == snapshot(extension_class=TextExtension)


def test_the_same_article_gives_the_same_brief_in_every_form() -> None:
    assert {path.suffix for path in QUAYS} == {".txt", ".md", ".html", ".xml", ".json", ".jsonl"}
    briefs = {}
    for path in QUAYS:
        (article,) = read_file(path)
        assert isinstance(article, Article)
        briefs[path.suffix] = parse(article)
    nowhere = Origin(path="", sha256="")
    plain = {form: brief.model_copy(update={"origin": nowhere}) for form, brief in briefs.items()}
    assert all(brief == plain[".txt"] for brief in plain.values())
    assert len(plain[".txt"].claims) >= 3
    said = {brief.origin.byline for form, brief in briefs.items() if form not in (".txt", ".html")}
    assert said == {"Ida Marsh"}


def test_a_folder_with_every_form_is_one_site(call: Call, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for path in FORMS.glob("*"):
        if path.is_file() and path.name not in ("broken.rss", "quay.txt"):
            shutil.copy(path, seeds)
    ended = call("build", seeds, tmp_path / "out")
    assert (ended.code, ended.out) == (0, "")
    pages = {path.parent.name for path in (tmp_path / "out").glob("*/brief.json")}
    assert {"quay", "hugo", "pelican", "mkdocs", "12", "13", "pool-opens", "7", "ninjs3", "2026-03-05-ferry"} <= pages
    assert len(pages) == sum(len(read_file(path)) for path in seeds.iterdir())
    index = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert all(f'href="{page}/' in index for page in pages)


DETECTED = {
    "a title": (b"Dam holds\n\nIt held.\n", "a.txt", Form.TEXT),
    "a name without a suffix": (b"Dam holds\n", "dam", Form.TEXT),
    "a list in brackets": (b"[Update] Dam holds\n", "a.txt", Form.TEXT),
    "less than": (b"<3 for dam workers\n\nText.\n", "a.txt", Form.TEXT),
    "a heading": (b"# Dam holds\n", "-", Form.MARKDOWN),
    "a hashtag": (b"#dam holds\n", "-", Form.TEXT),
    "front matter": (b"---\r\ntitle: Dam\r\n---\r\nIt held.", "a.txt", Form.MARKDOWN),
    "a rule": (b"---\n\nDam holds\n", "a.txt", Form.TEXT),
    "TOML": (b"+++\ntitle = 'Dam'\n+++\n", "-", Form.MARKDOWN),
    "a name in Markdown": (b"Dam holds\n", "a.MD", Form.MARKDOWN),
    "a tag in Markdown": (b"<b>Dam</b> holds\n", "a.md", Form.MARKDOWN),
    "a page": (b"\xef\xbb\xbf\n<!-- x --><!DOCTYPE HTML PUBLIC 'x'><html>", "a.txt", Form.PAGE),
    "a page in UTF-16": ("<html><body>".encode("utf-16"), "a", Form.PAGE),
    "a page in XML": (b'<?xml version="1.0"?><html xmlns="x">', "a.xml", Form.PAGE),
    "a fragment": (b"<p>Dam holds</p>", "a.html", Form.PAGE),
    "RSS": (b'<?xml version="1.0"?>\n<!-- x -->\n<rss version="2.0">', "a.txt", Form.FEED),
    "Atom": (b'<feed xmlns="http://www.w3.org/2005/Atom">', "-", Form.FEED),
    "RDF": (b'<rdf:RDF xmlns:rdf="x">', "-", Form.FEED),
    "a feed after an entity": (b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>", "-", Form.FEED),
    "an object": (b' {"title": "x"}', "a.txt", Form.JSON),
    "a list": (b'[{"title": "x"}]', "-", Form.JSON),
    "lines": (b'{"title": "x"}\n{', "a.jsonl", Form.LINES),
    "broken JSON": (b"title", "a.json", Form.JSON),
}


@pytest.mark.parametrize("case", DETECTED)
def test_a_form_is_told_by_its_content_with_its_name_as_a_hint(case: str) -> None:
    head, name, form = DETECTED[case]
    assert detect_form(head, name) is form


def test_every_bad_file_has_its_message() -> None:
    assert {path.name for path in ERRORS.iterdir()} - {"messages.txt"} == set(MESSAGES)


@pytest.mark.parametrize("name", list(MESSAGES))
def test_a_bad_file_is_one_clear_error(name: str) -> None:
    try:
        (error,) = read_file(ERRORS / name, max_bytes=3_000)
    except SeedError as raised:
        error = raised
    assert str(error) == MESSAGES[name]


MARKDOWN = (
    "---\ntitle: Dam holds\n---\n\nThe dam [above](https://x.example) *Selmoor* held \\*again\\*,\nsaid `Ana` Ruiz.\n\n"
    "- It rained.\n- It stopped.\n\n> We are dry\n"
)


def test_every_word_of_a_markdown_file_is_found_again_in_it() -> None:
    article = read(MARKDOWN, path="a.md")
    lines = MARKDOWN.split("\n")
    for word in ("above", "Selmoor", "again", "said", "Ruiz", "It stopped", "We are dry"):
        place = article.origin.place_of(article.text.index(word))
        assert place is not None
        assert lines[place[0] - 1][place[1] - 1 :].startswith(word), word
    assert article.origin.place_of(article.text.index("Dam holds")) is None


def test_every_line_of_a_text_file_is_found_again_in_it() -> None:
    source = (
        "Dam holds\r\n\r\nThe dam above Selmoor held, said the mayor, who had stayed\r\nat the dam all night long.\r\n"
    )
    article = read(source)
    for word in ("Dam", "mayor", "night"):
        line, column = article.origin.place_of(article.text.index(word)) or (0, 0)
        assert source.split("\r\n")[line - 1][column - 1 :].startswith(word)


def test_fields_of_other_names_are_mapped(call: Call, tmp_path: Path) -> None:
    record = {"kop": "Dam holds", "title": "Not this", "tekst": "The dam held on Monday.", "when": "2026-02-16"}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    mapped = ("--map", "headline=kop", "--map", "text=tekst", "--map", "published=when")
    ended = call("show", path, "--format", "json", *mapped)
    assert json.loads(ended.out)["headline"]["text"] == "Dam holds"
    assert json.loads(ended.out)["origin"]["published"] == "2026-02-16"
    assert "is not FIELD=NAME" in call("show", path, "--map", "kop").err


def test_show_takes_each_of_several_articles_or_the_one_asked_for(call: Call) -> None:
    feed = FORMS / "feed.json"
    whole = call("show", feed).out
    assert whole.count("\n---\n") == 1
    assert whole.startswith("# Pool opens early\n")
    assert call("show", feed, "--item", 2).out.startswith("# Library to close on Mondays\n")
    lines = call("show", feed, "--format", "json").out.splitlines()
    assert [json.loads(line)["origin"]["id"] for line in lines] == ["https://harrow.example/pool-opens", "7"]
    missing = call("show", feed, "--item", 3)
    assert (missing.code, missing.err) == (1, f"error: {feed}:1:1: 2 articles; expected 3 or more\n")
    page = call("show", feed, "--format", "html")
    assert (page.code, page.out) == (2, "")
    assert "--item N chooses" in page.err


def test_one_bad_record_does_not_stop_the_others(call: Call) -> None:
    ended = call("show", FORMS / "broken.rss", "--format", "summary")
    assert ended.code == 1
    assert ended.out.startswith("A sluice gate jammed")
    assert ended.err == f"error: {FORMS}/broken.rss:5:1: entry 2: no headline; expected a title\n"


def test_read_wants_one_article_and_read_all_gives_each() -> None:
    source = (FORMS / "feed.json").read_bytes()
    assert [a.origin.id for a in read_all(source, path="feed.json")][1] == "7"
    with pytest.raises(SeedError, match="several articles; expected one"):
        read(source, path="feed.json")


def test_an_address_or_a_guid_names_the_folder_whatever_the_title(call: Call, tmp_path: Path) -> None:
    source = (FORMS / "quay.xml").read_text(encoding="utf-8")
    for number, title in enumerate(("Quay closed", "Quay still closed")):
        path = tmp_path / f"{number}/feed.xml"
        path.parent.mkdir()
        path.write_text(source.replace("Quay closed at Port Ellery after crane falls", title), encoding="utf-8")
        call("build", path, tmp_path / f"out{number}")
        assert (tmp_path / f"out{number}/echo-4711/index.html").is_file()


def test_a_seed_that_is_no_article_by_its_name_is_left_out(tmp_path: Path) -> None:
    for name in ("a.txt", "a.html", "a.html.headers.json", "style.css"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    seeds, others = find_seeds(tmp_path, tmp_path / "out")
    assert [seed.name for seed in seeds] == ["a.html", "a.txt"]
    assert [path.name for path in others] == ["style.css"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "koi8-r"])
def test_a_feed_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    letters = "Дарья" if encoding == "koi8-r" else "Café"
    feed = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Post</title><item>'
        f"<title>Dam holds</title><description>The dam held, {letters} said.</description></item></channel></rss>"
    )
    [article] = read_all(feed.encode(encoding))
    assert article.text == f"Dam holds\n\nThe dam held, {letters} said.\n"


def test_records_are_read_one_at_a_time() -> None:
    """What is not asked for is not read: the file may be larger than the memory."""

    class Endless(io.RawIOBase):
        """A file of records without end."""

        given = 0

        def read(self, size: int = -1) -> bytes:
            line = b'{"title": "Dam holds", "text": "The dam above Selmoor held on Monday."}\n'
            self.given += size
            return line * (size // len(line))

        def readline(self, size: int | None = -1) -> bytes:
            self.given += 100
            return b'{"title": "Dam holds", "text": "The dam above Selmoor held on Monday."}\n'

    stream = Endless()
    articles = read_articles(stream, path="a.jsonl", options=ReadOptions(max_bytes=10_000))  # type: ignore[arg-type]
    for _ in range(500):
        assert isinstance(next(articles.each), Article)
    assert stream.given < 80_000


def test_a_gigabyte_of_records_is_read_in_the_memory_of_a_few() -> None:
    """A thousand records of a megabyte each: what is held at most is less than twenty of them."""
    line = json.dumps({"title": "Dam holds", "text": "The dam above Selmoor held on Monday.", "notes": "x" * 1_000_000})

    class Records(io.RawIOBase):
        """A file of the same record a thousand times."""

        record = line.encode() + b"\n"
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:
            place = self.given % len(self.record)
            part = self.record[place : place + len(buffer)] if self.given < 1000 * len(self.record) else b""
            buffer[: len(part)] = part
            self.given += len(part)
            return len(part)

    stream = io.BufferedReader(Records())
    tracemalloc.start()
    try:
        articles = read_articles(stream, path="a.jsonl", options=ReadOptions())
        assert sum(isinstance(article, Article) for article in articles.each) == 1000
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
