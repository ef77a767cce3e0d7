"""Arguments and options that several commands have, and what they amount to."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from briefs.seeds import Options


class Format(StrEnum):
    """What `show` prints."""

    md = "md"
    html = "html"
    summary = "summary"
    json = "json"


class InspectFormat(StrEnum):
    """What `inspect` and `config` print."""

    text = "text"
    json = "json"


class OutputFormat(StrEnum):
    """How `build` and `check` say what is wrong."""

    text = "text"
    json = "json"
    github = "github"


class EvidenceShown(StrEnum):
    """What a site shows of the articles themselves."""

    link = "link"
    excerpt = "excerpt"
    full = "full"


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
    typer.Option(
        "--max-bytes", min=1, max=100_000_000, metavar="N", help="Refuse files, and records, of more bytes than this."
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        min=1,
        max=64,
        metavar="N",
        help="Threads of the model; if not given, one a core, at most 4, or one in each of several processes. The output is"
        " the same with any.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        min=1,
        max=256,
        metavar="N",
        help="Processes that parse articles; if not given, one a core, at most 16. The output is the same with any.",
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=NAME",
        help="The name under which records have a field, where it is not obvious: headline=kop. May be repeated.",
    ),
]
OutputFormatOption = Annotated[
    OutputFormat,
    typer.Option(
        "--output-format",
        help="How to say what is wrong: in lines on standard error (text), or on standard output as one document (json) or as"
        " commands that show it beside the files in a workflow on GitHub (github).",
    ),
]
Item = Annotated[
    int | None,
    typer.Option("--item", min=1, metavar="N", help="Of a file with several articles, the one of this number only."),
]
Article = Annotated[
    str,
    typer.Argument(metavar="FILE", help="Article as text, Markdown, a web page, a feed or JSON; - is standard input."),
]


def make_options(
    templates: Path | None,
    language: Language,
    max_bytes: int,
    threads: int | None,
    mapped: Sequence[str] | None,
    *,
    jobs: int | None = 1,
) -> Options:
    """Return what a command was asked for. Raises typer.BadParameter where a `--map` is not understood."""
    from briefs.cores import MOST_JOBS, MOST_THREADS, count_cores
    from briefs.seeds import Options

    cores = count_cores()
    jobs = jobs or max(1, min(cores // (threads or 1), MOST_JOBS))
    return Options(
        templates=templates,
        language=language.value,
        max_bytes=max_bytes,
        threads=threads or (1 if jobs > 1 else min(cores, MOST_THREADS)),
        jobs=jobs,
        names=_read_names(mapped or ()),
    )


def _read_names(mapped: Sequence[str]) -> dict[str, str]:
    if not mapped:
        return {}
    from briefs.readers.fields import NAMES

    names = {}
    for pair in mapped:
        field, _, name = pair.partition("=")
        if field not in NAMES or not name:
            known = ", ".join(NAMES)
            raise typer.BadParameter(f"{pair!r} is not FIELD=NAME with one of the fields {known}", param_hint="'--map'")
        names[field] = name
    return names
