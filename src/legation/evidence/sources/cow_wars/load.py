"""Source: the wars of the Correlates of War project: between states, within states, and by directed dyad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from legation.errors import SourceError
from legation.evidence.forms import read_form
from legation.evidence.layouts import needs, numbers
from legation.evidence.participants import earliest_day, latest_day, opponents

if TYPE_CHECKING:
    from pathlib import Path

    from legation.evidence.description import Form, SourceDescription
    from legation.evidence.reading import SourceFiles

__all__ = ["load"]

_PARTS = ("Month", "Day", "Year")
_PHASES = (1, 2)
_INITIATOR = 1


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return wars between states, within states and by directed dyad, as far as their files are there."""
    return files.all_declared(readers={"Inter-StateWarData_v4.0.csv": _pairs_at_war})


def _pairs_at_war(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Make directed dyad-years of the publisher's list of participants, which has two phases of a war in one row."""
    dates = tuple(f"{end}{part}{phase}" for phase in _PHASES for end in ("Start", "End") for part in _PARTS)
    columns = ("WarNum", "ccode", "Side", *dates, "Initiator", "Outcome", "BatDeath")
    raw = numbers(needs(read_form(path, form, description), columns, path), columns, path)
    phases = pl.concat([_phase(raw, phase) for phase in _PHASES])
    if not phases.height:
        raise SourceError(f"{path} holds no participation with a year.", remedy="Check that the file is whole.")
    parts = phases.with_columns((pl.col("Initiator") == _INITIATOR).cast(pl.Int64).alias("initiator"))
    # A state that joins only the later part of a war has it as its first phase: any two phases may meet.
    resumed = ((pl.col("phase1") > 1) | (pl.col("phase2") > 1)).cast(pl.Int64).alias("resume")
    kept = ("Side", "initiator", "Outcome", "BatDeath", "phase")
    always = pl.lit(value=True)
    return _named(opponents(parts, event="WarNum", side="Side", kept=kept, by_days=always, path=path, apart=resumed))


def _phase(raw: pl.DataFrame, phase: int) -> pl.DataFrame:
    start, end = ((f"{which}Year{phase}", f"{which}Month{phase}", f"{which}Day{phase}") for which in ("Start", "End"))
    fought = raw.filter(pl.col(start[0]) > 0)
    return fought.select(
        "WarNum", "ccode", "Side", "Initiator", "Outcome", "BatDeath", pl.lit(phase).alias("phase"),
        earliest_day(*start).alias("start"), latest_day(*end).alias("end"),
    )  # fmt: skip


def _named(pairs: pl.DataFrame) -> pl.DataFrame:
    """Name the columns as the table does; the publisher codes one outcome for a war, which its first phase carries."""
    pairs = pairs.rename({"WarNum": "warnum", "onset": "cowinteronset", "Side1": "sidea1", "Side2": "sidea2"})
    first_phase = pl.col("resume") == 0
    outcomes = [pl.when(first_phase).then(pl.col(f"Outcome{side}")).alias(f"outcome{side}") for side in (1, 2)]
    deaths = [pl.col(f"BatDeath{side}").cast(pl.Float64).alias(f"batdeath{side}") for side in (1, 2)]
    going = pl.lit(1, dtype=pl.Int64).alias("cowinterongoing")
    return pairs.with_columns(going, *outcomes, *deaths).drop(
        "Outcome1", "Outcome2", "BatDeath1", "BatDeath2", "phase1", "phase2"
    )
