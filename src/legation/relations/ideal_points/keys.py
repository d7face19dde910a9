"""Which of its two published names a table calls a resolution by: rcid and resid are never the same number."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from legation.errors import InputError
from legation.evidence.own import OwnColumn, read_own_table

__all__ = ["crosswalk_for"]

_NAMES = ("resolution", "resid", "rcid")


def crosswalk_for(table: Path, *, votes: Path, crosswalk: pl.DataFrame | None) -> pl.DataFrame | None:
    """Return the crosswalk that a table of bridges, issues or roll calls needs to meet the votes; nothing if none.

    Parameters
    ----------
    table
        The table that names resolutions.
    votes
        The table of votes; when it has both rcid and resid, it is a crosswalk itself.
    crosswalk
        Columns rcid, resolution, where the user named one.

    Raises
    ------
    InputError
        When one is keyed by rcid, the other by resid, and nothing says which is which.
    """
    named, voted = _names(table), _names(votes)
    if "resolution" in voted or "resolution" in named:
        return crosswalk if "rcid" in named else None
    if "rcid" not in named or "resid" not in voted:
        if "resid" in named and "resid" not in voted:
            raise InputError(
                f"{table} names resolutions by resid, {votes} by rcid; the two are never the same number.",
                remedy=f"Name them by rcid in {table}.",
            )
        return None
    if crosswalk is not None:
        return crosswalk
    if "rcid" in voted:
        both = tuple(OwnColumn(name=name, type=pl.String, meaning="the resolution") for name in ("rcid", "resid"))
        return read_own_table(votes, both).unique(maintain_order=True).rename({"resid": "resolution"})
    raise InputError(
        f"{table} names resolutions by rcid, {votes} by resid; the two are never the same number.",
        remedy="Name a table with both by --crosswalk.",
    )


def _names(path: Path) -> set[str]:
    """Return by which names a table calls resolutions; rcid1 counts as rcid."""
    columns = [
        OwnColumn(name=f"{name}{end}", type=pl.String, meaning="a resolution", required=False, nullable=True)
        for name in _NAMES
        for end in ("", "1")
    ]
    return {name.removesuffix("1") for name in read_own_table(path, columns).columns}
