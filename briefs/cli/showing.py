"""`briefs show`, `briefs inspect` and `briefs schema`: what goes to standard output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from briefs.cli.arguments import (
    Article,
    Format,
    InspectFormat,
    Item,
    Language,
    LanguageOption,
    Map,
    MaxBytes,
    Templates,
    Threads,
    make_options,
)
from briefs.cli.settings import ConfigFile
from briefs.cli.terminal import await_input, fail, print_text, say
from briefs.limits import DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from briefs.schema import Article as ArticleRecord
    from briefs.seeds import Options

_BETWEEN = {Format.md: "\n---\n\n", Format.summary: "\n", Format.html: "", Format.json: ""}


def show(  # noqa: PLR0917
    file: Article,
    format: Annotated[Format, typer.Option("--format", "-f", help="What to print.")] = Format.md,  # noqa: A002
    item: Item = None,
    templates: Templates = None,
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    mapped: Map = None,
    threads: Threads = None,
    config: ConfigFile = None,
) -> None:
    """Print the brief of an article.

    As Markdown, as a web page that stands alone, as a summary of one paragraph, or as JSON (see `briefs schema`). Of a feed
    or a file of records, the briefs of all its articles, one after the other, as JSON one a line.

    For example:

      briefs show article.txt

      briefs show article.txt --format html > brief.html

      briefs show feed.xml --item 3

      cat article.txt | briefs show - --format summary
    """
    from briefs.tagger import load_ahead

    options = make_options(templates, language, max_bytes, threads, mapped)
    load_ahead(options.threads)
    from briefs.parsing import parse
    from briefs.rendering import render

    shown = 0
    for article, several in _chosen(file, item, options):
        if several and format is Format.html:
            fail(f"{file}: several articles; expected one for a page: --item N chooses", code=2)
        brief = parse(article, threads=options.threads)
        if several and format is Format.json:
            print_text(brief.model_dump_json() + "\n")
            continue
        print_text((_BETWEEN[format] if shown else "") + render(brief, format.value, templates=templates))
        shown += 1


def _chosen(file: str, item: int | None, options: Options) -> Iterator[tuple[ArticleRecord, bool]]:
    """Yield the articles of a file, or that of a number, and whether several are asked for; then raise what went wrong."""
    from briefs.errors import SeedError
    from briefs.seeds import open_seed

    failures: list[SeedError] = []
    with open_seed(await_input(file), options) as (several, each):
        number = 0
        for number, read in enumerate(each, 1):
            if item not in {None, number}:
                continue
            if isinstance(read, SeedError):
                failures.append(read)
            else:
                yield read, several and item is None
            if item == number:
                break
        if item is not None and item > number:
            raise SeedError(file, 1, 1, found=f"{number} article{'s' * (number != 1)}", expected=f"{item} or more")
    for failure in failures[:-1]:
        say(f"error: {failure}")
    if failures:
        raise failures[-1]


def inspect(  # noqa: PLR0917
    file: Article,
    format: Annotated[InspectFormat, typer.Option("--format", "-f", help="What to print.")] = InspectFormat.text,  # noqa: A002
    item: Item = None,
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    mapped: Map = None,
    threads: Threads = None,
    config: ConfigFile = None,
) -> None:
    """Show how an article was read.

    What was taken for furniture (byline, tags, credits) and not for the story; then, sentence by sentence, the model's
    names, attributions and sentence roles, each with its probability and its place in the text.

    As JSON: the article, whose text is what the spans of a brief point into, and the tags.

    For example:

      briefs inspect article.txt

      briefs inspect article.txt --format json
    """
    from briefs.tagger import load_ahead, load_tagger

    options = make_options(None, language, max_bytes, threads, mapped)
    load_ahead(options.threads)
    from briefs.inspection import describe, to_json

    for article, _ in _chosen(file, item, options):
        tags = load_tagger(options.threads).tag(article)
        print_text(to_json(article, tags) if format is InspectFormat.json else describe(article, tags))


def schema() -> None:
    """Print the JSON Schema of a brief.

    It says what each field of `brief.json` and of `briefs show --format json` means.
    """
    import json

    from briefs.schema import Brief

    print_text(json.dumps(Brief.model_json_schema(mode="serialization"), indent=2, ensure_ascii=False) + "\n")
