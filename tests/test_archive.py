"""A site of a thousand briefs holds together, and none of its pages grows out of hand."""

from __future__ import annotations

import random

import pytest
from made_archive import TAGS, archive
from test_across import check_links, whole_site

from briefs.listing import LISTED_MOST
from briefs.slugs import slugify

COUNT = 1000
URL = "https://briefs.example/"
# The largest that a page may be, in bytes before compression.
BRIEF_MOST = 30_000
FIRST_MOST = 100_000
LIST_MOST = 200_000


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """Return the files of the site by their paths."""
    return whole_site(archive(COUNT), URL)


def sizes(files: dict[str, str], *folders: str) -> dict[str, int]:
    """Return the bytes of the pages in some folders of the site."""
    pages = [path for path in files if path.endswith(".html") and path.rpartition("/")[0] in folders]
    return {path: len(files[path].encode()) for path in pages}


def test_every_link_and_anchor_of_a_thousand_briefs_leads_somewhere(files: dict[str, str]) -> None:
    assert check_links(files) > 50 * COUNT


def test_the_page_of_each_of_a_thousand_briefs_is_small(files: dict[str, str]) -> None:
    found = sizes(files, *archive(COUNT))
    assert len(found) == COUNT
    assert max(found.values()) <= BRIEF_MOST


def test_the_lists_of_a_thousand_briefs_stay_small_enough_to_open(files: dict[str, str]) -> None:
    found = sizes(files, "actors", "archive", "sections", "tags")
    names = found.pop("actors/index.html")
    assert max(found.values()) <= LIST_MOST
    assert len(files["index.html"].encode()) <= FIRST_MOST
    assert names <= 150 * len(sizes(files, "actors"))  # a line an actor: 275 kB for 2,290 of them


def test_no_list_has_more_than_a_hundred_summaries_and_none_leaves_a_brief_out(files: dict[str, str]) -> None:
    lists = ["index.html", *sizes(files, "archive", "sections", "tags")]
    assert max(files[path].count('class="summary"') for path in lists) == LISTED_MOST
    assert sum(files[path].count("/article-") for path in sizes(files, "archive")) == COUNT
    tagged = sum(TAGS[0] in brief.origin.tags for brief in archive(COUNT).values())
    assert files[f"tags/{slugify(TAGS[0])}.html"].count("/article-") == tagged > LISTED_MOST


def test_the_order_of_a_thousand_articles_changes_no_byte(files: dict[str, str]) -> None:
    briefs = list(archive(COUNT).items())
    random.Random(7).shuffle(briefs)
    again = whole_site(dict(briefs), URL)
    assert again.keys() == files.keys()
    assert [path for path, text in files.items() if again[path] != text] == []
