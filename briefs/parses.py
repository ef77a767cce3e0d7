"""What becomes of the articles of seeds: parsed by one process or several, or by an earlier build; in their order.

What is parsed goes into a cache and stays there: a build holds the cards of its briefs, and loads the rest when asked for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from briefs.cache import Cache, Parsed, Shown, key_of
from briefs.cards import Card, card_from_list, card_of, card_to_list, page_from_json, page_to_json
from briefs.cores import MOST_THREADS
from briefs.errors import BriefsError, BuildError, SeedError
from briefs.evidence import EvidenceKind, find_evidence
from briefs.inputs import Survey, digest_program, key_of_seed
from briefs.ledger import Source
from briefs.listing import Entry
from briefs.readers import LONE_SUFFIXES
from briefs.rendering import PLAIN
from briefs.schema import Article, Brief
from briefs.seeds import Options, Seed, open_seed
from briefs.slugs import distinct, slug_of
from briefs.stored import is_stored, read_briefs
from briefs.view import Page, view
from briefs.workers import WorkerLost, Workers

_FEW = 8  # articles that take longer in several processes, which have to start, than in one
_NEW_MOST = 20  # cards that are read from files of their own
_AT_HAND = 1000  # pages that are held in memory: those of the lists are asked for again and again

Found = TypeVar("Found")

# An article, or a brief that a batch has made of one, with a name of its own, where its seed may hold several.
_Read = tuple[str | None, Article | Brief | SeedError]
_Carded = tuple[str | None, Card]  # the same of a card


class _Unit(NamedTuple):
    """What one process does at a time: a seed that holds one article, or an article of another seed, and its key."""

    seed: Seed
    read: _Read | None
    key: str | None


class _Done(NamedTuple):
    """What became of a unit: the cards of its briefs, which are kept under a key, and what failed."""

    key: str
    carded: list[tuple[str | None, list[object]]]
    errors: list[tuple[str | None, SeedError]]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one article: an entry of the site, or an error; `number` counts the seeds, from 1.

    `known` is whether an earlier build had it parsed.
    """

    number: int
    seed: Seed
    slug: str
    source: Source | None = None
    entry: Entry | None = None
    error: BriefsError | None = None
    known: bool = False


class Parses:
    """The articles of the seeds of a build, and what was parsed of them. `taken` are slugs that no article of several gets."""

    def __init__(self, survey: Survey, options: Options, cache: Cache, taken: set[str]) -> None:
        self._survey, self._options, self._cache, self._taken = survey, options, cache, taken
        self._kind = shown(options)
        self._carded = cache.find_cards(self._list)
        self._used: dict[str, list[list[Any]]] = {}
        self._loads = _Loads(survey, options, cache)
        self.inputs = survey.inputs  # None where a seed changed while it was read

    @property
    def _list(self) -> str:
        """What the cards of such a build are kept under."""
        return key_of(self._kind, str(Path.cwd()), *(str(seed.path) for seed in self._survey.seeds[:1]))[:16]

    def each(self, workers: Workers) -> Generator[Result]:
        """Have seeds parsed by some workers, unless they were before; yield what became of each article.

        Results come in the order of the seeds. Raises BuildError where a process is lost, or the cache cannot be written.
        """
        options = self._options
        known: deque[tuple[int, _Unit, list[_Carded] | None]] = deque()  # None: not parsed before
        units = self._find_unknown(known)
        first = list(islice(units, _FEW + 1)) if options.jobs > 1 else []
        here = len(first) <= _FEW
        threads = options.threads
        if here:  # one process has the threads of all
            threads = max(threads, min(options.jobs * threads, MOST_THREADS))
        parse_unit = partial(_parse_unit, options=replace(options, threads=threads), cache=self._cache)
        with closing(workers.start(parse_unit, ((unit, unit) for unit in chain(first, units)), here=here)) as calls:
            for unit, call in calls:
                yield from self._take_known(known)
                try:
                    done = call()
                except WorkerLost as error:
                    raise error.told_of(unit.seed.path, "parsed it") from error
                number, _, _ = known.popleft()
                yield from self._take_done(number, unit, done)
        yield from self._take_known(known)

    def finish(self) -> None:
        """Keep what the next build asks for first, and remove from the cache what was not used for long."""
        new = sum(key not in self._carded for key in self._used)
        if new > max(_NEW_MOST, len(self._used) // 100):  # a few are found one by one, as fast as all are written
            self._cache.keep_cards(self._list, self._used)
        self._cache.tidy([name for key in self._used for name in (key, f"{key}.{self._kind}")], new=new)

    def last(self, slug: str, source: Source) -> Entry | None:
        """Return the entry of a brief that an earlier build made, where the cache still has it."""
        found = self._cache.find_shown(source.key, self._kind)
        if found is None or self._cache.find(source.key) is None:
            return None
        try:
            return self._entry(slug, source, card_from_list(found[source.number].card))
        except (LookupError, TypeError, ValueError):
            return None

    def _find_unknown(self, known: deque[tuple[int, _Unit, list[_Carded] | None]]) -> Iterator[_Unit]:
        """Yield the units that were not parsed before; note each unit in `known`."""
        for number, (seed, key) in enumerate(zip(self._survey.seeds, self._survey.keys, strict=True), 1):
            for unit in _units(seed, key, self._options):
                found = self._find_cards(unit.key) if unit.key else None
                known.append((number, unit, found))
                if found is None:
                    yield unit
            if seed.path.suffix.lower() not in LONE_SUFFIXES and key_of_seed(seed, self._options) != key:
                self.inputs = None

    def _find_cards(self, key: str) -> list[_Carded] | None:
        """Return the cards of a unit that was parsed before, and None where it was not."""
        if not self._cache.holds(key, self._kind):
            return None
        rows = self._carded.get(key)
        if rows is None:
            found = self._cache.find_shown(key, self._kind)
            if found is None:
                return None
            rows = [[each.known, each.card] for each in found]
        try:
            cards = [(known, card_from_list(card)) for known, card in rows]
        except (TypeError, ValueError):
            return None
        self._used[key] = rows
        return cards

    def _take_known(self, known: deque[tuple[int, _Unit, list[_Carded] | None]]) -> Iterator[Result]:
        """Yield what was parsed before, up to the first unit that was not."""
        while known and known[0][2] is not None:
            number, unit, cards = known.popleft()
            yield from self._name(number, unit, unit.key or "", cards or [], known=True)

    def _take_done(self, number: int, unit: _Unit, done: _Done) -> Iterator[Result]:
        if unit.read is None and done.key != unit.key:
            self.inputs = None
        self._used[done.key] = [list(row) for row in done.carded]
        cards = [(known, card_from_list(card)) for known, card in done.carded]
        yield from self._name(number, unit, done.key, cards)
        for known, error in done.errors:
            yield Result(number, unit.seed, self._slug(unit.seed, known), error=error)

    def _name(
        self, number: int, unit: _Unit, key: str, cards: Sequence[_Carded], *, known: bool = False
    ) -> Iterator[Result]:
        for place, (named, card) in enumerate(cards):
            slug, source = self._slug(unit.seed, named), Source(unit.seed.name, key, place)
            yield Result(number, unit.seed, slug, source, self._entry(slug, source, card), known=known)

    def _slug(self, seed: Seed, known: str | None) -> str:
        return seed.slug if known is None else distinct(slug_of(known), f"{seed.name} {known}", self._taken)

    def _entry(self, slug: str, source: Source, card: Card) -> Entry:
        return Entry(slug, card, partial(self._loads.page, source), partial(self._loads.brief, source))


class _Loads:
    """Pages and records of what was parsed, loaded from the cache. Other processes can be given it."""

    def __init__(self, survey: Survey, options: Options, cache: Cache) -> None:
        self._survey, self._options, self._cache = survey, options, cache
        self._page, self._brief = lru_cache(_AT_HAND)(self._find_page), lru_cache(2)(self._find_brief)

    def __reduce__(self) -> tuple[type[_Loads], tuple[Survey, Options, Cache]]:
        return _Loads, (self._survey, self._options, self._cache)

    def page(self, source: Source) -> Page:
        """Return what the pages of a brief show. Raises BuildError."""
        return self._page(source)

    def brief(self, source: Source) -> Brief:
        """Return the record of a brief. Raises BuildError."""
        return self._brief(source)

    def _find_page(self, source: Source) -> Page:
        kind = shown(self._options)

        def find() -> Page | None:
            found = self._cache.find_shown(source.key, kind)
            return page_from_json(found[source.number].page) if found and len(found) > source.number else None

        return self._find(source, find)

    def _find_brief(self, source: Source) -> Brief:
        def find() -> Brief | None:
            found = self._cache.find(source.key)
            return (
                Brief.model_validate_json(found[source.number].brief) if found and len(found) > source.number else None
            )

        return self._find(source, find)

    def _find(self, source: Source, find: Callable[[], Found | None]) -> Found:
        """Return what the cache has; where somebody took it away meanwhile, have it parsed again. Raises BuildError."""
        found = find()
        if found is not None:
            return found
        options = self._options
        seed = next((seed for seed in self._survey.seeds if seed.name == source.seed), None)
        for unit in _units(seed, key_of_seed(seed, options), options) if seed else ():
            if unit.key and source.key in {unit.key, key_of(unit.key)}:
                _parse_unit(unit, options, self._cache)
                found = find()
                if found is not None:
                    return found
        place = seed.path if seed else source.seed
        raise BuildError(f"{place}: changed while its brief was written; build again")


def shown(options: Options) -> EvidenceKind:
    """Return what is shown of articles: nothing but links in a site that somebody else makes."""
    return options.evidence if options.target == PLAIN else "link"


def _units(seed: Seed, key: str | None, options: Options) -> Iterator[_Unit]:
    """Yield the units of a seed. Articles of several are read as they are asked for: a feed may hold very many."""
    if seed.path.suffix.lower() in LONE_SUFFIXES:
        yield _Unit(seed, None, key)
        return
    for known, read in _read_seed(seed, options):
        own = None if isinstance(read, SeedError) else key_of(digest_program(), known or "", read.model_dump_json())
        yield _Unit(seed, (known, read), own)


def _parse_unit(unit: _Unit, options: Options, cache: Cache) -> _Done:
    """Parse what a unit holds and keep it in the cache: what other processes do in a build. Raises BuildError."""
    read, key = ([unit.read], unit.key) if unit.read else _read_whole(unit.seed, options)
    articles = [(known, article) for known, article in read if not isinstance(article, SeedError)]
    errors = [(known, error) for known, error in read if isinstance(error, SeedError)]
    if not key or not articles:
        return _Done("", [], errors)
    if errors:  # under a key by which no build finds it: it would miss what is wrong
        key = key_of(key)
    parsed = cache.find(key) or _parse_all(articles, options, cache, key)
    made = [_show(each, shown(options)) for each in parsed]
    cache.keep_shown(key, shown(options), made)
    return _Done(key, [(each.known, each.card) for each in made], errors)


def _parse_all(
    articles: Iterable[tuple[str | None, Article | Brief]], options: Options, cache: Cache, key: str
) -> list[Parsed]:
    from briefs.parsing import parse  # noqa: PLC0415 (the model is loaded where articles are parsed, and nowhere else)

    parsed = [
        Parsed(known, "", read.model_dump_json())
        if isinstance(read, Brief)
        else Parsed(known, read.model_dump_json(), parse(read, threads=options.threads).model_dump_json())
        for known, read in articles
    ]
    cache.keep(key, parsed)
    return parsed


def _show(parsed: Parsed, kind: EvidenceKind) -> Shown:
    brief = Brief.model_validate_json(parsed.brief)
    if kind == "link" or not parsed.article:  # of a brief from a table, the article is not known
        evidence = None
    else:
        evidence = find_evidence(Article.model_validate_json(parsed.article), brief, kind)
    page = view(brief, evidence)
    return Shown(parsed.known, page_to_json(page), card_to_list(card_of(brief, page)))


def _read_whole(seed: Seed, options: Options) -> tuple[list[_Read], str | None]:
    """Return the articles of a seed and its key, of the same bytes."""
    while True:
        key = key_of_seed(seed, options)
        read = list(_read_seed(seed, options))
        if key_of_seed(seed, options) == key:
            return read, key


def _read_seed(seed: Seed, options: Options) -> Iterator[_Read]:
    """Yield the articles of a seed; each with a name of its own where the form of the seed may hold several."""
    try:
        if is_stored(seed.path):
            for brief in read_briefs(seed.path):
                yield (None, brief) if isinstance(brief, SeedError) else (brief.origin.id or brief.headline.text, brief)
            return
        with open_seed(seed.path, options, name=seed.name) as articles:
            for read in articles.each:
                if articles.several and isinstance(read, Article):
                    yield read.origin.id or read.headline.of(read.text), read
                else:
                    yield None, read
    except SeedError as error:
        yield None, error
