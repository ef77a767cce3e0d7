"""Seeds in, a folder of briefs out: find the seeds, name their folders, have them parsed, say what is wrong.

A seed that fails does not stop the others.
"""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path

from briefs.across import Across, find_across
from briefs.cache import Cache, Parsed, key_of
from briefs.cores import MOST_THREADS
from briefs.errors import BriefsError, BuildError, RenderError, SeedError
from briefs.evidence import Evidence, EvidenceKind, find_evidence
from briefs.folder import Folder, alone
from briefs.inputs import digest_inputs, digest_program
from briefs.ledger import read_ledger
from briefs.limits import DEFAULT_MAX_BYTES
from briefs.readers import LONE_SUFFIXES, SIDECAR_SUFFIX, SUFFIXES, Articles, ReadOptions, read_articles
from briefs.readers.sidecar import read_sidecar, sidecar_of
from briefs.rendering import PLAIN, Outputs, find_outputs, render_files, render_site
from briefs.schema import Article, Brief
from briefs.search import SEARCH_FOLDER, make_index
from briefs.slugs import distinct, slug_of, slugify
from briefs.templating import template_folders
from briefs.view import UNKNOWN_DATE, Site, entry_of
from briefs.workers import WorkerLost, start_calls

_TAKEN = frozenset({"actors", "archive", "index", "sections", "tags", SEARCH_FOLDER})  # names of the site itself
_FEW = 8  # articles that take longer in several processes, which have to start, than in one

_Made = tuple[Brief, Evidence | None]
_Result = tuple[str | None, _Made | SeedError]
_Read = tuple[str | None, Article | SeedError]  # an article with a name of its own, where its seed may hold several


@dataclass(frozen=True, slots=True)
class Options:
    """What a build can be asked to do otherwise; see `briefs build --help`.

    `url` is the address of the site and ends with a slash; `made` is the date of what has none, as RFC 3339 has it; `target`
    is what the folder is for, one of `rendering.find_targets`; `search` is whether a site by
    itself has a page that finds briefs by their words, `evidence` what it shows of the articles. With several
    `jobs`, as many processes parse articles, with so many `threads` each. The files are the same with any. With `force`,
    files of somebody else are overwritten. `cache` is the folder where parsed articles are kept for the next build. With
    `strict`, nothing is written where an article fails.
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


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one article: a brief in its folder, or an error; `number` counts the seeds, from 1.

    `evidence` is what the site shows of the article.
    """

    number: int
    seed: Seed
    slug: str
    brief: Brief | None
    error: BriefsError | None
    evidence: Evidence | None = None


def find_seeds(folder: Path, out: Path | None = None) -> tuple[list[Seed], list[Path]]:
    """Return the seeds below a folder, in the order of their names, and the other files there. One file is a seed, too.

    What begins with a dot is passed over, and so is `out`, which may lie in the folder. Raises BuildError where the
    folder is not there, cannot be read or holds no seed.
    """
    if folder.is_file():
        return plan([(folder, folder.name)]), []
    if not folder.is_dir():
        raise BuildError(f"{folder}: no such folder; expected a folder of articles, or one article")
    if out and folder.resolve() == out.resolve():
        raise BuildError(f"{out}: the folder of seeds itself; expected another folder to write the briefs to")
    files = sorted(_walk(folder, out.resolve() if out else None), key=lambda path: path.relative_to(folder).as_posix())
    known = [path for path in files if path.suffix.lower() in SUFFIXES and not path.name.endswith(SIDECAR_SUFFIX)]
    seeds = plan((path, path.relative_to(folder).as_posix()) for path in known)
    if not seeds:
        raise BuildError(f"{folder}: no seeds; expected files that end in {' '.join(sorted(SUFFIXES))}")
    return seeds, [path for path in files if path.suffix.lower() not in SUFFIXES]


def plan(files: Iterable[tuple[Path, str]]) -> list[Seed]:
    """Return a seed for each path and name. Slugs come from the names, made unique by a hash where needed.

    >>> names = ["a/Straße 1.txt", "b/CON.md", "c/straße-1.txt"]
    >>> [seed.slug for seed in plan((Path(name), name) for name in names)]
    ['strasse-1', 'con-', 'strasse-1-0c6c81a2']
    """
    seeds: list[Seed] = []
    taken = set(_TAKEN)
    for path, name in files:
        known = _readable(name)
        seeds.append(Seed(path=path, name=known, slug=distinct(slugify(Path(known).stem), known, taken)))
    return seeds


def count_current(seeds: Sequence[Seed], out: Path, options: Options) -> int | None:
    """Return how many briefs a folder has, if a build would change nothing in it, and else None."""
    ledger = read_ledger(out.resolve(), options.target)
    if ledger.inputs is None or not ledger.holds() or ledger.inputs != _digest(seeds, options):
        return None
    return ledger.briefs


def _digest(seeds: Sequence[Seed], options: Options) -> str | None:
    """Return a digest of all that the files of a build depend on."""
    own = {"templates", "threads", "jobs", "force", "strict", "cache"}
    settings = {item.name: getattr(options, item.name) for item in fields(options) if item.name not in own}
    return digest_inputs(((seed.name, seed.path) for seed in seeds), settings, template_folders(options.templates))


def build(seeds: Sequence[Seed], out: Path, options: Options) -> Iterator[Result]:
    """Read all articles and yield what became of each; then write below `out` what the target has made of them.

    An article is yielded once more where a template fails for its brief. With `options.strict`, nothing is written then, or
    where an article cannot be read. Raises BuildError where `out` cannot be written, another build is writing there, a file
    would be written over a seed or a process that parses articles is lost, RenderError where a template fails for the first
    brief or for the site: then it is broken.
    """
    site = Site(options.title, options.url, (), options.made, options.search)
    outputs = find_outputs(options.target, templates=options.templates)
    taken = {*_TAKEN, *(seed.slug for seed in seeds)}
    with alone(out):
        inputs = _digest(seeds, options)
        folder = Folder(out, (seed.path for seed in seeds), target=options.target, force=options.force)
        read: list[Result] = []
        failed: set[str] = set()
        with closing(_parse_each(seeds, options, taken)) as results:
            for result in results:
                if result.brief is not None:
                    if not read:  # a template that is broken for all says so at once
                        entry = entry_of(result.slug, result.brief, result.evidence)
                        render_files(result.brief, entry, site, Across(), outputs)
                    read.append(result)
                else:
                    failed.add(result.seed.name)
                yield result
        if options.strict and not failed:
            for result in _rehearse(read, site, outputs):
                failed.add(result.seed.name)
                yield result
        if read and not (options.strict and failed):
            unrendered = list[Result]()
            for result in _publish(read, folder, site, outputs):
                unrendered.append(result)
                failed.add(result.seed.name)
                yield result
            same = inputs == _digest(seeds, options)  # or else an article changed while it was read
            folder.finish(failed=failed, inputs=inputs if same else None, briefs=len(read) - len(unrendered))


def _parse_each(seeds: Iterable[Seed], options: Options, taken: set[str]) -> Generator[Result]:
    """Have seeds parsed by as many processes as there are jobs, unless they were before; yield what became of each article.

    Results come in the order of the seeds.
    """
    cache = Cache(options.cache) if options.cache else None
    if cache:
        cache.make()
    known: deque[tuple[int, Seed, list[_Result] | None]] = deque()  # None: not parsed before
    units = _unknown(_units(seeds, options), cache, known, options)
    first = list(islice(units, _FEW + 1)) if options.jobs > 1 else []
    if len(first) > _FEW:
        jobs, threads = options.jobs, options.threads
    else:  # one process has the threads of all
        jobs, threads = 1, max(options.threads, min(options.jobs * options.threads, MOST_THREADS))
    parse_unit = partial(_parse_unit, options=replace(options, threads=threads))
    with closing(start_calls(parse_unit, chain(first, units), jobs=jobs)) as calls:
        for seed, call in calls:
            yield from _take_known(known, taken)
            try:
                made = call()
            except WorkerLost as error:
                advice = "fewer --jobs take less memory"
                raise BuildError(f"{seed.path}: the process that parsed it was lost: {error}; {advice}") from error
            number, _, _ = known.popleft()
            yield from _name_results(number, seed, made, taken)
    yield from _take_known(known, taken)
    if cache:
        cache.tidy()


def _unknown(
    units: Iterable[tuple[int, Seed, Seed | _Read]],
    cache: Cache | None,
    known: deque[tuple[int, Seed, list[_Result] | None]],
    options: Options,
) -> Iterator[tuple[Seed, tuple[Seed | _Read, str]]]:
    """Yield the units that were not parsed before, with the keys of what is kept of them; note each unit in `known`."""
    for number, seed, unit in units:
        key = _key(unit, options) if cache else ""
        found = cache.find(key) if cache and key else None
        known.append((number, seed, None if found is None else [_made_before(each, options) for each in found]))
        if found is None:
            yield seed, (unit, key)


def _take_known(known: deque[tuple[int, Seed, list[_Result] | None]], taken: set[str]) -> Iterator[Result]:
    """Yield what was parsed before, up to the first unit that was not."""
    while known and known[0][2] is not None:
        number, seed, made = known.popleft()
        yield from _name_results(number, seed, made or [], taken)


def _name_results(number: int, seed: Seed, made: Iterable[_Result], taken: set[str]) -> Iterator[Result]:
    for known, of_article in made:
        slug = seed.slug if known is None else distinct(slug_of(known), f"{seed.name} {known}", taken)
        if isinstance(of_article, SeedError):
            yield Result(number=number, seed=seed, slug=slug, brief=None, error=of_article)
        else:
            brief, evidence = of_article
            yield Result(number=number, seed=seed, slug=slug, brief=brief, error=None, evidence=evidence)


def _key(unit: Seed | _Read, options: Options) -> str:
    """Return the key of all that the briefs of a unit are made from; "" where it cannot be read."""
    if not isinstance(unit, Seed):
        known, read = unit
        return "" if isinstance(read, SeedError) else key_of(digest_program(), known or "", read.model_dump_json())
    asked = json.dumps([options.language, options.max_bytes, dict(options.names)], sort_keys=True)
    beside = sidecar_of(unit.path)
    try:
        contents = [unit.path.read_bytes(), beside.read_bytes() if beside.is_file() else b""]
    except OSError:
        return ""
    return key_of(digest_program(), asked, unit.name, *contents)


def _made_before(parsed: Parsed, options: Options) -> _Result:
    brief = Brief.model_validate_json(parsed.brief)
    if _shown(options) == "link":
        return parsed.known, (brief, None)
    return parsed.known, (brief, find_evidence(Article.model_validate_json(parsed.article), brief, _shown(options)))


def _units(seeds: Iterable[Seed], options: Options) -> Iterator[tuple[int, Seed, Seed | _Read]]:
    """Yield what one process does at a time: a seed that holds one article, by its name, or an article of another seed.

    The latter are read as they are asked for: a feed may hold very many.
    """
    for number, seed in enumerate(seeds, 1):
        if seed.path.suffix.lower() in LONE_SUFFIXES:
            yield number, seed, seed
        else:
            for read in _read_seed(seed, options):
                yield number, seed, read


def _parse_unit(unit_and_key: tuple[Seed | _Read, str], options: Options) -> list[_Result]:
    """Return what is made of each article, and keep it under a key: what other processes do in a build."""
    from briefs.parsing import parse  # noqa: PLC0415 (the model is loaded where articles are parsed, and nowhere else)

    unit, key = unit_and_key
    results: list[_Result] = []
    parsed: list[tuple[str | None, Article, Brief]] = []
    for known, read in _read_seed(unit, options) if isinstance(unit, Seed) else [unit]:
        if isinstance(read, SeedError):
            results.append((known, read))
        else:
            brief = parse(read, threads=options.threads)
            parsed.append((known, read, brief))
            results.append((known, (brief, find_evidence(read, brief, _shown(options)))))
    if options.cache and key and len(parsed) == len(results):
        Cache(options.cache).keep(key, parsed)
    return results


def _shown(options: Options) -> EvidenceKind:
    """Return what is shown of articles: nothing but links in a site that somebody else makes."""
    return options.evidence if options.target == PLAIN else "link"


def _rehearse(read: Sequence[Result], site: Site, outputs: Outputs) -> Iterator[Result]:
    """Fill in all templates and write nothing; yield the briefs for which one fails. Raises RenderError as `build` does."""
    whole, across = _put_together(read, site)
    entries = {entry.slug: entry for entry in whole.entries}
    for result in read:
        if result.brief is not None:
            try:
                render_files(result.brief, entries[result.slug], whole, across, outputs)
            except RenderError as error:
                yield replace(result, brief=None, error=error)
    for _ in render_site(whole, across, outputs):
        pass


def _put_together(read: Sequence[Result], site: Site) -> tuple[Site, Across]:
    """Return the site with all briefs that were read in it, and what they have in common."""
    briefs = ((result.slug, result.brief) for result in read if result.brief)
    return find_across(briefs, site, {result.slug: result.evidence for result in read})


def _publish(read: Sequence[Result], folder: Folder, site: Site, outputs: Outputs) -> Iterator[Result]:
    """Write the site of the briefs that were read; yield those for which a template fails, which the site then leaves out."""
    failed: list[Result] = []
    whole, across = _put_together(read, site)
    for path in chain((path for path, _ in outputs.whole), *(outputs.paths(entry, whole) for entry in whole.entries)):
        folder.spare(path)
    listed = {entry.slug: entry for entry in whole.entries}
    for result in read:
        if result.brief is not None:
            try:
                files = render_files(result.brief, listed[result.slug], whole, across, outputs)
            except RenderError as error:
                failed.append(replace(result, brief=None, error=error))
                continue
            for path, text in files:
                folder.write(path, text.encode("utf-8"), seed=result.seed.name)
    if failed:
        yield from failed
        missing = {result.slug for result in failed}
        yield from _publish([result for result in read if result.slug not in missing], folder, site, outputs)
    elif read:
        for path, text in list(render_site(whole, across, outputs)):
            folder.write(path, text.encode("utf-8"))
        if site.search:
            pages = ((slug, folder.path / slug / "index.html") for slug in sorted(listed))
            found = ((f"/{slug}/", page.read_text(encoding="utf-8")) for slug, page in pages if page.is_file())
            for path, content in make_index(found).items():
                folder.write(path, content)


def _read_seed(seed: Seed, options: Options) -> Iterator[_Read]:
    """Yield the articles of a seed; each with a name of its own where the form of the seed may hold several."""
    try:
        with open_seed(seed.path, options, name=seed.name) as articles:
            for read in articles.each:
                if articles.several and isinstance(read, Article):
                    yield read.origin.id or read.headline.of(read.text), read
                else:
                    yield None, read
    except SeedError as error:
        yield None, error


@contextmanager
def open_seed(path: Path | str, options: Options, *, name: str | None = None) -> Iterator[Articles]:
    """Open a file, or standard input for "-", and give its articles. Raises SeedError, also where there is no such file.

    `name` is what the origins of the articles call the file, where that is not `path`.
    """
    shown = _readable(str(path))
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


def _readable(name: str) -> str:
    r"""Return the name of a file as text: bytes of it that are not UTF-8 become `\xff`, whatever the locale."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _walk(folder: Path, out: Path | None) -> Iterator[Path]:
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
