"""The command that compares actors by their ties or their votes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from legation.cli.beside import Overwrite, first_rows, paths_beside, write_all
from legation.cli.output import Json, print_json, print_text

if TYPE_CHECKING:
    from legation.relations.similarity.result import Similarity

__all__ = ["similarity"]

Table = Annotated[
    Path,
    Parameter(
        help="Ties: columns a, b, year, value. Votes: year (or session), resolution, actor, vote. Parquet, CSV, Arrow."
    ),
]
Kind = Annotated[
    Literal["ties", "votes", "atop"],
    Parameter(name="--kind", help="What the table holds; atop: ATOP's directed dyad-years as published."),
]
Members = Annotated[
    Path | None,
    Parameter(
        name="--members",
        help="Who belongs to the system: actor, year; or actor, start, end. Left out: who has a tie in that year.",
    ),
]
Weights = Annotated[
    Path | None,
    Parameter(name="--weights", help="For ties: actor, year, weight (cinc). For votes: resolution, year, weight."),
]
Levels = Annotated[
    str | None,
    Parameter(name="--levels", help="Every value that a tie or vote can have: 0,1,2,3. Ties: the lowest is none."),
]
Self = Annotated[
    float | None,
    Parameter(name="--self", help="An actor's tie with itself; the highest level if left out."),
]
Direction = Annotated[
    Literal["auto", "directed", "undirected"],
    Parameter(
        name="--direction",
        help="Whether a row holds for a towards b alone; auto: if any pair is listed in both orders.",
    ),
]
Measures = Annotated[
    str | None,
    Parameter(
        name="--measures",
        help="Some of s_abs, s_sq, s_abs_w, s_sq_w, kappa, pi, tau_b, a_index, kappa_nominal, pi_weighted.",
    ),
]
Period = Annotated[
    str | None, Parameter(name="--period", help="For votes: another column to compare within, such as session.")
]
Out = Annotated[
    Path | None, Parameter(name="--out", help="Write the table here (.parquet, .csv, .tsv, .arrow, .json, .duckdb).")
]


def similarity(
    table: Table,
    /,
    *,
    kind: Kind = "ties",
    members: Members = None,
    weights: Weights = None,
    levels: Levels = None,
    self: Self = None,
    direction: Direction = "auto",
    measures: Measures = None,
    period: Period = None,
    out: Out = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Compare all pairs of actors by their ties or votes: S, kappa, pi, tau-b, A.

    One row per pair and year. Where a measure is 0/0 it is missing, and the column undefined says why.
    """
    from legation.errors import InputError

    paths = paths_beside(out, ("similarity",), overwrite=overwrite)
    for name, value, wanted in (
        ("--period", period, "votes"),
        ("--members", members, "ties"),
        ("--self", self, "ties"),
        ("--direction", None if direction == "auto" else direction, "ties"),
    ):
        if value is not None and (kind == "votes") != (wanted == "votes"):
            raise InputError(f"{name} means nothing for {kind}.", remedy=f"It is for {wanted}.")
    wanted_ones = None if measures is None else [name.strip() for name in measures.split(",")]
    given = None if levels is None else _numbers(levels)
    if kind == "votes":
        found = _votes(table, weights, given, wanted_ones, period)
    else:
        found = _ties(table, members, weights, given, self, direction, wanted_ones, atop=kind == "atop")
    write_all(paths, {"similarity": found.frame}, overwrite=overwrite)
    if json:
        print_json(_answer(found, paths))
    else:
        print_text(_text(found, paths))


def _numbers(levels: str) -> tuple[float, ...]:
    from legation.errors import InputError

    try:
        return tuple(float(level) for level in levels.split(","))
    except ValueError as error:
        raise InputError(f"--levels {levels!r} are no numbers.", remedy="Give numbers with commas: 0,1,2,3.") from error


def _votes(
    table: Path, weights: Path | None, levels: tuple[float, ...] | None, measures: list[str] | None, period: str | None
) -> Similarity:
    from legation.relations.similarity.own import read_votes, read_weights
    from legation.relations.similarity.votes import VOTE_LEVELS, vote_similarity

    return vote_similarity(
        read_votes(table, period=period),
        weights=None if weights is None else read_weights(weights, of_resolutions=True),
        levels=levels or VOTE_LEVELS,
        measures=measures,
    )


def _ties(  # noqa: PLR0917 - the command's own options, passed on as they are
    table: Path,
    members: Path | None,
    weights: Path | None,
    levels: tuple[float, ...] | None,
    own: float | None,
    direction: str,
    measures: list[str] | None,
    *,
    atop: bool,
) -> Similarity:
    from legation.relations.similarity.own import read_atop, read_members, read_ties, read_weights, with_same_codes
    from legation.relations.similarity.published import valued_ties
    from legation.relations.similarity.ties import ALLIANCE_LEVELS, alliance_similarity

    ties = valued_ties(read_atop(table)) if atop else read_ties(table)
    years = ties["year"].to_list()
    grid = levels or ALLIANCE_LEVELS
    system = None if members is None else read_members(members, first=min(years), last=max(years))
    heavy = None if weights is None else read_weights(weights)
    ties, system, heavy = with_same_codes(ties, system, heavy)
    return alliance_similarity(
        ties,
        system,
        weights=heavy,
        levels=grid,
        self_value=max(grid) if own is None else own,
        directed=True if atop else {"auto": None, "directed": True, "undirected": False}[direction],
        measures=measures,
    )


def _answer(found: Similarity, paths: dict[str, Path]) -> dict[str, object]:
    """Give everything but the table when it was written to a file; a program reads it there."""
    return {
        "pairs": found.frame.height,
        "measures": list(found.measures),
        "levels": list(found.levels),
        "undefined": found.frame["undefined"].drop_nulls().value_counts().sort("undefined").to_dicts(),
        "notes": list(found.notes),
        "out": {name: str(path) for name, path in paths.items()},
        "table": [] if paths else found.frame.to_dicts(),
    }


def _text(found: Similarity, paths: dict[str, Path]) -> str:
    lines = [str(found), *found.notes]
    missing = found.frame["undefined"].drop_nulls().value_counts().sort("undefined")
    lines += [f"Missing for {pairs:,} pairs: {why}." for why, pairs in missing.iter_rows()]
    if paths:
        return "\n".join([*lines, "", f"Written: {', '.join(map(str, paths.values()))}"])
    last = found.frame.filter(found.frame["year"] == found.frame["year"].max())
    shown = "kappa" if "kappa" in found.measures else found.measures[0]
    ranked = last.sort(shown, "a", "b", descending=[True, False, False], nulls_last=True).drop("undefined")
    return "\n".join([*lines, "", f"The last year, by {shown}:", "", first_rows(ranked)])
