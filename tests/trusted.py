"""What holds whatever goes wrong with a build: how tests say that a site is whole, and that it heals."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from commands import ARTICLE, Outcome, run
from test_site import contents, write_articles

from briefs.files import UNFINISHED

Call = Callable[..., Outcome]
Tree = Mapping[str, bytes | None]

LEDGER = ".briefs-plain.json"
HOW_MANY = 24  # articles, of which several jobs have not taken all when the first is done


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return all that is below a folder, by its path there: the bytes of files, ledgers too, and None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")
    }


def check_whole(out: Path, *sites: Tree) -> None:
    """Check that each file that readers of a folder see is, whole, what it is in one of these sites."""
    for name, content in contents(out).items():
        if not Path(name).match(UNFINISHED):
            assert content in [site.get(name) for site in sites], f"{name} is of no build"


def check_healed(call: Call, seeds: Path, out: Path, *options: object) -> None:
    """Check that a build ends well, and with it the same in a folder, to the byte, as in a new one."""
    assert call("build", seeds, out, "-q", *options) == (0, "", "")
    fresh = out.with_name(f"{out.name}-fresh")
    assert call("build", seeds, fresh, "-q", *options) == (0, "", "")
    assert tree(out) == tree(fresh)
    shutil.rmtree(fresh)


class Changed:
    """A site in `out`, of what the articles in `seeds` were before; what it is, and what a build would make of it."""

    def __init__(self, folder: Path, old: Tree, new: Tree) -> None:
        self.seeds, self.out, self.cache, self.old, self.new = (
            folder / "seeds",
            folder / "out",
            folder / "cache",
            old,
            new,
        )

    @property
    def kept(self) -> tuple[object, ...]:
        """Options with which a build has all articles parsed already."""
        return ("-q", "--use-cache", "--cache", self.cache)

    def copy(self, folder: Path) -> Changed:
        """Return a copy in another folder."""
        for path in (self.seeds, self.out, self.cache):
            shutil.copytree(path, folder / path.name)
        return Changed(folder, self.old, self.new)


def make_changed(folder: Path) -> Changed:
    """Return a site of which every other article has changed since, and to which one has come."""
    changed = Changed(folder, {}, {})
    write_articles(changed.seeds, *(f"{number:02}.txt" for number in range(HOW_MANY)))
    assert run("build", changed.seeds, changed.out, *changed.kept) == (0, "", "")
    for path in sorted(changed.seeds.iterdir())[::2]:
        path.write_text(ARTICLE.replace("Selmoor", f"Isk {path.stem}").replace("Ruiz", "Ortega"), encoding="utf-8")
    write_articles(changed.seeds, "new.txt")
    assert run("build", changed.seeds, folder / "new", *changed.kept) == (0, "", "")
    return Changed(folder, tree(changed.out), tree(folder / "new"))


def as_anybody(folder: Path) -> str:
    """Return a line that runs the command bound by the modes of files and folders, as root is not."""
    asked = folder / "locked"
    asked.mkdir(mode=0o555)
    bound = not os.access(asked, os.W_OK)
    asked.rmdir()
    return "COMMAND" if bound else "setpriv --bounding-set=-dac_override,-dac_read_search COMMAND"


def needs_mounts() -> None:
    """Skip a test where nobody may mount anything, not even in a name space of one's own."""
    asked = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        allowed = subprocess.run(asked, capture_output=True, check=False).returncode == 0
    except OSError:
        allowed = False
    if not allowed:
        pytest.skip("needs unshare, and a kernel that lets users mount file systems of their own")
