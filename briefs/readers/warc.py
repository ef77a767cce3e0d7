r"""WARC files (ISO 28500), as web archives and Common Crawl's CC-NEWS have them: the records in a range of bytes.

A file that is broken somewhere loses what is broken and nothing else: the next record is found by how one begins, and what
could not be read is told as such. A range has the records that begin in it, so that ranges side by side have all, each once.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

_PIECE = 65_536  # bytes that are read or unpacked at once
_HEADERS_MOST = 65_536  # bytes of the headers of a record
_BEGINNING = b"WARC/"
_PACKED = b"\x1f\x8b\x08"  # a member of gzip
_NEXT = re.compile(rb"WARC/1\.\d\r?\n(?=[\w-]{1,40}:)")
_LONGEST_MARK = 64  # bytes of what tells where a record begins
_ENDED = "the file ends in the middle of a record"
_BLANK = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(r"([^\s:]+)[ \t]*:[ \t]*(.*)")


class Record(NamedTuple):
    """A record of a WARC file: where it begins in the file, its headers by their names in small letters, its content.

    `content` ends after the bytes that were asked for, and `size` is how many there are. `error` says what is wrong with it.
    """

    offset: int
    headers: dict[str, str]
    content: bytes
    size: int
    error: str | None = None


def read_warc(file: BinaryIO, *, start: int = 0, stop: int | None = None, most: int) -> Iterator[Record]:
    r"""Yield the records that begin in a range of the bytes of a file, in their order; of each, at most so many bytes.

    The file may be packed with gzip, each record by itself, as is usual, or as a whole. What is broken is yielded as a record
    with an `error`.

    >>> import io
    >>> record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 4\r\n\r\nDam.\r\n\r\n"
    >>> [(found.offset, found.content) for found in read_warc(io.BytesIO(record * 2), most=80)]
    [(0, b'Dam.'), (60, b'Dam.')]
    >>> [found.error for found in read_warc(io.BytesIO(record[:-6]), most=80)]
    ['the file ends in the middle of a record']
    """
    file.seek(0)
    if file.read(len(_PACKED)) == _PACKED:
        yield from _read_packed(file, start, stop, most)
    else:
        yield from _read_plain(file, start, stop, most)


class _Cut(Exception):  # noqa: N818 (says what is wrong)
    """What is packed breaks off; the message says how."""


class _Bytes:
    """Bytes that come in pieces, with a view ahead. `pieces` gives those from a place on, also once more."""

    def __init__(self, pieces: Callable[[int], Iterator[bytes]], at: int) -> None:
        self._pieces = pieces
        self.seek(at)

    def seek(self, at: int) -> None:
        self.at, self._ahead, self._rest, self._ended = at, bytearray(), self._pieces(at), False

    def end(self) -> None:
        self._ahead, self._ended = bytearray(), True

    def peek(self, size: int) -> bytes:
        """Return the next bytes, fewer only where there are no more. Raises _Cut."""
        while len(self._ahead) < size and not self._ended:
            piece = next(self._rest, b"")
            self._ended = not piece
            self._ahead += piece
        return bytes(self._ahead[:size])

    def skip(self, size: int) -> None:
        del self._ahead[:size]
        self.at += size

    def skip_blank(self) -> None:
        """Go past line ends."""
        while (ahead := self.peek(_PIECE)) and not (stripped := ahead.lstrip(b"\r\n")):
            self.skip(len(ahead))
        if ahead:
            self.skip(len(ahead) - len(stripped))

    def find_next(self) -> None:
        """Go to where the next record seems to begin, or else to the end. Raises _Cut."""
        while len(ahead := self.peek(_PIECE)) > 0:
            found = _NEXT.search(ahead)
            self.skip(found.start() if found else max(1, len(ahead) - _LONGEST_MARK))
            if found:
                return


def _read_plain(file: BinaryIO, start: int, stop: int | None, most: int) -> Iterator[Record]:
    def pieces(at: int) -> Iterator[bytes]:
        file.seek(at)
        while piece := file.read(_PIECE):
            yield piece

    stream = _Bytes(pieces, start)
    if start:
        stream.find_next()
    for record in _read_records(stream, most):
        if stop is not None and record.offset >= stop and record.headers:
            return  # what is no record is told by the range of the record before it
        yield record


def _read_packed(file: BinaryIO, start: int, stop: int | None, most: int) -> Iterator[Record]:
    """Yield the records of the members of gzip that begin in the range."""
    expected = None if start else 0
    at = _find_member(file, start, stop)
    while True:
        if expected is not None and at != expected and _is_broken(file, expected):
            yield Record(expected, {}, b"", 0, "bytes that are no record")
        if at is None:
            return
        member = _Member(file, at)
        try:
            for record in _read_records(_Bytes(member.pieces, 0), most):
                yield record._replace(offset=at)
        except _Cut as error:
            yield Record(at, {}, b"", 0, str(error))
        expected = member.end
        at = _find_member(file, at + 1 if expected is None else expected, stop)


def _is_broken(file: BinaryIO, at: int) -> bool:
    """Return whether there is something at a place of a packed file, and no member with a record."""
    file.seek(at)
    return bool(file.read(1)) and not _begins_record(file, at)


class _Member:
    """A member of gzip. `end` is where the next one may begin, None until this one was read to its end."""

    def __init__(self, file: BinaryIO, at: int) -> None:
        self._file, self._at = file, at
        self.end: int | None = None

    def pieces(self, at: int) -> Iterator[bytes]:
        """Yield what is packed, from a place in it on. Raises _Cut where it breaks off."""
        unpacker, place, passed = zlib.decompressobj(31), self._at, 0
        packed = b""
        while not unpacker.eof:
            if not packed:
                self._file.seek(place)
                packed = self._file.read(_PIECE)
                place += len(packed)
            try:
                piece = unpacker.decompress(packed, _PIECE)
            except zlib.error as error:
                raise _Cut("a record that is packed wrong") from error
            if not packed and not piece:
                raise _Cut(_ENDED)
            packed = unpacker.unconsumed_tail
            passed += len(piece)
            if passed > at and piece:
                yield piece[max(0, len(piece) - (passed - at)) :]
        self.end = place - len(unpacker.unused_data)


def _find_member(file: BinaryIO, at: int, stop: int | None) -> int | None:
    """Return where the first member of gzip with a record in it begins, in a range; None where there is none."""
    while stop is None or at < stop:
        file.seek(at)
        piece = file.read(_PIECE)
        found = piece.find(_PACKED)
        while found >= 0 and (stop is None or at + found < stop):
            if _begins_record(file, at + found):
                return at + found
            found = piece.find(_PACKED, found + 1)
        if len(piece) < len(_PACKED):
            return None
        at += len(piece) - len(_PACKED) + 1
    return None


def _begins_record(file: BinaryIO, at: int) -> bool:
    file.seek(at)
    try:
        return zlib.decompressobj(31).decompress(file.read(4096), 64).lstrip().startswith(_BEGINNING)
    except zlib.error:
        return False


def _read_records(stream: _Bytes, most: int) -> Iterator[Record]:
    """Yield the records of a stream. Raises _Cut where it breaks off in a record of which nothing is known."""
    while True:
        stream.skip_blank()
        offset = stream.at
        head = stream.peek(_HEADERS_MOST)
        if not head:
            return
        blank = _BLANK.search(head)
        headers = _read_headers(head[: blank.start()]) if blank else None
        if blank is None or headers is None:
            cut = head.startswith(_BEGINNING) and len(head) < _HEADERS_MOST
            stream.skip(1)
            stream.find_next()
            wrong = _ENDED if cut else "bytes that are no record"
            yield Record(offset, {}, b"", 0, wrong)
            continue
        stream.skip(blank.end())
        yield _read_content(stream, offset, headers, most)


def _read_headers(head: bytes) -> dict[str, str] | None:
    """Return the headers of a record, None where they are none."""
    if not head.startswith(_BEGINNING):
        return None
    lines = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "replace")).splitlines()[1:]
    fields = (_FIELD.fullmatch(line.strip()) for line in lines)
    return {field[1].lower(): field[2] for field in fields if field}


def _read_content(stream: _Bytes, offset: int, headers: dict[str, str], most: int) -> Record:
    """Return a record whose headers were read. Where its length is wrong, the stream is then where the next one begins."""
    begin = stream.at
    said = headers.get("content-length", "")
    if not re.fullmatch(r"\d{1,15}", said):
        stream.find_next()
        return Record(offset, headers, b"", 0, f"Content-Length is {said!r}" if said else "no Content-Length")
    size, content, wrong = int(said), bytearray(), "a Content-Length that is wrong"
    try:
        while (left := begin + size - stream.at) > 0 and (piece := stream.peek(min(left, _PIECE))):
            content += piece[: max(0, most + 1 - len(content))]
            stream.skip(len(piece))
        if left > 0:
            wrong = _ENDED
        elif not (after := stream.peek(64)) or re.match(rb"\r?\n\r?\n|[\r\n]*(?:\Z|WARC/)", after):
            return Record(offset, headers, bytes(content), size)
    except _Cut as error:
        wrong = str(error)
    # What follows is no record, so the length is too small; or too large, and the next record was taken for content.
    stream.seek(begin)
    try:
        stream.find_next()
    except _Cut:
        stream.end()
    return Record(offset, headers, bytes(content), size, wrong)
