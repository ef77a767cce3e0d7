"""JSON as the readers take it: strict, not nested without end, with line and column where it breaks."""

from __future__ import annotations

import json
from typing import NoReturn

from briefs.errors import SeedError

EXPECTED = "JSON: an object with a title and a text, a list of these, a JSON Feed or ninjs"


def read_json(text: str, *, path: str, line: int = 1) -> object:
    """Return the value of a JSON text that begins on `line` of its file. Raises SeedError where it is none.

    >>> read_json('{"title": "Dam holds"}', path="a.json")
    {'title': 'Dam holds'}
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        found = f"JSON that breaks off: {error.msg[:1].lower()}{error.msg[1:]}"
        raise SeedError(path, line + error.lineno - 1, error.colno, found=found, expected=EXPECTED) from error
    except RecursionError as error:
        raise SeedError(path, line, 1, found="JSON nested too deep", expected=EXPECTED) from error
    except ValueError as error:  # NaN, or a number of thousands of digits
        raise SeedError(path, line, 1, found="a number that is none in JSON", expected=EXPECTED) from error


def _refuse(_constant: str) -> NoReturn:
    raise ValueError
