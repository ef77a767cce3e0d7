"""The seeds of a build: where they are found, what their folders are called, and how they are opened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from briefs.errors import BuildError, SeedError
from briefs.evidence import EvidenceKind
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.listing import UNKNOWN_DATE
from briefs.names import as_utf8
from briefs.readers import SIDECAR_SUFFIX, SUFFIXES, Articles, ReadOptions, read_articles
from briefs.readers.sidecar import read_sidecar
from briefs.rendering import PLAIN
from briefs.schema import Article
from briefs.search import SEARCH_FOLDER
from briefs.slugs import distinct, slugify
from briefs.stored import is_stored

BATCH = ".batch.json"  # is in a folder of tables
TAKEN = frozenset({"actors", "archive", "index", "sections", "tags", SEARCH_FOLDER})  # names of the site itself


@dataclass(frozen=True, slots=True)
class Options:
    """What a build can be asked to do otherwise; see `briefs build --help`.

    `url` is the address of the site and ends with a slash; `made` is the date of what has none, as RFC 3339 has it; `target`
    is what the folder is for, one of `rendering.find_targets`; `search` is whether a site by
    itself has a page that finds briefs by their words, `evidence` what it shows of the articles. With several
    `jobs`, as many processes parse articles and fill in pages, with so many `threads` each. The files are the same with any.
    With `force`, files of somebody else are overwritten. `cache` is the folder where parsed articles are kept for the next
    build. With `strict`, nothing is written where an article fails.
    """

    templates: Path | None = None
    language: str = "en"
    max_bytes: int = DEFAULT_MAX_BYTES
    threads: int = 1
    jobs: int = 1
    title: str = "Briefs"
    url: str | None = None
    made: str = UNKNOWN_DATE
    target: str = PLAIN
    search: bool = False
    force: bool = False
    cache: Path | None = None
    strict: bool = False
    evidence: EvidenceKind = "excerpt"
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seed:
    """An input file of a build.

    `name` is its path below the folder of seeds, with slashes: it stands in the brief, so that the same seeds give the
    same bytes wherever they lie. `slug` is the folder of its brief, where its form holds one article.
    """

    path: Path
    name: str
    slug: str


def find_seeds(folder: Path, out: Path | None = None) -> tuple[list[Seed], list[Path]]:
    """Return the seeds below a folder, in the order of their names, and the other files there. One file is a seed, too.

    What begins with a dot is passed over, and so is `out`, which may lie in the folder; of the tables of a batch, only those of
    briefs are taken. Raises BuildError where the
    folder is not there, cannot be read or holds no seed.
    """
    if folder.is_file():
        return plan([(folder, folder.name)]), []
    if not folder.is_dir():
        raise BuildError(f"{folder}: no such folder; expected a folder of articles, or one article")
    if (folder / BATCH).is_file():
        folder /= "briefs"
    if out and folder.resolve() == out.resolve():
        raise BuildError(f"{out}: the folder of seeds itself; expected another folder to write the briefs to")
    files = sorted(walk(folder, out.resolve() if out else None), key=lambda path: path.relative_to(folder).as_posix())
    known = [path for path in files if _is_seed(path) and not path.name.endswith(SIDECAR_SUFFIX)]
    seeds = plan((path, path.relative_to(folder).as_posix()) for path in known)
    if not seeds:
        raise BuildError(f"{folder}: no seeds; expected files that end in {' '.join(sorted(SUFFIXES))}")
    return seeds, [path for path in files if not _is_seed(path)]


def _is_seed(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES or is_stored(path)


def plan(files: Iterable[tuple[Path, str]]) -> list[Seed]:
    """Return a seed for each path and name. Slugs come from the names, made unique by a hash where needed.

    >>> names = ["a/Straße 1.txt", "b/CON.md", "c/straße-1.txt"]
    >>> [seed.slug for seed in plan((Path(name), name) for name in names)]
    ['strasse-1', 'con-', 'strasse-1-0c6c81a2']
    """
    seeds: list[Seed] = []
    taken = set(TAKEN)
    for path, name in files:
        known = as_utf8(name)
        seeds.append(Seed(path=path, name=known, slug=distinct(slugify(Path(known).stem), known, taken)))
    return seeds


@contextmanager
def open_seed(path: Path | str, options: Options, *, name: str | None = None) -> Iterator[Articles]:
    """Open a file, or standard input for "-", and give its articles. Raises SeedError, also where there is no such file.

    `name` is what the origins of the articles call the file, where that is not `path`.
    """
    shown = as_utf8(str(path))
    chosen = ReadOptions(max_bytes=options.max_bytes, language=options.language, names=options.names)
    if shown == "-":
        if sys.stdin is None:
            raise SeedError("-", 1, 1, found="standard input is closed", expected="an article")
        yield read_articles(sys.stdin.buffer, path=shown, options=chosen)
        return
    try:
        with Path(path).open("rb") as file:
            sidecar = read_sidecar(Path(path))
            several, each = read_articles(file, path=shown, options=replace(chosen, sidecar=sidecar))
            yield Articles(several, each if name is None else (_renamed(read, name) for read in each))
    except OSError as error:
        found = (error.strerror or "an error").lower()
        raise SeedError(shown, 1, 1, found=found, expected="a file that can be read") from error


def _renamed(read: Article | SeedError, name: str) -> Article | SeedError:
    """Return an article whose origin calls its file by another name."""
    if isinstance(read, SeedError):
        return read
    return read.model_copy(update={"origin": read.origin.model_copy(update={"path": name})})


def walk(folder: Path, out: Path | None) -> Iterator[Path]:
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
