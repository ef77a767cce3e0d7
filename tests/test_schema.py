"""The JSON of a brief is a public format."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from parsed_seeds import STEMS, parsed_seed
from pydantic import ValidationError

from briefs.schema import SCHEMA_VERSION, Actor, Brief, Claim, Origin, Passage, Span

ROOT = Path(__file__).parents[1]


def test_the_format_is_the_one_that_its_version_names() -> None:
    """The JSON Schema is the file kept under its version: a change needs a new version and a new file."""
    pinned = json.loads((ROOT / f"tests/schema-{SCHEMA_VERSION}.json").read_text(encoding="utf-8"))
    assert Brief.model_json_schema(mode="serialization") == pinned


def test_every_field_is_documented() -> None:
    """docs/schema.md names each field of the record, and the version."""
    words = set(re.findall(r"`([a-z_0-9]+)`", (ROOT / "docs/schema.md").read_text(encoding="utf-8")))
    for record in (Brief, Actor, Claim, Origin, Passage):
        assert set(record.model_fields) <= words, record
    assert f'"{SCHEMA_VERSION}"' in (ROOT / "docs/schema.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("stem", STEMS)
def test_json_reads_back_to_the_same_brief(stem: str) -> None:
    """Nothing is lost on the way to JSON and back."""
    _, brief = parsed_seed(stem)
    assert Brief.model_validate_json(brief.model_dump_json()) == brief


def test_records_are_closed_and_frozen() -> None:
    """An unknown field is an error, and so is a change."""
    with pytest.raises(ValidationError):
        Span.model_validate({"start": 0, "end": 1, "length": 1})
    span = Span(start=0, end=1)
    with pytest.raises(ValidationError):
        span.start = 2  # type: ignore[misc]
