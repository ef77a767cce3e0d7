"""Modules that need the extra `training` are left out of a test run without it; `make training` runs them all."""

from importlib.util import find_spec

if find_spec("torch") is None:
    collect_ignore = ["export.py", "graph.py", "losses.py", "model.py", "prune.py", "report.py", "teach.py", "train.py"]
