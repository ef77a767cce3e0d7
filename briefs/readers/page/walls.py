"""Notices that a page puts before its text, about cookies and consent, by their words: no class names them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from briefs.readers.item import Block

# What only such a notice says, to its reader, in the words of the page itself.
_SAYS = re.compile(
    r"\bwe,?(?: and| along with| together with)? (?:our|selected) (?:\d[\d,.]* )?(?:trusted |advertising )?(?:partners|vendors)"
    r"|\b(?:store|storing)(?: and/or| and|/) ?access(?:ing)? information on (?:a|your) device"
    r"|\b(?:we|this (?:web ?)?site|our (?:web ?)?site) uses? (?:\w+ )?cookies"
    r"|\bby (?:continuing|going on|using)(?: to (?:use|browse))? (?:this|our) (?:web ?)?site,? you (?:agree|accept|consent)"
    r"|\b(?:accept|reject) all cookies|\bmanage (?:your |my )?(?:cookies|cookie settings|consent|privacy choices)\b",
    re.IGNORECASE,
)
# What goes on with it names several of these, and its reader.
_SUBJECTS = re.compile(
    r"\b(?:cookies?|consent|personal data|advertising|partners|vendors|privacy|identifiers|geolocation|processing)\b",
    re.IGNORECASE,
)
_READER = re.compile(r"\byour?\b", re.IGNORECASE)
_QUOTED = re.compile('[“”"«»]')


def drop_walls(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks that are no notice about cookies or consent; what quotes one is none.

    >>> said = ["We use cookies.", "With your consent, partners may process personal data.", "Cookies sold out, bakers said."]
    >>> [block.text for block in drop_walls(map(Block, said))]
    ['Cookies sold out, bakers said.']
    """
    within = False
    for block in blocks:
        text = block.text
        subjects = {found.casefold() for found in _SUBJECTS.findall(text)}
        goes_on = within and len(subjects) > 1 and _READER.search(text) is not None
        within = _QUOTED.search(text) is None and (_SAYS.search(text) is not None or goes_on)
        if not within:
            yield block
