"""Line charts as SVG: panels side by side, light or dark as the reader has it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

COLUMNS = 2
WIDTH, HEIGHT = 460, 320  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 68, 104, 56, 60  # around the axes; names of lines stand right of them
TICKS = 5  # at most, on an axis

_STYLE = """
svg{--paper:#ffffff;--ink:#1f2328;--faint:#59636e;--grid:#d9dee3;--line0:#0757b8;--line1:#a63d00}
@media (prefers-color-scheme:dark){
svg{--paper:#0d1117;--ink:#f0f6fc;--faint:#9aa4ae;--grid:#30363d;--line0:#79b8ff;--line1:#ffa657}}
text{font:13px system-ui,sans-serif;fill:var(--faint)}
.title{font-weight:600;font-size:15px;fill:var(--ink)}
.grid{stroke:var(--grid)}
.line{fill:none;stroke-width:2;stroke-linejoin:round}
.end{text-anchor:end}.middle{text-anchor:middle}
.s0{stroke:var(--line0)}.f0{fill:var(--line0)}.s1{stroke:var(--line1)}.f1{fill:var(--line1)}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Points, in order, joined by a line; the name stands at its end."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart: its title, what its axes count, and up to two lines. Axes begin at zero."""

    title: str
    across: str
    up: str
    lines: Sequence[Line]


def ticks(most: float) -> list[float]:
    """Return round numbers from 0 on, as far apart as 1, 2 or 5 are, the last of which is not below `most`.

    >>> ticks(2000), ticks(0.7), ticks(3)
    ([0.0, 500.0, 1000.0, 1500.0, 2000.0], [0.0, 0.2, 0.4, 0.6, 0.8], [0.0, 1.0, 2.0, 3.0])
    """
    power = 10.0 ** math.floor(math.log10(most / (TICKS - 1)))
    step = next(s for s in (power, 2 * power, 5 * power, 10 * power) if most <= (TICKS - 1) * s * (1 + 1e-9))
    return [float(f"{n * step:.9g}") for n in range(math.ceil(most / step - 1e-9) + 1)]


def draw(panels: Sequence[Panel], *, label: str) -> str:
    """Return the panels as one SVG; `label` says to those who cannot see it what it shows."""
    rows = math.ceil(len(panels) / COLUMNS)
    width, height = min(len(panels), COLUMNS) * WIDTH, rows * HEIGHT
    drawn = "".join(
        f'<g transform="translate({number % COLUMNS * WIDTH} {number // COLUMNS * HEIGHT})">\n{_panel(panel)}</g>\n'
        for number, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{escape(label)}">\n<style>{_STYLE}</style>\n'
        f'<rect width="{width}" height="{height}" style="fill:var(--paper)"/>\n{drawn}</svg>\n'
    )


def _panel(panel: Panel) -> str:
    most = max(x for line in panel.lines for x, _ in line.points)
    across = [value for value in ticks(most) if value <= most]
    up = ticks(max(y for line in panel.lines for _, y in line.points))
    right, foot = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x_of(value: float) -> float:
        return round(LEFT + (right - LEFT) * value / most, 1)

    def y_of(value: float) -> float:
        return round(foot - (foot - TOP) * value / up[-1], 1)

    parts = [_text(panel.title, LEFT, 24, "title"), _text(panel.up, LEFT, 42)]
    for value in up:
        parts.append(f'<path class="grid" d="M{LEFT} {y_of(value)}H{right}"/>')
        parts.append(_text(f"{value:,g}", LEFT - 8, y_of(value) + 4, "end"))
    parts += [_text(f"{value:,g}", x_of(value), foot + 18, "middle") for value in across]
    parts.append(_text(panel.across, (LEFT + right) / 2, foot + 38, "middle"))
    for number, line in enumerate(panel.lines):
        places = [(x_of(x), y_of(y)) for x, y in line.points]
        parts.append(f'<polyline class="line s{number}" points="{" ".join(f"{x},{y}" for x, y in places)}"/>')
        parts += [f'<circle class="f{number}" cx="{x}" cy="{y}" r="3.5"/>' for x, y in places]
        parts.append(_text(line.name, places[-1][0] + 9, places[-1][1] + 4, f"f{number}"))
    return "".join(f"{part}\n" for part in parts)


def _text(text: str, x: float, y: float, style: str = "") -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}>{escape(text)}</text>'
