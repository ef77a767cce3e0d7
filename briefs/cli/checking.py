"""`briefs check`: which files cannot be read as articles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefs.cli.arguments import Language, LanguageOption, Map, MaxBytes, make_options
from briefs.cli.settings import ConfigFile
from briefs.cli.terminal import await_input, fail, say
from briefs.limits import DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from briefs.errors import SeedError
    from briefs.site import Options


def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Articles as text, Markdown, web pages, feeds or JSON, or folders of them; - is standard input.",
        ),
    ],
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    mapped: Map = None,
    config: ConfigFile = None,
) -> None:
    """Say which files cannot be read as articles, and where. Of a folder, all that a build would take.

    Each is read as a build reads it, but not through the model: that makes it quick enough for a hook before a commit. Of a
    feed or a file of records, each article is read. Where all can be read, nothing is printed; else the exit code is 1.

    For example:

      briefs check article.txt feed.xml

      briefs check articles
    """
    options = make_options(None, language, max_bytes, None, mapped)
    failed = False
    for file in chain.from_iterable(map(_files, files)):
        for error in _errors(file, options):
            say(f"error: {error}")
            failed = True
    if failed:
        raise typer.Exit(1)


def _files(name: str) -> Iterator[str]:
    """Yield the articles that a name stands for: itself, or those in a folder."""
    from briefs.errors import BuildError
    from briefs.site import find_seeds

    if not Path(name).is_dir():
        yield name
        return
    try:
        yield from (str(seed.path) for seed in find_seeds(Path(name))[0])
    except BuildError as error:
        fail(error, code=2)


def _errors(file: str, options: Options) -> Iterator[SeedError]:
    """Yield what is wrong with the articles of a file, or with the file as a whole."""
    from briefs.errors import SeedError
    from briefs.site import open_seed

    try:
        with open_seed(await_input(file), options) as articles:
            yield from (read for read in articles.each if isinstance(read, SeedError))
    except SeedError as error:
        yield error
