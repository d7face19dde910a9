"""Operations on records: create a desk, put, delete, keep a plan; and the reading of history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from os import PathLike, fspath

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk
from legation.desk.faults import Fault
from legation.desk.plans import Plan, PlanEntry
from legation.errors import InputError
from legation.service.check import refuse_faults
from legation.service.commands import AcceptPlan, CreateDesk, DeleteRecords, Outcome, PutRecords
from legation.store.interface import Entry, Store, UnitOfWork, open_store, store_key

__all__ = ["accept_plan", "as_known_on", "create_desk", "delete_records", "history", "put_records", "store_new_desk"]


def create_desk(place: str | PathLike[str], desk: Desk, *, who: str, why: str = "create the desk") -> Outcome:
    """Make a store and put a desk into it.

    Parameters
    ----------
    place
        A path or an address; see `legation.store.open_store`.
    desk
        The whole desk.
    who, why
        For the history.

    Raises
    ------
    DeskError, PrincipleError
        When the desk breaks a rule; no store is made.
    InputError
        When there is a desk at that place already.
    """
    command = CreateDesk(place=fspath(place), desk=desk, who=who, why=why)
    return store_new_desk(command, warnings=refuse_faults(command.desk))


def store_new_desk(command: CreateDesk, *, warnings: tuple[Fault, ...]) -> Outcome:
    """Make the store of a desk that was checked already, with the warnings that were found."""
    with open_store(command.place, create=True) as store:
        with store.unit_of_work(who=command.who, why=command.why) as work:
            _put_desk(work, command.desk)
        assert work.summary is not None
        return Outcome.of(work.summary, place=store.place, warnings=warnings, notices=store.notices)


def _put_desk(work: UnitOfWork, desk: Desk) -> None:
    work.set_info(desk.info, expected_version=0)
    for kind in KINDS:
        for record in desk.records(kind):
            work.put(record, expected_version=0)


def put_records(
    store: Store,
    records: Iterable[Record],
    *,
    who: str,
    why: str = "",
    expected_versions: Mapping[tuple[str, str], int] | None = None,
) -> Outcome:
    """Add or change records, all or none.

    Parameters
    ----------
    store
        An open store.
    records
        The records as they are to be; the desk's description is put in the same way.
    who, why
        For the history.
    expected_versions
        The version last read, by kind and key (``("desk", "desk")`` for the description); a record left out is new.

    Raises
    ------
    StaleWriteError
        When a record is at another version; it shows the difference.
    DeskError, PrincipleError
        When the desk would break a rule.
    """
    command = PutRecords(records=tuple(records), expected_versions=dict(expected_versions or {}), who=who, why=why)
    _refuse_repeats([store_key(record) for record in command.records])
    with store.unit_of_work(who=command.who, why=command.why) as work:
        for record in command.records:
            work.put(record, expected_version=command.expected_versions.get(store_key(record), 0))
        warnings = refuse_faults(work.load())
    assert work.summary is not None
    return Outcome.of(work.summary, place=store.place, warnings=warnings)


def _refuse_repeats(keys: list[tuple[str, str]]) -> None:
    seen: set[tuple[str, str]] = set()
    for kind, key in keys:
        if (kind, key) in seen:
            raise InputError(f"{kind} {key!r} is given twice in one operation.", remedy="Give each record once.")
        seen.add((kind, key))


def delete_records(
    store: Store, expected_versions: Mapping[tuple[str, str], int], *, who: str, why: str = ""
) -> Outcome:
    """Remove records, all or none.

    Parameters
    ----------
    store
        An open store.
    expected_versions
        The records by kind and key, each with the version last read.
    who, why
        For the history.

    Raises
    ------
    StaleWriteError
        When a record is at another version or gone.
    DeskError, PrincipleError
        When the desk would break a rule: something still refers to the record.
    """
    command = DeleteRecords(expected_versions=dict(expected_versions), who=who, why=why)
    with store.unit_of_work(who=command.who, why=command.why) as work:
        for (kind, key), version in command.expected_versions.items():
            if kind not in KINDS:
                raise InputError(
                    f"A record of kind {kind!r} is not removed.", remedy=f"Use one of: {', '.join(KINDS)}."
                )
            work.delete(kind, key, expected_version=version)
        warnings = refuse_faults(work.load())
    assert work.summary is not None
    return Outcome.of(work.summary, place=store.place, warnings=warnings)


def accept_plan(
    store: Store,
    plan: Plan,
    *,
    entries: Iterable[PlanEntry],
    who: str,
    why: str = "keep the plan",
    expected_version: int = 0,
) -> Outcome:
    """Keep a plan with its entries; a kept plan of the same id is replaced as a whole.

    Parameters
    ----------
    store
        An open store.
    plan, entries
        The plan and one entry for each of its missions.
    who, why
        For the history.
    expected_version
        0 for a new plan; the version last read to replace one.

    Raises
    ------
    StaleWriteError
        When somebody kept or changed a plan of that id first.
    DeskError, PrincipleError
        When an entry refers to what the desk lacks.
    """
    command = AcceptPlan(plan=plan, entries=tuple(entries), expected_version=expected_version, who=who, why=why)
    strays = [entry.mission for entry in command.entries if entry.plan != plan.id]
    if strays:
        raise InputError(
            f"The entry for mission {strays[0]!r} belongs to another plan than {plan.id!r}.",
            remedy="Give entries of this plan only.",
        )
    _refuse_repeats([store_key(entry) for entry in command.entries])
    with store.unit_of_work(who=command.who, why=command.why) as work:
        _replace_plan(work, command)
        warnings = refuse_faults(work.load())
    assert work.summary is not None
    return Outcome.of(work.summary, place=store.place, warnings=warnings)


def _replace_plan(work: UnitOfWork, command: AcceptPlan) -> None:
    held = work.versions(PlanEntry.KIND)
    # An id holds no bar, so that the plan's id and a bar begin the keys of its own entries and of no others.
    before = {key for key in held if key.startswith(f"{command.plan.id}|")}
    work.put(command.plan, expected_version=command.expected_version)
    wanted = {entry.key for entry in command.entries}
    for key in sorted(before - wanted):
        work.delete(PlanEntry.KIND, key, expected_version=held[key])
    for entry in command.entries:
        work.put(entry, expected_version=held.get(entry.key, 0))


def history(
    store: Store,
    kind: str | None = None,
    *,
    key: str | None = None,
    since: datetime | date | None = None,
    until: datetime | date | None = None,
) -> Iterator[Entry]:
    """Give the history's entries, oldest first; see `legation.store.Store.history`."""
    return store.history(kind, key, since=since, until=until)


def as_known_on(store: Store, when: datetime | date) -> Desk:
    """Give the desk as it was known at a moment, or at the end of a day in UTC."""
    return store.load(known_on=when)
