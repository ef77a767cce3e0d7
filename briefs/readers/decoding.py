"""From bytes to text, strictly: UTF-8, line feeds as the only line ends, and where in a file an offset lies."""

from __future__ import annotations

import re

from briefs.errors import SeedError
from briefs.limits import DEFAULT_MAX_BYTES

BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
# Control characters that no text form has, and that no XML may have: a form feed alone is read, as a line end.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decode_text(source: bytes, *, path: str, max_bytes: int = DEFAULT_MAX_BYTES) -> str:
    r"""Return the text of `source` with line feeds as its only line ends, without its byte order mark.

    Raises SeedError, with line and column, where it is larger than `max_bytes`, binary or not UTF-8.

    >>> decode_text(b"Dam holds\r\n", path="a.txt")
    'Dam holds\n'
    """
    check_size(source, path=path, max_bytes=max_bytes)
    if source.startswith(UTF16):
        raise SeedError(path, 1, 1, found="a UTF-16 byte order mark at byte 0", expected="UTF-8 text")
    control = _CONTROL.search(source)
    if control is not None:
        line, column = _byte_position(source, control.start())
        found = f"binary data: byte 0x{control[0][0]:02x} at offset {control.start()}"
        raise SeedError(path, line, column, found=found, expected="UTF-8 text without control characters")
    body = source.removeprefix(BOM)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + len(source) - len(body)
        line, column = _byte_position(source, offset)
        found = f"byte 0x{source[offset]:02x} at offset {offset}, which is not UTF-8"
        raise SeedError(path, line, column, found=found, expected="UTF-8 text") from error
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")


def check_size(source: bytes, *, path: str, max_bytes: int) -> None:
    """Raise SeedError where there are more bytes than `max_bytes`."""
    if len(source) > max_bytes:
        raise SeedError(path, 1, 1, found=f"more than {max_bytes:,} bytes", expected=f"at most {max_bytes:,}")


def position(text: str, offset: int) -> tuple[int, int]:
    r"""Return line and column, from 1, of a code point of a text whose line ends are line feeds.

    >>> position("ab\ncd", 4)
    (2, 2)
    """
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _byte_position(source: bytes, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, in code points, of the byte at `offset`: all before it is taken for UTF-8."""
    before = source[:offset].removeprefix(BOM).decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return position(before, len(before))
