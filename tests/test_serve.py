"""`briefs serve` shows the pages that it builds, builds them again on changes, and has browsers reload them."""

from __future__ import annotations

import http.client
import re
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import pytest
from commands import ARTICLE, Outcome, start
from test_site import contents, write_articles

from briefs.folder import alone

Call = Callable[..., Outcome]
Answer = tuple[int, dict[str, str], str]
PATIENCE = 30  # seconds in which what is awaited has to come


class Served:
    """A server in a process of its own."""

    def __init__(self, *arguments: object) -> None:
        self.process = start("serve", *arguments)
        self._said: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.port = 0

    def _read(self) -> None:
        for line in self.process.stderr:
            self._said.put(line.decode().rstrip())

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Return the next line that is so."""
        passed = []
        while True:
            try:
                passed.append(self._said.get(timeout=PATIENCE))
            except Exception as error:
                raise AssertionError(passed) from error
            if found := re.fullmatch(pattern, passed[-1]):
                return found

    def ask(self, path: str, method: str = "GET", host: str = "localhost") -> Answer:
        """Return status, headers with names in lower case, and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, headers={"Host": host})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        finally:
            connection.close()

    @contextmanager
    def events(self) -> Iterator[Callable[[], str]]:
        """Yield a function that returns the data of the next event."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", "/.briefs/events")
        answer = connection.getresponse()
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        lines = (line.decode().strip() for line in iter(answer.readline, b""))
        yield lambda: next(line.removeprefix("data: ") for line in lines if line.startswith("data: "))
        answer.close()
        connection.close()

    def end(self) -> int:
        """Return the exit code after Ctrl-C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()
        return code


def put(path: Path, text: str) -> None:
    """Put a text into a file at once, as editors do: no build sees half of it."""
    unfinished = path.parent.parent / f"{path.name}.unfinished"
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


@contextmanager
def served(*arguments: object) -> Iterator[Served]:
    """Serve until the end of the context, once the first build is done."""
    pytest.importorskip("watchfiles", reason="needs watchfiles: pip install 'briefs[serve]'")
    server = Served(*arguments, "--port", 0, "--jobs", 1)
    try:
        server.port = int(server.wait_for(r"serving .* at http://127\.0\.0\.1:(\d+)/; Ctrl-C ends it")[1])
        server.wait_for(r"built \d+ briefs?|error: .*")
        yield server
    finally:
        server.end()


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path]]:
    """Yield a server, for tests that change nothing, and its folder."""
    folder = tmp_path_factory.mktemp("served")
    seeds = write_articles(folder / "seeds", "dam.txt")
    with served(seeds, folder / "out", "--base-url", "https://b.example/") as server:
        (folder / "out/secret.html").symlink_to(seeds / "dam.txt")
        (folder / "out/empty").mkdir()
        (folder / "out/plain.html").write_text("no body\n", encoding="utf-8")
        yield server, folder / "out"


@pytest.mark.parametrize(
    ("path", "file", "kind"),
    [
        ("/style.css", "style.css", "text/css; charset=utf-8"),
        ("/dam/brief.md", "dam/brief.md", "text/markdown; charset=utf-8"),
        ("/dam/summary.txt?a#b", "dam/summary.txt", "text/plain; charset=utf-8"),
        ("/dam/brief.json", "dam/brief.json", "application/json; charset=utf-8"),
        ("/feed.xml", "feed.xml", "application/xml; charset=utf-8"),
        ("/%64am//summary.txt", "dam/summary.txt", "text/plain; charset=utf-8"),
    ],
)
def test_files_are_served_as_they_are(path: str, file: str, kind: str, still: tuple[Served, Path]) -> None:
    server, out = still
    status, headers, body = server.ask(path)
    assert (status, headers["content-type"], body) == (200, kind, (out / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("path", "file"), [("/", "index.html"), ("/dam/", "dam/index.html"), ("/plain.html", "plain.html")]
)
def test_a_page_is_the_file_but_for_a_script_that_its_policy_allows(
    path: str, file: str, still: tuple[Served, Path]
) -> None:
    server, out = still
    status, headers, body = server.ask(path)
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'"
    )
    (script,) = re.findall(r'<script src="(/\.briefs/reload\.js\?[\w-]+)"></script>', body)
    assert body.replace(f'<script src="{script}"></script>', "") == (out / file).read_text(encoding="utf-8")
    status, headers, body = server.ask(script)
    assert (status, headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert "new EventSource(" in body


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/empty/",
        "/../seeds/dam.txt",
        "/%2e%2e/seeds/dam.txt",
        "/dam/..%2f..%2fseeds/dam.txt",
        "/..%5cseeds",
        "/secret.html",
        "/.briefs-plain.json",
        "/.briefs/",
        "/a%00b",
        "/%ff",
        "/" + "a" * 5000,
        "/style.css/x",
    ],
)
def test_what_is_not_in_the_folder_or_not_for_readers_is_not_found(path: str, still: tuple[Served, Path]) -> None:
    status, headers, body = still[0].ask(path)
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<p>Not found." in body


def test_a_folder_without_a_slash_leads_to_the_one_with_it_on_this_host(still: tuple[Served, Path]) -> None:
    for path in ("/dam", "//dam", "/dam?a"):
        status, headers, _ = still[0].ask(path)
        assert (status, headers["location"]) == (301, "/dam/")


def test_only_get_and_head_are_answered(still: tuple[Served, Path]) -> None:
    server, _ = still
    for path in ("/", "/style.css", "/.briefs/reload.js", "/nothing", "/.briefs/events"):
        status, headers, body = server.ask(path, "HEAD")
        assert (status, body) == (404 if path == "/nothing" else 200, "")
        if path != "/.briefs/events":
            assert int(headers["content-length"]) == len(server.ask(path)[2].encode())
    assert [server.ask("/", method)[0] for method in ("POST", "PUT", "DELETE", "OPTIONS")] == [501] * 4


THIS = socket.gethostname()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:80",
        "127.0.0.1",
        "127.0.0.1:8000",
        "[::1]:8000",
        "192.168.7.9",
        "a.localhost",
        "localhost.",
        THIS,
        f"{THIS.partition('.')[0]}.local:8000",
    ],
)
def test_a_browser_that_asks_this_machine_by_a_name_of_its_own_or_an_address_gets_the_page(
    host: str, still: tuple[Served, Path]
) -> None:
    assert still[0].ask("/style.css", host=host)[0] == 200


@pytest.mark.parametrize("path", ["/", "/dam/brief.json", "/.briefs/events", "/.briefs/reload.js", "/nothing"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_a_browser_that_was_led_here_by_a_name_of_another_site_gets_nothing_of_this_one(
    path: str, host: str, still: tuple[Served, Path]
) -> None:
    server, _ = still
    status, headers, body = server.ask(path, host=host)
    assert (status, headers["content-type"]) == (421, "text/html; charset=utf-8")
    assert f'Open <a href="http://127.0.0.1:{server.port}/">' in body
    assert "Selmoor" not in body
    assert server.ask(path, "HEAD", host=host)[::2] == (421, "")


@pytest.mark.parametrize("host", ["", "[::1", "::", "a b", ":80", "[evil.example]"])
def test_a_host_that_is_none_gets_nothing(host: str, still: tuple[Served, Path]) -> None:
    assert still[0].ask("/", host=host)[0] == 421


def test_the_name_that_was_asked_for_and_any_address_are_served_where_others_are_to_see_the_site(
    tmp_path: Path,
) -> None:
    from briefs.serving import serving

    with serving(tmp_path, "0.0.0.0", 0) as server:
        assert [server.answers_to(host) for host in ("192.168.7.9:8000", "0.0.0.0:1", THIS, "evil.example", None)] == [
            *(True, True, True, False, False)
        ]
    with serving(tmp_path, "LOCALHOST", 0) as server:
        assert server.answers_to("localhost:8000")


def test_what_is_served_is_what_a_build_writes(call: Call, still: tuple[Served, Path], tmp_path: Path) -> None:
    _, out = still
    call("build", out.parent / "seeds", tmp_path, "--base-url", "https://b.example/")
    put = {"plain.html", "secret.html"}
    assert {name: file for name, file in contents(out).items() if name not in put} == contents(tmp_path)


def test_a_page_reloads_when_an_article_has_changed_and_not_without_a_change(tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "seeds/out"
    with served(seeds, out) as server, server.events() as await_event:
        first = await_event()
        assert f"reload.js?{first}" in server.ask("/dam/")[2]
        (seeds / ".draft.txt").write_text("no seed\n", encoding="utf-8")
        (out / "mine.txt").write_text("no seed\n", encoding="utf-8")
        time.sleep(0.5)
        put(seeds / "dam.txt", ARTICLE.replace("Ruiz", "Ortega"))
        second = await_event()
        assert second == f"{first[:-1]}{int(first[-1]) + 1}"
        body = server.ask("/dam/")[2]
        assert "Ana Ortega" in body
        assert f"reload.js?{second}" in body


def test_what_is_wrong_with_an_article_stands_on_every_page_until_it_is_mended(tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt")
    with served(seeds, tmp_path / "out") as server, server.events() as await_event:
        await_event()
        put(seeds / "lake.txt", "Notes <b>\n")
        await_event()
        for path in ("/dam/", "/lake/", "/nothing"):
            assert re.search(r'<pre role="alert">\S*/lake\.txt:1:\d+: only a headline; expected', server.ask(path)[2])
        assert 'role="alert"' not in (tmp_path / "out/dam/index.html").read_text(encoding="utf-8")
        put(seeds / "lake.txt", ARTICLE)
        await_event()
        assert 'role="alert"' not in server.ask("/dam/")[2]


def test_a_template_that_is_broken_from_the_start_is_shown_and_heals(tmp_path: Path) -> None:
    seeds, mine = write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "mine"
    mine.mkdir()
    (mine / "summary.txt.j2").write_text("{{ '<i>' + page.", encoding="utf-8")
    with served(seeds, tmp_path / "out", "--templates", mine) as server, server.events() as await_event:
        await_event()
        assert re.search(r'<pre role="alert">\S*/summary\.txt\.j2:1: ', server.ask("/")[2])
        put(mine / "summary.txt.j2", "mended")
        await_event()
        assert 'role="alert"' not in server.ask("/")[2]
        assert server.ask("/dam/summary.txt")[2] == "mended\n"


def test_where_another_build_is_writing_it_is_tried_again_until_it_is_done(tmp_path: Path) -> None:
    seeds, out = write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "out"
    with served(seeds, out) as server:
        with alone(out):
            put(seeds / "lake.txt", ARTICLE)
            server.wait_for(f"waiting: {out}: another build is writing there; expected to be alone")
        server.wait_for("built 2 briefs")


def test_a_template_that_comes_later_is_used_at_once(tmp_path: Path) -> None:
    seeds, mine = write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "mine"
    mine.mkdir()
    with served(seeds, tmp_path / "out", "--templates", mine) as server, server.events() as await_event:
        await_event()
        put(mine / "summary.txt.j2", "mine")
        await_event()
        assert server.ask("/dam/summary.txt")[2] == "mine\n"


def test_settings_that_change_are_in_force_at_once_and_what_is_wrong_with_them_is_shown(tmp_path: Path) -> None:
    write_articles(tmp_path / "seeds", "dam.txt")
    settings = tmp_path / "briefs.toml"
    put(settings, 'seeds = "seeds"\nout = "out"\ntitle = "Morning"\n')
    with served("--config", settings) as server, server.events() as await_event:
        await_event()
        assert "<h1>Morning</h1>" in server.ask("/")[2]
        put(settings, 'seeds = "seeds"\nout = "other"\ntitle = "Evening"\n')
        await_event()
        assert "<h1>Evening</h1>" in server.ask("/")[2]
        assert (tmp_path / "other/index.html").is_file()
        put(settings, 'seeds = "seeds"\ntitel = "Noon"\n')
        await_event()
        assert f'<pre role="alert">{settings}:2: unknown key &#x27;titel&#x27;' in server.ask("/")[2]
        put(settings, 'seeds = "seeds"\nout = "out"\ntitle = "Noon"\n')
        await_event()
        assert "<h1>Noon</h1>" in server.ask("/")[2]


def test_one_article_is_watched_too_and_settings_that_come_later(
    article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with served(article, "out") as server, server.events() as await_event:
        await_event()
        put(article, ARTICLE.replace("Ruiz", "Ortega"))
        await_event()
        assert "Ana Ortega" in server.ask("/selmoor-dam/")[2]
        put(tmp_path / "briefs.toml", 'title = "Evening"\n')
        await_event()
        assert "<h1>Evening</h1>" in server.ask("/")[2]


def test_an_article_that_is_gone_is_gone_from_the_site_and_one_in_a_new_folder_comes(tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "dam.txt", "lake.txt")
    with served(seeds, tmp_path / "out") as server, server.events() as await_event:
        await_event()
        (seeds / "lake.txt").unlink()
        await_event()
        assert (server.ask("/dam/")[0], server.ask("/lake/")[0]) == (200, 404)
        write_articles(seeds / "more", "mill.txt")
        while server.ask("/mill/")[0] == 404:
            await_event()


@pytest.mark.parametrize("pause", [0.0, 1.2], ids=["at once", "later"])
def test_folders_that_are_deleted_and_made_again_are_watched_as_before(pause: float, tmp_path: Path) -> None:
    seeds, mine = write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "mine"
    mine.mkdir()
    with served(seeds, tmp_path / "out", "--templates", mine) as server, server.events() as await_event:
        await_event()
        shutil.rmtree(seeds)
        shutil.rmtree(mine)
        time.sleep(pause)
        mine.mkdir()
        write_articles(seeds, "lake.txt", "mill.txt")
        while server.ask("/mill/")[0] == 404 or "no such folder" in server.ask("/mill/")[2]:
            await_event()
        time.sleep(1.2)  # until what was new is all looked at
        put(seeds / "mill.txt", ARTICLE.replace("Ruiz", "Ortega"))
        while "Ana Ortega" not in server.ask("/mill/")[2]:
            await_event()
        (mine / "card.txt.j2").write_text("one", encoding="utf-8")
        while server.ask("/mill/card.txt")[0] == 404:
            await_event()


def test_a_folder_in_the_place_of_another_is_watched_as_that_was(tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "dam.txt")
    other = write_articles(tmp_path / "other", "lake.txt")
    with served(seeds, tmp_path / "out") as server, server.events() as await_event:
        await_event()
        seeds.rename(tmp_path / "before")
        other.rename(seeds)
        while server.ask("/lake/")[0] == 404:
            await_event()
        time.sleep(1.2)
        put(seeds / "lake.txt", ARTICLE.replace("Ruiz", "Ortega"))
        while "Ana Ortega" not in server.ask("/lake/")[2]:
            await_event()


def test_ctrl_c_ends_it_within_a_second_while_pages_are_open(tmp_path: Path) -> None:
    with (
        served(write_articles(tmp_path / "seeds", "dam.txt"), tmp_path / "out") as server,
        server.events() as await_event,
    ):
        await_event()
        began = time.monotonic()
        assert server.end() == 130
        assert time.monotonic() - began < 1


def test_a_port_that_is_taken_is_an_error_where_it_was_asked_for(call: Call, article: Path, tmp_path: Path) -> None:
    pytest.importorskip("watchfiles", reason="needs watchfiles: pip install 'briefs[serve]'")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = call("serve", article, tmp_path / "out", "--port", port)
    assert ended == (2, "", f"error: 127.0.0.1:{port}: cannot be served at: address already in use\n")
    assert not (tmp_path / "out").exists()


def test_where_no_port_is_asked_for_it_is_the_first_that_is_free(tmp_path: Path) -> None:
    from briefs.serving import serving

    with serving(tmp_path, "127.0.0.1", None) as first, serving(tmp_path, "127.0.0.1", None) as second:
        assert 8000 <= first.server_port < second.server_port


def test_an_address_of_version_6_is_written_in_brackets(tmp_path: Path) -> None:
    from briefs.serving import serving

    if not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 on this machine")
    with serving(tmp_path, "::1", 0) as server:
        assert server.address == f"http://[::1]:{server.server_port}/"


def test_a_site_of_a_generator_is_not_served(call: Call, article: Path, tmp_path: Path) -> None:
    ended = call("serve", article, tmp_path / "out", "--target", "hugo")
    assert ended.code == 2
    assert "'hugo' is what a generator serves; expected plain" in " ".join(ended.err.split())
    settings = tmp_path / "briefs.toml"
    put(settings, 'target = "hugo"\n')
    ended = call("serve", article, tmp_path / "out", "--config", settings)
    assert ended == (2, "", f"error: {settings}:1: target: 'hugo' is what a generator serves; expected plain\n")


def test_without_watchfiles_it_says_what_to_install_before_it_reads_anything(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    ended = call("serve", tmp_path / "none", tmp_path / "out")
    assert ended == (2, "", "error: briefs serve needs watchfiles: pip install 'briefs[serve]'\n")


def test_a_folder_of_seeds_that_is_not_there_is_an_error(call: Call, tmp_path: Path) -> None:
    pytest.importorskip("watchfiles", reason="needs watchfiles: pip install 'briefs[serve]'")
    ended = call("serve", tmp_path / "none", tmp_path / "out")
    assert (ended.code, ended.err.startswith(f"error: {tmp_path}/none: no such folder")) == (2, True)
