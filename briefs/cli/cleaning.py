"""`briefs clean`: away with what builds made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from briefs.cli.settings import ConfigFile
from briefs.cli.terminal import print_text, say


def clean(
    out: Annotated[Path, typer.Argument(metavar="OUT", file_okay=False, help="Folder that builds wrote to.")] = Path(
        "out"
    ),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Remove nothing; list what would be removed.")] = False,  # noqa: FBT002
    config: ConfigFile = None,
) -> None:
    """Remove what builds made in a folder.

    For whatever target they were, and with the folders below it that are empty then. A file that is not as a build left it
    stays, and is named; so does all else in the folder.

    For example:

      briefs clean

      briefs clean site --dry-run
    """
    from briefs.cleaning import clean as clean_folder

    cleaned = clean_folder(out, dry_run=dry_run)
    for path in cleaned.left:
        say(f"left alone: {path}: not as a build left it")
    if dry_run:
        names = "".join(f"{path}\n" for path in cleaned.removed)
        print_text(names.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))
    noun = "file" if len(cleaned.removed) == 1 else "files"
    say(f"{len(cleaned.removed)} {noun} {'would be removed' if dry_run else 'removed'} from {out}")
