"""Pages of `briefs serve` in a real Chromium: they reload by themselves, under the policy with which they are sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import ARTICLE
from test_serve import put, served
from test_site import write_articles

from .test_pages import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_page_reloads_on_a_change_shows_what_is_wrong_and_heals(browser: Browser, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "dam.txt")
    with (
        served(seeds, tmp_path / "out") as server,
        opened(browser, f"http://127.0.0.1:{server.port}/dam/") as seen,
    ):
        seen.page.get_by_text("Ana Ruiz").first.wait_for()
        put(seeds / "dam.txt", ARTICLE.replace("Ruiz", "Ortega"))
        seen.page.get_by_text("Ana Ortega").first.wait_for()
        put(seeds / "dam.txt", "<b>Notes</b>\n")
        alert = seen.page.get_by_role("alert")
        alert.wait_for()
        assert "dam.txt:1:" in alert.inner_text()
        seen.page.get_by_text("Ana Ortega").first.wait_for()
        put(seeds / "dam.txt", ARTICLE)
        alert.wait_for(state="detached")
        seen.page.get_by_text("Ana Ruiz").first.wait_for()
        requests = len(seen.requests)
        seen.page.wait_for_timeout(500)
        assert len(seen.requests) == requests  # it does not reload without end
        assert seen.complaints == []


def test_the_page_of_search_works_as_it_is_served(browser: Browser, tmp_path: Path) -> None:
    pytest.importorskip("pagefind", reason="needs pagefind: pip install 'briefs[search]'")
    seeds = write_articles(tmp_path / "seeds", "dam.txt")
    with (
        served(seeds, tmp_path / "out", "--search") as server,
        opened(browser, f"http://127.0.0.1:{server.port}/search.html") as seen,
    ):
        seen.page.get_by_role("searchbox").fill("bolt")
        seen.page.locator("pagefind-results mark").first.wait_for()
        assert seen.complaints == []
