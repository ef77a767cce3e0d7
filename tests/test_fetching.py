"""A fetch saves whole pages and nothing else, asks only where and when it may, and says in one line what is wrong."""

from __future__ import annotations

import gzip
import json
import pickle
import socket
import subprocess
import sys
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from commands import environment
from loopback import CERTIFICATE, PAGE, PUBLIC, Internet, Line, Server, answer, redirect, serving

from briefs.errors import BuildError, SeedError
from briefs.fetching import Fetched, FetchError, FetchOptions, fetch, network, session
from briefs.fetching.addresses import find_endpoints, kind_of
from briefs.fetching.body import suffix_for
from briefs.fetching.robots import Robots
from briefs.readers.sidecar import SIDECAR_SUFFIX, read_sidecar

CHUNKED = "Transfer-Encoding: chunked"
ZIPPED = gzip.compress(PAGE)
FOREVER = 60.0  # seconds, to tests


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def secure() -> Iterator[Server]:
    with serving(secure=True) as server:
        yield server


@pytest.fixture
def internet(server: Server, secure: Server, monkeypatch: pytest.MonkeyPatch) -> Internet:
    """Return an internet on which news.example leads to the servers."""
    internet = Internet({80: server, 443: secure})
    internet.names["news.example"] = [PUBLIC]
    monkeypatch.setattr(socket, "getaddrinfo", internet.look_up)
    monkeypatch.setattr(socket.socket, "connect", lambda connecting, to: internet.connect(connecting, to))  # noqa: PLW0108
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    return internet


class Clock(NamedTuple):
    """A clock that stands still but for the waiting, which is written down."""

    waits: list[float]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    waits: list[float] = []
    stopped = SimpleNamespace(monotonic=lambda: 1000.0 + sum(waits), sleep=waits.append)
    monkeypatch.setattr(network, "time", stopped)
    monkeypatch.setattr(session, "time", stopped)
    return Clock(waits)


def get(*urls: str, into: Path, **options: object) -> list[Fetched]:
    """Fetch from this machine, without waiting, but for other options."""
    chosen = {"delay": 0.0, "allow_private": True, "timeout": FOREVER, **options}
    return list(fetch(urls, into, options=FetchOptions(**chosen)))  # type: ignore[arg-type]


def saved(url: str, into: Path, **options: object) -> Path:
    """Return where the page of a URL was saved."""
    [fetched] = get(url, into=into, **options)
    assert fetched.error is None
    assert fetched.path is not None
    return fetched.path


def fault(url: str, into: Path, **options: object) -> str:
    """Return what is wrong with a URL, of which nothing was saved."""
    [fetched] = get(url, into=into, **options)
    assert fetched.path is None
    assert fetched.error is not None
    assert fetched.url == fetched.error.url == url
    assert not into.exists() or not list(into.iterdir())
    assert str(fetched.error) == f"{url}: {fetched.error.found}; expected {fetched.error.expected}"
    return f"{fetched.error.found}; expected {fetched.error.expected}"


# What is saved


def test_page_and_headers_are_saved(server: Server, tmp_path: Path) -> None:
    server.routes["/2026/dam-holds.html"] = redirect("/news/dam#top", "301 Moved Permanently")
    headers = ('ETag: "é"', "Content-Language: en-GB", "Set-Cookie: a=b", "Link: </feed>; rel=alternate", "Date: now")
    server.routes["/news/dam"] = answer(b"<p>caf\xe9", *headers, kind="text/html; charset=latin-1")
    url = server.url("/2026/dam-holds.html")
    path = saved(url, tmp_path / "new" / "seeds")
    assert path == tmp_path / "new" / "seeds" / "dam-holds.html"
    assert path.read_bytes() == b"<p>caf\xe9"
    beside = path.with_name("dam-holds.html.headers.json").read_text(encoding="utf-8")
    assert beside == (
        '{\n "content_type": "text/html; charset=latin-1",\n'
        f' "final_url": "{server.url("/news/dam")}",\n'
        ' "headers": {\n  "content-language": "en-GB",\n  "content-type": "text/html; charset=latin-1",\n'
        '  "etag": "\\"é\\"",\n  "link": "</feed>; rel=alternate"\n },\n'
        f' "status": 200,\n "url": "{url}"\n}}\n'
    )
    assert {file.name for file in path.parent.iterdir()} == {path.name, path.name + SIDECAR_SUFFIX}


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        ("text/html", ".html"),
        ("TEXT/HTML;charset=x", ".html"),
        ("application/xhtml+xml", ".html"),
        ("application/rss+xml", ".xml"),
        ("application/atom+xml; charset=utf-8", ".xml"),
        ("text/xml", ".xml"),
        ("application/json", ".json"),
        ("application/feed+json", ".json"),
        ("text/markdown", ".md"),
        ("text/plain", ".txt"),
    ],
)
def test_suffix_says_what_the_server_says(kind: str, suffix: str) -> None:
    assert suffix_for(kind) == suffix


@pytest.mark.parametrize(
    "sent",
    [
        answer(ZIPPED, "Content-Encoding: gzip"),
        answer(ZIPPED, "Content-Encoding: X-GZIP"),
        answer(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]), "Content-Encoding: gzip"),
        answer(zlib.compress(PAGE), "Content-Encoding: deflate"),
        answer(zlib.compress(PAGE)[2:-4], "Content-Encoding: deflate"),
        answer(PAGE, "Content-Encoding: identity"),
        answer(b"%x;a=b\r\n%s\r\n0\r\n\r\n" % (len(ZIPPED), ZIPPED), CHUNKED, "Content-Encoding: gzip"),
        answer(b"".join(b"1\r\n%c\r\n" % byte for byte in PAGE) + b"0\r\n\r\n", CHUNKED),
        b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,  # until the connection ends
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer(),
        answer(PAGE + b" and more than promised", f"Content-Length: {len(PAGE)}"),
    ],
    ids=["gzip", "x-gzip", "gzips", "deflate", "raw", "identity", "chunked", "single", "to-end", "hints", "long"],
)
def test_body_is_unpacked(server: Server, tmp_path: Path, sent: bytes) -> None:
    server.routes["/dam"] = sent
    assert saved(server.url("/dam"), tmp_path).read_bytes() == PAGE


def test_large_body_is_whole(server: Server, tmp_path: Path) -> None:
    body = bytes(range(256)) * 2000 + b"a" * 300_000  # more than is unpacked at once, packed badly and well
    server.routes["/dam"] = answer(gzip.compress(body), "Content-Encoding: gzip")
    assert saved(server.url("/dam"), tmp_path).read_bytes() == body


def test_same_answer_gives_same_files(server: Server, tmp_path: Path) -> None:
    server.routes["/dam"] = answer()
    path = saved(server.url("/dam"), tmp_path)
    before = {file: (file.read_bytes(), file.stat().st_ino, file.stat().st_mtime_ns) for file in tmp_path.iterdir()}
    assert saved(server.url("/dam"), tmp_path) == path
    assert before == {f: (f.read_bytes(), f.stat().st_ino, f.stat().st_mtime_ns) for f in tmp_path.iterdir()}


def test_page_that_changes_is_replaced(server: Server, tmp_path: Path) -> None:
    server.routes["/dam"] = answer(b"<p>Old")
    old = saved(server.url("/dam"), tmp_path)
    server.routes["/dam"] = answer(b"<p>New")
    assert saved(server.url("/dam"), tmp_path) == old
    assert old.read_bytes() == b"<p>New"
    server.routes["/dam"] = answer(b"New", kind="text/plain")
    new = saved(server.url("/dam"), tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"dam.txt", "dam.txt.headers.json"}
    assert new.name == "dam.txt"


def test_urls_of_one_name_have_files_of_their_own(server: Server, tmp_path: Path) -> None:
    for folder in "abc":
        server.routes[f"/{folder}/dam.html"] = answer(f"<p>{folder}".encode())
    urls = [server.url(f"/{folder}/dam.html") for folder in "abc"]
    first = [saved(url, tmp_path) for url in urls]
    assert len(set(first)) == 3
    assert first[0].name == "dam.html"
    assert all(len(path.stem) == 12 for path in first[1:])
    assert [path.read_bytes() for path in first] == [b"<p>a", b"<p>b", b"<p>c"]
    assert [saved(url, tmp_path) for url in reversed(urls)] == first[::-1]
    first[0].unlink()
    assert saved(urls[1], tmp_path) == first[1]  # also where the plain name is free by now


@pytest.mark.parametrize("beside", [None, "{", '{"url": 1}'])
def test_file_of_somebodys_own_is_left_alone(server: Server, tmp_path: Path, beside: str | None) -> None:
    server.routes["/dam"] = answer()
    own = tmp_path / "dam.html"
    own.write_text("mine")
    if beside is not None:
        (tmp_path / "dam.html.headers.json").write_text(beside)
    assert saved(server.url("/dam"), tmp_path) != own
    assert own.read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "127-0-0-1"),
        ("/world//", "world"),
        ("/CON.htm?page=../../2", "con-"),
        ("/a/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"),
        ("/%00%1b%5b2Ja%e2%80%ae", "2ja"),
        ("/%ff", None),
        ("/東京", None),
        ("/" + "a" * 300, "a" * 80),
    ],
)
def test_names_of_files_are_plain(server: Server, tmp_path: Path, path: str, name: str | None) -> None:
    def route(line: Line) -> None:
        line.send(answer())

    server.routes = dict.fromkeys((path, path.replace("東京", "%E6%9D%B1%E4%BA%AC")), route)
    found = saved(server.url(path), tmp_path)
    assert found.parent == tmp_path
    assert found.name.isascii()
    assert found.stem == name if name else len(found.stem) == 8


def test_folder_that_is_none(server: Server, tmp_path: Path) -> None:
    (tmp_path / "seeds").write_text("")
    with pytest.raises(BuildError, match="seeds: not a folder; expected one to write pages to"):
        get(server.url("/"), into=tmp_path / "seeds")
    server.routes["/dam"] = answer()
    with pytest.raises(BuildError, match="cannot be written: "):
        get(server.url("/dam"), into=tmp_path / "seeds" / "below")


# What is no page


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (answer(status="404 Not Found"), "status 404 Not Found; expected 200 OK"),
        (answer(status="204 No Content"), "status 204 No Content; expected 200 OK"),
        (answer(status="304 Not Modified"), "status 304 Not Modified; expected 200 OK"),
        (answer(status="599 \x1b[2J"), "status 599; expected 200 OK"),
        (answer(b""), "an empty body; expected a page, a feed or text"),
        (answer(kind="image/png"), "content of type image/png; expected a page, a feed or text"),
        (answer(kind="application/pdf; x=y"), "content of type application/pdf; expected a page, a feed or text"),
        (answer(kind=None), "content of no type; expected a page, a feed or text"),
        (answer(PAGE, "Content-Length: 4000"), "a body that breaks off (peer closed connection"),
        (answer(b"10\r\nhalf", CHUNKED), "a body that breaks off (peer closed connection"),
        (answer(b"zz\r\nhalf\r\n0\r\n\r\n", CHUNKED), "a body that breaks off (illegal chunk header"),
        (answer(PAGE, "Content-Encoding: gzip"), "a body that is no gzip, though it says so; expected the whole page"),
        (answer(PAGE, "Content-Encoding: deflate"), "a body that is no deflate, though it says so"),
        (answer(ZIPPED[:-1], "Content-Encoding: gzip"), "a gzip body that breaks off; expected the whole page"),
        (answer(ZIPPED[:12], "Content-Encoding: gzip"), "a gzip body that breaks off; expected the whole page"),
        (answer(ZIPPED + PAGE, "Content-Encoding: gzip"), "a body that is no gzip, though it says so"),
        (answer(zlib.compress(PAGE) * 2, "Content-Encoding: deflate"), "a deflate body with something after its end"),
        (answer(PAGE, "Content-Encoding: br"), "a body packed as br; expected gzip or deflate"),
        (answer(ZIPPED, "Content-Encoding: gzip, gzip"), "a body packed as gzip, gzip; expected gzip or deflate"),
        (answer(PAGE, f"Content-Length: {'9' * 5000}"), "an answer that is not HTTP (bad Content-Length"),
        (answer(PAGE, "Content-Length: 12000000"), "a body of more than 10,000,000 bytes; expected at most 10,000,000"),
        (b"220 mail.example ESMTP\r\n\r\n", "an answer that is not HTTP (illegal status line"),
        (b"", "an answer that is not HTTP (Server disconnected"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 200_000, "an answer that is not HTTP ("),
    ],
)
def test_answer_that_is_no_page(server: Server, tmp_path: Path, sent: bytes, found: str) -> None:
    server.routes["/dam"] = sent
    assert fault(server.url("/dam"), tmp_path).startswith(found)


def test_page_may_be_as_large_as_allowed_and_no_larger(server: Server, tmp_path: Path) -> None:
    server.routes["/dam"] = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + PAGE
    found = fault(server.url("/dam"), tmp_path, max_bytes=len(PAGE) - 1)
    assert found == f"a body of more than {len(PAGE) - 1} bytes; expected at most {len(PAGE) - 1}"
    assert saved(server.url("/dam"), tmp_path, max_bytes=len(PAGE)).read_bytes() == PAGE


def bomb(window: int) -> bytes:
    """Return 100 MB of zeros, packed: a block that stands by itself, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + block * 100


@pytest.mark.parametrize(("kind", "window"), [("gzip", 31), ("deflate", 15)])
def test_small_body_does_not_become_a_large_one(server: Server, tmp_path: Path, kind: str, window: int) -> None:
    packed = bomb(window)
    assert len(packed) < 150_000
    server.routes["/dam"] = answer(packed, f"Content-Encoding: {kind}")
    tracemalloc.start()
    try:
        assert fault(server.url("/dam"), tmp_path, max_bytes=500_000).startswith("a body of more than 500,000 bytes")
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def stall(line: Line) -> None:
    line.stall()


def stall_in_head(line: Line) -> None:
    line.send(answer()[:40])
    line.stall()


def stall_in_body(line: Line) -> None:
    line.send(answer()[:-10])
    line.stall()


def drip(line: Line) -> None:
    line.send(answer(b"", f"Content-Length: {len(PAGE) * 1000}"))
    while line.stall(0.02):
        line.send(b"a")


def drip_hints(line: Line) -> None:
    while line.stall(0.02):
        line.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")


@pytest.mark.parametrize("slow", [stall, stall_in_head, stall_in_body, drip, drip_hints])
def test_time_is_for_all_of_an_answer(server: Server, tmp_path: Path, slow: Callable[[Line], None]) -> None:
    server.routes |= {"/dam": slow, "/robots.txt": answer(b"")}
    start = time.monotonic()
    found = fault(server.url("/dam"), tmp_path, timeout=0.4)
    assert found == "no end after 0.4 seconds; expected a whole answer within that time"
    assert 0.4 <= time.monotonic() - start < 20


def test_time_is_for_all_redirects(server: Server, tmp_path: Path) -> None:
    def late(number: int) -> Callable[[Line], None]:
        def route(line: Line) -> None:
            line.stall(0.15)
            line.send(redirect(f"/{number + 1}"))

        return route

    server.routes = {f"/{number}": late(number) for number in range(6)}
    assert fault(server.url("/0"), tmp_path, timeout=0.4).startswith("no end after 0.4 seconds")


def test_time_is_for_a_secure_connection_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = fault(f"https://127.0.0.1:{silent.getsockname()[1]}/", tmp_path, timeout=0.2)
    assert found.startswith("no end after 0.2 seconds")


def test_time_is_for_names_too(internet: Internet, tmp_path: Path) -> None:
    def late() -> list[str]:
        time.sleep(1)
        return [PUBLIC]

    internet.names["late.example"] = late
    assert fault("http://late.example/", tmp_path, timeout=0.2).startswith("no end after 0.2 seconds")


# Which URLs


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("dam", "not an address of the web; expected an address that begins with http:// or https://"),
        ("", "not an address of the web"),
        ("ftp://news.example/dam", "not an address of the web"),
        ("file:///etc/passwd", "not an address of the web"),
        ("javascript:alert(1)", "not an address of the web"),
        ("http://", "not an address of the web"),
        ("http:///dam", "not an address of the web"),
        ("http://[::1", "not an address; "),
        ("http://news.example/\x1b[2J", "not an address; "),
        ("http://news.example/\udcff", "not an address; "),
        ("http://256.0.0.1/", "not an address; "),
        ("http://ana@news.example/", "an address with a user name; expected an address without one"),
        ("http://ana:secret@news.example/", "an address with a user name"),
        ("http://news.example\\@127.0.0.1/", "an address with a user name"),
        ("http://news.example:0/", "port 0; expected a port from 1 to 65535"),
        ("http://news.example:70000/", "port 70000"),
        ("http://news.example:-1/", "port -1"),
        ("http://news.example/" + "a" * 4000, "an address of 4,020 characters; expected at most 4,000"),
        ("http://" + "a" * 70 + ".example/", "no host aaaa"),
        ("http://a..example/", "no host a..example; expected a host that there is"),
    ],
)
def test_url_that_is_not_asked_for(tmp_path: Path, url: str, found: str) -> None:
    assert fault(url, tmp_path).startswith(found)


def test_nobody_listens(tmp_path: Path) -> None:
    with serving() as gone:
        url = gone.url("/dam")
    assert (
        fault(url, tmp_path)
        == f"no connection to 127.0.0.1, port {gone.port} (connection refused); expected a web server there"
    )


def test_redirects_are_followed(server: Server, tmp_path: Path) -> None:
    statuses = ("301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect")
    for number, status in enumerate(statuses):
        server.routes[f"/{number}"] = redirect(f"{number + 1}", status)
    server.routes["/5"] = answer()
    path = saved(server.url("/0"), tmp_path)
    known = read_sidecar(path)
    assert known is not None
    assert (known.asked, known.url) == (server.url("/0"), server.url("/5"))
    assert server.paths == ["/0", "/1", "/2", "/3", "/4", "/5"]
    found = fault(server.url("/0"), tmp_path / "less", redirects=4)
    assert found == f"redirected to {server.url('/4')}: more than 4 redirects; expected a page"


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("/dam", "redirects that lead back to http://127.0.0.1:"),
        ("file:///etc/passwd", "a redirect to file:///etc/passwd, not an address of the web"),
        ("ftp://news.example/", "a redirect to ftp://news.example/, not an address of the web"),
        (
            "http://ana:secret@news.example/",
            "a redirect to http://ana:secret@news.example/, an address with a user name",
        ),
        ("http://[::1", "a redirect to http://[::1, not an address"),
        ("", "a redirect to nowhere; expected the address of a page"),
    ],
)
def test_redirect_that_is_not_followed(server: Server, tmp_path: Path, to: str, found: str) -> None:
    server.routes["/dam"] = redirect(to)
    assert fault(server.url("/dam"), tmp_path).startswith(found)
    assert server.paths == ["/dam"]


def test_circle_of_redirects(server: Server, tmp_path: Path) -> None:
    server.routes |= {"/a": redirect("/b"), "/b": redirect("/a")}
    found = f"redirected to {server.url('/b')}: redirects that lead back to {server.url('/a')}; expected a page"
    assert fault(server.url("/a"), tmp_path) == found


# Which addresses


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("0.0.0.0", "an unspecified"),
        ("::", "an unspecified"),
        ("127.0.0.1", "a loopback"),
        ("127.255.255.254", "a loopback"),
        ("::1", "a loopback"),
        ("::ffff:127.0.0.1", "a loopback"),
        ("64:ff9b::7f00:1", "a loopback"),
        ("2002:7f00:1::", "a loopback"),
        ("169.254.169.254", "a link-local"),
        ("fe80::1%2", "a link-local"),
        ("64:ff9b::169.254.169.254", "a link-local"),
        ("10.1.2.3", "a private"),
        ("172.16.0.1", "a private"),
        ("192.168.1.1", "a private"),
        ("::ffff:192.168.1.1", "a private"),
        ("fd00::1", "a private"),
        ("224.0.0.1", "a multicast"),
        ("ff02::1", "a multicast"),
        ("255.255.255.255", "a reserved"),
        ("240.0.0.1", "a reserved"),
        ("100.64.0.1", "a reserved"),
        ("192.0.0.8", "a reserved"),
        ("192.88.99.1", "a reserved"),
        ("::127.0.0.1", "a reserved"),
        ("64:ff9b:1::1", "a reserved"),
        ("fec0::1", "a reserved"),
        ("5f00::1", "a reserved"),
        ("3fff::1", "a reserved"),
        ("198.18.0.1", "a private"),
        ("203.0.113.1", "a private"),
        ("2001:db8::1", "a private"),
        ("0.1.2.3", "a private"),
        (PUBLIC, None),
        ("64:ff9b::93.184.215.14", None),
        ("::ffff:93.184.215.14", None),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", None),
    ],
)
def test_kinds_of_addresses(address: str, kind: str | None) -> None:
    found = kind_of(address)
    assert found == kind or (found is not None and kind in ("a reserved", "a private"))  # as the Python has it


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "127.1"])
def test_this_machine_is_not_asked(server: Server, tmp_path: Path, host: str) -> None:
    found = fault(f"http://{host}:{server.port}/dam", tmp_path, allow_private=False)
    assert found.startswith(f"{host.strip('[]')} is a loopback address")
    assert found.endswith("; expected a host on the internet")
    assert not server.asked


def test_all_addresses_of_a_host_are_looked_at(internet: Internet, tmp_path: Path) -> None:
    internet.names["rebind.example"] = [PUBLIC, "10.0.0.1"]
    found = fault("http://rebind.example/", tmp_path, allow_private=False)
    assert found == "rebind.example is a private address (10.0.0.1); expected a host on the internet"
    assert not internet.connected


def test_connection_goes_to_what_was_looked_at(server: Server, internet: Internet, tmp_path: Path) -> None:
    looks = iter([[PUBLIC], ["127.0.0.1"]])
    internet.names["rebind.example"] = lambda: next(looks)
    server.routes["/dam"] = answer()
    found = fault("http://rebind.example/dam", tmp_path, allow_private=False)
    assert found == "rebind.example is a loopback address (127.0.0.1); expected a host on the internet"
    assert internet.connected == [PUBLIC]
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


def test_next_address_where_nobody_listens(server: Server, internet: Internet, tmp_path: Path) -> None:
    internet.names["news.example"] = ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", PUBLIC]
    server.routes["/dam"] = answer()
    saved("http://news.example/dam", tmp_path, allow_private=False)
    assert internet.connected[1::2] == [PUBLIC, PUBLIC]


@pytest.mark.parametrize("to", ["http://127.0.0.1/admin", "http://inside.example/admin", "//169.254.169.254/latest"])
def test_redirect_to_a_private_address(server: Server, internet: Internet, tmp_path: Path, to: str) -> None:
    internet.names["inside.example"] = ["192.168.0.1"]
    server.routes["/dam"] = redirect(to)
    found = fault("http://news.example/dam", tmp_path, allow_private=False)
    assert found.startswith("redirected to http://")
    assert found.endswith("; expected a host on the internet")
    assert set(internet.connected) == {PUBLIC}
    assert server.paths == ["/dam"]


def test_host_without_addresses(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [])
    assert fault("http://news.example/", tmp_path) == "no host news.example; expected a host that there is"
    monkeypatch.undo()
    assert find_endpoints("127.0.0.1", 1, seconds=FOREVER, allow_private=True)


def test_https_knows_the_host_by_its_name(secure: Server, internet: Internet, tmp_path: Path) -> None:
    secure.routes["/dam"] = answer()
    assert saved("https://news.example/dam", tmp_path, allow_private=False).read_bytes() == PAGE
    internet.names["other.example"] = [PUBLIC]
    found = fault("https://other.example/dam", tmp_path / "other", allow_private=False)
    assert found.startswith("no secure connection (Hostname mismatch")
    assert found.endswith("; expected a certificate to trust")


def test_https_stays_https(server: Server, secure: Server, internet: Internet, tmp_path: Path) -> None:
    server.routes |= {"/a": redirect("https://news.example/b"), "/c": answer()}
    secure.routes |= {"/b": answer(), "/c": redirect("http://news.example/c")}
    known = read_sidecar(saved("http://news.example/a", tmp_path / "up", allow_private=False))
    assert known is not None
    assert known.url == "https://news.example/b"
    found = fault("https://news.example/c", tmp_path / "down", allow_private=False)
    assert found == "a redirect to http://news.example/c, away from https; expected https to stay https"


def test_certificates_that_are_not_there(internet: Internet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none"))
    with pytest.raises(BuildError, match="certificates of authorities cannot be read: no such file"):
        get("https://news.example/", into=tmp_path)


# What is sent


def test_requests_tell_no_more_than_they_must(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ana password secret")
    server.routes |= {"/a": answer(b"", "Set-Cookie: a=b", "Location: /b", status="302 Found"), "/b": answer()}
    saved(server.url("/a#top"), tmp_path / "seeds")
    assert len(server.asked) == 3
    for asked in server.asked:
        assert set(asked.headers) == {
            "host",
            "user-agent",
            "accept",
            "accept-language",
            "accept-encoding",
            "connection",
        }
        assert asked.headers["host"] == f"127.0.0.1:{server.port}"
        assert asked.headers["user-agent"] == "briefs"
        assert asked.headers["accept-encoding"] == "gzip, deflate"


# robots.txt


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: Briefs\nDisallow: /dam", False),
        ("User-agent: briefs/1.0\nDisallow: /dam", False),
        ("User-agent: brief\nDisallow: /", True),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: briefs\nAllow: /dam", True),
        ("User-agent: other\nUser-agent: briefs\nDisallow: /dam", False),
        ("User-agent: *\nDisallow: /*.html$", True),
        ("User-agent: *\nDisallow: /\nAllow: /dam", True),
        ("\ufeffUser-agent: *\nDisallow: /dam", False),
        ("<!doctype html><p>Not found", True),
        ("\x00\x1b" * 50, True),
        ("", True),
    ],
)
def test_robots_txt_is_respected(server: Server, tmp_path: Path, rules: str, *, allowed: bool) -> None:
    server.routes |= {"/robots.txt": answer(rules.encode(), kind="text/plain"), "/dam": answer()}
    if allowed:
        saved(server.url("/dam"), tmp_path)
    else:
        found = fault(server.url("/dam"), tmp_path)
        assert found == "an address that robots.txt forbids; expected one that robots may ask for"
    assert server.paths == ["/dam"] * allowed


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (answer(status="404 Not Found"), ""),
        (answer(status="403 Forbidden"), ""),
        (answer(b"", status="204 No Content", kind=None), ""),
        (answer(gzip.compress(b"User-agent: *\nDisallow: /"), "Content-Encoding: gzip"), "an address that robots.txt"),
        (answer(status="500 Oh"), "a robots.txt that cannot be read: status 500 Internal Server Error"),
        (answer(status="503 Oh"), "a robots.txt that cannot be read: status 503 Service Unavailable"),
        (b"no", "a robots.txt that cannot be read: an answer that is not HTTP"),
        (answer(PAGE, "Content-Length: 4000"), "a robots.txt that cannot be read: a body that breaks off"),
        (redirect("/rules"), "an address that robots.txt forbids"),
        (
            redirect("http://localhost:9/robots.txt"),
            "a robots.txt that cannot be read: redirected to http://localhost:9/",
        ),
        (redirect("file:///etc/passwd"), "a robots.txt that cannot be read: a redirect to file:///etc/passwd"),
        (stall, "no end after "),
    ],
)
def test_robots_txt_that_is_none(
    server: Server, tmp_path: Path, sent: bytes | Callable[[Line], None], found: str
) -> None:
    server.routes |= {"/robots.txt": sent, "/dam": answer()}
    server.routes["/rules"] = answer(b"User-agent: briefs\nDisallow: /", kind="text/plain")
    if not found:
        saved(server.url("/dam"), tmp_path)
        return
    assert fault(server.url("/dam"), tmp_path, timeout=0.4 if sent is stall else FOREVER).startswith(found)
    assert "/dam" not in server.paths


def test_robots_txt_is_asked_for_once(server: Server, tmp_path: Path) -> None:
    server.routes["/robots.txt"] = answer(status="500 Oh")
    results = get(*map(server.url, ("/a", "/b", "/c")), into=tmp_path)
    assert all(result.error for result in results)
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


def test_robots_txt_of_where_a_redirect_leads(server: Server, tmp_path: Path) -> None:
    with serving() as other:
        other.routes |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /dam"), "/dam": answer()}
        server.routes["/dam"] = redirect(other.url("/dam"))
        found = fault(server.url("/dam"), tmp_path)
    assert found.startswith(f"redirected to {other.url('/dam')}: an address that robots.txt forbids")


def test_large_robots_txt_is_read_to_its_limit() -> None:
    others = "".join(f"user agent robot{number}\n" for number in range(15_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(12_000))
    robots = Robots((others + "User-agent: *\n" + rules + "Disallow: /" + "a" * 300_000).encode())
    assert not robots.allow("http://news.example/11999")
    assert robots.allow("http://news.example/b")


# When


def test_hosts_are_not_hurried(server: Server, internet: Internet, clock: Clock, tmp_path: Path) -> None:
    server.routes |= {path: answer() for path in ("/a", "/b", "/c")}
    internet.names["other.example"] = [PUBLIC]
    options = {"delay": 7.0, "allow_private": False, "timeout": 5.0}
    results = get("http://news.example/a", "http://other.example/b", "http://news.example/c", into=tmp_path, **options)
    assert not any(result.error for result in results)
    # robots.txt and page of each host, then another page of the first, which has had its rest by now
    assert clock.waits == [7.0, 7.0]


@pytest.mark.parametrize(("asked", "wait"), [("2.5", 2.5), ("0.1", 1.0), ("100000", 30.0), ("-4", 1.0), ("soon", 1.0)])
def test_delay_of_robots_txt(server: Server, clock: Clock, tmp_path: Path, asked: str, wait: float) -> None:
    server.routes |= {"/robots.txt": answer(f"User-agent: *\nCrawl-delay: {asked}".encode()), "/dam": answer()}
    saved(server.url("/dam"), tmp_path, delay=1.0, timeout=5.0)
    assert clock.waits == [wait]


def test_waiting_takes_its_time(server: Server, tmp_path: Path) -> None:
    server.routes |= {"/a": answer(), "/b": answer()}
    start = time.monotonic()
    get(server.url("/a"), server.url("/b"), into=tmp_path, delay=0.15)
    assert time.monotonic() - start >= 0.3
    assert len(server.asked) == 3


def test_pages_are_asked_for_one_by_one(server: Server, tmp_path: Path) -> None:
    server.routes |= {"/a": answer(), "/c": answer()}
    urls = map(server.url, ("/a", "/b", "/c"))
    results = fetch(urls, tmp_path, options=FetchOptions(delay=0, allow_private=True, timeout=FOREVER))
    assert not server.asked
    assert next(results).path == tmp_path / "a.html"
    assert server.paths == ["/a"]
    assert next(results).error is not None
    assert next(results).path == tmp_path / "c.html"
    assert next(results, None) is None


# What it needs, and what it leaves


@pytest.mark.parametrize("missing", ["httpx", "protego"])
def test_extra_that_is_missing(missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("session", "robots"):
        monkeypatch.delitem(sys.modules, f"briefs.fetching.{module}")
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(BuildError) as caught:
        fetch([], tmp_path, options=FetchOptions())
    assert str(caught.value) == f"briefs fetch needs {missing}; expected: pip install 'briefs[fetch]'"


def test_nothing_is_loaded_before_it_is_needed() -> None:
    code = "import sys, briefs.fetching, briefs.readers.sidecar; sys.exit(len({'httpx', 'protego'} & set(sys.modules)))"
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, timeout=600, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_errors_can_be_sent_elsewhere() -> None:
    error = FetchError("http://news.example/", found="status 404 Not Found", expected="200 OK")
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, FetchError)
    assert str(again) == str(error)
    assert again.url == error.url


# The sidecar


GOOD = {"url": "http://a.example/", "final_url": "https://a.example/", "content_type": "text/html", "headers": {}}


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, None),
        ({"content-language": " en-GB "}, "en-GB"),
        ({"content-language": ""}, None),
        ([], None),
        (None, None),
    ],
)
def test_sidecar_is_read(tmp_path: Path, headers: object, language: str | None) -> None:
    (tmp_path / "dam.html.headers.json").write_text(json.dumps({**GOOD, "headers": headers}))
    known = read_sidecar(tmp_path / "dam.html")
    assert known is not None
    assert (known.url, known.content_type) == ("https://a.example/", "text/html")
    assert known.language == language
    assert read_sidecar(tmp_path / "other.html") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "1:1: no JSON (expecting value); expected the headers of a page"),
        ('{\n "url": }', "2:9: no JSON (expecting value)"),
        ("[]", "1:1: JSON that is no object"),
        ("[" * 100_000, "1:1: JSON that cannot be read"),
        ("1" * 10_000, "1:1: JSON that cannot be read"),
        (json.dumps({**GOOD, "final_url": 1}), '1:1: no text for "final_url"'),
        (json.dumps({**GOOD, "url": ""}), '1:1: no text for "url"'),
        (json.dumps({**GOOD, "content_type": None}), '1:1: no text for "content_type"'),
        ("\x00", "1:1: binary data"),
        (" " * 1_000_001, "1:1: more than 1,000,000 bytes"),
    ],
)
def test_sidecar_that_is_broken(tmp_path: Path, text: str, found: str) -> None:
    beside = tmp_path / "dam.html.headers.json"
    beside.write_text(text)
    with pytest.raises(SeedError) as caught:
        read_sidecar(tmp_path / "dam.html")
    assert str(caught.value).startswith(f"{beside}:{found}")


def test_sidecar_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "dam.html.headers.json").mkdir()
    with pytest.raises(SeedError, match="is a directory; expected a file that can be read"):
        read_sidecar(tmp_path / "dam.html")
