r"""Structured news briefs: what an article says, who says it, and how surely. Every word is a span of the article.

    >>> import briefs
    >>> brief = briefs.parse("Dam holds\n\nThe dam above Selmoor will hold, Mayor Ana Ruiz said on Monday.\n")
    >>> [(claim.speaker, claim.text) for claim in brief.claims]
    [('Ana Ruiz', 'The dam above Selmoor will hold')]
    >>> print(briefs.render(brief, "summary"), end="")
    The dam above Selmoor will hold, Mayor Ana Ruiz said on Monday.

`read` gives the article that the spans of a brief point into, `read_all` those of a file that holds several; `parse` takes a
text or an article. What goes wrong is
raised as a `BriefsError`. Nothing is imported before it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from briefs.errors import BriefsError, BuildError, ConfigError, RenderError, SeedError, TaggerError
    from briefs.parsing import parse, read, read_all
    from briefs.rendering import render
    from briefs.schema import Actor, Article, Brief, Claim, Origin, Passage, Span

_HOMES = {
    "briefs.errors": ("BriefsError", "BuildError", "ConfigError", "RenderError", "SeedError", "TaggerError"),
    "briefs.parsing": ("parse", "read", "read_all"),
    "briefs.rendering": ("render",),
    "briefs.schema": ("Actor", "Article", "Brief", "Claim", "Origin", "Passage", "Span"),
}

__all__ = [
    "Actor",
    "Article",
    "Brief",
    "BriefsError",
    "BuildError",
    "Claim",
    "ConfigError",
    "Origin",
    "Passage",
    "RenderError",
    "SeedError",
    "Span",
    "TaggerError",
    "parse",
    "read",
    "read_all",
    "render",
]


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
