"""The hooks for pre-commit, which keep articles that cannot be read out of somebody's repository."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from commands import ARTICLE, ROOT, output_of, run
from guide import blocks

from briefs.readers import SUFFIXES
from briefs.seeds import find_seeds

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
(CONFIG,) = (block for block in blocks("yaml") if block.startswith("repos:"))
PRE_COMMIT = (sys.executable, "-m", "pre_commit")
GIT = ("git", "-c", "user.name=Ana Ruiz", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")


def test_the_hooks_and_their_configuration_are_what_pre_commit_takes(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    output_of(*PRE_COMMIT, "validate-manifest", ROOT / ".pre-commit-hooks.yaml")
    output_of(*PRE_COMMIT, "validate-config", tmp_path / "config.yaml")
    assert {hook["id"] for hook in yaml.safe_load(CONFIG)["repos"][0]["hooks"]} == set(HOOKS)


def test_the_check_takes_the_files_that_a_build_reads(tmp_path: Path) -> None:
    names = [
        f"a{suffix}" for suffix in SUFFIXES
    ] + "b/c.MD d.html.headers.json e.tar.xml f.md.bak .g.md .git/h.txt".split()
    names += "i.csv j.png k.yml l.txt.gz LICENSE txt m/txt".split()
    for name in names:
        (tmp_path / "seeds" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "seeds" / name).write_text(ARTICLE, encoding="utf-8")
    hook = HOOKS["briefs-check"]
    taken = [
        n for n in names if re.search(hook["files"], f"seeds/{n}") and not re.search(hook["exclude"], f"seeds/{n}")
    ]
    assert sorted(taken) == [seed.name for seed in find_seeds(tmp_path / "seeds", tmp_path / "out")[0]]


def test_the_hooks_run_commands_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/dam.txt").write_text(ARTICLE, encoding="utf-8")
    for hook, files in ((HOOKS["briefs-check"], ["seeds/dam.txt"]), (HOOKS["briefs-build"], [])):
        name, *arguments = shlex.split(hook["entry"])
        assert name == "briefs"
        assert run(*arguments, *files, cwd=tmp_path).code == 0
    assert (tmp_path / "out/dam/index.html").is_file()


@pytest.mark.skipif("CI" not in os.environ, reason="pre-commit installs from the network: set CI to let it")
@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_pre_commit_stops_a_commit_of_a_bad_article_and_of_pages_that_were_not_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "home"))
    hooks, repository = tmp_path / "hooks", tmp_path / "repository"
    for name in ("briefs", "templates"):
        shutil.copytree(ROOT / name, hooks / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (".pre-commit-hooks.yaml", "LICENSE", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, hooks)
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "Hooks"), ("tag", "v1.0")):
        output_of(*GIT, *command, cwd=hooks)

    articles = repository / "articles"
    articles.mkdir(parents=True)
    (repository / "README.md").write_text("# No article\n", encoding="utf-8")
    config = CONFIG.replace("https://github.com/OWNER/briefs", str(hooks)).replace("REF", "v1.0")
    (repository / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    shutil.copy(ROOT / "tests/forms/quay.html", articles)
    (articles / "notes.txt").write_text("Notes\n", encoding="utf-8")
    output_of(*GIT, "init", "-q", cwd=repository)
    output_of(*GIT, "add", ".", cwd=repository)
    stopped = output_of(*PRE_COMMIT, "run", code=1, cwd=repository)
    assert re.findall(r"^error: (\S+) only a headline", stopped, re.MULTILINE) == ["articles/notes.txt:1:6:"] * 2

    (articles / "notes.txt").write_text(ARTICLE, encoding="utf-8")
    output_of(*GIT, "add", ".", cwd=repository)
    changed = output_of(*PRE_COMMIT, "run", code=1, cwd=repository)
    assert "files were modified by this hook" in changed
    assert "error: " not in changed
    output_of(*GIT, "add", ".", cwd=repository)
    assert output_of(*PRE_COMMIT, "run", cwd=repository).count("Passed") == 2
    assert (repository / "out/notes/index.html").is_file()
