"""The command that estimates ideal points from votes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from legation.cli.beside import Overwrite, first_rows, paths_beside, write_all
from legation.cli.output import WHOLE, Json, print_json, print_text

if TYPE_CHECKING:
    import polars as pl

    from legation.relations.ideal_points.anchors import Anchors
    from legation.relations.ideal_points.result import IdealPoints

__all__ = ["ideal_points"]

Votes = Annotated[
    Path,
    Parameter(
        help="One row per actor and roll call: session, resolution (or resid, rcid), actor (or ccode), vote (1 yes, "
        "2 abstain, 3 no); year, date, issue, paragraph, amendment where known. Parquet, CSV, Arrow."
    ),
]
Bridges = Annotated[
    Path | None,
    Parameter(
        name="--bridges",
        help="Pairs on the same text: resolution1, resolution2; or rcid1, rcid2, which need --crosswalk if the votes "
        "are keyed otherwise.",
    ),
]
Crosswalk = Annotated[
    Path | None,
    Parameter(
        name="--crosswalk", help="Which rcid of bridges, issues and roll calls is which resolution: rcid, resolution."
    ),
]
RollCalls = Annotated[
    Path | None,
    Parameter(name="--roll-calls", help="Which roll calls are on paragraphs or amendments: resolution, para, amend."),
]
Issues = Annotated[
    Path | None, Parameter(name="--issues", help="Issue areas: resolution, issue; left out: the votes' column issue.")
]
Issue = Annotated[
    tuple[str, ...], Parameter(name="--issue", help="Use resolutions on this issue only; may be repeated.")
]
Positive = Annotated[
    str | None,
    Parameter(name="--positive", help="Actors of the positive side, with commas; else USA, Canada, UK, Israel."),
]
Negative = Annotated[
    str | None,
    Parameter(name="--negative", help="Actors of the negative side, with commas; else USSR or Russia, East Germany."),
]
Sign = Annotated[
    str | None, Parameter(name="--sign", help="One actor that stands on the positive side, instead of all anchors.")
]
DropSession = Annotated[
    tuple[int, ...], WHOLE, Parameter(name="--drop-session", help="A session to leave out, instead of 19; repeatable.")
]
Since = Annotated[
    int | None, WHOLE, Parameter(name="--since-session", help="Add sessions from this one on to --previous.")
]
Previous = Annotated[
    Path | None, Parameter(name="--previous", help="Points of an earlier run; its items are read beside it.")
]
Out = Annotated[
    Path | None,
    Parameter(name="--out", help="Write points here, items and sessions beside (.parquet, .csv, .arrow, .json ...)."),
]


def ideal_points(
    votes: Votes,
    /,
    *,
    bridges: Bridges = None,
    crosswalk: Crosswalk = None,
    roll_calls: RollCalls = None,
    issues: Issues = None,
    issue: Issue = (),
    positive: Positive = None,
    negative: Negative = None,
    sign: Sign = None,
    drop_session: DropSession = (19,),
    since_session: Since = None,
    previous: Previous = None,
    out: Out = None,
    overwrite: Overwrite = False,
    json: Json = False,
) -> None:
    """Estimate where actors stand from their votes, session by session, on one scale with 90 per cent bounds.

    The model is Bailey, Strezhnev and Voeten's: ordinal votes, random walk, resolutions on the same text as bridges.
    """
    from legation.errors import InputError
    from legation.relations.ideal_points.bridges import read_bridges, read_crosswalk
    from legation.relations.ideal_points.estimate import estimate_ideal_points
    from legation.relations.ideal_points.keys import crosswalk_for
    from legation.relations.ideal_points.votes import mark_roll_calls, read_issues, read_roll_calls, read_votes

    paths = paths_beside(out, ("points", "items", "sessions"), overwrite=overwrite)
    if (since_session is None) != (previous is None):
        raise InputError(
            "--since-session and --previous go together.", remedy="Name both, or neither for a whole estimate."
        )
    if previous is not None and (issue or positive or negative or sign):
        raise InputError(
            "An update keeps the scale and issues of the earlier run.",
            remedy="Leave --issue, --positive, --negative and --sign out, or estimate the whole anew.",
        )
    cast = read_votes(votes)
    named = None if crosswalk is None else read_crosswalk(crosswalk)

    def keys(table: Path) -> pl.DataFrame | None:
        return crosswalk_for(table, votes=votes, crosswalk=named)

    if roll_calls is not None:
        cast = mark_roll_calls(cast, read_roll_calls(roll_calls, crosswalk=keys(roll_calls)))
    pairs = None if bridges is None else read_bridges(bridges, crosswalk=keys(bridges))
    if previous is not None and since_session is not None:
        found = _update(previous, cast, since_session, pairs, drop_session)
    else:
        found = estimate_ideal_points(
            cast,
            bridges=pairs,
            anchors=_anchors(positive, negative, sign),
            issue=issue,
            issues=None if issues is None else read_issues(issues, crosswalk=keys(issues)),
            drop_sessions=drop_session,
        )
    write_all(paths, {"points": found.frame, "items": found.items, "sessions": found.sessions}, overwrite=overwrite)
    if json:
        print_json(_answer(found, paths))
    else:
        print_text(_text(found, paths))


def _update(
    previous: Path, cast: pl.DataFrame, since: int, pairs: pl.DataFrame | None, drop: tuple[int, ...]
) -> IdealPoints:
    from legation.relations.ideal_points.files import items_beside, read_items, read_points
    from legation.relations.ideal_points.update import update_ideal_points

    items = items_beside(previous)
    return update_ideal_points(
        read_points(previous),
        cast,
        since_session=since,
        items=read_items(items) if items.exists() else None,
        bridges=pairs,
        drop_sessions=drop,
    )


def _anchors(positive: str | None, negative: str | None, sign: str | None) -> Anchors | None:
    from legation.errors import InputError
    from legation.relations.ideal_points.anchors import Anchors

    if sign is not None:
        if positive is not None or negative is not None:
            raise InputError("--sign stands instead of --positive and --negative.", remedy="Name one or the other.")
        return Anchors(positive=(sign,), negative=())
    if positive is None and negative is None:
        return None
    return Anchors(positive=_names(positive), negative=_names(negative))


def _names(given: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (given or "").split(",") if name.strip())


def _answer(found: IdealPoints, paths: dict[str, Path]) -> dict[str, object]:
    """Give everything but the tables when they were written to files."""
    told = found.diagnostics
    return {
        "actors": found.frame["actor"].n_unique(),
        "sessions": found.sessions.to_dicts(),
        "votes": told.votes,
        "resolutions": told.resolutions,
        "items": told.items,
        "bridge_pairs": told.bridge_pairs,
        "dropped": dict(told.dropped),
        "sweeps": told.sweeps,
        "change": told.change,
        "converged": told.converged,
        "log_likelihood": told.log_likelihood,
        "notes": list(found.notes),
        "out": {name: str(path) for name, path in paths.items()},
        "table": [] if paths else found.frame.to_dicts(),
        "table_of_items": [] if paths else found.items.to_dicts(),
    }


def _text(found: IdealPoints, paths: dict[str, Path]) -> str:
    dropped = [f"{rule} {count:,}" for rule, count in found.diagnostics.dropped.items() if count]
    lines = [
        str(found),
        f"Bridges used: {found.diagnostics.bridge_pairs:,}. Votes dropped: {', '.join(dropped) or 'none'}.",
        *found.notes,
    ]
    if paths:
        return "\n".join([*lines, "", f"Written: {', '.join(map(str, paths.values()))}"])
    last = found.frame.filter(found.frame["session"] == found.frame["session"].max())
    ranked = last.sort("theta", "actor", descending=[True, False])
    return "\n".join([*lines, "", "The last session, from the positive end:", "", first_rows(ranked)])
