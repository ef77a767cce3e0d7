"""The feeds of a site are read by feedsmith as they were meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_feeds import Listed, as_in_atom, listed, many_briefs, site

from .conftest import HERE, Run

Read = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="module")
def feeds(node: Run, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Return the Atom feed and the JSON Feed of many briefs, as feedsmith reads them."""
    folder = tmp_path_factory.mktemp("feeds")
    paths = [folder / name for name in ("feed.xml", "feed.json")]
    files = site(**many_briefs())
    for path in paths:
        path.write_text(files[path.name], encoding="utf-8")
    ended = node(HERE / "read_feeds.mjs", *paths)
    assert (ended.code, ended.err) == (0, "")
    atom, other = json.loads(ended.out)
    return atom, other


def test_each_feed_is_known_for_what_it_is(feeds: Read) -> None:
    assert [feed["format"] for feed in feeds] == ["atom", "json"]


def test_every_brief_is_in_the_atom_feed_as_it_is(feeds: Read) -> None:
    found = [
        Listed(
            entry["id"],
            entry["title"]["value"],
            entry["summary"]["value"],
            tuple(link["href"] for link in entry["links"]),
            entry.get("published"),
            entry["updated"],
        )
        for entry in feeds[0]["feed"]["entries"]
    ]
    assert found == [as_in_atom(brief) for brief in listed(many_briefs())]


def test_every_brief_is_in_the_json_feed_as_it_is(feeds: Read) -> None:
    found = [
        Listed(
            item["id"],
            item["title"],
            item["content_text"],
            tuple(item[key] for key in ("url", "external_url") if key in item),
            item.get("date_published"),
            item.get("date_modified"),
        )
        for item in feeds[1]["feed"]["items"]
    ]
    assert found == listed(many_briefs())
