"""The page reader: the story without what stands around it, and what a page says of it, on pages as they are saved."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest
from made_pages import MORE, PROSE, STORY, article, linked, page, texts

from briefs.errors import SeedError
from briefs.readers.item import Item, make_article
from briefs.readers.page import read_html

PAGES = Path(__file__).parent / "forms" / "page"


def read_file(name: str) -> Item:
    return read_html((PAGES / name).read_bytes(), path=name)


# --- pages as they are saved ------------------------------------------------------------------------------------------

SAID: dict[str, dict[str, object]] = {
    "wordpress.html": {
        "headline": "Orre weir to be rebuilt after third breach in a year",
        "dek": "Engineers will replace the wooden gates that failed in January, and the town will pay half of the bill",
        "byline": "Maud Ferrant and Ruud de Wit",
        "published": "2026-03-12T07:30:00+00:00",
        "updated": "2026-03-12T16:05:41+00:00",
        "publisher": "The Tarn Valley Courier",
        "section": "Local news",
        "tags": ("floods", "Orre", "town council"),
        "url": "https://tarnvalley.example/2026/03/12/orre-weir-to-be-rebuilt/",
    },
    "opengraph.html": {
        "headline": "Port Selmoor dockers end strike, return to work Monday",
        "dek": None,
        "byline": "Jonas Brandt",
        "published": "2026-02-20T17:42:10+00:00",
        "updated": None,
        "publisher": "Harbour Wire",
        "section": "Business",
        "tags": ("ports", "strikes"),
        "url": "https://harbourwire.example/business/dockers-end-strike",
    },
    "microdata.html": {
        "headline": "Moss on the glacier: how a seed bank came through a fire",
        "dek": "A cold room, a stubborn caretaker and forty thousand packets of seed",
        "byline": "Ottilie Crane, Sami Halloran and Bo Lindqvist",
        "published": "2026-01-09",
        "updated": "2026-01-11T10:15:00+01:00",
        "publisher": "The Kell Examiner",
        "section": None,
        "tags": (),
        "url": "http://examiner.example/science/moss.html",
    },
    "consent.html": {
        "headline": "Clinic in Norvale reopens a week after outbreak",
        "dek": "Ventilation was rebuilt over the weekend; the cause is still unknown",
        "byline": "Ngozi Pell and Ava Ruiz",
        "published": "2026-04-02T06:00:00+00:00",
        "updated": "2026-04-02T09:20:00+00:00",
        "publisher": "Meridian Daily",
        "section": "Health",
        "tags": ("clinics", "Norvale", "outbreaks"),
        "url": "https://www.meridiandaily.example/health/clinic-reopens?r=1",
    },
    "windows-1252.html": {
        "headline": "Café owner wins right to keep chairs on pavement",
        "dek": None,
        "byline": None,
        "published": "2006-09-14",
        "updated": None,
        "publisher": None,
        "section": None,
        "tags": (),
        "url": None,
    },
    "utf-16.html": {
        "headline": "Night ferry to Eastwick runs again",
        "dek": None,
        "byline": "Callum Frayne",
        "published": "2026-05-03T09:15+00:00",
        "updated": None,
        "publisher": "Sound & Shore",
        "section": None,
        "tags": (),
        "url": None,
    },
}
# The first words of each block, and how many there are.
BLOCKS: dict[str, tuple[str, ...]] = {
    "wordpress.html": (
        *(
            "The weir at Orre,",
            "Eleven of the thirteen",
            "“We have patched",
            "Water in the lower town",
            "In January the river",
        ),
        *(
            "The council’s engineer,",
            "hold a flood",
            "let eels and salmon",
            "be worked by one",
            "An independent report",
        ),
        *("“The inspector found", "The trust disputes that.", "Work is to begin"),
    ),
    "opengraph.html": (
        *(
            "PORT SELMOOR, Feb 20 (Harbour Wire) - Dockers",
            "The deal ends",
            '"It is not everything,',
            "Selmoor Terminals, the",
        ),
        *("The union had asked", "A spokesman for the branches,", "(Reporting by Jonas Brandt;"),
    ),
    "microdata.html": (
        *(
            "When the fire reached",
            "He was right,",
            "“I counted them”",
            "The caretaker, Emil Stroud,",
            "“There was no time",
        ),
        *("“Moss from the glacier", "The yard burned", "The roof fell", "The bank will reopen"),
    ),
    "consent.html": (
        *(
            "Doctors at the Norvale",
            "“We are open,",
            "All eleven have recovered.",
            "The ventilation was taken",
            "Laboratory results are",
        ),
    ),
    "windows-1252.html": (
        *(
            "By Zoë Marchetti",
            "STONE END – A café",
            "“They are chairs,” said",
            "The borough had argued",
            "Mr Bissett has paid €1,900",
        ),
        "© 2006 Stone End Gazette",
    ),
    "utf-16.html": (
        *(
            "Published 3 May 2026",
            "The night ferry to",
            "“It is slower than",
            "The crossing takes seven",
            "Tickets cost 240 crowns,",
        ),
    ),
}


def test_every_page_has_its_expectations() -> None:
    assert {path.name for path in PAGES.glob("*.html")} == set(SAID) == set(BLOCKS)


@pytest.mark.parametrize("name", list(SAID))
def test_a_page_says_where_its_article_comes_from(name: str) -> None:
    item = read_file(name)
    blocks = {field: block.text if block else None for field, block in (("headline", item.headline), ("dek", item.dek))}
    assert {field: blocks.get(field, getattr(item, field)) for field in SAID[name]} | blocks == SAID[name]


@pytest.mark.parametrize("name", list(BLOCKS))
def test_the_blocks_of_a_page_are_its_story_and_nothing_else(name: str) -> None:
    found = texts(read_file(name))
    assert len(found) == len(BLOCKS[name])
    assert all(text.startswith(opening) for text, opening in zip(found, BLOCKS[name], strict=True))


@pytest.mark.parametrize("name", list(SAID))
def test_a_page_becomes_an_article(name: str) -> None:
    read = make_article(read_file(name), path=name, sha256="0" * 64)
    assert read.headline.of(read.text) == SAID[name]["headline"]
    assert (read.dek.of(read.text) if read.dek else None) == SAID[name]["dek"]
    assert len(read.paragraphs) > 3


def test_what_the_page_lacks_its_lines_may_say() -> None:
    origin = make_article(read_file("windows-1252.html"), path="a", sha256="0" * 64).origin
    assert (origin.byline, origin.dateline, origin.publisher) == ("Zoë Marchetti", "STONE END", "Stone End Gazette")


def test_reading_is_the_same_every_time_and_silent(capfd: pytest.CaptureFixture[str]) -> None:
    names = list(SAID)
    first = {name: read_file(name) for name in names}
    for _ in range(3):
        assert {name: read_file(name) for name in reversed(names)} == first
    assert capfd.readouterr() == ("", "")
    assert not logging.getLogger("trafilatura.core").isEnabledFor(logging.CRITICAL)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(SeedError) as caught:
        read_html(page(), path="dam.html")
    said = "a web page; expected trafilatura to read it: pip install 'briefs[html]'"
    assert str(caught.value) == f"dam.html:1:1: {said}"


# --- the text ---------------------------------------------------------------------------------------------------------


def test_an_index_of_articles_is_only_a_headline() -> None:
    cards = "".join(
        f'<article><h2><a href="/{n}">Story {n} of the day</a></h2><p>A line on it.</p></article>' for n in range(9)
    )
    item = read_html(
        page(f'<a href="/"><h1>The Ledger</h1></a><main>{cards}</main>', "<title>The Ledger</title>"), path="a"
    )
    with pytest.raises(SeedError, match="only a headline; expected paragraphs after it"):
        make_article(item, path="a", sha256="0" * 64)


def test_a_page_that_is_only_a_consent_wall_has_no_text() -> None:
    wall = (
        "<p>We and our 842 partners store and access information on a device, such as cookies, and process personal data.</p>"
        "<p>With your consent our partners may use precise geolocation data; you may object in the privacy settings.</p>"
    )
    item = read_html(page(f"<div class=wall><h1>Before you go on</h1>{wall * 2}</div>"), path="a")
    assert item.headline is not None
    assert not item.blocks


def test_an_article_about_cookies_keeps_its_text() -> None:
    said = [
        "“We use cookies,” the bakery said.",
        "You may refuse cookies and consent forms, the court said of such notices.",
    ]
    assert texts(article(STORY + "".join(f"<p>{line}</p>" for line in said)))[-2:] == said


def test_the_headline_and_the_dek_are_not_repeated() -> None:
    item = article(f"<p class=standfirst>The repair of last spring was enough</p><div>{STORY}</div>")
    assert item.dek is not None
    assert not {"Dam holds above the town", item.dek.text} & set(texts(item))


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<blockquote>We are safe and dry</blockquote>", "“We are safe and dry”"),
        ("<blockquote><p>“We are safe,” she said.</p></blockquote>", "“We are safe,” she said."),
        ("<blockquote><p>We are safe</p><p>— Ann Lee, mayor</p></blockquote>", "— Ann Lee, mayor"),
        ("<p>She said <q>we are safe</q> twice on Monday.</p>", "She said “we are safe” twice on Monday."),
        ("<p>Rain fell<br><br>It rained on.</p>", "It rained on."),
        ("<p>A line of verse<br>that goes on</p>", "A line of verse that goes on"),
        ("<p>The vote on <time>12 March</time> was close, and long.</p>", "The vote on 12 March was close, and long."),
        ("<p>It cost &#163;4 &#150; or less, &#147;he&#148; said.</p>", "It cost £4 – or less, “he” said."),
        ("<p>A\xa0space,\n\ta   tab and <b>bo</b>ld words.</p>", "A space, a tab and bold words."),
        ("<ul><li>One thing is said.</li><li>Another is <a href=x>not</a> said.</li></ul>", "Another is not said."),
    ],
)  # fmt: skip
def test_markup_becomes_text(inner: str, said: str) -> None:
    assert said in texts(article(STORY + inner + MORE))


@pytest.mark.parametrize(
    "inner",
    [
        "<p><a href=x>Leftover link to another story of the day</a></p>",
        "<p><b>Related:</b> <a href=x>Leftover rain in the hills</a></p>",
        "<p>READ MORE: <a href=x>Leftover rain in the hills</a></p>",
        "<h3>More top stories</h3><ul><li>Leftover <a href=x>rain</a></li><li>Leftover <a href=y>hail</a></li></ul>",
        "<div class=newsletter-signup><p>Leftover letters in your inbox each morning, free of charge and of noise.</p></div>",
        "<figure><img><figcaption>Leftover caption of a photograph of the dam</figcaption></figure>",
        "<table><tr><td>Leftover</td><td>12</td></tr></table>",
        "<pre><code>leftover = True</code></pre>",
        "<aside><p>Leftover facts about dams, in a box beside the story.</p></aside>",
        "<div id=cookie-banner><p>Leftover crumbs: this site uses cookies to remember you.</p></div>",
        "<article><h3><a href=x>Leftover card</a></h3><p>Leftover teaser of another article.</p></article>",
        "<script>document.write('<p>Leftover</p>')</script><style>.leftover{}</style>",
    ],
)
def test_what_is_no_part_of_the_story_stays_out(inner: str) -> None:
    found = texts(article(STORY + inner + MORE))
    assert len(found) == 8
    assert not any("leftover" in text.lower() for text in found)


def test_a_body_in_parts_is_read_whole() -> None:
    part = "<div class=article__body>{}</div><div class=ad></div>"
    item = article("<div>" + part.format(STORY) + part.format(MORE) + "</div>")
    assert len(item.blocks) == 8


def test_the_text_of_the_record_stands_in_for_one_that_the_elements_lack() -> None:
    body = "\\n\\n".join(f"{PROSE}{n} roads were closed." for n in range(5))
    item = read_html(page("<h1>Dam holds</h1><div id=app></div>", linked(f'"articleBody": "{body}"')), path="a")
    assert len(item.blocks) == 5
