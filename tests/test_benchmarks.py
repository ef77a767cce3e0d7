"""What the benchmarks compute and draw beside times."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from benchmarks.chart import Line, Panel, draw, ticks
from benchmarks.others import cpu_seconds
from benchmarks.pages import measure

SVG = "{http://www.w3.org/2000/svg}"
PANEL = Panel(
    "Time & length", "kB <each>", "seconds", [Line("cold", [(1, 2), (2, 4), (8, 16)]), Line("warm", [(0, 0), (8, 8)])]
)


def dots(svg: ET.Element, line: int) -> list[tuple[float, float]]:
    return [
        (float(c.attrib["cx"]), float(c.attrib["cy"]))
        for c in svg.iter(f"{SVG}circle")
        if c.attrib["class"] == f"f{line}"
    ]


def test_a_chart_says_what_it_shows() -> None:
    svg = ET.fromstring(draw([PANEL], label='Time, by "length"'))
    said = [text.text for text in svg.iter(f"{SVG}text")]
    assert {"Time & length", "kB <each>", "seconds", "cold", "warm", "0", "8"} <= set(said)
    assert svg.attrib["aria-label"] == 'Time, by "length"'


def test_points_stand_in_proportion_from_zero() -> None:
    svg = ET.fromstring(draw([PANEL], label=""))
    (left, foot), (right, half) = dots(svg, 1)
    found = dots(svg, 0)
    assert found[-1][0] == right
    for (x, y), (across, up) in zip(found, PANEL.lines[0].points, strict=True):
        assert x == pytest.approx(left + (right - left) * across / 8, abs=0.11)
        assert y == pytest.approx(foot - (foot - half) * up / 8, abs=0.21)


def test_panels_lie_within_the_picture_and_apart() -> None:
    svg = ET.fromstring(draw([PANEL] * 3, label=""))
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    corners = [group.attrib["transform"] for group in svg.iter(f"{SVG}g")]
    assert corners == ["translate(0 0)", f"translate({width / 2:g} 0)", f"translate(0 {height / 2:g})"]
    assert all(0 <= x < width / 2 and 0 <= y < height / 2 for x, y in [*dots(svg, 0), *dots(svg, 1)])


@pytest.mark.parametrize("most", [0.0031, 0.4, 1, 7, 99.5, 100, 202.6, 10_000, 123_456])
def test_an_axis_ends_at_the_first_tick_that_nothing_exceeds(most: float) -> None:
    found = ticks(most)
    assert found[0] == 0
    assert found[-2] < most <= found[-1]
    assert 3 <= len(found) <= 6


def test_readers_that_are_compared_take_turns() -> None:
    read: list[str] = []
    spent = cpu_seconds(
        [lambda text: read.append(f"ours {text}"), lambda text: read.append(f"other {text}")], ["a", "b"]
    )
    assert read == ["ours a", "other a", "ours b", "other b"]
    assert len(spent) == 2
    assert all(seconds >= 0 for seconds in spent)


def test_a_page_that_is_no_article_has_been_read_only() -> None:
    story = "<p>The dam above Selmoor will hold, Mayor Ana Ruiz said on Monday after two days of rain.</p>" * 3
    page = (
        f"<html><head><title>Dam holds</title></head><body><article><h1>Dam holds</h1>{story}</article></body></html>"
    )
    article, nothing = measure([page.encode(), b"<html><body></body></html>"])
    assert article.parsed is not None
    assert article.size > 80
    assert nothing.parsed is None
