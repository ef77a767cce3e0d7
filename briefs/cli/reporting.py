"""What is wrong, said in one of several forms: for readers, for programs, and for a workflow on GitHub."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.cli.arguments import OutputFormat
from briefs.cli.terminal import print_text, printable, say
from briefs.names import as_utf8

if TYPE_CHECKING:
    from briefs.errors import BriefsError

# What a message of a template begins with: its file and line.
_PLACED = re.compile(r"(?s)(.+?):(\d+): (.*)")
_STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong. `file`, `line` and `column` say where, as far as that is known.

    `found` and `expected` are what is wrong with an article; `message` says it in one sentence without its place, `text` with
    it, and `title` names its kind.
    """

    file: str | None
    line: int | None
    column: int | None
    message: str
    found: str | None
    expected: str | None
    text: str
    title: str


def fault_of(error: BriefsError, *, about: Path | None = None) -> Fault:
    """Return what an error says is wrong, where it is one of an article that `about` names, or of none.

    >>> from briefs.errors import RenderError
    >>> fault = fault_of(RenderError("mine/card.html.j2:2: 'nope' is undefined"), about=Path("seeds/dam.txt"))
    >>> fault.file, fault.line, fault.message
    ('mine/card.html.j2', 2, "seeds/dam.txt: 'nope' is undefined")
    """
    from briefs.errors import RenderError, SeedError

    if isinstance(error, SeedError):
        message = f"{error.found}; expected {error.expected}"
        place = (error.path, error.line, error.column)
        return Fault(*place, message, error.found, error.expected, str(error), "Article that cannot be read")
    article = None if about is None else as_utf8(str(about))
    named = "" if article is None else f"{article}: "
    if isinstance(error, RenderError):
        placed = _PLACED.fullmatch(str(error))
        file, line, message = (placed[1], int(placed[2]), placed[3]) if placed else (article, None, str(error))
        return Fault(file, line, None, named + message, None, None, f"{named}{error}", "Template that fails")
    return Fault(article, None, None, str(error), None, None, f"{named}{error}", "Build that cannot go on")


def report(fault: Fault, form: OutputFormat) -> None:
    """Say what is wrong: to readers on standard error, to a workflow on standard output. Programs get it in a document."""
    if form is OutputFormat.text:
        say(f"error: {fault.text}")
    elif form is OutputFormat.github:
        print_text(_annotation(fault) + "\n")


def print_document(faults: Sequence[Fault], form: OutputFormat, **more: object) -> None:
    """Print all that is wrong as one JSON document, where that is the form that was asked for."""
    if form is OutputFormat.json:
        import json

        left_out = {"text", "title"}
        failed = [{key: value for key, value in asdict(fault).items() if key not in left_out} for fault in faults]
        document = json.dumps({**more, "failed": failed}, indent=2)
        print_text(document.replace("\x7f", "\\u007f") + "\n")


def _annotation(fault: Fault) -> str:
    """Return what GitHub shows beside the line of a file, as the command to a workflow that asks for it."""
    file = None if fault.file in {None, _STANDARD_INPUT} else _in_workspace(str(fault.file))
    places = {"file": file, "line": fault.line, "col": fault.column} if file else {}
    properties = {**places, "title": fault.title}
    told = ",".join(
        f"{key}={_escaped(str(value), also=':,')}" for key, value in properties.items() if value is not None
    )
    return f"::error {told}::{_escaped(fault.text)}"  # the log shows no more than the text


def _escaped(text: str, *, also: str = "") -> str:
    r"""Return a text as commands to a workflow have it, safe on a terminal; in properties `also` more stands for itself.

    >>> print(_escaped("100 %\n::error::\x1b[31m"))
    100 %25%0A::error::\x1b[31m
    """
    marks = frozenset("%\r\n" + also)
    return "".join(f"%{ord(c):02X}" if c in marks else printable(c) for c in text)


def _in_workspace(file: str) -> str:
    """Return the path of a file from the root of the repository that a workflow has checked out, or from the current folder.

    A file that is elsewhere keeps its whole path.
    """
    folder, name = os.path.split(file)
    path = Path(os.path.realpath(folder), name)  # a link that leads nowhere is itself what is wrong
    root = Path(os.path.realpath(os.environ.get("GITHUB_WORKSPACE") or "."))
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
