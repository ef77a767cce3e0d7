"""Show the log of a training run: a table in Markdown and a plot.

    python -m training.report --run RUN --into docs/training

RUN holds `log.jsonl`, as `training.train` writes it. Writes `log.md` and `log.svg`; the same log gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

import matplotlib as mpl
from matplotlib.figure import Figure

from training.corpora import read_rows


class Line(TypedDict):
    """An epoch of a run: mean losses by head, scores on the dev splits, seconds of training."""

    epoch: int
    seconds: int
    loss: dict[str, float]
    dev: dict[str, float]


def table(lines: Sequence[Line]) -> Iterator[str]:
    r"""Yield the rows of a Markdown table, an epoch each.

    >>> print(*table([{"epoch": 1, "seconds": 60, "loss": {"roles": 1.5}, "dev": {"roles": 0.5}}]), sep="\n")
    | epoch | minutes | loss: roles | dev: roles |
    |---|---|---|---|
    | 1 | 1 | 1.500 | .500 |
    """
    losses, scores = list(lines[-1]["loss"]), list(lines[-1]["dev"])
    heads = ["epoch", "minutes", *(f"loss: {name}" for name in losses), *(f"dev: {name}" for name in scores)]
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for line in lines:
        cells = [
            str(line["epoch"]),
            f"{line['seconds'] / 60:.0f}",
            *(f"{line['loss'][name]:.3f}" for name in losses),
            *(f"{line['dev'][name]:.3f}".lstrip("0") for name in scores),
        ]
        yield f"| {' | '.join(cells)} |"


def plot(lines: Sequence[Line], path: Path) -> None:
    """Write the losses and the scores of a run, side by side over its epochs, as SVG."""
    mpl.rcParams["svg.hashsalt"] = "briefs"
    figure = Figure(figsize=(10, 4), layout="constrained")
    epochs = [line["epoch"] for line in lines]
    for axes, title, values in zip(
        figure.subplots(1, 2),
        ("mean loss in training", "F1 on dev"),
        ([line["loss"] for line in lines], [line["dev"] for line in lines]),
        strict=True,
    ):
        for name in values[-1]:
            axes.plot(epochs, [value[name] for value in values], marker="o", markersize=3, label=name)
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
