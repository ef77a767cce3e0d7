"""The bytes of a page: in which encoding they are, and that none of them break the reader."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from made_pages import STORY, linked, page, texts

from briefs.errors import SeedError
from briefs.readers.item import Item
from briefs.readers.page import read_html
from briefs.readers.page.encoding import decode_page

LONGEST = 8.0  # seconds of processor time for a page; on a quick machine none takes two

# --- encodings --------------------------------------------------------------------------------------------------------

CAFE = "<p>“Café” – déjà vu, 5 €</p>"


@pytest.mark.parametrize(
    ("source", "content_type"),
    [
        (b"\xef\xbb\xbf" + CAFE.encode(), "text/html; charset=koi8-r"),
        (b"\xff\xfe" + CAFE.encode("utf-16-le"), None),
        (b"\xfe\xff" + CAFE.encode("utf-16-be"), "text/html; charset=utf-8"),
        (CAFE.encode("utf-16-le"), None),
        (CAFE.encode("cp1252"), "text/html; charset=ISO-8859-1"),
        (CAFE.encode(), 'text/html; charset="utf-8"'),
        (CAFE.encode(), "text/html; charset=unicode_escape"),
        (CAFE.encode(), None),
        (CAFE.encode("cp1252"), None),
        (CAFE.encode(), "text/html; charset=windows-1252"),
    ],
)
def test_the_encoding_is_the_one_of_the_bytes(source: bytes, content_type: str | None) -> None:
    assert decode_page(source, content_type=content_type) == CAFE


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="{}">',
        "<meta content='text/html;charset={}' http-equiv=Content-Type>",
        "<!-- <meta charset=utf-8> --><meta charset = {} >",
        '<?xml version="1.0" encoding="{}"?>',
    ],
)
@pytest.mark.parametrize(
    ("label", "codec", "said"),
    [
        ("ascii", "cp1252", "“é”"),
        ("Latin1", "cp1252", "“é”"),
        ("windows-1250", "cp1250", "“ř”"),
        ("x-sjis", "cp932", "日本"),
    ],
)
def test_a_page_declares_its_encoding(declaration: str, label: str, codec: str, said: str) -> None:
    text = declaration.format(label) + f"<p>{said}</p>"
    assert decode_page(text.encode(codec)) == text


def test_a_byte_that_is_broken_costs_no_more_than_itself() -> None:
    source = "<meta charset=utf-8><p>“Café” – déjà vu</p>".encode() + b"\xff<p>It held.</p>"
    assert decode_page(source).endswith("<p>“Café” – déjà vu</p>\ufffd<p>It held.</p>")


def test_a_declaration_that_most_bytes_belie_gives_way() -> None:
    text = "<meta charset=utf-8>" + CAFE * 20
    assert decode_page(text.encode("cp1252")) == text


# --- pages made to break a reader -------------------------------------------------------------------------------------

MANY = 20_000
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "white space": lambda: b" \n\t",
    "NULs": lambda: b"\0" * 10_000,
    "noise": lambda: random.Random(1).randbytes(50_000),
    "noise after a mark": lambda: b"\xff\xfe" + random.Random(2).randbytes(20_001),
    "noise in a page": lambda: page(STORY) + random.Random(3).randbytes(50_000),
    "no markup": lambda: b"Dam holds",
    "an angle bracket": lambda: b"<",
    "a comment": lambda: b"<!-- Dam holds -->",
    "nested elements": lambda: page("<div>" * 1_000_000),
    "nested and closed": lambda: page("<div>" * 100_000 + STORY + "</div>" * 100_000),
    "nested as deep as may be": lambda: page("<div>" * 190 + STORY + "</div>" * 190),
    "formatting": lambda: page("<b><i>" * 100_000 + STORY),
    "tables in tables": lambda: page("<table><tr><td>" * 50 + STORY),
    "paragraphs": lambda: page("<p>x" * 1_000_000),
    "line breaks": lambda: page("<p>" + "a<br>" * MANY + STORY),
    "links": lambda: page("<p>" + "<a href=x>Dam</a> " * MANY + STORY),
    "lists": lambda: page("<ul>" + "<li><a href=x>Dam</a>" * MANY + STORY),
    "quotations": lambda: page("<p>" + "<q>a</q> b " * MANY + STORY),
    "things to drop": lambda: page("<div>" + "<aside>a</aside>b " * MANY + STORY),
    "things with authors": lambda: page("<i class='author byline related time'>Ann Lee</i>" * MANY + STORY),
    "attributes": lambda: page(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>" + STORY),
    "a long attribute": lambda: page(f"<p class='{'related article ' * 200_000}'>" + STORY),
    "unclosed tags": lambda: page("<a href='" * 100_000 + STORY),
    "unclosed comments": lambda: page("<!-- " * 200_000 + STORY),
    "angle brackets": lambda: page("<" * 1_000_000 + STORY),
    "a long title": lambda: page(STORY, f"<title>{'A | ' * 300_000}</title>"),
    "a long author": lambda: page(STORY, f"<meta name=author content='{'Ann Lee and ' * 80_000}'>"),
    "brackets in a description": lambda: page(STORY, f"<meta name=description content='{'<' * 500_000}'>"),
    "brackets in a record": lambda: page(STORY, linked(f'"articleBody": "{"<a <b &lt; " * 40_000}"')),
    "surrogates": lambda: page("<p>&#xD800; &#57005; &#0; &#1; &#x110000; &#99999999999;</p>" + STORY),
    "controls": lambda: page("<p class='&#1;'>a\x01b\x0cc\x7f</p><q>&#2;</q>" + STORY),
    "frames": lambda: b"<frameset><frame src=a></frameset>",
    "a feed": lambda: b"<?xml version='1.0'?><rss><channel><title>Dam</title></channel></rss>",
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_whatever_a_page_holds_it_is_read_or_refused_in_little_time(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    source = HOSTILE[name]()
    start = time.process_time()
    read = attempt(source)
    assert time.process_time() - start < LONGEST
    if isinstance(read, SeedError):
        assert str(read).startswith("a.html:1:1: ")
    else:
        "".join(texts(read)).encode("utf-8")
        assert not any("\0" in text or "\n" in text for text in texts(read))
    assert capfd.readouterr() == ("", "")


def attempt(source: bytes) -> Item | SeedError:
    try:
        return read_html(source, path="a.html")
    except SeedError as error:
        return error


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "an empty file; expected a web page"),
        (b"Dam holds", "no element; expected a web page"),
        (b"<!-- Dam -->", "an empty page; expected a web page"),
        (page("<div>" * 1_000), "elements nested more than 200 deep; expected a page"),
        (page("<p>x" * 60_000), "more than 30,000 elements; expected a page"),
    ],
)
def test_what_is_no_page_is_refused(source: bytes, message: str) -> None:
    with pytest.raises(SeedError) as caught:
        read_html(source, path="a.html")
    assert str(caught.value) == f"a.html:1:1: {message}"
