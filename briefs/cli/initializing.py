"""`briefs init`: a small project to start from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from briefs.cli.settings import OWN, find_settings
from briefs.cli.terminal import fail, say

_PROJECT = Path(__file__).resolve().parent.parent / "project"
_NAMES = {"gitignore": ".gitignore"}  # here it would be in force for the package itself


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", file_okay=False, help="Folder of the project, made where it is missing.")
    ] = Path(),
) -> None:
    """Lay out a small project: settings, an article, a template.

    briefs.toml, which names all settings; seeds/ with an article that is made up; templates/ with a template; and a
    .gitignore for what is built. Nothing is written where one of these files is there already.

    For example:

      briefs init demo

      cd demo

      briefs build
    """
    import shlex

    from briefs.errors import BuildError

    files = {
        _NAMES.get(path.name, path.relative_to(_PROJECT).as_posix()): path.read_bytes()
        for path in sorted(_PROJECT.rglob("*"))
        if path.is_file()
    }
    try:
        lay_out(files, folder)
    except BuildError as error:
        fail(error, code=2)
    where = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    say(f"laid out in {folder}: {', '.join(files)}")
    say(f"next: {where}briefs build, then open out/index.html; your articles go into seeds, your settings into {OWN}")


def lay_out(files: dict[str, bytes], folder: Path) -> None:
    """Write files below a folder, all of them or none.

    Raises BuildError where one of them is there already, or cannot be written, and ConfigError where the folder has
    settings that cannot be read.
    """
    from briefs.errors import BuildError

    taken = [name for name in files if _is_taken(folder, Path(name))]
    if taken:
        found = "is there" if len(taken) == 1 else "are there"
        raise BuildError(f"{', '.join(str(folder / name) for name in taken)}: {found} already; nothing was written")
    settings = find_settings(folder)
    if settings is not None:
        raise BuildError(f"{settings.place()}: settings are there already; nothing was written")
    written: list[Path] = []
    for name, content in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(content)
        except OSError as error:
            for half in written:
                half.unlink(missing_ok=True)
            reason = (error.strerror or "an error").lower()
            raise BuildError(f"{path}: cannot be written: {reason}; no file was left") from error


def _is_taken(folder: Path, name: Path) -> bool:
    """Return whether a file is there, also as a link that leads nowhere, or a file stands where its folder would be."""
    above = [folder / part for part in name.parents[:-1]]
    return os.path.lexists(folder / name) or any(os.path.lexists(part) and not part.is_dir() for part in above)
