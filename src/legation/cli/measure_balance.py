"""The command that measures structural balance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from legation.cli.beside import Overwrite, first_rows, paths_beside, write_all
from legation.cli.output import Json, print_json, print_text, progress

if TYPE_CHECKING:
    from legation.relations.balance.measure import BalanceTables

__all__ = ["balance"]

Edges = Annotated[
    Path, Parameter(help="Signed ties: columns a, b, sign (+1, -1 or a weight with its sign), and a period if any.")
]
Period = Annotated[
    str | None,
    Parameter(name="--period", help="The column that cuts the ties into networks; period, year or window if there."),
]
Pooled = Annotated[
    bool, Parameter(name="--pooled", show_default=False, help="Take all ties as one network, whatever their period.")
]
Repeated = Annotated[
    Literal["refuse", "sum"],
    Parameter(name="--repeated", help="A pair listed twice in a period with different signs: refuse it, or add up."),
]
Seconds = Annotated[float, Parameter(name="--seconds", help="Time for the search on each connected part of a network.")]
NoFlips = Annotated[
    bool, Parameter(name="--no-flips", show_default=False, help="Do not look for the ties out of line.")
]
Out = Annotated[
    Path | None,
    Parameter(
        name="--out",
        help="Write a row per period here (.parquet, .csv, .tsv, .arrow, .json, .duckdb); beside it go NAME.camps, "
        "NAME.ties and NAME.actors.",
    ),
]


def balance(
    edges: Edges,
    /,
    *,
    period: Period = None,
    pooled: Pooled = False,
    repeated: Repeated = "refuse",
    seconds: Seconds = 20.0,
    no_flips: NoFlips = False,
    out: Out = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Find each network's two camps, its least frustration, and the ties out of line.

    L is the least weight of ties that no division into two camps satisfies, proven where gap is 0; F = 1 - 2L/m.
    Balance describes: only hostile ties that could be mended are advice.
    """
    from legation.relations.balance.measure import balance as measure
    from legation.relations.balance.own import read_edges

    paths = paths_beside(out, ("periods", "camps", "ties", "actors"), overwrite=overwrite)
    network = read_edges(edges, period=period, pooled=pooled, repeated=repeated)
    with progress("balance") as show:
        found = measure(
            network,
            seconds=seconds,
            with_flips=not no_flips,
            progress=lambda name, done, total: show(f"{name} ({done} of {total})"),
        )
    tables = {"periods": found.periods, "camps": found.camps, "ties": found.ties, "actors": found.actors}
    write_all(paths, tables, overwrite=overwrite)
    if json:
        held = {name: [] if paths and name != "periods" else frame.to_dicts() for name, frame in tables.items()}
        print_json({**held, "notes": list(found.notes), "out": {name: str(path) for name, path in paths.items()}})
    else:
        print_text(_text(found, paths))


def _text(found: BalanceTables, paths: dict[str, Path]) -> str:
    shown = found.periods.select(
        "period", "actors", "ties", "hostile", "m", "L", "gap", "F", "parts", "camp_0", "camp_1", "camps_unique"
    )
    lines = [str(found), *found.notes, "", first_rows(shown)]
    last = found.periods["period"][-1]
    mendable = found.ties.filter((found.ties["period"] == last) & found.ties["mendable"])
    if mendable.height:
        lines += ["", f"Hostile ties whose mending lowers L, {last}:", ""]
        lines.append(first_rows(mendable.select("a", "b", "weight", "frustrated", "lowers")))
    if paths:
        lines += ["", f"Written: {', '.join(map(str, paths.values()))}"]
    return "\n".join(lines)
