"""A build in several processes gives what a build in one gives, ends with it, and says what went wrong in any of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import NoReturn

import pytest
from commands import ARTICLE, ROOT, Outcome, environment, start
from test_site import contents, read_lines, write_articles
from whole import build_site

from briefs.errors import BuildError, RenderError, SeedError, TaggerError
from briefs.seeds import Options, find_seeds
from briefs.templating import fill, forget_templates, read_templates, use_templates
from briefs.workers import AHEAD, WorkerLost, Workers

Call = Callable[..., Outcome]
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in Linux's /proc")


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that have not ended."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:2]
        except OSError:  # it has just ended
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(path.parent.name))
    return found


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true: Callable[[], object], seconds: float = 3) -> bool:
    """Return whether something became true in so many seconds: one at most on a machine with nothing else to do."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(true())


def wait_a_while(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def fail_to_load(_: object) -> NoReturn:
    raise TaggerError("words.onnx: the tagger cannot be loaded: no such file")


def refuse(path: str) -> NoReturn:
    raise SeedError(path, 2, 7, found="a blank page", expected="an article")


def numbered(arguments: list[object]) -> Iterator[tuple[int, object]]:
    return iter(enumerate(arguments))


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of articles in all forms: the seeds of the project, feeds, records, and some that cannot be read."""
    folder = tmp_path_factory.mktemp("mixed") / "seeds"
    shutil.copytree(ROOT / "seeds", folder)
    shutil.copytree(ROOT / "tests/forms", folder / "forms")
    shutil.copy(ROOT / "tests/forms/atom.xml", folder / "named-as-a-page.html")
    (folder / "dam.txt").write_bytes(b"")
    (folder / "lost.md").symlink_to("nowhere")
    lines = [json.dumps({"title": f"Dam {n % 3} holds", "text": ARTICLE}) for n in range(12)]
    (folder / "reports.jsonl").write_text("\n".join([*lines[:7], "[]", *lines[7:]]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def one_job(mixed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[object, ...]], dict[str, bytes]]:
    """Return what a build with one job says and writes."""
    return outcome(mixed, tmp_path_factory.mktemp("one"), jobs=1)


def outcome(seeds: Path, out: Path, *, jobs: int) -> tuple[list[tuple[object, ...]], dict[str, bytes]]:
    found, _ = find_seeds(seeds, out)
    results = [
        (result.number, result.seed, result.slug, result.entry and result.entry.card, str(result.error))
        for result in build_site(found, out, Options(jobs=jobs, url="https://dams.example/"))
    ]
    return results, contents(out)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of articles each of which takes much longer to read than any test here."""
    folder = tmp_path_factory.mktemp("long")
    body = ARTICLE.split("\n\n", 1)[1]
    for number in range(10):
        (folder / f"{number}.txt").write_text(f"Dam {number} holds\n\n" + "\n".join([body] * 1500), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of so many articles that a build can be stopped on its way."""
    return write_articles(tmp_path_factory.mktemp("many"), *(f"{number:03}.txt" for number in range(100)))


@pytest.mark.parametrize("jobs", [2, 3])
def test_results_and_files_are_the_same_with_any_number_of_jobs(
    jobs: int, mixed: Path, one_job: tuple[list[tuple[object, ...]], dict[str, bytes]], tmp_path: Path
) -> None:
    results, files = outcome(mixed, tmp_path, jobs=jobs)
    assert results == one_job[0]
    assert files == one_job[1]


def test_the_build_of_all_forms_has_several_articles_in_a_file_and_errors_among_them(
    one_job: tuple[list[tuple[object, ...]], dict[str, bytes]],
) -> None:
    results, _ = one_job
    numbers = [number for number, *_ in results]
    assert numbers == sorted(numbers)
    assert max(map(numbers.count, numbers)) == 13
    assert sum(error != "None" for *_, error in results) >= 3


def test_the_command_says_the_same_with_any_number_of_jobs(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", *(f"{letter}.txt" for letter in "abcdefghijk"))
    (seeds / "c.txt").write_bytes(b"")
    ended = {call("build", seeds, tmp_path / "out", "--jobs", jobs) for jobs in (1, 2, 3)}
    assert len(ended) == 1
    (only,) = ended
    assert only.code == 1
    assert [line.split()[0] for line in only.err.splitlines()] == [
        *(f"[{number}/11]" for number in (1, 2, *range(4, 12))),
        "error:",
        "10",
    ]


def test_answers_come_in_the_order_of_the_arguments() -> None:
    waits = [0.3, 0.0, 0.2, 0.1, 0.0, 0.0, 0.1, 0.0]
    with Workers(3) as workers:
        calls = workers.start(wait_a_while, numbered([*waits]))
        assert [(key, answer()) for key, answer in calls] == list(enumerate(waits))


def test_an_answer_is_there_as_soon_as_those_before_it_are() -> None:
    with Workers(2) as workers, closing(workers.start(wait_a_while, numbered([0.0, 60.0, 0.0, 60.0]))) as calls:
        first, answer = next(calls)
        assert (first, answer()) == (0, 0.0)


def test_so_many_arguments_are_taken_ahead_and_no_more() -> None:
    taken = []

    def arguments() -> Iterator[tuple[int, int]]:
        for number in range(1000):
            taken.append(number)
            yield number, -number

    with Workers(2) as workers, closing(workers.start(abs, arguments())) as calls:
        for key, answer in calls:
            assert answer() == key
            assert len(taken) <= key + 1 + 2 * AHEAD


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_of_ours_comes_back_whole_and_in_its_turn(jobs: int) -> None:
    with Workers(jobs) as workers, closing(workers.start(refuse, numbered(["a.txt", "b.txt"]))) as calls:
        for name, (_, answer) in zip(("a.txt", "b.txt"), calls, strict=True):
            with pytest.raises(SeedError, match=rf"^{name}:2:7: a blank page; expected an article$") as raised:
                answer()
            assert (raised.value.path, raised.value.line, raised.value.column) == (name, 2, 7)
    with Workers(jobs) as workers, closing(workers.start(fail_to_load, numbered([0]))) as calls:
        _, answer = next(calls)
        with pytest.raises(TaggerError, match=r"^words\.onnx: the tagger cannot be loaded: no such file$"):
            answer()


def test_another_error_says_where_in_the_worker_it_was_raised() -> None:
    with Workers(2) as workers, closing(workers.start(wait_a_while, numbered([-1]))) as calls:
        _, answer = next(calls)
        with pytest.raises(ValueError, match="non-negative") as raised:
            answer()
    assert "in wait_a_while" in raised.value.__notes__[0]


def test_what_is_printed_in_a_worker_disturbs_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    with Workers(2) as workers:
        assert [answer() for _, answer in workers.start(print, numbered(["a", "b", "c"]))] == [None] * 3
    assert capfd.readouterr() == ("", "")


def test_a_worker_that_ends_is_an_error_in_its_turn() -> None:
    for function, argument, how in (
        (signal.raise_signal, signal.SIGKILL, "killed by SIGKILL"),
        (os._exit, 3, "ended with code 3"),
    ):
        with Workers(2) as workers, closing(workers.start(function, numbered([argument] * 4))) as calls:
            _, answer = next(calls)
            with pytest.raises(WorkerLost, match=how):
                answer()


@needs_proc
def test_workers_end_at_once_with_their_context() -> None:
    before = set(children_of(os.getpid()))
    with Workers(2) as workers:
        next(workers.start(wait_a_while, numbered([0.0, 60.0, 60.0])))
        started = set(children_of(os.getpid())) - before
        assert len(started) == 2
    assert not any(map(runs, started))


@needs_proc
def test_workers_take_one_function_after_another() -> None:
    """The same processes; of a function that is left, what has not begun is not done."""
    before = set(children_of(os.getpid()))
    with Workers(2) as workers:
        with closing(workers.start(wait_a_while, numbered([0.0, 0.3, 0.3, 60.0, 60.0, 60.0]))) as calls:
            assert next(calls)[1]() == 0.0
        assert [answer() for _, answer in workers.start(abs, numbered([-1, -2, -3]))] == [1, 2, 3]
        assert [answer() for _, answer in workers.start(len, numbered(["a", "bc"]), here=True)] == [1, 2]
        assert len(set(children_of(os.getpid())) - before) == 2


def test_a_process_that_cannot_be_started_is_an_error(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    seeds, _ = find_seeds(many, tmp_path / "out")
    with pytest.raises(BuildError, match=r"^a process cannot be started: no such file or directory$"):
        list(build_site(seeds, tmp_path / "out", Options(jobs=2)))


def test_no_process_is_started_for_one_job_or_few_articles(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))  # a process would be an error
    seeds, _ = find_seeds(many, tmp_path / "out")
    assert [result.error for result in build_site(seeds[:3], tmp_path / "out", Options(jobs=8))] == [None] * 3
    assert [result.error for result in build_site(seeds[:12], tmp_path / "out", Options(jobs=1))] == [None] * 12


SCRIPT = """
import sys
from pathlib import Path
from briefs.inputs import survey
from briefs.seeds import Options, find_seeds
from briefs.site import build

def main():
    seeds, _ = find_seeds(Path(sys.argv[1]), Path(sys.argv[2]))
    options = Options(jobs=2)
    print(*(result.slug for result in build(survey(seeds, options), Path(sys.argv[2]), options)))

"""


@pytest.mark.parametrize("last", ["if __name__ == '__main__':\n    main()\n", "main()\n"], ids=["guard", "no guard"])
def test_a_script_can_build_with_jobs_with_a_guard_around_its_main_part_and_without(last: str, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", *(f"{letter}.txt" for letter in "abcdefghij"))
    (tmp_path / "script.py").write_text(SCRIPT + last, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, tmp_path / "script.py", seeds, tmp_path / "out"],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "a b c d e f g h i j\n", "")


def test_no_worker_runs_modules_that_lie_where_the_command_is_called(tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", *(f"{letter}.txt" for letter in "abcdefghij"))
    for name in ("pickle", "signal", "random", "briefs", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('this is not the module')", encoding="utf-8")
    ended = subprocess.run(
        [Path(sys.executable).with_name("briefs"), "build", seeds, "out", "--quiet", "--jobs", "2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@needs_proc
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_build_that_is_stopped_takes_its_workers_with_it(
    number: signal.Signals, code: int, many: Path, tmp_path: Path
) -> None:
    process = start("build", many, tmp_path, "--jobs", 2, apart=True)
    said = read_lines(process, 3)
    workers = children_of(process.pid)
    asked = time.monotonic()
    os.killpg(process.pid, number)  # as a terminal does
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - asked < 3
    assert (process.returncode, out) == (code, b"")
    assert re.fullmatch(rb"(\[.*\n)*stopped after \d+ of 100 files; nothing was written\n", said + err)
    assert len(workers) == 2
    assert not any(map(runs, workers))
    assert contents(tmp_path) == {}


@needs_proc
@pytest.mark.parametrize("delay", [0.4, 0.6, 0.8, 1.0, 1.5])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_while_workers_start_or_are_busy_ends_at_once(
    number: signal.Signals, delay: float, long: Path, tmp_path: Path
) -> None:
    process = start("build", long, tmp_path, "--jobs", 2, apart=True)
    time.sleep(delay)
    workers = children_of(process.pid)
    asked = time.monotonic()
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - asked < 3
    assert process.returncode in (128 + number, -number)  # the latter, before the command has its own handlers
    assert out == b""
    assert err in (b"", b"stopped after 0 of 10 files; nothing was written\n")
    assert wait_until(lambda: not any(map(runs, workers)))


@needs_proc
def test_a_worker_that_is_killed_ends_the_build_with_an_error(many: Path, tmp_path: Path) -> None:
    process = start("build", many, tmp_path, "--jobs", 2)
    read_lines(process, 3)
    one, other = children_of(process.pid)
    os.kill(other, signal.SIGTERM)  # is for the build to heed, not for its workers
    os.kill(one, signal.SIGKILL)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, b"")
    assert re.fullmatch(
        rb"(\[.*\n)*error: \S+/\d{3}\.txt: the process that parsed it was lost: killed by SIGKILL; fewer --jobs take less"
        rb" memory\n",
        err,
    )
    assert not runs(other)
    assert contents(tmp_path) == {}


@needs_proc
def test_workers_end_when_the_build_is_killed_whatever_they_are_about(long: Path, tmp_path: Path) -> None:
    process = start("build", long, tmp_path, "--jobs", 2)
    assert wait_until(lambda: len(children_of(process.pid)) == 2, seconds=60)
    time.sleep(1)
    workers = children_of(process.pid)
    process.kill()
    assert process.communicate(timeout=60) == (b"", b"")
    assert len(workers) == 2
    assert wait_until(lambda: not any(map(runs, workers)))


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have workers fill in the files of a site, however few."""
    monkeypatch.setattr("briefs.site._FEW", 2)


@pytest.mark.usefixtures("apart")
def test_files_are_the_same_whoever_fills_them_in(many: Path, tmp_path: Path) -> None:
    """Those of briefs, of actors and of the site, and what the next build needs to know of each."""
    seeds, _ = find_seeds(many, tmp_path / "out")
    for jobs in (1, 2):
        options = Options(jobs=jobs, cache=tmp_path / "cache", url="https://example.org/", search=True)
        assert all(result.error is None for result in build_site(seeds, tmp_path / f"out{jobs}", options))
    assert contents(tmp_path / "out1") == contents(tmp_path / "out2")
    assert (tmp_path / "out2/actors").is_dir()


@pytest.mark.usefixtures("apart")
@pytest.mark.parametrize("template", ["brief.md.j2", "pages/actor.html.j2", "site/index.html.j2"])
def test_a_template_that_fails_is_told_alike_whoever_fills_it_in(many: Path, tmp_path: Path, template: str) -> None:
    """With file and line; or, of one brief only, in its turn."""
    (tmp_path / "own" / template).parent.mkdir(parents=True)
    seeds, _ = find_seeds(many, tmp_path / "out")
    for text in ("fine\n{{ nothing.there }}", "{{ 1 // (slug | default('') != '007') }}"):
        (tmp_path / "own" / template).write_text(text, encoding="utf-8")
        told = []
        for jobs in (1, 2):
            options = Options(jobs=jobs, cache=tmp_path / "cache", templates=tmp_path / "own")
            try:
                results = list(build_site(seeds, tmp_path / f"out{jobs}", options))
                told.append([(result.slug, str(result.error)) for result in results if result.error])
            except RenderError as error:
                told.append([("", str(error))])
        assert told[0] == told[1]
        assert told[0] or ("007" in text and template != "brief.md.j2")
    assert contents(tmp_path / "out1") == contents(tmp_path / "out2")


@needs_proc
@pytest.mark.usefixtures("apart")
def test_a_worker_that_is_lost_while_it_fills_in_is_an_error(many: Path, tmp_path: Path) -> None:
    """It says of which file; what was there stays."""
    seeds, _ = find_seeds(many, tmp_path / "out")
    options = Options(jobs=2, cache=tmp_path / "cache")
    list(build_site(seeds, tmp_path / "out", options))
    (tmp_path / "own").mkdir()
    endless = "{% for one in range(99999999) %}{% for other in range(99999999) %}{% endfor %}{% endfor %}"
    (tmp_path / "own/brief.md.j2").write_text(endless, encoding="utf-8")
    before, there = set(children_of(os.getpid())), contents(tmp_path / "out")

    def kill() -> None:
        assert wait_until(lambda: len(set(children_of(os.getpid())) - before) == 2, 20)
        for worker in set(children_of(os.getpid())) - before:
            os.kill(worker, signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    with pytest.raises(BuildError, match=r"the process that filled it in was lost: killed by SIGKILL; fewer --jobs"):
        list(build_site(seeds, tmp_path / "out", replace(options, templates=tmp_path / "own")))
    killer.join()
    assert contents(tmp_path / "out") == there


def test_workers_use_templates_as_the_build_has_read_them(tmp_path: Path) -> None:
    """A template that changes while a site is made is for the next build."""
    own = tmp_path / "brief.md.j2"
    own.write_text("old", encoding="utf-8")
    forget_templates()
    found = dict(read_templates(tmp_path))
    own.write_text("new", encoding="utf-8")
    for expected in ("old\n", "new\n", "old\n"):
        assert fill("brief.md.j2", {}, templates=tmp_path) == expected
        forget_templates()
        if expected == "new\n":
            use_templates(tmp_path, found)
