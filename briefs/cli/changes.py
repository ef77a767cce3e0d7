"""What a build would change, as `--check` lists it and `--diff` shows it."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.cli.arguments import OutputFormat
from briefs.cli.terminal import print_text, printable
from briefs.names import as_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    from briefs.folder import Change

_UNENDED = "\\ No newline at end of file\n"


class Changes:
    """Prints changes as they are told: a sign and a file, or with `differ` the lines that would be others. JSON comes last."""

    def __init__(self, out: Path, form: OutputFormat, *, differ: bool) -> None:
        self._out, self._form, self._differ = out, form, differ
        self.found: list[dict[str, str]] = []

    def tell(self, change: Change) -> None:
        """Take note of a change."""
        file = as_utf8(str(self._out / change.name))
        kind, sign = (
            ("new", "+") if change.before is None else ("removed", "-") if change.after is None else ("changed", "~")
        )
        self.found.append({"file": file, "change": kind})
        if self._form is OutputFormat.json:
            return
        if self._differ:
            print_text("".join(difference(file, change.before, change.after)))
        else:
            print_text(f"{sign} {printable(file)}\n")


def difference(file: str, before: bytes | None, after: bytes | None) -> Iterator[str]:
    r"""Yield the lines that tell two contents of a file apart, as `patch` takes them; None is no file.

    >>> print("".join(difference("out/a.txt", b"Dam holds\n", b"Dam gives way\n")), end="")
    --- out/a.txt
    +++ out/a.txt
    @@ -1 +1 @@
    -Dam holds
    +Dam gives way
    """
    old, new = ("/dev/null" if content is None else printable(file) for content in (before, after))
    try:
        was, is_now = ((content or b"").decode("utf-8").splitlines(keepends=True) for content in (before, after))
    except UnicodeDecodeError:
        yield f"binary files {old} and {new} differ\n"
        return
    for line in unified_diff(was, is_now, old, new):
        shown = "\t".join(map(printable, line.rstrip("\n").split("\t"))) + "\n"
        yield shown if line.endswith("\n") else shown + _UNENDED
