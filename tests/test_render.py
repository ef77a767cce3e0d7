"""What is rendered has the words of the brief, and nothing in it becomes markup."""

import json
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import made_briefs
import pytest
from commands import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from whole import assemble, render_files, render_site

from briefs.errors import RenderError
from briefs.escape import clean
from briefs.listing import Site, entry_of
from briefs.moments import moment
from briefs.rendering import OutputForm, find_outputs, render
from briefs.schema import Brief, Kind, Origin, Passage, Span
from briefs.templating import stylesheet
from briefs.view import find_pieces, language, unquoted, view

BRIEFS = {
    "tiny": made_briefs.tiny(),
    "typical": made_briefs.typical(),
    "large": made_briefs.large(),
    "hostile": made_briefs.hostile(),
}
ALONE = assemble([("dam", made_briefs.typical())], Site("Briefs", None))
FORMS: tuple[OutputForm, ...] = ("md", "html", "summary", "json")
every_brief = pytest.mark.parametrize("brief", BRIEFS.values(), ids=BRIEFS)


class Elements(HTMLParser):
    """Collects the elements, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.raw: dict[str, str] = {}
        self.other: list[str] = []
        self._open = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in ("script", "style"):
            self.raw[self._open] = self.raw.get(self._open, "") + data
        else:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    def attribute(self, name: str) -> list[str]:
        return [value or "" for key, value in self.attributes if key == name]


def words(text: str) -> str:
    return " ".join(text.split())


def shown(brief: Brief) -> list[str]:
    """Return every text of `brief` that a page shows."""
    page = view(brief)
    lines = [*page.lede, *page.context, *page.outlook]
    said = [said for voice in page.voices for said in voice.said]
    figures = [*page.cast, *page.also]
    texts = [page.headline, page.dek, page.publisher, page.byline, page.dateline, page.section, page.tagger, *page.tags]
    texts += [line.text for line in lines] + [each.text for each in said] + [each.by for each in said]
    texts += [figure.name for figure in figures] + [figure.about for figure in figures]
    return [text for text in texts if text]


@every_brief
def test_a_page_shows_every_text_of_the_brief(brief: Brief) -> None:
    text = words("".join(Elements(render(brief, "html")).text))
    assert [missing for missing in shown(brief) if missing not in text] == []


@every_brief
def test_the_markdown_shows_every_text_of_the_brief(brief: Brief) -> None:
    tokens = MarkdownIt("commonmark", {"html": False}).parse(render(brief, "md"))
    text = words("\n".join("".join(child.content or "\n" for child in token.children or ()) for token in tokens))
    assert [missing for missing in shown(brief) if missing not in text] == []


def neutral(brief: Brief) -> Brief:
    """Return `brief` with a plain word in place of every text, and so with the markup that is ours alone."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: item if key in FIXED else plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        if isinstance(value, str):
            NAMES.setdefault(value, f"w{len(NAMES)}x")
            return NAMES[value] if clean(value) else ""
        return value

    return Brief.model_validate(plain(brief.model_dump()))


FIXED = {"kind", "salience", "form", "certainty", "role", "url", "published", "updated", "language", "schema_version"}
NAMES: dict[str, str] = {}


@pytest.mark.parametrize("preset", ["commonmark", "js-default", "gfm-like"])
def test_hostile_text_adds_no_markup_to_markdown(preset: str) -> None:
    parser = MarkdownIt(preset, {"html": False})
    tokens = {}
    for name, brief in (("hostile", BRIEFS["hostile"]), ("neutral", neutral(BRIEFS["hostile"]))):
        parsed = parser.parse(render(brief, "md"))
        tokens[name] = Counter(child.type for token in parsed for child in (token, *(token.children or ())))
        del tokens[name]["text"]
    assert tokens["hostile"] == tokens["neutral"]


def test_hostile_text_adds_no_element_and_no_attribute_to_a_page() -> None:
    hostile, plain = (Elements(render(brief, "html")) for brief in (BRIEFS["hostile"], neutral(BRIEFS["hostile"])))
    assert Counter(hostile.tags) == Counter(plain.tags)
    assert Counter(name for name, _ in hostile.attributes) == Counter(name for name, _ in plain.attributes)
    assert [data for data in hostile.other if data != ""] == []
    assert hostile.raw["style"].strip() == stylesheet().strip()


@given(text=st.lists(st.sampled_from(made_briefs.HOSTILE), max_size=3).map(" ".join) | st.text(max_size=30))
@settings(max_examples=12, deadline=None)
def test_no_text_becomes_markup_or_ends_the_linked_data(text: str) -> None:
    brief = made_briefs.hostile(text)
    page = Elements(render(brief, "html"))
    assert page.tags.count("script") == 1
    assert page.tags.count("li") == render(brief, "html").count("<li ")
    assert {name for name, _ in page.attributes} <= ALLOWED
    assert json.loads(page.raw["script"])["headline"] == clean(brief.headline.text)


ALLOWED = {"charset", "name", "content", "lang", "dir", "id", "class", "href", "cite", "datetime", "rel", "type"} | {
    "aria-labelledby",
    "property",
}


@every_brief
def test_a_page_is_valid_html(brief: Brief) -> None:
    for url in (None, "https://briefs.example/"):
        site, across = assemble([("one", brief), ("two", brief)], Site("Briefs", url))
        pages = [*render_files(entry_of("one", brief), site, across), *render_site(site, across)]
        shown = [text for name, text in pages if name.endswith(".html")]
        assert len(shown) == 3 + len(across.actors + across.tags + across.sections + across.months)
        for text in [*shown, render(brief, "html")]:
            html5lib.HTMLParser(strict=True).parse(text)


@every_brief
def test_no_output_has_control_characters_or_reorders_what_follows(brief: Brief) -> None:
    for form in ("md", "html", "summary"):
        text = render(brief, form)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text), form
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


@every_brief
def test_each_sentence_and_claim_has_an_anchor_of_its_own(brief: Brief) -> None:
    anchors = Elements(render(brief, "html")).attribute("id")
    assert len(anchors) == len(set(anchors))
    assert all(name in anchors for name in Elements(render(brief, "html")).attribute("aria-labelledby"))


@every_brief
def test_json_is_the_record_and_nothing_else(brief: Brief) -> None:
    text = render(brief, "json")
    assert Brief.model_validate_json(text) == brief
    assert "\\u2019" not in text


def test_a_summary_is_one_line() -> None:
    assert render(BRIEFS["tiny"], "summary") == "The ferry to Isk resumed on Monday.\n"
    assert render(BRIEFS["hostile"], "summary").count("\n") == 1


def test_a_summary_falls_back_to_the_lede_and_then_to_the_headline() -> None:
    brief = BRIEFS["tiny"].model_copy(update={"summary": ()})
    assert render(brief, "summary") == "The ferry to Isk resumed on Monday.\n"
    assert render(brief.model_copy(update={"lede": ()}), "summary") == "Ferry resumes\n"


def test_sections_without_content_vanish() -> None:
    html, markdown = render(BRIEFS["tiny"], "html"), render(BRIEFS["tiny"], "md")
    assert re.findall(r"<h2[^>]*>([^<]+)", html) == ["How it was made"]
    assert re.findall(r"^## (.+)$", markdown, re.MULTILINE) == ["How it was made"]
    assert "<dl" not in html


def test_a_page_under_thirty_kilobytes_shows_a_typical_brief() -> None:
    assert len(render(BRIEFS["typical"], "html").encode()) < 30_000
    assert len(stylesheet().encode()) < 10_000


@every_brief
def test_a_page_has_no_style_attribute_no_script_and_no_request(brief: Brief) -> None:
    page = Elements(render(brief, "html", stylesheet="../style.css"))
    assert {"style", "src", "srcset", "onload"}.isdisjoint(name for name, _ in page.attributes)
    assert {"style", "img", "iframe", "form", "base", "object"}.isdisjoint(page.tags)
    assert page.attribute("type") == ["application/ld+json"]
    assert all(re.match(r"https://|\.\./style\.css\Z", href) for href in page.attribute("href"))


def test_linked_data_never_says_that_a_claim_was_reviewed_or_that_who_denies_it_says_it() -> None:
    for brief in BRIEFS.values():
        assert "ClaimReview" not in render(brief, "html")
    data = json.loads(Elements(render(BRIEFS["typical"], "html")).raw["script"])
    denied = [part for part in data["hasPart"] if part["creativeWorkStatus"] == "denied"]
    assert [part["text"] for part in denied] == ["it had put off repairs to save money"]
    assert all("author" not in part and "spokenByCharacter" not in part for part in denied)
    assert data["@type"] == data["isBasedOn"]["@type"] == "NewsArticle"
    assert {"Quotation", "Claim"} == {part["@type"] for part in data["hasPart"]}


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("person", "Person"), ("organization", "Organization"), ("place", "Organization"), ("other", None)],
)
def test_who_speaks_in_linked_data_is_a_person_or_a_body(kind: Kind, type_: str | None) -> None:
    brief = BRIEFS["typical"]
    director = brief.actors[1].model_copy(update={"kind": kind})
    told = brief.model_copy(update={"actors": (director,), "claims": brief.claims[1:2]})
    [said] = json.loads(Elements(render(told, "html")).raw["script"])["hasPart"]
    assert said.get("spokenByCharacter") == (type_ and {"@type": type_, "name": "Viktor Ashdown"})
    assert said["description"] == "the agency’s director, Viktor Ashdown told reporters"


def test_voices_come_by_weight_then_by_first_word_and_sources_without_a_name_last() -> None:
    assert [(voice.name, len(voice.said)) for voice in view(BRIEFS["typical"]).voices] == [
        ("Viktor Ashdown", 1),
        ("Isk Valley Water", 2),
        ("National Emergency Management Directorate", 1),
        ("Pilar Anstey", 1),
        ("hospital officials in Selmoor", 1),
        ("", 1),
        ("a woman at the shelter", 1),
    ]


def test_a_claim_shows_source_cue_certainty_and_form_in_words() -> None:
    text = words("".join(Elements(render(BRIEFS["typical"], "html")).text))
    assert "Isk Valley Water rejected the suggestion Denied, paraphrased it had put off repairs" in text
    assert "the agency’s director, Viktor Ashdown told reporters Hedged, quoted “The dam is" in text
    assert "according to hospital officials in Selmoor Hedged" in text
    assert "Rumors persist Hedged" in text


def test_every_sentence_and_claim_links_to_its_words_at_the_publisher() -> None:
    hrefs = Elements(render(BRIEFS["typical"], "html")).attribute("href")
    assert sum(f"{made_briefs.URL}#:~:text=" in href for href in hrefs) == 1 + 8 + 3 + 3
    assert not any("#" in href for href in Elements(render(BRIEFS["tiny"], "html")).attribute("href"))


def test_a_page_in_another_language_names_it_and_its_direction() -> None:
    brief = BRIEFS["tiny"].model_copy(update={"origin": Origin(path="", sha256="", language="he")})
    html = render(brief, "html")
    assert '<article lang="he" dir="rtl">' in html
    assert '<h2 id="made">' in html.partition('<footer lang="en">')[2]
    assert [language(tag) for tag in ("und", 'x" y', "pt-BR")] == ["", "", "pt-BR"]


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2026-02-16", "16 February 2026"),
        ("2026-02-16T09:05", "16 February 2026, 09:05"),
        ("2026-02-16T09:05:30Z", "16 February 2026, 09:05 UTC"),
        ("2026-02-16T09:05-0530", "16 February 2026, 09:05 UTC-05:30"),
        ("2026-02-30", "2026-02-30"),
        ("Monday", "Monday"),
    ],
)
def test_dates_are_shown_as_people_write_them(iso: str, expected: str) -> None:
    when = moment(iso)
    assert when is not None
    assert when.text == expected
    assert when.iso == (iso if expected != iso else None)


def test_the_pieces_of_a_claim_lose_their_outer_quotation_marks_and_keep_the_inner_ones() -> None:
    claim = BRIEFS["typical"].claims[1]
    assert find_pieces(claim) == (
        "“The dam is standing tonight,”",
        "“but I cannot promise that it will be standing tomorrow.”",
    )
    assert find_pieces(claim.model_copy(update={"spans": claim.spans[:1]})) == (claim.text,)
    assert [unquoted(text) for text in ('"Go," he said. "Now."', "“", "no marks")] == [
        'Go," he said. "Now.',
        "“",
        "no marks",
    ]


def test_the_list_links_each_brief_and_has_the_newest_first() -> None:
    briefs = [("a", BRIEFS["tiny"]), ("dam", BRIEFS["typical"]), ("c", BRIEFS["tiny"])]
    page = dict(render_site(*assemble(briefs, Site("Briefs", None))))["index.html"]
    assert re.findall(r'<h3 dir="auto"><a href="([^"]+)"', page) == ["dam/index.html", "a/index.html", "c/index.html"]
    assert re.findall(r"<h2>(.+)</h2>", page) == ["16 February 2026", "Without a date"]
    assert '<link rel="stylesheet" href="style.css">' in page
    assert "Meridian Press" in page


@pytest.mark.parametrize("form", FORMS)
def test_the_same_brief_gives_the_same_bytes(form: OutputForm) -> None:
    again = Brief.model_validate_json(BRIEFS["typical"].model_dump_json())
    assert render(again, form) == render(BRIEFS["typical"], form)


def test_a_users_templates_win_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "partials").mkdir()
    (tmp_path / "summary.txt.j2").write_text("{{ brief.headline.text | upper }}", encoding="utf-8")
    words_of_ours = Path(__file__).parents[1] / "templates/partials/words.j2"
    (tmp_path / "partials/words.j2").write_text(words_of_ours.read_text("utf-8").replace('"Who"', '"Qui"'), "utf-8")
    (tmp_path / "style.css").write_text("body { color: red }\n", encoding="utf-8")
    brief = BRIEFS["typical"]
    assert render(brief, "summary", templates=tmp_path).startswith("NINE KILLED")
    assert "## Qui\n" in render(brief, "md", templates=tmp_path)
    assert stylesheet(tmp_path) == "body { color: red }\n"
    assert "body { color: red }" in render(brief, "html", templates=tmp_path)
    assert render(brief, "summary") != render(brief, "summary", templates=tmp_path)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("one\n{{ headline }}", r"summary\.txt\.j2:2: 'headline' is undefined"),
        ("one\n\n{{ brief.lead }}", r"summary\.txt\.j2:3: .*no attribute 'lead'"),
        ("{% for x in %}", r"summary\.txt\.j2:1: "),
        ("\n{{ page.headline | shout }}", r"summary\.txt\.j2:2: No filter named 'shout'"),
        ("\n{% include 'partials/none.j2' %}", r"summary\.txt\.j2:2: no template 'partials/none\.j2'"),
        ("\n\n{{ 1 / 0 }}", r"summary\.txt\.j2:3: ZeroDivisionError: "),
        ("{{ page.headline + 1 }}", r"summary\.txt\.j2:1: TypeError: "),
    ],
)
def test_a_wrong_template_is_named_with_its_line_and_what_is_missing(
    tmp_path: Path, template: str, message: str
) -> None:
    (tmp_path / "summary.txt.j2").write_text(template, encoding="utf-8")
    with pytest.raises(RenderError, match=re.escape(str(tmp_path)) + "/" + message):
        render(BRIEFS["tiny"], "summary", templates=tmp_path)


def test_a_folder_that_is_not_there_and_a_form_that_is_none_are_errors(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="no such folder of templates"):
        render(BRIEFS["tiny"], "md", templates=tmp_path / "none")
    with pytest.raises(RenderError, match="no output form 'pdf'"):
        render(BRIEFS["tiny"], "pdf")  # type: ignore[arg-type]


def test_a_template_that_is_not_utf_8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "summary.txt.j2").write_bytes(b"\xff\xfe")
    (tmp_path / "style.css").write_bytes(b"\xff\xfe")
    with pytest.raises(RenderError, match="UnicodeDecodeError"):
        render(BRIEFS["tiny"], "summary", templates=tmp_path)
    with pytest.raises(RenderError, match="UTF-8"):
        stylesheet(tmp_path)


def test_a_template_that_prints_hidden_characters_or_none_prints_nothing_of_them(tmp_path: Path) -> None:
    (tmp_path / "summary.txt.j2").write_text("{{ brief.headline.text }}{{ brief.dek }}|", encoding="utf-8")
    headline = Passage(text="pay\u202e\x1b[31m", span=Span(start=0, end=1))
    brief = BRIEFS["tiny"].model_copy(update={"headline": headline})
    assert render(brief, "summary", templates=tmp_path) == "pay[31m|\n"


def test_jinja_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, briefs.rendering; sys.exit('jinja2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_template_can_extend_the_one_that_it_replaces(tmp_path: Path) -> None:
    blocks = re.findall(
        r"```jinja\n(\{% extends (?s:.*?))```", (ROOT / "docs/templates.md").read_text(encoding="utf-8")
    )
    for name, text in zip(("brief.html.j2", "layout.html.j2"), blocks, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    brief = made_briefs.typical()
    page, ours = render(brief, "html", templates=tmp_path), render(brief, "html")
    assert f'<p class="lede">{view(brief).summary}</p>' in page
    assert page.index("The Selmoor Herald") < page.index("<main>")
    assert "The Selmoor Herald" in dict(render_site(*ALONE, find_outputs(templates=tmp_path)))["index.html"]
    for part in ("<header>", 'id="who"', 'id="said"', 'id="context"', 'id="origin"'):
        assert page[page.index(part) :][:200] == ours[ours.index(part) :][:200]


def test_a_fault_in_a_block_is_told_with_file_line_and_name(tmp_path: Path) -> None:
    (tmp_path / "brief.html.j2").write_text(
        '{% extends "briefs/brief.html.j2" %}\n{% block lede %}\n{{ page.lead }}\n{% endblock %}\n', encoding="utf-8"
    )
    with pytest.raises(RenderError, match=r"brief\.html\.j2:3: 'briefs\.view\.Page object' has no attribute 'lead'"):
        render(made_briefs.typical(), "html", templates=tmp_path)
