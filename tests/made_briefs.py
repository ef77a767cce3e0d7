"""Briefs made by hand, of several sizes, for tests of what is rendered. All people and organizations are fictional."""

from __future__ import annotations

from itertools import product
from typing import get_args

from briefs.schema import Actor, Brief, Certainty, Claim, Form, Kind, Origin, Passage, Salience, Span

STORY = (
    "Nine killed, thousands flee as cracked dam threatens Selmoor\n"
    "Prosecutors open an inquiry into the operator’s delayed repairs\n"
    "At least nine people were killed and about 14,000 fled their homes on Monday after days of rain opened a"
    " crack in the dam above Selmoor. Seven of the dead were swept away before dawn in the village of Lower"
    " Fenwick, the National Emergency Management Directorate (NEMD) said. “The dam is standing tonight,” the"
    " agency’s director, Viktor Ashdown, told reporters, “but I cannot promise that it will be standing tomorrow.”"
    " Gov. Pilar Anstey of Brannoch province said two bridges and the main rail line were gone. She promised that"
    " every displaced family would have a bed by Tuesday night. Isk Valley Water rejected the suggestion that it"
    " had put off repairs to save money. The company said it was “cooperating fully” with investigators. One"
    " resident may have heard the crack open, according to hospital officials in Selmoor. Rumors persist that a"
    " second dam is leaking. “I heard it before I saw it,” a woman at the shelter said. The 48-meter dam, finished"
    " in 1961, supplies water to half of the province. A 2021 inspection report found cracks in the spillway."
    " Flooding killed 31 people in the valley in 1987. The NEMD will try to blast a channel through the eastern"
    " bank before morning. Lawmakers are to meet in emergency session on Wednesday to vote on aid. It was not"
    " clear when residents could return. Odile Marsh and Ravi Thornbury were named."
)
HEADLINE, DEK, _ = STORY.split("\n")
URL = "https://meridian.example/world/2026/02/selmoor-dam?edition=int"


def span(text: str, story: str = STORY) -> Span:
    start = story.index(text)
    return Span(start=start, end=start + len(text))


def passage(text: str, story: str = STORY) -> Passage:
    return Passage(text=text, span=span(text, story))


def nearest(text: str, to: Span) -> Passage:
    starts = [start for start in range(len(STORY)) if STORY.startswith(text, start)]
    start = min(starts, key=lambda start: abs(start - to.start) + abs(start + len(text) - to.end))
    return Passage(text=text, span=Span(start=start, end=start + len(text)))


def actor(name: str, kind: Kind, salience: Salience, *roles: str, affiliation: str | None = None) -> Actor:
    return Actor(name=name, kind=kind, salience=salience, roles=roles, affiliation=affiliation, mentions=(span(name),))


def claim(
    *content: str, by: str | None, source: str | None, cue: str | None, form: Form, certainty: Certainty = "asserted"
) -> Claim:
    return Claim(
        text=" … ".join(content),
        spans=tuple(map(span, content)),
        speaker=by,
        source=nearest(source, span(content[0])) if source else None,
        cue=nearest(cue, span(content[0])) if cue else None,
        form=form,
        certainty=certainty,
        sentence=span(content[0]),
    )


def tiny() -> Brief:
    """Return a brief of a headline and a sentence: no actors, claims, outlook, publisher or date."""
    story = "Ferry resumes\nThe ferry to Isk resumed on Monday."
    lede = passage("The ferry to Isk resumed on Monday.", story)
    return Brief(
        headline=passage("Ferry resumes", story),
        lede=(lede,),
        actors=(),
        claims=(),
        context=(),
        outlook=(),
        summary=(lede,),
        origin=Origin(path="ferry.txt", sha256="0" * 64),
        tagger="1.0",
    )


def typical() -> Brief:
    """Return a brief with every section, and claims of every form and certainty, with and without speaker."""
    lede = (passage(STORY[STORY.index("At least") : STORY.index(" Seven of")]),)
    return Brief(
        headline=passage(HEADLINE),
        dek=passage(DEK),
        lede=lede,
        actors=(
            actor("National Emergency Management Directorate", "organization", "secondary"),
            actor(
                "Viktor Ashdown", "person", "main", "director", affiliation="National Emergency Management Directorate"
            ),
            actor("Pilar Anstey", "person", "secondary", "Gov.", affiliation="Brannoch province"),
            actor("Isk Valley Water", "organization", "main"),
            actor("Odile Marsh", "person", "minor"),
            _hydrologist(),
        ),
        claims=_claims(),
        context=(
            passage("The 48-meter dam, finished in 1961, supplies water to half of the province."),
            passage("A 2021 inspection report found cracks in the spillway."),
            passage("Flooding killed 31 people in the valley in 1987."),
        ),
        outlook=(
            passage("The NEMD will try to blast a channel through the eastern bank before morning."),
            passage("Lawmakers are to meet in emergency session on Wednesday to vote on aid."),
            passage("It was not clear when residents could return."),
        ),
        summary=(*lede, passage("It was not clear when residents could return.")),
        origin=Origin(
            path="seeds/flood.txt",
            sha256="0" * 64,
            publisher="Meridian Press",
            url=URL,
            byline="Ida Crewe and Tom Ray",
            dateline="SELMOOR",
            published="2026-02-16T18:40+00:00",
            updated="2026-02-17",
            section="World",
            tags=("Floods", "Selmoor", "Dams & levees"),
        ),
        tagger="2026.02",
    )


def _hydrologist() -> Actor:
    return Actor(
        name="Ravi Thornbury",
        kind="person",
        salience="minor",
        roles=("hydrologist",),
        affiliation="University of Brannoch",
        mentions=(span("Ravi Thornbury"),),
    )


def _claims() -> tuple[Claim, ...]:
    agency = "National Emergency Management Directorate"
    return (
        claim(
            "Seven of the dead were swept away before dawn in the village of Lower Fenwick",
            by=agency,
            source="the National Emergency Management Directorate (NEMD)",
            cue="said",
            form="indirect",
        ),
        claim(
            "“The dam is standing tonight,”",
            "“but I cannot promise that it will be standing tomorrow.”",
            by="Viktor Ashdown",
            source="the agency’s director, Viktor Ashdown",
            cue="told reporters",
            form="direct",
            certainty="hedged",
        ),
        claim(
            "every displaced family would have a bed by Tuesday night",
            by="Pilar Anstey",
            source="She",
            cue="promised",
            form="indirect",
            certainty="intended",
        ),
        claim(
            "it had put off repairs to save money",
            by="Isk Valley Water",
            source="Isk Valley Water",
            cue="rejected the suggestion",
            form="indirect",
            certainty="denied",
        ),
        claim(
            "it was “cooperating fully” with investigators",
            by="Isk Valley Water",
            source="The company",
            cue="said",
            form="mixed",
        ),
        claim(
            "One resident may have heard the crack open",
            by=None,
            source="hospital officials in Selmoor",
            cue="according to",
            form="indirect",
            certainty="hedged",
        ),
        claim(
            "a second dam is leaking", by=None, source=None, cue="Rumors persist", form="indirect", certainty="hedged"
        ),
        claim("“I heard it before I saw it,”", by=None, source="a woman at the shelter", cue="said", form="direct"),
    )


def large() -> Brief:
    """Return a brief of a long article: a dozen speakers, six dozen claims, thirty sentences in each section."""
    brief = typical()
    figures = tuple(
        Actor(name=f"Speaker Number {n}", kind="person", salience="secondary", roles=("head of unit",), mentions=())
        for n in range(12)
    )
    claims = tuple(
        given.model_copy(update={"text": f"{given.text} ({n})", "speaker": f"Speaker Number {n}"})
        for given, n in product(_claims()[:6], range(12))
    )
    return brief.model_copy(
        update={
            "actors": brief.actors + figures,
            "claims": claims,
            "lede": brief.lede * 3,
            "context": brief.context * 10,
            "outlook": brief.outlook * 10,
        }
    )


def right_to_left() -> Brief:
    """Return a brief of an article in Hebrew."""
    where = Span(start=0, end=1)
    lede = Passage(text="הסכר בסלמור נסדק ביום שני, ו-14,000 בני אדם עזבו את בתיהם.", span=where)
    return Brief(
        headline=Passage(text="סכר סדוק מאיים על סלמור (עדכון)", span=where),
        lede=(lede,),
        actors=(
            Actor(
                name="ויקטור אשדון", kind="person", roles=("מנהל",), affiliation="NEMD", mentions=(), salience="main"
            ),
            Actor(name="Isk Valley Water", kind="organization", mentions=(), salience="minor"),
        ),
        claims=(
            Claim(
                text="הסכר עומד הלילה",
                spans=(where,),
                speaker="ויקטור אשדון",
                source=Passage(text="המנהל, ויקטור אשדון", span=Span(start=9, end=20)),
                cue=Passage(text="אמר", span=Span(start=5, end=8)),
                form="direct",
                certainty="hedged",
                sentence=where,
            ),
        ),
        context=(lede,),
        outlook=(),
        summary=(lede,),
        origin=Origin(
            path="he.txt", sha256="0" * 64, publisher="Meridian", url="https://meridian.example/he", language="he"
        ),
        tagger="1.0",
    )


# Each is a text that some format takes for markup, for a command or for the end of something.
HOSTILE = (
    '<script>alert(1)</script> "quoted" <img src=x onerror=alert(2)> & &amp; &lt; &#x3c;',
    "</script></style></title></blockquote></p><!-- --><![CDATA[ ]]>",
    "' onmouseover='alert(3) \" autofocus onfocus=\"alert(4)",
    "{{ 7 * 7 }} {% raw %} {%- endraw -%} {# note #} {{< figure >}} {{% note %}} ${x} <%= y %>",
    "# heading ## #",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "> quote",
    "=====",
    "---",
    "~~~ fence ~~~ ~~gone~~ ~sub~",
    "``` code ``` `tick` \\` \\\\",
    "| a | b | :-- | --: |",
    "*a* **b** _c_ __d__ snake_case_word ***e*** _",
    "[text](javascript:alert(5)) ![image](https://evil.example/x.png) [ref][1] [^1] [ ] [x]: /y",
    "<https://evil.example> https://evil.example/a_b www.evil.example evil.example a.b@evil.example //evil.example",
    "javascript:alert(6)",
    "a\u202eb\u2066c\u200bd\u200fe\ufefff\u2069g\u202cz",
    "مرحبا بالعالم שלום עולם (x) می\u200cخواهم",
    "tab\there  and trailing   \r\n\r\nnew paragraph\n    indented code",
    "\x1b[31mred\x1b[0m \x00\x07\x08 \x9b2J \x85 \u2028 line \u2029 paragraph",
    "!!! note",
    ": definition",
    "% comment",
    "(target)= x",
    "+++",
    "$$x$$ :smile: ^sup^ ==mark==",
    "word" * 60,
    "👩\u200d👩\u200d👧 ’tis “so” — it’s 5 × 3…",
)


def hostile(extra: str = "") -> Brief:
    """Return a brief whose every string is hostile, each in turn in each field; `extra` stands in all of them too."""
    texts = [f"{text}{extra}" for text in HOSTILE]
    everything = " ".join(texts)
    where = Span(start=0, end=1)
    passages = tuple(Passage(text=text, span=where) for text in texts)
    kinds: tuple[Kind, ...] = get_args(Kind)
    saliences: tuple[Salience, ...] = get_args(Salience)
    forms: tuple[Form, ...] = get_args(Form)
    certainties: tuple[Certainty, ...] = get_args(Certainty)
    actors = tuple(
        Actor(
            name=text,
            kind=kinds[n % len(kinds)],
            salience=saliences[n % len(saliences)],
            roles=(texts[n - 1], text),
            affiliation=texts[n - 2],
            aliases=(text,),
            mentions=(where,),
        )
        for n, text in enumerate(texts)
    )
    claims = tuple(
        Claim(
            text=text,
            spans=(where,),
            speaker=text if n % 2 else None,
            source=passages[n - 1] if n % 3 else None,
            cue=passages[n - 2] if n % 5 else None,
            form=forms[n % len(forms)],
            certainty=certainties[n % len(certainties)],
            sentence=where,
        )
        for n, text in enumerate(texts)
    )
    return Brief(
        headline=Passage(text=everything, span=where),
        dek=Passage(text=everything, span=where),
        lede=passages,
        actors=actors,
        claims=claims,
        context=passages,
        outlook=passages,
        summary=passages,
        origin=Origin(
            path=everything,
            sha256=everything,
            publisher=everything,
            url=f"https://evil.example/{everything}",
            byline=everything,
            dateline=everything,
            published=everything,
            updated=everything,
            section=everything,
            tags=tuple(texts),
            language='en" onload="alert(7)',
        ),
        tagger=everything,
    )
