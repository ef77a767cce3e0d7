"""A folder of briefs, served as a careful host would serve it, and a real Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # for made_briefs, whatever folder the tests are started for

import made_briefs
from made_archive import TAGS, archive
from parsed_seeds import parsed_seed
from whole import assemble, render_files, render_site

from briefs.evidence import EvidenceKind, find_evidence
from briefs.listing import Site
from briefs.rendering import render
from briefs.slugs import slugify

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POLICY = "default-src 'none'; style-src 'self'"
SEARCH_POLICY = f"{POLICY}; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
BRIEFS = {
    "tiny": made_briefs.tiny(),
    "typical": made_briefs.typical(),
    "large": made_briefs.large(),
    "hostile": made_briefs.hostile(),
    "right-to-left": made_briefs.right_to_left(),
}


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder under the strictest policies that the pages promise to live with."""

    def end_headers(self) -> None:
        searches = self.path.endswith("/search.html")
        self.send_header("Content-Security-Policy", SEARCH_POLICY if searches else POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent: the tests look at what the browser sees."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as a build lays it out, with an article of a publisher beside the briefs."""
    out = tmp_path_factory.mktemp("out")
    briefs = BRIEFS | {"twin": BRIEFS["typical"]}
    article, parsed = parsed_seed("reservoir-flood")
    kinds: tuple[EvidenceKind, ...] = ("excerpt", "full")
    evidence = {kind: find_evidence(article, parsed, kind) for kind in kinds}
    briefs |= dict.fromkeys(evidence, parsed)
    site, across = assemble(briefs.items(), Site("Briefs", "https://briefs.example/"), evidence)
    written = [made for entry in site.entries for made in render_files(entry, site, across)]
    many = dict(render_site(*assemble(archive(400).items(), Site("Briefs", None))))
    written += [("alone.html", render(BRIEFS["typical"], "html"))]
    written += [("tags/many.html", many[f"tags/{slugify(TAGS[0])}.html"])]
    written += [("actors/often-named.html", many["actors/isk-valley-water.html"])]
    for path, text in [*written, *render_site(site, across)]:
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).write_text(text, encoding="utf-8")
    article = "<br>".join(["filler"] * 400) + f"<p>{made_briefs.STORY}</p>" + "<br>".join(["filler"] * 400)
    (out / "article.html").write_text(f"<!doctype html><meta charset=utf-8><title>a</title>{article}", encoding="utf-8")
    return out


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder and yield its address on this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def site(folder: Path) -> Iterator[str]:
    """Yield the address of `folder` on this machine."""
    with served(folder) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield Chromium; skip where there is none, but never in continuous integration."""
    if not os.environ.get("CI"):
        pytest.importorskip("playwright")
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium and not os.environ.get("CI"):
        pytest.skip("no Chromium; install Debian's package chromium or name one in CHROMIUM")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield found
        found.close()
