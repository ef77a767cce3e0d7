"""`briefs build`: from a folder of articles to a folder of web pages."""

from __future__ import annotations

from contextlib import closing
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
    read_options,
)
from briefs.cli.changes import Changes
from briefs.cli.progress import Progress
from briefs.cli.reporting import Fault, fault_of, print_document, report
from briefs.cli.settings import ConfigFile
from briefs.cli.terminal import Stopped, say
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.names import as_utf8

if TYPE_CHECKING:
    from briefs.inputs import Survey
    from briefs.seeds import Options

# Parameters that are for one call only: no file of settings has them, and no other command that takes those of a build.
ONCE = frozenset({"check", "diff"})


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
    check: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--check",
            help="Write nothing; list what would change: + a new file, ~ another content, - a file that goes. If there is"
            " any, the exit code is 1.",
        ),
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="As --check, and show the lines that would change.")] = False,  # noqa: FBT002
    quiet: Annotated[  # noqa: FBT002
        bool, typer.Option("--quiet/--no-quiet", "-q", help="Print only what is wrong.")
    ] = False,
    verbose: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--verbose/--no-verbose",
            "-v",
            help="Print a line for each brief, also for those that an earlier build parsed, and on a terminal, too.",
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

    An article that cannot be read does not stop the others: it is named at the end, its last good brief stays, and the exit
    code is 1. With --strict, nothing is written then.

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
        _report([fault_of(error)], output_format, 0, None, None)
        raise typer.Exit(2) from error
    where = f"open {out / 'index.html'}" if target == PLAIN else f"pages for {target} in {out}"
    surveyed = survey(found, options)
    changes = Changes(out, output_format, differ=diff) if check or diff else None
    current = count_current(surveyed, out, options)
    if current is not None:
        _report([], output_format, current, out, changes)
        if not quiet:
            _conclude(current, 0, where, others, done="up to date")
        return
    built, failures, ended = _run(surveyed, out, options, Progress(quiet=quiet, verbose=verbose), changes)
    refused = ended and strict and bool(failures)
    if refused:
        built = 0
    _report(failures, output_format, built, out if built else None, changes)
    if changes is not None:
        if not quiet:
            count = len(changes.found)
            say(f"{count or 'no'} {'file' if count == 1 else 'files'} would change in {out}")
        raise typer.Exit(1 if failures or changes.found else 0)
    if refused:
        say("error: nothing was written, as --strict asks")
    if not quiet:
        _conclude(built, len(failures), where, others if ended else [])
    if failures:
        raise typer.Exit(1)


def _run(
    surveyed: Survey, out: Path, options: Options, progress: Progress, changes: Changes | None
) -> tuple[int, list[Fault], bool]:
    """Build; return how many briefs were built, what is wrong, and whether it went to its end."""
    from briefs.errors import BriefsError
    from briefs.rendering import PLAIN
    from briefs.site import build as build_site

    failures: list[Fault] = []
    built: set[tuple[int, str]] = set()
    number, count = 0, len(surveyed.seeds)
    try:
        with progress, closing(build_site(surveyed, out, options, changes.tell if changes else None)) as results:
            for result in results:
                number = result.number
                if result.error is not None:
                    failures.append(fault_of(result.error, about=result.seed.path))
                    built.discard((number, result.slug))
                    continue
                built.add((number, result.slug))
                if result.known and not progress.verbose:
                    continue
                made = out / result.slug if options.target == PLAIN else result.slug
                progress.step(f"[{number}/{count}] {result.seed.path}", "" if changes else f" -> {made}")
    except Stopped:
        left = "nothing was written" if changes or number < count else "the files that were written are whole"
        say(f"stopped after {number} of {count} files; {left}")
        raise
    except BriefsError as error:  # no fault of one article: the build went no further
        return 0, [*failures, fault_of(error)], False
    return len(built), failures, True


def _report(faults: list[Fault], form: OutputFormat, briefs: int, out: Path | None, changes: Changes | None) -> None:
    """Say all that is wrong, and to programs what was built, or would be changed."""
    for fault in faults:
        report(fault, form)
    if changes is None:
        print_document(faults, form, briefs=briefs, out=None if out is None else as_utf8(str(out)))
    else:
        print_document(faults, form, changes=changes.found)


def _conclude(built: int, failed: int, where: str, others: list[Path], *, done: str = "") -> None:
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        say(f"not read: {others[0]}{more}; their names do not end as those of articles do")
    if built:
        noun = "brief" if built == 1 else "briefs"
        state = f", {failed} failed" if failed else f", {done}" if done else ""
        say(f"{built} {noun}{state}: {where}")
