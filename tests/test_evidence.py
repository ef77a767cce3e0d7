"""A reader can check a brief in the article, as far as the site is asked to show it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import ARTICLE, Outcome
from parsed_seeds import STEMS, parsed_seed
from test_across import check_links
from test_site import contents

from briefs import Article, Brief, parse, read
from briefs.escape import clean
from briefs.evidence import EvidenceKind, find_evidence
from briefs.view import view

Call = Callable[..., Outcome]
ADDRESSED = f"---\ntitle: Dam holds\nurl: https://news.example/dam\n---\n\n{ARTICLE.partition(chr(10))[2]}"
KINDS: tuple[EvidenceKind, ...] = ("excerpt", "full")


def of(source: str, kind: EvidenceKind, path: str = "dam.txt"):
    article = read(source.encode(), path=path)
    return find_evidence(article, parse(article), kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stem", STEMS)
def test_each_item_of_a_brief_leads_to_its_sentence(stem: str, kind: EvidenceKind) -> None:
    article, parsed = parsed_seed(stem)
    alone = article.model_copy(update={"origin": article.origin.model_copy(update={"url": None})})
    brief = parsed.model_copy(update={"origin": alone.origin})
    evidence = find_evidence(alone, brief, kind)
    assert evidence
    texts = {f"evidence.html#{each.id}": each.text for paragraph in evidence.paragraphs for each in paragraph}
    page = view(brief, evidence)
    lines = [*page.lede, *page.context, *page.outlook]
    assert [line.text for line in lines if line.text not in texts[line.href or ""]] == []
    said = [said for voice in page.voices for said in voice.said]
    assert [
        each.text for each in said if each.text.split(" … ")[0][:20].strip('“”"') not in texts[each.href or ""]
    ] == []
    assert len(texts) == sum(map(len, evidence.paragraphs))


def test_the_excerpt_is_what_stands_in_the_brief_and_the_whole_is_the_story(seed: tuple[Article, Brief]) -> None:
    article, brief = seed
    alone = article.model_copy(update={"origin": article.origin.model_copy(update={"url": None})})
    excerpt, full = (find_evidence(alone, brief, kind) for kind in KINDS)
    assert excerpt
    assert full
    cited = [each.text for paragraph in full.paragraphs for each in paragraph if each.cited]
    assert [each.text for paragraph in excerpt.paragraphs for each in paragraph] == cited
    story = [clean(sentence.span.of(article.text)) for sentence in article.sentences]
    assert [each.text for paragraph in full.paragraphs for each in paragraph] == story
    assert not any(each.gap for paragraph in full.paragraphs for each in paragraph)
    assert len(cited) < len(story)
    assert any(each.gap for paragraph in excerpt.paragraphs for each in paragraph) or story[: len(cited)] == cited


def test_nothing_is_shown_of_an_article_that_has_an_address_unless_all_is_asked_for() -> None:
    assert of(ARTICLE, "link") is None
    assert of(ARTICLE, "excerpt") is not None
    assert of(ADDRESSED, "excerpt", "dam.md") is None
    assert of(ADDRESSED, "full", "dam.md") is not None


def test_an_address_that_cannot_be_followed_is_none() -> None:
    assert of(ADDRESSED.replace("https://news.example/dam", "javascript:alert(1)"), "excerpt", "dam.md") is not None


def test_a_build_shows_no_more_than_it_is_asked_for(call: Call, article: Path, tmp_path: Path) -> None:
    pages = {}
    for kind in ("link", "excerpt", "full"):
        assert call("build", article, tmp_path / kind, "--evidence", kind).code == 0
        pages[kind] = {name: data.decode() for name, data in contents(tmp_path / kind).items()}
        check_links(pages[kind])
        assert ("selmoor-dam/evidence.html" in pages[kind]) == (kind != "link")
    assert pages["excerpt"].keys() == pages["full"].keys()
    assert call("build", article, tmp_path / "asked-for-nothing").code == 0
    assert contents(tmp_path / "asked-for-nothing") == contents(tmp_path / "excerpt")
    assert "<mark" in pages["full"]["selmoor-dam/evidence.html"]
    assert '<meta name="robots" content="noindex">' in pages["full"]["selmoor-dam/evidence.html"]
    assert re.search(r'href="evidence.html#s-[0-9a-f]{8}"', pages["excerpt"]["selmoor-dam/index.html"])


def test_an_address_of_the_publisher_comes_first(call: Call, tmp_path: Path) -> None:
    (tmp_path / "dam.md").write_text(ADDRESSED, encoding="utf-8")
    assert call("build", tmp_path / "dam.md", tmp_path / "out", "--evidence", "full").code == 0
    page = (tmp_path / "out/dam/index.html").read_text(encoding="utf-8")
    assert 'href="https://news.example/dam#:~:text=' in page
    assert 'href="evidence.html#' not in page
    assert 'href="evidence.html"' in page
    shown = (tmp_path / "out/dam/evidence.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://news.example/dam">' in shown


def test_a_generator_is_given_no_article(call: Call, article: Path, tmp_path: Path) -> None:
    assert call("build", article, tmp_path / "site", "--target", "hugo").code == 0
    assert not any("evidence" in data.decode() for data in contents(tmp_path / "site").values())
    ended = call("build", article, tmp_path / "site", "--target", "hugo", "--evidence", "full")
    assert ended.code == 2
    assert "is for a site by itself, not for hugo" in " ".join(ended.err.replace("│", " ").split())
