"""The errors that briefs raises, all under one root.

BriefsError
├── SeedError      an input that cannot be read as an article: says where, what was found, what was expected
├── TaggerError    the model or its files are missing or unusable
├── RenderError    a template is missing, broken, or uses a variable that is not there
├── BuildError     the folder of seeds or the output folder cannot be used
└── ConfigError    a file of settings cannot be read, or a setting in it is not understood: says where
"""

from __future__ import annotations


class BriefsError(Exception):
    """Root of every error that a caller of briefs is expected to handle."""


class SeedError(BriefsError):
    """An input cannot be read as an article.

    `path` is the file as the caller named it (`-` for standard input), `line` and `column` count from 1, columns in
    code points. The message has the form `PATH:LINE:COLUMN: FOUND; expected EXPECTED`.

    >>> print(SeedError("seeds/flood.txt", 3, 1, found="no paragraph", expected="text after the title"))
    seeds/flood.txt:3:1: no paragraph; expected text after the title
    """

    def __init__(self, path: str, line: int, column: int, *, found: str, expected: str) -> None:
        super().__init__(f"{path}:{line}:{column}: {found}; expected {expected}")
        self.path = path
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return _seed_error, (self.path, self.line, self.column, self.found, self.expected)


def _seed_error(path: str, line: int, column: int, found: str, expected: str) -> SeedError:
    return SeedError(path, line, column, found=found, expected=expected)


class TaggerError(BriefsError):
    """The tagger's files are missing or cannot be loaded."""


class RenderError(BriefsError):
    """A template is missing or broken, or names a variable that a brief does not have."""


class BuildError(BriefsError):
    """A build cannot start or cannot write: no seeds, an unusable output folder."""


class ConfigError(BriefsError):
    """A file of settings cannot be read, or holds a setting that is not understood. Only the command line reads such files.

    `path` is the file; `line` and `column` count from 1, and `column` is None where the line says enough.

    >>> print(ConfigError("briefs.toml", 3, "unknown key 'titel'; did you mean 'title'?"))
    briefs.toml:3: unknown key 'titel'; did you mean 'title'?
    """

    def __init__(self, path: str, line: int, message: str, column: int | None = None) -> None:
        super().__init__(f"{path}:{line}:{'' if column is None else f'{column}:'} {message}")
        self.path = path
        self.line = line
        self.column = column
        self.message = message

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return ConfigError, (self.path, self.line, self.message, self.column)
