"""Count which discourse role follows which in the training split, and print the table of `briefs.stages.role_habits`.

python -m training.roles --corpora FOLDER
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from briefs.stages.discourse import ROLES
from training.corpora import DiscourseRow, read_rows
from training.evaluate import LABELS

SMOOTHING = 0.5


def count_habits(rows: list[DiscourseRow]) -> list[list[list[float]]]:
    """Return log-probabilities [same or new paragraph][role before, or none][role], with add-½ smoothing."""
    number = {LABELS[role]: i for i, role in enumerate(ROLES)}
    counts = [[[SMOOTHING] * len(ROLES) for _ in range(len(ROLES) + 1)] for _ in range(2)]
    for row in rows:
        before, paragraph = len(ROLES), None
        for sentence in row["sentences"]:
            role = number[sentence["label"]]
            counts[sentence["paragraph"] != paragraph][before][role] += 1
            before, paragraph = role, sentence["paragraph"]
    return [[[round(math.log(c / sum(line)), 2) for c in line] for line in table] for table in counts]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Count which discourse role follows which.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with discourse.train.jsonl")
    folder: Path = parser.parse_args().corpora
    rows = [row for row in read_rows(folder / "discourse.train.jsonl") if not row.get("leaks")]
    for table in count_habits(rows):
        print("(")
        for line in table:
            print(f"    ({', '.join(str(x) for x in line)}),")
        print("),")


if __name__ == "__main__":
    main()
