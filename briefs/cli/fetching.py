"""`briefs fetch`: pages saved as seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from briefs.cli.terminal import say
from briefs.limits import DEFAULT_MAX_BYTES


def fetch(  # noqa: PLR0917
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of pages or feeds, http or https.")],
    into: Annotated[
        Path,
        typer.Option("--into", metavar="DIR", file_okay=False, help="Folder to save to, made where it is missing."),
    ] = Path("seeds"),
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, max=600, metavar="SECONDS", help="Time for an address, in all.")
    ] = 20,
    max_bytes: Annotated[
        int,
        typer.Option("--max-bytes", min=1, max=100_000_000, metavar="N", help="Refuse pages of more bytes, unpacked."),
    ] = DEFAULT_MAX_BYTES,
    delay: Annotated[
        float, typer.Option("--delay", min=0, max=600, metavar="SECONDS", help="Time between two requests to a host.")
    ] = 1,
    allow_private: Annotated[  # noqa: FBT002
        bool, typer.Option("--allow-private", help="Also fetch from this machine and from private networks.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only what is wrong.")] = False,  # noqa: FBT002
) -> None:
    """Save pages and feeds as seeds.

    So that a build stays offline and repeatable. Beside each page stands what its server said of it, in a file that ends
    in .headers.json. Respects robots.txt. Needs httpx: pip install 'briefs[fetch]'.

    For example:

      briefs fetch https://example.com/news/dam-holds --into seeds

      briefs build seeds out
    """
    from briefs.fetching import FetchOptions
    from briefs.fetching import fetch as fetch_each

    options = FetchOptions(timeout=timeout, max_bytes=max_bytes, delay=delay, allow_private=allow_private)
    failed = 0
    for fetched in fetch_each(urls, into, options=options):
        if fetched.error is not None:
            failed += 1
            say(f"error: {fetched.error}")
        elif not quiet:
            say(f"{fetched.url} -> {fetched.path}")
    if failed:
        raise typer.Exit(1)
