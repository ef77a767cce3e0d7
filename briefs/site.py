"""Seeds in, a folder of briefs out: have them parsed, write what the target has made of them, say what is wrong.

A seed that fails does not stop the others, and its last good brief stays. What would be the same file is not made again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from briefs.across import Across, find_across
from briefs.cache import Cache, key_of
from briefs.errors import BuildError, RenderError
from briefs.facts import Facts
from briefs.folder import Change, Folder, alone
from briefs.inputs import Survey, digest_program
from briefs.ledger import read_ledger
from briefs.listing import Entry, Site
from briefs.parses import Parses, Result
from briefs.reads import noting
from briefs.rendering import File, Outputs, files_of, files_of_site, find_outputs
from briefs.search import make_index
from briefs.seeds import TAKEN, Options
from briefs.templating import Source, forget_templates, read_templates, use_templates
from briefs.workers import WorkerLost, Workers

_FEW = 120  # briefs and files of the site that take longer to fill in by workers, who have to learn the templates, than here


def count_current(survey: Survey, out: Path, options: Options) -> int | None:
    """Return how many briefs a folder has, if a build would change nothing in it, and else None."""
    ledger = read_ledger(out.resolve(), options.target)
    if ledger.inputs is None or ledger.inputs != survey.inputs or not ledger.holds():
        return None
    return len(ledger.sources)


def build(
    survey: Survey, out: Path, options: Options, tell: Callable[[Change], None] | None = None
) -> Generator[Result]:
    """Read all articles and yield what became of each; then write below `out` what the target has made of them.

    An article is yielded once more where a template fails for its brief. With `options.strict`, nothing is written then, or
    where an article cannot be read. With `tell`, nothing is written at all: it is told what would be. Raises BuildError where
    `out` or the cache cannot be written, another build is writing there, a file would be written over a seed or a process that
    parses articles is lost, RenderError where a template fails for the first brief or for the site: then it is broken.
    """
    forget_templates()
    site = Site(options.title, options.url, made=options.made, search=options.search)
    outputs = find_outputs(options.target, templates=options.templates)
    with alone(out, make=tell is None), _cache(options, keeps=tell is None) as cache, ExitStack() as stack:
        folder = stack.enter_context(closing(_folder(survey, out, options, tell)))
        workers = stack.enter_context(Workers(options.jobs))
        parses = Parses(survey, options, cache, {*TAKEN, *(seed.slug for seed in survey.seeds)})
        read: dict[str, Result] = {}
        failed: set[str] = set()
        with closing(parses.each(workers)) as results:
            for result in results:
                if result.entry is None:
                    failed.add(result.seed.name)
                else:
                    if not (read or result.known):  # a template that is broken for all says so at once
                        for file in files_of(result.entry, site, Across(), outputs):
                            file.fill()
                    read[result.slug] = result
                yield result
        parses.finish()
        lost = ((slug, source) for slug, source in folder.sources.items() if source.seed in failed and slug not in read)
        last_good = (parses.last(slug, source) for slug, source in lost)
        entries: Sequence[Entry] = [
            entry for entry in (*(result.entry for result in read.values()), *last_good) if entry is not None
        ]
        if options.strict or tell:
            trial = _publish(entries, _folder(survey, out, options, lambda _: None), site, outputs, workers)
            entries, wrong = trial.entries, trial.wrong
        else:
            wrong = {}
        if not (options.strict and (failed or wrong)):
            done = _publish(entries, folder, site, outputs, workers)
            wrong |= done.wrong
            failed |= {read[slug].seed.name for slug in wrong if slug in read}
            sources = {slug: result.source for slug, result in read.items() if result.source and slug not in wrong}
            if done.entries:
                folder.finish(sources=sources, failed=failed, inputs=parses.inputs, digest=done.facts.digest)
        for slug, error in wrong.items():
            if slug in read:
                yield replace(read[slug], entry=None, error=error)


def _folder(survey: Survey, out: Path, options: Options, tell: Callable[[Change], None] | None) -> Folder:
    seeds = (seed.path for seed in survey.seeds)
    return Folder(
        out,
        seeds,
        target=options.target,
        program=digest_program(),
        force=options.force,
        tell=tell,
        rereads=options.search,
        behind=options.jobs > 1 and not tell,
    )


@contextmanager
def _cache(options: Options, *, keeps: bool) -> Iterator[Cache]:
    """Yield the cache; for a build that keeps nothing, or cannot, one that is gone when it ends. Raises BuildError."""
    if options.cache and keeps:
        cache = Cache(options.cache)
        cache.make()
        if cache.takes():
            yield cache
            return
    try:
        folder = TemporaryDirectory(prefix="briefs-", ignore_cleanup_errors=True)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise BuildError(f"a temporary folder: cannot be made: {reason}; expected room for what is parsed") from error
    with folder:
        yield Cache(Path(folder.name), besides=options.cache)


Files = Callable[[], Iterable[File]]  # finds the files of a brief, or of a site, that are not kept


class _Published(NamedTuple):
    """The entries of a site that was written, the briefs for which a template failed, and what its templates can read."""

    entries: Sequence[Entry]
    wrong: dict[str, RenderError]
    facts: Facts


def _publish(entries: Sequence[Entry], folder: Folder, site: Site, outputs: Outputs, workers: Workers) -> _Published:
    """Write the site of some briefs: what would be another file now. Of many, workers fill in the files.

    A brief for which a template fails stays as an earlier build left it, or else is left out, with all that leads to it.
    Raises RenderError where it fails for the first that is filled in, and for another.
    """
    wrong: dict[str, RenderError] = {}
    while True:
        folder.begin()
        whole = site.having(entries)
        across = find_across(whole.entries)
        facts = Facts(whole, across, outputs.templates)

        def kept(path: str, own: str, facts: Facts = facts) -> bool:
            return folder.keeps(path, own, facts.digest)

        if folder.among_seeds:
            each = (path for entry in whole.entries for path, _ in outputs.placed(entry, whole))
            for path in chain((path for path, _ in outputs.whole), each):
                folder.spare(path)
        wanted: list[tuple[Entry | None, Files]] = [
            (entry, partial(files_of, entry, whole, across, outputs, kept)) for entry in whole.entries
        ]
        if entries:
            wanted.append((None, partial(files_of_site, whole, across, outputs, kept)))
        filled, lost = 0, None
        with closing(_fill(_Filler(whole, across, outputs), wanted, workers)) as calls:
            for entry, call in calls:
                if entry is None:  # all briefs are behind
                    lost = _lost(wrong, folder, entries) if lost is None else lost
                    if lost:
                        break
                    _write(call(), folder)
                    continue
                try:
                    filled += _write(call(), folder, entry.slug)
                except RenderError as error:
                    if not filled and not wrong and _fails_for_others(entry, whole, across, outputs):
                        raise
                    wrong[entry.slug] = error
        lost = _lost(wrong, folder, entries) if lost is None else lost
        if not lost:
            break
        entries = [entry for entry in entries if entry.slug not in lost]
    if entries and site.search:
        _write_index(whole, folder, facts)
    return _Published(entries, wrong, facts)


def _lost(wrong: Mapping[str, RenderError], folder: Folder, entries: Sequence[Entry]) -> set[str]:
    """Return the names of the briefs of a site for which a template fails, and of which no earlier build left anything."""
    return {entry.slug for entry in entries} & (wrong.keys() - folder.briefs)


def _fails_for_others(entry: Entry, site: Site, across: Across, outputs: Outputs) -> bool:
    """Return whether a template fails for another brief, too, or there is none."""
    other = next((each for each in site.entries if each is not entry), None)
    try:
        for file in files_of(other, site, across, outputs) if other else ():
            file.fill()
    except RenderError:
        return True
    return other is None


class _Filled(NamedTuple):
    """A file that is filled in, with the names of the facts that were read for it; see `rendering.File`."""

    path: str
    own: str
    text: str
    reads: frozenset[str]


class _Filler:
    """Fills in files of a site in whatever process it is called: those of a brief, told by its place, or of the site."""

    def __init__(self, site: Site, across: Across, outputs: Outputs, found: Mapping[str, Source] | None = None) -> None:
        self._site, self._across, self._outputs = site, across, outputs
        if found is not None:
            use_templates(outputs.templates, found)

    def __reduce__(self) -> tuple[type[_Filler], tuple[Site, Across, Outputs, Mapping[str, Source]]]:
        return _Filler, (self._site, self._across, self._outputs, read_templates(self._outputs.templates))

    def __call__(self, wanted: tuple[int | None, Sequence[str]]) -> list[_Filled]:
        """Return the files at some paths. Raises RenderError."""
        place, paths = wanted
        if place is None:
            return _fill_in(self._whole[path] for path in paths)
        entry = self._site.entries[place]
        return _fill_in(files_of(entry, self._site, self._across, self._outputs, lambda path, _: path not in paths))

    @cached_property
    def _whole(self) -> Mapping[str, File]:
        return {file.path: file for file in files_of_site(self._site, self._across, self._outputs)}


def _fill(
    filler: _Filler, wanted: Iterable[tuple[Entry | None, Files]], workers: Workers
) -> Generator[tuple[Entry | None, Callable[[], list[_Filled]]]]:
    """Yield each brief, and None for each file of the site, with what fills in its files: workers, where there are many.

    That raises RenderError, or BuildError where a process is lost.
    """
    if workers.jobs == 1:
        yield from ((entry, partial(_fill_in, files)) for entry, files in _apart(wanted))
        return
    few: list[tuple[Entry | None, Sequence[File]]] = []
    pairs: list[tuple[Entry | None, tuple[int | None, list[str]]]] = []
    for place, (entry, files) in enumerate(_apart(wanted)):
        if files:
            pairs.append((entry, (place if entry else None, [file.path for file in files])))
            if len(few) <= _FEW:
                few.append((entry, files))
    if len(few) <= _FEW:
        yield from ((entry, partial(_fill_in, files)) for entry, files in few)
        return
    with closing(workers.start(filler, ((pair, pair[1]) for pair in pairs))) as calls:
        for (entry, (_, paths)), call in calls:
            yield entry, partial(_answer, paths[0], call)


def _apart(wanted: Iterable[tuple[Entry | None, Files]]) -> Iterator[tuple[Entry | None, Sequence[File]]]:
    """Yield briefs with their files, and each file of the site by itself."""
    for entry, files in wanted:
        if entry:
            yield entry, list(files())
        else:
            yield from ((None, [file]) for file in files())


def _answer(path: str, call: Callable[[], list[_Filled]]) -> list[_Filled]:
    try:
        return call()
    except WorkerLost as error:
        raise error.told_of(path, "filled it in") from error


def _fill_in(files: Iterable[File]) -> list[_Filled]:
    """Return some files filled in; what is blank has no text. Raises RenderError."""
    filled = []
    for file in files:
        with noting(file.covered) as reads:
            text = file.fill()
        filled.append(_Filled(file.path, file.own, text if text.strip() else "", frozenset(reads)))
    return filled


def _write(files: Sequence[_Filled], folder: Folder, slug: str = "") -> int:
    """Write some files; return how many."""
    for file in files:
        folder.write(file.path, file.text.encode(), slug=slug, own=file.own, reads=file.reads)
    return len(files)


def _write_index(site: Site, folder: Folder, facts: Facts) -> None:
    """Write what search needs, unless it is there, of the same pages."""
    pages = {slug: f"{slug}/index.html" for slug in sorted(entry.slug for entry in site.entries)}
    own = key_of("search", *(f"{slug} {folder.digest_of(page)}" for slug, page in pages.items()))
    there = folder.made_of(own)
    if there and all(folder.keeps(name, own, facts.digest) for name in there):
        return
    found = ((f"/{slug}/", folder.read(page)) for slug, page in pages.items())
    for name, content in make_index((address, page.decode()) for address, page in found if page).items():
        folder.write(name, content, own=own)
