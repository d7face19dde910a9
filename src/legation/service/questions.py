"""What can be asked of a desk without changing it: read it, check it, put it into the world, plan, compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from legation.desk.desk import Desk
from legation.desk.faults import Fault
from legation.desk.months import first_day
from legation.desk.plans import PlanEntry
from legation.errors import FormatError, InputError, UnknownRecordError

if TYPE_CHECKING:
    from legation.cohesion.result import CohesionReport
    from legation.evidence.world import World
    from legation.planning.result import PlanComparison, PlanResult, PlanScore, Progress
    from legation.relations.snapshot import RelationsSnapshot

__all__ = [
    "Setting",
    "actors_of",
    "check_place",
    "cohesion_of",
    "compare_plans",
    "entries_of",
    "plan_of",
    "read_desk",
    "score_of",
    "setting_of",
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


def read_desk(place: str, *, known_on: date | None = None) -> tuple[Desk, tuple[Fault, ...]]:
    """Read a desk from a folder, a workbook or a store, with its warnings.

    Parameters
    ----------
    place
        A folder, a path that ends in .xlsx, or a store as `legation.store.open_store` takes it.
    known_on
        The desk as a store knew it at the end of that day.

    Raises
    ------
    DeskError
        When the desk has errors; all of them are in it.
    InputError
        When `known_on` is asked of a folder or workbook, which keep no history.
    """
    path = Path(place)
    is_file = path.is_dir() or path.suffix == ".xlsx"
    if is_file and known_on is not None:
        raise InputError(
            f"{place} keeps no history, so it cannot be shown as known on {known_on}.",
            remedy=f"Bring it into a store: legation desk convert {place} desk.db",
        )
    if path.is_dir():
        from legation.store.folder.reading import read_folder

        result = read_folder(path)
    elif path.suffix == ".xlsx":
        from legation.store.folder.xlsx import desk_from_xlsx

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


def check_place(place: str) -> tuple[Fault, ...]:
    """Give every fault of a desk at once, wherever it is kept."""
    path = Path(place)
    if path.is_dir():
        from legation.store.folder.reading import check_folder

        return check_folder(path)
    if path.suffix == ".xlsx":
        from legation.store.folder.xlsx import desk_from_xlsx

        return desk_from_xlsx(path, faults="collect").faults
    from legation.desk.rules import check_desk
    from legation.store import open_store

    with open_store(place) as store:
        return check_desk(store.load())


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


def setting_of(
    place: str, *, as_of: date | None = None, world: str | None = None, known_on: date | None = None
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
    """
    from legation.evidence import open_world
    from legation.relations.snapshot import snapshot

    desk, warnings = read_desk(place, known_on=known_on)
    opened = open_world(None if world is None else Path(world))
    day = as_of or first_day(desk.info.start)
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
) -> PlanResult:
    """Make the best plan for a desk, with its cohesion report beside it."""
    from legation.cohesion import assess
    from legation.planning import plan

    result = plan(
        setting.desk,
        relations=setting.relations,
        gap=gap,
        seconds=seconds,
        seed=seed,
        progress=progress,
        stop=stop,
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


def score_of(setting: Setting, plan: str | Sequence[PlanEntry]) -> PlanScore:
    """Score a plan as it is, by its id or its entries."""
    from legation.planning import score

    entries = entries_of(setting.desk, plan) if isinstance(plan, str) else tuple(plan)
    return score(setting.desk, entries, relations=setting.relations)


def compare_plans(setting: Setting, a: str, b: str) -> PlanComparison:
    """Put two plans that the desk keeps side by side."""
    from legation.planning import compare

    return compare(score_of(setting, a), score_of(setting, b))
