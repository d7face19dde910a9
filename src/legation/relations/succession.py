"""Evidence on a former state belongs to the state that continues its seat, by a short list of acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "CONTINUATIONS",
    "Continuation",
    "continuations",
    "in_todays_names",
    "succession_notes",
    "successions_note",
    "with_former",
]


@dataclass(frozen=True, kw_only=True)
class Continuation:
    """A state that continues the seat of a former one: evidence on the former since `counts_from` is its own.

    `from_day` is the first day on which the continuing state stands in the former one's place, `act` says by what.
    """

    state: str
    former: str
    former_name: str
    counts_from: date
    from_day: date
    act: str


CONTINUATIONS: Final = (
    Continuation(
        state="RUS",
        former="SUN",
        former_name="the Soviet Union",
        counts_from=date(1922, 12, 30),
        from_day=date(1991, 12, 26),
        act="letter of the President of Russia to the UN Secretary-General, 24 December 1991",
    ),
    Continuation(
        state="SCG",
        former="YUG",
        former_name="the Federal Republic of Yugoslavia",
        counts_from=date(1992, 4, 27),
        from_day=date(2003, 2, 4),
        act="Constitutional Charter of Serbia and Montenegro, 4 February 2003: a change of name",
    ),
    Continuation(
        state="SRB",
        former="SCG",
        former_name="Serbia and Montenegro",
        counts_from=date(2003, 2, 4),
        from_day=date(2006, 6, 3),
        act="letter of the President of Serbia to the UN Secretary-General, 3 June 2006",
    ),
    Continuation(
        state="SRB",
        former="YUG",
        former_name="the Federal Republic of Yugoslavia",
        counts_from=date(1992, 4, 27),
        from_day=date(2006, 6, 3),
        act="letter of the President of Serbia to the UN Secretary-General, 3 June 2006",
    ),
)
"""States whose id changed while the seat went on. Germany (1990), Yemen (1990, for the Yemen Arab Republic), Vietnam,
Tanzania and others keep one id throughout, so that their evidence needs no rule. A state that joined anew continues
nobody: Czechia and Slovakia, the other republics of the Soviet Union and of Yugoslavia, and the Federal Republic of
Yugoslavia for the Socialist one (Security Council resolution 777 of 1992)."""


def continuations(actors: Iterable[str], *, on: date) -> tuple[Continuation, ...]:
    """Return the continuations that hold for some actors on a day."""
    names = set(actors)
    return tuple(one for one in CONTINUATIONS if one.state in names and one.from_day <= on)


def with_former(actors: Iterable[str], *, on: date) -> list[str]:
    """Return actors with the former states whose seat they continue on a day, sorted."""
    names = set(actors)
    return sorted(names | {one.former for one in continuations(names, on=on)})


def in_todays_names(frame: pl.DataFrame, held: tuple[Continuation, ...], *, pair: bool = True) -> pl.DataFrame:
    """Return rows on former states under the names of those that continue them.

    Parameters
    ----------
    frame
        Rows with `year` and with `a` and `b` in alphabetical order (`pair`), or with `actor`.
    held
        The continuations to apply; without any the frame comes back as it is.

    Returns
    -------
    pl.DataFrame
        Rows before a continuation's `counts_from` are left out for the former state; pairs are in alphabetical order
        again, and none is of a state with itself.
    """
    if not held:
        return frame
    import polars as pl

    columns = ("a", "b") if pair else ("actor",)
    for one in held:
        touched = pl.any_horizontal(*(pl.col(column) == one.former for column in columns))
        frame = frame.filter(~touched | (pl.col("year") >= one.counts_from.year))
        frame = frame.with_columns(pl.col(*columns).replace({one.former: one.state}))
    if not pair:
        return frame
    return frame.with_columns(a=pl.min_horizontal("a", "b"), b=pl.max_horizontal("a", "b")).filter(
        pl.col("a") != pl.col("b")
    )


def succession_notes(actors: Iterable[str], *, on: date) -> tuple[str, ...]:
    """Say whose earlier evidence stands under which name."""
    return tuple(
        f"Evidence on {one.former_name} ({one.former}) before {one.from_day.isoformat()} counts as {one.state}'s, "
        f"which continues its seat ({one.act})."
        for one in continuations(actors, on=on)
    )


def successions_note(actors: Iterable[str], *, on: date) -> str:
    """Say in one line which former states' evidence stands under which of many actors, or nothing where none does."""
    held = [f"{one.former} as {one.state}" for one in continuations(actors, on=on)]
    return (
        f"Evidence on former states counts as that of those that continue their seats: {', '.join(held)}."
        if held
        else ""
    )
