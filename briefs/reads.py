"""What a template reads of a site, told by what it reads: a file is filled in anew only where something of it has changed.

What is read is named by a fact, such as "site title" or "template layout.html.j2"; `facts` says what each of them is.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class _Reads:
    own: Set[str]
    found: set[str] = field(default_factory=set)


_now: ContextVar[_Reads | None] = ContextVar("_now", default=None)


@contextmanager
def noting(own: Set[str] = frozenset()) -> Iterator[set[str]]:
    """Yield a set to which the names of all facts come that are read meanwhile, but for some that are known beforehand.

    >>> with noting({"actor ana-ruiz"}) as found:
    ...     read("site title")
    ...     read("actors whole", part="actor ana-ruiz")
    >>> found
    {'site title'}
    """
    reads = _Reads(own)
    before = _now.set(reads)
    try:
        yield reads.found
    finally:
        _now.reset(before)


def read(fact: str, *, part: str | None = None) -> None:
    """Note that a fact is read; `part` names what it is that is read of a fact that is large."""
    reads = _now.get()
    if reads is not None and (part or fact) not in reads.own:
        reads.found.add(fact)
