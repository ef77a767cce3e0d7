"""What the guide to publishing says of workflows."""

from __future__ import annotations

import re

from commands import ROOT

_PUBLISHING = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")
GUIDE = _PUBLISHING.partition("\n## From a workflow\n")[2].partition("\n## ")[0]


def blocks(language: str) -> list[str]:
    """Return the fenced blocks in a language, such as yaml."""
    return re.findall(rf"^```{language}\n((?s:.*?))^```$", GUIDE, re.MULTILINE)
