"""Builds in a row, with whatever happens to a project between them, and to a build: `make soak`.

Articles come, change, go and break, so do templates and options; the cache and parts of the site are deleted; builds are
killed. After each step, the site has to be the same, to the byte, as one that is built in a new folder from what is there
then; now and then, and at the end, without any cache. What happens depends on the seed alone, but for where a kill finds a
build. `--seed` and `--steps` choose; what goes wrong is told with all steps that led to it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from forked import fork, load
from trusted import LEDGER, tree

FEWEST, START, MOST = 3, 6, 16  # articles
RARELY = 8  # looks at the site for one without any cache
NAMES = (
    "dam",
    "lake",
    "mill",
    "quay",
    "ferry",
    "weir",
    "news/harbour",
    "news/lock",
    "news/dam",
    "old/bridge",
    "old/canal",
)
PEOPLE = ("Ana Ruiz", "Bo Kim", "Jonas Brandt", "Maud Ferrant", "Sami Halloran")
PLACES = ("Selmoor", "Tarn Valley", "Norvale", "Kell", "Orre")
SENTENCES = (
    "The dam above {place} will hold, Mayor {person} said on Monday after two days of rain.",
    "“We have checked every bolt,” {person} told reporters.",
    "Isk Valley Water, which runs the dam, denied that it had put off repairs.",
    "Engineers may lower the lake on Friday.",
    "{person} said that the people of {place} would be told before the water came.",
    "The town council of {place} met on Tuesday to speak about the cost of the works.",
    "“Nobody has to leave tonight,” said {person}, who speaks for the council of {place}.",
)
# Templates of a user, with a number in the place of N. One includes a file that may not be there.
TEMPLATES = {
    "summary.txt.j2": "{{ page.summary }} N",
    "card.txt.j2": "{{ page.headline }}, one of {{ site.entries | length }} of {{ site.title }} N",
    "more.txt.j2": "{% for entry in related %}{{ entry.slug }} {{ entry.page.headline }}\n{% endfor %}N",
    "note.txt.j2": '{% include "partials/note.txt.j2" ignore missing %} N',
    "partials/note.txt.j2": "{{ page.publisher }} note N",
    "partials/head.html.j2": '{% include "briefs/partials/head.html.j2" %}\n<meta name="number" content="N">',
    "partials/origin.html.j2": "<p>{{ page.host }} N</p>",
    "layout.html.j2": '{% extends "briefs/layout.html.j2" %}{% block before %}<p>{{ site.title }} N</p>{% endblock %}',
    "brief.html.j2": '{% extends "briefs/brief.html.j2" %}{% block lede %}<p>{{ page.summary }} N</p>{% endblock %}',
    "pages/actor.html.j2": "<p>{{ actor.name }} {{ actor.entries | length }} N</p>",
    "site/names.csv.j2": "{% for entry in site.entries %}{{ entry.slug }},{{ entry.date }}\n{% endfor %}N",
    "style.css": "body { order: N }",
}
CHOICES: dict[str, tuple[str | None, ...]] = {
    "--title": (None, "Morning briefs", "Evening briefs"),
    "--base-url": (None, "https://b.example/", "https://c.example/news/"),
    "--evidence": (None, "link", "full"),
    "--language": (None, "any"),
}


class Soak:
    """A project to which something happens, step by step."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seeds, self.mine, self.out, self.cache = (folder / name for name in ("seeds", "mine", "out", "cache"))
        self.steps: list[str] = []
        self._chance = random.Random(seed)
        self._count = 0
        self._options: dict[str, str | None] = dict.fromkeys(CHOICES)
        self._broken: set[Path] = set()
        self._behind = False  # whether the last build was killed
        for path in (self.seeds, self.mine):
            path.mkdir()
        while len(self._articles()) < START:
            self._add()

    def run(self, steps: int) -> None:
        """Go on for so many steps. Raises AssertionError where the site is not as it should be."""
        self._build()
        for _ in range(steps):
            self._step()
        for path in sorted(self._broken):
            self._mend(path)
        self._build()
        self._look(cached=False)

    def _step(self) -> None:
        happens = self._chance.choices(*zip(*self._happenings(), strict=True))[0]
        self.steps.append(happens.__name__.strip("_").replace("_", " "))
        happens()
        if happens != self._kill:
            self._build()
            self._look(cached=self._chance.randrange(RARELY) > 0)

    def _happenings(self) -> list[tuple[Callable[[], None], int]]:
        """Return what may happen now, and how often."""
        count, settled = len(self._articles()), not self._behind and not self._broken
        return [
            (self._edit, 8),
            (self._add, 4 if count < MOST else 0),
            (self._delete, 4 if count > FEWEST else 0),
            (self._rename, 3),
            (self._say_more_of_a_page, 3),
            (self._break, 3 if len(self._broken) < 2 else 0),
            (self._mend_one, 6 if self._broken else 0),
            (self._put_template, 6),
            (self._remove_template, 4 if self._templates() else 0),
            (self._break_template, 1),
            (self._choose, 5),
            (self._delete_cache, 2),
            (self._delete_parts, 3),
            (self._delete_site, 1),
            (self._delete_ledger, 2 if settled else 0),
            (self._change_by_hand, 2 if settled else 0),
            (self._change_nothing, 2),
            (self._kill, 6),
        ]

    def _articles(self) -> list[Path]:
        return sorted(path for path in self.seeds.rglob("*.*") if not path.name.endswith(".headers.json"))

    def _templates(self) -> list[Path]:
        return sorted(path for path in self.mine.rglob("*") if path.is_file())

    def _note(self, what: object) -> None:
        self.steps[-1:] = [f"{self.steps[-1] if self.steps else 'begin'}: {what}"]

    def _text(self) -> tuple[str, list[str]]:
        """Return a headline and sentences."""
        self._count += 1
        words = {"place": self._chance.choice(PLACES), "person": self._chance.choice(PEOPLE)}
        told = [sentence.format(**words) for sentence in self._chance.sample(SENTENCES, self._chance.choice((2, 3)))]
        return f"Dam above {words['place']} holds for the {self._count}th day", told

    def _write(self, path: Path) -> None:
        """Put an article into a file, or one or two records, in the form of its name."""
        path.parent.mkdir(exist_ok=True)
        headline, told = self._text()
        if path.suffix == ".jsonl":
            records = [
                {"title": headline, "text": " ".join(told), "id": "a"},
                {"title": "Lake", "text": told[0] * 2, "id": "b"},
            ]
            text = "\n".join(map(json.dumps, records[: self._chance.choice((1, 2))]))
        elif path.suffix == ".md":
            text = (
                f"---\ntitle: {headline}\ndate: 2026-03-{self._chance.randint(1, 28):02}\ntags: [dams]\n---\n\n"
                + "\n\n".join(told)
            )
        elif path.suffix == ".html":
            body = "".join(f"<p>{sentence}</p>" for sentence in told)
            text = f"<!doctype html><html lang=en><title>{headline}</title><article><h1>{headline}</h1>{body}</article></html>"
        else:
            text = f"{headline}\n\n" + "\n\n".join(told)
        path.write_text(text + "\n", encoding="utf-8")

    def _say(self, path: Path) -> None:
        """Put beside a page what a server said of it."""
        url = f"https://{self._chance.choice(('herald', 'courier'))}.example/{path.stem}-{self._chance.randint(1, 9)}"
        told = {"url": url, "final_url": url, "content_type": "text/html", "headers": {}}
        path.with_name(f"{path.name}.headers.json").write_text(json.dumps(told), encoding="utf-8")

    def _free(self) -> Path:
        taken = {path.relative_to(self.seeds).as_posix() for path in self._articles()}
        names = [f"{name}{suffix}" for name in NAMES for suffix in (".txt", ".txt", ".md", ".html", ".jsonl")]
        return self.seeds / self._chance.choice([name for name in names if name not in taken])

    def _any(self) -> Path:
        return self._chance.choice(self._articles())

    def _add(self) -> None:
        path = self._free()
        self._write(path)
        if path.suffix == ".html":
            self._say(path)
        if self.steps:
            self._note(path.relative_to(self.seeds))

    def _edit(self) -> None:
        path = self._any()
        self._write(path)
        self._broken.discard(path)
        self._note(path.relative_to(self.seeds))

    def _delete(self) -> None:
        path = self._any()
        path.unlink()
        path.with_name(f"{path.name}.headers.json").unlink(missing_ok=True)
        self._broken.discard(path)
        self._note(path.relative_to(self.seeds))

    def _rename(self) -> None:
        path = self._any()
        free = self._free()
        to = free.with_suffix(path.suffix)
        if to.exists():
            return
        to.parent.mkdir(exist_ok=True)
        for end in ("", ".headers.json"):
            if path.with_name(path.name + end).exists():
                path.with_name(path.name + end).rename(to.with_name(to.name + end))
        if path in self._broken:
            self._broken = self._broken - {path} | {to}
        self._note(f"{path.relative_to(self.seeds)} to {to.relative_to(self.seeds)}")

    def _say_more_of_a_page(self) -> None:
        pages = [path for path in self._articles() if path.suffix == ".html"]
        if pages:
            self._say(self._chance.choice(pages))

    def _break(self) -> None:
        path = self._any()
        path.write_bytes(b"{" if path.suffix == ".jsonl" else b"")
        self._broken.add(path)
        self._note(path.relative_to(self.seeds))

    def _mend_one(self) -> None:
        self._mend(min(self._broken))

    def _mend(self, path: Path) -> None:
        self._write(path)
        self._broken.discard(path)

    def _put_template(self) -> None:
        name = self._chance.choice(list(TEMPLATES))
        path = self.mine / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(TEMPLATES[name].replace("N", str(self._chance.randint(1, 99))), encoding="utf-8")
        self._note(name)

    def _remove_template(self) -> None:
        path = self._chance.choice(self._templates())
        path.unlink()
        self._note(path.relative_to(self.mine))

    def _break_template(self) -> None:
        path = self.mine / "broken.txt.j2"
        path.write_text("{{ nothing }}", encoding="utf-8")
        before = tree(self.out)
        code, said = self._run()
        self._check((code, f"{path}:1: 'nothing' is undefined" in said) == (1, True), said)
        self._check(tree(self.out) == before, "a template that fails has changed the site")
        path.unlink()

    def _choose(self) -> None:
        option = self._chance.choice(list(CHOICES))
        self._options[option] = self._chance.choice(
            [value for value in CHOICES[option] if value != self._options[option]]
        )
        self._note(f"{option} {self._options[option]}")

    def _delete_cache(self) -> None:
        shutil.rmtree(self.cache, ignore_errors=True)

    def _delete_parts(self) -> None:
        there = sorted(path for path in self.out.rglob("*") if not path.name.startswith(".briefs-"))
        # After a kill, what is there is by chance; what happens then is not.
        for path in random.Random(self._chance.random()).sample(there, min(len(there), 5)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def _delete_site(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)

    def _delete_ledger(self) -> None:
        (self.out / LEDGER).unlink(missing_ok=True)

    def _change_by_hand(self) -> None:
        made = sorted(path for path in self.out.rglob("*") if path.is_file() and not path.name.startswith(".briefs-"))
        path = self._chance.choice(made)
        mine = path.read_bytes() + b"mine"
        path.write_bytes(mine)
        code, said = self._run()
        self._check((code, f"{path}: not as a build left it" in said) == (1, True), said)
        self._check(path.read_bytes() == mine, f"{path} has been overwritten")
        self._check(self._run("--force")[0] == 0, "--force fails")

    def _change_nothing(self) -> None:
        pass

    def _kill(self) -> None:
        """Change something, and kill the build of it."""
        self._chance.choice(
            (self._edit, self._add, self._put_template, self._choose, self._delete_cache, self._change_nothing)
        )()
        with tempfile.TemporaryFile() as said:
            process = fork(self._asked(jobs=self._chance.choice((1, 2))), said)
            time.sleep(self._chance.uniform(0, 0.5))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        self._behind = True

    def _asked(self, *, jobs: int = 1, out: Path | None = None, cached: bool = True) -> list[str]:
        chosen = [word for option, value in self._options.items() if value for word in (option, value)]
        cache = (
            self.cache.with_name("cache-of-fresh") if out else self.cache
        )  # one that nobody deletes, and no kill befalls
        kept = ["--use-cache", "--cache", str(cache)] if cached else ["--no-cache"]
        folders = [str(self.seeds), str(out or self.out), "--templates", str(self.mine)]
        return ["build", *folders, "--jobs", str(jobs), *kept, *chosen]

    def _run(self, *more: str, jobs: int = 1, out: Path | None = None, cached: bool = True) -> tuple[int, str]:
        """Run the command; return its code and what it says."""
        with tempfile.TemporaryFile() as said:
            _, status = os.waitpid(fork([*self._asked(jobs=jobs, out=out, cached=cached), *more], said), 0)
            said.seek(0)
            return os.waitstatus_to_exitcode(status), said.read().decode()

    def _build(self) -> None:
        code, said = self._run(jobs=self._chance.choice((1, 1, 1, 2)))
        self._behind = False
        self._check(code == bool(self._broken), said)
        self._check(all(f"error: {path}:1:" in said for path in self._broken), said)

    def _look(self, *, cached: bool) -> None:
        """Compare the site with one that is built anew, unless an article fails: then what was is part of what is."""
        if self._broken:
            return
        if not cached:
            code, said = self._run()
            self._check(
                (code, ", up to date: open " in said) == (0, True), f"the second build has something to do: {said}"
            )
        fresh = self.out.with_name("fresh")
        code, said = self._run(out=fresh, cached=cached)
        self._check(code == 0, said)
        site, clean = tree(self.out), tree(fresh)
        other = [name for name in sorted(site.keys() | clean.keys()) if site.get(name, b"-") != clean.get(name, b"-")]
        self._check(not other, f"not as in a clean build: {' '.join(other)}")
        shutil.rmtree(fresh)

    def _check(self, true: bool, what: str) -> None:  # noqa: FBT001
        if not true:
            steps = "\n".join(f"{number}. {step}" for number, step in enumerate(self.steps, 1))
            raise AssertionError(f"{what}\nafter these steps:\n{steps}")


def main() -> None:
    """Do as many steps as the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=200)
    asked = parser.parse_args()
    load()
    with tempfile.TemporaryDirectory() as folder:
        try:
            soak = Soak(Path(folder), asked.seed)
            soak.run(asked.steps)
            sys.stdout.write("\n".join([*soak.steps, ""]))
        except AssertionError as error:
            sys.exit(f"{error}\nagain: python tests/soak.py --seed {asked.seed} --steps {asked.steps}")


if __name__ == "__main__":
    main()
