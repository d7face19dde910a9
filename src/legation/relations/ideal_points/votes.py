"""Votes as a user or publisher holds them, read strictly and cleaned by named rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from legation.errors import InputError
from legation.evidence.own import OwnColumn, read_own_table

__all__ = [
    "SEAT_CHANGED",
    "VOTES",
    "CleanVotes",
    "clean_votes",
    "mark_roll_calls",
    "read_issues",
    "read_roll_calls",
    "read_votes",
]

VOTES = (
    OwnColumn(name="session", type=pl.Int64, meaning="the session's number; sessions follow each other in its order"),
    OwnColumn(name="resolution", type=pl.String, meaning="one roll call", aliases=("resid", "rcid")),
    OwnColumn(
        name="actor",
        type=pl.String,
        meaning="who votes",
        aliases=("ccode", "ccode1", "Country", "country_code", "country"),
    ),
    OwnColumn(name="vote", type=pl.String, meaning="1 or yes, 2 or abstain, 3 or no; 8 and 9 are left out"),
    OwnColumn(
        name="year",
        type=pl.Int64,
        meaning="the year the session opened",
        aliases=("year_session",),
        required=False,
        nullable=True,
    ),
    OwnColumn(name="date", type=pl.Date, meaning="day of the vote", required=False, nullable=True),
    OwnColumn(
        name="issue", type=pl.String, meaning="issue area", aliases=("short_name",), required=False, nullable=True
    ),
    OwnColumn(
        name="paragraph",
        type=pl.Boolean,
        meaning="whether the vote is on a paragraph",
        aliases=("para",),
        required=False,
        nullable=True,
    ),
    OwnColumn(
        name="amendment",
        type=pl.Boolean,
        meaning="whether the vote is on an amendment",
        aliases=("amend",),
        required=False,
        nullable=True,
    ),
)
ROLL_CALLS = (
    OwnColumn(name="resolution", type=pl.String, meaning="one roll call", aliases=("rcid", "resid")),
    OwnColumn(name="para", type=pl.Boolean, meaning="on a paragraph", aliases=("paragraph",), nullable=True),
    OwnColumn(name="amend", type=pl.Boolean, meaning="on an amendment", aliases=("amendment",), nullable=True),
)
ISSUES = (
    OwnColumn(name="resolution", type=pl.String, meaning="one roll call", aliases=("rcid", "resid")),
    OwnColumn(name="issue", type=pl.String, meaning="its issue area", aliases=("short_name",)),
)
_CAST = {"1": 1, "yes": 1, "y": 1, "2": 2, "abstain": 2, "a": 2, "3": 3, "no": 3, "n": 3}
_NOT_CAST = ("8", "absent", "9", "not a member", "nonmember", "non-member")
# From 1990 on, votes on paragraphs and amendments multiply and repeat the vote on the whole (Bailey et al. 2017).
_LAST_YEAR_OF_PARTS = 1989
# General Assembly resolution 2758 of 25 October 1971 gave China's seat to the People's Republic.
SEAT_CHANGED = 1971
# Numbers that are years already are no numbers of sessions.
_SESSION_ONE, _LATEST_NUMBER = 1945, 200


@dataclass(frozen=True, kw_only=True)
class CleanVotes:
    """Votes that can be used, and how many were dropped by which rule.

    Parameters
    ----------
    frame
        Columns actor, session, year, resolution, vote (1 yes, 2 abstain, 3 no), sorted.
    dropped
        Votes dropped, by rule.
    notes
        What was assumed.
    """

    frame: pl.DataFrame
    dropped: dict[str, int]
    notes: tuple[str, ...] = ()


def read_votes(path: Path) -> pl.DataFrame:
    """Read a table of votes: one row per actor and roll call; see `VOTES` for its columns."""
    return read_own_table(path, VOTES)


def read_roll_calls(path: Path, *, crosswalk: pl.DataFrame | None = None) -> pl.DataFrame:
    """Read which roll calls are on paragraphs or amendments: columns resolution (or rcid), para, amend."""
    frame = read_own_table(path, ROLL_CALLS).rename({"para": "paragraph", "amend": "amendment"})
    return _named_as_votes(frame, crosswalk)


def read_issues(path: Path, *, crosswalk: pl.DataFrame | None = None) -> pl.DataFrame:
    """Read issue areas of roll calls: columns resolution (or rcid), issue; a roll call may have several."""
    frame = read_own_table(path, ISSUES, keep_others=True)
    short = [name for name in ("short_name",) if name in frame.columns]
    both = pl.concat([frame.select("resolution", issue=pl.col(name).cast(pl.String)) for name in ("issue", *short)])
    return _named_as_votes(both.unique(maintain_order=True), crosswalk)


def _named_as_votes(frame: pl.DataFrame, crosswalk: pl.DataFrame | None) -> pl.DataFrame:
    if crosswalk is None:
        return frame
    keyed = frame.join(
        crosswalk.rename({"rcid": "resolution", "resolution": "_resolution"}), on="resolution", maintain_order="left"
    )
    return keyed.with_columns(resolution="_resolution").drop("_resolution")


def mark_roll_calls(votes: pl.DataFrame, roll_calls: pl.DataFrame) -> pl.DataFrame:
    """Add the marks paragraph and amendment to votes."""
    kept = votes.drop([name for name in ("paragraph", "amendment") if name in votes.columns])
    marks = roll_calls.select("resolution", "paragraph", "amendment").unique(subset="resolution", maintain_order=True)
    return kept.join(marks, on="resolution", how="left", maintain_order="left")


def clean_votes(
    votes: pl.DataFrame,
    *,
    drop_sessions: Collection[int] = (),
    issue: Sequence[str] = (),
    issues: pl.DataFrame | None = None,
) -> CleanVotes:
    """Return the votes that count, with a count of what each rule drops.

    Raises
    ------
    InputError
        When a vote is none, an actor votes twice and differently, a resolution stands in two sessions, or nothing is
        left.
    """
    text = votes.get_column("vote").cast(pl.String).str.strip_chars().str.to_lowercase()
    cast = text.replace_strict(_CAST, default=None, return_dtype=pl.Int8)
    strange = votes.filter(cast.is_null() & ~text.is_in(list(_NOT_CAST)))
    if strange.height:
        raise InputError(
            f"Vote {strange['vote'][0]!r} of {strange['actor'][0]} on resolution {strange['resolution'][0]} is none.",
            remedy="Write 1 or yes, 2 or abstain, 3 or no; 8 (absent) and 9 (no member) are left out.",
        )
    frame = votes.with_columns(vote=cast)
    dropped: dict[str, int] = {}
    notes: list[str] = []
    frame = _drop(frame, pl.col("vote").is_not_null(), "absent or no member", dropped)
    frame, asked = _with_years(frame)
    notes += asked
    rows = frame.height
    frame = (
        frame.unique(subset=[c for c in frame.columns if c not in {"issue", "date"}], maintain_order=True)
        if not (issue and issues is None)
        else frame.unique(maintain_order=True)
    )
    dropped["repeated row"] = rows - frame.height
    frame, seats = _with_china(frame)
    notes += seats
    if drop_sessions:
        frame = _drop(frame, ~pl.col("session").is_in(list(drop_sessions)), "session left out", dropped)
    frame = _without_parts(frame, dropped)
    if issue:
        frame = _of_issue(frame, issue, issues, dropped)
    frame = frame.select("actor", "session", "year", "resolution", "vote").unique(maintain_order=True)
    _refuse_contradictions(frame)
    if frame.is_empty():
        raise InputError("No vote is left to use.", remedy=f"Look at what was dropped: {_listed(dropped)}.")
    return CleanVotes(frame=frame.sort("session", "resolution", "actor"), dropped=dropped, notes=tuple(notes))


def _drop(frame: pl.DataFrame, keep: pl.Expr, rule: str, dropped: dict[str, int]) -> pl.DataFrame:
    kept = frame.filter(keep)
    dropped[rule] = dropped.get(rule, 0) + frame.height - kept.height
    return kept


def _with_years(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Give each session one year: its own column, else its first date, else its number."""
    number = pl.col("session")
    told = [pl.col("year")] if "year" in frame.columns else []
    if "date" in frame.columns:
        told.append(pl.col("date").dt.year().cast(pl.Int64))
    years = frame.group_by("session").agg(
        pl.coalesce([*told, pl.lit(None, dtype=pl.Int64)]).min().alias("_year"),
    )
    guessed = years.filter(pl.col("_year").is_null()).height
    filled = years.with_columns(
        year=pl.coalesce(
            pl.col("_year"), pl.when(number.is_between(1, _LATEST_NUMBER)).then(number + _SESSION_ONE).otherwise(number)
        )
    ).drop("_year")
    note = (
        f"{guessed} sessions have no year: session n of the General Assembly opens in {_SESSION_ONE} + n, "
        f"and a number above {_LATEST_NUMBER} is taken for a year."
    )
    kept = frame.drop("year") if "year" in frame.columns else frame
    return kept.join(filled, on="session", maintain_order="left"), [note] if guessed else []


def _with_china(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Give the votes of the Republic of China under the mainland's code to 713: who held the seat was the same."""
    early = (pl.col("actor") == "710") & (pl.col("year") < SEAT_CHANGED)
    rows = frame.filter(early).height
    if not rows:
        return frame, []
    return frame.with_columns(actor=pl.when(early).then(pl.lit("713")).otherwise("actor")), [
        f"{rows:,} votes of code 710 before {SEAT_CHANGED} count for 713: the Republic of China held the seat."
    ]


def _without_parts(frame: pl.DataFrame, dropped: dict[str, int]) -> pl.DataFrame:
    marks = [name for name in ("paragraph", "amendment") if name in frame.columns]
    if not marks:
        return frame
    part = pl.any_horizontal(pl.col(name).cast(pl.Boolean).fill_null(value=False) for name in marks)
    keep = ~(part & (pl.col("year") > _LAST_YEAR_OF_PARTS))
    return _drop(frame, keep, f"paragraph or amendment after {_LAST_YEAR_OF_PARTS}", dropped)


def _of_issue(
    frame: pl.DataFrame, wanted: Sequence[str], issues: pl.DataFrame | None, dropped: dict[str, int]
) -> pl.DataFrame:
    if issues is None and "issue" not in frame.columns:
        raise InputError(
            "The votes have no column issue.", remedy="Add it, or name a table with resolution and issue by --issues."
        )
    held = frame.select("resolution", "issue") if issues is None else issues
    known = set(held["issue"].drop_nulls().unique())
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise InputError(f"No resolution is on {unknown[0]!r}.", remedy=f"Choose from {', '.join(sorted(known))}.")
    chosen = held.filter(pl.col("issue").is_in(list(wanted)))["resolution"].unique().implode()
    return _drop(frame, pl.col("resolution").is_in(chosen), "another issue", dropped)


def _refuse_contradictions(frame: pl.DataFrame) -> None:
    twice = frame.filter(pl.struct("resolution", "actor").is_duplicated()).sort("resolution", "actor")
    two_sessions = (
        twice.group_by("resolution").agg(pl.col("session").unique().sort()).filter(pl.col("session").list.len() > 1)
    )
    spread = (
        frame.group_by("resolution").agg(pl.col("session").unique().sort()).filter(pl.col("session").list.len() > 1)
    )
    if spread.height:
        found = (two_sessions if two_sessions.height else spread).sort("resolution")
        raise InputError(
            f"Resolution {found['resolution'][0]} stands in sessions {', '.join(map(str, found['session'][0]))}.",
            remedy="Give every roll call its own name; link those on the same text through --bridges.",
        )
    if twice.height:
        raise InputError(
            f"Actor {twice['actor'][0]} votes in two ways on resolution {twice['resolution'][0]}.",
            remedy="Leave the vote that stands in the record of the meeting.",
        )


def _listed(dropped: dict[str, int]) -> str:
    return "; ".join(f"{rule} {count:,}" for rule, count in dropped.items()) or "nothing"
