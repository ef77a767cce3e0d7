"""What the files of a build depend on, as digests: while they are the same, a build would write the same files.

What changed is told by content, not by date. The number of processes and threads is not in it: no file depends on it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from briefs.cache import key_of
from briefs.readers.sidecar import sidecar_of
from briefs.seeds import Options, Seed
from briefs.templating import template_folders

_PACKAGES = (  # that read articles, tag them and write pages
    *("charset-normalizer", "feedparser", "jinja2", "lxml", "markdown-it-py", "numpy", "onnxruntime", "pagefind"),
    *("pydantic", "pyyaml", "trafilatura"),
)
_ASIDE = {
    "templates",
    "threads",
    "jobs",
    "force",
    "strict",
    "cache",
}  # options that change no file, or by their content


@dataclass(frozen=True, slots=True)
class Survey:
    """The seeds of a build, each with the key of all that is made from it, None where it cannot be read.

    `inputs` is a digest of all that the files of the build depend on, None where that cannot be read.
    """

    seeds: Sequence[Seed]
    keys: Sequence[str | None]
    inputs: str | None


def survey(seeds: Sequence[Seed], options: Options) -> Survey:
    """Read the seeds, what lies beside them and the templates."""
    keys = [key_of_seed(seed, options) for seed in seeds]
    settings = {item.name: getattr(options, item.name) for item in fields(options) if item.name not in _ASIDE}
    told = [digest_program(), json.dumps(settings, sort_keys=True, default=str)]
    try:
        for folder in template_folders(options.templates):
            told += _of_files(folder)
    except OSError:
        return Survey(seeds, keys, None)
    named = [f"{key} {seed.name}" for seed, key in zip(seeds, keys, strict=True) if key]
    return Survey(seeds, keys, key_of(*told, *named) if all(keys) else None)


def key_of_seed(seed: Seed, options: Options) -> str | None:
    """Return the key of all that is made from a seed: its bytes, those of its sidecar, its name, and how it is read.

    None where it cannot be read.
    """
    beside = sidecar_of(seed.path)
    try:
        contents = [seed.path.read_bytes(), beside.read_bytes() if beside.is_file() else b""]
    except OSError:
        return None
    asked = json.dumps([options.language, options.max_bytes, dict(options.names)], sort_keys=True)
    return key_of(digest_program(), asked, seed.name, *contents)


@cache
def digest_program() -> str:
    """Return a digest of the program: its own code and model, the packages that it uses, and Python's version."""
    told = [str(sys.version_info[:2])]
    for name in _PACKAGES:
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            told.append(name)
    package = Path(__file__).parent
    own = sorted([*package.rglob("*.py"), *(package / "model").iterdir()])
    return key_of(*told, *(part for path in own for part in _of_file(path, package)))


def _of_files(folder: Path) -> list[str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return [part for path in found for part in _of_file(path, folder)]


def _of_file(path: Path, folder: Path) -> Iterable[str]:
    with path.open("rb") as file:
        return path.relative_to(folder).as_posix(), hashlib.file_digest(file, "sha256").hexdigest()
