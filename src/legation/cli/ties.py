"""The command that lists dated ties: of one actor with all others, or of two actors."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from legation.cli.beside import Overwrite
from legation.cli.output import ActorName, AsOf, Json, WorldKnownOn, WorldPath, print_json, print_text, today

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ties"]

_Other = Annotated[str | None, Parameter(help="Another actor: list the ties between the two.")]
_Kinds = Annotated[
    str, Parameter(name="--kinds", show_default=False, help="Only these kinds, separated by commas; all if left out.")
]
_Since = Annotated[date | None, Parameter(name="--since", help="Leave out ties that had ended before this day.")]
_Out = Annotated[
    Path | None, Parameter(name="--out", help="Write the ties to a .parquet, .csv, .arrow, .json or .duckdb file.")
]

_SHOWN = 40
_COLUMNS = ("actor_a", "actor_b", "kind", "start", "end", "strength", "amount", "unit", "label")


def ties(
    a: ActorName,
    b: _Other = None,
    /,
    *,
    as_of: AsOf = None,
    since: _Since = None,
    kinds: _Kinds = "",
    known_on: WorldKnownOn = None,
    world: WorldPath = None,
    out: _Out = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """List the dated ties of an actor, or of two actors, with strength, amount and source.

    Ties that began after the day are left out. Which kinds there are depends on the world: the baseline holds treaties,
    claims, organisations, embassies, troops and training of the United States, and armed conflict.
    """
    from legation.actors import find
    from legation.cli.beside import paths_beside, write_all
    from legation.errors import InputError
    from legation.evidence import open_world
    from legation.relations.days import refuse_far_day
    from legation.relations.ties_table.read import ego_ties, kinds_not_held, ties_between

    day = as_of or today()
    paths = paths_beside(out, ("ties",), overwrite=overwrite)
    opened = open_world(world, known_on=known_on)
    refuse_far_day(day, world=opened)
    if since is not None and since > day:
        raise InputError(f"{since} is after {day}.", remedy="Give --since a day no later than --as-of.")
    wanted = tuple(kind.strip() for kind in kinds.split(",") if kind.strip())
    first = str(find(a, on=day).id)
    if b is None:
        found = ego_ties(opened, first, as_of=day, kinds=wanted, since=since)
    else:
        second = str(find(b, on=day).id)
        if second == first:
            raise InputError(f"{first} has no tie with itself.", remedy="Name two actors, or one.")
        found = ties_between(opened, first, second, as_of=day, kinds=wanted, since=since)
    write_all(paths, {"ties": found}, overwrite=overwrite)
    missing = kinds_not_held(opened)
    if json:
        rows = [] if out else found.to_dicts()
        files = [str(path) for path in paths.values()]
        print_json({"as_of": day, "rows": len(found), "ties": rows, "not_held": missing, "files": files})
        return
    print_text(_text(found, day) + _missing(missing) + "".join(f"\nWritten to {path}." for path in paths.values()))


def _text(found: pl.DataFrame, day: date) -> str:
    """Write how many ties there are of each kind, and the first of them."""
    from legation.briefs.text.table import table

    if found.is_empty():
        return f"No ties on {day} in this world."
    counts = found.group_by("kind").len().sort("kind")
    summary = ", ".join(f"{kind.replace('_', ' ')} {rows:,}" for kind, rows in counts.iter_rows())
    current = int(found.get_column("current").sum())
    rows = [[_cell(value) for value in row] for row in found.select(_COLUMNS).head(_SHOWN).iter_rows()]
    shown = table(
        ("From", "To", "Kind", "Start", "End", "Strength", "Amount", "Unit", "What"),
        rows,
        align=("left", "left", "left", "left", "left", "right", "right", "left", "left"),
        width=150,
    )
    more = len(found) - _SHOWN
    rest = f"\n... {more:,} more; name a file with --out for all" if more > 0 else ""
    return f"{len(found):,} ties on {day}, {current:,} of them current: {summary}\n\n{shown}{rest}"


def _missing(kinds: tuple[str, ...]) -> str:
    from legation.briefs.text.table import paragraph

    if not kinds:
        return ""
    return "\n\n" + paragraph(f"This world has no ties at all of these kinds: {', '.join(kinds)}.")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
