"""A TOML file, and the lines on which its keys stand: tomllib gives the values only."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefs.errors import ConfigError

MOST_BYTES = 1_000_000
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
# What a line feed can stand in without ending a statement: strings, and brackets that are open.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file that was read: its path as the caller named it, its text and its values."""

    path: Path
    text: str
    values: Mapping[str, object]

    def line(self, *keys: str) -> int:
        r"""Return the line, from 1, of the first statement that sets the value to which the keys lead, or a part of it.

        Raises KeyError where there is no such value.

        >>> text = "[tool.briefs]\n'base-url' = 'x'\nmap.headline = '''\nkop'''\nmap.text = 'a'\n"
        >>> file = TomlFile(Path("a.toml"), text, {})
        >>> [file.line("tool", "briefs", *keys) for keys in ((), ("base-url",), ("map",), ("map", "text"))]
        [1, 2, 3, 5]
        """
        import tomllib

        table: tuple[str, ...] = ()
        for line, statement in _statements(self.text):
            tree = tomllib.loads(statement)
            if statement.lstrip().startswith("["):
                table = tuple(_header(tree))
                found = _holds(tree, keys)
            else:
                found = keys[: len(table)] == table and _holds(tree, keys[len(table) :])
            if tree and found:
                return line
        raise KeyError(".".join(keys))


def read_toml(path: Path, *, word: str = "") -> TomlFile | None:
    """Return what a TOML file holds; None where there is no such file, or where it does not have a word in it.

    Raises ConfigError, with the place, where it cannot be read, is no UTF-8, no TOML, or too large to be a file of settings.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise ConfigError(name, 1, f"{reason}; expected a file that can be read") from error
    if word.encode() not in content:
        return None
    import tomllib

    if len(content) > MOST_BYTES:
        raise ConfigError(name, 1, f"more than {MOST_BYTES:,} bytes; expected a file of settings")
    body = content.removeprefix(BOM_UTF8)
    try:
        text = body.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        found = f"byte 0x{body[error.start]:02x}, which is not UTF-8; expected UTF-8 text"
        raise ConfigError(name, *_last_place(body[: error.start].decode("utf-8"), found)) from error
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = f"no TOML: {_PLACE.sub('', str(error))}"
        place = _PLACE.search(str(error))
        if place is None or place[1] is None:
            raise ConfigError(name, *_last_place(text, found)) from error
        raise ConfigError(name, int(place[1]), found, int(place[2])) from error
    except ValueError as error:  # Python reads no number of thousands of digits
        raise ConfigError(name, 1, "a number of too many digits") from error
    except RecursionError as error:
        raise ConfigError(name, 1, "values nested too deep") from error


def _last_place(text: str, message: str) -> tuple[int, str, int]:
    """Return what ConfigError takes for a fault at the end of a text."""
    return text.count("\n") + 1, message, len(text) - (text.rfind("\n") + 1) + 1


def _statements(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield the statements of a TOML text with the numbers of their first lines; a blank line or a comment is one, too.

    >>> list(_statements("# a [\nb = [\n1]\n['c']"))
    [(1, '# a [\n'), (2, 'b = [\n1]\n'), (4, "['c']\n")]
    """
    line, start, depth = 1, 0, 0
    ended = f"{text}\n"
    for token in _TOKEN.finditer(ended):
        if token[0] in {"[", "{"}:
            depth += 1
        elif token[0] in {"]", "}"}:
            depth -= 1
        elif token[0] == "\n" and not depth:
            statement = ended[start : token.end()]
            yield line, statement
            line, start = line + statement.count("\n"), token.end()


def _header(tree: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys that lead to the table, or the last of the tables, that a header opens."""
    while tree:
        ((key, value),) = tree.items()
        yield key
        tree = value[0] if isinstance(value, list) else value


def _holds(tree: Mapping[str, object], keys: tuple[str, ...]) -> bool:
    node: object = tree
    for key in keys:
        if not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True
