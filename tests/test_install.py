"""The wheel has all that is needed and nothing else, and works from any folder once installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from commands import ARTICLE, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def check(*command: object, cwd: Path | None = None) -> str:
    ended = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel that pip built from the tree, as it does for `pip install git+…`."""
    folder = tmp_path_factory.mktemp("wheel")
    check(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"),
        *("--build-constraint", ROOT / "constraints.txt", "--wheel-dir", folder, ROOT),
    )
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a fresh virtual environment with the wheel, and with what it depends on from that of the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True, with_pip=False)
    python = folder / "bin/python"
    check(
        *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python),
        *("install", "--quiet", "--no-deps", "--no-index", wheel),
    )
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def test_the_wheel_holds_the_package_the_templates_and_the_model_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = {
        p.relative_to(ROOT).as_posix() for p in (ROOT / "briefs").rglob("*") if p.is_file() and p.suffix != ".pyc"
    }
    templates = {f"briefs/{p.relative_to(ROOT).as_posix()}" for p in (ROOT / "templates").rglob("*") if p.is_file()}
    assert names == package | templates
    assert names >= {
        "briefs/py.typed",
        "briefs/model/sentences.onnx",
        "briefs/model/words.onnx",
        "briefs/model/vocab.txt",
        "briefs/templates/style.css",
        "briefs/project/briefs.toml",
    }


def test_the_wheel_is_small_enough_to_install_in_a_build_step(wheel: Path) -> None:
    assert wheel.stat().st_size < 30_000_000


def test_the_wheel_says_what_it_is_and_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = f"briefs-{PROJECT['version']}.dist-info"
        metadata = archive.read(f"{info}/METADATA").decode()
        assert archive.read(f"{info}/entry_points.txt").decode() == "[console_scripts]\nbriefs = briefs.__main__:main\n"
        assert f"{info}/licenses/LICENSE" in archive.namelist()
    assert f"\nVersion: {PROJECT['version']}\n" in metadata
    needed = [line for line in metadata.splitlines() if line.startswith("Requires-Dist: ") and "extra ==" not in line]
    assert len(needed) == len(PROJECT["dependencies"])


def test_an_installed_briefs_works_from_any_folder(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "dam.txt").write_text(ARTICLE, encoding="utf-8")
    command = environment / "bin/briefs"
    check(command, "build", "dam.txt", "out", cwd=tmp_path)
    assert (tmp_path / "out/dam/index.html").is_file()
    assert check(command, "show", "dam.txt", cwd=tmp_path).startswith("# Dam above Selmoor holds\n")
    check(command, "init", "demo", cwd=tmp_path)
    check(command, "build", cwd=tmp_path / "demo")
    assert (tmp_path / "demo/out/index.html").is_file()
    where = check(environment / "bin/python", "-c", "import briefs; print(briefs.__file__)", cwd=tmp_path)
    assert Path(where).is_relative_to(environment)


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize(
    ("target", "last"),
    [
        ("build", "briefs build seeds out"),
        ("test", "pytest"),
        ("check", "pytest"),
        ("browser", "pytest -m browser tests/browser"),
        ("generators", "pytest tests/generators tests/node"),
        (
            "training",
            "pytest -m 'training or not (training or browser)' tests/network tests/test_training.py training",
        ),
        ("benchmark", "python -m benchmarks.speed"),
        ("fuzz", "python tests/fuzz.py -max_total_time=240"),
        ("soak", "python tests/soak.py --steps 200"),
    ],
)
def test_make_installs_first_and_then_does_what_was_asked(target: str, last: str, tmp_path: Path) -> None:
    lines = check("make", "-n", "-C", ROOT, f"VENV={tmp_path}/venv", "--no-print-directory", target).splitlines()
    installs = [line for line in lines if " -m venv " in line or " pip install " in line]
    assert f" -m venv {tmp_path}/venv" in installs[0]
    assert len(installs) >= 3
    assert all("--constraint constraints.txt" in line for line in installs[1:])
    assert lines[-1] == f"{tmp_path}/venv/bin/{last}"


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_without_a_target_builds_and_says_which_python_is_too_old(tmp_path: Path) -> None:
    lines = check("make", "-n", "-C", ROOT, f"VENV={tmp_path}", "SEEDS=articles", "OUT=site", "--no-print-directory")
    assert lines.splitlines()[-1] == f"{tmp_path}/bin/briefs build articles site"
    old = tmp_path / "python"
    old.write_text(f"#!{shutil.which('bash')}\nexec '{sys.executable}' -c \"${{2/version_info/version_info[:0]}}\"\n")
    old.chmod(0o755)
    ended = subprocess.run(
        ["make", "-C", ROOT, f"VENV={tmp_path}/venv", f"PYTHON={old}", "build"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "briefs needs Python 3.11 or newer; this is 3." in ended.stderr
    assert not (tmp_path / "venv").exists()


def test_every_pin_is_exact_and_names_no_index() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(line.count("==") == 1 for line in pins)
    assert [line.split("==")[0].lower() for line in pins] == sorted(line.split("==")[0].lower() for line in pins)
