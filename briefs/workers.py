"""Functions called in several processes, their results in the order of their arguments.

A worker is a fresh interpreter that calls a function with whatever comes down a pipe. This is what `multiprocessing` calls
"spawn", but for three things. A worker does not run the module that the caller started with once more, so that a script needs
no guard around its main part. It looks for modules where the caller does, and not first of all in the current folder, where
articles lie. And it is in a process group of its own: Ctrl-C in a terminal reaches the caller alone, which ends its workers.
(A copy by fork has the threads of numpy and of onnxruntime half-way in what they did, and Windows has none.)
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache, partial
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, TypeVar, cast

from briefs.errors import BriefsError, BuildError

Key = TypeVar("Key")
Argument = TypeVar("Argument")
Answer = TypeVar("Answer")

AHEAD = 32  # arguments taken for each worker before anybody asks: while one is at a long article, the others go on

_START = "import sys; sys.path[:] = sys.argv[1:]; from briefs.workers import serve; serve()"
_FUNCTION, _ARGUMENT = b"f", b"a"  # what a worker is sent
_LENGTH = 8  # bytes before each message, which say how many it has
_APART: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # on Windows; elsewhere, `process_group` does it


class WorkerLost(Exception):  # noqa: N818 (says what happened)
    """A worker ended before it answered; the message says how."""

    def told_of(self, place: object, what: str) -> BuildError:
        """Return the error of a build: at a place, what the process did that was lost, and what may help."""
        return BuildError(f"{place}: the process that {what} was lost: {self}; fewer --jobs take less memory")


class Workers:
    """So many workers, started when they are needed first; with one job, this process itself. They end with the context.

    A thread for each waits for its answers.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._threads = ThreadPoolExecutor(jobs)
        self._workers: list[_Worker] = []
        self._idle: SimpleQueue[_Worker] = SimpleQueue()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def start(
        self, function: Callable[[Argument], Answer], pairs: Iterable[tuple[Key, Argument]], *, here: bool = False
    ) -> Generator[tuple[Key, Callable[[], Answer]]]:
        """Yield the key of each pair with a function that waits for the answer to its argument, in the order of the pairs.

        What the function raised is raised there, and WorkerLost where its process ended. With one job, or `here`, the function
        is called in this process, when its answer is asked for. Pickle must be able to carry the function, arguments, answers
        and errors; of the pairs, at most `AHEAD` for each job are taken before they are needed. What has not begun when the
        iterator is closed is not done. Raises BuildError where a worker cannot be started.

        >>> with Workers(1) as workers:
        ...     for key, answer in workers.start(abs, [("a", -1), ("b", 2)]):
        ...         print(key, answer())
        a 1
        b 2
        """
        if here or self.jobs == 1:
            yield from ((key, partial(function, argument)) for key, argument in pairs)
            return
        message = _message(_FUNCTION, function)
        ahead: deque[tuple[Key, Future[Answer]]] = deque()
        try:
            for key, argument in pairs:
                ahead.append((key, self._submit(message, argument)))
                while ahead and (ahead[0][1].done() or len(ahead) > AHEAD * self.jobs):
                    first, future = ahead.popleft()
                    yield first, future.result
            while ahead:
                first, future = ahead.popleft()
                yield first, future.result
        finally:
            for _, future in ahead:
                future.cancel()

    def _submit(self, function: bytes, argument: object) -> Future[Any]:
        if len(self._workers) < self.jobs:
            worker = _Worker()
            self._workers.append(worker)
            self._idle.put(worker)
        return self._threads.submit(self._call, function, argument)

    def _call(self, function: bytes, argument: object) -> object:
        worker = self._idle.get()
        try:
            return worker.call(function, argument)
        finally:
            self._idle.put(worker)


class _Worker:
    """The process of a worker, seen from the caller's. Raises BuildError where it cannot be started."""

    def __init__(self) -> None:
        self._function = b""  # that it was given last
        try:
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter; no shell)
                [sys.executable, "-P", "-c", _START, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if sys.stderr else subprocess.DEVNULL,
                creationflags=_APART,
                process_group=0,
            )
        except OSError as error:
            raise BuildError(f"a process cannot be started: {(error.strerror or 'an error').lower()}") from error
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)

    def call(self, function: bytes, argument: object) -> object:
        """Return the answer of a function to an argument, or raise what the function raised, or WorkerLost."""
        request = _message(_ARGUMENT, argument)
        if function is not self._function:
            self._function, request = function, function + request
        try:
            self._requests.write(request)
            self._requests.flush()
            answer = _receive(self._answers)
        except (EOFError, OSError) as error:
            raise WorkerLost(_how(self._process.wait())) from error
        returned, raised = pickle.loads(answer)  # noqa: S301 (our own worker's)
        if raised is not None:
            raise raised
        return returned

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        for pipe in (self._requests, self._answers):
            with suppress(OSError):  # of a request that was not taken
                pipe.close()
        self._process.wait()


def serve() -> None:
    """Be a worker: take functions, each with its arguments, from standard input, write answers to standard output.

    Ends when the caller does, whatever it is about, and at nobody else's word.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for whatever else would write there
    requests: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_take, args=(sys.stdin.buffer, requests), daemon=True).start()
    function = b""
    while True:
        request = requests.get()
        if request.startswith(_FUNCTION):
            function = request[len(_FUNCTION) :]
            continue
        answer = _answer(function, request[len(_ARGUMENT) :])
        try:
            answers.write(answer)
            answers.flush()
        except OSError:  # nobody is there to read it
            os._exit(1)


def _take(requests: IO[bytes], into: SimpleQueue[bytes]) -> None:
    """Take messages as they come; when there is nobody left to send any, end the process."""
    with suppress(EOFError, OSError):
        while True:
            into.put(_receive(requests))
    os._exit(0)


@lru_cache(1)
def _load(function: bytes) -> Callable[[object], object]:
    loaded: Callable[[object], object] = pickle.loads(function)  # noqa: S301
    return loaded


def _answer(function: bytes, argument: bytes) -> bytes:
    """Return the message of what a function returns, and of None; or of None, and of what it raises."""
    try:
        return _message(b"", (_load(function)(pickle.loads(argument)), None))  # noqa: S301 (the caller's own)
    except Exception as error:  # noqa: BLE001 (it is the caller's to handle)
        if not isinstance(error, BriefsError):
            error.add_note(traceback.format_exc())
        return _message(b"", (None, error))


def _message(kind: bytes, content: object) -> bytes:
    data = kind + pickle.dumps(content, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_LENGTH) + data


def _receive(stream: IO[bytes]) -> bytes:
    """Return what the next message has. Raises EOFError where it is not whole."""
    length = int.from_bytes(stream.read(_LENGTH))
    data = stream.read(length)
    if not data or len(data) < length:
        raise EOFError
    return data


def _how(code: int) -> str:
    """Return how a process ended.

    >>> _how(-9), _how(1)
    ('killed by SIGKILL', 'ended with code 1')
    """
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
