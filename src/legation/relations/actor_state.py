"""An actor's capability and stability at a date: figures with dates and sources, no total."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.actors.lookup import actor as actor_by_id
from legation.actors.lookup import code
from legation.evidence.world import World, open_world
from legation.relations.capability.leaders import add_leaders
from legation.relations.capability.need import add_need, add_pressure
from legation.relations.capability.strength import add_composite, add_material, add_spending
from legation.relations.days import refuse_far_day
from legation.relations.held import has_table
from legation.relations.types import ActorState, Figure

__all__ = ["actor_state", "actor_states"]

_GOVERNANCE = (
    ("stability", "political stability"),
    ("effectiveness", "government effectiveness"),
    ("rule_of_law", "rule of law"),
    ("corruption_control", "control of corruption"),
)
_WGI_UNIT = "standard normal, about -2.5 to 2.5"
_Z90 = 1.645
_MORE = (
    ("armed forces", "forces"),
    ("deaths in organised violence", "conflict_deaths"),
    ("armed conflict", "conflict_years"),
    ("quality of government", "governance"),
    ("composite capability and military expenditure in money", "cow_nmc"),
    ("military expenditure of every year", "sipri_spending"),
    ("leaders and irregular changes", "archigos"),
    ("humanitarian requirements", "ocha_requirements"),
    ("product and population", "gdp_pop_cow_year"),
)
_OLDEST = 10  # years a yearly figure may be carried before it says nothing


def actor_state(actor: str, *, as_of: date, world: World | None = None) -> ActorState:
    """Return what is known of an actor's forces, spending, conflicts and government at a date.

    Parameters
    ----------
    actor
        An actor id.
    as_of
        The day. Yearly figures of later years are not used; those of earlier years are marked as carried.
    world
        The world to read; the baseline when left out.

    Raises
    ------
    UnknownActorError
        When no actor has the id.
    """
    return actor_states((actor,), as_of=as_of, world=world)[actor]


def actor_states(actors: tuple[str, ...], *, as_of: date, world: World | None = None) -> dict[str, ActorState]:
    """Return the states of several actors, reading each table once.

    Raises
    ------
    UnknownActorError
        When one of the ids is nobody's.
    """
    read = world or open_world()
    refuse_far_day(as_of, world=read)
    names = {actor: actor_by_id(actor).name for actor in actors}
    capability: dict[str, list[Figure]] = {actor: [] for actor in actors}
    stability: dict[str, list[Figure]] = {actor: [] for actor in actors}
    _add_forces(read, capability, as_of)
    _add_spending(read, capability, as_of)
    add_material(read, capability, as_of)
    add_spending(read, capability, as_of)
    add_composite(read, capability, as_of)
    _add_deaths(read, stability, as_of)
    _add_conflict(read, stability, as_of)
    _add_governance(read, stability, as_of)
    add_leaders(read, stability, as_of)
    add_need(read, stability, as_of)
    add_pressure(read, stability, as_of)
    missing = _not_held(read)
    return {
        actor: ActorState(
            actor=actor,
            name=names[actor],
            as_of=as_of,
            capability=tuple(capability[actor]),
            stability=tuple(stability[actor]),
            notes=_notes(capability[actor], stability[actor]),
            not_held=missing,
        )
        for actor in actors
    }


def _not_held(world: World) -> tuple[str, ...]:
    """Return what this version can say of an actor and the world has no table for."""
    return tuple(f"{what} ({table})" for what, table in _MORE if not has_table(world, table))


def _add_forces(world: World, figures: dict[str, list[Figure]], as_of: date) -> None:
    if not has_table(world, "forces"):
        return
    info, source = world.info("forces"), world.citation("forces")
    rows = world.filter("forces", pl.col("actor").is_in(list(figures)))
    for actor, low, high, year, scope in rows.sort("actor").iter_rows():
        figures[actor].append(
            Figure(
                name={"active": "active personnel", "authorised": "authorised personnel"}.get(scope, "forces"),
                value=(low + high) / 2,
                low=low,
                high=high,
                unit="people",
                dated=info.snapshot if year is None else f"{year}, seen {info.snapshot[:7]}",
                source=source,
                seen=as_of.isoformat() != info.snapshot,
            )
        )


def _latest(world: World, table: str, actors: list[str], year: int) -> pl.DataFrame:
    """Return each actor's last row not after a year, nor more than ten years before it."""
    rows = world.filter(table, pl.col("actor").is_in(actors), pl.col("year").is_between(year - _OLDEST, year))
    return rows.sort("actor", "year").group_by("actor", maintain_order=True).last()


def _add_spending(world: World, figures: dict[str, list[Figure]], as_of: date) -> None:
    if not has_table(world, "military_spending"):
        return
    source = world.citation("military_spending")
    rows = _latest(world, "military_spending", list(figures), as_of.year)
    for actor, year, percent in rows.select("actor", "year", "percent_gdp").iter_rows():
        figures[actor].append(
            Figure(
                name="military expenditure",
                value=round(percent, 2),
                unit="% of GDP",
                dated=str(year),
                source=source,
                carried=year < as_of.year,
            )
        )


def _is_counted(actor: str, as_of: date) -> bool:
    """Say whether the conflict data would hold a row if there were anything: they count by Gleditsch-Ward states."""
    return code(actor_by_id(actor), system="gw", on=as_of) is not None


def _add_deaths(world: World, figures: dict[str, list[Figure]], as_of: date) -> None:
    """Add the deaths of the twelve months before the month of the date; none in the table is zero, inside its time."""
    if not has_table(world, "conflict_deaths"):
        return
    info, source = world.info("conflict_deaths"), world.citation("conflict_deaths")
    until = as_of.year * 12 + as_of.month - 1
    last, first = info.last.year * 12 + info.last.month, info.first.year * 12 + info.first.month
    end = min(until, last)
    if end - 11 < first or until - last > _OLDEST * 12:
        return
    number = pl.col("year").cast(pl.Int32) * 12 + pl.col("month")
    rows = world.filter("conflict_deaths", pl.col("actor").is_in(list(figures)), number > end - 12, number <= end)
    deaths: dict[str, int] = dict(rows.group_by("actor").agg(pl.col("deaths").sum()).rows())
    for actor, known in figures.items():
        if actor not in deaths and not _is_counted(actor, as_of):
            continue
        known.append(
            Figure(
                name="deaths in organised violence, twelve months",
                value=float(deaths.get(actor, 0)),
                unit="people",
                dated=f"to {(end - 1) // 12}-{(end - 1) % 12 + 1:02d}",
                source=source,
                carried=until > last,
            )
        )


def _add_conflict(world: World, figures: dict[str, list[Figure]], as_of: date) -> None:
    """Add the intensity of conflict in the last whole year; no row is zero, inside the table's time."""
    if not has_table(world, "conflict_years"):
        return
    info, source = world.info("conflict_years"), world.citation("conflict_years")
    year = min(as_of.year - 1, info.last.year)
    if year < info.first.year or as_of.year - 1 - year > _OLDEST:
        return
    rows = world.filter("conflict_years", pl.col("actor").is_in(list(figures)), pl.col("year") == year)
    intensity: dict[str, int] = dict(rows.select("actor", "intensity").rows())
    for actor, known in figures.items():
        if actor not in intensity and not _is_counted(actor, as_of):
            continue
        known.append(
            Figure(
                name="armed conflict as a main party",
                value=float(intensity.get(actor, 0)),
                unit="0 none, 1 minor, 2 war",
                dated=str(year),
                source=source,
                carried=as_of.year - 1 > year,
            )
        )


def _add_governance(world: World, figures: dict[str, list[Figure]], as_of: date) -> None:
    if not has_table(world, "governance"):
        return
    source = world.citation("governance")
    for row in _latest(world, "governance", list(figures), as_of.year).iter_rows(named=True):
        for column, name in _GOVERNANCE:
            estimate, error = row[column], row[f"{column}_se"]
            if estimate is None:
                continue
            spread = 0.0 if error is None else _Z90 * error
            figures[row["actor"]].append(
                Figure(
                    name=name,
                    value=round(estimate, 2),
                    low=None if error is None else round(estimate - spread, 2),
                    high=None if error is None else round(estimate + spread, 2),
                    unit=_WGI_UNIT,
                    dated=str(row["year"]),
                    source=source,
                    carried=row["year"] < as_of.year,
                )
            )


def _notes(capability: list[Figure], stability: list[Figure]) -> tuple[str, ...]:
    notes = []
    if not any(figure.unit == "people" for figure in capability):
        notes.append("The world holds no figure of its armed forces.")
    if any(figure.seen for figure in capability):
        notes.append("Forces are a snapshot of another date: shown as seen then, and used in no score.")
    if any(figure.carried for figure in (*capability, *stability)):
        notes.append("Figures marked carried are of the last year known before the date.")
    return tuple(notes)
