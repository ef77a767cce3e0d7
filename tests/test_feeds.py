"""A site whose address is known says what it holds: in feeds, in sitemaps, and on each page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import feedparser
import made_briefs
import pytest
from commands import Outcome
from hypothesis import given
from hypothesis import strategies as st
from parsed_seeds import STEMS, parsed_seed
from test_site import contents, write_articles
from whole import assemble, render_files, render_site

from briefs.across import Across
from briefs.feeds import json_feed
from briefs.listing import UNKNOWN_DATE, Site, entry_of
from briefs.moments import moment, timestamp
from briefs.rendering import find_outputs
from briefs.schema import Brief

Call = Callable[..., Outcome]
URL = "https://briefs.example/news/"
BRIEFS = {"ferry": made_briefs.tiny(), "dam": made_briefs.typical(), "worst-of-all": made_briefs.hostile()}
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def site(url: str | None = URL, **briefs: Brief) -> dict[str, str]:
    """Return the files of a site of some briefs, or else of all, by their paths."""
    return dict(render_site(*assemble((briefs or BRIEFS).items(), Site("Dams & ferries", url))))


class Listed(NamedTuple):
    """What a brief is in a feed. `links` are its page and, where its address is known, the article; dates are in UTC."""

    id: str
    title: str
    summary: str
    links: tuple[str, ...]
    published: str | None
    updated: str | None


def many_briefs() -> dict[str, Brief]:
    """Return the briefs of all seeds, the made ones, and some whose dates are none, or none in UTC."""
    made = {"large": made_briefs.large(), "hebrew": made_briefs.right_to_left()}
    dates = {"early": "0001-01-01T00:00+14:00", "late": "9999-12-31T23:00-05:00", "soon": "soon"}
    typical = BRIEFS["dam"]
    dated = {
        name: typical.model_copy(
            update={"origin": typical.origin.model_copy(update={"published": date, "updated": None})}
        )
        for name, date in dates.items()
    }
    return BRIEFS | made | dated | {stem: parsed_seed(stem)[1] for stem in STEMS}


def listed(briefs: Mapping[str, Brief]) -> list[Listed]:
    """Return what the feeds of a site of these briefs have to say, the newest first."""
    found = []
    for entry in assemble(briefs.items(), Site("Briefs", None))[0].entries:
        page, address = entry.page, f"{URL}{entry.slug}/"
        links = (address, page.url) if page.url else (address,)
        dates = timestamp(page.published), timestamp(page.updated)
        found.append(Listed(address, page.headline, page.summary, links, *dates))
    return found


def as_in_atom(brief: Listed) -> Listed:
    """Return what Atom says of a brief: there, each has been updated at some time."""
    return brief._replace(updated=brief.updated or brief.published or UNKNOWN_DATE)


def test_without_an_address_there_are_no_feeds() -> None:
    assert set(site()) - set(site(None)) == {"feed.xml", "feed.json", "sitemap.xml", "news-sitemap.xml"}
    assert {"index.html", "style.css"} < set(site(None))


def test_the_atom_feed_has_an_entry_a_brief_the_newest_first() -> None:
    feed = feedparser.parse(site()["feed.xml"])
    assert (feed.bozo, feed.version, feed.feed.title, feed.feed.id) == (False, "atom10", "Dams & ferries", URL)
    newest = feed.entries[0]
    assert (newest.id, newest.link) == (f"{URL}dam/", f"{URL}dam/")
    assert newest.title == BRIEFS["dam"].headline.text
    assert (newest.published, newest.updated, newest.contributors[0].name) == (
        *("2026-02-16T18:40:00Z", "2026-02-17T00:00:00Z"),
        BRIEFS["dam"].origin.byline,
    )
    assert len({entry.id for entry in feed.entries}) == len(BRIEFS)
    assert all(entry.summary and entry.updated for entry in feed.entries)


def test_a_reader_of_the_feeds_finds_what_the_briefs_say() -> None:
    briefs = many_briefs()
    files = site(**briefs)
    feed = feedparser.parse(files["feed.xml"])
    found = [
        Listed(e.id, e.title, e.summary, tuple(link.href for link in e.links), e.get("published"), e.updated)
        for e in feed.entries
    ]
    assert not feed.bozo
    assert found == [as_in_atom(brief) for brief in listed(briefs)]


def test_both_feeds_say_the_same() -> None:
    atom, other = feedparser.parse(site()["feed.xml"]), json.loads(site()["feed.json"])
    assert other["version"] == "https://jsonfeed.org/version/1.1"
    assert [(item["id"], item["url"]) for item in other["items"]] == [(e.id, e.link) for e in atom.entries]
    assert [item["title"] for item in other["items"]] == [entry.title for entry in atom.entries]
    assert other["items"][0]["external_url"] == BRIEFS["dam"].origin.url
    assert not any(value in (None, "", []) for item in other["items"] for value in item.values())


def test_what_has_no_date_has_that_of_the_build() -> None:
    lone = assemble([("ferry", BRIEFS["ferry"])], Site("Briefs", URL, made="2026-03-01T00:00:00Z"))
    feed = feedparser.parse(dict(render_site(*lone))["feed.xml"])
    assert (feed.feed.updated, feed.entries[0].updated) == ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z")
    assert feedparser.parse(site(ferry=BRIEFS["ferry"])["feed.xml"]).entries[0].updated == UNKNOWN_DATE


def test_the_sitemaps_list_the_pages_and_those_of_the_last_two_days() -> None:
    older = BRIEFS["dam"].model_copy(
        update={"origin": BRIEFS["dam"].origin.model_copy(update={"published": "2026-02-10", "updated": None})}
    )
    files = site(**BRIEFS, older=older)
    listed = [place.text for place in ET.fromstring(files["sitemap.xml"]).iter(LOC)]
    assert sorted(listed) == sorted([URL, f"{URL}dam/", f"{URL}ferry/", f"{URL}worst-of-all/", f"{URL}older/"])
    news = [place.text for place in ET.fromstring(files["news-sitemap.xml"]).iter(LOC)]
    assert f"{URL}dam/" in news
    assert f"{URL}older/" not in news
    assert f"{URL}ferry/" not in news


@given(text=st.text(max_size=40), url=st.sampled_from([URL, "https://b.example/"]))
def test_no_text_breaks_a_feed(text: str, url: str) -> None:
    brief = BRIEFS["dam"]
    origin = brief.origin.model_copy(update={"tags": (text,), "byline": text, "publisher": text})
    changed = brief.model_copy(
        update={"origin": origin, "headline": brief.headline.model_copy(update={"text": text or "x"})}
    )
    files = dict(render_site(*assemble([("dam", changed)], Site(text or "x", url))))
    for name in ("feed.xml", "sitemap.xml", "news-sitemap.xml"):
        ET.fromstring(files[name])
    assert len(json.loads(files["feed.json"])["items"]) == 1


def test_a_page_names_its_address_and_the_feeds() -> None:
    whole = assemble(BRIEFS.items(), Site("Dams", URL))
    page = dict(render_files(entry_of("dam", BRIEFS["dam"]), *whole))["dam/index.html"]
    assert f'<link rel="canonical" href="{URL}dam/">' in page
    assert f'<meta property="og:url" content="{URL}dam/">' in page
    assert 'type="application/atom+xml" title="Dams" href="../feed.xml"' in page
    told = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)[0])
    assert (told["@id"], told["url"]) == (f"{URL}dam/", f"{URL}dam/")
    assert f'<link rel="canonical" href="{URL}">' in dict(render_site(*whole))["index.html"]
    assert (
        "canonical"
        not in dict(render_files(entry_of("dam", BRIEFS["dam"]), Site("Dams", None), Across()))["dam/index.html"]
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-02-16", "2026-02-16T00:00:00Z"),
        ("2026-02-16T09:05", "2026-02-16T09:05:00Z"),
        ("2026-02-16T09:05:07.5+09:00", "2026-02-16T00:05:07Z"),
        ("0001-01-01T00:00+14:00", None),
        ("0099-01-01", "0099-01-01T00:00:00Z"),
        ("last week", None),
    ],
)
def test_a_date_in_a_feed_is_in_utc(said: str, meant: str | None) -> None:
    assert timestamp(moment(said)) == meant


def test_a_build_writes_feeds_the_same_each_time(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    seeds = write_articles(tmp_path / "seeds", "a.txt", "b.txt")
    for number in range(2):
        ended = call("build", seeds, tmp_path / f"{number}", "--base-url", "https://b.example")
        assert ended.code == 0
    assert contents(tmp_path / "0") == contents(tmp_path / "1")
    assert b"<updated>1970-01-02T00:00:00Z</updated>" in contents(tmp_path / "0")["feed.xml"]
    assert b"https://b.example/a/" in contents(tmp_path / "0")["sitemap.xml"]


@pytest.mark.parametrize("url", ["b.example", "ftp://b.example/", "javascript:alert(1)", "https://b.example/?a=1", ""])
def test_an_address_that_is_none_is_refused(url: str, call: Call, article: Path, tmp_path: Path) -> None:
    ended = call("build", article, tmp_path / "out", "--base-url", url)
    assert (ended.code, ended.out) == (2, "")
    assert "is no address of a folder on the web" in " ".join(ended.err.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_a_clock_that_is_none_is_refused(
    call: Call, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "noon")
    ended = call("build", article, tmp_path / "out")
    assert ended.code == 2
    assert "SOURCE_DATE_EPOCH is 'noon'" in " ".join(ended.err.replace("│", " ").split())


def test_the_feed_of_an_empty_site_is_a_feed() -> None:
    assert json_feed(Site("Briefs", URL))["items"] == []


def test_a_template_of_ones_own_makes_a_file_a_brief_or_a_file_a_site(tmp_path: Path) -> None:
    (tmp_path / "card.html.j2").write_text("<b>{{ page.headline }}</b>", encoding="utf-8")
    (tmp_path / "site/by").mkdir(parents=True)
    (tmp_path / "site/by/names.csv.j2").write_text(
        "{% for entry in site.entries %}{{ root }}{{ entry.slug }}\n{% endfor %}", encoding="utf-8"
    )
    whole = assemble(BRIEFS.items(), Site("Briefs", None))
    outputs = find_outputs(templates=tmp_path)
    files = dict(render_files(entry_of("dam", BRIEFS["worst-of-all"]), *whole, outputs))
    assert "&lt;" in files["dam/card.html"]
    assert dict(render_site(*whole, outputs))["by/names.csv"] == "../dam\n../ferry\n../worst-of-all\n"
