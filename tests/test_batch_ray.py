"""A batch on a cluster of Ray gives the rows that it gives on one machine, also where workers and nodes are lost meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from commands import ROOT, environment
from test_batch import article, batch, rows_of, text_of, write_lines
from test_jobs import children_of, wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in Linux's /proc")


@contextmanager
def cluster(nodes: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a cluster; give its address and what kills its nodes."""
    command = [sys.executable, str(ROOT / "tests/ray_cluster.py"), str(nodes)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(PYTHONWARNINGS=""),
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.communicate(timeout=60)


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that parse in a cluster."""
    named = ((pid, Path(f"/proc/{pid}/cmdline")) for pid in below(process.pid))
    return [pid for pid, path in named if path.exists() and path.read_bytes().startswith(b"ray::UDFActor")]


def below(pid: int) -> Iterator[int]:
    for child in children_of(pid):
        yield child
        yield from below(child)


def test_a_cluster_gives_the_same_rows_also_where_a_worker_and_a_node_are_lost(tmp_path: Path) -> None:
    articles = [article(f"Town {number}", text=text_of("Isk") * 9) for number in range(120)]
    lines = write_lines(tmp_path / "wire.jsonl", [*articles, {"title": "Empty"}])
    batch(lines, "--into", tmp_path / "local")
    with cluster(2) as (address, process):
        arguments = [
            "batch",
            str(lines),
            "--into",
            str(tmp_path / "ray"),
            "--batch",
            "1",
            "--engine",
            "ray",
            "--address",
            address,
        ]
        running = subprocess.Popen(
            [sys.executable, "-m", "briefs", *arguments],
            stderr=subprocess.PIPE,
            text=True,
            env=environment(PYTHONWARNINGS=""),
        )

        def count_parts() -> int:
            return len(list((tmp_path / "ray/.parts").glob("*.parquet")))

        assert wait_until(lambda: count_parts() > 2 or running.poll(), seconds=150)
        os.kill(workers_of(process)[0], signal.SIGKILL)
        count = count_parts()
        assert wait_until(lambda: count_parts() > count + 2 or running.poll(), seconds=150)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "1\n"
        assert running.poll() is None
        _, said = running.communicate(timeout=300)
    assert running.returncode == 0, said
    assert "121 records: 120 parsed, 1 failed" in said
    for table in ("briefs", "claims", "actors"):
        assert rows_of(tmp_path / "ray", table) == rows_of(tmp_path / "local", table)
