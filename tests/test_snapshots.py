"""What the seeds become, in every form: real files, so that a change reads as prose."""

from __future__ import annotations

import pytest
from parsed_seeds import STEMS, parsed_seed
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from whole import render_files

from briefs.across import Across
from briefs.listing import Site, entry_of

FORMS = {"json": "brief.json", "md": "brief.md", "html": "index.html", "summary": "summary.txt"}
ALONE = (Site("Briefs", None), Across())


class BriefFile(SingleFileSnapshotExtension):
    """A text file for each seed and form."""

    _write_mode = WriteMode.TEXT


EXTENSIONS = {
    form: type(f"{form}_file", (BriefFile,), {"file_extension": name.partition(".")[2]}) for form, name in FORMS.items()
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stem", STEMS)
def test_output_of(stem: str, form: str, snapshot: SnapshotAssertion) -> None:
    """The output of each seed in each form is the file that was read and accepted."""
    _, brief = parsed_seed(stem)
    files = snapshot.use_extension(EXTENSIONS[form])
    assert dict(render_files(entry_of(stem, brief), *ALONE))[f"{stem}/{FORMS[form]}"] == files


def test_there_are_seeds_of_many_kinds() -> None:
    """A folder of seeds that is not found does not pass for one without faults."""
    assert len(STEMS) >= 10
