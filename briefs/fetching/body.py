"""The body of an answer: of which kind it is, and its bytes unpacked, never more of them than are wanted."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from briefs.fetching.records import Fault, shorten

_PIECE = 65_536  # bytes that are unpacked at once, so that a small body cannot become a large one in memory

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/json": ".json",
    "application/feed+json": ".json",
    "text/markdown": ".md",
    "text/plain": ".txt",
}
SUFFIXES = tuple(sorted(set(_SUFFIXES.values())))
_GZIP, _ZLIB, _DEFLATE = 31, 15, -15  # as zlib numbers them


def suffix_for(content_type: str) -> str:
    """Return the suffix of the file for a body of that type. Raises Fault where no reader would take it.

    >>> suffix_for("Text/HTML; charset=utf-8"), suffix_for("application/rss+xml")
    ('.html', '.xml')
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _SUFFIXES:
        found = f"content of type {shorten(kind)}" if kind else "content of no type"
        raise Fault(found, expected="a page, a feed or text")
    return _SUFFIXES[kind]


def unpack(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield the bytes of a body that is packed as its Content-Encoding says, little by little.

    Raises Fault where it is packed in a way that was not asked for, where it is not packed so, and where it breaks off.

    >>> b"".join(unpack([zlib.compress(b"The dam holds. " * 2)], "deflate"))
    b'The dam holds. The dam holds. '
    """
    kind = encoding.strip().lower().removeprefix("x-")
    if kind in ("", "identity"):
        yield from chunks
    elif kind in ("gzip", "deflate"):
        yield from _inflate(chunks, kind)
    else:
        raise Fault(f"a body packed as {shorten(kind)}", expected="gzip or deflate")


def take(pieces: Iterable[bytes], *, most: int) -> bytes:
    """Return the bytes of the pieces, as many as `most` and one more: then there are too many, and the rest is not read.

    >>> take(iter([b"abc", b"def"]), most=3)
    b'abcd'
    """
    taken = bytearray()
    for piece in pieces:
        taken += piece
        if len(taken) > most:
            break
    return bytes(taken[: most + 1])


def _inflate(chunks: Iterable[bytes], kind: str) -> Iterator[bytes]:
    unpacker = None
    try:
        for chunk in chunks:
            rest, more = chunk, False
            while rest or more:
                if unpacker is None or unpacker.eof:
                    if unpacker is not None and kind != "gzip":  # which alone may be several in a row
                        raise Fault(
                            f"a {kind} body with something after its end", expected="the whole page and no more"
                        )
                    unpacker = zlib.decompressobj(_window(kind, rest[0]))
                piece = unpacker.decompress(rest, _PIECE)
                if piece:
                    yield piece
                more = len(piece) == _PIECE and not unpacker.eof  # there may be more, also where nothing else comes
                rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    except zlib.error as error:
        raise Fault(f"a body that is no {kind}, though it says so", expected="the whole page") from error
    if unpacker is None or not unpacker.eof:
        raise Fault(f"a {kind} body that breaks off", expected="the whole page")


def _window(kind: str, first: int) -> int:
    """Return how to unpack what begins with that byte: some servers send deflate without the zlib header it should have."""
    if kind == "gzip":
        return _GZIP
    return _ZLIB if first & 0x0F == zlib.DEFLATED else _DEFLATE
