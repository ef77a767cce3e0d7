"""A folder of pages over HTTP, on this machine, for whoever works on it: pages look as published, and reload by themselves.

What is served is what is in the folder. Only into pages, and only as they are sent, goes a script that reloads them, and what
is wrong with the latest build.
"""

from __future__ import annotations

import errno
import ipaddress
import mimetypes
import re
import secrets
import socketserver
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET, AF_INET6, gethostname
from urllib.parse import quote, unquote, urlsplit

from briefs.errors import BuildError

DEFAULT_PORT = 8000
_TRIED = 100  # ports, where none is asked for
_OWN = "/.briefs/"  # addresses that are no files of the folder
_SCRIPT, _EVENTS = f"{_OWN}reload.js", f"{_OWN}events"
_STILL = 15.0  # seconds after which a browser is told that there is nothing new
_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'{}; connect-src 'self'"
_SEARCH = "search.html"  # the page that may do more: docs/publishing.md says what
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
}
_BINARY = "application/octet-stream"
# The address of the script says which build the page is of: one that ends before the script runs is not missed. Only pages
# that are seen listen: browsers keep few connections to a host, and a page that is shown again hears of the build then.
_RELOAD = f"""\
"use strict";
const mine = new URL(document.currentScript.src).search.slice(1);
let source;
function listen() {{
  source?.close();
  if (document.hidden) return;
  source = new EventSource("{_EVENTS}");
  source.onmessage = (event) => {{
    if (event.data !== mine) location.reload();
  }};
}}
document.addEventListener("visibilitychange", listen);
listen();
"""
_BODY = re.compile(rb"""<body(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>""", re.IGNORECASE)
_STRANGE = """<!doctype html><html lang=en><meta charset=utf-8><title>Not served here</title>
<body><p>Not served at this name, which may be a trick of another site. Open <a href="{0}">{0}</a>, or name the host: --host.
"""
_NOT_THERE = b"<!doctype html><html lang=en><meta charset=utf-8><title>Not found</title><body><p>Not found.</p>\n"


class Server(ThreadingHTTPServer):
    """Serves a folder, which may be another one later, and tells the pages in browsers when there is something new."""

    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.address_family = AF_INET6 if ":" in host else AF_INET
        self.folder = folder
        self.errors: Sequence[str] = ()
        self._names = {host.lower(), *_names_of_this_machine()}
        self._news = threading.Condition()
        self._run, self._builds = secrets.token_hex(4), 0
        super().__init__((host, port), _Handler)

    def server_bind(self) -> None:
        """Bind, without the question of `HTTPServer` to the network for the name of this machine."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over what a browser broke off."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def address(self) -> str:
        """The address of the folder, as browsers take it."""
        host = f"[{self.server_name}]" if ":" in self.server_name else self.server_name
        return f"http://{host}:{self.server_port}/"

    @property
    def version(self) -> str:
        """What tells a page of one build from that of another, also of one by an earlier server."""
        return f"{self._run}-{self._builds}"

    def answers_to(self, host: str | None) -> bool:
        """Return whether a header `Host` is of this server: an IP address, or a name that none but this machine has.

        Another site may have a name of its own lead to this machine, and could then read what is served (DNS rebinding).
        Browsers send the name that they were given.
        """
        try:
            name = (urlsplit(f"//{host or ''}").hostname or "").rstrip(".")
            return name in self._names or name.endswith(".localhost") or bool(ipaddress.ip_address(name))
        except ValueError:
            return False

    def built(self, folder: Path, errors: Sequence[str]) -> None:
        """Take note of a build: the folder, and what is wrong, which pages show on top; pages in browsers reload."""
        with self._news:
            self.folder, self.errors = folder, tuple(errors)
            self._builds += 1
            self._news.notify_all()

    def versions(self) -> Iterator[str | None]:
        """Yield the version now, and each one as it comes; None where there was none for a while. Never ends."""
        told = None
        while True:
            with self._news:
                if told == self.version:
                    self._news.wait(_STILL)
                now = self.version
            yield now if now != told else None
            told = now


@contextmanager
def serving(folder: Path, host: str, port: int | None) -> Iterator[Server]:
    """Serve a folder while the context lasts, at a port, or else at the first that is free. Raises BuildError."""
    server = _bind(folder, host, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _bind(folder: Path, host: str, port: int | None) -> Server:
    ports = [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + _TRIED)
    for tried in ports:
        try:
            return Server(folder, host, tried)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or tried == ports[-1]:
                reason = (error.strerror or "an error").lower()
                raise BuildError(f"{host}:{tried}: cannot be served at: {reason}") from error
    raise AssertionError


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "briefs", ""

    def do_GET(self) -> None:
        if not self.server.answers_to(self.headers["Host"]):
            page = _STRANGE.format(self.server.address).encode()
            self._send(page, _TYPES[".html"], status=HTTPStatus.MISDIRECTED_REQUEST)
            return
        path = unquote(re.split("[?#]", self.path, maxsplit=1)[0], errors="replace")
        if path == _SCRIPT:
            self._send(_RELOAD.encode(), _TYPES[".js"])
        elif path == _EVENTS:
            self._tell()
        else:
            self._send_file(path)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send_file(self, path: str) -> None:
        version, errors = (
            self.server.version,
            self.server.errors,
        )  # before the file is read: rather too old than too new
        parts = [part for part in path.split("/") if part]
        file = _find(self.server.folder, parts)
        try:
            if file is not None and file.is_dir():
                if not path.endswith("/"):
                    self._send(b"", status=HTTPStatus.MOVED_PERMANENTLY, to=f"/{'/'.join(map(quote, parts))}/")
                    return
                file = _find(self.server.folder, [*parts, "index.html"])
            content = file.read_bytes() if file is not None else None
        except OSError:
            content = None
        if file is None or content is None:
            self._send(_with_script(_NOT_THERE, version, errors), _TYPES[".html"], status=HTTPStatus.NOT_FOUND)
            return
        kind = _TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or _BINARY
        content = _with_script(content, version, errors) if kind == _TYPES[".html"] else content
        self._send(content, kind, searches=file.name == _SEARCH)

    def _send(
        self,
        content: bytes,
        kind: str = "",
        *,
        status: HTTPStatus = HTTPStatus.OK,
        to: str = "",
        searches: bool = False,
    ) -> None:
        self.send_response(status)
        if to:
            self.send_header("Location", to)
        self._send_headers(kind, searches=searches)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_headers(self, kind: str, *, searches: bool = False) -> None:
        text = kind.startswith("text/") or kind.endswith(("json", "xml"))
        if kind:
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Security-Policy", _POLICY.format(" 'wasm-unsafe-eval'" if searches else ""))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")

    def _tell(self) -> None:
        """Send a server-sent event for each build, and something now and then, so that a browser that is gone is noticed."""
        self.send_response(HTTPStatus.OK)
        self._send_headers("text/event-stream")
        self.end_headers()
        if self.command == "HEAD":
            return
        for version in self.server.versions():
            self.wfile.write(f"data: {version}\n\n".encode() if version else b":\n\n")
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent: errors of a build are what the terminal is for."""


def _names_of_this_machine() -> set[str]:
    """Return the names that lead to this machine from itself and from its own network, and that nobody else can have there."""
    name = gethostname().lower()
    first = name.partition(".")[0]
    return {"localhost", name, first, f"{first}.local"} - {""}


def _find(folder: Path, parts: Sequence[str]) -> Path | None:
    """Return the file or folder of an address; None where it would not be in the folder, or is what builds keep there."""
    if any(part == ".." or part.startswith(".briefs") or "\0" in part or "\\" in part for part in parts):
        return None
    try:
        path = folder.joinpath(*parts).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.exists() else None
    except (OSError, ValueError):
        return None


def _with_script(page: bytes, version: str, errors: Sequence[str]) -> bytes:
    r"""Return a page with the script that reloads it, and on top what is wrong.

    >>> _with_script(b"<body class=a>\n<h1>Dam", "7", ["dam.txt: <empty>"])
    b'<body class=a><pre role="alert">dam.txt: &lt;empty&gt;</pre><script src="/.briefs/reload.js?7"></script>\n<h1>Dam'
    """
    told = f'<pre role="alert">{escape(chr(10).join(errors))}</pre>' if errors else ""
    added = f'{told}<script src="{_SCRIPT}?{version}"></script>'.encode("utf-8", "backslashreplace")
    found = _BODY.search(page)
    place = found.end() if found else len(page)
    return page[:place] + added + page[place:]
