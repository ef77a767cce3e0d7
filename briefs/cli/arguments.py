"""Arguments and options that several commands have, and what they amount to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
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
        help="Processes that parse articles and fill in pages; if not given, one a core, at most 16. The output is the same"
        " with any.",
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


def read_options(  # noqa: PLR0917
    templates: Path | None,
    target: str,
    title: str,
    base_url: str | None,
    language: Language,
    max_bytes: int,
    mapped: list[str] | None,
    threads: int | None,
    jobs: int | None,
    evidence: EvidenceShown,
    cache: Path,
    *,
    search: bool,
    force: bool,
    no_cache: bool,
    strict: bool,
) -> Options:
    """Return what a build was asked for. Raises typer.BadParameter where that is not understood."""
    from briefs.rendering import PLAIN

    options = make_options(templates, language, max_bytes, threads, mapped, jobs=jobs)
    options = replace(
        options,
        title=title,
        url=_address(base_url),
        made=_now() or options.made,
        target=_known(target, templates),
        search=search,
        force=force,
        cache=None if no_cache else cache,
        strict=strict,
        evidence=evidence.value,
    )
    for option, asked in (("--search", search), ("--evidence", evidence is EvidenceShown.full)):
        if asked and target != PLAIN:
            raise typer.BadParameter(f"is for a site by itself, not for {target}", param_hint=f"'{option}'")
    return options


def _address(url: str | None) -> str | None:
    """Return the address of a site with a slash at its end. Raises typer.BadParameter where it is none."""
    from briefs.escape import safe_url

    if url is None:
        return None
    address = safe_url(url)
    if address is None or "?" in address or "#" in address:
        raise typer.BadParameter(f"{url!r} is no address of a folder on the web", param_hint="'--base-url'")
    return address.rstrip("/") + "/"


def _known(target: str, templates: Path | None) -> str:
    """Return the name of a target. Raises typer.BadParameter where it is none."""
    from briefs.rendering import find_targets

    known = find_targets(templates)
    if target not in known:
        raise typer.BadParameter(f"{target!r} is none of {', '.join(known)}", param_hint="'--target'")
    return target


def _now() -> str | None:
    """Return the time that SOURCE_DATE_EPOCH says it is, the only clock of a build; see reproducible-builds.org."""
    said = os.environ.get("SOURCE_DATE_EPOCH")
    if not said:
        return None
    try:
        return f"{datetime.fromtimestamp(int(said), UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError) as error:
        raise typer.BadParameter(f"SOURCE_DATE_EPOCH is {said!r}; expected seconds since 1970") from error
