"""Seeds in, a folder of briefs out: plan which seed becomes which folder, write each file whole, list what is wrong.

A file is written beside its place and moved there, so that nobody ever sees half of it; one whose bytes are the same is
left alone. A seed that fails does not stop the others.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefs.errors import BriefsError, BuildError, SeedError
from briefs.parsing import parse
from briefs.readers.text import DEFAULT_MAX_BYTES, read_text
from briefs.rendering import OutputForm, render, render_index, stylesheet
from briefs.schema import Article, Brief

SEED_SUFFIX = ".txt"
ARTIFACTS: tuple[tuple[str, OutputForm], ...] = (
    ("index.html", "html"),
    ("brief.md", "md"),
    ("summary.txt", "summary"),
    ("brief.json", "json"),
)
_LONGEST_SLUG = 80
# Names that Windows keeps for devices: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)\Z")


@dataclass(frozen=True, slots=True)
class Options:
    """What a build can be asked to do otherwise; see `briefs build --help`."""

    templates: Path | None = None
    language: str = "en"
    max_bytes: int = DEFAULT_MAX_BYTES
    threads: int = 1
    title: str = "Briefs"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one seed: a brief in the folder `slug`, or an error."""

    path: Path
    slug: str
    brief: Brief | None
    error: BriefsError | None


def find_seeds(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the seeds below a folder, and the files there that are none, each in order; what begins with a dot is passed over.

    Raises BuildError where the folder is not there or holds no seed.
    """
    if folder.is_file():
        return [folder], []
    if not folder.is_dir():
        raise BuildError(f"{folder}: no such folder; expected a folder of seeds")
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    seeds = [path for path in files if path.suffix.lower() == SEED_SUFFIX]
    if not seeds:
        raise BuildError(f"{folder}: no seeds; expected files that end in {SEED_SUFFIX}")
    return seeds, [path for path in files if path.suffix.lower() != SEED_SUFFIX]


def plan(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """Return each seed with the name of its folder: its file's name in lower-case ASCII, made unique by a hash where needed.

    >>> plan([Path("a/Straße 1.txt"), Path("b/CON.txt"), Path("c/straße-1.txt")])[:2]
    [(PosixPath('a/Straße 1.txt'), 'strasse-1'), (PosixPath('b/CON.txt'), 'con-')]
    """
    taken: set[str] = set()
    planned = []
    for path in paths:
        slug = slugify(path.stem)
        if slug in taken:
            slug = f"{slug}-{hashlib.sha256(path.as_posix().encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
        taken.add(slug)
        planned.append((path, slug))
    return planned


def slugify(name: str) -> str:
    """Return a name as part of an address: lower-case ASCII letters, digits and single hyphens, at most 80.

    >>> slugify("../Ünïted Nations, 2026!"), slugify("東京"), slugify("nul")
    ('united-nations-2026', '71a5b9fc', 'nul-')
    """
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].rstrip("-")
    if not slug:
        return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{slug}-" if _RESERVED.match(slug) else slug


def build(planned: Sequence[tuple[Path, str]], out: Path, options: Options) -> Iterator[Result]:
    """Write the files of each seed below `out` and yield what became of it; at the end write the index.

    Raises BuildError where `out` cannot be written, RenderError where a template is broken.
    """
    style = stylesheet(options.templates)
    results = []
    for path, slug in planned:
        result = _build_one(path, slug, options)
        if result.brief is not None:
            for name, form in ARTIFACTS:
                _write(out / slug / name, render(
                    result.brief, form, templates=options.templates, stylesheet="../style.css", home="../index.html"
                ))
        results.append(result)
        yield result
    built = [(r.slug, r.brief) for r in results if r.brief is not None]
    _write(out / "style.css", style)
    _write(
        out / "index.html",
        render_index(built, templates=options.templates, stylesheet="style.css", title=options.title),
    )


def read_seed(path: Path | str, options: Options) -> Article:
    """Return the article in a file, or in standard input for "-". Raises SeedError, also where there is no such file."""
    name = str(path)
    try:
        if name == "-":
            source = sys.stdin.buffer.read(options.max_bytes + 1)
        else:
            with Path(path).open("rb") as file:
                source = file.read(options.max_bytes + 1)
    except OSError as error:
        raise SeedError(name, 1, 1, found=(error.strerror or "an error").lower(), expected="a file that can be read") from error
    if len(source) > options.max_bytes:
        raise SeedError(name, 1, 1, found=f"more than {options.max_bytes:,} bytes", expected=f"at most {options.max_bytes:,}")
    return read_text(source, path=name, max_bytes=options.max_bytes, language=options.language)


def _build_one(path: Path, slug: str, options: Options) -> Result:
    try:
        brief = parse(read_seed(path, options), threads=options.threads)
    except SeedError as error:
        return Result(path=path, slug=slug, brief=None, error=error)
    return Result(path=path, slug=slug, brief=brief, error=None)


def _write(path: Path, text: str) -> None:
    """Put `text` into a file, whole or not at all; leave the file alone if it holds it already."""
    data = text.encode("utf-8")
    try:
        if path.is_file() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BuildError(f"{path}: cannot be written: {error.strerror}") from error
