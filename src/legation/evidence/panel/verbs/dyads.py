"""Verbs that read what is known of pairs of states; on panels of states they count or take the nearest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from legation.evidence.panel.lookup import Lookup, Spells
from legation.evidence.panel.rows import Rows, dyad_rows
from legation.evidence.panel.systems import CODE, state_spells
from legation.evidence.panel.tables import with_dates
from legation.evidence.panel.types import pick
from legation.evidence.panel.verbs.base import DYADS, EVERY, Added, Context, Source, Verb

__all__ = ["EARTH_RADIUS_KM", "VERBS", "great_circle_km"]

EARTH_RADIUS_KM = 6378.137
"""The equatorial radius of WGS 84, which the field's published capital distances use."""

_ATOP = {
    "atop_defense": "1 if the first state promises the second defence",
    "atop_offense": "1 if it promises to join an attack",
    "atop_neutral": "1 if it promises neutrality",
    "atop_nonagg": "1 if it promises not to attack",
    "atop_consul": "1 if it promises to consult",
}
_TYPES = ("positional", "spatial", "ideological", "interventionary", "principal", "aprin")
# Austria-Hungary (300) left the system in November 1918; the rivals' list keeps its number for Austria (305).
_SUCCESSORS = {300: (305, 1919)}


def _alliances(ctx: Context) -> Added:
    frame = ctx.table("atop_ddy", ("ccode1", "ccode2", "year", *_ATOP))
    frame = frame.with_columns(pl.lit(1, dtype=pl.Int8).alias("atop_alliance"))
    meanings = {"atop_alliance": "1 if the two have any alliance that the source lists", **_ATOP}
    columns = {name: name for name in meanings}
    return ctx.dyads(Source(table="atop_ddy", frame=frame, columns=columns, zeros=tuple(columns), meanings=meanings))


def _contiguity(ctx: Context) -> Added:
    rule = pick(ctx.text("changes"), ("first", "last"), what="rule for years in which contiguity changes")
    frame = ctx.table("cow_contdir", ("ccode1", "ccode2", "conttype", "stdate", "enddate"))
    frame = with_dates(frame, ("stdate", "enddate"), table="cow_contdir")
    source = Source(
        table="cow_contdir",
        frame=frame,
        columns={"conttype": "conttype"},
        zeros=("conttype",),
        spells=Spells(start="stdate", end="enddate", rule=rule),
        meanings={"conttype": "1 land or river, 2 to 12 miles of water, 3 to 24, 4 to 150, 5 to 400; 0 none of these"},
        note=f"Of several types in a year, the {rule} counts.",
    )
    if ctx.rows.second_state is not None:
        return ctx.dyads(source)
    held = _all_pairs(ctx, source)
    kinds = {"land": pl.col("conttype") == 1, "sea": pl.col("conttype") > 1}
    counts = held.group_by("code", "year").agg(
        pl.when(pl.col("conttype").is_not_null().any()).then(kind.sum()).alias(name) for name, kind in kinds.items()
    )
    meanings = {"land": "states across a land border", "sea": "states within 400 miles of water"}
    return _back(ctx, "cow_contdir", counts, meanings)


def _capital_distance(ctx: Context) -> Added:
    rule = pick(ctx.text("moves"), ("first", "last"), what="rule for years in which a capital moves")
    code = CODE[ctx.rows.system]
    table = f"{ctx.rows.system}_capitals"
    frame = with_dates(ctx.table(table, (code, "stdate", "enddate", "lat", "lng")), ("stdate", "enddate"), table=table)
    frame = frame.select(code, "stdate", "enddate", "lat", "lng").with_row_index("place")
    source = Source(
        table=table,
        frame=frame,
        columns={"place": "place"},
        coding=ctx.rows.system,
        spells=Spells(start="stdate", end="enddate", rule=rule),
    )
    one_to_one = _distances(frame)
    meaning = "great-circle distance between the capitals, km"
    if ctx.rows.second_state is None:
        pairs = _every_dyad(ctx)
        found = Lookup(pairs, ctx.reader).by_state(
            frame, {"place": "place"}, table=table, coding=ctx.rows.system, spells=source.spells
        )
        distance = _between(found["place1"], found["place2"], one_to_one)
        held = _of_pairs(pairs, distance.alias("mincapdist"))
        nearest = held.group_by("code", "year").agg(pl.col("mincapdist").min())
        return _back(ctx, table, nearest, {"mincapdist": f"the smallest {meaning}, to any other member"})
    placed = ctx.states(source)
    distance = _between(placed.series["place1"], placed.series["place2"], one_to_one)
    facts = placed.columns[0]
    column = ctx.column(
        "capdist",
        table=table,
        meaning=meaning,
        published="capdist",
        first=facts.first,
        last=facts.last,
        resolution=facts.resolution,
        note=f"Of several capitals in a year, the {rule} counts.",
    )
    return Added(series={"capdist": distance.alias("capdist")}, columns=(column,))


def great_circle_km(latitude: npt.NDArray[np.float64], longitude: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the distances between all pairs of places on a sphere, by Vincenty's formula for equal axes.

    Parameters
    ----------
    latitude, longitude : array of shape (places,)
        Degrees.

    Returns
    -------
    array of shape (places, places)
        Kilometres.
    """
    phi, lam = np.radians(latitude), np.radians(longitude)
    delta = lam[:, None] - lam[None, :]
    sin1, cos1 = np.sin(phi)[:, None], np.cos(phi)[:, None]
    sin2, cos2 = np.sin(phi)[None, :], np.cos(phi)[None, :]
    across = np.hypot(cos2 * np.sin(delta), cos1 * sin2 - sin1 * cos2 * np.cos(delta))
    along = sin1 * sin2 + cos1 * cos2 * np.cos(delta)
    return np.asarray(EARTH_RADIUS_KM * np.arctan2(across, along), dtype=np.float64)


def _distances(capitals: pl.DataFrame) -> npt.NDArray[np.float64]:
    """Return distances between all capitals, with a last row and column of missing ones."""
    known = great_circle_km(
        capitals.get_column("lat").cast(pl.Float64).to_numpy(), capitals.get_column("lng").cast(pl.Float64).to_numpy()
    )
    return np.pad(known, (0, 1), constant_values=np.nan)


def _between(one: pl.Series, two: pl.Series, distances: npt.NDArray[np.float64]) -> pl.Series:
    size = np.int32(len(distances))
    left, right = (side.cast(pl.Int32).fill_null(-1).to_numpy() for side in (one, two))
    cells = np.where(left < 0, size - 1, left) * size + np.where(right < 0, size - 1, right)
    return pl.Series("capdist", distances.ravel()[cells], nan_to_null=True)


def _igos(ctx: Context) -> Added:
    if ctx.rows.second_state is not None:
        frame = ctx.table("cow_igo_ndy", ("ccode1", "ccode2", "year", "dyadigos"))
        return ctx.dyads(
            Source(
                table="cow_igo_ndy",
                frame=frame,
                columns={"dyadigos": "dyadigos"},
                mirror={},
                meanings={"dyadigos": "organisations of which both are full members"},
            )
        )
    meanings = {
        "sum_igo_full": "full memberships",
        "sum_igo_associate": "associate memberships",
        "sum_igo_observer": "observer seats",
        "sum_igo_anytype": "memberships of any type",
    }
    frame = ctx.table("cow_igo_sy", ("ccode", "year", *meanings))
    return ctx.states(
        Source(table="cow_igo_sy", frame=frame, columns={name: name for name in meanings}, meanings=meanings)
    )


def _trade(ctx: Context) -> Added:
    if ctx.rows.second_state is not None:
        meanings = {
            "flow1": "imports of the first state from the second, millions of current USD",
            "flow2": "imports of the second state from the first, millions of current USD",
            "smoothflow1": "the first flow, smoothed by the publisher",
            "smoothflow2": "the second flow, smoothed by the publisher",
        }
        frame = ctx.table("cow_trade_ndy", ("ccode1", "ccode2", "year", *meanings))
        return ctx.dyads(
            Source(
                table="cow_trade_ndy",
                frame=frame,
                columns={name: name for name in meanings},
                mirror={"flow1": "flow2", "smoothflow1": "smoothflow2"},
                meanings=meanings,
            )
        )
    totals = {"imports": "imports, millions of current USD", "exports": "exports, millions of current USD"}
    frame = ctx.table("cow_trade_sy", ("ccode", "year", *totals))
    return ctx.states(
        Source(table="cow_trade_sy", frame=frame, columns={name: name for name in totals}, meanings=totals)
    )


def _minimum_distance(ctx: Context) -> Added:
    frame = ctx.table("cow_mindist", ("ccode1", "ccode2", "year", "mindist"))
    source = Source(
        table="cow_mindist",
        frame=frame,
        columns={"mindist": "mindist"},
        mirror={},
        meanings={"mindist": "distance between the nearest points of the two states, km"},
    )
    if ctx.rows.second_state is not None:
        return ctx.dyads(source)
    held = _all_pairs(ctx, source).rename({"mindist": "minmindist"})
    nearest = held.group_by("code", "year").agg(pl.col("minmindist").min())
    return _back(ctx, "cow_mindist", nearest, {"minmindist": "distance to the nearest other member, km"})


def _rivalries(ctx: Context) -> Added:
    which = pick(ctx.text("source"), ("thompson_2021", "thompson_dreyer_2012"), what="list of rivalries")
    listed = _thompson_2021(ctx) if which == "thompson_2021" else _thompson_dreyer(ctx)
    if ctx.rows.second_state is not None:
        return ctx.dyads(listed)
    kinds = [name for name in _TYPES if name in listed.columns]
    sides = [
        listed.frame.select(pl.col(f"ccode{side}").alias("ccode"), "year", "ongoingrivalry", *kinds) for side in (1, 2)
    ]
    counts = pl.concat(sides).group_by("ccode", "year").agg(pl.col("ongoingrivalry", *kinds).sum().cast(pl.Int32))
    columns = {"ongoingrivalry": "rivalries", **{name: f"{name}_rivalries" for name in kinds}}
    return ctx.states(
        Source(
            table=listed.table,
            frame=counts,
            columns=columns,
            zeros=tuple(columns),
            meanings={"ongoingrivalry": "strategic rivalries of the state that year"}
            | {name: f"rivalries with a {name} element" for name in kinds},
        )
    )


def _thompson_2021(ctx: Context) -> Source:
    frame = ctx.table("tss_rivalries", ("tssr_id", "ccode1", "ccode2", "start", "end", *_TYPES))
    years = _rivalry_years(frame.with_columns(pl.col(*_TYPES).fill_null(0).cast(pl.Int8)), "start", "end")
    meanings = {
        "tssr_id": "number of the rivalry",
        "ongoingrivalry": "1 while a strategic rivalry goes on",
        **{name: f"1 if it has a {name} element" for name in _TYPES[:4]},
        "principal": "1 if it is the principal rivalry of both",
        "aprin": "1 if it is the asymmetric principal rivalry of one",
    }
    return Source(
        table="tss_rivalries",
        frame=years,
        columns={name: name for name in meanings},
        mirror={},
        zeros=("ongoingrivalry", *_TYPES),
        meanings=meanings,
        note="After 1918 a rivalry of Austria-Hungary (300) is read as Austria's (305).",
    )


def _thompson_dreyer(ctx: Context) -> Source:
    needs = ("rivalryno", "rivalryname", "ccode1", "ccode2", "styear", "endyear", "type1", "type2", "type3")
    frame = ctx.table("td_rivalries", needs)
    flags = [
        pl.any_horizontal(pl.col(f"type{rank}").cast(pl.String).eq_missing(pl.lit(name)) for rank in (1, 2, 3))
        .cast(pl.Int8)
        .alias(name)
        for name in _TYPES[:4]
    ]
    years = _rivalry_years(frame.with_columns(flags), "styear", "endyear")
    meanings = {
        "rivalryno": "number of the rivalry",
        "rivalryname": "its name",
        "ongoingrivalry": "1 while a strategic rivalry goes on",
        "type1": "its first type",
        "type2": "its second type",
        "type3": "its third type",
        **{name: f"1 if one of its types is {name}" for name in _TYPES[:4]},
    }
    return Source(
        table="td_rivalries",
        frame=years,
        columns={name: name for name in meanings},
        mirror={},
        zeros=("ongoingrivalry", *_TYPES[:4]),
        meanings=meanings,
        note="After 1918 a rivalry of Austria-Hungary (300) is read as Austria's (305).",
    )


def _rivalry_years(frame: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    """Return one row per rivalry and year, under the code of the state that carries it on."""
    years = frame.with_columns(
        year=pl.int_ranges(pl.col(start), pl.col(end) + 1), ongoingrivalry=pl.lit(1, dtype=pl.Int8)
    ).explode("year")
    for code, (successor, since) in _SUCCESSORS.items():
        for side in ("ccode1", "ccode2"):
            moved = (pl.col(side) == code) & (pl.col("year") >= since)
            years = years.with_columns(pl.when(moved).then(successor).otherwise(pl.col(side)).alias(side))
    return years.with_columns(pl.col("ccode1", "ccode2").cast(pl.Int64))


def _every_dyad(ctx: Context) -> Rows:
    """Return all directed dyad-years of the panel's span, to summarise dyads for each state."""
    spells = state_spells(ctx.rows.system, ctx.reader, first=ctx.rows.first, last=ctx.rows.last)
    return dyad_rows(
        spells, system=ctx.rows.system, period="year", first=ctx.rows.first, last=ctx.rows.last, directed=True
    )


def _of_pairs(pairs: Rows, *series: pl.Series) -> pl.DataFrame:
    code = CODE[pairs.system]
    return pairs.keys.select(pl.col(f"{code}1").alias("code"), "year").with_columns(series)


def _all_pairs(ctx: Context, source: Source) -> pl.DataFrame:
    pairs = _every_dyad(ctx)
    wide = Context(
        verb=ctx.verb,
        rows=pairs,
        reader=ctx.reader,
        lookup=Lookup(pairs, ctx.reader),
        frame=pairs.keys,
        columns=(),
        options=ctx.options,
    )
    return _of_pairs(pairs, *wide.dyads(source).series.values())


def _back(ctx: Context, table: str, frame: pl.DataFrame, meanings: dict[str, str]) -> Added:
    """Bring figures by state and year of the panel's own system back to its rows."""
    code = CODE[ctx.rows.system]
    return ctx.states(
        Source(
            table=table,
            frame=frame.rename({"code": code}),
            columns={name: name for name in meanings},
            coding=ctx.rows.system,
            meanings=meanings,
        )
    )


VERBS = (
    Verb(
        name="alliances",
        purpose="Alliance obligations of the first state to the second.",
        units=DYADS,
        add=_alliances,
        tables=("atop_ddy",),
        published="add_atop_alliance",
    ),
    Verb(
        name="contiguity",
        purpose="Direct contiguity of a dyad; of states, how many neighbours.",
        units=EVERY,
        add=_contiguity,
        tables=("cow_contdir",),
        published="add_contiguity",
        options={"changes": "first"},
    ),
    Verb(
        name="capital_distance",
        purpose="Distance between capitals; of states, to the nearest capital.",
        units=EVERY,
        add=_capital_distance,
        tables=("cow_capitals", "gw_capitals"),
        published="add_capital_distance",
        options={"moves": "first"},
    ),
    Verb(
        name="igos",
        purpose="Shared memberships in organisations; of states, their number.",
        units=EVERY,
        add=_igos,
        tables=("cow_igo_ndy", "cow_igo_sy"),
        published="add_igos",
    ),
    Verb(
        name="trade",
        purpose="Trade of a dyad; of states, total imports and exports.",
        units=EVERY,
        add=_trade,
        tables=("cow_trade_ndy", "cow_trade_sy"),
        published="add_cow_trade",
    ),
    Verb(
        name="minimum_distance",
        purpose="Distance between the nearest points of two states.",
        units=EVERY,
        add=_minimum_distance,
        tables=("cow_mindist",),
        published="add_minimum_distance",
    ),
    Verb(
        name="rivalries",
        purpose="Strategic rivalry of a dyad; of states, how many by type.",
        units=EVERY,
        add=_rivalries,
        tables=("tss_rivalries", "td_rivalries"),
        published="add_strategic_rivalries",
        options={"source": "thompson_2021"},
    ),
)
