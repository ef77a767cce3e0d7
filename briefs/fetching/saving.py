"""Pages as files: what they are called, what stands beside them, and how they are written.

A page is SLUG.html, .xml, .json, .md or .txt with the bytes of its body; what its server said of it is in a file beside
it, whose name ends in `briefs.readers.sidecar.SIDECAR_SUFFIX`. Neither knows when it was made.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from briefs.errors import BuildError, SeedError
from briefs.fetching.body import SUFFIXES
from briefs.fetching.records import Page
from briefs.files import write_whole
from briefs.readers.sidecar import read_sidecar, sidecar_of
from briefs.slugs import slugify


def save_page(page: Page, into: Path) -> Path:
    """Write a page and its sidecar, and return the path of the page. Raises BuildError where that cannot be done.

    Each file is written whole, and left alone where it would not change. What was saved for the same URL is replaced;
    a file of another URL, or of somebody's own, never is: then the name gets a hash of the URL.
    """
    path = _place(page, into)
    try:
        into.mkdir(parents=True, exist_ok=True)
        _write(sidecar_of(path), sidecar_bytes(page))  # first: a page without it would be somebody's own
        _write(path, page.body)
        for suffix in SUFFIXES:  # it may have been of another type
            other = path.with_name(path.stem + suffix)
            if other != path and _url_of(other) == page.url:
                other.unlink(missing_ok=True)
                sidecar_of(other).unlink(missing_ok=True)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise BuildError(f"{error.filename or path}: cannot be written: {reason}") from error
    return path


def _write(path: Path, content: bytes) -> None:
    """Put bytes into a file, unless it holds them already."""
    if not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)


def sidecar_bytes(page: Page) -> bytes:
    """Return the sidecar of a page: JSON, with keys in order."""
    record = {
        "url": page.url,
        "final_url": page.final_url,
        "status": page.status,
        "content_type": page.content_type,
        "headers": dict(page.headers),
    }
    return (json.dumps(record, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _place(page: Page, into: Path) -> Path:
    """Return where a page goes: where it was, or else the first name that is free."""
    slug = slugify(page.name)
    hashed = f"{slug}-{next(_digests(page.url))}"
    was_hashed = any(_url_of(into / f"{hashed}{suffix}") == page.url for suffix in SUFFIXES)
    path = into / f"{hashed if was_hashed else slug}{page.suffix}"
    for digest in _digests(page.url):
        if not os.path.lexists(path) or _url_of(path) == page.url:
            break
        path = into / f"{slug}-{digest}{page.suffix}"
    return path


def _digests(url: str) -> Iterator[str]:
    digest = url
    while True:
        digest = hashlib.sha256(digest.encode()).hexdigest()
        yield digest[:8]


def _url_of(path: Path) -> str | None:
    """Return the URL for which a file was saved, or None where it was not."""
    try:
        sidecar = read_sidecar(path)
    except SeedError:
        return None
    return sidecar.asked if sidecar is not None and path.is_file() else None
