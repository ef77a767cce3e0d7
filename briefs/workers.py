"""A function called in several processes, its results in the order of its arguments.

A worker is a fresh interpreter that calls the function with whatever comes down a pipe. This is what `multiprocessing` calls
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
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import IO, Generic, TypeVar, cast

from briefs.errors import BriefsError, BuildError

Key = TypeVar("Key")
Argument = TypeVar("Argument")
Answer = TypeVar("Answer")

AHEAD = 32  # arguments taken for each worker before anybody asks: while one is at a long article, the others go on

_START = "import sys; sys.path[:] = sys.argv[1:]; from briefs.workers import serve; serve()"
_LENGTH = 8  # bytes before each message, which say how many it has
_APART: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # on Windows; elsewhere, `process_group` does it


class WorkerLost(Exception):  # noqa: N818 (says what happened)
    """A worker ended before it answered; the message says how."""


def start_calls(
    function: Callable[[Argument], Answer], pairs: Iterable[tuple[Key, Argument]], *, jobs: int
) -> Generator[tuple[Key, Callable[[], Answer]]]:
    """Yield the key of each pair with a function that waits for the answer to its argument, in the order of the pairs.

    What the function raised is raised there, and WorkerLost where its process ended. With one job the function is called in
    this process, when its answer is asked for. Pickle must be able to carry the function, arguments, answers and errors; of the
    pairs, at most `AHEAD` for each job are taken before they are needed. The workers end when the iterator is closed. Raises
    BuildError where a worker cannot be started.

    >>> for key, answer in start_calls(abs, [("a", -1), ("b", 2)], jobs=1):
    ...     print(key, answer())
    a 1
    b 2
    """
    if jobs == 1:
        yield from ((key, partial(function, argument)) for key, argument in pairs)
        return
    with _Workers(function, jobs) as workers:
        ahead: deque[tuple[Key, Future[Answer]]] = deque()
        for key, argument in pairs:
            ahead.append((key, workers.submit(argument)))
            while ahead and (ahead[0][1].done() or len(ahead) > AHEAD * jobs):
                first, future = ahead.popleft()
                yield first, future.result
        for first, future in ahead:
            yield first, future.result


class _Workers(Generic[Argument, Answer]):
    """Workers, started when they are needed first, and a thread for each, which waits for its answers."""

    def __init__(self, function: Callable[[Argument], Answer], jobs: int) -> None:
        self._function = _message(function)
        self._jobs = jobs
        self._threads = ThreadPoolExecutor(jobs)
        self._workers: list[_Worker] = []
        self._idle: SimpleQueue[_Worker] = SimpleQueue()

    def __enter__(self) -> _Workers[Argument, Answer]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()

    def submit(self, argument: Argument) -> Future[Answer]:
        if len(self._workers) < self._jobs:
            worker = _Worker(self._function)
            self._workers.append(worker)
            self._idle.put(worker)
        return self._threads.submit(self._call, argument)

    def _call(self, argument: Argument) -> Answer:
        worker = self._idle.get()
        try:
            return cast("Answer", worker.call(argument))
        finally:
            self._idle.put(worker)


class _Worker:
    """The process of a worker, seen from the caller's. Raises BuildError where it cannot be started."""

    def __init__(self, function: bytes) -> None:
        self._unsent = function
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

    def call(self, argument: object) -> object:
        """Return the answer to an argument, or raise what the function raised, or WorkerLost."""
        request = self._unsent + _message(argument)
        self._unsent = b""
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
    """Be a worker: take a function and then its arguments from standard input, write answers to standard output.

    Ends when the caller does, whatever it is about, and at nobody else's word.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # for whatever else would write there
    requests: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_take, args=(sys.stdin.buffer, requests), daemon=True).start()
    function = requests.get()
    while True:
        answer = _answer(function, requests.get())
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


def _answer(function: bytes, argument: bytes) -> bytes:
    """Return the message of what a function returns, and of None; or of None, and of what it raises."""
    try:
        return _message((pickle.loads(function)(pickle.loads(argument)), None))  # noqa: S301 (the caller's own)
    except Exception as error:  # noqa: BLE001 (it is the caller's to handle)
        if not isinstance(error, BriefsError):
            error.add_note(traceback.format_exc())
        return _message((None, error))


def _message(content: object) -> bytes:
    data = pickle.dumps(content, pickle.HIGHEST_PROTOCOL)
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
