"""The command that finds blocs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from legation.cli.beside import Overwrite, first_rows, paths_beside, write_all
from legation.cli.measure_balance import Edges, Period, Pooled
from legation.cli.output import WHOLE, Json, print_json, print_text, progress

if TYPE_CHECKING:
    from legation.relations.blocs.measure import BlocTables

__all__ = ["blocs"]

Repeated = Annotated[
    Literal["refuse", "sum", "layers"],
    Parameter(
        name="--repeated",
        help="A pair listed twice in a period with different signs: refuse it, add up, or keep a friendly and a "
        "hostile layer.",
    ),
]
Seed = Annotated[int, WHOLE, Parameter(name="--seed", help="Seed of the random numbers; the same one repeats.")]
Bootstraps = Annotated[
    int, WHOLE, Parameter(name="--bootstraps", help="Draws of ties with replacement, for stability; 0 for none.")
]
Runs = Annotated[int, WHOLE, Parameter(name="--runs", help="Searches, of which the best counts.")]
Resolution = Annotated[float, Parameter(name="--resolution", help="Above 1 for smaller blocs.")]
HostileResolution = Annotated[float, Parameter(name="--hostile-resolution", help="The same for the hostile layer.")]
Out = Annotated[
    Path | None,
    Parameter(
        name="--out",
        help="Write a row per actor here (.parquet, .csv, .tsv, .arrow, .json, .duckdb); beside it go NAME.blocs, "
        "NAME.pairs and NAME.periods.",
    ),
]


def blocs(
    edges: Edges,
    /,
    *,
    period: Period = None,
    pooled: Pooled = False,
    repeated: Repeated = "refuse",
    seed: Seed = 1,
    bootstraps: Bootstraps = 200,
    runs: Runs = 10,
    resolution: Resolution = 1.0,
    hostile_resolution: HostileResolution = 1.0,
    out: Out = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Find blocs: groups with friendly ties inside and hostile ties between.

    The search is a heuristic; how often a bloc comes back when ties are drawn anew says how far to trust it.
    """
    from legation.relations.balance.own import read_edges
    from legation.relations.blocs.measure import find_blocs

    paths = paths_beside(out, ("members", "blocs", "pairs", "periods"), overwrite=overwrite)
    network = read_edges(edges, period=period, pooled=pooled, repeated=repeated)
    with progress("blocs") as show:
        found = find_blocs(
            network,
            seed=seed,
            bootstraps=bootstraps,
            runs=runs,
            resolution=resolution,
            hostile_resolution=hostile_resolution,
            progress=lambda name, done, total: show(f"{name} ({done} of {total})"),
        )
    tables = {"members": found.members, "blocs": found.blocs, "pairs": found.pairs, "periods": found.periods}
    write_all(paths, tables, overwrite=overwrite)
    if json:
        kept = ("periods", "blocs")
        held = {name: [] if paths and name not in kept else frame.to_dicts() for name, frame in tables.items()}
        print_json({**held, "notes": list(found.notes), "out": {name: str(path) for name, path in paths.items()}})
    else:
        print_text(_text(found, paths))


def _text(found: BlocTables, paths: dict[str, Path]) -> str:
    last = found.periods["period"][-1]
    shown = found.periods.select("period", "actors", "ties", "hostile", "Q", "blocs", "alone")
    lines = [str(found), *found.notes, "", first_rows(shown), "", f"Blocs, {last}:"]
    sizes = found.blocs.filter((found.blocs["period"] == last) & (found.blocs["actors"] > 1))
    for row in sizes.iter_rows(named=True):
        inside = found.members.filter((found.members["period"] == last) & (found.members["bloc"] == row["bloc"]))
        again = "" if row["reappears"] is None else f", comes back in {row['reappears']:.0%} of draws"
        lines += ["", f"{row['bloc']}: {row['actors']} actors{again}"]
        lines.append(f"   {' '.join(str(actor) for actor in inside['actor'])}")
    if paths:
        lines += ["", f"Written: {', '.join(map(str, paths.values()))}"]
    return "\n".join(lines)
