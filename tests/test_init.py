"""What `briefs init` lays out is a project that builds as it is, and nothing of anybody's is overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import ROOT, Outcome, run

import briefs
from briefs import BuildError
from briefs.cli.initializing import lay_out

Call = Callable[..., Outcome]
FILES = ["briefs.toml", ".gitignore", "seeds/ferry-pier.txt", "templates/summary.txt.j2"]
SETTINGS = (ROOT / "briefs/project/briefs.toml").read_text(encoding="utf-8")


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_what_is_laid_out_builds_a_site_with_its_settings_and_its_template(tmp_path: Path) -> None:
    laid_out = run("init", "demo", cwd=tmp_path)
    assert (laid_out.code, laid_out.out) == (0, "")
    assert laid_out.err.splitlines()[0] == f"laid out in demo: {', '.join(FILES)}"
    assert laid_out.err.splitlines()[1].startswith("next: cd demo && briefs build, then open out/index.html; ")
    built = run("build", cwd=tmp_path / "demo")
    assert built == (0, "", "[1/1] seeds/ferry-pier.txt -> out/ferry-pier\n1 brief: open out/index.html\n")
    out = tmp_path / "demo/out"
    assert "<title>My briefs</title>" in (out / "index.html").read_text(encoding="utf-8")
    assert (out / "ferry-pier/summary.txt").read_text(encoding="utf-8").startswith("Storm closes the Ostrey ferry pier")
    assert (tmp_path / "demo/.gitignore").read_text(encoding="utf-8") == "/out/\n"


def test_the_article_shows_what_a_brief_has() -> None:
    brief = briefs.parse((ROOT / "briefs/project/seeds/ferry-pier.txt").read_bytes())
    assert brief.origin.byline == "Nell Harrow"
    assert brief.lede
    assert brief.context
    assert brief.outlook
    said = {(claim.speaker, claim.certainty, claim.form) for claim in brief.claims}
    assert ("Ines Calloway", "asserted", "direct") in said
    assert ("Norrick Ferries", "denied", "indirect") in said
    assert ("Piet Larkin", "hedged", "indirect") in said


def test_without_a_folder_it_is_the_current_one(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "README.md").write_text("# Mine\n", encoding="utf-8")
    ended = call("init")
    assert (ended.code, ended.out) == (0, "")
    assert "\nnext: briefs build, then open out/index.html;" in ended.err
    assert files(tmp_path) == sorted([*FILES, "README.md"])


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_written_where_one_of_the_files_is_there(name: str, call: Call, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    assert call("init", tmp_path) == (2, "", f"error: {path}: is there already; nothing was written\n")
    assert files(tmp_path) == [name]
    assert path.read_text(encoding="utf-8") == "mine"


def test_all_files_that_are_there_are_named(call: Call, tmp_path: Path) -> None:
    assert call("init", tmp_path).code == 0
    before = {name: (tmp_path / name).read_bytes() for name in FILES}
    named = ", ".join(str(tmp_path / name) for name in FILES)
    assert call("init", tmp_path) == (2, "", f"error: {named}: are there already; nothing was written\n")
    assert {name: (tmp_path / name).read_bytes() for name in files(tmp_path)} == before


def test_a_link_that_leads_nowhere_and_a_file_in_place_of_a_folder_are_there_too(call: Call, tmp_path: Path) -> None:
    (tmp_path / "briefs.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "seeds").write_text("mine", encoding="utf-8")
    ended = call("init", tmp_path)
    assert (ended.code, ended.err.count("briefs.toml"), ended.err.count("ferry-pier")) == (2, 1, 1)
    assert files(tmp_path) == ["briefs.toml", "seeds"]


def test_a_project_that_has_settings_gets_no_second_ones(call: Call, tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\n[tool.briefs]\ntitle = 'Mine'\n", encoding="utf-8")
    assert call("init", tmp_path).err == f"error: {project}:2: settings are there already; nothing was written\n"
    assert files(tmp_path) == ["pyproject.toml"]


def test_a_folder_that_cannot_be_used_is_an_error(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("file", "file/below"):
        ended = call("init", tmp_path / name)
        assert (ended.code, ended.out, "Traceback" in ended.err) == (2, "", False)
    assert files(tmp_path) == ["file"]


def test_files_are_laid_out_all_or_none(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="file name too long; no file was left"):
        lay_out({"a.txt": b"a", "b/c.txt": b"c", "d" * 300: b"d"}, tmp_path)
    assert files(tmp_path) == []


def test_every_key_is_explained_and_what_is_left_out_is_said(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRIEFS_NO_CACHE")
    assert call("init", tmp_path).code == 0
    default = call("config", "--config", "/dev/null").out
    path = tmp_path / "briefs.toml"
    path.write_text(re.sub(r"^# ([a-z-]+ = )", r"\1", SETTINGS, flags=re.MULTILINE), encoding="utf-8")
    for row, was in zip(call("config", "--config", path).out.splitlines(), default.splitlines(), strict=True):
        key, value, place = re.split("  +", row)
        assert place.startswith(f"{path}:") or key == "date"
        if key not in {"seeds", "out", "templates", "title", "base-url", "map", "threads", "jobs", "cache"}:
            assert value == re.split("  +", was)[1]
    keys = re.findall(r"\n\n(# [A-Z].*\n(?:# [^=\n]*\n)*)(?:# )?([a-z-]+) = ", SETTINGS)
    assert len(keys) == len(default.splitlines()) - 1
