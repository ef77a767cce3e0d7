"""Seeds in, a folder of briefs out: have them parsed, write what the target has made of them, say what is wrong.

A seed that fails does not stop the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import fields, replace
from itertools import chain
from pathlib import Path

from briefs.across import Across, find_across
from briefs.errors import RenderError
from briefs.folder import Folder, alone
from briefs.inputs import digest_inputs
from briefs.ledger import read_ledger
from briefs.parses import Result, parse_seeds
from briefs.rendering import Outputs, find_outputs, render_files, render_site
from briefs.search import make_index
from briefs.seeds import TAKEN, Options, Seed
from briefs.templating import template_folders
from briefs.view import Site, entry_of


def count_current(seeds: Sequence[Seed], out: Path, options: Options) -> int | None:
    """Return how many briefs a folder has, if a build would change nothing in it, and else None."""
    ledger = read_ledger(out.resolve(), options.target)
    if ledger.inputs is None or not ledger.holds() or ledger.inputs != _digest(seeds, options):
        return None
    return ledger.briefs


def _digest(seeds: Sequence[Seed], options: Options) -> str | None:
    """Return a digest of all that the files of a build depend on."""
    own = {"templates", "threads", "jobs", "force", "strict", "cache"}
    settings = {item.name: getattr(options, item.name) for item in fields(options) if item.name not in own}
    return digest_inputs(((seed.name, seed.path) for seed in seeds), settings, template_folders(options.templates))


def build(seeds: Sequence[Seed], out: Path, options: Options) -> Iterator[Result]:
    """Read all articles and yield what became of each; then write below `out` what the target has made of them.

    An article is yielded once more where a template fails for its brief. With `options.strict`, nothing is written then, or
    where an article cannot be read. Raises BuildError where `out` cannot be written, another build is writing there, a file
    would be written over a seed or a process that parses articles is lost, RenderError where a template fails for the first
    brief or for the site: then it is broken.
    """
    site = Site(options.title, options.url, (), options.made, options.search)
    outputs = find_outputs(options.target, templates=options.templates)
    taken = {*TAKEN, *(seed.slug for seed in seeds)}
    with alone(out):
        inputs = _digest(seeds, options)
        folder = Folder(out, (seed.path for seed in seeds), target=options.target, force=options.force)
        read: list[Result] = []
        failed: set[str] = set()
        with closing(parse_seeds(seeds, options, taken)) as results:
            for result in results:
                if result.brief is not None:
                    if not read:  # a template that is broken for all says so at once
                        entry = entry_of(result.slug, result.brief, result.evidence)
                        render_files(result.brief, entry, site, Across(), outputs)
                    read.append(result)
                else:
                    failed.add(result.seed.name)
                yield result
        if options.strict and not failed:
            for result in _rehearse(read, site, outputs):
                failed.add(result.seed.name)
                yield result
        if read and not (options.strict and failed):
            unrendered = list[Result]()
            for result in _publish(read, folder, site, outputs):
                unrendered.append(result)
                failed.add(result.seed.name)
                yield result
            same = inputs == _digest(seeds, options)  # or else an article changed while it was read
            folder.finish(failed=failed, inputs=inputs if same else None, briefs=len(read) - len(unrendered))


def _rehearse(read: Sequence[Result], site: Site, outputs: Outputs) -> Iterator[Result]:
    """Fill in all templates and write nothing; yield the briefs for which one fails. Raises RenderError as `build` does."""
    whole, across = _put_together(read, site)
    entries = {entry.slug: entry for entry in whole.entries}
    for result in read:
        if result.brief is not None:
            try:
                render_files(result.brief, entries[result.slug], whole, across, outputs)
            except RenderError as error:
                yield replace(result, brief=None, error=error)
    for _ in render_site(whole, across, outputs):
        pass


def _put_together(read: Sequence[Result], site: Site) -> tuple[Site, Across]:
    """Return the site with all briefs that were read in it, and what they have in common."""
    briefs = ((result.slug, result.brief) for result in read if result.brief)
    return find_across(briefs, site, {result.slug: result.evidence for result in read})


def _publish(read: Sequence[Result], folder: Folder, site: Site, outputs: Outputs) -> Iterator[Result]:
    """Write the site of the briefs that were read; yield those for which a template fails, which the site then leaves out."""
    failed: list[Result] = []
    whole, across = _put_together(read, site)
    for path in chain((path for path, _ in outputs.whole), *(outputs.paths(entry, whole) for entry in whole.entries)):
        folder.spare(path)
    listed = {entry.slug: entry for entry in whole.entries}
    for result in read:
        if result.brief is not None:
            try:
                files = render_files(result.brief, listed[result.slug], whole, across, outputs)
            except RenderError as error:
                failed.append(replace(result, brief=None, error=error))
                continue
            for path, text in files:
                folder.write(path, text.encode("utf-8"), seed=result.seed.name)
    if failed:
        yield from failed
        missing = {result.slug for result in failed}
        yield from _publish([result for result in read if result.slug not in missing], folder, site, outputs)
    elif read:
        for path, text in list(render_site(whole, across, outputs)):
            folder.write(path, text.encode("utf-8"))
        if site.search:
            pages = ((slug, folder.path / slug / "index.html") for slug in sorted(listed))
            found = ((f"/{slug}/", page.read_text(encoding="utf-8")) for slug, page in pages if page.is_file())
            for path, content in make_index(found).items():
                folder.write(path, content)
