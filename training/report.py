"""Show the log of a training run: a table in Markdown and a plot.

    python -m training.report --run RUN --into docs/training

RUN holds `log.jsonl`, as `training.train` writes it. Writes `log.md` and `log.svg`; the same log gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

import matplotlib as mpl
from matplotlib.figure import Figure

from training.corpora import read_rows


class Line(TypedDict):
    """An epoch of a run: means of its losses, scores on the dev splits (if they were taken), seconds of training."""

    epoch: int
    seconds: int
    loss: dict[str, float]
    dev: dict[str, float]


def table(lines: Sequence[Line]) -> Iterator[str]:
    r"""Yield the rows of a Markdown table, an epoch each.

    >>> one: Line = {"epoch": 1, "seconds": 60, "loss": {"roles": 1.5}, "dev": {}}
    >>> other: Line = {"epoch": 2, "seconds": 60, "loss": {"roles": 1.0}, "dev": {"roles": 0.5}}
    >>> print(*table([one, other]), sep="\n")
    | epoch | minutes | loss: roles | dev: roles |
    |---|---|---|---|
    | 1 | 1 | 1.500 |  |
    | 2 | 1 | 1.000 | .500 |
    """
    losses, scores = names_of([line["loss"] for line in lines]), names_of([line["dev"] for line in lines])
    heads = ["epoch", "minutes", *(f"loss: {name}" for name in losses), *(f"dev: {name}" for name in scores)]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for line in lines:
        cells = [
            str(line["epoch"]),
            f"{line['seconds'] / 60:.0f}",
            *(f"{line['loss'][name]:.3f}" if name in line["loss"] else "" for name in losses),
            *(f"{line['dev'][name]:.3f}".lstrip("0") if name in line["dev"] else "" for name in scores),
        ]
        yield f"| {' | '.join(cells)} |"


def names_of(values: Sequence[Mapping[str, float]]) -> list[str]:
    """Return the names of all figures of a run, in the order in which they come up.

    >>> names_of([{"roles": 1.5, "imitation": 0.4}, {"roles": 1.0, "taught": 0.5}])
    ['roles', 'imitation', 'taught']
    """
    return list(dict.fromkeys(name for value in values for name in value))


def plot(lines: Sequence[Line], path: Path) -> None:
    """Write the losses and the scores of a run (if it has any), side by side over its epochs, as SVG."""
    mpl.rcParams["svg.hashsalt"] = "briefs"
    figure = Figure(figsize=(10, 4), layout="constrained")
    epochs = [line["epoch"] for line in lines]
    shown = {
        "mean loss in training": [line["loss"] for line in lines],
        "F1 on dev": [line["dev"] for line in lines],
    }
    told = {title: values for title, values in shown.items() if names_of(values)}
    for axes, (title, values) in zip(figure.subplots(1, len(told), squeeze=False)[0], told.items(), strict=True):
        for name in names_of(values):
            known = [(epoch, value[name]) for epoch, value in zip(epochs, values, strict=True) if name in value]
            axes.plot(*zip(*known, strict=True), marker="o", markersize=3, label=name)
        axes.set(title=title, xlabel="epoch", xticks=epochs)
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small", ncols=2)
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def main() -> int:
    """Write the table and the plot."""
    parser = argparse.ArgumentParser(description="Show the log of a training run.")
    parser.add_argument("--run", type=Path, required=True, help="folder with log.jsonl")
    parser.add_argument("--into", type=Path, required=True, help="folder for log.md and log.svg")
    options = parser.parse_args()
    lines: list[Line] = list(read_rows(options.run / "log.jsonl"))
    options.into.mkdir(parents=True, exist_ok=True)
    (options.into / "log.md").write_text("\n".join(table(lines)) + "\n", encoding="utf-8")
    plot(lines, options.into / "log.svg")
    return 0


if __name__ == "__main__":
    sys.exit(main())
