"""Addresses of pages: which are taken, where a redirect leads, what a page is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import httpx

from briefs.fetching.records import Fault, shorten

_SCHEMES = ("http", "https")
_LONGEST_URL = 4_000  # code points: half of what https://www.rfc-editor.org/rfc/rfc9110#section-4.1 asks of servers
_LARGEST_PORT = 65_535


def parse_url(text: str) -> httpx.URL:
    """Return a URL in the form in which it is asked for, without its fragment. Raises Fault where it is none to fetch.

    >>> str(parse_url("HTTPS://Bücher.example:443/a b#top"))
    'https://xn--bcher-kva.example/a%20b'
    """
    return _checked(_parse(text))


def next_url(hops: Sequence[httpx.URL], location: str, *, redirects: int) -> httpx.URL:
    """Return where a redirect leads after `hops`. Raises Fault where it leads nowhere, or where it must not be followed.

    >>> str(next_url([parse_url("http://news.example/a/b")], "../c?d", redirects=5))
    'http://news.example/c?d'
    """
    if len(hops) > redirects:
        raise Fault(f"more than {redirects} redirects", expected="a page")
    if not location:
        raise Fault("a redirect to nowhere", expected="the address of a page")
    try:
        url = _checked(_parse(location, base=hops[-1]))
    except Fault as fault:
        raise Fault(f"a redirect to {shorten(location)}, {fault.found}", expected=fault.expected) from fault
    if hops[-1].scheme == "https" and url.scheme == "http":
        raise Fault(f"a redirect to {shorten(url)}, away from https", expected="https to stay https")
    if url in hops:
        raise Fault(f"redirects that lead back to {shorten(url)}", expected="a page")
    return url


def name_of(url: httpx.URL) -> str:
    """Return what a URL calls its page: the last part of its path without its suffix, or else its host.

    >>> name_of(parse_url("https://news.example/2026/Dam%20holds.html?page=1")), name_of(parse_url("https://news.example"))
    ('Dam holds', 'news.example')
    """
    return PurePosixPath(url.path).stem or url.host


def origin_of(url: httpx.URL) -> str:
    """Return scheme, host and port of a URL.

    >>> origin_of(parse_url("https://news.example:8443/a"))
    'https://news.example:8443'
    """
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _parse(text: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        return httpx.URL(text) if base is None else base.join(text)
    except (httpx.InvalidURL, ValueError) as error:  # ValueError: lone surrogates, among others
        raise Fault("not an address", expected="an address that begins with http:// or https://") from error


def _checked(url: httpx.URL) -> httpx.URL:
    if url.scheme not in _SCHEMES or not url.host:
        raise Fault("not an address of the web", expected="an address that begins with http:// or https://")
    if url.userinfo:
        raise Fault("an address with a user name", expected="an address without one")
    if url.port is not None and not 0 < url.port <= _LARGEST_PORT:
        raise Fault(f"port {url.port}", expected=f"a port from 1 to {_LARGEST_PORT}")
    if len(str(url)) > _LONGEST_URL:
        raise Fault(f"an address of {len(str(url)):,} characters", expected=f"at most {_LONGEST_URL:,}")
    return url.copy_with(fragment=None)
