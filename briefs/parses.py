"""What becomes of the articles of seeds: parsed by one process or several, or by an earlier build; in their order."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice

from briefs.cache import Cache, Parsed, key_of
from briefs.cores import MOST_THREADS
from briefs.errors import BriefsError, BuildError, SeedError
from briefs.evidence import Evidence, EvidenceKind, find_evidence
from briefs.inputs import digest_program
from briefs.readers import LONE_SUFFIXES
from briefs.readers.sidecar import sidecar_of
from briefs.rendering import PLAIN
from briefs.schema import Article, Brief
from briefs.seeds import Options, Seed, open_seed
from briefs.slugs import distinct, slug_of
from briefs.workers import WorkerLost, start_calls

_FEW = 8  # articles that take longer in several processes, which have to start, than in one

_Made = tuple[Brief, Evidence | None]
_Result = tuple[str | None, _Made | SeedError]
_Read = tuple[str | None, Article | SeedError]  # an article with a name of its own, where its seed may hold several


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


def parse_seeds(seeds: Iterable[Seed], options: Options, taken: set[str]) -> Generator[Result]:
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
