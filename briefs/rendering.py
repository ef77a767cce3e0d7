"""Brief → Markdown, HTML, summary and JSON, and briefs → the list of them, feeds and sitemaps.

The templates ship with the package; a user's folder of templates wins over them file by file. Templates are trusted
code, article text is not: HTML and XML are escaped by default, Markdown through the filter `md`, and no output holds
control characters. jinja2 is imported on first use.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from briefs.across import Across
from briefs.errors import RenderError
from briefs.escape import clean, md, visible
from briefs.exports import ninjs, web_annotations
from briefs.feeds import json_feed
from briefs.fragments import text_fragment
from briefs.linked_data import linked_data
from briefs.moments import timestamp
from briefs.schema import Brief
from briefs.view import Entry, Site, view

if TYPE_CHECKING:
    from jinja2 import Environment

OutputForm = Literal["md", "html", "summary", "json"]

_TEMPLATES: dict[OutputForm, str] = {"md": "brief.md.j2", "html": "brief.html.j2", "summary": "summary.txt.j2"}
_SITE = "site/"  # templates below it are filled in once for all briefs
_STYLESHEET = "style.css"
_FILES = {  # by template
    "brief.html.j2": "index.html",
    "brief.md.j2": "brief.md",
    "summary.txt.j2": "summary.txt",
    "annotations.json.j2": "annotations.json",
    "ninjs.json.j2": "ninjs.json",
}
RECORD = "brief.json"
BRIEF_FILES = (*_FILES.values(), RECORD)
# What the code of a template can raise apart from Jinja's own errors. Nothing else is caught.
_TEMPLATE_FAULTS = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


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
        "across": None,
        "links": {},
        "related": (),
        "root": "",
    }
    if form == "html":
        variables |= _styling(templates, stylesheet)
    return _fill(_TEMPLATES[form], variables, templates=templates)


def render_files(
    brief: Brief, entry: Entry, site: Site, across: Across, *, templates: Path | None = None
) -> tuple[tuple[str, str], ...]:
    """Return the names and contents of all files of a brief in the folder that it has as an entry of a site.

    Beside those that ship, each template `NAME.EXT.j2` of the user's own makes a file `NAME.EXT`. A template that prints
    nothing makes none. Raises RenderError.
    """
    variables = {
        "brief": brief,
        "page": entry.page,
        "slug": entry.slug,
        "site": site,
        "across": across,
        "links": across.links(entry.slug),
        "related": across.related(entry.slug),
        "home": "../index.html",
        "root": "../",
        **_styling(templates, f"../{_STYLESHEET}"),
    }
    own = sorted(path.name for path in templates.glob("*.j2")) if templates else []
    names = _FILES | {name: name.removesuffix(".j2") for name in own if name not in _FILES}
    filled = tuple((file, _fill(name, variables, templates=templates)) for name, file in names.items())
    return (*(pair for pair in filled if pair[1].strip()), (RECORD, render(brief, "json")))


def render_site(site: Site, across: Across, *, templates: Path | None = None) -> Iterator[tuple[str, str]]:
    """Yield the paths and contents of the files that a site has beside its briefs.

    They are the stylesheet; the pages of actors, tags, sections and months; and what each template `site/PATH.j2` makes as
    `PATH`, if it prints anything: the list of briefs, and feeds and sitemaps where `site.url` is known. Raises RenderError.
    """
    yield _STYLESHEET, stylesheet(templates)
    everywhere = {"site": site, "across": across}
    found = {
        path.relative_to(folder).as_posix() for folder in _folders(templates) for path in (folder / _SITE).rglob("*.j2")
    }
    for name in sorted(found):
        page = _page(name.removeprefix(_SITE).removesuffix(".j2"), name, everywhere, templates)
        if page[1].strip():
            yield page
    for portrait in across.actors:
        yield _page(f"actors/{portrait.slug}.html", "pages/actor.html.j2", everywhere | {"actor": portrait}, templates)
    for kind, shelves in (("tags", across.tags), ("sections", across.sections), ("archive", across.months)):
        for shelf in shelves:
            variables = everywhere | {"shelf": shelf, "kind": kind}
            yield _page(f"{kind}/{shelf.slug}.html", "pages/shelf.html.j2", variables, templates)


def _page(file: str, template: str, variables: Mapping[str, object], templates: Path | None) -> tuple[str, str]:
    """Return the path of a file of a site and its contents."""
    root = "../" * file.count("/")
    own = {"file": file, "root": root, **_styling(templates, f"{root}{_STYLESHEET}")}
    return file, _fill(template, {**variables, **own}, templates=templates)


def stylesheet(templates: Path | None = None) -> str:
    """Return the stylesheet of the pages: the user's `style.css` or that of the package. Raises RenderError."""
    for folder in _folders(templates):
        path = folder / _STYLESHEET
        if path.is_file():
            try:
                return path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise RenderError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    raise RenderError(f"no {_STYLESHEET} in {', '.join(map(str, _folders(templates)))}")


def _styling(templates: Path | None, href: str | None) -> dict[str, object]:
    return {"stylesheet": href, "css": stylesheet(templates) if href is None else ""}


def _fill(name: str, variables: Mapping[str, object], *, templates: Path | None) -> str:
    """Return the template `name` filled in, with one newline at its end. Raises RenderError for any fault of it."""
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError  # noqa: PLC0415 (slow, so late)

    environment = _environment(_folders(templates))
    try:
        return environment.get_template(name).render(variables).strip("\n") + "\n"
    except TemplateNotFound as error:
        raise RenderError(f"{_place(error, name)}: no template {error.name!r}") from error
    except TemplateSyntaxError as error:
        raise RenderError(f"{error.filename or error.name or name}:{error.lineno}: {error.message}") from error
    except TemplateError as error:
        raise RenderError(f"{_place(error, name)}: {error.message}") from error
    except _TEMPLATE_FAULTS as error:
        raise RenderError(f"{_place(error, name)}: {type(error).__name__}: {error}") from error


def _place(error: BaseException, name: str) -> str:
    """Return `FILE:LINE` of the innermost template in the traceback of `error`: Jinja puts template lines into it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else name


def _folders(templates: Path | None) -> tuple[Path, ...]:
    """Return the folders of templates, the first to win first."""
    if templates is None:
        return (_own_folder(),)
    if not templates.is_dir():
        raise RenderError(f"{templates}: no such folder of templates")
    return (templates.resolve(), _own_folder())


@cache
def _own_folder() -> Path:
    package = Path(__file__).resolve().parent
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / _STYLESHEET).is_file():
            return folder
    raise RenderError(f"{package / 'templates'}: the templates of briefs are not there; install it again")


@cache
def _environment(folders: tuple[Path, ...]) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape  # noqa: PLC0415

    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),  # tried in order: a choice, file by file
        autoescape=select_autoescape(enabled_extensions=("html.j2", "xml.j2"), default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.policies["json.dumps_kwargs"] = {
        "sort_keys": False,
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    environment.filters |= {
        "clean": clean,
        "md": md,
        "text_fragment": text_fragment,
        "timestamp": timestamp,
        "linked_data": linked_data,
        "json_feed": json_feed,
        "web_annotations": web_annotations,
        "ninjs": ninjs,
    }
    return environment


def _finalize(value: object) -> object:
    """Keep control characters and None out of every output, whatever a template prints."""
    if isinstance(value, str):
        return type(value)(visible(value))  # markup stays markup
    return "" if value is None else value
