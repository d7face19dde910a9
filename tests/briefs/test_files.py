"""Briefs are written whole, as HTML, PDF and text."""

from __future__ import annotations

import msgspec
import pytest

from legation.briefs.pdf import pdf_of
from legation.briefs.pictures import pictures_of
from legation.briefs.text import cohesion_text, plan_text
from legation.briefs.write import write_brief
from legation.errors import InputError, StorageError
from legation.planning.points import points

HOSTILE = '#panic("x") $ \\ ] [ @label <tag> *b* _i_ `c` // comment'


def test_pdf_is_archival(brief, pictures):
    """The PDF says that it is PDF/A-2a."""
    pdf = pdf_of(brief, pictures=pictures)

    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfaid:conformance>A<" in pdf


def test_pdf_takes_typesetting_code_as_text(brief, pictures):
    """Code of the typesetter in a desk's texts is typeset as letters."""
    hostile = msgspec.structs.replace(brief, title=HOSTILE, description=HOSTILE, organisation=HOSTILE)

    assert pdf_of(hostile, pictures=pictures).startswith(b"%PDF")


def test_a_plan_without_missions_still_gives_a_brief(brief, borders, tmp_path):
    """Nothing chosen: no timeline, everything else stands."""
    empty = msgspec.structs.replace(
        brief, missions=(), plan=msgspec.structs.replace(brief.plan, missions=(), cost=0.0, spending=())
    )

    assert [picture.name for picture in pictures_of(empty, borders=borders)] == ["matrix", "map", "parts", "spend"]
    assert all(file.stat().st_size for file in write_brief(empty, tmp_path, borders=borders))


def test_three_files_are_written_and_replaced(brief, borders, tmp_path):
    """A second brief replaces the first and leaves nothing else behind."""
    for _ in range(2):
        files = write_brief(brief, tmp_path / "out", borders=borders)

    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["brief.html", "brief.pdf", "brief.txt"]
    assert [file.name for file in files] == ["brief.html", "brief.pdf", "brief.txt"]


def test_a_folder_that_cannot_be_written_is_an_error(brief, borders, tmp_path):
    """A file in the folder's place is named in the error."""
    (tmp_path / "out").write_text("here")

    with pytest.raises(StorageError, match="could not be written"):
        write_brief(brief, tmp_path / "out", borders=borders)


def test_text_holds_reasons_bound_and_label(brief):
    """The text says value, bound and gap, each mission's reason, what was left out, and the label."""
    text = plan_text(brief.plan, label=brief.label)
    words = " ".join(text.split())

    assert points(brief.plan.bound) in words
    assert "label not enforced" in words
    assert all(left.title.split()[0] in words for left in brief.plan.left_out)


def test_cohesion_text_holds_every_part(brief):
    """Every part stands in the text, missing ones with their reason."""
    words = " ".join(cohesion_text(brief.cohesion, label=brief.label).split())

    for part in brief.cohesion.parts:
        assert part.title.split()[0] in words


def test_a_brief_needs_a_cohesion_report(setting, plan):
    """A plan without cohesion is refused with the remedy."""
    from legation.briefs.gather import brief_for

    with pytest.raises(InputError, match="no cohesion report"):
        brief_for(setting, msgspec.structs.replace(plan, cohesion=None))
