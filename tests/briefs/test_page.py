"""The page is self-contained, complete and safe whatever the desk's texts hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import msgspec

from legation.briefs.page import html_of

HOSTILE = "<script>alert(1)</script>\"'&{{ 7*7 }}{% raw %}"


class _Reader(HTMLParser):
    """Collect tags, addresses and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "xlink:href", "data", "action", "srcset"} and value:
                self.addresses.append(value)
            if name == "id" and value:
                self.ids.append(value)

    def handle_data(self, data):
        self.text.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def test_page_needs_nothing_outside_itself(brief, pictures):
    """Every address on the page points into the page, and there is no script."""
    reader = _read(html_of(brief, pictures=pictures))

    assert "script" not in reader.tags
    assert all(address.startswith(("#", "data:")) for address in reader.addresses)


def test_page_names_every_mission_with_its_reason(brief, pictures):
    """Each planned mission stands on the page with its reason, each other one with why it was left out."""
    text = " ".join(" ".join(_read(html_of(brief, pictures=pictures)).text).split())

    for mission in brief.plan.missions:
        assert mission.title in text
        assert " ".join(mission.reason.split()) in text
    for left in brief.plan.left_out:
        assert left.title in text
        assert " ".join(left.reason.split()) in text


def test_page_prints_label_and_that_it_is_not_enforced(brief, pictures):
    """What leaves prints the highest label and that it is not enforced."""
    assert html_of(brief, pictures=pictures).count("label not enforced") >= 2


def test_hostile_texts_stay_texts(brief, pictures):
    """Markup and template code in a desk's texts come out as the letters they are."""
    missions = tuple(
        msgspec.structs.replace(one, planned=msgspec.structs.replace(one.planned, title=HOSTILE, reasons=(HOSTILE,)))
        for one in brief.missions
    )
    hostile = msgspec.structs.replace(brief, title=HOSTILE, description=HOSTILE, missions=missions)

    reader = _read(html_of(hostile, pictures=pictures))

    assert "script" not in reader.tags
    assert HOSTILE in "".join(reader.text)


def test_every_section_that_the_page_links_to_is_there(brief, pictures):
    """Links within the page lead somewhere, and no id stands twice."""
    reader = _read(html_of(brief, pictures=pictures))

    assert {address[1:] for address in reader.addresses if address.startswith("#")} <= set(reader.ids)
    assert len(reader.ids) == len(set(reader.ids))


def test_pictures_scale_and_describe_themselves(brief, pictures):
    """Each picture has a title, a description, and no fixed size in the page."""
    assert [picture.name for picture in pictures] == ["matrix", "timeline", "map", "parts", "spend"]
    for picture in pictures:
        assert picture.title
        assert picture.description
        assert not re.match(r'<svg[^>]*\swidth="', picture.svg)
