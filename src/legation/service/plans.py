"""Keep a found plan in the desk it was made for, and hand it out as a workbook."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from legation.desk.desk import Desk
from legation.desk.plans import Plan, PlanEntry
from legation.errors import ConflictError, InputError
from legation.planning.replan.result import ReplanResult
from legation.planning.result import PlanResult
from legation.service.commands import os_user
from legation.service.questions import is_folder, is_workbook, read_desk

__all__ = ["plan_records", "refuse_unkept", "save_plan", "write_plan_workbook"]


def plan_records(result: PlanResult | ReplanResult, *, plan: str) -> tuple[Plan, tuple[PlanEntry, ...]]:
    """Turn a found plan into the records that a desk keeps."""
    made = datetime.now(UTC).date()
    head = Plan(
        id=plan,
        title=f"{result.title}: plan {plan}",
        made=made,
        description=f"value {result.value:.4f}, bound {result.bound:.4f}, gap {result.gap:.2%}, {result.status}",
    )
    entries = tuple(
        PlanEntry(
            plan=plan,
            mission=mission.mission,
            mode=mission.mode,
            start=mission.start,
            staff=tuple(f"{person.role}:{person.position}" for person in mission.people),
        )
        for mission in result.missions
    )
    return head, entries


def refuse_unkept(place: str, desk: Desk, *, plan: str) -> None:
    """Refuse an id under which `save_plan` could not keep a plan, before one is searched for.

    Raises
    ------
    ConflictError, InputError
        As `save_plan`.
    """
    import msgspec

    if is_workbook(place):
        raise _workbook(place)
    head = Plan(id=plan, title=plan, made=datetime.now(UTC).date())
    try:
        msgspec.convert(msgspec.to_builtins(head), Plan)
    except msgspec.ValidationError as error:
        raise _no_id(plan) from error
    if any(kept.id == plan for kept in desk.plans):
        raise _kept(plan)


def _workbook(place: str) -> InputError:
    return InputError(
        f"{place} is a workbook, and plans are not written into workbooks.",
        remedy=f"Bring it into a store first: legation desk convert {place} desk.db",
    )


def _no_id(plan: str) -> InputError:
    return InputError(f"{plan!r} is no id for a plan.", remedy="Use small letters, digits, dot, underscore and hyphen.")


def save_plan(
    place: str,
    result: PlanResult | ReplanResult,
    *,
    plan: str,
    who: str | None = None,
    why: str = "keep the plan",
) -> None:
    """Keep a plan: in a store as one operation with its history, in a folder as two files of its own.

    Parameters
    ----------
    place
        A store or a folder; a workbook is not written to.
    result
        What was found.
    plan
        The id to keep it under; a plan of that id is never overwritten.
    who, why
        For a store's history; the system's user when left out.

    Raises
    ------
    ConflictError
        When the desk keeps a plan of that id already.
    InputError
        When the place is a workbook, or the id is no id.
    """
    head, entries = _checked(result, plan)
    if is_folder(place):
        _save_in_folder(Path(place), head, entries)
        return
    if is_workbook(place):
        raise _workbook(place)
    from legation.service.records import accept_plan
    from legation.store import open_store

    with open_store(place) as store:
        if plan in store.versions(Plan.KIND):
            raise _kept(plan)
        accept_plan(store, head, entries=entries, who=who or os_user(), why=why)


def _kept(plan: str) -> ConflictError:
    return ConflictError(f"The desk keeps a plan {plan!r} already.", remedy="Give another id with --save.")


def _checked(result: PlanResult | ReplanResult, plan: str) -> tuple[Plan, tuple[PlanEntry, ...]]:
    import msgspec

    head, entries = plan_records(result, plan=plan)
    try:
        msgspec.convert(msgspec.to_builtins(head), Plan)
    except msgspec.ValidationError as error:
        raise _no_id(plan) from error
    return head, entries


def _save_in_folder(root: Path, head: Plan, entries: tuple[PlanEntry, ...]) -> None:
    from legation.store.folder.atomic import add_files, folder_lock
    from legation.store.folder.render import render_csv

    files = {f"plans/{head.id}.csv": render_csv("plans", (head,))}
    if entries:
        files[f"plan_entries/{head.id}.csv"] = render_csv("plan_entries", entries)
    with folder_lock(root):
        if any(kept.id == head.id for kept in read_desk(root).plans):
            raise _kept(head.id)
        add_files(root, files)


def write_plan_workbook(result: PlanResult, path: Path, *, label: str) -> None:
    """Write a plan as a workbook: one row for each mission, with mode, months, people, cost and reason."""
    from legation.store.folder.xlsxwrite import plan_to_xlsx

    rows = [
        {
            "mission": mission.mission,
            "title": mission.title,
            "instrument": mission.instrument,
            "partners": ", ".join(mission.partners),
            "mode": mission.mode_title,
            "start": mission.start,
            "end": mission.end,
            "months": mission.months,
            "cost": round(mission.cost, 2),
            "currency": result.currency,
            "people": ", ".join(person.title for person in mission.people),
            "reason": mission.reason,
        }
        for mission in result.missions
    ]
    plan_to_xlsx(rows, path, title=result.title, label_notice=label)
