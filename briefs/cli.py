"""The command line: all printing, all exit codes.

Exit codes: 0 fine; 1 something is wrong with an input, a template or an output; 2 the command was not understood;
130 interrupted.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from briefs.site import Options

app = typer.Typer(
    name="briefs",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=(
        "Turn news articles into structured briefs: what happened, who says what and how surely, background, what is next."
        " Every word of a brief is a span of its article. Works offline.\n\n"
        "Start with:  briefs show ARTICLE.txt"
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
    typer.Option("--templates", metavar="DIR", help="Folder of templates; its files win over those that ship with briefs."),
]
LanguageOption = Annotated[
    Language, typer.Option("--language", help="Take English articles only, or any. The tagger knows English.")
]
MaxBytes = Annotated[
    int, typer.Option("--max-bytes", min=1, metavar="N", help="Refuse seeds larger than N bytes.", show_default=True)
]
Threads = Annotated[int, typer.Option("--threads", min=1, metavar="N", help="Threads of the model for one article.")]
Seed = Annotated[str, typer.Argument(metavar="FILE|-", help="Article as a text file, or - for standard input.")]

DEFAULT_MAX_BYTES = 2_000_000


def _version(wanted: bool) -> None:  # noqa: FBT001 (typer calls it so)
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415

        typer.echo(f"briefs {version('briefs')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


@app.command()
def show(
    file: Seed,
    format: Annotated[Format, typer.Option("--format", "-f", help="What to print.")] = Format.md,  # noqa: A002
    templates: Templates = None,
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    threads: Threads = 1,
) -> None:
    """Print the brief of one article.

    Examples:

      briefs show article.txt

      briefs show article.txt --format html > brief.html

      cat article.txt | briefs show - --format summary
    """
    from briefs.parsing import parse  # noqa: PLC0415
    from briefs.rendering import render  # noqa: PLC0415
    from briefs.site import read_seed  # noqa: PLC0415

    article = read_seed(file, _options(templates, language, max_bytes, threads))
    _print(render(parse(article, threads=threads), format.value, templates=templates))


@app.command()
def build(
    seeds: Annotated[Path, typer.Argument(metavar="[SEEDS]", help="Folder of articles, searched all the way down.")] = Path(
        "seeds"
    ),
    out: Annotated[Path, typer.Argument(metavar="[OUT]", help="Folder to write.")] = Path("out"),
    templates: Templates = None,
    title: Annotated[str, typer.Option("--title", help="Title of the list of briefs.")] = "Briefs",
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    threads: Threads = 1,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what is wrong.")] = False,
) -> None:
    """Build a folder of briefs from a folder of articles.

    For each article: OUT/NAME/index.html, brief.md, summary.txt and brief.json; and OUT/index.html, which lists them. An
    article that cannot be read does not stop the others: it is named at the end, and the exit code is 1.
    """
    from briefs.errors import BuildError  # noqa: PLC0415
    from briefs.site import build as build_site  # noqa: PLC0415
    from briefs.site import find_seeds, plan  # noqa: PLC0415

    try:
        found, others = find_seeds(seeds)
    except BuildError as error:
        _fail(error, code=2)
    planned = plan(found)
    failures = []
    done = 0
    options = _options(templates, language, max_bytes, threads, title=title)
    try:
        for result in build_site(planned, out, options):
            done += 1
            if result.error is not None:
                failures.append(result.error)
            elif not quiet:
                typer.echo(f"[{done}/{len(planned)}] {_plain(str(result.path))} → {_plain(str(out / result.slug))}", err=True)
    except KeyboardInterrupt:
        typer.echo(f"stopped after {done} of {len(planned)} seeds; what was written is whole", err=True)
        raise typer.Exit(130) from None
    for path in others:
        typer.echo(f"{_plain(str(path))}: not read; expected a name that ends in .txt", err=True)
    for failure in failures:
        typer.echo(f"error: {_plain(str(failure))}", err=True)
    if not quiet:
        _conclude(done - len(failures), len(failures), out)
    if failures:
        raise typer.Exit(1)


def _conclude(built: int, failed: int, out: Path) -> None:
    noun = "brief" if built == 1 else "briefs"
    typer.echo(f"{built} {noun} in {_plain(str(out))}" + (f", {failed} failed" if failed else ""), err=True)


@app.command()
def inspect(
    file: Seed,
    format: Annotated[InspectFormat, typer.Option("--format", "-f", help="What to print.")] = InspectFormat.text,  # noqa: A002
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    threads: Threads = 1,
) -> None:
    """Show how an article was read: its furniture, and the tagger's names, attributions and sentence roles with scores.

    As JSON, the article (its text is what the spans of a brief point into) and the tags.
    """
    from briefs.inspection import describe, to_json  # noqa: PLC0415
    from briefs.site import read_seed  # noqa: PLC0415
    from briefs.tagger import load_tagger  # noqa: PLC0415

    article = read_seed(file, _options(None, language, max_bytes, threads))
    tags = load_tagger(threads).tag(article)
    _print(to_json(article, tags) if format is InspectFormat.json else describe(article, tags))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a brief."""
    import json  # noqa: PLC0415

    from briefs.schema import Brief  # noqa: PLC0415

    _print(json.dumps(Brief.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n")


def _options(templates: Path | None, language: Language, max_bytes: int, threads: int, *, title: str = "Briefs") -> Options:
    from briefs.site import Options  # noqa: PLC0415

    return Options(templates=templates, language=language.value, max_bytes=max_bytes, threads=threads, title=title)


def _print(text: str) -> None:
    """Write to standard output as UTF-8, whatever the locale."""
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.flush()


def _plain(text: str) -> str:
    """Return a text that is safe on a terminal: file names may hold anything."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _fail(error: Exception, *, code: int = 1) -> NoReturn:
    typer.echo(f"error: {_plain(str(error))}", err=True)
    raise typer.Exit(code)


def main() -> None:
    """Run the command line: the only place where errors become messages."""
    from briefs.errors import BriefsError  # noqa: PLC0415

    try:
        app()
    except BriefsError as error:
        typer.echo(f"error: {_plain(str(error))}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has enough: that is no error, and nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
