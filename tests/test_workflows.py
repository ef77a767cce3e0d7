"""The project as a step of other people's workflows: the GitHub Action, and the examples that the guide gives for hosts."""

from __future__ import annotations

import os
import re
import shutil
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from actions_runner import ACTION, STEPS, Step, perform
from commands import ARTICLE, ROOT, output_of, run
from guide import GUIDE, blocks

SCHEMA = (sys.executable, "-m", "check_jsonschema", "--builtin-schema")


def workflows() -> list[str]:
    """Return the workflows of the guide, whole; a block that is a list is the last steps of one."""
    found = [yaml.load(block, yaml.BaseLoader) for block in blocks("yaml")]  # in which `on` is no boolean
    job = {"runs-on": "ubuntu-latest"}
    whole = [
        {"on": "push", "jobs": {"it": {**job, "steps": block}}} if isinstance(block, list) else block for block in found
    ]
    return [yaml.safe_dump(block) for block in whole if "jobs" in block]


def test_the_action_is_one_by_its_schema() -> None:
    output_of(*SCHEMA, "vendor.github-actions", ROOT / "action.yml")


def test_every_workflow_of_the_guide_is_one_by_its_schema(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.yml" for number, _ in enumerate(workflows())]
    for file, text in zip(files, workflows(), strict=True):
        file.write_text(text, encoding="utf-8")
    assert len(files) == 3
    output_of(*SCHEMA, "vendor.github-workflows", *files)


def test_the_guide_names_every_input_and_output_and_uses_no_other() -> None:
    assert [name for name in (*ACTION["inputs"], *ACTION["outputs"]) if f"`{name}`" not in GUIDE] == []
    steps = [step for text in workflows() for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]]
    ours = [step for step in steps if step.get("uses") == "OWNER/briefs@REF"]
    assert len(ours) == 2
    assert {name for step in ours for name in step["with"]} <= set(ACTION["inputs"])


@pytest.fixture(scope="module")
def temp(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the runner's folder with briefs in it: installed by the action where CI is set, or else that of the tests."""
    folder = tmp_path_factory.mktemp("temp")
    if "CI" in os.environ:
        workspace = tmp_path_factory.mktemp("workspace")
        in_the_way(workspace)
        installed = perform("Install briefs", {}, workspace=workspace, temp=folder)
        assert installed.code == 0, installed.log
        return folder
    own = folder / "briefs-action"
    venv.create(own, symlinks=True, with_pip=False)
    (site,) = own.glob("lib/python*/site-packages")
    (site / "tests.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n", encoding="utf-8")
    command = own / "bin/briefs"
    command.write_text(f"#!{own}/bin/python\nfrom briefs.__main__ import main\nmain()\n", encoding="utf-8")
    command.chmod(0o755)
    return folder


def in_the_way(workspace: Path) -> None:
    """Put modules among the articles that must not be taken for Python's own."""
    for name in ("json", "os", "pip", "secrets", "shlex", "venv"):
        (workspace / f"{name}.py").write_text("raise SystemExit('run by mistake')\n", encoding="utf-8")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a checkout with an article in its folder `seeds`."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/dam.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def build(workspace: Path, temp: Path) -> Callable[..., Step]:
    """Return a function that builds in the workspace with the inputs that it is given."""
    in_the_way(workspace)
    return lambda **inputs: perform("Build briefs", inputs, workspace=workspace, temp=temp)


def test_no_expression_stands_in_a_script_and_every_input_is_passed_on() -> None:
    assert [name for name, step in STEPS.items() if "${{" in step.get("run", "")] == []
    passed = " ".join(
        str(value) for step in STEPS.values() for key in ("env", "with") for value in step.get(key, {}).values()
    )
    assert set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", passed)) == set(ACTION["inputs"])


def test_the_action_builds_from_seeds_to_out_if_not_told_otherwise(build: Callable[..., Step], workspace: Path) -> None:
    for inputs in ({}, {"seeds": "", "out": ""}):
        done = build(**inputs)
        assert (done.code, done.outputs) == (0, {"path": "out", "briefs": "1"}), done.log
    assert "<title>Briefs</title>" in (workspace / "out/index.html").read_text(encoding="utf-8")
    assert not (workspace / "out/feed.xml").exists()


@pytest.mark.skipif("CI" not in os.environ, reason="the action installs from the network: set CI to let it")
def test_the_action_installs_what_is_pinned_and_reads_web_pages(
    build: Callable[..., Step], workspace: Path, temp: Path
) -> None:
    shutil.copy(ROOT / "tests/forms/quay.html", workspace / "seeds")
    assert build().outputs["briefs"] == "2"
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    listed = output_of(temp / "briefs-action/bin/python", "-I", "-m", "pip", "freeze", "--all").splitlines()
    others = ("briefs @ ", "setuptools==")  # Python 3.11 puts setuptools into each environment
    assert [line for line in listed if not line.startswith(others) and line not in pins] == []


def test_the_inputs_are_what_is_built(build: Callable[..., Step], workspace: Path) -> None:
    (workspace / "mine/site").mkdir(parents=True)
    (workspace / "mine/site/titles.txt.j2").write_text("{{ site.title }}, {{ site.url }}", encoding="utf-8")
    (workspace / "wire.json").write_text('[{"kop": "Dam", "text": "It held."}, {"kop": "Sun", "text": "It shone."}]')
    done = build(
        seeds="wire.json",
        out="site/briefs",
        title="Morning briefs",
        **{"base-url": "https://example.com/"},
        templates="mine",
        arguments="  --map 'headline=kop'\n--language\tany ",
    )
    assert (done.code, done.outputs) == (0, {"path": "site/briefs", "briefs": "2"}), done.log
    assert (workspace / "site/briefs/titles.txt").read_text() == "Morning briefs, https://example.com/\n"


HOSTILE = "\"double\" 'single' $(touch ran) `touch ran`; touch ran\n${HOME} && touch ran\n\\"


def test_what_stands_in_an_input_is_never_run(build: Callable[..., Step], workspace: Path) -> None:
    seeds, out, templates = "--help $(touch ran)", "o;touch ran\nbriefs=99\npath=x", "-t\n`touch ran`"
    (workspace / "seeds").rename(workspace / seeds)
    (workspace / templates / "site").mkdir(parents=True)
    (workspace / templates / "site/title.txt.j2").write_text("{{ site.title }}", encoding="utf-8")
    before = set(workspace.iterdir())
    done = build(seeds=seeds, out=out, title=HOSTILE, templates=templates, arguments="--map 'headline=$(touch ran)' -q")
    assert (done.code, done.outputs) == (0, {"path": out}), done.log
    assert (workspace / out / "title.txt").read_text(encoding="utf-8") == HOSTILE + "\n"
    assert set(workspace.iterdir()) - before == {workspace / out}


@pytest.mark.parametrize("arguments", ["$(touch ran)", "; touch ran", "`touch ran`", "> ran", "--title 'unclosed", "*"])
def test_arguments_are_words_and_no_shell(arguments: str, build: Callable[..., Step], workspace: Path) -> None:
    done = build(arguments=arguments)
    assert done.code != 0
    assert "error: arguments: No closing quotation" in done.log or "unexpected extra argument" in done.log
    assert {path.name for path in workspace.iterdir()}.isdisjoint({"ran", "out"})


def test_an_article_that_cannot_be_read_fails_the_step_and_the_others_are_built(
    build: Callable[..., Step], workspace: Path
) -> None:
    (workspace / "seeds/notes.txt").write_text("Notes\n", encoding="utf-8")
    done = build()
    assert (done.code, done.outputs) == (1, {"path": "out", "briefs": "1"})
    *_, resumed, fault = done.log.splitlines()
    assert resumed == done.log.splitlines()[0].replace("stop-commands::", "") + "::"
    place = "file=seeds/notes.txt,line=1,col=6,title=Article that cannot be read"
    assert fault == f"::error {place}::seeds/notes.txt:1:6: only a headline; expected paragraphs after it"
    nothing = build(seeds="none")
    assert (nothing.code, nothing.outputs) == (2, {"path": "out"})
    assert nothing.log.splitlines()[-1].startswith("::error title=Build that cannot go on::none: no such folder; ")


def test_the_arguments_may_ask_for_another_form_which_the_runner_takes_for_no_command(
    build: Callable[..., Step], workspace: Path
) -> None:
    (workspace / "seeds/##[group]::error ::.txt").write_text("Notes\n", encoding="utf-8")
    done = build(arguments="--output-format json --strict")
    assert (done.code, done.outputs) == (1, {"path": "out"})
    assert '"file": "seeds/##[group]::error ::.txt",' in done.log
    assert done.log.splitlines()[-1] == done.log.splitlines()[0].replace("stop-commands::", "") + "::"


def test_the_name_of_an_article_is_no_command_to_the_runner(build: Callable[..., Step], workspace: Path) -> None:
    (workspace / "seeds/##[set-output name=path]elsewhere.txt").write_text(ARTICLE, encoding="utf-8")
    first, *log, last = build().log.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert len(token) == 64
    assert last == f"::{token}::"
    assert any("#\\x23[set-output" in line for line in log)
    assert build().log.splitlines()[0] != first


def test_the_command_of_each_host_builds_what_it_publishes(workspace: Path) -> None:
    netlify = tomllib.loads(blocks("toml")[0])
    (cloudflare,) = (block for block in blocks("sh") if block.startswith("pip install "))
    (workspace / "seeds").rename(workspace / "articles")
    (workspace / "templates/site").mkdir(parents=True)
    (workspace / "templates/site/_headers.j2").write_text(blocks("jinja")[0], encoding="utf-8")
    for command in (netlify["build"]["command"], cloudflare):
        _, and_then, build = command.partition(" && briefs ")
        assert and_then
        done = run(shell=f"COMMAND {build}", cwd=workspace, URL="https://briefs.example.com")
        assert (done.code, done.out) == (0, ""), done.err
    out = workspace / netlify["build"]["publish"]
    assert "https://briefs.example.com/" in (out / "sitemap.xml").read_text(encoding="utf-8")
    (headers,) = netlify["headers"]
    asked = "".join(f"  {name}: {value}\n" for name, value in headers["values"].items())
    assert (out / "_headers").read_text(encoding="utf-8") == f"{headers['for']}\n{asked}"
