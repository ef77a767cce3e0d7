"""Brief → Markdown, HTML, summary and JSON, and briefs → the list of them.

The templates ship with the package; a user's folder of templates wins over them file by file. Templates are trusted
code, article text is not: HTML and XML are escaped by default, Markdown through the filter `md`, and no output holds
control characters. jinja2 is imported on first use.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from briefs.errors import RenderError
from briefs.escape import clean, md, visible
from briefs.fragments import text_fragment
from briefs.linked_data import linked_data
from briefs.schema import Brief
from briefs.view import entries, view

if TYPE_CHECKING:
    from jinja2 import Environment

OutputForm = Literal["md", "html", "summary", "json"]

_TEMPLATES: dict[OutputForm, str] = {"md": "brief.md.j2", "html": "brief.html.j2", "summary": "summary.txt.j2"}
_INDEX = "index.html.j2"
_STYLESHEET = "style.css"
# What the code of a template can raise apart from Jinja's own errors. Nothing else is caught.
_TEMPLATE_FAULTS = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


def render(
    brief: Brief,
    form: OutputForm,
    *,
    templates: Path | None = None,
    stylesheet: str | None = None,
    home: str | None = None,
) -> str:
    r"""Return `brief` as Markdown ("md"), HTML, a summary of one line, or JSON; all end with a newline.

    `templates` is a folder whose files win over those of the package. `stylesheet` is the address that an HTML page
    links to; None puts the stylesheet into the page, which then stands alone. `home` is the address of the list of
    briefs. Raises RenderError, with file and line, where a template is missing, broken or names what is not there.

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
    variables: dict[str, object] = {"brief": brief, "page": view(brief), "home": home}
    if form == "html":
        variables |= _styling(templates, stylesheet)
    return _fill(_TEMPLATES[form], variables, templates=templates)


def render_index(
    briefs: Iterable[tuple[str, Brief]],
    *,
    templates: Path | None = None,
    stylesheet: str | None = None,
    title: str = "Briefs",
) -> str:
    """Return the HTML page that lists `briefs`, pairs of the name of a brief's folder and the brief, newest first.

    `stylesheet` as for `render`. Raises RenderError.
    """
    variables: dict[str, object] = {"entries": entries(briefs), "title": title}
    return _fill(_INDEX, variables | _styling(templates, stylesheet), templates=templates)


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
        if (folder / _INDEX).is_file():
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
    environment.filters |= {"clean": clean, "md": md, "text_fragment": text_fragment, "linked_data": linked_data}
    return environment


def _finalize(value: object) -> object:
    """Keep control characters and None out of every output, whatever a template prints."""
    if isinstance(value, str):
        return type(value)(visible(value))  # markup stays markup
    return "" if value is None else value
