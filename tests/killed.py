"""Run the command, in a process each time, and kill it right before it changes something in a folder for the n-th time.

Arguments are a folder FOLDER, of which FOLDER-0, FOLDER-1 and so on are copies, a number n for each copy, with commas between
them, and what the command is given, with OUT for the copy. To write, to move, to delete and to make a folder are such changes.
Prints, in JSON, how many there were in each copy, to the end or until the command was killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from forked import fork, load

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link", "os.symlink")


def run_until(number: int, folder: str, arguments: list[str]) -> int:
    """Run the command in a process of its own, up to a change; return how many there were."""
    told, tells = os.pipe()
    seen = 0

    def watch(event: str, details: tuple[object, ...]) -> None:
        nonlocal seen
        if event == "open":
            path, _, flags = details
            changes = isinstance(flags, int) and bool(flags & WRITES)
        else:
            path, changes = details[0] if details else None, event in CHANGES
        if changes and isinstance(path, str | os.PathLike) and Path(path).is_relative_to(folder):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(tells, b".")

    child = fork(arguments, sys.stderr.buffer, before=lambda: sys.addaudithook(watch))
    os.close(tells)
    with os.fdopen(told, "rb") as counted:
        count = len(counted.read())
    os.waitpid(child, 0)
    return count


def main() -> None:
    """Do what the arguments say."""
    load()
    folder, numbers, *arguments = sys.argv[1:]
    counts = []
    for place, number in enumerate(json.loads(f"[{numbers}]")):
        out = f"{folder}-{place}"
        counts.append(run_until(number, out, [out if argument == "OUT" else argument for argument in arguments]))
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()
