"""`briefs serve`: build, show in a browser, and build again whenever something changes."""

from __future__ import annotations

import inspect
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from briefs.cli.arguments import read_options
from briefs.cli.building import ONCE, build
from briefs.cli.reporting import fault_of
from briefs.cli.terminal import fail, say
from briefs.cli.watching import find_watchfiles, watched

if TYPE_CHECKING:
    from briefs.seeds import Options
    from briefs.serving import Server

_PATIENCE = 1.0  # seconds, until it is tried again where another build is writing


class Asked(NamedTuple):
    """What `briefs serve` was asked for, by its options or by a file of settings."""

    seeds: Path
    out: Path
    options: Options
    settings: Path | None
    quiet: bool


def serve(
    ctx: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=0, max=65535, metavar="N", help="Port; if not given, the first from 8000 on that is free."
        ),
    ] = None,
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="Address to listen at.")] = "127.0.0.1",
    **given: Any,  # noqa: ANN401 - of all options
) -> None:
    """Build and show the site on this machine, again on changes.

    When an article, a template or the settings change, OUT is built once more and pages that are open in a browser reload.
    What is wrong with the build stands on top of every page until it is mended. Takes the arguments and options of `briefs
    build`, for a site by itself. Needs watchfiles: pip install 'briefs[serve]'.

    For example:

      briefs serve

      briefs serve articles site --templates mine --port 8080
    """
    from briefs.errors import BuildError
    from briefs.search import find_pagefind
    from briefs.seeds import find_seeds
    from briefs.serving import serving

    asked = _read(given)
    if ctx.obj is not None:  # by a server that runs: its settings have changed
        ctx.obj.append(asked)
        return
    try:
        find_watchfiles()
        if asked.options.search:
            find_pagefind()
        find_seeds(asked.seeds, asked.out)
        with serving(asked.out, host, port) as server:
            if not asked.quiet:
                say(f"serving {asked.out} at {server.address}; Ctrl-C ends it")
            _serve(ctx, asked, server)
    except BuildError as error:
        fail(error, code=2)


# The parameters of a build, each defined there, and those of this command.
_own = inspect.signature(serve, eval_str=True).parameters
_of_build = inspect.signature(build, eval_str=True).parameters
serve.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
    [_own["ctx"], *(each for each in _of_build.values() if each.name not in ONCE), _own["port"], _own["host"]]
)


def _read(given: dict[str, Any]) -> Asked:
    """Return what was asked for. Raises typer.BadParameter where that is not understood."""
    from briefs.rendering import PLAIN

    if given["target"] != PLAIN:
        problem = f"{given['target']!r} is what a generator serves; expected {PLAIN}"
        raise typer.BadParameter(problem, param_hint="'--target'")
    options = read_options(**{name: given[name] for name in inspect.signature(read_options).parameters})
    return Asked(given["seeds"], given["out"], options, given["config"], given["quiet"])


def _serve(ctx: typer.Context, asked: Asked, server: Server) -> None:
    """Build and watch, until a signal ends it."""
    from briefs.folder import BusyError

    wrong: list[str] = []  # with the settings
    waiting = False  # for another build
    while True:
        now = asked
        with watched(now.seeds, now.options.templates, now.settings, now.out) as changed:
            while now == asked:
                try:
                    built, errors = (0, wrong) if wrong else _build(asked)
                except BusyError as busy:
                    if not waiting:
                        say(f"waiting: {busy}")
                    waiting = True
                else:
                    waiting = False
                    server.built(asked.out, errors)
                    for error in errors:
                        say(f"error: {error}")
                    if built and not asked.quiet:
                        say(f"built {built} {'brief' if built == 1 else 'briefs'}")
                changed.wait(_PATIENCE if waiting else None)
                changed.clear()
                asked, wrong = _read_again(ctx, asked)


def _read_again(ctx: typer.Context, before: Asked) -> tuple[Asked, list[str]]:
    """Return what is asked for now that the settings may have changed; what was before, and errors, if that fails."""
    from briefs.errors import BriefsError

    again: list[Asked] = []
    try:
        with ctx.command.make_context(ctx.info_name, sys.argv[2:], parent=ctx.parent, obj=again) as fresh:
            ctx.command.invoke(fresh)
    except BriefsError as error:
        return before, [str(error)]
    except typer.BadParameter as error:
        return before, [error.format_message()]
    return again[0], []


def _build(asked: Asked) -> tuple[int, list[str]]:
    """Build; return how many briefs were, and what is wrong. Raises BusyError where another build is writing there."""
    from briefs.errors import BriefsError
    from briefs.folder import BusyError
    from briefs.inputs import survey
    from briefs.seeds import find_seeds
    from briefs.site import build as build_site

    errors: list[str] = []
    built: set[tuple[int, str]] = set()
    try:
        surveyed = survey(find_seeds(asked.seeds, asked.out)[0], asked.options)
        with closing(build_site(surveyed, asked.out, asked.options)) as results:
            for result in results:
                if result.error is not None:
                    errors.append(fault_of(result.error, about=result.seed.path).text)
                    built.discard((result.number, result.slug))
                else:
                    built.add((result.number, result.slug))
    except BusyError:
        raise
    except BriefsError as error:  # no fault of one article: the build went no further
        return 0, [*errors, str(error)]
    return len(built), errors
