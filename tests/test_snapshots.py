"""What the seeds become, in every form: real files, so that a change reads as prose."""

from __future__ import annotations

import pytest
from parsed_seeds import STEMS, parsed_seed
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from briefs.rendering import OutputForm, render

FORMS: dict[OutputForm, str] = {"json": "json", "md": "md", "html": "html", "summary": "txt"}


class BriefFile(SingleFileSnapshotExtension):
    """A text file for each seed and form."""

    _write_mode = WriteMode.TEXT


EXTENSIONS = {
    form: type(f"{form}_file", (BriefFile,), {"file_extension": extension}) for form, extension in FORMS.items()
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stem", STEMS)
def test_output_of(stem: str, form: OutputForm, snapshot: SnapshotAssertion) -> None:
    """The output of each seed in each form is the file that was read and accepted."""
    _, brief = parsed_seed(stem)
    files = snapshot.use_extension(EXTENSIONS[form])
    assert render(brief, form, stylesheet="../style.css", home="../index.html") == files


def test_there_are_seeds_of_many_kinds() -> None:
    """A folder of seeds that is not found does not pass for one without faults."""
    assert len(STEMS) >= 10
