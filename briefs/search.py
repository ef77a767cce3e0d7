"""Full-text search of a site: Pagefind makes an index from the pages of the briefs, which its own scripts read in the browser.

Pagefind is given the pages one by one, sorted, as its packages for other languages do it. Run over a folder, it takes the
pages in the order in which the file system lists them, and its index is then not the same everywhere.
"""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Any, cast

from briefs.errors import BuildError

SEARCH_FOLDER = "pagefind"  # what is in it is Pagefind's own

_ENTRY = "pagefind-entry.json"  # names the files of the index
_MISSING = "--search needs pagefind: pip install 'briefs[search]'"
_UNKNOWN = "pagefind: cannot be understood; expected version 1.5 or a newer one: pip install 'briefs[search]'"


def find_pagefind() -> Path:
    """Return the program. Raises BuildError where it is not installed."""
    try:
        from pagefind.service import get_executable  # noqa: PLC0415 (an extra)

        found = get_executable()
    except (ImportError, FileNotFoundError) as error:
        raise BuildError(_MISSING) from error
    if found is None or not found.is_file():
        raise BuildError(_MISSING)
    return found


def make_index(pages: Iterable[tuple[str, str]]) -> dict[str, bytes]:
    """Return all files that search needs, by their paths in the site, from pairs of a page's address and HTML.

    The same pages in the same order give the same bytes. The file that names the others comes last: written in this order,
    whoever searches meanwhile finds the old index or the new one. Raises BuildError with what Pagefind said where it fails.
    """
    files = _index(pages)
    return {f"{SEARCH_FOLDER}/{name}": files[name] for name in sorted(files, key=lambda name: (name == _ENTRY, name))}


def _index(pages: Iterable[tuple[str, str]]) -> dict[str, bytes]:
    """Return the files that search needs, by their names, from pairs of a page's address and HTML. Raises BuildError."""
    command = [str(find_pagefind()), "--service"]
    with tempfile.TemporaryFile() as complaints:
        try:
            with subprocess.Popen(  # noqa: S603 (a program of the environment; no shell)
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
            ) as process:
                return _make_files(process, pages)
        except (BrokenPipeError, EOFError) as error:
            complaints.seek(0)
            said = " ".join(complaints.read().decode("utf-8", "replace").split())
            raise BuildError(f"pagefind: {said or 'ended without a word'}") from error
        except OSError as error:
            found = (error.strerror or "an error").lower()
            raise BuildError(f"{error.filename or command[0]}: cannot be used: {found}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise BuildError(_UNKNOWN) from error


def _make_files(process: subprocess.Popen[bytes], pages: Iterable[tuple[str, str]]) -> dict[str, bytes]:
    requests, answers = cast("BufferedWriter", process.stdin), cast("BufferedReader", process.stdout)
    try:
        index = _ask(requests, answers, type="NewIndex", config={})["index_id"]
        for address, html in pages:
            page = {"file_path": None, "url": address, "file_contents": html}
            _ask(requests, answers, type="AddFile", index_id=index, **page)
        files = _ask(requests, answers, type="GetFiles", index_id=index)["files"]
        return {file["path"]: base64.b64decode(file["content"]) for file in files}
    finally:
        process.kill()
        with suppress(BrokenPipeError):  # of a request that it did not take
            requests.close()


def _ask(requests: BufferedWriter, answers: BufferedReader, **request: object) -> dict[str, Any]:
    """Return the answer to a request; each is JSON in Base64 and ends with a comma.

    Raises BuildError where the answer is an error, and EOFError or BrokenPipeError where there is none.
    """
    requests.write(base64.b64encode(json.dumps({"message_id": 0, "payload": request}).encode()) + b",")
    requests.flush()
    said = bytearray()
    while not said.endswith(b","):
        more = answers.read1()
        if not more:
            raise EOFError
        said += more
    answer: dict[str, Any] = json.loads(base64.b64decode(said[:-1], validate=True))["payload"]
    if answer["type"] == "Error":
        raise BuildError(f"pagefind: {answer['message']}")
    return answer
