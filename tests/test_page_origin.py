"""What a page says of its article: the headline that it shows, the dek if it shows one, who, when and where."""

from __future__ import annotations

import pytest
from made_pages import PROSE, STORY, article, linked, page, texts

from briefs.readers.page import read_html

DAM = "https://ledger.example/dam"
NOON = "2026-03-12T12:00"

# --- headline and dek -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "head", "headline"),
    [
        ("", "<title>Dam holds - The Ledger</title><meta property=og:site_name content='The Ledger'>", "Dam holds"),
        ("", "<title>Dam holds after a night of rain | World | Ledger</title>", "Dam holds after a night of rain"),
        ("", "<title>Dam holds - for now</title>", "Dam holds - for now"),
        ("<h1>DAM HOLDS</h1>", "<title>Dam holds</title>", "Dam holds"),
        ("<h1>Dam holds</h1>", "<title>Dam holds | The Ledger</title>", "Dam holds"),
        ("<h1>Why the dam above it held</h1>", "<title>The dam that held: why it did</title>", "Why the dam above it held"),
        ("<h1><a href='/'>Ann’s notes</a></h1><h2>Dam holds</h2>", "<title>Ann’s notes: Dam holds</title>", "Dam holds"),
        ("<h1><span>World</span><span>Dam holds</span></h1>", "<title>Dam holds</title>", "Dam holds"),
        ("<h1>€5</h1><h1>€10</h1>", "<title>Dam holds above the town</title>", "Dam holds above the town"),
        ("<h1>Dam holds above a town in Selm</h1>", "<title>Dam holds above a…</title>", "Dam holds above a town in Selm"),
        ("<h1>Dam holds</h1>", "", "Dam holds"),
        ("", "", None),
    ],
)  # fmt: skip
def test_the_headline_is_the_one_that_the_page_shows(body: str, head: str, headline: str | None) -> None:
    item = read_html(page(body + STORY, head), path="a")
    assert (item.headline.text if item.headline else None) == headline


LEAD = f"{PROSE}0 roads were closed."
DESCRIBED = "<title>Dam holds above the town</title><meta name=description content='{}'>"


@pytest.mark.parametrize(
    ("above", "description", "dek"),
    [
        ("<p class=dek>Last year’s repair was enough</p>", "", "Last year’s repair was enough"),
        ("<p>Last year’s repair was enough</p>", "Last year’s repair was enough.", "Last year’s repair was enough"),
        ("<h2>Last year’s repair was enough</h2>", "", "Last year’s repair was enough"),
        ("", "Last year’s repair was enough, it is said.", None),
        ("", LEAD[:60] + "…", None),
        (f"<p class=standfirst>{LEAD[:60]}…</p>", LEAD[:60] + "…", None),
        ("", LEAD, None),
        ("<p class=dek>By Ann Lee, Science Correspondent</p>", "", None),
        ("<p class=subtitle>Published 12 March 2026 at 16:05 GMT</p>", "", None),
        ("<div class=author><h2>Ann Lee writes about dams and rivers</h2></div>", "", None),
    ],
)  # fmt: skip
def test_a_dek_is_a_line_that_the_page_shows(above: str, description: str, dek: str | None) -> None:
    item = article(above + f"<div class=article-body>{STORY}</div>", DESCRIBED.format(description))
    assert (item.dek.text if item.dek else None) == dek
    assert texts(item)[0] == LEAD


# --- the origin -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "above", "byline"),
    [
        (linked('"author": "By Ann Lee and Bo Kim, Staff"'), "", "Ann Lee and Bo Kim"),
        (linked('"author": [{"name": "Ann Lee"}, {"name": "Bo Kim"}, {"name": "Cy Ray"}]'), "", "Ann Lee, Bo Kim and Cy Ray"),
        (linked('"author": {"name": "The Ledger"}, "publisher": {"name": "The Ledger"}'), "", None),
        (linked('"author": "https://ledger.example/ann"'), "", None),
        (linked('"author": [[{"name": 3}], null, {"name": "Ann Lee, PhD"}]'), "", "Ann Lee"),
        (linked('"author": ["Ann Lee", "The Associated Press"]'), "", "Ann Lee"),
        (linked('"author": "Associated Press"'), "", "Associated Press"),
        (linked('"author": "Ann Lee &amp; Bo Kim"'), "", "Ann Lee and Bo Kim"),
        ("<meta name=author content='admin'>", "", None),
        ("<meta name=byl content='Ann Lee'><meta name=byl content='Bo Kim'>", "", "Ann Lee and Bo Kim"),
        ("", "<p class=byline>By <a rel=author href=x>Ann Lee</a>, in Selm</p>", "Ann Lee"),
        ("", "<div class=post-meta><span class=author>Posted on May 3, 2026 by Ann Lee</span></div>", "Ann Lee"),
        ("", "<div class=comment><span class=author>Ann Lee</span></div>", None),
        ("", "<p class=byline>By Tuesday the river had fallen</p>", None),
    ],
)  # fmt: skip
def test_the_byline_is_names_only(head: str, above: str, byline: str | None) -> None:
    assert article(above + STORY, head).byline == byline


@pytest.mark.parametrize(
    ("head", "above", "published", "updated"),
    [
        (linked('"datePublished": "2026-03-12", "dateModified": "2026-03-13T10:00"'), "", "2026-03-12", "2026-03-13T10:00"),
        (linked(f'"datePublished": "{NOON}Z", "dateModified": "2026-03-12T13:00+01:00"'), "", f"{NOON}+00:00", None),
        (linked('"datePublished": "0001-01-01T00:00:00Z"'), "", None, None),
        (linked('"datePublished": "soon", "dateModified": ["2026-02-31"]'), "", None, None),
        ("<meta name=ptime><meta name=date content=20260312160500>", "", "2026-03-12", None),
        ("<meta property=article:published_time content=1773331500>", "", "2026-03-12T16:05:00+00:00", None),
        ("<meta name=sailthru.date content='Thu, 12 Mar 2026 16:05:00 GMT'>", "", "2026-03-12T16:05:00+00:00", None),
        ("", "<time datetime=2026-03-12T16:05>Thursday</time>", "2026-03-12T16:05", None),
        ("", "<p class=date>Published 12 March 2026 | Updated 13 March 2026</p>", "2026-03-12", "2026-03-13"),
        ("", f"<p>In <time datetime=1999-03-12>March 1999</time>, as the story has it: {PROSE}</p>", None, None),
        ("<link rel=canonical href=https://ledger.example/2026/3/12/dam>", "", "2026-03-12", None),
    ],
)  # fmt: skip
def test_dates_are_as_precise_as_they_are_given(
    head: str, above: str, published: str | None, updated: str | None
) -> None:
    item = article(above + STORY, head)
    assert (item.published, item.updated) == (published, updated)


@pytest.mark.parametrize(
    ("head", "fetched", "url"),
    [
        ("<link rel=canonical href=/dam>", f"{DAM}?from=home", DAM),
        ("<link rel=canonical href=/dam>", None, None),
        ("<base href=https://ledger.example/a/><link rel=canonical href=dam>", None, "https://ledger.example/a/dam"),
        (f"<link rel=canonical href=javascript:alert(1)><meta property=og:url content={DAM}#top>", None, DAM),
        ("<link rel=canonical href=https://ledger.example/>", DAM, DAM),
        ("<link rel=canonical href='http://[::1'>", None, None),
        ("", "file:///home/ann/dam.html", None),
        (linked(f'"mainEntityOfPage": {{"@id": "{DAM}"}}'), None, DAM),
    ],
)  # fmt: skip
def test_the_address_is_whole_and_of_the_web(head: str, fetched: str | None, url: str | None) -> None:
    assert read_html(page(STORY, head), path="a", url=fetched).url == url


@pytest.mark.parametrize(
    "script",
    [
        *("{", "[" * 100_000, '{"@graph": ' * 50_000, '"text"', "null", '{"@type": 3, "headline": {}}'),
        '{"@type": "NewsArticle", "author": 1e999}',
    ],
)
def test_broken_json_is_passed_over(script: str) -> None:
    item = article(STORY, f'<script type="application/ld+json">{script}</script><meta name=author content="Ann Lee">')
    assert (item.byline, len(item.blocks)) == ("Ann Lee", 4)


def test_of_several_records_the_one_of_the_headline_counts() -> None:
    head = linked('"author": "Ann Lee"').replace("Dam holds above the town", "Rain in the hills") + linked(
        '"author": "Bo Kim"'
    )
    assert article(STORY, head + "<title>Dam holds above the town</title>").byline == "Bo Kim"
