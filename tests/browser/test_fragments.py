"""The text fragments that briefs makes lead a real Chromium to the words that they mean."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefs.fragments import Surroundings, text_fragment
from briefs.schema import Span

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

TEXT = (
    "Dam holds\n\nFirst came the rain. “We are dry,” said Ana Ruiz.\n\nThen came the wind, at 90% of a storm’s force."
    " “We are dry,” said Bo Kim & his well-known crew, who stayed.\n\nNobody was hurt.\n\n"
    "The dam above Selmoor will hold for one more week at least, the mayor said.\n\n"
    "The dam above Selmoor will hold as long as it has to, said the man who built it in 1962.\n"
)
MEANT = {
    "a sentence that stands once": ("Nobody was hurt.", 0, "third"),
    "marks that must be encoded": ("Then came the wind, at 90% of a storm’s force.", 0, "second"),
    "the first of two": ("“We are dry,”", 0, "first"),
    "the second of two": ("“We are dry,”", 1, "second"),
    "the second of two long ones that begin alike": (
        "The dam above Selmoor will hold as long as it has to, said the man who built it in 1962.",
        0,
        "fifth",
    ),
    "a hyphen and an ampersand": ("Bo Kim & his well-known crew", 0, "second"),
}


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=Path(__file__).parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/repeated.html"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("case", MEANT)
def test_a_fragment_scrolls_to_the_words_that_it_means(case: str, browser: Browser, address: str) -> None:
    words, number, place = MEANT[case]
    start = [n for n in range(len(TEXT)) if TEXT.startswith(words, n)][number]
    span = Span(start=start, end=start + len(words))
    prefix, suffix = Surroundings(TEXT).find([span])
    page = browser.new_page(viewport={"width": 800, "height": 600})
    page.goto(text_fragment(address, [words], prefix=prefix, suffix=suffix))
    page.wait_for_timeout(300)
    shown = page.evaluate(
        "[...document.querySelectorAll('p')].filter(p => { const r = p.getBoundingClientRect();"
        " return r.top >= 0 && r.bottom <= innerHeight; }).map(p => p.id)"
    )
    page.close()
    assert shown == [place]
