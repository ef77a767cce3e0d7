"""The action in action.yml, and its scripts run as a runner of GitHub Actions runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml
from commands import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
# In the file that a step writes its outputs to: name=value, or a text of several lines up to a mark.
_OUTPUT = re.compile(r"^([\w-]+)(?:=(.*)|<<(.+)\n((?s:.*?))\n\3)$", re.MULTILINE)


class Step(NamedTuple):
    """How a step ended, what it printed, and its outputs."""

    code: int
    log: str
    outputs: Mapping[str, str]


def perform(name: str, inputs: Mapping[str, str], *, workspace: Path, temp: Path) -> Step:
    """Run the script of a step by bash, in the workspace, with what its `env` makes of the inputs.

    `temp` is the runner's folder for the job. The Python that is set up is that of the tests.
    """
    given = {key: str(value.get("default", "")) for key, value in ACTION["inputs"].items()} | inputs
    values = {f"${{{{ inputs.{key} }}}}": value for key, value in given.items()}
    values["${{ steps.python.outputs.python-path }}"] = sys.executable
    script, outputs = temp / "script.sh", temp / "outputs"
    script.write_text(STEPS[name]["run"], encoding="utf-8")
    outputs.write_text("", encoding="utf-8")
    ended = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
        cwd=workspace,
        env={
            **os.environ,
            **{key: values[value] for key, value in STEPS[name]["env"].items()},
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_OUTPUT": str(outputs),
            "RUNNER_TEMP": str(temp),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    found = _OUTPUT.findall(outputs.read_text(encoding="utf-8"))
    return Step(ended.returncode, ended.stdout, {key: line or text for key, line, _, text in found})
