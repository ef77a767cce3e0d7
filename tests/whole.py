"""A whole site of some briefs, and its files, as a build makes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from briefs.across import Across, find_across
from briefs.evidence import Evidence
from briefs.inputs import survey
from briefs.listing import Entry, Site, entry_of
from briefs.parses import Result
from briefs.rendering import Outputs, files_of, files_of_site, find_outputs
from briefs.schema import Brief
from briefs.seeds import Options, Seed
from briefs.site import build

Files = list[tuple[str, str]]


def assemble(
    briefs: Iterable[tuple[str, Brief]], site: Site, evidence: Mapping[str, Evidence | None] | None = None
) -> tuple[Site, Across]:
    """Return a site with some briefs, by the names of their folders, and what they have in common."""
    found = site.having(entry_of(slug, brief, (evidence or {}).get(slug)) for slug, brief in briefs)
    return found, find_across(found.entries)


def render_files(entry: Entry, site: Site, across: Across, outputs: Outputs | None = None) -> Files:
    """Return the paths and contents of the files of a brief."""
    made = [(file.path, file.fill()) for file in files_of(entry, site, across, outputs or find_outputs())]
    return [(path, text) for path, text in made if text.strip()]


def render_site(site: Site, across: Across, outputs: Outputs | None = None) -> Files:
    """Return the paths and contents of the files that a site has beside its briefs."""
    made = [(file.path, file.fill()) for file in files_of_site(site, across, outputs or find_outputs())]
    return [(path, text) for path, text in made if text.strip()]


def build_site(seeds: Sequence[Seed], out: Path, options: Options) -> Iterator[Result]:
    """Build, and yield what became of each article."""
    return build(survey(seeds, options), out, options)
