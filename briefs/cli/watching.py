"""Watches files for `briefs serve`: what a build reads, and nothing that it writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefs.cli.terminal import say

if TYPE_CHECKING:
    from watchfiles import Change

_MISSING = "briefs serve needs watchfiles: pip install 'briefs[serve]'"


def find_watchfiles() -> Any:  # noqa: ANN401 - a function of an extra, which may be missing
    """Return the function that watches. Raises BuildError where it is not installed."""
    from briefs.errors import BuildError

    try:
        from watchfiles import watch
    except ImportError as error:
        raise BuildError(_MISSING) from error
    return watch


@contextmanager
def watched(seeds: Path, templates: Path | None, settings: Path | None, out: Path) -> Iterator[threading.Event]:
    """Yield an event that is set whenever a file changes that a build of these reads.

    `settings` is the file of settings, None for those of the current folder. Raises BuildError.
    """
    from briefs.cli.settings import OWN, PROJECT

    watch = find_watchfiles()
    changed, over = threading.Event(), threading.Event()
    seeds, out, templates = seeds.resolve(), out.resolve(), templates.resolve() if templates else None
    named = settings.resolve() if settings else None
    files = {named} if named else {Path(OWN).resolve(), Path(PROJECT).resolve()}
    folders = [folder for folder in (seeds, templates) if folder and folder.is_dir()]

    def reads(_: Change, name: str) -> bool:
        path = Path(name)
        if path.is_relative_to(out) and not seeds.is_relative_to(out):
            return False
        if templates and path.is_relative_to(templates):
            return True
        # Of seeds, what begins with a dot is passed over.
        return not any(part.startswith(".") for part in path.relative_to(seeds).parts)

    def names(_: Change, name: str) -> bool:
        path = Path(name)  # beside a seed may lie a file with what a server said of it
        return path in files or (path.parent == seeds.parent and path.name.startswith(seeds.name))

    def run(paths: list[Path], concerns: Callable[[Change, str], bool], *, recursive: bool) -> None:
        options = {"watch_filter": concerns, "stop_event": over, "recursive": recursive, "rust_timeout": 500}
        try:
            for _ in watch(*paths, raise_interrupt=False, ignore_permission_denied=True, **options):
                changed.set()
        except (OSError, RuntimeError) as error:  # the system lets a user watch so many files and no more
            say(f"error: changes are not noticed: {error}")

    # A file is watched by its folder: editors put a new file into the place of the old one.
    beside = {path.parent for path in files} | (set() if seeds.is_dir() else {seeds.parent})
    beside = {folder for folder in beside if folder.is_dir()}
    threads = [threading.Thread(target=run, args=(sorted(beside), names), kwargs={"recursive": False}, daemon=True)]
    if folders:
        threads += [threading.Thread(target=run, args=(folders, reads), kwargs={"recursive": True}, daemon=True)]
    for thread in threads:
        thread.start()
    try:
        yield changed
    finally:
        over.set()
        for thread in threads:
            thread.join(1)
