"""From a URL to a page: redirects, robots.txt, politeness, and what is refused."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from http.client import responses

import httpx

from briefs.errors import BuildError
from briefs.fetching.body import suffix_for, take, unpack
from briefs.fetching.network import Answer, Deadline, ask
from briefs.fetching.records import Fault, FetchOptions, NoWay, OutOfTime, Page, shorten
from briefs.fetching.robots import MOST, Robots
from briefs.fetching.urls import name_of, next_url, origin_of, parse_url

_OK = 200
_REDIRECTS = (301, 302, 303, 307, 308)
_KEPT = ("content-language", "content-type", "etag", "last-modified", "link")  # headers


class Session:
    """A run of fetches, one after another: it knows the robots.txt of each origin, and when each host was last asked."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
        self._robots: dict[str, Robots | Fault] = {}  # by origin
        self._delays: dict[str, float] = {}  # by host, in seconds: what its robots.txt asks for
        self._ends: dict[str, float] = {}  # by host: when the last request to it ended

    def get_page(self, url: str) -> Page:
        """Return the page of a URL. Raises Fault where there is none, or none to keep, and where asking is not allowed."""
        first = parse_url(url)
        deadline = Deadline(self._options.timeout)
        with self._follow(first, deadline, before=self._heed_robots) as (last, answer):
            if answer.status != _OK:
                raise _wrong_status(answer.status)
            content_type = answer.header("content-type")
            return Page(
                url=url,
                final_url=str(last),
                name=name_of(first),
                suffix=suffix_for(content_type),
                status=answer.status,
                content_type=content_type,
                headers={name: answer.headers[name] for name in _KEPT if name in answer.headers},
                body=self._read(answer),
            )

    def _read(self, answer: Answer) -> bytes:
        """Return the body of a page, unpacked. Raises Fault where it is too large or empty."""
        most = self._options.max_bytes
        too_large = Fault(f"a body of more than {most:,} bytes", expected=f"at most {most:,}")
        if int(answer.header("content-length") or 0) > most:
            raise too_large
        body = take(unpack(answer.chunks, answer.headers.get("content-encoding", "")), most=most)
        if len(body) > most:
            raise too_large
        if not body:
            raise Fault("an empty body", expected="a page, a feed or text")
        return body

    @contextmanager
    def _follow(
        self, url: httpx.URL, deadline: Deadline, *, before: Callable[[httpx.URL, Deadline], None] | None = None
    ) -> Iterator[tuple[httpx.URL, Answer]]:
        """Give the answer to which the redirects of a URL lead, and where that is. `before` may refuse each of them."""
        hops = [url]
        try:
            while True:
                if before is not None:
                    before(hops[-1], deadline)
                with self._ask(hops[-1], deadline) as answer:
                    if answer.status not in _REDIRECTS:
                        yield hops[-1], answer
                        return
                    location = answer.header("location")
                hops.append(next_url(hops, location, redirects=self._options.redirects))
        except OutOfTime:
            raise
        except Fault as fault:
            if len(hops) == 1:
                raise
            raise Fault(f"redirected to {shorten(hops[-1])}: {fault.found}", expected=fault.expected) from fault

    @contextmanager
    def _ask(self, url: httpx.URL, deadline: Deadline) -> Iterator[Answer]:
        """Give what a server answers, after a while where it was asked before."""
        since = time.monotonic() - self._ends.get(url.host, float("-inf"))
        wait = max(self._options.delay, self._delays.get(url.host, 0.0)) - since
        if wait > 0:
            deadline.pause(wait)
        try:
            with ask(
                url,
                deadline,
                trust=self._trust if url.scheme == "https" else None,
                allow_private=self._options.allow_private,
            ) as answer:
                yield answer
        finally:
            self._ends[url.host] = time.monotonic()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Whom to trust: those that browsers do, or those in SSL_CERT_FILE or SSL_CERT_DIR."""
        try:
            return httpx.create_ssl_context()
        except OSError as error:
            reason = (error.strerror or "an error").lower()
            raise BuildError(f"certificates of authorities cannot be read: {reason}; see SSL_CERT_FILE") from error

    def _heed_robots(self, url: httpx.URL, deadline: Deadline) -> None:
        """Raise Fault where robots.txt does not allow a URL, or where it cannot be read, which allows nothing."""
        origin = origin_of(url)
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(url.join("/robots.txt"), deadline)
        robots = self._robots[origin]
        if isinstance(robots, Fault):
            raise Fault(robots.found, expected=robots.expected) from robots
        self._delays[url.host] = max(robots.delay, self._delays.get(url.host, 0.0))
        if not robots.allow(str(url)):
            raise Fault("an address that robots.txt forbids", expected="one that robots may ask for")

    def _read_robots(self, url: httpx.URL, deadline: Deadline) -> Robots | Fault:
        """Return the rules of a robots.txt, or why there are none. Raises OutOfTime: then nothing is known of them."""
        try:
            with self._follow(url, deadline) as (_, answer):
                if 400 <= answer.status < 500:
                    return Robots()
                if not 200 <= answer.status < 300:
                    raise _wrong_status(answer.status)
                return Robots(take(unpack(answer.chunks, answer.headers.get("content-encoding", "")), most=MOST))
        except OutOfTime:
            raise
        except NoWay as fault:
            return fault  # of the host, not of its robots.txt
        except Fault as fault:
            return Fault(f"a robots.txt that cannot be read: {fault.found}", expected=fault.expected)


def _wrong_status(status: int) -> Fault:
    return Fault(f"status {status} {responses.get(status, '')}".rstrip(), expected="200 OK")
