"""Whether a text is English: scripts and the shares of the commonest words, no model and no dictionary."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from briefs.stages.layout import listed

# The commonest function words that a language does not share with English (after the frequency lists of Wikimedia's
# Wiktionary); words that stand for several languages are with each of them.
_WORDS: dict[str, frozenset[str]] = {
    "English": frozenset(
        listed(
            "the of and to that for with was his from have has had are been this which their they will would"
            " said who were at by on it as be not but after more about is he she we you its an or if there"
            " when what him her them could than into other up out so says can over also before between because"
            " while against told"
        )
    ),
    "French": frozenset(
        listed(
            "le la les des du et une est dans pour qui que sur pas plus par au avec sont ce cette aux été"
            " mais ont ses il elle leur nous vous comme être fait après selon très aussi"
        )
    ),
    "Spanish": frozenset(
        listed(
            "el la los las del que una por con para su al como más pero sus este esta fue ha han desde entre"
            " cuando sobre también hasta ser está años según muy"
        )
    ),
    "German": frozenset(
        listed(
            "der die das und den von zu mit sich des auf für ist im dem nicht ein eine als auch es werden aus"
            " er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum haben nur oder"
            " aber vor zur bis mehr durch"
        )
    ),
    "Italian": frozenset(
        listed(
            "il di che la per un una sono del della dei delle con non si da le al nel più alla gli come anche"
            " ha lo dal questo stato suo essere ma hanno dopo degli"
        )
    ),
    "Portuguese": frozenset(
        listed(
            "de que não uma os com para por dos da das mais foi ao ele como mas em no na se pelo pela são seu"
            " sua ser também já está muito nos depois"
        )
    ),
    "Dutch": frozenset(
        listed(
            "de het een van en dat te zijn voor niet met op aan ook er maar om bij dan nog naar heeft uit"
            " worden wordt hij zij door over deze hun werd had kan geen meer"
        )
    ),
    "Swedish": frozenset(
        listed("och att det som en på är av för med den till inte har de ett om han var jag från vid kan men sig efter")
    ),
    "Danish": frozenset(
        listed("og at det en den til er som på de med han af for ikke der var et har jeg om fra blev men ved efter sig")
    ),
    "Norwegian": frozenset(
        listed("og det som en på er av for med den til ikke har de et om han var jeg fra ved kan men seg etter ble")
    ),
    "Polish": frozenset(
        listed("na się nie do że to jest jak po przez ale od za są tym być był która który oraz dla już")
    ),
    "Czech": frozenset(listed("se na je že to do ve pro za by ale jako po jsou jsem by podle jeho byl")),
    "Romanian": frozenset(listed("de și în la cu pe nu din că pentru este un sunt care fost mai au ale prin dar după")),
    "Turkish": frozenset(listed("ve bir bu da de için ile olarak çok daha olan gibi ne kadar ancak sonra var ya en")),
    "Indonesian": frozenset(
        listed("yang dan di dengan untuk dari ini pada itu dalam tidak akan ke adalah oleh juga telah sudah karena")
    ),
    "Finnish": frozenset(listed("ja on ei oli se että hän ovat mutta myös kun joka mukaan sen vuoden jo ollut kuin")),
    "Hungarian": frozenset(listed("az és hogy nem is egy meg ez de csak volt már mint el még azt ki szerint")),
}
_WORD = re.compile(r"[^\W\d_]{2,}")  # single letters are initials as often as words
_SAMPLE = 20_000  # code points that are looked at
_FOREIGN = 0.08  # share of words that must be another language's
_DISTINCT = 4  # so many different words of it at least: a club or a street repeats one
_ENGLISH = 0.04  # share of English words below which a text of _ENOUGH words is not English
_ENOUGH = 60
_PLAIN = 0.7  # share of words in lower case: more than lists of names and results have
_BEYOND_LATIN = 0x250  # the first code point past the blocks of Latin letters that Europe writes with
_FEW = 15  # below so many words, only the script is judged


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a text seems to be written in: `english` or not, and its language or script by English name."""

    english: bool
    name: str | None


def detect_language(text: str) -> Verdict:
    """Return whether `text` is English, and what it is otherwise.

    >>> detect_language("The river rose overnight and two bridges were closed, the town said.")
    Verdict(english=True, name='English')
    >>> french = "La rivière est montée dans la nuit et deux ponts ont été fermés, selon la ville, qui craint le pire."
    >>> detect_language(french).name
    'French'
    >>> detect_language("Река поднялась ночью, два моста закрыты.").name
    'Cyrillic script'
    """
    words = _WORD.findall(text[:_SAMPLE])
    script = _foreign_script(words)
    if script is not None:
        return Verdict(english=False, name=f"{script} script")
    if len(words) < _FEW:
        return Verdict(english=True, name="English")
    lower = [word.lower() for word in words]
    counts = Counter(lower)
    shares = {
        name: sum(counts[word] for word in known if word in counts) / len(lower) for name, known in _WORDS.items()
    }
    english = shares.pop("English")
    best = max(shares, key=lambda name: shares[name])
    varied = len(_WORDS[best].intersection(lower)) >= _DISTINCT
    if varied and shares[best] >= _FOREIGN and shares[best] > 1.4 * english:
        return Verdict(english=False, name=best)
    plain = sum(word.islower() for word in words) / len(words)
    enough = len(words) >= _ENOUGH or (not english and len(words) >= 2 * _FEW and plain >= _PLAIN)
    if english < _ENGLISH and enough:
        return Verdict(english=False, name=None)
    return Verdict(english=True, name="English")


def _foreign_script(words: list[str]) -> str | None:
    """Return the script of most letters where that is not Latin, by the first word of their Unicode names."""
    counts = {"Latin": 0}
    for word in words:
        if ord(word[0]) < _BEYOND_LATIN:
            counts["Latin"] += len(word)
        else:
            for letter in word:
                name = "Latin" if ord(letter) < _BEYOND_LATIN else unicodedata.name(letter, "unknown")
                script = name.split(" ", 1)[0].capitalize()
                counts[script] = counts.get(script, 0) + 1
    total = sum(counts.values())
    best = max(counts, key=lambda name: counts[name], default="Latin")
    if best == "Latin" or counts[best] * 2 <= total:
        return None
    return "Chinese" if best == "Cjk" else best
