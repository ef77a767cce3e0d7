"""The command line: all printing, all exit codes.

Exit codes: 0 fine; 1 something is wrong with an article, a template or an output; 2 the command was not understood, or
names a folder that cannot be used, and nothing was done; 130 interrupted, and 143 terminated.
"""

from __future__ import annotations

import os
import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from briefs.limits import DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from types import FrameType
    from typing import TextIO

    from briefs.errors import BriefsError
    from briefs.site import Options

app = typer.Typer(
    name="briefs",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=(
        "Turn news articles into briefs: what happened, who says what and how surely, background, what is next."
        " Every word of a brief is a span of its article. Works offline.\n\n"
        "Start with:\n\n  briefs show ARTICLE.txt\n\n  briefs build FOLDER out"
    ),
    epilog=(
        "Exit codes: 0 fine; 1 something is wrong with an article, a template or an output; 2 the command was not"
        " understood, and nothing was done; 130 interrupted."
    ),
)


class Format(StrEnum):
    """What `show` prints."""

    md = "md"
    html = "html"
    summary = "summary"
    json = "json"


class InspectFormat(StrEnum):
    """What `inspect` prints."""

    text = "text"
    json = "json"


class Language(StrEnum):
    """Which articles are taken."""

    en = "en"
    any = "any"


Templates = Annotated[
    Path | None,
    typer.Option(
        "--templates",
        metavar="DIR",
        exists=True,
        file_okay=False,
        help="Folder of templates of your own. A file in it is used in place of the one of its name.",
    ),
]
LanguageOption = Annotated[
    Language,
    typer.Option("--language", help="Refuse articles that are not English, or take any. The model knows English only."),
]
MaxBytes = Annotated[
    int,
    typer.Option("--max-bytes", min=1, max=100_000_000, metavar="N", help="Refuse articles of more bytes than this."),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        min=1,
        max=64,
        metavar="N",
        help="Threads of the model; if not given, one a core, at most 4. The output is the same with any.",
    ),
]
Article = Annotated[str, typer.Argument(metavar="FILE", help="Article as a UTF-8 text file; - is standard input.")]

MOST_THREADS = 4  # more do not make an article faster


def _version(wanted: bool) -> None:  # noqa: FBT001 (typer calls it so)
    if wanted:
        from importlib.metadata import version

        typer.echo(f"briefs {version('briefs')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # noqa: FBT002
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


@app.command()
def show(  # noqa: PLR0917
    file: Article,
    format: Annotated[Format, typer.Option("--format", "-f", help="What to print.")] = Format.md,  # noqa: A002
    templates: Templates = None,
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    threads: Threads = None,
) -> None:
    """Print the brief of one article.

    As Markdown, as a web page that stands alone, as a summary of one paragraph, or as JSON (see `briefs schema`).

    For example:

      briefs show article.txt

      briefs show article.txt --format html > brief.html

      cat article.txt | briefs show - --format summary
    """
    from briefs.parsing import parse
    from briefs.rendering import render
    from briefs.site import read_seed

    options = _options(templates, language, max_bytes, threads)
    brief = parse(read_seed(_named(file), options), threads=options.threads)
    _print(render(brief, format.value, templates=templates))


@app.command()
def build(  # noqa: PLR0917
    seeds: Annotated[
        Path,
        typer.Argument(metavar="SEEDS", help="Folder of articles: all .txt files in it and below. Or one article."),
    ] = Path("seeds"),
    out: Annotated[
        Path, typer.Argument(metavar="OUT", file_okay=False, help="Folder to write to, made where it is missing.")
    ] = Path("out"),
    templates: Templates = None,
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Title of the list of briefs.")] = "Briefs",
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    threads: Threads = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what is wrong.")] = False,  # noqa: FBT002
) -> None:
    """Write a folder of web pages from a folder of articles.

    For each article NAME.txt: OUT/NAME/index.html, brief.md, summary.txt and brief.json. Then OUT/index.html, which
    lists them. A file that would not change is not touched.

    An article that cannot be read does not stop the others: it is named at the end, and the exit code is 1.

    For example:

      briefs build

      briefs build articles site --title "Morning briefs"
    """
    from briefs.errors import BriefsError, BuildError
    from briefs.site import build as build_site
    from briefs.site import find_seeds

    try:
        found, others = find_seeds(seeds, out)
    except BuildError as error:
        _fail(error, code=2)
    failures: list[str] = []
    done = built = 0
    try:
        for result in build_site(found, out, _options(templates, language, max_bytes, threads, title=title)):
            done += 1
            if result.error is not None:
                failures.append(_message(result.error, about=str(result.seed.path)))
                continue
            built += 1
            if not quiet:
                _say(f"[{done}/{len(found)}] {result.seed.path} -> {out / result.seed.slug}")
    except _Stopped:
        _say(f"stopped after {done} of {len(found)} articles; the files that were written are whole")
        raise
    except BriefsError as error:  # no fault of one article: the build went no further
        failures.append(str(error))
        quiet = True
    for failure in failures:
        _say(f"error: {failure}")
    if not quiet:
        _conclude(built, len(failures), out, others)
    if failures:
        raise typer.Exit(1)


def _message(error: BriefsError, *, about: str) -> str:
    """Return the message of an error with the name of the article that it is about."""
    from briefs.errors import SeedError

    return str(error) if isinstance(error, SeedError) else f"{about}: {error}"


def _conclude(built: int, failed: int, out: Path, others: list[Path]) -> None:
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        _say(f"not read: {others[0]}{more}; names of articles end in .txt")
    if built:
        noun = "brief" if built == 1 else "briefs"
        _say(f"{built} {noun}" + (f", {failed} failed" if failed else "") + f": open {out / 'index.html'}")


@app.command()
def inspect(
    file: Article,
    format: Annotated[InspectFormat, typer.Option("--format", "-f", help="What to print.")] = InspectFormat.text,  # noqa: A002
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    threads: Threads = None,
) -> None:
    """Show how an article was read.

    What was taken for furniture (byline, tags, credits) and not for the story; then, sentence by sentence, the model's
    names, attributions and sentence roles, each with its probability and its place in the text.

    As JSON: the article, whose text is what the spans of a brief point into, and the tags.

    For example:

      briefs inspect article.txt

      briefs inspect article.txt --format json
    """
    from briefs.inspection import describe, to_json
    from briefs.site import read_seed
    from briefs.tagger import load_tagger

    options = _options(None, language, max_bytes, threads)
    article = read_seed(_named(file), options)
    tags = load_tagger(options.threads).tag(article)
    _print(to_json(article, tags) if format is InspectFormat.json else describe(article, tags))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a brief.

    It says what each field of `brief.json` and of `briefs show --format json` means.
    """
    import json

    from briefs.schema import Brief

    _print(json.dumps(Brief.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n")


def _options(
    templates: Path | None, language: Language, max_bytes: int, threads: int | None, *, title: str = "Briefs"
) -> Options:
    from briefs.site import Options

    return Options(
        templates=templates,
        language=language.value,
        max_bytes=max_bytes,
        threads=threads or min(_cores(), MOST_THREADS),
        title=title,
    )


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _named(file: str) -> str:
    """Return the name of a file; say what is awaited where it is a terminal."""
    if file == "-" and sys.stdin is not None and sys.stdin.isatty():
        _say("reading an article from the terminal; Ctrl-D ends it")
    return file


def _print(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale."""
    if sys.stdout is None:
        _fail("standard output is closed")
    try:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)  # whoever reads it has enough: no error


def _discard(stream: TextIO) -> None:
    """Let what is left in the buffer go nowhere: it would fail once more as Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _say(text: str) -> None:
    """Write a line to standard error, safe on a terminal: file names may hold anything. Nobody has to read it."""
    line = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    try:
        typer.echo("".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line), err=True)
    except OSError:
        _discard(sys.stderr)


def _fail(error: Exception | str, *, code: int = 1) -> NoReturn:
    _say(f"error: {error}")
    raise typer.Exit(code)


class _Stopped(BaseException):
    """A signal asks the process to end. No KeyboardInterrupt, which libraries catch to do as they please."""


def main() -> None:
    """Run the command line: the only place where errors become messages."""
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # whoever asks twice does not have to wait
        asked.append(number)
        raise _Stopped

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:  # as `nohup` and shells ask of processes in the background
            signal.signal(number, stop)
    try:
        _run()
    finally:
        if asked:  # also where a library has made another error of ours, as an import in C does
            sys.exit(128 + asked[0])


def _run() -> None:
    from briefs.errors import BriefsError

    try:
        app()
    except BriefsError as error:
        _say(f"error: {error}")
        sys.exit(1)
    except OSError as error:  # those of files have become BriefsErrors
        _discard(sys.stdout)
        _say(f"error: standard output: cannot be written: {(error.strerror or 'an error').lower()}")
        sys.exit(1)
