"""What a fetch is asked and what comes of it: options, a page, what became of an address, what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from briefs.errors import BriefsError

_LONGEST = 200  # code points of what a server says, where a message repeats it


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """How far a fetch goes; see `briefs fetch --help`.

    `timeout` is in seconds, for a URL with its redirects and robots.txt; only waiting for politeness does not count.
    `max_bytes` is of a page, unpacked. `delay` is the least time between two requests to a host, in seconds.
    `allow_private` also takes hosts that are not on the internet: this machine, its network.
    """

    timeout: float = 20.0
    max_bytes: int = 10_000_000
    redirects: int = 5
    delay: float = 1.0
    allow_private: bool = False


class FetchError(BriefsError):
    """A page cannot be had, or is not one to keep. `url` is as the caller gave it, with any characters in it.

    The message has the form `URL: FOUND; expected EXPECTED`. It repeats what a server says and is not safe on a terminal.

    >>> print(FetchError("https://news.example/dam", found="status 404 Not Found", expected="200 OK"))
    https://news.example/dam: status 404 Not Found; expected 200 OK
    """

    def __init__(self, url: str, *, found: str, expected: str) -> None:
        super().__init__(f"{url}: {found}; expected {expected}")
        self.url = url
        self.found = found
        self.expected = expected

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _fetch_error, (self.url, self.found, self.expected)


def _fetch_error(url: str, found: str, expected: str) -> FetchError:
    return FetchError(url, found=found, expected=expected)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one URL: a file, or an error."""

    url: str
    path: Path | None
    error: FetchError | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its server gave it.

    `url` is what was asked for, `final_url` where redirects led. `name` is what the URL calls the page, and may be
    anything; `suffix` is that of its file. `headers` has those that are kept, names in lower case. `body` is unpacked.
    """

    url: str
    final_url: str
    name: str
    suffix: str
    status: int
    content_type: str
    headers: Mapping[str, str]
    body: bytes


class Fault(Exception):  # noqa: N818 (no error of a caller's: `fetch` makes a FetchError of it, which knows the URL)
    """Why a URL gives no page."""

    def __init__(self, found: str, *, expected: str) -> None:
        super().__init__(found)
        self.found = found
        self.expected = expected


class NoWay(Fault):
    """No connection comes about: whatever was asked for there, it would not be had."""


class OutOfTime(Fault):
    """The time for a URL is over: another time might be longer."""


def shorten(text: object) -> str:
    """Return a text for a message: the first 200 code points of it.

    >>> shorten("text/html"), len(shorten("x" * 1000))
    ('text/html', 201)
    """
    whole = str(text)
    return whole if len(whole) <= _LONGEST else whole[:_LONGEST] + "…"
