"""One request over one connection, within a time: httpcore speaks HTTP, and here is what it speaks over."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import httpcore
import httpx

from briefs.fetching.addresses import Endpoint, find_endpoints
from briefs.fetching.records import Fault, NoWay, OutOfTime, shorten

AGENT = "briefs"  # the name of this robot, in requests and in robots.txt
_HEADERS = (
    (b"User-Agent", AGENT.encode()),
    (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,text/*;q=0.8,*/*;q=0.5"),
    (b"Accept-Language", b"en,*;q=0.5"),
    (b"Accept-Encoding", b"gzip, deflate"),
    (b"Connection", b"close"),
)


class Deadline:
    """When a URL has to be done. Waiting of one's own accord puts it off."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return how many seconds are left, more than 0. Raises OutOfTime."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> OutOfTime:
        """Return what to raise where something took too long."""
        return OutOfTime(f"no end after {self._seconds:g} seconds", expected="a whole answer within that time")

    def pause(self, seconds: float) -> None:
        """Wait so long."""
        start = time.monotonic()
        time.sleep(seconds)
        self._end += time.monotonic() - start


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says: the bytes of the body come as they are asked for, packed as they are."""

    status: int
    headers: httpx.Headers
    chunks: Iterator[bytes]

    def header(self, name: str) -> str:
        """Return what the first header of that name says, or nothing."""
        return next(iter(self.headers.get_list(name)), "")


@contextmanager
def ask(url: httpx.URL, deadline: Deadline, *, trust: ssl.SSLContext | None, allow_private: bool) -> Iterator[Answer]:
    """Ask for a URL and give the answer. No redirect is followed, no cookie kept, no proxy or password looked for.

    Raises Fault, also while the body is read: where there is no way to the server, where it takes too long, and where it
    breaks off or does not speak HTTP.
    """
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    connection = httpcore.HTTPConnection(
        target.origin, ssl_context=trust, network_backend=_Network(deadline, allow_private=allow_private)
    )
    found, expected = "an answer that is not HTTP", "a web server"
    try:
        with (
            closing(connection),
            connection.stream("GET", target, headers=[(b"Host", url.netloc), *_HEADERS]) as response,
        ):
            found, expected = "a body that breaks off", "the whole of it"
            yield Answer(response.status, httpx.Headers(response.headers), response.iter_stream())
    except httpcore.ProtocolError as error:
        raise Fault(f"{found} ({shorten(error)})", expected=expected) from error


class _Stream(httpcore.NetworkStream):
    """A connection that is over when its time is. What httpcore says of times is not needed, as it has none to say."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        with self._in_time():
            try:
                return self._socket.recv(max_bytes)
            except TimeoutError:
                raise
            except OSError as error:
                raise Fault(f"a connection that breaks off ({_reason(error)})", expected="a whole answer") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        with self._in_time():
            try:
                self._socket.sendall(buffer)
            except TimeoutError:
                raise
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error  # httpcore goes on: the server may have answered

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            with self._in_time():
                return _Stream(ssl_context.wrap_socket(self._socket, server_hostname=server_hostname), self._deadline)
        except (OSError, ValueError) as error:  # ValueError: a name that no certificate can have
            self.close()
            raise NoWay(f"no secure connection ({_reason(error)})", expected="a certificate to trust") from error
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        self._socket.settimeout(self._deadline.left())
        try:
            yield
        except TimeoutError as error:
            raise self._deadline.passed() from error


class _Network(httpcore.NetworkBackend):
    """Makes connections, to no other address than those of the host that may be connected to."""

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left()
        endpoints = find_endpoints(host, port, seconds=left, allow_private=self._allow_private)
        if endpoints is None:
            raise self._deadline.passed()
        reason = ""
        for number, endpoint in enumerate(endpoints):
            try:
                connected = _connect(endpoint, seconds=self._deadline.left() / (len(endpoints) - number))
            except OSError as error:
                reason = _reason(error)
            else:
                return _Stream(connected, self._deadline)
        raise NoWay(f"no connection to {shorten(host)}, port {port} ({reason})", expected="a web server there")


def _connect(endpoint: Endpoint, *, seconds: float) -> socket.socket:
    connected = socket.socket(endpoint.family, socket.SOCK_STREAM)
    try:
        connected.settimeout(seconds)
        connected.connect(endpoint.sockaddr)
    except BaseException:
        connected.close()
        raise
    return connected


def _reason(error: Exception) -> str:
    """Return why something failed, as a part of a sentence."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message.rstrip(".")
    said = error.strerror if isinstance(error, OSError) else None
    return shorten(said or error).lower()
