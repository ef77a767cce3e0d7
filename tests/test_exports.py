"""What a brief is in the JSON of others reads there as it should."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import made_briefs
import pytest
from whole import render_files

from briefs.across import Across
from briefs.listing import Site, entry_of
from briefs.parsing import parse, read
from briefs.readers import ReadOptions, read_articles
from briefs.schema import Article, Brief

URL = "https://briefs.example/"
STORY = (
    "---\ntitle: Dam holds\nurl: https://news.example/dam\n---\n\n“We wait,” Mayor Ana Ruiz said on Monday. “Then we go.”\n\n"
    "The dam above Selmoor was built in 1962 and holds half of the valley’s water. It will be searched on Friday.\n"
)


def files(brief: Brief, url: str | None = URL) -> dict[str, Any]:
    """Return the JSON files of a brief in a site, read again."""
    made = render_files(entry_of("dam", brief), Site("Briefs", url), Across())
    return {name.removeprefix("dam/"): json.loads(text) for name, text in made if name.endswith(".json")}


@pytest.mark.parametrize("brief", [made_briefs.typical(), made_briefs.large(), made_briefs.hostile()])
def test_each_sentence_and_claim_is_an_annotation(brief: Brief) -> None:
    page = files(brief)["annotations.json"]
    assert page["@context"] == "http://www.w3.org/ns/anno.jsonld"
    items = page["items"]
    assert len({item["id"] for item in items}) == len(items)
    said = [item for item in items if item["motivation"] == "describing"]
    parts = [item["body"]["value"] for item in items if item["motivation"] == "classifying"]
    assert [parts.count(part) for part in ("lede", "context", "outlook")] == [
        *(len(brief.lede), len(brief.context), len(brief.outlook))
    ]
    assert 0 < len(said) <= len(brief.claims)
    assert {target["source"] for item in items for target in item["target"]} <= {
        files(brief)["ninjs.json"]["associations"][0]["uri"]
    }


def test_the_selectors_select_the_words() -> None:
    article = read(STORY, path="dam.md")
    items = files(parse(article))["annotations.json"]["items"]
    targets = [target for item in items for target in item["target"]]
    assert len(targets) > len(items)  # a claim of two pieces
    for target in targets:
        quote, place = target["selector"]
        assert (quote["type"], place["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        assert article.text[place["start"] : place["end"]] == quote["exact"]


def test_what_stands_twice_has_its_surroundings() -> None:
    said = "The dam above Selmoor will hold, Mayor Ana Ruiz said on Monday."
    head = STORY.partition("“We wait")[0]
    items = files(parse(f"{head}{said}\n\nOn Friday it rained again in the town.\n\n{said}\n"))["annotations.json"][
        "items"
    ]
    quotes = [target["selector"][0] for item in items for target in item["target"]]
    assert all("prefix" in quote or "suffix" in quote for quote in quotes if quote["exact"].startswith("The dam above"))
    assert len(quotes) > 1


def test_a_brief_in_ninjs_is_read_as_an_article_of_its_words() -> None:
    brief = made_briefs.typical()
    made = files(brief)["ninjs.json"]
    [again] = read_articles(BytesIO(json.dumps(made).encode()), path="dam.json", options=ReadOptions()).each
    assert isinstance(again, Article)
    assert again.headline.of(again.text) == brief.headline.text
    assert again.origin.id == made["uri"] == f"{URL}dam/"
    assert (again.origin.byline, again.origin.publisher) == (brief.origin.byline, brief.origin.publisher)
    assert again.origin.tags == brief.origin.tags
    assert all(passage.text in again.text for passage in (*brief.context, *brief.outlook))


def test_without_an_address_there_is_no_ninjs_and_without_the_articles_no_annotations() -> None:
    assert set(files(made_briefs.typical(), None)) == {"annotations.json", "brief.json"}
    assert set(files(made_briefs.tiny())) == {"ninjs.json", "brief.json"}
