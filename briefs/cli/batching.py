"""`briefs batch`: from any number of articles to tables."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from briefs.cli.arguments import Language, LanguageOption, Map, MaxBytes, make_options
from briefs.cli.progress import Progress
from briefs.cli.terminal import Stopped, fail, say
from briefs.limits import DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from briefs.batch import Asked, Ended
    from briefs.slices import Slice

_MINUTE = 60
_BAR = 20  # characters
_NAMES = {
    "parsed": "parsed",
    "failed": "failed",
    "repeated": "repeated",
    "known": "known before",
    "folded": "folded",
    "left_out": "left out of the sample",
}


class EngineName(StrEnum):
    """Where workers run."""

    local = "local"
    ray = "ray"


def batch(  # noqa: PLR0917
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Files, folders, patterns or addresses (s3://, gs://, https://, hf://) of WARC, Parquet, JSON Lines or seeds.",
        ),
    ],
    into: Annotated[
        Path,
        typer.Option("--into", metavar="DIR", file_okay=False, help="Folder of the tables, made where it is missing."),
    ],
    engine: Annotated[
        EngineName,
        typer.Option("--engine", help="Where workers run: on this machine (local), or on a cluster of Ray (ray)."),
    ] = EngineName.local,
    address: Annotated[
        str | None,
        typer.Option(
            "--address", metavar="HOST:PORT", help="Address of the cluster; if not given, one is made on this machine."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, max=100_000, metavar="N", help="Processes that parse; if not given, one a core."
        ),
    ] = None,
    articles: Annotated[
        int,
        typer.Option(
            "--batch", min=1, max=100_000, metavar="N", help="About how many articles a worker takes at once."
        ),
    ] = 100,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Take only so many records, the first ones.")
    ] = None,
    sample: Annotated[
        float,
        typer.Option(
            "--sample", min=0, max=1, metavar="SHARE", help="Take only such a share of the records, the same each time."
        ),
    ] = 1,
    language: LanguageOption = Language.en,
    max_bytes: MaxBytes = DEFAULT_MAX_BYTES,
    mapped: Map = None,
    resume: Annotated[  # noqa: FBT002
        bool, typer.Option("--resume", help="Go on with the output in DIR: what is in it is not parsed again.")
    ] = False,
    dedupe: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--dedupe", help="Find syndicated copies first, and parse only the earliest of each; the others are listed."
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what is wrong.")] = False,  # noqa: FBT002
) -> None:
    """Parse any number of articles into tables.

    DIR/briefs, DIR/claims and DIR/actors are folders of Parquet files: a row for each record, whether it could be parsed or
    not, for each claim and for each actor in a brief; DIR/copies lists what --dedupe folded. A record that fails is a row with
    its error and does not stop the others; the exit code is 0 then. Needs Daft: pip install 'briefs[batch]'; for --engine ray
    'briefs[ray]'.

    For example:

      briefs batch "news/*.warc.gz" --into tables

      briefs batch archive.parquet wire.jsonl --into tables --resume
    """
    from briefs.engine import start_engine
    from briefs.errors import BuildError
    from briefs.reading import Reading

    if address and engine is not EngineName.ray:
        raise typer.BadParameter("is for --engine ray", param_hint="'--address'")
    options = make_options(None, language, max_bytes, None, mapped)
    try:
        cores = start_engine(engine.value, address)
        from briefs.batch import Asked, plan, take_folder

        reading = Reading(options.language, options.max_bytes, dict(options.names))
        asked = Asked(inputs, into, workers or cores, articles, limit, sample, resume, dedupe, reading=reading)
        slices = plan(asked)
        take_folder(asked)
    except BuildError as error:
        fail(error, code=2)
    ended = _run(asked, slices, Progress(quiet=quiet, verbose=False), quiet=quiet)
    if not quiet:
        _conclude(ended, into)


def _run(asked: Asked, slices: Sequence[Slice], progress: Progress, *, quiet: bool) -> Ended:
    from briefs.batch import run

    done: Counter[str] = Counter()
    begun = told = time.monotonic()
    steps = run(asked, slices)
    try:
        with progress, closing(steps):
            while True:
                found, share = next(steps)
                done.update(found)
                now = time.monotonic()
                rate = (done["parsed"] + done["failed"]) / max(now - begun, 1e-9) * _MINUTE
                line = f"{share:4.0%} {_shown(done)}, {rate:,.0f} a minute"
                if progress.in_place:
                    bar = "#" * round(share * _BAR)
                    progress.step(f"[{bar:.<{_BAR}}] {line}" + ("; making the tables" if share >= 1 else ""), "")
                elif now - told >= _MINUTE and not quiet:
                    told = now
                    say(line.strip())
    except StopIteration as stop:
        ended: Ended = stop.value
        return ended
    except Stopped:
        say(f"stopped; with --resume, another run goes on after {_shown(done)}")
        raise


def _shown(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[name]:,} {shown}" for name, shown in _NAMES.items() if counts[name]) or "0 parsed"


def _conclude(ended: Ended, into: Path) -> None:
    counts = ended.counts + Counter({"repeated": ended.repeated})
    read = sum(counts[name] for name in _NAMES)
    passed = counts["passed_over"]
    more = f"; {passed:,} of other kinds passed over" if passed else ""
    say(f"{read:,} {'record' if read == 1 else 'records'}: {_shown(counts)}{more}: tables in {into}")
