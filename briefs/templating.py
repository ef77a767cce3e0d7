"""Jinja's side of rendering: where templates are found, what they can use, and what becomes of their faults.

The templates ship with the package; a user's folder of templates wins over them file by file. Templates are trusted
code, article text is not: HTML and XML are escaped by default, Markdown through the filter `md`, and no output holds
control characters. jinja2 is imported on first use.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from briefs.errors import RenderError
from briefs.escape import clean, curly, md, md_url, quoted, tagless, visible
from briefs.exports import catalog, ninjs, web_annotations
from briefs.feeds import json_feed
from briefs.fragments import text_fragment
from briefs.linked_data import linked_data
from briefs.moments import dated, timestamp
from briefs.reads import read
from briefs.slugs import terms
from briefs.timeline import timeline

if TYPE_CHECKING:
    from jinja2 import Environment

STYLESHEET = "style.css"
_OURS = "briefs"  # before the name of a template, that of the package and not the one that replaces it
Source = tuple[str, str | None] | None  # the text of a template and its file; None: there is none
# What the code of a template can raise apart from Jinja's own errors. Nothing else is caught.
_TEMPLATE_FAULTS = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


def fill(name: str, variables: Mapping[str, object], *, templates: Path | None) -> str:
    """Return the template `name` filled in, with one newline at its end. Raises RenderError for any fault of it."""
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError  # noqa: PLC0415 (slow, so late)

    environment = _environment(template_folders(templates))
    read(f"template {name}")
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


def forget_templates() -> None:
    """Have templates read anew that were read before: a process may outlive changes of them."""
    _environment.cache_clear()
    _sources.cache_clear()


def read_templates(templates: Path | None) -> Mapping[str, Source]:
    """Return all templates by name, as they are used in this process from now on: another can be given them."""
    folders = template_folders(templates)
    names = {path.relative_to(folder).as_posix() for folder in folders for path in folder.rglob("*") if path.is_file()}
    for name in sorted(names | {f"{_OURS}/{name}" for name in names}):
        template_source(name, templates)
    return _sources(folders)


def use_templates(templates: Path | None, found: Mapping[str, Source]) -> None:
    """Have templates used as another process has read them."""
    _sources(template_folders(templates)).update(found)


def template_source(name: str, templates: Path | None) -> str | None:
    """Return the text of the file that is used as a template of this name, or as the stylesheet; None where there is none."""
    from jinja2 import TemplateNotFound  # noqa: PLC0415

    environment = _environment(template_folders(templates))
    try:
        return environment.loader.get_source(environment, name)[0] if environment.loader else None
    except (TemplateNotFound, UnicodeDecodeError):
        return None


def stylesheet(templates: Path | None = None) -> str:
    """Return the stylesheet of the pages: the user's `style.css` or that of the package. Raises RenderError."""
    read(f"template {STYLESHEET}")
    found = template_source(STYLESHEET, templates)
    if found is not None:
        return found
    for folder in template_folders(templates):
        path = folder / STYLESHEET
        if path.is_file():
            raise RenderError(f"{path}: cannot be read as UTF-8 text")
    raise RenderError(f"no {STYLESHEET} in {', '.join(map(str, template_folders(templates)))}")


def _place(error: BaseException, name: str) -> str:
    """Return `FILE:LINE` of the innermost template in the traceback of `error`: Jinja puts template lines into it."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else name


def template_folders(templates: Path | None) -> tuple[Path, ...]:
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
        if (folder / STYLESHEET).is_file():
            return folder
    raise RenderError(f"{package / 'templates'}: the templates of briefs are not there; install it again")


@cache
def _sources(_places: tuple[Path, ...]) -> dict[str, Source]:
    """Return the templates that were read until now, by name."""
    return {}


@cache
def _environment(places: tuple[Path, ...]) -> Environment:
    from jinja2 import (  # noqa: PLC0415
        BaseLoader,
        ChoiceLoader,
        Environment,
        FileSystemLoader,
        PrefixLoader,
        StrictUndefined,
        TemplateNotFound,
        select_autoescape,
    )

    class Once(BaseLoader):
        """Reads each template once: what is filled in and what is told of it (`template_source`) are the same text."""

        def __init__(self, loader: BaseLoader) -> None:
            self._loader, self._found = loader, _sources(places)

        def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
            if template not in self._found:
                try:
                    self._found[template] = self._loader.get_source(environment, template)[:2]
                except TemplateNotFound:
                    self._found[template] = None
            source = self._found[template]
            if source is None:
                raise TemplateNotFound(template)
            return *source, None

    first_of = FileSystemLoader([str(folder) for folder in places])  # tried in order: a choice, file by file
    ours = PrefixLoader({_OURS: FileSystemLoader(str(places[-1]))})  # for templates that extend the one they replace

    class Noting(Environment):
        """Notes which templates are asked for, also those that are not there."""

        def join_path(self, template: str, parent: str) -> str:
            read(f"template {template}")
            return super().join_path(template, parent)

    environment = Noting(
        loader=Once(ChoiceLoader([first_of, ours])),
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
        "curly": curly,
        "md": md,
        "md_url": md_url,
        "text_fragment": text_fragment,
        "timestamp": timestamp,
        "dated": dated,
        "quoted": quoted,
        "tagless": tagless,
        "terms": terms,
        "timeline": timeline,
        "linked_data": linked_data,
        "json_feed": json_feed,
        "web_annotations": web_annotations,
        "ninjs": ninjs,
        "catalog": catalog,
    }
    return environment


def _finalize(value: object) -> object:
    """Keep control characters and None out of every output, whatever a template prints."""
    if isinstance(value, str):
        return type(value)(visible(value))  # markup stays markup
    return "" if value is None else value
