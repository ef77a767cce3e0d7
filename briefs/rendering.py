"""Brief → Markdown, HTML, summary and JSON, and briefs → the list of them, feeds and sitemaps.

The outputs are those of the templates (see `templating`): each is what a template makes of a brief or of all briefs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from briefs.across import SHELF_KINDS, Across
from briefs.errors import RenderError
from briefs.facts import of_actor, of_entry, of_shelf, own_of_entry
from briefs.listing import Entry, Site
from briefs.schema import Brief
from briefs.templating import STYLESHEET, fill, stylesheet, template_folders
from briefs.view import EVIDENCE_FILE, view

OutputForm = Literal["md", "html", "summary", "json"]

_TEMPLATES: dict[OutputForm, str] = {"md": "brief.md.j2", "html": "brief.html.j2", "summary": "summary.txt.j2"}
_SITE = "site/"  # templates below it are filled in once for all briefs
_TARGETS = "targets/"  # below it are those of the other targets, a folder each
PLAIN = "plain"  # the target that is a site by itself
_SLUG, _DATE = "SLUG", "DATE"  # what in the name of a target's template stands for a brief
_FILES = (  # of a brief in a site by itself, with the templates that make them
    (f"{_SLUG}/index.html", "brief.html.j2"),
    (f"{_SLUG}/{EVIDENCE_FILE}", "evidence.html.j2"),
    (f"{_SLUG}/brief.md", "brief.md.j2"),
    (f"{_SLUG}/summary.txt", "summary.txt.j2"),
    (f"{_SLUG}/annotations.json", "annotations.json.j2"),
    (f"{_SLUG}/ninjs.json", "ninjs.json.j2"),
)
_JSON = "brief.json"  # no template makes it: it has every character of the article
_RECORD = (f"{_SLUG}/{_JSON}", _JSON)


class File(NamedTuple):
    """A file of a site: its path, and what fills it in. What is blank is no file.

    `own` is a digest of what the file alone is made from, and `covered` has the names of the facts that are in it.
    `fill` raises RenderError.
    """

    path: str
    own: str
    covered: Set[str]
    fill: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a target has made: the paths of files, and the templates that make them.

    Those of `each` are made for each brief: in their paths SLUG stands for its name and DATE for its day. Those of `whole`
    are made once.
    """

    target: str
    templates: Path | None
    each: tuple[tuple[str, str], ...]
    whole: tuple[tuple[str, str], ...]

    def placed(self, entry: Entry, site: Site) -> Iterator[tuple[str, str]]:
        """Yield the paths of the files of a brief, and what makes them. One without a day has that of the site."""
        day, slug = entry.day or site.made[:10], entry.slug
        for path, name in self.each:
            yield (
                path.replace(_SLUG, slug) if _DATE not in path else path.replace(_DATE, day).replace(_SLUG, slug),
                name,
            )


# Says of a path, and of a digest of what is its own, whether the file that is there can stay.
Kept = Callable[[str, str], bool]


def _none(_path: str, _own: str) -> bool:
    return False


def render(
    brief: Brief,
    form: OutputForm,
    *,
    templates: Path | None = None,
    stylesheet: str | None = None,
) -> str:
    r"""Return `brief` as Markdown ("md"), HTML, a summary of one line, or JSON; all end with a newline.

    `templates` is a folder whose files win over those of the package. `stylesheet` is the address that an HTML page
    links to; None puts the stylesheet into the page, which then stands alone. Raises RenderError, with file and line, where
    a template is missing, broken or names what is not there.

    >>> from briefs.schema import Origin, Passage, Span
    >>> headline = Passage(text="Selmoor dam holds", span=Span(start=0, end=17))
    >>> brief = Brief(headline=headline, lede=(), actors=(), claims=(), context=(), outlook=(), summary=(),
    ...               origin=Origin(path="", sha256=""), tagger="1")
    >>> render(brief, "summary")
    'Selmoor dam holds\n'
    """
    if form == "json":
        return brief.model_dump_json(indent=2) + "\n"
    if form not in _TEMPLATES:
        raise RenderError(f"no output form {form!r}; expected one of md, html, summary, json")
    variables: dict[str, object] = {
        "brief": brief,
        "page": view(brief),
        "home": None,
        "site": None,
        "slug": None,
        "date": None,
        "across": None,
        "links": {},
        "related": (),
        "root": "",
    }
    if form == "html":
        variables |= _styling(templates, stylesheet)
    return fill(_TEMPLATES[form], variables, templates=templates)


def find_targets(templates: Path | None = None) -> tuple[str, ...]:
    """Return the names of all targets: a site by itself, and what has a folder below `targets/`.

    >>> find_targets()[:3]
    ('plain', 'astro', 'eleventy')
    """
    found = {path.name for folder in template_folders(templates) for path in (folder / _TARGETS).glob("*/")}
    return (PLAIN, *sorted(found - {PLAIN}))


def find_outputs(target: str = PLAIN, *, templates: Path | None = None) -> Outputs:
    """Return what a target has made.

    For a site by itself, each template `NAME.EXT.j2` of the user's own makes `SLUG/NAME.EXT`, and `site/PATH.j2` makes `PATH`;
    for another target, `targets/TARGET/PATH.j2` makes `PATH`.
    """
    if target == PLAIN:
        known = {name for _, name in _FILES}
        own = sorted(path.name for path in templates.glob("*.j2") if path.name not in known) if templates else []
        each = (*_FILES, *((f"{_SLUG}/{name.removesuffix('.j2')}", name) for name in own), _RECORD)
        return Outputs(target, templates, each, tuple(_below(_SITE, templates)))
    found = _below(f"{_TARGETS}{target}/", templates)
    each = tuple(pair for pair in found if _SLUG in pair[0])
    return Outputs(target, templates, each, tuple(pair for pair in found if _SLUG not in pair[0]))


def files_of(entry: Entry, site: Site, across: Across, outputs: Outputs, kept: Kept = _none) -> Iterator[File]:
    """Yield the files of a brief, but for those that are kept."""
    own = of_entry(entry, across)
    for path, name in outputs.placed(entry, site):
        if not kept(path, own):
            yield File(
                path, own, own_of_entry(entry), partial(_fill_brief, name, entry, site, across, outputs.templates)
            )


def _fill_brief(name: str, entry: Entry, site: Site, across: Across, templates: Path | None) -> str:
    if name == _JSON:
        return render(entry.brief, "json")
    variables = {
        "brief": entry.brief,
        "page": entry.page,
        "slug": entry.slug,
        "date": entry.date,
        "site": site,
        "across": across,
        "links": across.links(entry.slug),
        "related": across.related(entry.slug),
        "home": "../index.html",
        "root": "../",
        **_styling(templates, f"../{STYLESHEET}"),
    }
    return fill(name, variables, templates=templates)


def files_of_site(site: Site, across: Across, outputs: Outputs, kept: Kept = _none) -> Iterator[File]:
    """Yield the files that a site has beside its briefs, but for those that are kept.

    For a site by itself they are the stylesheet; the pages of actors, tags, sections and months; and what the templates below
    `site/` make: the list of briefs, and feeds and sitemaps where `site.url` is known.
    """

    def filled(path: str, name: str, **variables: object) -> str:
        root = "../" * path.count("/")
        styling = _styling(outputs.templates, f"{root}{STYLESHEET}")
        everywhere = {"site": site, "across": across, "file": path, "root": root}
        return fill(name, {**everywhere, **styling, **variables}, templates=outputs.templates)

    if outputs.target == PLAIN and not kept(STYLESHEET, ""):
        yield File(STYLESHEET, "", frozenset(), partial(stylesheet, outputs.templates))
    for path, name in outputs.whole:
        if not kept(path, ""):
            yield File(path, "", frozenset(), partial(filled, path, name))
    if outputs.target != PLAIN:
        return
    for actor in across.actors:
        path, own = f"actors/{actor.slug}.html", of_actor(actor)
        if not kept(path, own):
            yield File(path, own, {f"actor {actor.slug}"}, partial(filled, path, "pages/actor.html.j2", actor=actor))
    for kind in SHELF_KINDS:
        for shelf in across.shelves(kind):
            path, own = f"{kind}/{shelf.slug}.html", of_shelf(shelf)
            if not kept(path, own):
                fill_shelf = partial(filled, path, "pages/shelf.html.j2", shelf=shelf, kind=kind)
                yield File(path, own, {f"{kind} {shelf.slug}"}, fill_shelf)


def _below(folder: str, templates: Path | None) -> list[tuple[str, str]]:
    """Return what the templates in a folder make, by path below it, and their names."""
    found = {
        path.relative_to(place).as_posix()
        for place in template_folders(templates)
        for path in (place / folder).rglob("*.j2")
    }
    return [(name.removeprefix(folder).removesuffix(".j2"), name) for name in sorted(found)]


def _styling(templates: Path | None, href: str | None) -> dict[str, object]:
    return {"stylesheet": href, "css": stylesheet(templates) if href is None else ""}
