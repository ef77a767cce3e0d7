"""Front matter: what stands before the text of a Markdown file, as YAML, TOML or lines of `Key: value`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import NamedTuple

import yaml

from briefs.errors import SeedError

LONGEST = 65_536  # code points of front matter
_FENCES = {"---": "YAML", "+++": "TOML"}
_ENDS = {"---": ("---", "..."), "+++": ("+++",)}
# The keys that Pelican documents for the head of a Markdown file; the first line must be one of these.
_HEAD = re.compile(
    r"(?:title|date|modified|category|tags|keywords|slug|authors?|summary|lang|status)\s*:\s", re.IGNORECASE
)
_PAIR = re.compile(r"(?P<key>[A-Za-z][\w -]{0,40})\s*:\s*(?P<value>.*)\Z")
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class _Loader(yaml.BaseLoader):
    """All scalars are strings, tags mean nothing; an alias, which could stand for any amount of text, is an error."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(None, None, "an alias", event.start_mark if event else None)
        return super().compose_node(parent, index)


class FrontMatter(NamedTuple):
    """The values of front matter, and how many lines of the file it takes."""

    values: Mapping[str, object]
    lines: int


def read_front_matter(text: str, *, path: str) -> FrontMatter:
    r"""Return the front matter that a text begins with; no values and no lines where it has none.

    Values of YAML are strings, lists and tables: nothing else is made of them, whatever they look like. Raises SeedError, with
    line and column in the file, where front matter does not end, cannot be read, or has aliases.

    >>> read_front_matter("---\ntitle: Dam holds\ntags: [dams]\n---\n\nThe dam held.\n", path="a.md")
    FrontMatter(values={'title': 'Dam holds', 'tags': ['dams']}, lines=4)
    >>> read_front_matter("Title: Dam holds\nDate: 2026-02-16\n\nThe dam held.\n", path="a.md").lines
    2
    """
    lines = text.split("\n")
    fence = lines[0].rstrip()
    if fence in _FENCES:
        end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in _ENDS[fence]), None)
        if end is None:
            raise SeedError(
                path, 1, 1, found=f"front matter without an end, opened by {fence}", expected=f"a line {fence}"
            )
        source = "\n".join(lines[1:end])
        if len(source) > LONGEST:
            raise SeedError(
                path, 1, 1, found=f"front matter of {len(source):,} characters", expected=f"at most {LONGEST:,}"
            )
        read = _read_yaml if fence == "---" else _read_toml
        return FrontMatter(read(source, path), end + 1)
    return _read_pairs(lines)


def _read_yaml(source: str, path: str) -> Mapping[str, object]:
    try:
        values = yaml.load(source, _Loader)  # noqa: S506 (it makes strings, lists and dicts only)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (1, 1)
        found = f"front matter that is no YAML: {error.problem or 'it cannot be read'}"
        raise SeedError(path, line, column, found=found, expected="YAML without aliases, between lines ---") from error
    except yaml.YAMLError as error:
        raise SeedError(path, 1, 1, found="front matter that is no YAML", expected="YAML between lines ---") from error
    except RecursionError as error:
        raise SeedError(path, 1, 1, found="front matter nested too deep", expected="a few levels") from error
    return _table(values, path)


def _read_toml(source: str, path: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line, column = (int(place[1]) + 1, int(place[2])) if place else (source.count("\n") + 2, 1)
        reason = _TOML_PLACE.sub("", str(error)).removesuffix("(at end of document)").strip().lower()
        raise SeedError(
            path, line, column, found=f"front matter that is no TOML: {reason}", expected="TOML between lines +++"
        ) from error
    except RecursionError as error:
        raise SeedError(path, 1, 1, found="front matter nested too deep", expected="a few levels") from error


def _table(values: object, path: str) -> Mapping[str, object]:
    if values in (None, ""):
        return {}
    if not isinstance(values, dict):
        raise SeedError(path, 2, 1, found="front matter without keys", expected="lines of the form key: value")
    return values


def _read_pairs(lines: list[str]) -> FrontMatter:
    """Return the lines of `Key: value` that a file for Pelican begins with; a line that is indented goes on with the last."""
    values: dict[str, str] = {}
    if not _HEAD.match(lines[0]):
        return FrontMatter({}, 0)
    key = ""
    for number, line in enumerate(lines):
        pair = _PAIR.match(line)
        if pair and not line[:1].isspace():
            key = pair["key"].strip()
            values[key] = pair["value"].strip()
        elif line.strip() and line[:1].isspace():
            values[key] = f"{values[key]} {line.strip()}"
        else:
            return FrontMatter(values, number)
    return FrontMatter(values, len(lines))
