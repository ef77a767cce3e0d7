"""`briefs check`: which files cannot be read as articles."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefs.cli.arguments import Language, LanguageOption, Map, MaxBytes, OutputFormat, OutputFormatOption, make_options
from briefs.cli.reporting import fault_of, print_document, report
from briefs.cli.settings import ConfigFile
from briefs.cli.terminal import await_input
from briefs.limits import DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from briefs.errors import SeedError
    from briefs.seeds import Options


def check(  # noqa: PLR0917
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
    output_format: OutputFormatOption = OutputFormat.text,
    config: ConfigFile = None,
) -> None:
    """Say which files cannot be read as articles, and where. Of a folder, all that a build would take.

    Each is read as a build reads it, but not through the model: that makes it quick enough for a hook before a commit. Of a
    feed or a file of records, each article is read. Where all can be read, nothing is printed, or with
    --output-format json a document that says so; else the exit code is 1.

    For example:

      briefs check article.txt feed.xml

      briefs check articles
    """
    from briefs.errors import BuildError

    options = make_options(None, language, max_bytes, None, mapped)
    faults = []
    code = 0
    try:
        for file in chain.from_iterable(map(_files, files)):
            for error in _errors(file, options):
                faults.append(fault_of(error))
                report(faults[-1], output_format)
                code = 1
    except BuildError as error:
        faults.append(fault_of(error))
        report(faults[-1], output_format)
        code = 2
    print_document(faults, output_format)
    if code:
        raise typer.Exit(code)


def _files(name: str) -> Iterator[str]:
    """Yield the articles that a name stands for: itself, or those in a folder. Raises BuildError."""
    from briefs.seeds import find_seeds

    if not Path(name).is_dir():
        yield name
        return
    yield from (str(seed.path) for seed in find_seeds(Path(name))[0])


def _errors(file: str, options: Options) -> Iterator[SeedError]:
    """Yield what is wrong with the articles of a file, or with the file as a whole."""
    from briefs.errors import SeedError
    from briefs.seeds import open_seed
    from briefs.stored import is_stored, read_briefs

    try:
        if is_stored(Path(file)):
            yield from (read for read in read_briefs(Path(file)) if isinstance(read, SeedError))
            return
        with open_seed(await_input(file), options) as articles:
            yield from (read for read in articles.each if isinstance(read, SeedError))
    except SeedError as error:
        yield error
