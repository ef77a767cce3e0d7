"""URLs in, seeds out: the one way into fetching."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from briefs.errors import BuildError
from briefs.fetching.records import Fault, Fetched, FetchError, FetchOptions, Page
from briefs.fetching.saving import save_page


def fetch(urls: Iterable[str], into: Path, *, options: FetchOptions) -> Iterator[Fetched]:
    """Save the page of each URL below `into`, with its headers in a file beside it, and yield what became of it.

    One after another, as they are asked for; a URL that fails does not stop the others. The same answer of a server gives
    the same bytes, and a page that is fetched again takes the place of what was fetched before.

    Raises BuildError where httpx or protego is not installed, and where `into` cannot be written.
    """
    try:
        from briefs.fetching.session import Session  # noqa: PLC0415 (needs the extra)
    except ModuleNotFoundError as error:
        missing = "protego" if error.name == "protego" else "httpx"
        raise BuildError(f"briefs fetch needs {missing}; expected: pip install 'briefs[fetch]'") from error
    if into.exists() and not into.is_dir():
        raise BuildError(f"{into}: not a folder; expected one to write pages to")
    return _fetch(urls, into, Session(options).get_page)


def _fetch(urls: Iterable[str], into: Path, get_page: Callable[[str], Page]) -> Iterator[Fetched]:
    for url in urls:
        try:
            page = get_page(url)
        except Fault as fault:
            yield Fetched(url=url, path=None, error=FetchError(url, found=fault.found, expected=fault.expected))
        else:
            yield Fetched(url=url, path=save_page(page, into), error=None)
