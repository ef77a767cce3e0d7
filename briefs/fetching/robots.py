"""What a server's robots.txt asks of this robot: https://www.rfc-editor.org/rfc/rfc9309."""

from __future__ import annotations

import re

from protego import Protego

from briefs.fetching.network import AGENT

MOST = 512_000  # bytes of a robots.txt: what follows is not read, as the RFC allows
_LONGEST_DELAY = 30.0  # seconds
_AGENT_LINE = re.compile(r"\s*user[\s-]*agent[\s:]*([^\s:/#]*)", re.IGNORECASE)


class Robots:
    r"""The rules of one robots.txt; nothing is forbidden by one that is empty.

    >>> robots = Robots(b"User-agent: *\nDisallow: /drafts/\nCrawl-delay: 2")
    >>> robots.allow("https://news.example/drafts/a"), robots.allow("https://news.example/a"), robots.delay
    (False, True, 2.0)
    """

    def __init__(self, source: bytes = b"") -> None:
        lines = source[:MOST].decode("utf-8-sig", "replace").splitlines()
        self._rules = Protego.parse("\n".join(map(_without_others, lines)))
        self.delay = min(self._rules.crawl_delay(AGENT) or 0.0, _LONGEST_DELAY)

    def allow(self, url: str) -> bool:
        """Return whether this robot may ask for a URL."""
        return self._rules.can_fetch(url, AGENT)


def _without_others(line: str) -> str:
    """Return a line, with one name for all other robots where it names one.

    Rules are kept once for each robot of their group: many of both in one file would fill the memory.
    """
    named = _AGENT_LINE.match(line)
    if named is None:
        return line
    name = named[1].lower()
    return f"User-agent: {name if name in ('*', AGENT) else 'other'}"
