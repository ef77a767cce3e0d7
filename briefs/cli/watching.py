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

_PAUSE = 500  # milliseconds after which a folder is looked for
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

    find_watchfiles()
    changed, over = threading.Event(), threading.Event()
    seeds, out, templates = seeds.resolve(), out.resolve(), templates.resolve() if templates else None
    named = settings.resolve() if settings else None
    files = {named} if named else {Path(OWN).resolve(), Path(PROJECT).resolve()}
    folders = {folder for folder in (None if seeds.is_file() else seeds, templates) if folder}

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

    # A file is watched by its folder: editors put a new file into the place of the old one.
    beside = {path.parent for path in files} | ({seeds.parent} if seeds.is_file() else set())
    threads = [
        threading.Thread(target=_watch, args=(paths, concerns, changed, over), kwargs=how, daemon=True)
        for paths, concerns, how in ((beside, names, {"recursive": False}), (folders, reads, {"recursive": True}))
        if paths
    ]
    for thread in threads:
        thread.start()
    try:
        yield changed
    finally:
        over.set()
        for thread in threads:
            thread.join(1)


def _watch(
    folders: set[Path],
    concerns: Callable[[Change, str], bool],
    changed: threading.Event,
    over: threading.Event,
    *,
    recursive: bool,
) -> None:
    """Set an event whenever something changes in folders that concerns the caller, until `over` is set.

    A folder that is deleted and made again is another one, of which the system tells nothing. So it is looked for.
    """
    watch = find_watchfiles()
    options = {"stop_event": over, "recursive": recursive, "raise_interrupt": False, "ignore_permission_denied": True}
    lost = False  # whether a folder was not watched until now

    def counts(change: Change, name: str) -> bool:
        return Path(name) in folders or concerns(change, name)

    while not over.is_set():
        marks = {folder: _mark(folder) for folder in folders}
        there = sorted(folder for folder, mark in marks.items() if mark)
        if not there:
            lost = True
            over.wait(_PAUSE / 1000)
            continue

        try:
            for changes in watch(*there, watch_filter=counts, rust_timeout=_PAUSE, yield_on_timeout=True, **options):
                if changes or lost:
                    changed.set()
                lost = any(Path(name) in folders for _, name in changes)
                lost = lost or any(_mark(folder) != mark for folder, mark in marks.items())
                if lost:
                    changed.set()
                    break
        except FileNotFoundError:
            lost = True
        except (OSError, RuntimeError) as error:  # the system lets a user watch so many files and no more
            say(f"error: changes are not noticed: {error}")
            return


def _mark(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another of its name; None where there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
