"""What can be asked of a desk without changing it: read it, check it, put it into the world, plan, compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from os import PathLike, fspath
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from legation.desk.desk import Desk
from legation.desk.faults import Fault
from legation.desk.months import first_day, month_number
from legation.desk.plans import PlanEntry
from legation.errors import FormatError, InputError, UnknownRecordError
from legation.relations.days import refuse_far_day

if TYPE_CHECKING:
    from legation.cohesion.result import CohesionReport
    from legation.evidence.world import World
    from legation.planning.data import PlanData
    from legation.planning.result import PlanComparison, PlanResult, PlanScore, Progress
    from legation.relations.snapshot import RelationsSnapshot

__all__ = [
    "Setting",
    "actors_of",
    "check_desk",
    "cohesion_of",
    "compare_plans",
    "entries_of",
    "open_desk",
    "plan_of",
    "read_desk",
    "refuse_far_day",
    "score_of",
    "slots_of_entries",
]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A desk in its world: what cohesion and planning see.

    `relations` is as of `as_of`, by default the desk's first day.
    """

    desk: Desk
    relations: RelationsSnapshot
    world: World
    as_of: date
    warnings: tuple[Fault, ...] = ()


def read_desk(place: str | PathLike[str], *, known_on: date | None = None) -> Desk:
    """Read a desk from a folder, a workbook or a store.

    Parameters
    ----------
    place
        A folder, a path that ends in .xlsx, or a store as `legation.open_store` takes it.
    known_on
        The desk as a store knew it at the end of that day, UTC.

    Raises
    ------
    DeskError
        When the desk has errors; all of them are in it.
    FormatError
        When the file or folder is no desk.
    InputError
        When `known_on` is asked of a folder or workbook, which keep no history.

    Examples
    --------
    >>> read_desk("examples/small").info.observer
    'EST'
    """
    return _read(_place(place), known_on=known_on)[0]


def _read(place: str, *, known_on: date | None) -> tuple[Desk, tuple[Fault, ...]]:
    path = Path(place)
    is_file = is_folder(place) or is_workbook(place)
    if is_file and known_on is not None:
        raise InputError(
            f"{place} keeps no history, so it cannot be shown as known on {known_on}.",
            remedy=f"Bring it into a store: legation desk convert {place} desk.db",
        )
    if is_folder(place):
        from legation.store.folder.reading import read_folder

        result = read_folder(path)
    elif is_workbook(place):
        from legation.store.folder.xlsxdesk import desk_from_xlsx

        result = desk_from_xlsx(path)
    else:
        from legation.service.check import refuse_faults
        from legation.store import open_store

        with open_store(place) as store:
            desk = store.load(known_on=known_on)
        return desk, refuse_faults(desk)
    if result.desk is None:
        raise FormatError(f"{place} holds no desk.", remedy="Give the folder that holds desk.toml.")
    return result.desk, result.faults


def _place(place: str | PathLike[str]) -> str:
    text = fspath(place)
    if not text.strip() or "\x00" in text:
        raise InputError(f"{text!r} is no place for a desk.", remedy="Give a folder, a workbook or a store.")
    return text


def is_folder(place: str) -> bool:
    """Say whether a place is a desk folder."""
    return "://" not in place and Path(place).is_dir()


def is_workbook(place: str) -> bool:
    """Say whether a place is a workbook, by its name."""
    return "://" not in place and Path(place).suffix.lower() == ".xlsx"


def check_desk(desk: Desk | str | PathLike[str]) -> tuple[Fault, ...]:
    """Give every fault of a desk at once, wherever it is kept; none for a sound desk.

    Parameters
    ----------
    desk
        A desk, or its place: a folder, a workbook or a store. Faults of files carry file and line.

    Examples
    --------
    >>> check_desk("examples/small")
    ()
    """
    from legation.desk.rules import check_desk as check_rules

    if isinstance(desk, Desk):
        return check_rules(desk)
    place = _place(desk)
    if is_folder(place):
        from legation.store.folder.reading import check_folder

        return check_folder(place)
    if is_workbook(place):
        from legation.store.folder.xlsxdesk import desk_from_xlsx

        return desk_from_xlsx(place, faults="collect").faults
    from legation.store import open_store

    with open_store(place) as store:
        return check_rules(store.load())


def actors_of(desk: Desk) -> tuple[str, ...]:
    """Give every actor that a desk speaks of, the observer first, the others in order of their ids."""
    named: set[str] = set()
    for kind, fields in _ACTOR_FIELDS:
        for record in desk.records(kind):
            for field in fields:
                value = getattr(record, field)
                named.update((value,) if isinstance(value, str) else value or ())
    named.discard(desk.info.observer)
    return (desk.info.observer, *sorted(named))


_ACTOR_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("objectives", ("affects", "harms", "needs")),
    ("missions", ("partners", "place")),
    ("activities", ("actor", "places", "affects")),
    ("effects", ("actor",)),
    ("sanctions", ("target", "imposed_by")),
    ("willingness", ("partner",)),
    ("commitments", ("to",)),
    ("judgements", ("subject", "object")),
)


def open_desk(
    place: str | PathLike[str],
    *,
    as_of: date | None = None,
    world: str | PathLike[str] | None = None,
    known_on: date | None = None,
) -> Setting:
    """Read a desk and put it into a world.

    Parameters
    ----------
    place
        As `read_desk` takes it.
    as_of
        The day whose relations count; the desk's first day when left out.
    world
        A world's folder; the shipped baseline when left out.
    known_on
        The desk as known on that day.

    Raises
    ------
    DeskError, FormatError, InputError
        As `read_desk`; also when there is no such world.
    """
    from legation.evidence import open_world
    from legation.relations.snapshot import snapshot

    desk, warnings = _read(_place(place), known_on=known_on)
    opened = open_world(None if world is None else Path(world))
    day = as_of or first_day(desk.info.start)
    refuse_far_day(day, world=opened)
    relations = snapshot(observer=desk.info.observer, actors=_standing(actors_of(desk), day), as_of=day, world=opened)
    return Setting(desk=desk, relations=relations, world=opened, as_of=day, warnings=warnings)


def _standing(actors: Iterable[str], day: date) -> tuple[str, ...]:
    """Keep the states that exist on the day: relations are between states."""
    from legation.actors import ActorKind, actor

    found = (actor(name) for name in actors)
    return tuple(one.id for one in found if one.kind is ActorKind.STATE and one.exists(day))


def cohesion_of(setting: Setting, *, plan: str | None = None) -> CohesionReport:
    """Measure the cohesion of the desk as it stands, or of a plan that it keeps."""
    from legation.cohesion import assess
    from legation.cohesion.result import Chosen
    from legation.desk.months import month_number

    if plan is None:
        return assess(setting.desk, relations=setting.relations)
    start = setting.desk.info.start
    selection = tuple(
        Chosen(mission=entry.mission, mode=entry.mode, start=month_number(entry.start, start=start), staff=entry.staff)
        for entry in entries_of(setting.desk, plan)
    )
    return assess(setting.desk, selection=selection, relations=setting.relations)


def plan_of(
    setting: Setting,
    *,
    gap: float = 0.01,
    seconds: float = 30.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
    start: str | None = None,
    memory: float | None = None,
    reasons: int = 60,
) -> PlanResult:
    """Make the best plan for a desk, with its cohesion report beside it.

    Parameters
    ----------
    setting
        The desk in its world.
    gap
        Proven relative gap at which the search may end; 0 asks for the proven best.
    seconds
        Limit on the search.
    seed
        The same seed gives the same search.
    progress, stop
        Told of every improvement; ends the search with the best plan so far when set.
    start
        Id of a plan that the desk keeps, to start from.
    memory
        Limit on the process's memory in megabytes; the search then ends with its best plan.
    reasons
        How many of the missions left out are solved for what they would displace.

    Raises
    ------
    InputError
        When gap, seconds, seed, memory or reasons are out of range.
    UnknownRecordError
        When the desk keeps no plan of the id to start from.
    InfeasibleError
        When no plan satisfies all rules.
    """
    from legation.planning.asked import check_search

    check_search(gap=gap, seconds=seconds, seed=seed)
    from legation.cohesion import assess
    from legation.planning.planner import plan

    result = plan(
        setting.desk,
        relations=setting.relations,
        gap=gap,
        seconds=seconds,
        seed=seed,
        progress=progress,
        stop=stop,
        start=() if start is None else entries_of(setting.desk, start),
        memory=memory,
        reasons=reasons,
    )
    return result.with_cohesion(assess(setting.desk, selection=result.to_selection(), relations=setting.relations))


def entries_of(desk: Desk, plan: str) -> tuple[PlanEntry, ...]:
    """Give the entries of a plan that the desk keeps.

    Raises
    ------
    UnknownRecordError
        When the desk keeps no plan of that id.
    """
    if all(kept.id != plan for kept in desk.plans):
        known = ", ".join(kept.id for kept in desk.plans) or "none"
        raise UnknownRecordError(
            f"The desk keeps no plan {plan!r}.", remedy=f"Use one of its plans ({known}), or keep one with --save."
        )
    return tuple(entry for entry in desk.plan_entries if entry.plan == plan)


def slots_of_entries(data: PlanData, entries: Iterable[PlanEntry]) -> list[int]:
    """Find where a kept plan's missions stand among what can be chosen.

    Raises
    ------
    InputError
        When a mission is not open any more, or starts outside the plan's months.
    """
    out = {}
    for entry in entries:
        start = month_number(entry.start, start=data.desk.info.start)
        slot = data.slot_at(entry.mission, entry.mode, start=start)
        if slot is None:
            raise InputError(
                f"Mission {entry.mission!r} as {entry.mode!r} from {entry.start} has no place in the desk's plan.",
                remedy="Its missions must be open and start within the months: see legation plan DESK --score ID.",
            )
        out[entry.mission] = slot
    return sorted(out.values())


def only_plan(desk: Desk) -> str | tuple[PlanEntry, ...]:
    """Give the plan that a desk has when none is named: the one it keeps, else the months its missions note.

    Raises
    ------
    InputError
        When the desk keeps several plans, or none and no mission notes a mode and a month.
    """
    if len(desk.plans) > 1:
        known = ", ".join(kept.id for kept in desk.plans)
        raise InputError(f"The desk keeps {len(desk.plans)} plans: {known}.", remedy="Name one: --score ID.")
    if desk.plans:
        return desk.plans[0].id
    noted = tuple(
        PlanEntry(plan="noted", mission=mission.id, mode=mission.mode, start=mission.start)
        for mission in desk.missions
        if mission.mode is not None and mission.start is not None and mission.status in _PLANNED
    )
    if not noted:
        raise InputError(
            "The desk keeps no plan, and none of its missions notes a mode and a first month.",
            remedy="Keep a plan first: legation plan DESK --save ID.",
        )
    return noted


_PLANNED = ("candidate", "committed", "executing")


def score_of(setting: Setting, plan: str | Sequence[PlanEntry]) -> PlanScore:
    """Score a plan as it is, by its id (an empty one: the desk's only plan) or its entries."""
    from legation.planning.scoring import score

    plan = plan or only_plan(setting.desk)
    if not isinstance(plan, str):
        return score(setting.desk, tuple(plan), relations=setting.relations)
    title = next((kept.title for kept in setting.desk.plans if kept.id == plan), plan)
    return score(setting.desk, entries_of(setting.desk, plan), relations=setting.relations, title=title)


def compare_plans(setting: Setting, a: str, b: str) -> PlanComparison:
    """Put two plans that the desk keeps side by side."""
    from legation.planning.scoring import compare

    return compare(score_of(setting, a), score_of(setting, b))
