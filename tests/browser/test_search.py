"""The page of search in a real Chromium: it finds briefs, under the policy that docs/publishing.md states for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from whole import assemble, render_files, render_site

from briefs.listing import Site, entry_of
from briefs.search import make_index

from .conftest import BRIEFS, POLICY, SEARCH_POLICY, served
from .test_pages import RULES, Scheme, Seen, at_each_width, in_each_scheme, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

DOCUMENT = Path(__file__).parents[2] / "docs/publishing.md"


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a site with search that lies below the root of its host."""
    if not os.environ.get("CI"):
        pytest.importorskip("pagefind", reason="needs pagefind: pip install 'briefs[search]'")
    root = tmp_path_factory.mktemp("root")
    whole, across = assemble(BRIEFS.items(), Site("Briefs", None, search=True))
    written = [made for slug, brief in BRIEFS.items() for made in render_files(entry_of(slug, brief), whole, across)]
    for path, text in [*written, *render_site(whole, across)]:
        (root / "news" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "news" / path).write_text(text, encoding="utf-8")
    pages = (
        (f"/{slug}/", (root / "news" / slug / "index.html").read_text(encoding="utf-8")) for slug in sorted(BRIEFS)
    )
    for name, content in make_index(pages).items():
        (root / "news" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "news" / name).write_bytes(content)
    with served(root) as address:
        yield f"{address}/news"


def search(seen: Seen, words: str) -> None:
    """Type words and wait for what is found."""
    seen.page.get_by_role("searchbox").fill(words)
    seen.page.locator("pagefind-results li article, pagefind-summary:has-text('No results')").first.wait_for()


@at_each_width
@in_each_scheme
def test_a_word_leads_to_the_brief_that_has_it(browser: Browser, searched: str, width: int, scheme: Scheme) -> None:
    with opened(browser, f"{searched}/index.html", scheme=scheme, width=width) as seen:
        seen.page.get_by_role("link", name="Search", exact=True).click()
        search(seen, "ferry")
        assert seen.page.locator("pagefind-results mark").first.inner_text() == "ferry"
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.complaints == []
        assert [url for url in seen.requests if not url.startswith(f"{searched}/")] == []
        seen.page.get_by_role("link", name="Ferry resumes").click()
        seen.page.wait_for_url(f"{searched}/tiny/")
        assert seen.page.locator("h1").inner_text() == "Ferry resumes"


@at_each_width
@in_each_scheme
@pytest.mark.parametrize("words", ["", "dam", "zzzz"])
def test_the_page_of_search_passes_axe(browser: Browser, searched: str, words: str, width: int, scheme: Scheme) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, f"{searched}/search.html", scheme=scheme, width=width) as seen:
        if words:
            search(seen, words)
        response = axe.run(seen.page, options=RULES).response
    found = [(rule["id"], [node["html"][:200] for node in rule["nodes"]][:3]) for rule in response["violations"]]
    assert found == []
    assert [rule["id"] for rule in response["incomplete"] if rule["id"] != "target-size"] == []


def test_a_result_shows_who_published_it_and_when(browser: Browser, searched: str) -> None:
    with opened(browser, f"{searched}/search.html") as seen:
        search(seen, "spillway")
        told = seen.page.locator("pagefind-results li").filter(has_text="Nine killed").first.locator(".from")
        assert told.inner_text() == "Meridian Press 16 February 2026, 18:40 UTC"


@pytest.mark.parametrize(
    ("words", "slug"), [("hydrologist", "typical"), ("levees", "typical"), ("סלמור", "right-to-left")]
)
def test_names_tags_and_other_scripts_are_found(browser: Browser, searched: str, words: str, slug: str) -> None:
    with opened(browser, f"{searched}/search.html") as seen:
        search(seen, words)
        found = seen.page.locator("pagefind-results a").evaluate_all("links => links.map(link => link.href)")
        assert f"{searched}/{slug}/" in found


def test_hostile_text_stays_text_in_results(browser: Browser, searched: str) -> None:
    with opened(browser, f"{searched}/search.html", width=320) as seen:
        for words in ("alert", "onerror", "onmouseover", "javascript"):
            search(seen, words)
            results = seen.page.locator("pagefind-results")
            assert results.locator("a").evaluate_all("links => links.map(link => link.href)") == [
                f"{searched}/hostile/"
            ]
            assert (
                results.locator(
                    ":is(img, script:not([type='text/pagefind-template']), [onmouseover], [autofocus])"
                ).count()
                == 0
            )
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert seen.complaints == []


def test_the_keyboard_reaches_the_results(browser: Browser, searched: str) -> None:
    with opened(browser, f"{searched}/search.html") as seen:
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.textContent") == "Briefs"
        seen.page.keyboard.press("Tab")
        seen.page.keyboard.type("ferry")
        seen.page.locator("pagefind-results li article").first.wait_for()
        seen.page.keyboard.press("ArrowDown")
        assert seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url(f"{searched}/tiny/")


def test_without_scripts_the_page_leads_to_the_archive(browser: Browser, searched: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{searched}/search.html")
    assert page.get_by_text("Search needs JavaScript.").is_visible()
    page.get_by_role("link", name="February 2026").click()
    assert page.url == f"{searched}/archive/2026-02.html"
    context.close()


def test_the_policies_are_those_that_the_documents_state() -> None:
    text = " ".join(DOCUMENT.read_text(encoding="utf-8").split())
    assert f"`Content-Security-Policy: {POLICY}`" in text
    assert f"Content-Security-Policy: {SEARCH_POLICY} " in text
