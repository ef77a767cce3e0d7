"""One digest of all that the files of a build depend on: while it is the same, a build would write the same files.

What changed is told by content, not by date. The number of processes and threads is not in it: no file depends on it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (  # that read articles, tag them and write pages
    *("charset-normalizer", "feedparser", "jinja2", "lxml", "markdown-it-py", "numpy", "onnxruntime", "pagefind"),
    *("pydantic", "pyyaml", "trafilatura"),
)


def digest_inputs(
    seeds: Iterable[tuple[str, Path]], settings: Mapping[str, object], folders: Iterable[Path]
) -> str | None:
    """Return a digest of seeds, by their names, of settings, of all files of the folders of templates, and of the program.

    Beside a seed, its sidecar counts. None where one of them cannot be read.
    """
    from briefs.readers.sidecar import sidecar_of  # noqa: PLC0415 (the digest of a program needs no reader)

    digest = hashlib.sha256(f"{digest_program()}\n{json.dumps(settings, sort_keys=True, default=str)}\n".encode())
    try:
        for folder in folders:
            _add_folder(digest, folder)
        for name, path in seeds:
            beside = sidecar_of(path)
            _add(digest, name, path)
            if beside.is_file():
                _add(digest, "", beside)
    except OSError:
        return None
    return digest.hexdigest()


@cache
def digest_program() -> str:
    """Return a digest of the program: its own code and model, the packages that it uses, and Python's version."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}\n".encode())
    for name in _PACKAGES:
        try:
            told = version(name)
        except PackageNotFoundError:
            told = ""
        digest.update(f"{name} {told}\n".encode())
    package = Path(__file__).parent
    for path in sorted([*package.rglob("*.py"), *(package / "model").iterdir()]):
        _add(digest, path.relative_to(package).as_posix(), path)
    return digest.hexdigest()


def _add_folder(digest: hashlib._Hash, folder: Path) -> None:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        _add(digest, path.relative_to(folder).as_posix(), path)


def _add(digest: hashlib._Hash, name: str, path: Path) -> None:
    """Add the name and the content of a file, each so that it cannot be taken for the other."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    digest.update(f"{content} {json.dumps(name)}\n".encode())
