"""WARC files as web archives write them, whole and broken, and pages to put into them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence

PROSE = "The dam above {name} will hold, Mayor Ana Ruiz said on Monday after two days of rain. "


def page(name: str = "Selmoor", *, charset: str = "utf-8", more: str = "") -> bytes:
    """Return a page with an article about a place."""
    paragraphs = "".join(
        f"<p>{PROSE.format(name=name)}Day {day} of the café’s repairs went by in {name}.</p>" for day in range(4)
    )
    html = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="{charset}"><title>Dam above {name} holds</title>'
        '<meta property="article:published_time" content="2026-02-16T09:05:00Z">'
        '<meta property="og:site_name" content="The Ledger">'
        f"</head><body><article><h1>Dam above {name} holds</h1>{paragraphs}{more}</article></body></html>"
    )
    return html.encode(charset, "replace")


def response(
    url: str, body: bytes, *, kind: str = "text/html; charset=utf-8", status: str = "200 OK", more: str = ""
) -> bytes:
    """Return a record of a server's answer."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body
    return record("response", http, url=url, kind="application/http; msgtype=response")


def record(
    type_: str, content: bytes, *, url: str = "", kind: str = "application/warc-fields", length: int | None = None
) -> bytes:
    """Return a record; `length` is what it says that it has, where that is wrong."""
    name = f"<urn:uuid:{zlib.crc32(url.encode()):032x}>"
    head = f"WARC/1.0\r\nWARC-Type: {type_}\r\nWARC-Date: 2026-02-17T00:00:00Z\r\nWARC-Record-ID: {name}\r\n"
    if url:
        head += f"WARC-Target-URI: {url}\r\n"
    size = len(content) if length is None else length
    return f"{head}Content-Type: {kind}\r\nContent-Length: {size}\r\n\r\n".encode() + content + b"\r\n\r\n"


def packed(records: Sequence[bytes]) -> bytes:
    """Return records as a packed file has them, each by itself."""
    return b"".join(gzip.compress(each, mtime=0) for each in records)
