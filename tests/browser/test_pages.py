"""The pages in a real Chromium, light and dark, narrow and wide, under a strict content security policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import made_briefs
import pytest

from briefs.view import view

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
PAGES = (
    *(f"{name}/index.html" for name in ("tiny", "typical", "large", "hostile", "right-to-left")),
    *("index.html", "archive/2026-02.html", "actors/index.html", "actors/isk-valley-water.html"),
    *("tags/floods.html", "tags/many.html", "sections/world.html", "actors/often-named.html"),
    *("excerpt/index.html", "excerpt/evidence.html", "full/evidence.html"),
)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
LISTEN = "document.addEventListener('securitypolicyviolation', e => console.error('violation: ' + e.violatedDirective))"
COUNT_LINKS = "document.links.length"
# The focused element: its place among the links, whether a reader sees it there, and whether a line is drawn around it.
DESCRIBE_FOCUS = """() => {
    const focused = document.activeElement, style = getComputedStyle(focused), lines = [...focused.getClientRects()];
    const on_top = box => focused.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
    return {
        place: [...document.links].indexOf(focused),
        seen: focused.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && lines.some(on_top),
        marked: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2,
    };
}"""
in_each_scheme = pytest.mark.parametrize("scheme", ["light", "dark"])
at_each_width = pytest.mark.parametrize("width", [320, 1280])
on_each_page = pytest.mark.parametrize("path", PAGES)


@dataclass
class Seen:
    """What a page did while it was open."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def opened(browser: Browser, url: str, *, scheme: Scheme = "light", width: int = 1280) -> Iterator[Seen]:
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    context.add_init_script(LISTEN)
    seen = Seen(context.new_page())
    seen.page.on("console", lambda message: seen.complaints.append(message.text))
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.goto(url)
    yield seen
    context.close()


@on_each_page
@at_each_width
@in_each_scheme
def test_a_page_says_nothing_asks_for_nothing_and_fits(
    browser: Browser, site: str, path: str, width: int, scheme: Scheme
) -> None:
    with opened(browser, f"{site}/{path}", scheme=scheme, width=width) as seen:
        assert seen.complaints == []
        assert seen.requests == [f"{site}/{path}", f"{site}/style.css"]
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.evaluate("getComputedStyle(document.body).marginTop") == "0px"  # the stylesheet is there


@on_each_page
@at_each_width
@in_each_scheme
def test_a_page_passes_axe(browser: Browser, site: str, path: str, width: int, scheme: Scheme) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, f"{site}/{path}", scheme=scheme, width=width) as seen:
        response = axe.run(seen.page, options=RULES).response
    found = [(rule["id"], [node["html"][:200] for node in rule["nodes"]][:3]) for rule in response["violations"]]
    assert found == []
    unsure = [rule["id"] for rule in response["incomplete"] if rule["id"] != "target-size"]
    assert unsure == []


@in_each_scheme
def test_dark_is_dark_and_light_is_light(browser: Browser, site: str, scheme: Scheme) -> None:
    with opened(browser, f"{site}/typical/index.html", scheme=scheme) as seen:
        color = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    channels = [int(part) for part in color[4:-1].split(",")]
    assert max(channels) < 64 if scheme == "dark" else min(channels) > 200


def test_the_linked_data_is_in_the_page_and_is_not_run(browser: Browser, site: str) -> None:
    for name in ("typical", "hostile"):
        with opened(browser, f"{site}/{name}/index.html") as seen:
            data = json.loads(seen.page.locator('script[type="application/ld+json"]').inner_text())
            assert data["@context"] == "https://schema.org"
            assert seen.page.locator("script").count() == 1
            assert seen.complaints == []


def test_a_page_that_stands_alone_looks_like_the_one_with_a_stylesheet(browser: Browser, folder: Path) -> None:
    boxes = []
    for path in ("alone.html", "typical/index.html"):
        with opened(browser, (folder / path).as_uri()) as seen:
            boxes.append(
                seen.page.evaluate("JSON.stringify(document.querySelector('.claims').getBoundingClientRect().width)")
            )
            assert seen.complaints == []
    assert boxes[0] == boxes[1]


def test_a_link_leads_to_the_sentence_at_the_publisher(browser: Browser, site: str) -> None:
    origin = made_briefs.typical().origin.model_copy(update={"url": f"{site}/article.html"})
    page = view(made_briefs.typical().model_copy(update={"origin": origin}))
    links = [line.href for line in (*page.lede, *page.context, *page.outlook)]
    links += [said.href for voice in page.voices for said in voice.said]
    for href in links:
        assert href is not None
        with opened(browser, href) as seen:
            seen.page.wait_for_function("window.scrollY > 1000", timeout=5000)


@on_each_page
def test_the_keyboard_goes_through_all_links_in_their_order_and_shows_where_it_is(
    browser: Browser, site: str, path: str
) -> None:
    with opened(browser, f"{site}/{path}", width=320) as seen:
        count = seen.page.evaluate(COUNT_LINKS)
        found = []
        for _ in range(count):
            seen.page.keyboard.press("Tab")
            found.append(seen.page.evaluate(DESCRIBE_FOCUS))
        assert found == [{"place": place, "seen": True, "marked": True} for place in range(count)]
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement === document.body")  # the way out


def test_a_printed_brief_names_the_address_of_its_article(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/typical/index.html") as seen:
        seen.page.emulate_media(media="print")
        assert seen.page.locator(".jump").first.is_hidden()
        after = "getComputedStyle(document.querySelector('.facts a{}'), '::after').content"
        assert made_briefs.URL in seen.page.evaluate(after.format("[rel]"))
        assert seen.page.evaluate(after.format(":not([rel])")) == "none"  # the page of a tag


def test_a_claim_in_a_right_to_left_article_has_its_bar_on_the_right(browser: Browser, site: str) -> None:
    with opened(browser, f"{site}/right-to-left/index.html") as seen:
        style = "getComputedStyle(document.querySelector('.claim'))"
        assert seen.page.evaluate(f"{style}.borderRightStyle") != "none"
        assert seen.page.evaluate(f"{style}.borderLeftStyle") == "none"
