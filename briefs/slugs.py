"""Slugs: the names of folders and files that are made of other names, safe on every system and in every address."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

_LONGEST = 80
_LONGEST_TERM = 60  # characters, of up to four bytes each: no name of a file may have more than 255
# Names that Windows keeps for devices: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)\Z")
_OTHER = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"https?:\S+\Z", re.IGNORECASE)
_TAG = re.compile(r"tag:[^:]+:(.+)\Z", re.IGNORECASE)  # RFC 4151: whose it is, then what it is


def plain(name: str) -> str:
    """Return a name in small letters without accents, for lists in the order of the alphabet.

    >>> sorted(["Yusuf", "Ásta", "Éloïse"], key=plain)
    ['Ásta', 'Éloïse', 'Yusuf']
    """
    if name.isascii():
        return name.lower()
    decomposed = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).lower()


def slugify(name: str) -> str:
    """Return a name as part of an address: lower-case ASCII letters, digits and single hyphens, at most 80.

    >>> slugify("../Ünïted Nations, 2026!"), slugify("東京"), slugify("nul")
    ('united-nations-2026', '130016b2', 'nul-')
    """
    ascii_only = plain(name).encode("ascii", "ignore").decode()
    slug = _OTHER.sub("-", ascii_only).strip("-")[:_LONGEST].rstrip("-")
    if not slug:
        return hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{slug}-" if _RESERVED.match(slug) else slug


def slug_of(known: str) -> str:
    """Return the slug of what an article is known by: of an address its last part, so that it stays when titles change.

    >>> slug_of("https://example.com/2026/dam-holds.html"), slug_of("https://example.com/?p=12"), slug_of("urn:x:7")
    ('dam-holds', 'p-12', 'urn-x-7')
    """
    if not _ADDRESS.match(known):
        tag = _TAG.match(known)
        return slugify(tag[1] if tag else known)
    try:
        parts = urlsplit(known)
    except ValueError:  # a bracket that opens no IPv6 address
        return slugify(known)
    last = PurePosixPath(unquote(parts.path)).name
    return slugify(PurePosixPath(last).stem if last else parts.query or known)


def terms(names: Iterable[str]) -> list[str]:
    """Return those of some tags that can name a folder, as generators make one of each: short, with a letter, and distinct.

    >>> terms(["Dams", "dams!", "***", "x" * 100, "東京"])
    ['Dams', '東京']
    """
    named = {
        slugify(name): name
        for name in reversed(list(names))
        if len(name) <= _LONGEST_TERM and re.search(r"[^\W_]", name)
    }
    return list(reversed(named.values()))


def distinct(slug: str, known: str, taken: set[str]) -> str:
    """Return a slug that is not taken yet, with a hash of what it stands for where it must be told apart; take it.

    >>> taken = {"dam"}
    >>> distinct("dam", "b/dam.txt", taken), distinct("lake", "lake.txt", taken)
    ('dam-6a6c410e', 'lake')
    """
    found = slug
    digest = known
    while found in taken:
        digest = hashlib.sha256(digest.encode()).hexdigest()
        found = f"{slug}-{digest[:8]}"
    taken.add(found)
    return found
