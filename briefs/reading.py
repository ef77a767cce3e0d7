"""The records of a slice: where each is, what it is called, and how its article is read.

A part of a file that cannot be read is a record, too, which says so; what comes after it is read where that can be found.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from briefs.cache import key_of
from briefs.engine import engine_error
from briefs.errors import SeedError
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.names import as_utf8
from briefs.opening import is_remote, open_input
from briefs.readers import Articles, ReadOptions, read_articles, read_line, read_page
from briefs.readers.fields import NAMES, normal
from briefs.readers.responses import read_response, unpack_body
from briefs.readers.sidecar import Sidecar, read_sidecar
from briefs.readers.warc import Record, read_warc
from briefs.schema import Article
from briefs.slices import Form, Slice, open_table

_EXPECTED = {"warc": "WARC records", "parquet": "Parquet", "lines": "JSON Lines"}
_SHOWN = {"warc": "byte", "lines": "byte", "parquet": "row"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How records are read: as `readers.ReadOptions` has it."""

    language: str = "en"
    max_bytes: int = DEFAULT_MAX_BYTES
    names: Mapping[str, str] = field(default_factory=dict)

    def options(self, sidecar: Sidecar | None = None) -> ReadOptions:
        """Return the options of the readers, with what is known of a page."""
        return ReadOptions(self.max_bytes, self.language, self.names, sidecar)


class Found(NamedTuple):
    """A record of the input.

    `id` tells it from all others by what is in it, and does not change when its file is moved. `sha256` is that of its bytes,
    and empty where they could not be read this time; `file` and `place` are where it is. `read` gives its article or raises
    SeedError; None where it is of no kind that has one.
    """

    id: str
    sha256: str
    file: str
    place: int
    url: str | None
    read: Callable[[], Article] | None


def read_slice(part: Slice, reading: Reading) -> Iterator[Found]:
    """Yield the records of a slice, one that cannot be read as one whose `read` raises SeedError."""
    if part.form == "seeds":
        for file in part.files:
            yield from _read_seed(file, reading)
        return
    (file,) = part.files
    read = {"warc": _read_warc, "parquet": _read_rows, "lines": _read_lines}[part.form]
    last = part.start
    try:
        with open_input(file) as stream:
            for found in read(stream, part, reading):
                last = found.place
                yield found
    except (OSError, EOFError, zlib.error, ValueError, engine_error()) as error:
        reason = _reason_of(error)
        broken = _broken(file, part.form, last, reason)
        lasting = isinstance(error, EOFError | zlib.error | ValueError | gzip.BadGzipFile)  # what is in it is broken
        yield broken._replace(sha256=hashlib.sha256(reason.encode()).hexdigest()) if lasting else broken


def is_sampled(found: Found, share: float) -> bool:
    """Return whether a record belongs to a sample: told by its id, so the same on every machine.

    >>> [is_sampled(Found(f"{n:x}" * 32, "", "", 0, None, None), 0.25) for n in (0, 3, 4, 15)]
    [True, True, False, False]
    """
    return int(found.id[:8], 16) < share * 2**32


def told(found: str | SeedError, file: str, form: Form, place: int) -> str:
    """Return what is wrong with a record, and where it is.

    >>> told(SeedError("a.jsonl", 1, 1, found="no headline", expected="a title"), "a.jsonl", "lines", 512)
    'a.jsonl: byte 512: no headline; expected a title'
    """
    if isinstance(found, SeedError):
        if form == "seeds":
            return str(found)
        found = f"{found.found}; expected {found.expected}"
    return f"{as_utf8(file)}: {_SHOWN.get(form, 'article')} {place}: {found}"


def _read_seed(file: str, reading: Reading) -> Iterator[Found]:
    """Yield the articles of a seed, which may hold several."""
    sha256, name = "", as_utf8(file)
    try:
        with open_input(file) as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            several, each = _open_seed(file, stream, reading)
            for number, article in enumerate(each, 1):
                key, url = key_of(sha256, str(number) if several else ""), None
                if isinstance(article, Article):
                    url = article.origin.url
                    if several:  # the same where others come before it, as in a feed that is fetched again
                        key = key_of(article.origin.id or url or "", article.text)
                yield Found(key[:32], sha256, file, number, url, partial(_give, article))
    except SeedError as error:
        yield Found(key_of(sha256 or name, "")[:32], sha256, file, 1, None, partial(_give, error))
    except (OSError, engine_error()) as error:
        wrong = SeedError(name, 1, 1, found=_reason_of(error).lower(), expected="a file that can be read")
        yield Found(key_of(sha256 or name, "")[:32], sha256, file, 1, None, partial(_give, wrong))


def _reason_of(error: Exception) -> str:
    """Return why something cannot be read, in a line: as the system has it, or the first that is said."""
    return getattr(error, "strerror", None) or str(error).strip().partition("\n")[0] or "an error"


def _open_seed(file: str, stream: BinaryIO, reading: Reading) -> Articles:
    beside = None if is_remote(file) else read_sidecar(Path(file))
    return read_articles(stream, path=as_utf8(file), options=reading.options(beside))


def _give(read: Article | SeedError) -> Article:
    if isinstance(read, SeedError):
        raise read
    return read


def _broken(file: str, form: Form, place: int, found: str) -> Found:
    """Return the record of a part of a file that cannot be read."""
    error = SeedError(as_utf8(file), 1, 1, found=found, expected=f"a file of {_EXPECTED[form]} that can be read")
    return Found(key_of(as_utf8(file), str(place))[:32], "", file, place, None, partial(_give, error))


def _read_lines(stream: BinaryIO, part: Slice, reading: Reading) -> Iterator[Found]:
    """Yield the lines that begin in the slice; of a packed file, all of them."""
    (file,) = part.files
    if file.lower().endswith(".gz"):
        stream, start, stop = cast("BinaryIO", gzip.GzipFile(fileobj=stream)), 0, None
    else:
        start, stop = part.start, part.stop
    at = start
    if start:
        stream.seek(start - 1)
        at = start - 1 + _skip_line(stream)
    while stop is None or at < stop:
        line = stream.readline(reading.max_bytes + 2)
        if not line:
            return
        begin, whole = at, line.endswith(b"\n") or len(line) <= reading.max_bytes
        at += len(line)
        if not whole:
            at += _skip_line(stream)
        source = line.strip() if begin else line.removeprefix(b"\xef\xbb\xbf").strip()
        if source:
            sha256 = hashlib.sha256(source).hexdigest()
            if whole:
                read = partial(read_line, source, path=as_utf8(file), options=reading.options())
            else:
                most = f"{reading.max_bytes:,}"
                found = f"a line of more than {most} bytes"
                read = partial(_give, SeedError(as_utf8(file), 1, 1, found=found, expected=f"at most {most}"))
            yield Found(key_of(sha256, "")[:32], sha256, file, begin, None, read)


def _skip_line(stream: BinaryIO) -> int:
    """Go to the end of the line; return how many bytes that were."""
    passed = 0
    while piece := stream.readline(65_536):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed


def _read_rows(stream: BinaryIO, part: Slice, reading: Reading) -> Iterator[Found]:
    """Yield the rows of the slice, each as the JSON record that its columns are: those that say something of an article."""
    (file,) = part.files
    parquet = open_table(stream)
    wanted = {normal(name) for names in NAMES.values() for name in names} | set(map(normal, reading.names.values()))
    columns = [name for name in parquet.schema_arrow.names if normal(name) in wanted]
    first = 0
    for group in range(parquet.metadata.num_row_groups):
        rows = parquet.metadata.row_group(group).num_rows
        if first + rows > part.start and first < part.stop:
            row = first
            for batch in parquet.iter_batches(batch_size=256, row_groups=[group], columns=columns):
                low, high = max(part.start - row, 0), min(part.stop - row, batch.num_rows)
                for number, record in enumerate(batch.slice(low, max(0, high - low)).to_pylist(), row + low):
                    yield _found_row(record, file, number, reading)
                row += batch.num_rows
                if row >= part.stop:
                    break
        first += rows


def _found_row(record: Mapping[str, object], file: str, row: int, reading: Reading) -> Found:
    source = json.dumps(_plain(record), ensure_ascii=False).encode("utf-8", "surrogatepass")
    sha256 = hashlib.sha256(source).hexdigest()
    read = partial(read_line, source, path=as_utf8(file), options=reading.options())
    return Found(key_of(sha256, "")[:32], sha256, file, row, None, read)


def _plain(value: object) -> object:
    """Return a value of a table as JSON has it.

    >>> _plain({"title": b"Dam holds", "score": float("nan")})
    {'title': 'Dam holds', 'score': None}
    """
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)


def _read_warc(stream: BinaryIO, part: Slice, reading: Reading) -> Iterator[Found]:
    """Yield the records that begin in the slice: web pages, and without a way to read them all others."""
    (file,) = part.files
    for record in read_warc(stream, start=part.start, stop=part.stop, most=reading.max_bytes + 65_536):
        yield _found_record(record, file, reading)


def _found_record(record: Record, file: str, reading: Reading) -> Found:
    url = record.headers.get("warc-target-uri", "").strip("<> ") or None
    sha256 = hashlib.sha256(record.content).hexdigest()
    if record.error:
        broken = _broken(file, "warc", record.offset, record.error)
        return broken._replace(sha256=sha256, url=url)
    response = read_response(record.content) if record.headers.get("warc-type") == "response" else None
    read = None
    if response and response.is_page:

        def read() -> Article:
            path = as_utf8(file)
            if record.size > len(record.content):
                most = f"{reading.max_bytes:,}"
                raise SeedError(path, 1, 1, found=f"more than {most} bytes", expected=f"at most {most}")
            body = unpack_body(response, path=path, most=reading.max_bytes)
            known = Sidecar(url=url or "", asked=url or "", content_type=response.content_type, language=None)
            return read_page(body, path=path, options=reading.options(known if url else None))

    return Found(key_of(sha256, url or "")[:32], sha256, file, record.offset, url, read)
