"""Let a large network say what roles it sees in articles that have none, for a small one to learn from.

    python -m training.teach --corpora FOLDER --run TEACHER --into FILE

The articles are those of PolNeAR and of the corpus of summaries, training splits. FILE holds for each a row of probabilities
a sentence, by the checksum of its text.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from briefs.network import read_vocabulary
from training.examples import OVERLAP, text_key, unlabelled_sources
from training.train import load_average, make_tagger


def main() -> int:
    """Tag the articles and write the file."""
    parser = argparse.ArgumentParser(description="Let a network say what roles it sees in articles that have none.")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with TASK.SPLIT.jsonl")
    parser.add_argument("--run", type=Path, required=True, help="folder of the teacher's run")
    parser.add_argument("--into", type=Path, required=True, help="the file to write, .npz")
    options = parser.parse_args()
    tagger = make_tagger(load_average(options.run), read_vocabulary(), overlap=OVERLAP)
    rows = {}
    for source in unlabelled_sources(options.corpora):
        tags = tagger.tag(source.article)
        rows[text_key(source.article)] = np.array([s.scores for s in tags.sentences], np.float16)
    np.savez_compressed(options.into, **rows)  # type: ignore[arg-type]
    return 0


if __name__ == "__main__":
    sys.exit(main())
