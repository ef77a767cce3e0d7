"""`briefs build`: from a folder of articles to a folder of web pages."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefs.cli.arguments import (
    EvidenceShown,
    Jobs,
    Language,
    LanguageOption,
    Map,
    MaxBytes,
    OutputFormat,
    OutputFormatOption,
    Templates,
    Threads,
    make_options,
)
from briefs.cli.progress import Progress
from briefs.cli.reporting import Fault, fault_of, print_document, report
from briefs.cli.settings import ConfigFile
from briefs.cli.terminal import Stopped, say
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.names import as_utf8

if TYPE_CHECKING:
    from briefs.inputs import Survey
    from briefs.seeds import Options


def build(  # noqa: PLR0917
    seeds: Annotated[
        Path,
        typer.Argument(
            metavar="SEEDS", help="Folder of articles: all files in it and below that may be one. Or one file."
        ),
    ] = Path("seeds"),
    out: Annotated[
        Path, typer.Argument(metavar="OUT", file_okay=False, help="Folder to write to, made where it is missing.")
    ] = Path("out"),
    templates: Templates = None,
    target: Annotated[
        str,
        typer.Option(
            "--target",
            metavar="NAME",
            help="What OUT is: a site by itself (plain), or the folder of a site that astro, eleventy, hugo, jekyll, mkdocs,"
            " pelican, sphinx or zensical makes, which gets a page of Markdown for each brief.",
        ),
    ] = "plain",
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help="Title of the site and of its feeds.")
    ] = "Briefs",
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url",
            metavar="URL",
            help="Address at which OUT will be published. With it, feeds and sitemaps are written and pages name their own"
            " address.",
        ),
    ] = None,
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    mapped: Map = None,
    threads: Threads = None,
    jobs: Jobs = None,
    evidence: Annotated[
        EvidenceShown,
        typer.Option(
            "--evidence",
            help="What the site shows of an article, for readers to check: nothing but links to its address (link); where it"
            " has none, the sentences that stand in the brief (excerpt); or all of its text (full).",
        ),
    ] = EvidenceShown.excerpt,
    search: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--search/--no-search",
            help="Also write search.html, which finds briefs by their words. Needs pagefind: pip install 'briefs[search]'.",
        ),
    ] = False,
    cache: Annotated[
        Path,
        typer.Option(
            "--cache",
            metavar="DIR",
            file_okay=False,
            help="Folder in which parsed articles are kept for the next build. It may be deleted.",
        ),
    ] = Path(".briefs-cache"),
    no_cache: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--no-cache/--use-cache", envvar="BRIEFS_NO_CACHE", help="Parse all articles, and keep nothing."),
    ] = False,
    force: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--force/--no-force", help="Overwrite files in OUT that somebody else put there or changed."),
    ] = False,
    strict: Annotated[  # noqa: FBT002
        bool, typer.Option("--strict/--no-strict", help="Write nothing at all where an article fails.")
    ] = False,
    quiet: Annotated[  # noqa: FBT002
        bool, typer.Option("--quiet/--no-quiet", "-q", help="Print only what is wrong.")
    ] = False,
    verbose: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--verbose/--no-verbose",
            "-v",
            help="Print a line for each brief on a terminal, too, in place of one that changes.",
        ),
    ] = False,
    output_format: OutputFormatOption = OutputFormat.text,
    config: ConfigFile = None,
) -> None:
    """Write a folder of web pages from a folder of articles.

    For an article NAME.txt: OUT/NAME/index.html, brief.md, summary.txt and brief.json; for a feed or a file of records
    such a folder for each article. Then OUT/index.html, which lists them, a page for each actor, tag and section, and with
    --base-url feed.xml (Atom), feed.json (JSON Feed), sitemap.xml and news-sitemap.xml. A file that would not change is not
    touched.

    Articles may be text (.txt), Markdown (.md), web pages (.html), RSS and Atom (.xml), JSON Feed, ninjs or records
    (.json), or a record a line (.jsonl), mixed in one folder.

    An article that cannot be read does not stop the others: it is named at the end, and the exit code is 1. With --strict,
    nothing is written then.

    For example:

      briefs build

      briefs build articles site --title "Morning briefs" --base-url https://example.com/briefs/
    """
    from briefs.errors import BuildError
    from briefs.inputs import survey
    from briefs.rendering import PLAIN
    from briefs.search import find_pagefind
    from briefs.seeds import find_seeds
    from briefs.site import count_current

    options = read_options(
        templates,
        target,
        title,
        base_url,
        language,
        max_bytes,
        mapped,
        threads,
        jobs,
        evidence,
        cache,
        search=search,
        force=force,
        no_cache=no_cache,
        strict=strict,
    )
    try:
        if search:
            find_pagefind()
        found, others = find_seeds(seeds, out)
    except BuildError as error:
        _report([fault_of(error)], output_format, 0, None)
        raise typer.Exit(2) from error
    where = f"open {out / 'index.html'}" if target == PLAIN else f"pages for {target} in {out}"
    surveyed = survey(found, options)
    current = count_current(surveyed, out, options)
    if current is not None:
        _report([], output_format, current, out)
        if not quiet:
            _conclude(current, 0, where, others, done="up to date")
        return
    built, failures, ended = _run(surveyed, out, options, Progress(quiet=quiet, verbose=verbose))
    refused = ended and strict and bool(failures)
    if refused:
        built = 0
    _report(failures, output_format, built, out if built else None)
    if refused:
        say("error: nothing was written, as --strict asks")
    if not quiet:
        _conclude(built, len(failures), where, others if ended else [])
    if failures:
        raise typer.Exit(1)


def _run(surveyed: Survey, out: Path, options: Options, progress: Progress) -> tuple[int, list[Fault], bool]:
    """Build; return how many briefs were built, what is wrong, and whether it went to its end."""
    from briefs.errors import BriefsError
    from briefs.rendering import PLAIN
    from briefs.site import build as build_site

    failures: list[Fault] = []
    built: set[tuple[int, str]] = set()
    number, count = 0, len(surveyed.seeds)
    try:
        with progress, closing(build_site(surveyed, out, options)) as results:
            for result in results:
                number = result.number
                if result.error is not None:
                    failures.append(fault_of(result.error, about=result.seed.path))
                    built.discard((number, result.slug))
                    continue
                built.add((number, result.slug))
                made = out / result.slug if options.target == PLAIN else result.slug
                progress.step(f"[{number}/{count}] {result.seed.path}", f" -> {made}")
    except Stopped:
        left = "nothing was written" if number < count else "the files that were written are whole"
        say(f"stopped after {number} of {count} files; {left}")
        raise
    except BriefsError as error:  # no fault of one article: the build went no further
        return 0, [*failures, fault_of(error)], False
    return len(built), failures, True


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


def _report(faults: list[Fault], form: OutputFormat, briefs: int, out: Path | None) -> None:
    """Say all that is wrong, and to programs what was built."""
    for fault in faults:
        report(fault, form)
    print_document(faults, form, briefs=briefs, out=None if out is None else as_utf8(str(out)))


def _conclude(built: int, failed: int, where: str, others: list[Path], *, done: str = "") -> None:
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        say(f"not read: {others[0]}{more}; their names do not end as those of articles do")
    if built:
        noun = "brief" if built == 1 else "briefs"
        state = f", {failed} failed" if failed else f", {done}" if done else ""
        say(f"{built} {noun}{state}: {where}")
