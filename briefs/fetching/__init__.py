"""Fetching: pages saved as seeds, with what their servers said of them, so that a build stays offline and repeatable.

Nothing else in briefs uses a network, but for a batch that is given addresses. It needs httpx and protego, which come with the
extra `fetch`; nothing here imports them before `fetch` is called.
"""

from __future__ import annotations

from briefs.fetching.records import Fetched, FetchError, FetchOptions
from briefs.fetching.run import fetch

__all__ = ["FetchError", "FetchOptions", "Fetched", "fetch"]
