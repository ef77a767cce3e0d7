"""The file beside a fetched page, in which stands what its server said of it: JSON, written by `briefs.fetching`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from briefs.errors import SeedError
from briefs.readers.decoding import decode_text

SIDECAR_SUFFIX = ".headers.json"
_MOST = 1_000_000  # bytes: servers send a hundredth of these


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a server said of a page.

    `url` is where the page is, after redirects; `asked` is the URL that was asked for. `content_type` is the header with its
    parameters, such as "text/html; charset=utf-8". `language` is what Content-Language says, or None where it says nothing.
    """

    url: str
    asked: str
    content_type: str
    language: str | None


def sidecar_of(path: Path) -> Path:
    """Return where the sidecar of a page is, if it has one.

    >>> sidecar_of(Path("seeds/dam.html")).as_posix()
    'seeds/dam.html.headers.json'
    """
    return path.with_name(path.name + SIDECAR_SUFFIX)


def read_sidecar(path: Path) -> Sidecar | None:
    """Return the sidecar of the page at `path`, or None where it has none. Raises SeedError where it is broken."""
    beside = sidecar_of(path)
    shown = str(beside).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    try:
        with beside.open("rb") as file:
            source = file.read(_MOST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        found = (error.strerror or "an error").lower()
        raise SeedError(shown, 1, 1, found=found, expected="a file that can be read") from error
    return parse_sidecar(source, path=shown)


def parse_sidecar(source: bytes, *, path: str) -> Sidecar:
    """Return what is in the bytes of a sidecar; `path` names it in errors. Raises SeedError where it is broken.

    >>> source = b'{"url": "http://a.example/", "final_url": "https://a.example/", "content_type": "text/html", "headers": {}}'
    >>> parse_sidecar(source, path="a.html.headers.json").url
    'https://a.example/'
    """
    try:
        record = json.loads(decode_text(source, path=path, max_bytes=_MOST))
    except json.JSONDecodeError as error:
        found = f"no JSON ({error.msg.lower()})"
        raise SeedError(path, error.lineno, error.colno, found=found, expected="the headers of a page") from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of thousands of digits
        raise SeedError(path, 1, 1, found="JSON that cannot be read", expected="the headers of a page") from error
    if not isinstance(record, dict):
        raise SeedError(path, 1, 1, found="JSON that is no object", expected="the headers of a page")
    headers = record.get("headers")
    language = headers.get("content-language") if isinstance(headers, dict) else None
    return Sidecar(
        url=_text(record.get("final_url"), "final_url", path),
        asked=_text(record.get("url"), "url", path),
        content_type=_text(record.get("content_type"), "content_type", path),
        language=language.strip() or None if isinstance(language, str) else None,
    )


def _text(value: object, name: str, path: str) -> str:
    if not isinstance(value, str) or not value:
        raise SeedError(path, 1, 1, found=f'no text for "{name}"', expected="the headers of a page")
    return value
