"""The check of a desk as a whole: complete, ordered, fast and never raising."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta, inspect

from legation.actors import Actor
from legation.desk import KINDS, Desk, DeskInfo, Goal, Mission, Mode
from legation.desk.base import ActorRef, Currency, Id, LanguageSkill, Month
from legation.desk.diff import diff_desks
from legation.desk.rules import RULES, check_desk
from legation.errors import UnknownActorError


def test_a_sound_desk_has_no_faults(small_desk):
    """A desk that keeps every rule gives no fault and no warning, though it holds every kind of record."""
    assert [str(fault) for fault in check_desk(small_desk)] == []
    assert [kind for kind in KINDS if not small_desk.records(kind)] == []


def test_an_empty_desk_has_no_faults(small_desk):
    """A desk that was only just made is sound."""
    assert check_desk(Desk(info=small_desk.info)) == ()


BROKEN = (
    ("goals", "baltic", {"owner": "gone", "title": "Baltic\x00"}),
    ("missions", "visit-riga", {"partners": ("EST", "XXX"), "quorum": 9}),
    ("missions", "clinic-jordan", {"purpose": "deterrence"}),
    ("costs", "visit-riga|std|coop|total", {"amount": Decimal(-5), "currency": "SEK"}),
    ("objectives", "north", {"parent": "air"}),
    ("desk", "est", {"language": "qx"}),
)
FOUND = {
    "reference-exists",
    "text-characters",
    "mission-bilateral",
    "mission-observer",
    "mission-quorum",
    "actor-exists",
    "humanitarian-purpose",
    "money-amount",
    "money-convertible",
    "objective-cycle",
    "language-tag",
}


def test_all_faults_are_reported_at_once(small_desk, changed):
    """Faults of every topic are reported together, and the first hides none of the others."""
    assert {fault.rule for fault in check_desk(changed(small_desk, *BROKEN))} >= FOUND


def test_the_order_of_rows_does_not_matter(small_desk, changed):
    """The same content gives the same faults in the same order."""
    broken = changed(small_desk, *BROKEN)
    rows = {kind: list(broken.records(kind)) for kind in KINDS}
    for records in rows.values():
        random.Random(7).shuffle(records)
    shuffled = Desk(info=broken.info, **{kind: tuple(records) for kind, records in rows.items()})

    assert check_desk(shuffled) == check_desk(broken)


def test_faults_follow_the_order_of_kinds(small_desk, changed):
    """The desk's description comes first, then kinds in their order, then keys."""
    places = {kind: place for place, kind in enumerate(("desk", *KINDS))}
    faults = check_desk(changed(small_desk, *BROKEN))

    assert [(places[f.kind], f.key, f.rule) for f in faults] == sorted((places[f.kind], f.key, f.rule) for f in faults)


def test_the_desk_is_left_as_it_was(small_desk, changed):
    """Checking changes nothing."""
    broken = changed(small_desk, *BROKEN)
    before = msgspec.json.encode(broken)

    check_desk(broken)

    assert msgspec.json.encode(broken) == before


def test_a_description_that_cannot_be_read_stands_alone(small_desk):
    """Without a usable description nothing else can be judged, and the fault says which field is wrong."""
    broken = msgspec.structs.replace(small_desk, info=msgspec.structs.replace(small_desk.info, start="2027-13"))

    (fault,) = check_desk(broken)

    assert (fault.kind, fault.rule) == ("desk", "record-structure")
    assert fault.message == "start: The value is not as it must be: A month as YYYY-MM."


def test_actors_are_looked_up_once_each(small_desk):
    """The lookup can be replaced, and is asked once for each identifier."""
    asked: list[str] = []

    def nobody(identifier: str) -> Actor:
        asked.append(identifier)
        raise UnknownActorError(f"{identifier} is unknown.", suggestions=("FIN", "SWE"))

    faults = check_desk(small_desk, actor_lookup=nobody)

    assert len(asked) == len(set(asked)) >= 10
    assert {(fault.rule, fault.remedy) for fault in faults} == {("actor-exists", "Write FIN or SWE.")}


@pytest.mark.parametrize("count", [30_000])
def test_many_wrong_names_stay_quick(small_desk, count):
    """Thirty thousand wrong references are all reported, and suggestions stop before they cost minutes."""
    missions = tuple(
        Mission(
            id=f"m{n}", title="M", instrument="visit", format="bilateral", purpose="cooperation", partners=("LVA",),
            owner=f"nobody-{n}",
        )
        for n in range(count)
    )  # fmt: skip
    modes = tuple(Mode(mission=f"m{n}", id="std") for n in range(count))

    faults = check_desk(Desk(info=small_desk.info, missions=missions, modes=modes))

    assert len(faults) == count


# Names that occur as several kinds of record, so that references meet, cross and loop.
_PATTERNS = {
    next(part.pattern for part in get_args(scalar) if isinstance(part, Meta)): st.sampled_from(values)
    for scalar, values in (
        (Id, ("a", "b", "c", "std", "talks", "visit", "medical-aid", "humanitarian")),
        (ActorRef, ("EST", "LVA", "NATO", "SUN", "CSK", "X-1")),
        (Currency, ("EUR", "USD", "XXX")),
        (LanguageSkill, ("fr:B2", "FR:C1", "qx-12345678:N", "en-GB:A1")),
        (Month, ("1000-01", "2026-12", "2027-01", "2027-06", "2028-12", "2999-12")),
    )
}
_LANGUAGES = st.sampled_from(("en", "qx", "zh-Hant"))
_DECIMALS = st.decimals() | st.sampled_from([Decimal(t) for t in ("sNaN", "1E+999999", "1E-999999", "0", "-0", "1")])


def _bounded(kind: Any, strategy: Any) -> Any:
    low = kind.ge if kind.ge is not None else kind.gt
    high = kind.le if kind.le is not None else kind.lt
    return strategy(min_value=low, max_value=high).filter(lambda x: x not in {kind.gt, kind.lt})


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    """Give values of a type as msgspec describes it, odd ones included."""
    match kind:
        case inspect.Metadata():
            return _values(kind.type)
        case inspect.StrType(pattern=None):
            texts = st.text(st.characters(exclude_categories=()), max_size=12) | st.just("\x00=1+1\x1b\u202e")
            return texts.filter(lambda text: len(text) >= (kind.min_length or 0))
        case inspect.StrType():
            return _PATTERNS.get(kind.pattern, _LANGUAGES)
        case inspect.FloatType():
            return _bounded(kind, st.floats) | (st.just(float("nan")) if kind.ge is None else st.nothing())
        case inspect.IntType():
            return _bounded(kind, st.integers)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.DateType():
            return st.dates() | st.sampled_from([date.min, date.max, date(2027, 5, 1)])
        case inspect.DecimalType():
            return _DECIMALS
        case inspect.LiteralType():
            return st.sampled_from(kind.values)
        case inspect.UnionType():
            return st.one_of([_values(part) for part in kind.types])
        case inspect.VarTupleType():
            return st.lists(_values(kind.item_type), max_size=3).map(tuple)
        case inspect.TupleType():
            return st.tuples(*(_values(part) for part in kind.item_types))
        case inspect.StructType():
            return _structs(kind.cls)
    raise AssertionError(kind)


def _structs(struct: type) -> st.SearchStrategy[Any]:
    fields = inspect.type_info(struct).fields
    required = {field.name: _values(field.type) for field in fields if field.required}
    optional = {field.name: _values(field.type) for field in fields if not field.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: struct(**values))


_RECORDS = {kind: st.lists(_structs(struct), min_size=1, max_size=3).map(tuple) for kind, struct in KINDS.items()}
DESKS = st.builds(
    lambda info, rows: Desk(info=info, **rows),
    _structs(DeskInfo),
    st.sets(st.sampled_from(sorted(KINDS)), max_size=8).flatmap(
        lambda kinds: st.fixed_dictionaries({kind: _RECORDS[kind] for kind in sorted(kinds)})
    ),
)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(DESKS)
def test_no_desk_makes_the_check_raise(desk):
    """Whatever a structurally valid desk holds, the check ends with faults that can be printed on one line each."""
    faults = check_desk(desk)

    assert all(fault.rule in RULES and fault.remedy and str(fault).isprintable() for fault in faults)
    assert len(set(faults)) == len(faults)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(DESKS, DESKS)
def test_any_two_desks_can_be_compared(before, after):
    """The difference of any two desks is readable, and a desk does not differ from itself."""
    assert all(str(change).isprintable() for change in diff_desks(before, after))
    assert diff_desks(before, before) == ()


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_records_of_wrong_types_make_no_rule_raise(small_desk, changed, data):
    """A record made in Python with any value in any field is a fault at most, never an error of the check."""
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    record = data.draw(st.sampled_from(small_desk.records(kind)))
    field = data.draw(st.sampled_from(record.__struct_fields__))
    odd = data.draw(
        st.sampled_from([None, 5, -1.5, "x\x00", "", b"x", (), ("a", 3), 10**400, object(), Goal, "\ud800"])
    )
    rows = tuple(row for row in small_desk.records(kind) if row is not record)
    broken = msgspec.structs.replace(small_desk, **{kind: (*rows, msgspec.structs.replace(record, **{field: odd}))})

    assert all(str(fault).isprintable() for fault in check_desk(broken))
