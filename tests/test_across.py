"""What several briefs have in common: one page for one actor, and ways from a brief to those that belong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import made_briefs
import pytest
from commands import Outcome
from hypothesis import given, settings
from hypothesis import strategies as st
from test_site import contents, write_articles
from whole import assemble, render_files, render_site

from briefs.across import REMARKS_MOST, Across
from briefs.listing import LISTED_MOST, Site
from briefs.schema import Actor, Brief, Kind, Salience

Call = Callable[..., Outcome]
DAM = made_briefs.typical()


def actor(name: str, kind: Kind = "person", salience: Salience = "main", **told: object) -> Actor:
    return Actor.model_validate({"name": name, "kind": kind, "salience": salience, "mentions": (), **told})


def across(*casts: Iterable[Actor]) -> Across:
    """Return what briefs with these actors, and no claims, have in common; they are called 0, 1 and so on."""
    briefs = {f"{n}": made_briefs.tiny().model_copy(update={"actors": tuple(cast)}) for n, cast in enumerate(casts)}
    return assemble(briefs.items(), Site("Briefs", None))[1]


def named(found: Across) -> dict[str, list[str]]:
    return {portrait.name: sorted(entry.slug for entry in portrait.entries) for portrait in found.actors}


def test_the_same_name_is_one_actor() -> None:
    casts = (
        [actor("The U.S. Senate", "organization")],
        [actor("US Senate", "organization")],
        [actor("U.S. Senate", "place")],
    )
    assert sorted(named(across(*casts)).values()) == [["0", "1"], ["2"]]


def test_an_acronym_is_the_body_that_has_it_for_an_alias() -> None:
    whole = actor("National Dam Agency", "organization", aliases=("NDA",))
    assert named(across([whole], [actor("NDA", "organization")])) == {"National Dam Agency": ["0", "1"]}


def test_an_alias_of_two_is_neither() -> None:
    casts = [
        [actor("National Dam Agency", "organization", aliases=("NDA",))],
        [actor("Northern Doctors’ Alliance", "organization", aliases=("NDA",))],
        [actor("NDA", "organization")],
    ]
    assert named(across(*casts))["NDA"] == ["2"]


@pytest.mark.parametrize(
    ("told", "joined"),
    [({}, False), ({"roles": ("mayor",)}, True), ({"affiliation": "Selmoor"}, True), ({"roles": ("coach",)}, False)],
)
def test_a_surname_alone_is_a_person_only_where_office_agrees(told: dict[str, object], joined: bool) -> None:  # noqa: FBT001
    ruiz = actor("Ana Ruiz", aliases=("Ruiz",), roles=("Mayor",), affiliation="Selmoor")
    found = named(across([ruiz], [actor("Ruiz", **told)]))
    assert found == ({"Ana Ruiz": ["0", "1"]} if joined else {"Ana Ruiz": ["0"], "Ruiz": ["1"]})


def test_of_those_who_are_called_by_a_surname_some_may_be_somebody_else() -> None:
    mayor = {"roles": ("mayor",)}
    casts = [
        [actor("Ana Ruiz", aliases=("Ruiz",), **mayor)],
        [actor("Ruiz", **mayor)],
        [actor("Ruiz", roles=("actress",))],
        [actor("Ruiz", roles=("actress",))],
    ]
    assert named(across(*casts)) == {"Ana Ruiz": ["0", "1"], "Ruiz": ["2", "3"]}


def test_two_people_of_one_surname_are_two() -> None:
    casts = [actor("Ana Ruiz", aliases=("Ruiz",))], [actor("Bo Ruiz", aliases=("Ruiz",))]
    assert named(across(*casts)) == {"Ana Ruiz": ["0"], "Bo Ruiz": ["1"]}


def test_two_actors_whose_names_make_one_slug_have_two_pages() -> None:
    found = across([actor("Éa", "place")], [actor("Ea", "organization")])
    assert len({portrait.slug for portrait in found.actors}) == 2


def test_who_is_minor_in_one_brief_and_silent_has_no_page() -> None:
    bystander = actor("Bo Kim", salience="minor")
    assert named(across([bystander])) == {}
    assert named(across([bystander], [bystander])) == {"Bo Kim": ["0", "1"]}


def test_people_of_one_name_are_one_only_where_something_else_agrees() -> None:
    economist = actor("Marta Quill", roles=("chief economist",), affiliation="Northgate Securities")
    again = actor("Marta Quill", roles=("the economist",))
    reader = actor("Marta Quill", roles=("retired postal worker",))
    library = actor("Town Library", "organization")
    found = across([economist], [reader, library], [again], [actor("Marta Quill"), library])
    quills = [portrait for portrait in found.actors if portrait.name == "Marta Quill"]
    assert sorted(sorted(entry.slug for entry in quill.entries) for quill in quills) == [["0", "2"], ["1", "3"]]
    assert len({quill.slug for quill in quills}) == 2


def test_who_is_known_keeps_the_address_when_another_of_the_name_comes() -> None:
    old, new = (
        made_briefs.tiny().model_copy(
            update={
                "actors": (actor("Marta Quill", roles=(role,)),),
                "origin": made_briefs.tiny().origin.model_copy(update={"published": day}),
            }
        )
        for role, day in (("economist", "2025-01-01"), ("postal worker", "2026-01-01"))
    )
    before = assemble([("old", old)], Site("Briefs", None))[1]
    after = assemble([("old", old), ("new", new)], Site("Briefs", None))[1]
    assert after.links("old") == before.links("old")
    assert after.links("new") != after.links("old")


def test_briefs_with_the_same_main_actors_lead_to_one_another() -> None:
    ana, dam, isk = actor("Ana Ruiz"), actor("Dam Board", "organization"), actor("Isk", "place")
    found = across([ana, dam], [ana], [ana, dam], [isk], [isk], [actor("Ana Ruiz", salience="minor")])
    assert [entry.slug for entry in found.related("0")] == ["2", "1"]
    assert found.related("3") == found.related("5") == ()


def test_the_page_of_an_actor_has_what_it_said_and_what_others_said_of_it() -> None:
    _, found = assemble([("dam", DAM)], Site("Briefs", None))
    water = next(portrait for portrait in found.actors if portrait.name == "Isk Valley Water")
    said = [claim.text for claim in DAM.claims if claim.speaker == "Isk Valley Water"]
    assert [remark.said.text for remark in water.said] == said
    assert all(remark.voice != "Isk Valley Water" for remark in water.told)


def test_of_very_many_claims_the_newest_are_shown_and_the_rest_counted() -> None:
    many = {f"{n}": DAM for n in range(REMARKS_MOST)}
    _, found = assemble(many.items(), Site("Briefs", None))
    water = next(portrait for portrait in found.actors if portrait.name == "Isk Valley Water")
    assert len(water.said) == REMARKS_MOST
    assert water.more > 0
    assert len(water.entries) == len(many)


def test_tags_that_differ_in_case_share_a_page() -> None:
    briefs = {
        f"{n}": DAM.model_copy(update={"origin": DAM.origin.model_copy(update={"tags": (tag,)})})
        for n, tag in enumerate(("Floods", "FLOODS", "Dams & levees"))
    }
    _, found = assemble(briefs.items(), Site("Briefs", None))
    assert [(shelf.slug, len(shelf.entries)) for shelf in found.tags] == [("dams-levees", 1), ("floods", 2)]


def test_the_first_page_has_the_newest_and_each_month_a_page() -> None:
    origin = DAM.origin.model_copy(update={"updated": None})
    dates = [f"2026-{1 + n // 28:02}-{1 + n % 28:02}" for n in range(LISTED_MOST + 1)]
    briefs = {
        date: DAM.model_copy(update={"origin": origin.model_copy(update={"published": date})})
        for date in [*dates, "soon"]
    }
    site, found = assemble(briefs.items(), Site("Briefs", None))
    assert [entry.slug for _, held in site.days for entry in held] == dates[:0:-1]
    assert [(month.slug, month.name, len(month.entries)) for month in found.months] == [
        *(("2026-04", "April 2026", 17), ("2026-03", "March 2026", 28), ("2026-02", "February 2026", 28)),
        *(("2026-01", "January 2026", 28), ("undated", "", 1)),
    ]


class Links(HTMLParser):
    """The addresses and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {found["id"]} if found.get("id") else set()
        if tag in ("a", "link") and found.get("href"):
            self.hrefs.append(found["href"] or "")


def check_links(files: dict[str, str]) -> int:
    """Check that all links of a site to itself lead to a file, and to an anchor of it; return how many there are."""
    pages = {path: Links(text) for path, text in files.items() if path.endswith(".html")}
    count = 0
    for path, page in pages.items():
        for href in page.hrefs:
            if not re.match(r"https?:", href):
                count += 1
                target, anchor = urldefrag(href)
                parts = [*path.split("/")[:-1], *unquote(target).split("/")]
                while ".." in parts:
                    place = parts.index("..")
                    parts[place - 1 : place + 1] = []
                assert "/".join(parts) in files, f"{path}: {href}"
                assert not anchor or anchor in pages["/".join(parts)].ids, f"{path}: {href}"
    return count


def whole_site(briefs: dict[str, Brief], url: str | None = None) -> dict[str, str]:
    site, found = assemble(briefs.items(), Site("Briefs", url))
    files = dict(render_site(site, found))
    for entry in site.entries:
        files |= dict(render_files(entry, site, found))
    return files


def test_every_link_of_a_site_leads_somewhere() -> None:
    briefs = {"dam": DAM, "again": DAM, "ferry": made_briefs.tiny(), "large": made_briefs.large()}
    files = whole_site(briefs | {"worst": made_briefs.hostile()}, "https://briefs.example/")
    assert check_links(files) > 100


@given(text=st.text(max_size=30))
@settings(max_examples=12, deadline=None)
def test_no_name_breaks_a_site(text: str) -> None:
    brief = made_briefs.hostile(text)
    tagged = brief.model_copy(update={"origin": brief.origin.model_copy(update={"tags": (text, "x"), "section": text})})
    check_links(whole_site({"one": brief, "two": tagged}))


def test_a_folder_of_the_site_is_no_name_of_a_brief(call: Call, tmp_path: Path) -> None:
    seeds = write_articles(tmp_path / "seeds", "actors.txt", "tags.txt")
    assert call("build", seeds, tmp_path / "out").code == 0
    folders = {path.split("/")[0] for path in contents(tmp_path / "out") if path.endswith("brief.json")}
    assert len(folders) == 2
    assert folders.isdisjoint({"actors", "archive", "tags", "sections"})
    check_links({name: data.decode() for name, data in contents(tmp_path / "out").items()})
