"""`briefs config`: what is in force for a build, and where it comes from."""

from __future__ import annotations

import inspect
import os
from typing import Annotated, Any

import typer

from briefs.cli.arguments import InspectFormat, read_options
from briefs.cli.building import ONCE, build
from briefs.cli.settings import find_keys, source
from briefs.cli.terminal import print_text


def config(
    ctx: typer.Context,
    format: Annotated[InspectFormat, typer.Option("--format", "-f", help="What to print.")] = InspectFormat.text,  # noqa: A002
    **asked: Any,  # noqa: ANN401 - of all options
) -> None:
    """Print what is in force for a build, and where it comes from.

    Each value as a file of settings has it, and whether it comes from the command line, a line of such a file, the
    environment, or is the default. Takes the arguments and options of `briefs build`. The date is that of what has none.

    For example:

      briefs config

      briefs config --title "Morning briefs" --format json
    """
    import json

    options = read_options(**{name: asked[name] for name in inspect.signature(read_options).parameters})
    worked_out = {
        "base_url": options.url,
        "threads": options.threads,
        "jobs": options.jobs,
        "mapped": dict(options.names),
    }
    rows = {key.name: (worked_out.get(key.parameter, asked[key.parameter]), source(ctx, key)) for key in find_keys(ctx)}
    said = os.environ.get("SOURCE_DATE_EPOCH")
    rows["date"] = (options.made, "environment SOURCE_DATE_EPOCH" if said else "default")
    if format is InspectFormat.json:
        made = {name: {"value": value, "source": place} for name, (value, place) in rows.items()}
        print_text(json.dumps(made, indent=2, default=str).replace("\x7f", "\\u007f") + "\n")
        return
    cells = [(name, _as_toml(value), _printable(place)) for name, (value, place) in rows.items()]
    first, second = (max(len(row[column]) for row in cells) for column in (0, 1))
    print_text("".join(f"{name:{first}}  {value:{second}}  {place}\n" for name, value, place in cells))


# The parameters of a build, each defined there, and that of this command.
_own = inspect.signature(config, eval_str=True).parameters
_of_build = inspect.signature(build, eval_str=True).parameters
_shared = [each for each in _of_build.values() if each.name not in ONCE]
config.__signature__ = inspect.Signature([_own["ctx"], *_shared, _own["format"]])  # type: ignore[attr-defined]


def _as_toml(value: Any) -> str:  # noqa: ANN401 - of any option
    r"""Return a value as TOML has it, in a line that is safe on a terminal; "-" where there is none.

    >>> [_as_toml(value) for value in (None, True, 4, "out", {"text": "a\x1b"})]
    ['-', 'true', '4', '"out"', '{text = "a\\u001b"}']
    """
    import json

    if value is None:
        return "-"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_as_toml(each)}" for key, each in value.items()) + "}"
    return _printable(json.dumps(value, ensure_ascii=False, default=str))


def _printable(text: str) -> str:
    r"""Return a text with all that a terminal would not print as TOML has it.

    >>> print(_printable("a\x1b“b”\U000e0001"))
    a\u001b“b”\U000e0001
    """
    return "".join(
        c if c.isprintable() else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in text
    )
