"""The answer of a web server, as a WARC file keeps it: status, headers, and the body with what it was packed in for the way."""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

from briefs.errors import SeedError

_BLANK = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"HTTP/[\d.]+ +(\d{3})\b")
_CHUNK = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r?\n")
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_OK = 200


class Response(NamedTuple):
    """The answer of a server; `headers` by their names in small letters."""

    status: int | None
    headers: dict[str, str]
    body: bytes

    @property
    def is_page(self) -> bool:
        """Whether it is a web page and not an image, a redirect or what a server says of a page that is not there."""
        return self.status == _OK and self.content_type.partition(";")[0].strip().lower() in _PAGES

    @property
    def content_type(self) -> str:
        """The header of that name, with its parameters."""
        return self.headers.get("content-type", "")


def read_response(content: bytes) -> Response:
    r"""Return the answer in the content of a record; without a status where it is none.

    >>> found = read_response(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Dam")
    >>> found.status, found.is_page, found.body
    (200, True, b'<p>Dam')
    """
    head, *rest = _BLANK.split(content, maxsplit=1)
    lines = head.decode("latin-1").splitlines()
    status = _STATUS.match(lines[0]) if lines else None
    fields = (line.partition(":") for line in lines[1:])
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    return Response(int(status[1]) if status else None, headers, rest[0] if rest else b"")


def unpack_body(response: Response, *, path: str, most: int) -> bytes:
    r"""Return the body of an answer as it was before it was packed for the way, at most so many bytes and one more.

    Many archives keep bodies unpacked beside headers that say otherwise: such a body is taken as it is. Raises SeedError where
    it is packed in a way that nothing here unpacks, or breaks off.

    >>> packed = zlib.compress(b"<p>Dam")
    >>> unpack_body(Response(200, {"content-encoding": "deflate"}, packed), path="a.warc", most=80)
    b'<p>Dam'
    """
    body = response.body
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        body = _join_chunks(body)
    kind = response.headers.get("content-encoding", "").strip().lower().removeprefix("x-")
    if kind in {"", "identity"} or body.lstrip()[:1] in {b"<", b""}:
        return body[: most + 1]
    if kind not in {"gzip", "deflate"}:
        raise SeedError(path, 1, 1, found=f"a body packed as {kind[:40]}", expected="gzip, deflate or none")
    unpacker = zlib.decompressobj(-15 if kind == "deflate" and body[0] & 15 != zlib.DEFLATED else 47)
    try:
        unpacked = unpacker.decompress(body, most + 1)
    except zlib.error as error:
        raise SeedError(path, 1, 1, found=f"a body that is no {kind}", expected="what its headers say") from error
    if not unpacker.eof and len(unpacked) <= most:
        raise SeedError(path, 1, 1, found=f"a {kind} body that breaks off", expected="the whole page")
    return unpacked


def _join_chunks(body: bytes) -> bytes:
    r"""Return a body without the marks of its chunks; as it is, where it has none.

    >>> _join_chunks(b"3\r\n<p>\r\n3\r\nDam\r\n0\r\n\r\n"), _join_chunks(b"<p>Dam")
    (b'<p>Dam', b'<p>Dam')
    """
    joined, at = bytearray(), 0
    while mark := _CHUNK.match(body, at):
        size = int(mark[1], 16)
        if not size:
            return bytes(joined)
        joined += body[mark.end() : mark.end() + size]
        at = mark.end() + size
    return bytes(joined) if joined and at >= len(body) else body
