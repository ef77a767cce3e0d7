"""Settings of a project: options of `briefs build` that stand in a file, for all commands that have them.

They come in below the command line, as the context's `default_map`. Each option is defined once, where its command is: that
gives its key, its kind and what it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from briefs.cli.toml_file import TomlFile
    from briefs.errors import ConfigError

OWN, PROJECT = "briefs.toml", "pyproject.toml"
_TABLE = ("tool", "briefs")  # where the settings are in the latter
_LOADED = "briefs.settings"  # their name in the context
_LONGEST = 60  # characters of a key or a value in an error
_FROM_FILE = "DEFAULT_MAP"
_NOUNS = {bool: "boolean", int: "integer", float: "float", str: "string"}
_EXPECTED = {bool: "true or false", int: "an integer", str: "a string", Path: "a string", dict: "a table of strings"}


class Key(NamedTuple):
    """An option or argument of `briefs build` as a setting: its name, its parameter in Python, the kind of its values.

    The kind is bool, int, str or Path, or dict for an option that may be repeated.
    """

    name: str
    parameter: str
    kind: type


class Settings(NamedTuple):
    """The settings that a file has, and the keys that lead to their table."""

    file: TomlFile
    table: tuple[str, ...]
    values: Mapping[str, object]

    def place(self, *keys: str) -> str:
        """Return `FILE:LINE` of a setting, or of the table."""
        return f"{self.file.path}:{self.file.line(*self.table, *keys)}"

    def error(self, message: str, *keys: str) -> ConfigError:
        """Return an error about a setting."""
        from briefs.errors import ConfigError

        return ConfigError(str(self.file.path), self.file.line(*self.table, *keys), message)


def find_settings(folder: Path = Path()) -> Settings | None:
    """Return the settings of a folder: those of its briefs.toml, or of the table [tool.briefs] of its pyproject.toml.

    Raises ConfigError where one of the files cannot be read, or both have settings.
    """
    # Most that are broken, or take long to read, are none of our business: a file without the word has no such table.
    found = (_read_settings(folder / OWN), _read_settings(folder / PROJECT, word=_TABLE[-1]))
    filled = [settings for settings in found if settings is not None and settings.values]
    if len(filled) > 1:
        own, project = filled
        message = f"settings here and in {project.place()}, [{'.'.join(_TABLE)}]; expected one of the two"
        raise own.error(message, next(iter(own.values)))
    return filled[0] if filled else None


def _read_settings(path: Path, *, word: str = "") -> Settings | None:
    from briefs.cli.toml_file import read_toml

    file = read_toml(path, word=word)
    if file is None:
        return None
    if path.name != PROJECT:
        return Settings(file, (), file.values)
    tools = file.values.get(_TABLE[0])
    if not isinstance(tools, dict) or _TABLE[1] not in tools:
        return None
    settings = Settings(file, _TABLE, tools[_TABLE[1]])
    if not isinstance(settings.values, dict):
        raise settings.error(f"'{'.'.join(_TABLE)}' is {_described(settings.values)}; expected a table")
    return settings


def _load(ctx: typer.Context, named: Path | None) -> Path | None:
    """Put the settings of a file, or else of the current folder, below the command line. Raises ConfigError."""
    from briefs.errors import ConfigError

    settings = find_settings() if named is None else _read_settings(named)
    if settings is not None:
        ctx.default_map = _defaults(settings, find_keys(ctx))
        ctx.meta[_LOADED] = settings
    elif named is not None:
        raise ConfigError(str(named), 1, f"no settings; expected a table [{'.'.join(_TABLE)}]")
    return named


ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        is_eager=True,  # before the options for which it has values
        callback=_load,
        help="File of settings; if not given, briefs.toml, or [tool.briefs] in pyproject.toml, of the current folder.",
    ),
]


def find_keys(ctx: typer.Context) -> tuple[Key, ...]:
    """Return all keys that a file of settings may have, in the order of the help of `briefs build`."""
    from briefs.cli.building import ONCE, build

    root, hints = ctx.find_root().command, get_type_hints(build)
    command = root.get_command(ctx, "build") if isinstance(root, TyperGroup) else None
    parameters = command.params if command else []
    return tuple(
        Key(max(parameter.opts, key=len).lstrip("-"), str(parameter.name), _kind(hints[str(parameter.name)]))
        for parameter in parameters
        if parameter.name not in {"config", *ONCE}
    )


def _kind(hint: Any) -> type:  # noqa: ANN401 - a type, or several in one
    """Return the kind of the values of a parameter.

    >>> [_kind(hint) for hint in (bool, int | None, list[str] | None, Path, typer.Exit)]
    [<class 'bool'>, <class 'int'>, <class 'dict'>, <class 'pathlib.Path'>, <class 'str'>]
    """
    plain = get_args(hint)[0] if isinstance(hint, UnionType) else hint
    if get_origin(plain) is list:
        return dict
    return plain if plain in {bool, int, Path} else str


def _defaults(settings: Settings, keys: Iterable[Key]) -> dict[str, object]:
    """Return the settings by parameter, as the command line would have them. Raises ConfigError."""
    known = {key.name: key for key in keys}
    defaults: dict[str, object] = {}
    for name, value in settings.values.items():
        if name not in known:
            raise _unknown(settings, known, name)
        key = known[name]
        _check(settings, value, key.kind, name)
        if key.kind is Path:
            defaults[key.parameter] = settings.file.path.parent / str(value)
        elif isinstance(value, dict):
            defaults[key.parameter] = [f"{field}={of}" for field, of in _names(settings, value, name)]
        else:
            defaults[key.parameter] = value
    return defaults


def _names(settings: Settings, table: Mapping[str, object], key: str) -> Iterable[tuple[str, object]]:
    """Return the names of the fields of records, as `--map` has them. Raises ConfigError."""
    from briefs.readers.fields import NAMES

    for field, name in table.items():
        if field not in NAMES:
            raise _unknown(settings, NAMES, key, field)
        _check(settings, name, str, key, field)
    return table.items()


def _check(settings: Settings, value: object, kind: type, *keys: str) -> None:
    wide = isinstance(value, int) and value.bit_length() > 63  # more than TOML has, and than Python prints
    if wide or type(value) is not (str if kind is Path else kind):
        raise settings.error(f"{_shown('.'.join(keys))} is {_described(value)}; expected {_EXPECTED[kind]}", *keys)
    if isinstance(value, str) and "\0" in value:
        raise settings.error(f"{_shown('.'.join(keys))} has a NUL character in it; expected text", *keys)


def _unknown(settings: Settings, known: Iterable[str], *keys: str) -> ConfigError:
    from difflib import get_close_matches

    above = "".join(f"{key}." for key in keys[:-1])
    near = get_close_matches(keys[-1].lower().replace("_", "-"), known, 1)
    hint = f"did you mean {above + near[0]!r}?" if near else f"expected one of {', '.join(known)}"
    return settings.error(f"unknown key {_shown(above + keys[-1])}; {hint}", *keys)


def _described(value: object) -> str:
    r"""Return what a value is, and a short one itself.

    >>> [_described(value) for value in (True, 1.5, "a\n", [], {}, 2**70)]
    ['the boolean true', 'the float 1.5', "the string 'a\\n'", 'an array', 'a table', 'an integer of more than 64 bits']
    """
    import json

    if isinstance(value, list | dict):
        return "an array" if isinstance(value, list) else "a table"
    if isinstance(value, int) and value.bit_length() > 63:
        return "an integer of more than 64 bits"
    noun = _NOUNS.get(type(value), "date or time")
    return f"the {noun} {_shown(value) if isinstance(value, str) else json.dumps(value, default=str)}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def source(ctx: typer.Context, key: Key) -> str:
    """Return where the value of a setting comes from: `FILE:LINE`, "environment", "command line" or "default"."""
    given = ctx.get_parameter_source(key.parameter)
    name = given.name if given else ""
    if name == _FROM_FILE:
        settings: Settings = ctx.meta[_LOADED]
        return settings.place(key.name)
    if name == "ENVIRONMENT":
        return "environment"
    return "command line" if name == "COMMANDLINE" else "default"


class Group(TyperGroup):
    """The commands. What is wrong with a value is said of the place that it comes from: an option, or a line of a file."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - of a class that typer does not export
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            place = _key_at_fault(error)
            if place is None:
                raise
            settings, key = place
            message = error.message.removeprefix("Value error, ").rstrip(".")  # as some versions of typer begin
            raise settings.error(f"{key.name}: {message}", key.name) from error


def _key_at_fault(error: typer.BadParameter) -> tuple[Settings, Key] | None:
    """Return the setting that an error is about, and the file that has it; None where it is about something else."""
    ctx: Any = error.ctx
    if ctx is None or _LOADED not in ctx.meta:
        return None
    for key in find_keys(ctx):
        given = ctx.get_parameter_source(key.parameter)
        about = error.param_hint == f"'--{key.name}'" or (error.param and error.param.name == key.parameter)
        if about and given and given.name == _FROM_FILE:
            return ctx.meta[_LOADED], key
    return None
