"""The one schema of ties, and what every builder shares: finishing rows, reading codes, counting what is not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import polars as pl

from legation.actors.types import CodeSystem
from legation.errors import EngineError
from legation.evidence.codes import dated_actor_or_none, days_of_year
from legation.relations.ties_table.kinds import KINDS
from legation.relations.ties_table.origin import Origin

__all__ = ["SCHEMA", "UNREAD_SCHEMA", "Built", "Reader", "finished", "no_ties", "year_end", "year_start"]

SCHEMA: Final[dict[str, pl.DataType]] = {
    "actor_a": pl.String(),
    "actor_b": pl.String(),
    "directed": pl.Boolean(),
    "kind": pl.String(),
    "label": pl.String(),
    "start": pl.Date(),
    "end": pl.Date(),
    "precision": pl.String(),
    "strength": pl.Float64(),
    "amount": pl.Float64(),
    "unit": pl.String(),
    "source_table": pl.String(),
    "source": pl.String(),
    "version": pl.String(),
    "use": pl.String(),
    "known": pl.Date(),
}
UNREAD_SCHEMA: Final[dict[str, pl.DataType]] = {
    "source_table": pl.String(),
    "column": pl.String(),
    "value": pl.String(),
    "reason": pl.String(),
    "rows": pl.Int64(),
}
Precision = Literal["day", "month", "year"]
Tables = Callable[[str], pl.DataFrame]


@dataclass
class Reader:
    """What a builder reads from: tables, their origins, which are there, and the values that could not be read."""

    tables: Tables
    origin: Callable[[str], Origin]
    holds: Callable[[str], bool]
    unread: list[pl.DataFrame] = field(default_factory=list)

    def leave_out(self, frame: pl.DataFrame, column: str, *, table: str, reason: str) -> None:
        """Count the values of a column that are not read, with the reason."""
        if frame.is_empty():
            return
        counted = frame.group_by(pl.col(column).cast(pl.String).fill_null("(missing)").alias("value")).len("rows")
        self.unread.append(
            counted.select(
                source_table=pl.lit(table),
                column=pl.lit(column),
                value="value",
                reason=pl.lit(reason),
                rows=pl.col("rows").cast(pl.Int64),
            )
        )

    def actors(
        self, frame: pl.DataFrame, columns: Sequence[str], *, table: str, system: CodeSystem = "cow", year: str = "year"
    ) -> pl.DataFrame:
        """Return the rows whose codes are actors in their year, with the actors in the columns; count the others.

        A code is read at the end of its year, else in its middle, else at its start: a source that speaks of a year
        may mean a state that ended in it.
        """
        for column in columns:
            pairs = frame.select(column, year).unique()
            named = [_actor_of(system, code, when) for code, when in pairs.iter_rows()]
            found = pairs.with_columns(pl.Series("_actor", named, dtype=pl.String))
            frame = frame.join(found, on=[column, year], how="left", nulls_equal=True, maintain_order="left")
            missing = frame.filter(pl.col("_actor").is_null())
            self.leave_out(missing, column, table=table, reason=f"no actor holds this {system} code in the year")
            frame = frame.filter(pl.col("_actor").is_not_null()).drop(column).rename({"_actor": column})
        if len(columns) == 2:
            same = pl.col(columns[0]) == pl.col(columns[1])
            reason = "both codes mean the same actor in the year"
            self.leave_out(frame.filter(same), columns[0], table=table, reason=reason)
            frame = frame.filter(~same)
        return frame

    def named(self, frame: pl.DataFrame, column: str, *, value: str, table: str) -> pl.DataFrame:
        """Return the rows in which a source's own reading of a name gave an actor; count the others."""
        missing = frame.filter(pl.col(column).is_null())
        self.leave_out(missing, value, table=table, reason="the source's name means no actor")
        return frame.filter(pl.col(column).is_not_null())


@dataclass(frozen=True, kw_only=True)
class Built:
    """The rows of one kind from one table."""

    frame: pl.DataFrame
    origin: Origin


def _actor_of(system: CodeSystem, code: float | str | None, year: int | None) -> str | None:
    if code is None or year is None or (isinstance(code, float) and code != code):  # noqa: PLR0124 - nan
        return None
    text = code if isinstance(code, str) else str(int(code))
    return dated_actor_or_none(system, text, days=days_of_year(int(year)))


def year_start(year: pl.Expr) -> pl.Expr:
    """Return the first day of a year."""
    return pl.date(year, 1, 1)


def year_end(year: pl.Expr) -> pl.Expr:
    """Return the last day of a year."""
    return pl.date(year, 12, 31)


def no_ties() -> pl.DataFrame:
    """Return the table of ties without rows."""
    return pl.DataFrame(schema=SCHEMA)


def finished(frame: pl.DataFrame, *, kind: str, origin: Origin, directed: bool = False) -> pl.DataFrame:
    """Return rows in the schema of ties.

    Parameters
    ----------
    frame
        `actor_a`, `actor_b`, `start`, `end`, `precision`, `strength`; `amount`, `label` and `known` where there are
        any. Undirected pairs are put into alphabetical order; a tie of an actor with itself is left out.
    kind
        A kind of tie.
    origin
        Where the rows come from.
    directed
        Whether the tie goes from `actor_a` to `actor_b`.

    Raises
    ------
    EngineError
        When a strength lies outside [0, 1], or an end before its start: a builder's fault, not the data's.
    """
    extra = {"amount": pl.lit(None, pl.Float64), "label": pl.lit("")}
    frame = frame.with_columns(**{name: value for name, value in extra.items() if name not in frame.columns})
    if "known" not in frame.columns:
        frame = frame.with_columns(known=_known(origin))
    if not directed:
        frame = frame.with_columns(
            actor_a=pl.min_horizontal("actor_a", "actor_b"), actor_b=pl.max_horizontal("actor_a", "actor_b")
        )
    frame = frame.filter(pl.col("actor_a") != pl.col("actor_b")).with_columns(
        directed=pl.lit(directed),
        kind=pl.lit(kind),
        unit=pl.lit(KINDS[kind].unit),
        source_table=pl.lit(origin.table),
        source=pl.lit(origin.source),
        version=pl.lit(origin.version),
        use=pl.lit(origin.use),
    )
    rows = frame.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    faulty = rows.filter(
        ~pl.col("strength").is_between(0, 1) | pl.col("strength").is_nan() | (pl.col("end") < pl.col("start"))
    )
    if not faulty.is_empty():
        raise EngineError(f"The {kind} ties of {origin.table} came out wrong: {faulty.row(0, named=True)}.")
    return rows


def _known(origin: Origin) -> pl.Expr:
    """Return the day on which the source had said so: the end of the start's period plus its usual lag."""
    if origin.released is not None:
        return pl.lit(origin.released)
    period_end = (
        pl.when(pl.col("precision") == "year")
        .then(year_end(pl.col("start").dt.year()))
        .when(pl.col("precision") == "month")
        .then(pl.col("start").dt.month_end())
        .otherwise(pl.col("start"))
    )
    lagged = period_end + pl.duration(days=origin.lag_days)
    return pl.coalesce(lagged, pl.lit(origin.first))
