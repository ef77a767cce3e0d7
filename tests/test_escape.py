"""Article text stays text, wherever it is shown."""

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_briefs import HOSTILE
from markdown_it import MarkdownIt
from markdown_it.token import Token

from briefs import escape
from briefs.escape import clean, md, safe_url, visible

PARSERS = {
    "commonmark": MarkdownIt("commonmark", {"html": False}),
    "commonmark with html": MarkdownIt("commonmark", {"html": True}),
    "tables and strikethrough": MarkdownIt("js-default", {"html": False}),
    "gfm with links": MarkdownIt("gfm-like", {"html": False, "linkify": True}),
}
# Each place where a template may put a line of text: what stands before and after it.
PLACES = {
    "paragraph": ("", ""),
    "after a line": ("Before\n", ""),
    "before a line": ("", "\nafter"),
    "within a line": ("before ", " after"),
    "heading": ("# ", ""),
    "item": ("- ", ""),
    "item with label": ("- *label*: ", ""),
    "continued item": ("- before\n  ", ""),
    "quotation": ("> ", ""),
    "strong": ("**", "**, after"),
    "emphasis": ("(*", "*) after"),
    "link": ("[", "](https://news.example/)"),
    "in quotation marks": ("“", "”"),
    "in parentheses": ("before (", ")"),
}
MARKED = {"strong": "strong", "emphasis": "em", "item with label": "em", "link": "link"}
# Pieces that together make up most of what Markdown, GFM and template languages take for markup.
PIECES = (
    *(
        "*",
        "**",
        "_",
        "__",
        "`",
        "```",
        "~",
        "~~",
        "~~~",
        "[",
        "]",
        "(",
        ")",
        "!",
        "![",
        "](",
        "|",
        "\\",
        "<",
        ">",
        "&",
        "#",
    ),
    *(
        "# ",
        "- ",
        "+ ",
        "1. ",
        "1) ",
        "> ",
        "---",
        "===",
        ":",
        ":--",
        "--:",
        "@",
        ".",
        "/",
        "//",
        "://",
        "http",
        "https://",
    ),
    *(
        "www.",
        "WWW.",
        "mailto:",
        ".com",
        "a.org",
        "&lt;",
        "&#42;",
        "&amp",
        "<b>",
        "<!--",
        "-->",
        "</p>",
        "{{",
        "}}",
        "{%",
    ),
    *(
        "%}",
        "{{<",
        "$",
        "$$",
        "^",
        "'",
        '"',
        "’",
        " ",
        "  ",
        "\t",
        "\n",
        "\n\n",
        "    ",
        "a",
        "b1",
        "é",
        "ש",
        "😀",
        "\u200b",
    ),
    *("\u202e", "\u0301", "\u00a0", "\x00", "\x1b", "-", "+", "=", "%", "?", "???", "!!!", ";", "127.0.0.1", "[x]: /y"),
)
texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=2).map(" ".join),
)


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("parser", PARSERS)
@given(text=texts)
@settings(max_examples=120, deadline=None)
def test_markdown_of_a_text_reads_as_that_text_and_holds_no_markup(parser: str, place: str, text: str) -> None:
    if not clean(text):
        return
    before, after = PLACES[place]
    rendered = PARSERS[parser].parse(f"{before}{md(text)}{after}")
    bare = PARSERS[parser].parse(f"{before}text{after}")
    assert [token.type for token in rendered] == [token.type for token in bare]
    found = [token.type for token in inline(rendered) if token.type != "text"]
    assert found == [token.type for token in inline(bare) if token.type != "text"]
    words = "".join("\n" if token.type == "softbreak" else token.content for token in inline(rendered))
    expected = "".join("\n" if token.type == "softbreak" else token.content for token in inline(bare))
    assert words == expected.replace("text", clean(text), 1)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_markdown_holds_nothing_that_a_template_language_or_html_would_read(text: str) -> None:
    assert not re.search(r"[{}<]|\A[\s#>=:%]|\A[-+]\s|[^ -~\u00a1-\U0010ffff]", md(text))


@pytest.mark.parametrize(
    "prose",
    [
        "The agency’s director (since 2019) said: “It isn’t over - not yet.” It's 5% up, at $3.50; he'd go.",
        "Mr. J. B. Lee-Smith, 41, of St. Ives, arrived at 5 p.m. Friday!",
        "It was over. Was it? A 3.5-meter wall, e.g. here, cost ~50 marks + tax = 55.",
        "-5 degrees in the U.S. and/or the U.K.; file_name_here stayed at No. 10.",
        "‘Enough’ — the vote’s 12–3, she said… Q&A & answers: none > some".replace("Q&A", "Q and A"),
    ],
)
def test_ordinary_prose_stays_as_it_is_in_markdown(prose: str) -> None:
    assert md(prose) == prose


@given(text=texts)
@settings(max_examples=300, deadline=None)
def test_a_clean_text_is_one_line_without_hidden_characters_and_keeps_every_visible_one(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned == visible(cleaned)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\ufeff]", cleaned)
    printable = [char for char in text if char.isprintable() and not char.isspace()]
    assert [char for char in cleaned if char.isprintable() and char != " "] == [c for c in printable if c in cleaned]


def test_nothing_that_is_printable_is_hidden() -> None:
    text = "".join(character for character in map(chr, range(sys.maxunicode + 1)) if character.isprintable())
    patterns = (escape._LINE_BREAKERS, escape._HIDDEN, escape._STRAY_JOINER)
    assert [pattern.search(text) for pattern in patterns] == [None, None, None]


def test_joiners_stay_where_scripts_and_emoji_need_them_and_go_elsewhere() -> None:
    assert clean("می\u200cخواهم 👩\u200d👧") == "می\u200cخواهم 👩\u200d👧"
    assert clean("java\u200dscript \u200c a\u200cé") == "javascript aé"


@pytest.mark.parametrize(
    "url",
    [
        *(
            None,
            "",
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "//news.example/a",
            "/a",
            "http://",
        ),
        *(
            "https://user@news.example/",
            "https://[::1",
            "ftp://news.example/a",
            "vbscript:x",
            " \x01javascript:alert(1)",
        ),
    ],
)
def test_what_is_no_plain_web_address_is_no_link(url: str | None) -> None:
    assert safe_url(url) is None


@given(tail=texts)
@settings(max_examples=200, deadline=None)
def test_a_safe_address_holds_nothing_that_ends_an_attribute_or_a_markdown_link(tail: str) -> None:
    url = safe_url(f"https://news.example/{tail}")
    assert url is not None
    assert re.fullmatch(r"https://news\.example/[A-Za-z0-9/:?#@!$&*+,;=%\-._~]*", url)
