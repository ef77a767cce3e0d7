"""Removes what builds made in a folder, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from briefs.errors import BuildError
from briefs.files import UNFINISHED
from briefs.folder import alone, remove_empty
from briefs.ledger import find_ledgers


@dataclass(slots=True)
class Cleaned:
    """What `clean` did: the files that builds made and it removed, or would remove, and those that it left alone.

    The latter stand where builds made files, but are not as a build left them.
    """

    removed: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)


def clean(out: Path, *, dry_run: bool = False) -> Cleaned:
    """Remove what builds made in a folder, for whatever target, then their ledgers; with `dry_run`, only tell.

    Folders below it that have nothing in them then are removed, too. Raises BuildError where a file cannot be removed, or a
    build is writing there.
    """
    cleaned = Cleaned()
    if not out.is_dir():
        return cleaned
    with alone(out):
        try:
            _clean(out, cleaned, dry_run=dry_run)
        except OSError as error:
            reason = (error.strerror or "an error").lower()
            raise BuildError(f"{error.filename or out}: cannot be removed: {reason}") from error
    return cleaned


def _clean(out: Path, cleaned: Cleaned, *, dry_run: bool) -> None:
    ledgers = find_ledgers(out)
    names = sorted({name for ledger in ledgers for name in ledger.names()})
    # A link may lead out of the folder. What is there is left alone, whoever put it there.
    within = {name for name in names if (out / name).parent.resolve().is_relative_to(out.resolve())}
    # What a build that was killed left on its way goes first, so that its folder is found empty.
    for path in sorted({left for name in within for left in (out / name).parent.glob(UNFINISHED)}):
        cleaned.removed.append(path)
        if not dry_run:
            path.unlink()
    for name in names:
        path = out / name
        if path.is_file():
            content = path.read_bytes()
            if name not in within or not any(ledger.knows(name, content) for ledger in ledgers):
                cleaned.left.append(path)
                continue
            cleaned.removed.append(path)
            if not dry_run:
                path.unlink()
        if name in within and not dry_run:
            remove_empty(path.parent, out)
    if not dry_run:
        for ledger in ledgers:
            ledger.remove()
