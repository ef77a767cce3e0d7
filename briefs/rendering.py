"""Brief → Markdown, HTML, summary and JSON, and briefs → the list of them, feeds and sitemaps.

The outputs are those of the templates (see `templating`): each is what a template makes of a brief or of all briefs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from briefs.across import Across
from briefs.errors import RenderError
from briefs.schema import Brief
from briefs.templating import STYLESHEET, fill, stylesheet, template_folders
from briefs.view import EVIDENCE_FILE, Entry, Site, view

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
_RECORD = f"{_SLUG}/brief.json"  # no template makes it: it has every character of the article


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

    def paths(self, entry: Entry, site: Site) -> Iterator[str]:
        """Yield the paths of the files of a brief. One without a day has that of the site."""
        named = [_RECORD] * (self.target == PLAIN) + [path for path, _ in self.each]
        return (_placed(path, entry, site) for path in named)


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
        each = (*_FILES, *((f"{_SLUG}/{name.removesuffix('.j2')}", name) for name in own))
        return Outputs(target, templates, each, tuple(_below(_SITE, templates)))
    found = _below(f"{_TARGETS}{target}/", templates)
    each = tuple(pair for pair in found if _SLUG in pair[0])
    return Outputs(target, templates, each, tuple(pair for pair in found if _SLUG not in pair[0]))


def render_files(
    brief: Brief, entry: Entry, site: Site, across: Across, outputs: Outputs | None = None
) -> tuple[tuple[str, str], ...]:
    """Return the paths and contents of all files of a brief; of a site by itself where `outputs` are none.

    A template that prints nothing makes no file. Raises RenderError.
    """
    outputs = outputs or find_outputs()
    variables = {
        "brief": brief,
        "page": entry.page,
        "slug": entry.slug,
        "date": entry.date,
        "site": site,
        "across": across,
        "links": across.links(entry.slug),
        "related": across.related(entry.slug),
        "home": "../index.html",
        "root": "../",
        **_styling(outputs.templates, f"../{STYLESHEET}"),
    }
    filled = (
        (_placed(path, entry, site), fill(name, variables, templates=outputs.templates)) for path, name in outputs.each
    )
    made = tuple(pair for pair in filled if pair[1].strip())
    return (*made, (_placed(_RECORD, entry, site), render(brief, "json"))) if outputs.target == PLAIN else made


def render_site(site: Site, across: Across, outputs: Outputs | None = None) -> Iterator[tuple[str, str]]:
    """Yield the paths and contents of the files that a site has beside its briefs.

    For a site by itself they are the stylesheet; the pages of actors, tags, sections and months; and what the templates below
    `site/` make: the list of briefs, and feeds and sitemaps where `site.url` is known. A template that prints nothing makes
    no file. Raises RenderError.
    """
    outputs = outputs or find_outputs()
    everywhere = {"site": site, "across": across}
    if outputs.target == PLAIN:
        yield STYLESHEET, stylesheet(outputs.templates)
    for path, name in outputs.whole:
        page = _page(path, name, everywhere, outputs.templates)
        if page[1].strip():
            yield page
    if outputs.target == PLAIN:
        yield from _pages(across, everywhere, outputs.templates)


def _placed(path: str, entry: Entry, site: Site) -> str:
    return path.replace(_DATE, entry.day or site.made[:10]).replace(_SLUG, entry.slug)


def _below(folder: str, templates: Path | None) -> list[tuple[str, str]]:
    """Return what the templates in a folder make, by path below it, and their names."""
    found = {
        path.relative_to(place).as_posix()
        for place in template_folders(templates)
        for path in (place / folder).rglob("*.j2")
    }
    return [(name.removeprefix(folder).removesuffix(".j2"), name) for name in sorted(found)]


def _pages(across: Across, everywhere: Mapping[str, object], templates: Path | None) -> Iterator[tuple[str, str]]:
    for portrait in across.actors:
        yield _page(f"actors/{portrait.slug}.html", "pages/actor.html.j2", {**everywhere, "actor": portrait}, templates)
    for kind, shelves in (("tags", across.tags), ("sections", across.sections), ("archive", across.months)):
        for shelf in shelves:
            variables = {**everywhere, "shelf": shelf, "kind": kind}
            yield _page(f"{kind}/{shelf.slug}.html", "pages/shelf.html.j2", variables, templates)


def _page(file: str, template: str, variables: Mapping[str, object], templates: Path | None) -> tuple[str, str]:
    """Return the path of a file of a site and its contents."""
    root = "../" * file.count("/")
    own = {"file": file, "root": root, **_styling(templates, f"{root}{STYLESHEET}")}
    return file, fill(template, {**variables, **own}, templates=templates)


def _styling(templates: Path | None, href: str | None) -> dict[str, object]:
    return {"stylesheet": href, "css": stylesheet(templates) if href is None else ""}
