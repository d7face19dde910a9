"""Readable differences between desks and records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from legation.desk.aims import Goal, Link
from legation.desk.desk import Desk, DeskInfo, Settings
from legation.desk.diff import Change, FieldChange, diff_desks, diff_records
from legation.desk.people import Position
from legation.desk.resources import ExchangeRate
from legation.errors import InputError

INFO = DeskInfo(id="est", title="Estonia", observer="EST", start="2027-01", months=24, currency="EUR", price_year=2027)
BALTIC = Goal(id="baltic", title="Baltic security")


def test_equal_records_have_no_difference():
    """A record compared with an equal one gives no change."""
    assert diff_records(BALTIC, Goal(id="baltic", title="Baltic security")) is None
    assert diff_records(None, None) is None


def test_changed_record_names_each_field():
    """A changed record lists each differing field with both values, on one line."""
    change = diff_records(BALTIC, msgspec.structs.replace(BALTIC, weight=2.0, owner="director"))

    assert change == Change(
        kind="goals",
        key="baltic",
        action="changed",
        fields=(FieldChange(name="weight", before=1.0, after=2.0), FieldChange(name="owner", after="director")),
    )
    assert str(change) == "goals baltic changed: weight 1.0 -> 2.0; owner none -> 'director'"


def test_added_and_removed_records_list_what_they_hold():
    """An added or removed record lists its fields that are not defaults."""
    assert str(diff_records(None, BALTIC)) == "goals baltic added: id 'baltic'; title 'Baltic security'"
    assert str(diff_records(BALTIC, None)) == "goals baltic removed: id 'baltic'; title 'Baltic security'"


def test_lists_show_what_they_gained_and_lost():
    """A list field shows its gains and losses, and its order where only that changed."""
    old = Position(id="naval-attache", title="Naval attaché", rank="OF-4", languages=("fr:B2", "en:C1"))

    gained = diff_records(old, msgspec.structs.replace(old, languages=("en:C1", "de:B1")))
    swapped = diff_records(old, msgspec.structs.replace(old, languages=("en:C1", "fr:B2")))

    assert str(gained) == "positions naval-attache changed: languages +'de:B1', -'fr:B2'"
    assert str(swapped) == "positions naval-attache changed: languages ['fr:B2', 'en:C1'] -> ['en:C1', 'fr:B2']"


def test_settings_are_compared_one_by_one():
    """The desk's settings are named one by one."""
    after = msgspec.structs.replace(INFO, settings=Settings(spill_alpha=0.4))

    assert str(diff_records(INFO, after)) == "desk est changed: settings.spill_alpha 0.3 -> 0.4"


def test_desks_are_compared_in_order():
    """The description comes first, then kinds in their order and keys in theirs, whatever the order of rows."""
    before = Desk(info=INFO, goals=(BALTIC, Goal(id="arctic", title="Arctic")), links=())
    link = Link(source="a", target="b", kind="supports", strength=1, reason="r")
    after = Desk(
        info=msgspec.structs.replace(INFO, months=12),
        goals=(Goal(id="africa", title="Africa"), msgspec.structs.replace(BALTIC, weight=3.0)),
        links=(link,),
    )

    assert [(c.kind, c.key, c.action) for c in diff_desks(before, after)] == [
        ("desk", "est", "changed"),
        ("goals", "africa", "added"),
        ("goals", "arctic", "removed"),
        ("goals", "baltic", "changed"),
        ("links", "a|supports|b", "added"),
    ]
    assert diff_desks(before, before.in_key_order()) == ()


def test_a_missing_desk_counts_as_empty():
    """A desk that appears adds its description and all its records."""
    desk = Desk(info=INFO, goals=(BALTIC,))

    assert [c.action for c in diff_desks(None, desk)] == ["added", "added"]
    assert [c.action for c in diff_desks(desk, None)] == ["removed", "removed"]
    assert diff_desks(None, None) == ()


def test_records_sharing_a_key_are_matched_in_order():
    """Duplicates are matched in the order they stand, so none is lost."""
    before = Desk(info=INFO, goals=(BALTIC,))
    after = Desk(info=INFO, goals=(BALTIC, msgspec.structs.replace(BALTIC, weight=9.0)))

    assert [(c.key, c.action) for c in diff_desks(before, after)] == [("baltic", "added")]


def test_different_kinds_are_refused():
    """Two records of different kinds cannot be compared."""
    with pytest.raises(InputError, match="goals cannot be compared with one of positions"):
        diff_records(BALTIC, Position(id="x", title="x", rank="OF-1"))


@pytest.mark.parametrize("text", ["a\nb", "\x00", "\x1b[31m", "=1+1", "\u202e", "x" * 5_000])
def test_hostile_texts_stay_on_one_short_line(text):
    """Newlines, escapes and very long texts never break the line."""
    line = str(diff_records(BALTIC, msgspec.structs.replace(BALTIC, title=text, description=text)))

    assert line.isprintable()
    assert len(line) < 500


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-0"])
def test_odd_decimals_compare_without_raising(value):
    """No decimal, not even a signalling NaN, breaks the comparison."""
    rate = ExchangeRate(base="EUR", quote="USD", date=date(2026, 12, 1), rate=Decimal(value))
    same = msgspec.structs.replace(rate, rate=Decimal(value))

    assert diff_records(rate, same) is None
    assert diff_records(rate, msgspec.structs.replace(rate, rate=Decimal("1.08"))) is not None


@pytest.mark.parametrize("value", ["NaN", "sNaN", "1.08"])
def test_desks_with_odd_decimals_compare_without_raising(value):
    """A desk is equal to a copy of itself, whatever its decimals hold."""
    rate = ExchangeRate(base="EUR", quote="USD", date=date(2026, 12, 1), rate=Decimal(value))
    copy = msgspec.structs.replace(rate, rate=Decimal(value))

    assert diff_desks(Desk(info=INFO, exchange_rates=(rate,)), Desk(info=INFO, exchange_rates=(copy,))) == ()


def test_an_undefined_number_equals_itself():
    """A NaN that stays a NaN is no change, and one that becomes a number is."""
    odd = msgspec.structs.replace(BALTIC, weight=float("nan"))

    assert diff_records(odd, msgspec.structs.replace(BALTIC, weight=float("nan"))) is None
    assert str(diff_records(odd, BALTIC)) == "goals baltic changed: weight nan -> 1.0"


def test_a_new_desk_shows_its_settings():
    """The description of an added desk names its settings where they are not the defaults."""
    change = diff_records(None, msgspec.structs.replace(INFO, settings=Settings(spill_alpha=0.4)))

    assert "settings Settings(spill_alpha=0.4" in str(change)


def test_very_long_lists_are_cut():
    """Lists too long to compare entry by entry are shown whole and cut."""
    old = Position(id="a", title="A", rank="OF-1", languages=tuple(f"fr-{n}:B2" for n in range(500)))
    line = str(diff_records(old, msgspec.structs.replace(old, languages=(*old.languages, "en:C1"))))

    assert " ... " in line
    assert len(line) < 500
