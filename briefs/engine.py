"""The engine of a batch: Daft, on this machine or on a cluster of Ray. Nothing is sent to anybody by either."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, cast

from briefs.cores import count_cores
from briefs.errors import BriefsError, BuildError
from briefs.offline import SILENT

Engine = Literal["local", "ray"]

# What Daft, Ray and Python read of the environment, in this process and in all that they start.
ENVIRONMENT = SILENT | {
    "DAFT_PROGRESS_BAR": "0",  # progress is the command line's to show
    "DAFT_SHOW_QUERY_ID": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONSAFEPATH": "1",  # no worker looks for modules in the current folder, where articles lie
}
_PATIENCE = 10  # seconds for a cluster to answer
_LONGEST = 300  # characters of what the engine says
_LOST = ("UDF process", "Connection reset", "Broken pipe")  # as the engine says it, by what it was about then
_NEEDS = "briefs batch needs {name}; expected: pip install 'briefs[{extra}]'"


def start_engine(engine: Engine, address: str | None = None) -> int:
    """Start the engine, once for a process, and return how many cores it has for workers.

    Raises BuildError where the extra is not installed, or there is no cluster at the address.
    """
    os.environ.update(ENVIRONMENT)
    daft = _import("daft", "batch")
    logging.getLogger().addHandler(logging.NullHandler())  # what it logs is raised, too
    # The engine leaves the output of its workers to be closed with the process.
    warnings.filterwarnings("ignore", "unclosed file <_io.BufferedReader", ResourceWarning)
    if engine == "local":
        daft.set_runner_native()
        _keep_handlers(daft)
        return count_cores()
    ray = _import("ray", "ray")
    if address:
        _reach(address)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Ray, about what it will do otherwise some day
        if not ray.is_initialized():
            try:
                ray.init(
                    address=address or "local",
                    runtime_env={"env_vars": ENVIRONMENT},
                    log_to_driver=False,
                    logging_level="ERROR",
                    **({} if address else {"include_dashboard": False, "num_cpus": count_cores()}),
                )
            except (ConnectionError, OSError, RuntimeError, ValueError) as error:
                reason = str(error).strip().partition("\n")[0].rstrip(".")
                raise BuildError(f"{address or 'ray'}: no cluster of Ray can be used: {reason}") from error
        daft.set_runner_ray(noop_if_initialized=True)
        _keep_handlers(daft)
        return max(1, int(ray.cluster_resources().get("CPU", 1)))


def _reach(address: str) -> None:
    """Raise BuildError where nothing answers at an address: Ray itself tries for minutes."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_PATIENCE):
            return
    except ValueError as error:
        raise BuildError(f"{address}: no address of a cluster; expected HOST:PORT") from error
    except OSError as error:
        reason = (error.strerror or "nothing answers").lower()
        raise BuildError(
            f"{address}: no cluster of Ray: {reason}; expected the address that `ray start` prints"
        ) from error


def frame_of(slices: Sequence[str]) -> Any:  # noqa: ANN401 - a table of the engine
    """Return slices as a table of one column; on a cluster, each is a task of its own."""
    from daft import from_pydict, get_or_infer_runner_type  # noqa: PLC0415 (an extra)

    frame = from_pydict({"slice": list(slices)})
    return frame if get_or_infer_runner_type() == "native" else frame.into_partitions(max(1, len(slices)))


@contextmanager
def engine_errors(advice: str) -> Iterator[None]:
    """Turn what goes wrong in the engine into what is raised here: the error of ours that it carries, or BuildError."""
    from daft.errors import UDFException  # noqa: PLC0415 (an extra)
    from daft.exceptions import DaftCoreException  # noqa: PLC0415

    try:
        yield
    except (UDFException, DaftCoreException, RuntimeError, OSError) as error:
        ours = next((each for each in _causes(error) if isinstance(each, BriefsError)), None)
        if ours is not None:
            raise ours from error
        *_, first = _causes(error)
        reason = next((line.strip() for line in str(first).splitlines() if line.strip()), type(first).__name__)
        if any(words in reason for words in _LOST):
            raise BuildError(
                f"a worker was lost, by lack of memory maybe: fewer --workers take less; {advice}"
            ) from error
        raise BuildError(f"the engine gave up: {reason[:_LONGEST].rstrip('.')}; {advice}") from error
    except BaseException:
        # Whoever asked for the end need not read how the engine is taken apart with its work half-way.
        sys.unraisablehook = lambda _: None
        raise


def engine_error() -> type[Exception]:
    """Return what the engine raises where it cannot read."""
    from daft.exceptions import DaftCoreException  # noqa: PLC0415 (an extra)

    return cast("type[Exception]", DaftCoreException)


def _keep_handlers(daft: Any) -> None:  # noqa: ANN401 - a module without types
    """Keep what happens on Ctrl-C as it is: the engine takes it over once, when it first does something, and ends silently."""
    daft.from_pydict({"none": [0]}).where(daft.col("none") > 0).collect()
    if threading.current_thread() is threading.main_thread():
        handler = signal.getsignal(signal.SIGINT)
        if handler is not None:
            signal.signal(signal.SIGINT, handler)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _import(name: str, extra: str) -> Any:  # noqa: ANN401 - a module without types
    try:
        return __import__(name)
    except ModuleNotFoundError as error:
        raise BuildError(_NEEDS.format(name=name, extra=extra)) from error
