"""Resolutions on the same text: they share one item and so link the sessions they were voted in."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from legation.errors import InputError
from legation.evidence.own import OwnColumn, read_own_table

__all__ = ["BRIDGES", "CROSSWALK", "bridge_items", "pairs_with_votes", "read_bridges", "read_crosswalk"]

BRIDGES = (
    OwnColumn(name="resolution1", type=pl.String, meaning="a resolution", aliases=("rcid1", "resid1")),
    OwnColumn(name="resolution2", type=pl.String, meaning="another on the same text", aliases=("rcid2", "resid2")),
)
CROSSWALK = (
    OwnColumn(name="rcid", type=pl.String, meaning="the resolution as bridges, issues and roll calls name it"),
    OwnColumn(name="resolution", type=pl.String, meaning="the resolution as the votes name it", aliases=("resid",)),
)


def read_crosswalk(path: Path) -> pl.DataFrame:
    """Read which name of a resolution is which: columns rcid, resolution (or resid).

    Raises
    ------
    InputError
        When a name leads to two resolutions.
    """
    frame = read_own_table(path, CROSSWALK).unique(maintain_order=True)
    for column in ("rcid", "resolution"):
        twice = frame.filter(pl.col(column).is_duplicated())
        if twice.height:
            raise InputError(
                f"{path}: {column} {twice[column][0]} stands in two rows that differ.",
                remedy="Leave one of them: a crosswalk is one to one.",
            )
    return frame


def read_bridges(path: Path, *, crosswalk: pl.DataFrame | None = None) -> pl.DataFrame:
    """Read pairs of resolutions on the same text: columns resolution1, resolution2 (or rcid1, rcid2 with a crosswalk).

    A pair whose members the crosswalk does not know is left out.
    """
    pairs = read_own_table(path, BRIDGES)
    if crosswalk is None:
        return pairs
    for column in ("resolution1", "resolution2"):
        pairs = pairs.join(
            crosswalk.rename({"rcid": column, "resolution": f"_{column}"}),
            on=column,
            how="inner",
            maintain_order="left",
        )
    return pairs.select(resolution1="_resolution1", resolution2="_resolution2")


def pairs_with_votes(pairs: pl.DataFrame, resolutions: pl.Series) -> pl.DataFrame:
    """Return the pairs whose both members are among the resolutions, each once."""
    known = resolutions.unique().implode()
    both = pairs.filter(pl.col("resolution1").is_in(known) & pl.col("resolution2").is_in(known))
    return both.filter(pl.col("resolution1") != pl.col("resolution2")).unique(maintain_order=True)


def bridge_items(resolutions: pl.Series, *, pairs: pl.DataFrame | None) -> pl.Series:
    """Return the item of every resolution: the first of those it is bridged with, in the order given.

    Chains count: when 1 is bridged with 5 and 5 with 9, all three are one item.
    """
    order = {name: place for place, name in enumerate(resolutions.to_list())}
    parent = {name: name for name in order}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    if pairs is not None:
        for one, other in pairs.select("resolution1", "resolution2").iter_rows():
            first, second = sorted((root(one), root(other)), key=order.__getitem__)
            parent[second] = first
    return pl.Series("item", [root(name) for name in order], dtype=pl.String)
