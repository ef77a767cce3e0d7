"""A web server on this machine that answers with any bytes, and an internet of names that lead to it."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

CERTIFICATE = Path(__file__).parent / "news_example.pem"  # of news.example, with its key, for these tests and no more
PAGE = b"<!doctype html><title>Dam holds</title><p>The dam above Selmoor held."
PUBLIC = "93.184.215.14"  # an address on the internet, to which no test connects


def answer(body: bytes = PAGE, *headers: str, status: str = "200 OK", kind: str | None = "text/html") -> bytes:
    """Return an answer of a server: of that type, and with its length where no header says it."""
    head = [f"HTTP/1.1 {status}", *headers]
    if kind is not None:
        head.append(f"Content-Type: {kind}")
    if not any(header.lower().startswith(("content-length:", "transfer-encoding:")) for header in headers):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body


def redirect(to: str, status: str = "302 Found") -> bytes:
    """Return an answer that leads elsewhere."""
    return answer(b"", f"Location: {to}", status=status, kind=None)


class Line(Protocol):
    """What an answer that is a function may do."""

    def send(self, content: bytes) -> None:
        """Send bytes."""

    def stall(self, seconds: float = 60) -> bool:
        """Wait; return whether the server is still there."""


class Asked(NamedTuple):
    """A request that came in."""

    path: str
    headers: dict[str, str]  # names in lower case


class Server(socketserver.ThreadingTCPServer):
    """Answers to each path with the bytes in `routes`, or with a function that sends them; with 404 to others."""

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, *, secure: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes: dict[str, bytes | Callable[[Line], None]] = {}
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if secure else None
        if self.tls is not None:
            self.tls.load_cert_chain(CERTIFICATE)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """Return the paths of pages that were asked for."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def finish_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        with suppress(OSError):  # clients that have seen enough
            request.settimeout(20)
            if self.tls is None:
                _Handler(request, client_address, self)
                return
            with self.tls.wrap_socket(request, server_side=True) as wrapped:
                _Handler(wrapped, client_address, self)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        lines = []
        while line := self.rfile.readline().decode("latin-1").rstrip("\r\n"):
            lines.append(line)
        if not lines:
            return
        headers = dict(line.split(": ", 1) for line in lines[1:])
        path = lines[0].split(" ")[1]
        server.asked.append(Asked(path, {name.lower(): value for name, value in headers.items()}))
        route = server.routes.get(path, answer(b"", status="404 Not Found"))
        if isinstance(route, bytes):
            self.send(route)
        else:
            route(self)

    def send(self, content: bytes) -> None:
        self.wfile.write(content)

    def stall(self, seconds: float = 60) -> bool:
        assert isinstance(self.server, Server)
        return not self.server.over.wait(seconds)


@contextmanager
def serving(*, secure: bool = False) -> Iterator[Server]:
    """Give a server that answers until it is left."""
    with Server(secure=secure) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


class Internet:
    """Names and where they lead. An address on the internet is a server of this machine, chosen by its port."""

    def __init__(self, ports: dict[int, Server]) -> None:
        self.names: dict[str, list[str] | Callable[[], list[str]]] = {}
        self.connected: list[str] = []  # addresses
        self._ports = ports
        self._connect = socket.socket.connect

    def look_up(self, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        """Stand for socket.getaddrinfo. A name of no address is one itself."""
        known = self.names.get(host, [host])
        addresses = known() if callable(known) else known
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    def connect(self, connecting: socket.socket, to: tuple[str, int]) -> None:
        """Stand for socket.socket.connect."""
        self.connected.append(to[0])
        if to[0] != PUBLIC:
            raise ConnectionRefusedError(111, "Connection refused")
        self._connect(connecting, ("127.0.0.1", self._ports[to[1]].port))
