"""Seeds in, a folder of briefs out: find the seeds, name their folders, write each file whole, say what is wrong.

A file is written beside its place and moved there, so that nobody ever sees half of it; one whose bytes are the same is
left alone. A seed that fails does not stop the others.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from briefs.errors import BriefsError, BuildError, RenderError, SeedError
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.parsing import parse
from briefs.readers.text import read_text
from briefs.rendering import OutputForm, render, render_index, stylesheet
from briefs.schema import Article, Brief

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

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
_UNFINISHED = ".briefs-*.tmp"  # the names of files on their way to their place


@dataclass(frozen=True, slots=True)
class Options:
    """What a build can be asked to do otherwise; see `briefs build --help`."""

    templates: Path | None = None
    language: str = "en"
    max_bytes: int = DEFAULT_MAX_BYTES
    threads: int = 1
    title: str = "Briefs"


@dataclass(frozen=True, slots=True)
class Seed:
    """An input file of a build.

    `name` is its path below the folder of seeds, with slashes: it stands in the brief, so that the same seeds give the
    same bytes wherever they lie. `slug` is the folder of its brief.
    """

    path: Path
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one seed: a brief in its folder, or an error."""

    seed: Seed
    brief: Brief | None
    error: BriefsError | None


def find_seeds(folder: Path, out: Path) -> tuple[list[Seed], list[Path]]:
    """Return the seeds below a folder, in the order of their names, and the other files there. One file is a seed, too.

    What begins with a dot is passed over, and so is `out`, which may lie in the folder. Raises BuildError where the
    folder is not there, cannot be read or holds no seed, or where a brief would be written over a seed.
    """
    if folder.is_file():
        return plan([(folder, folder.name)]), []
    if not folder.is_dir():
        raise BuildError(f"{folder}: no such folder; expected a folder of articles, or one article")
    if folder.resolve() == out.resolve():
        raise BuildError(f"{out}: the folder of seeds itself; expected another folder to write the briefs to")
    files = sorted(_walk(folder, out.resolve()), key=lambda path: path.relative_to(folder).as_posix())
    seeds = plan((p, p.relative_to(folder).as_posix()) for p in files if p.suffix.lower() == SEED_SUFFIX)
    if not seeds:
        raise BuildError(f"{folder}: no seeds; expected files that end in {SEED_SUFFIX}")
    written = {(out / seed.slug / name).resolve() for seed in seeds for name, _ in ARTIFACTS}
    for seed in seeds:
        if seed.path.resolve() in written:
            raise BuildError(
                f"{seed.path}: a brief would be written over this seed; expected another folder to write to"
            )
    return seeds, [path for path in files if path.suffix.lower() != SEED_SUFFIX]


def plan(files: Iterable[tuple[Path, str]]) -> list[Seed]:
    """Return a seed for each path and name. Slugs come from the names, made unique by a hash where needed.

    >>> names = ["a/Straße 1.txt", "b/CON.txt", "c/straße-1.txt"]
    >>> [seed.slug for seed in plan((Path(name), name) for name in names)]
    ['strasse-1', 'con-', 'strasse-1-0c6c81a2']
    """
    seeds: list[Seed] = []
    taken: set[str] = set()
    for path, name in files:
        known = _readable(name)
        plain = slug = slugify(Path(known).stem)
        digest = known
        while slug in taken:
            digest = hashlib.sha256(digest.encode()).hexdigest()
            slug = f"{plain}-{digest[:8]}"
        taken.add(slug)
        seeds.append(Seed(path=path, name=known, slug=slug))
    return seeds


def slugify(name: str) -> str:
    """Return a name as part of an address: lower-case ASCII letters, digits and single hyphens, at most 80.

    >>> slugify("../Ünïted Nations, 2026!"), slugify("東京"), slugify("nul")
    ('united-nations-2026', '130016b2', 'nul-')
    """
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].rstrip("-")
    if not slug:
        return hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{slug}-" if _RESERVED.match(slug) else slug


def build(seeds: Sequence[Seed], out: Path, options: Options) -> Iterator[Result]:
    """Write the files of each seed below `out` and yield what became of it; at the end write the list of briefs.

    Raises BuildError where `out` cannot be written or another build is writing there, RenderError where a template
    fails for the list or for the first brief: then the template is broken. One that fails later fails for that brief.
    """
    style = stylesheet(options.templates)
    built: list[tuple[str, Brief]] = []
    with _alone(out):
        _clear(out, *(out / seed.slug for seed in seeds))
        for seed in seeds:
            result, files = _build_one(seed, options)
            if isinstance(result.error, RenderError) and not built:
                raise result.error
            for name, text in files:
                _write(out / seed.slug / name, text)
            if result.brief is not None:
                built.append((seed.slug, result.brief))
            yield result
        if built:
            page = render_index(built, templates=options.templates, stylesheet="style.css", title=options.title)
            _write(out / "style.css", style)
            _write(out / "index.html", page)


def read_seed(path: Path | str, options: Options, *, name: str | None = None) -> Article:
    """Return the article in a file, or in standard input for "-". Raises SeedError, also where there is no such file.

    `name` is what the article's origin calls the file, where that is not `path`.
    """
    shown = _readable(str(path))
    try:
        if shown == "-":
            if sys.stdin is None:
                raise SeedError("-", 1, 1, found="standard input is closed", expected="an article")
            source = sys.stdin.buffer.read(options.max_bytes + 1)
        else:
            with Path(path).open("rb") as file:
                source = file.read(options.max_bytes + 1)
    except OSError as error:
        found = (error.strerror or "an error").lower()
        raise SeedError(shown, 1, 1, found=found, expected="a file that can be read") from error
    if len(source) > options.max_bytes:
        raise SeedError(
            shown, 1, 1, found=f"more than {options.max_bytes:,} bytes", expected=f"at most {options.max_bytes:,}"
        )
    article = read_text(source, path=shown, max_bytes=options.max_bytes, language=options.language)
    if name is None:
        return article
    return article.model_copy(update={"origin": article.origin.model_copy(update={"path": name})})


def _readable(name: str) -> str:
    r"""Return the name of a file as text: bytes of it that are not UTF-8 become `\xff`, whatever the locale."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _walk(folder: Path, out: Path) -> Iterator[Path]:
    """Yield the files below a folder, but for hidden ones and those in `out`. Links to folders are not followed."""

    def fail(error: OSError) -> None:
        raise BuildError(f"{error.filename}: cannot be read: {(error.strerror or 'an error').lower()}") from error

    for place, folders, names in os.walk(folder, onerror=fail):
        here = Path(place)
        folders[:] = [name for name in folders if not name.startswith(".") and (here / name).resolve() != out]
        for name in names:
            path = here / name
            # A link that leads nowhere is somebody's seed: reading it says so. Sockets and pipes are not.
            if not name.startswith(".") and (path.is_file() or (path.is_symlink() and not path.exists())):
                yield path


def _build_one(seed: Seed, options: Options) -> tuple[Result, list[tuple[str, str]]]:
    """Return what became of a seed, and the names and contents of its files: all of them, or none."""
    try:
        brief = parse(read_seed(seed.path, options, name=seed.name), threads=options.threads)
        files = [
            (name, render(brief, form, templates=options.templates, stylesheet="../style.css", home="../index.html"))
            for name, form in ARTIFACTS
        ]
    except (SeedError, RenderError) as error:
        return Result(seed=seed, brief=None, error=error), []
    return Result(seed=seed, brief=brief, error=None), files


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Make the folder where it is missing, and keep other builds out of it. Raises BuildError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out, os.O_RDONLY) if fcntl else -1
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        if fcntl:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise BuildError(f"{out}: another build is writing there; expected to be alone") from error
    except OSError:
        pass  # a file system without locks
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


def _clear(*folders: Path) -> None:
    """Remove what a build that was killed left on its way."""
    for folder in folders:
        for path in folder.glob(_UNFINISHED):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise _unwritable(path, error) from error


def _write(path: Path, text: str) -> None:
    """Put `text` into a file, whole or not at all; leave the file alone if it holds it already. Raises BuildError."""
    content = text.encode("utf-8")
    unfinished = path.parent / _UNFINISHED.replace("*", str(os.getpid()))
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("xb") as file:
                file.write(content)
            unfinished.chmod(0o644)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> BuildError:
    return BuildError(f"{path}: cannot be written: {(error.strerror or 'an error').lower()}")
