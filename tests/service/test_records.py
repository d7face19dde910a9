"""Operations on records: each one transaction, checked against every rule, told in the history; on both engines."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from legation.desk.aims import Goal, Objective
from legation.desk.missions import Effect, Mission, Mode
from legation.desk.plans import Plan, PlanEntry
from legation.errors import DeskError, InputError, PrincipleError, StaleWriteError, UnknownRecordError
from legation.service import (
    CreateDesk,
    accept_plan,
    as_known_on,
    create_desk,
    delete_records,
    history,
    os_user,
    put_records,
)
from legation.store import open_store

RELIEF = Mission(
    id="relief", title="Food for the valley", instrument="food-distribution", format="bilateral",
    purpose="humanitarian", partners=("LVA",),
)  # fmt: skip


def test_creating_a_desk_stores_all_of_it(new_place, desk):
    """The new store holds the desk, and its history tells who made it."""
    place = new_place()
    outcome = create_desk(place, desk, who="ann", why="begin")

    assert (outcome.added, outcome.changed, outcome.removed, outcome.first) == (9, 0, 0, 1)
    with open_store(place) as store:
        assert store.load() == desk
        assert outcome.head == store.head()
        assert {("ann", "begin", 1)} == {(entry.who, entry.why, entry.unit) for entry in history(store)}


def test_creating_a_faulty_desk_makes_no_store(tmp_path, desk):
    """All faults are given at once and no file is left."""
    faulty = msgspec.structs.replace(desk, goals=(), budgets=())
    with pytest.raises(DeskError, match="nothing was written") as caught:
        create_desk(tmp_path / "desk.db", faulty, who="ann")

    assert len([fault for fault in caught.value.faults if fault.severity == "error"]) >= 3
    assert list(tmp_path.iterdir()) == []


def test_creating_where_a_desk_is_changes_nothing(place, desk):
    """A store is never written over."""
    with pytest.raises(InputError, match="already"):
        create_desk(place, desk, who="bob")

    with open_store(place) as store:
        assert store.head().seq == 9


def test_a_creation_that_failed_can_be_repeated(new_place, desk):
    """A store that was made but never filled takes the desk at the next attempt."""
    place = new_place()
    open_store(place, create=True).close()
    create_desk(place, desk, who="ann")

    with open_store(place) as store:
        assert store.load() == desk


def test_putting_records_is_one_unit(store, desk):
    """Several records go in together, with their versions, and the outcome counts them."""
    goal = Goal(id="baltic", title="Baltic defence")
    objective = Objective(id="talks", title="Talks", kind="diplomatic", parent="baltic")
    outcome = put_records(store, [goal, objective], who="bob", why="spring", expected_versions={("goals", "baltic"): 1})

    assert (outcome.added, outcome.changed, outcome.first, outcome.head) == (1, 1, 10, store.head())
    assert [(entry.unit, entry.who) for entry in store.history(after=9)] == [(10, "bob"), (10, "bob")]
    assert (
        store.load()
        == msgspec.structs.replace(desk, goals=(goal,), objectives=(*desk.objectives, objective)).in_key_order()
    )


def test_a_fault_undoes_the_whole_operation(store, desk):
    """One record that refers to nothing keeps the others out as well."""
    with pytest.raises(DeskError, match="nowhere") as caught:
        put_records(
            store,
            [Goal(id="arctic", title="Arctic"), Objective(id="x", title="X", kind="military", parent="nowhere")],
            who="bob",
        )

    assert caught.value.faults
    assert store.load() == desk
    assert store.head().seq == 9


def test_the_humanitarian_principle_is_not_overridden(store, desk):
    """A humanitarian mission that is to serve a military objective is refused with the principle named."""
    effect = Effect(mission="relief", objective="host", low=1, likely=1, high=1, judge="A", judged=date(2026, 1, 1),
                    basis="assessment")  # fmt: skip
    with pytest.raises(PrincipleError, match=r"need, not advantage.*\n.*humanitarian-"):
        put_records(store, [RELIEF, effect], who="bob")

    assert store.load() == desk


def test_the_principle_is_named_among_other_faults(store):
    """Other faults do not hide that a principle is broken."""
    broken = msgspec.structs.replace(RELIEF, purpose="cooperation", authority="none-such")
    with pytest.raises(PrincipleError, match="humanitarian-purpose"):
        put_records(store, [broken], who="bob")


def test_a_stale_put_is_refused_with_the_difference(store):
    """A record put as new, or at an old version, shows what is there and writes nothing."""
    with pytest.raises(StaleWriteError, match="theirs: goals baltic added"):
        put_records(store, [Goal(id="baltic", title="Mine")], who="bob")

    assert store.head().seq == 9


def test_a_record_given_twice_is_refused(store):
    """One operation says once what a record is to be."""
    with pytest.raises(InputError, match="given twice"):
        put_records(store, [Goal(id="x", title="1"), Goal(id="x", title="2")], who="bob")


@pytest.mark.parametrize("who", ["", "  "])
def test_nobody_changes_nothing(store, who):
    """Each operation needs a name."""
    with pytest.raises(InputError, match="Nobody"):
        put_records(store, [], who=who)
    with pytest.raises(InputError, match="Nobody"):
        delete_records(store, {("goals", "baltic"): 1}, who=who)


def test_removing_what_others_refer_to_is_refused(store, desk):
    """A goal with objectives below it stays."""
    with pytest.raises(DeskError, match="baltic"):
        delete_records(store, {("goals", "baltic"): 1}, who="bob")

    assert store.load() == desk


def test_removing_a_mission_with_all_its_rows(store):
    """A mission goes together with its modes, costs and effects, and the past still has it."""
    rows = {(kind, entry.key): 1 for kind in ("missions", "modes", "costs", "effects") for entry in store.history(kind)}
    outcome = delete_records(store, rows, who="bob", why="cancelled")

    assert (outcome.removed, store.count("missions")) == (4, 0)
    assert "missions riga removed" in str(list(history(store, "missions"))[-1])


def test_the_description_is_not_removed(store):
    """A desk without a description is none."""
    with pytest.raises(InputError, match="'desk' is not removed"):
        delete_records(store, {("desk", "desk"): 1}, who="bob")


def test_the_description_may_change_its_own_id(store):
    """The description is one record, whatever it is called."""
    info = msgspec.structs.replace(store.info(), id="tartu", title="Tartu")
    put_records(store, [info], who="bob", expected_versions={("desk", "desk"): 1})

    assert store.info() == info
    assert str(next(iter(history(store, "desk", since=date(2000, 1, 1))))).startswith("#1 ")


def test_a_plan_is_kept_and_replaced_as_a_whole(store):
    """A kept plan holds its entries; a new version of it drops those no longer in it."""
    oslo = Mission(
        id="oslo", title="Talks in Oslo", instrument="staff-talks", format="bilateral", purpose="cooperation",
        partners=("NOR",),
    )  # fmt: skip
    put_records(store, [oslo, Mode(mission="oslo", id="small")], who="ann")
    plan = Plan(id="spring", title="Spring plan", made=date(2026, 11, 23))
    entries = {name: PlanEntry(plan="spring", mission=name, mode="small", start="2027-03") for name in ("riga", "oslo")}
    accept_plan(store, plan, entries=[entries["riga"]], who="ann")
    with pytest.raises(StaleWriteError):
        accept_plan(store, plan, entries=[entries["oslo"]], who="bob")
    assert store.load().plan_entries == (entries["riga"],)

    better = msgspec.structs.replace(plan, title="Better plan")
    outcome = accept_plan(store, better, entries=[entries["oslo"]], who="bob", expected_version=1)
    assert (outcome.added, outcome.changed, outcome.removed) == (1, 1, 1)
    assert (store.load().plans, store.load().plan_entries) == ((better,), (entries["oslo"],))


def test_entries_of_another_plan_are_refused(store):
    """A plan is accepted with its own entries only, and each must be possible."""
    plan = Plan(id="spring", title="Spring plan")
    with pytest.raises(InputError, match="another plan"):
        accept_plan(store, plan, entries=[PlanEntry(plan="x", mission="riga", mode="small", start="2027-03")], who="a")
    with pytest.raises(DeskError, match="atlantis"):
        accept_plan(
            store, plan, entries=[PlanEntry(plan="spring", mission="atlantis", mode="s", start="2027-03")], who="a"
        )

    assert store.count("plans") == 0


def test_the_desk_as_known_before_a_change(store, desk):
    """The state before an operation is given back by its moment."""
    moment = next(iter(history(store))).at
    put_records(store, [Goal(id="arctic", title="Arctic", weight=0.5)], who="bob")

    assert as_known_on(store, moment) == desk
    assert as_known_on(store, datetime.now(UTC)) == store.load()
    with pytest.raises(UnknownRecordError):
        as_known_on(store, date(2000, 1, 1))


def test_the_user_of_the_machine_can_stand_for_who():
    """Doors for whoever sits at the machine take the system's name."""
    assert os_user() == getpass.getuser()


def test_a_command_is_a_frozen_value(desk):
    """What was asked can be kept and compared, and not be changed."""
    command = CreateDesk(place="desk.db", desk=desk, who="ann")

    with pytest.raises(AttributeError):
        command.who = "bob"
    assert command == CreateDesk(place="desk.db", desk=desk, who="ann")


def test_nothing_else_in_the_package_writes_to_a_store():
    """Units of work begin in the service alone."""
    source = Path(__file__).parents[2] / "src" / "legation"
    users = {
        path.relative_to(source).parts[0]
        for path in source.rglob("*.py")
        if ".unit_of_work(" in path.read_text(encoding="utf-8")
    }

    assert users == {"service"}
