"""Verbs that read what is known of states: capabilities, democracy, income, threat, composition, terrain."""

from __future__ import annotations

import polars as pl

from legation.errors import InputError
from legation.evidence.panel.crosswalk import crosswalk
from legation.evidence.panel.lookup import Spells
from legation.evidence.panel.systems import CODE, OTHER
from legation.evidence.panel.types import pick
from legation.evidence.panel.verbs.base import EVERY, Added, Context, Source, Verb

__all__ = ["VERBS"]

_NMC = {
    "milex": "military expenditure, thousands of current GBP to 1913, of current USD after",
    "milper": "military personnel, thousands",
    "irst": "iron and steel production, thousands of tons",
    "pec": "primary energy consumption, thousands of coal-ton equivalents",
    "tpop": "total population, thousands",
    "upop": "urban population, thousands",
    "cinc": "Composite Index of National Capability, a share of the system's total",
}
_DEMOCRACY = {
    "euds": "extended Unified Democracy Scores estimate",
    "aeuds": "the same, adjusted so that 0 is the cut between democracies and others",
    "polity2": "Polity score, -10 to 10",
    "v2x_polyarchy": "V-Dem electoral democracy index, 0 to 1",
}
_GDP = {
    "mrgdppc": "simulated real GDP per capita, mean",
    "sd_mrgdppc": "the same, standard deviation",
    "pwtrgdp": "simulated real GDP, millions, mean",
    "sd_pwtrgdp": "the same, standard deviation",
    "pwtpop": "simulated population, millions, mean",
    "sd_pwtpop": "the same, standard deviation",
}
_THREAT = {
    "lterrthreat": "latent territorial threat, mean",
    "sd": "standard deviation",
    "lwr": "lower bound",
    "upr": "upper bound",
    "m_lterrthreat": "latent territorial threat by the publisher's second model, mean",
    "m_sd": "its standard deviation",
    "m_lwr": "its lower bound",
    "m_upr": "its upper bound",
}
_CREG = {
    "ethfrac": "ethnic fractionalisation, 0 to 1",
    "ethpol": "ethnic polarisation, 0 to 1",
    "relfrac": "religious fractionalisation, 0 to 1",
    "relpol": "religious polarisation, 0 to 1",
}


def _plain(ctx: Context, table: str, meanings: dict[str, str]) -> Added:
    frame = ctx.table(table, ("ccode", "year", *meanings))
    return ctx.states(Source(table=table, frame=frame, columns={name: name for name in meanings}, meanings=meanings))


def _nmc(ctx: Context) -> Added:
    return _plain(ctx, "cow_nmc", _NMC)


def _democracy(ctx: Context) -> Added:
    return _plain(ctx, "democracy_cow_year", _DEMOCRACY)


def _gdp(ctx: Context) -> Added:
    return _plain(ctx, "gdp_pop_cow_year", _GDP)


def _threat(ctx: Context) -> Added:
    return _plain(ctx, "terrthreat", _THREAT)


def _creg(ctx: Context) -> Added:
    """Read the composition of groups; several of its states are one state of the system in some years.

    The source codes the parts of Yugoslavia and of the Soviet Union beside the whole. The rule `largest` takes, for
    each column, the largest value among them; `refuse` reports them instead.
    """
    code = CODE[ctx.rows.system]
    frame = ctx.table("creg", (code, "year", *_CREG)).filter(pl.col(code).is_not_null())
    if pick(ctx.text("several"), ("largest", "refuse"), what="rule for states coded several times") == "largest":
        frame = frame.group_by(code, "year", maintain_order=True).agg(pl.col(name).max() for name in _CREG)
    return ctx.states(
        Source(
            table="creg",
            frame=frame,
            columns={name: name for name in _CREG},
            coding=ctx.rows.system,
            meanings=_CREG,
            note="Where the source codes parts beside the whole, the largest value counts.",
        )
    )


def _majors(ctx: Context) -> Added:
    needs = ("ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday")
    frame = ctx.table("cow_majors", needs).select(
        "ccode",
        start=pl.date("styear", "stmonth", "stday"),
        end=pl.date("endyear", "endmonth", "endday"),
        cowmaj=pl.lit(1, dtype=pl.Int8),
    )
    return ctx.states(
        Source(
            table="cow_majors",
            frame=frame,
            columns={"cowmaj": "cowmaj"},
            zeros=("cowmaj",),
            spells=Spells(start="start", end="end"),
            meanings={"cowmaj": "1 if a major power on some day of the period"},
        )
    )


def _codes(ctx: Context) -> Added:
    """Add the other system's number, and where the rows are Gleditsch-Ward states, whether they are microstates."""
    other = OTHER[ctx.rows.system]
    walk = crosswalk(ctx.rows.system, ctx.reader, first=ctx.rows.first, last=ctx.rows.last)
    mine, theirs = CODE[ctx.rows.system], CODE[other]
    frame = pl.DataFrame({mine: walk.code, "year": walk.year, theirs: walk.other})
    added = ctx.states(
        Source(
            table=walk.table,
            frame=frame,
            columns={theirs: theirs},
            coding=ctx.rows.system,
            meanings={theirs: f"the state's number in the other system ({other}) that year"},
        )
    )
    if ctx.rows.system == "gw" and ctx.reader.has("gw_system"):
        states = ctx.table("gw_system", ("gwcode", "microstate")).group_by("gwcode").agg(pl.col("microstate").max())
        added = added.and_(
            ctx.states(
                Source(
                    table="gw_system",
                    frame=states,
                    columns={"microstate": "microstate"},
                    coding="gw",
                    timeless=True,
                    meanings={"microstate": "1 for a microstate"},
                )
            )
        )
    return added


def _rugged(ctx: Context) -> Added:
    code = CODE[ctx.rows.system]
    frame = ctx.table("ruggedness", (code, "rugged", "newlmtnest")).filter(pl.col(code).is_not_null())
    return ctx.states(
        Source(
            table="ruggedness",
            frame=frame,
            columns={"rugged": "rugged", "newlmtnest": "newlmtnest"},
            coding=ctx.rows.system,
            timeless=True,
            meanings={
                "rugged": "terrain ruggedness index",
                "newlmtnest": "natural logarithm of the share of mountainous terrain",
            },
            note="Measured about the year 2000 and taken not to change.",
        )
    )


def _onsets(ctx: Context) -> Added:
    """Sum new conflicts and episodes of a state-year, from UCDP's own table or counted from its conflict-years."""
    names = {f"sumonset{gap}": gap for gap in (1, 2, 3, 5, 10)}
    if ctx.reader.has("ucdp_onsets"):
        table, frame = "ucdp_onsets", ctx.table("ucdp_onsets", ("gwcode", "year", "sumnewconf", *names))
    else:
        table = "ucdp_acd"
        years = _primary_parties(ctx.table(table, ("conflict_id", "year", "gwno_a", "gwno_b")))
        since = (pl.col("year") - pl.col("year").shift(1).over("gwcode", "conflict_id", order_by="year")).alias("gap")
        new = pl.col("gap").is_null()
        frame = (
            years.with_columns(since)
            .group_by("gwcode", "year")
            .agg(
                new.sum().cast(pl.Int32).alias("sumnewconf"),
                *((new | (pl.col("gap") > gap)).sum().cast(pl.Int32).alias(name) for name, gap in names.items()),
            )
        )
    meanings = {"sumnewconf": "new conflicts of the state as a primary party"} | {
        name: f"new conflicts, or episodes more than {gap} years after the last" for name, gap in names.items()
    }
    columns = {name: name for name in meanings}
    return ctx.states(
        Source(table=table, frame=frame, columns=columns, coding="gw", zeros=tuple(columns), meanings=meanings)
    )


def _primary_parties(frame: pl.DataFrame) -> pl.DataFrame:
    sides = [
        frame.select("conflict_id", "year", pl.col(side).cast(pl.Int64, strict=False).alias("gwcode"))
        for side in ("gwno_a", "gwno_b")
    ]
    return pl.concat(sides).drop_nulls("gwcode").unique().sort("gwcode", "conflict_id", "year")


def _armed_conflict(ctx: Context) -> Added:
    """Summarise armed conflicts of a state-year as a primary party: government of the country, or other state."""
    needs = ("conflict_id", "year", "gwno_a", "gwno_b", "intensity_level", "type_of_conflict", "incompatibility")
    frame = ctx.table("ucdp_acd", (*needs, "start_date2"))
    kinds = ("extrasystemic", "interstate", "intrastate", "II")
    issues = ("territory", "government", "both")
    wanted = tuple(pick(word, kinds, what="type of conflict") for word in ctx.words("types"))
    about = tuple(pick(word, issues, what="issue") for word in ctx.words("issues"))
    frame = frame.filter(
        pl.col("type_of_conflict").cast(pl.String).is_in(wanted)
        & pl.col("incompatibility").cast(pl.String).is_in(about)
    )
    if pick(ctx.text("intensity"), ("any", "war"), what="intensity") == "war":
        frame = frame.filter(pl.col("intensity_level") == 2)
    if frame.is_empty():
        raise InputError("No armed conflict is of the types, issues and intensity that were asked for.")
    started = pl.col("start_date2").cast(pl.String).str.slice(0, 4).cast(pl.Int64, strict=False)
    frame = frame.with_columns(onset=(started == pl.col("year")).fill_null(value=False))
    parties = [
        frame.select(
            "conflict_id", "year", "intensity_level", "onset", pl.col(side).cast(pl.Int64, strict=False).alias("gwcode")
        )
        for side in ("gwno_a", "gwno_b")
    ]
    yearly = (
        pl.concat(parties)
        .drop_nulls("gwcode")
        .group_by("gwcode", "year")
        .agg(
            pl.lit(1, dtype=pl.Int8).alias("ucdpongoing"),
            pl.col("onset").any().cast(pl.Int8).alias("ucdponset"),
            pl.col("intensity_level").max().cast(pl.Int8).alias("maxintensity"),
            pl.col("conflict_id").unique().sort().cast(pl.String).str.join("; ").alias("conflict_ids"),
        )
    )
    meanings = {
        "ucdpongoing": "1 if an armed conflict went on",
        "ucdponset": "1 if an episode of one began",
        "maxintensity": "1 minor (25 to 999 deaths), 2 war; missing without a conflict",
        "conflict_ids": "UCDP numbers of the conflicts",
    }
    return ctx.states(
        Source(
            table="ucdp_acd",
            frame=yearly,
            columns={name: name for name in meanings},
            coding="gw",
            zeros=("ucdpongoing", "ucdponset"),
            meanings=meanings,
        )
    )


VERBS = (
    Verb(
        name="nmc",
        purpose="National material capabilities of each state.",
        units=EVERY,
        add=_nmc,
        tables=("cow_nmc",),
        published="add_nmc",
    ),
    Verb(
        name="democracy",
        purpose="Democracy scores of each state.",
        units=EVERY,
        add=_democracy,
        tables=("democracy_cow_year",),
        published="add_democracy",
    ),
    Verb(
        name="gdp_population",
        purpose="Simulated GDP and population of each state.",
        units=EVERY,
        add=_gdp,
        tables=("gdp_pop_cow_year",),
        published="add_sim_gdp_pop",
    ),
    Verb(
        name="territorial_threat",
        purpose="Latent external territorial threat to each state.",
        units=EVERY,
        add=_threat,
        tables=("terrthreat",),
        published="add_latent_territorial_threat",
    ),
    Verb(
        name="fractionalisation",
        purpose="Ethnic and religious composition of each state.",
        units=EVERY,
        add=_creg,
        tables=("creg",),
        published="add_creg_fractionalization",
        options={"several": "largest"},
    ),
    Verb(
        name="majors",
        purpose="Whether each state is a major power.",
        units=EVERY,
        add=_majors,
        tables=("cow_majors",),
        published="add_cow_majors",
    ),
    Verb(
        name="codes",
        purpose="The number of each state in the other system.",
        units=EVERY,
        add=_codes,
        tables=("cow_gw_years", "gw_cow_years"),
        published="add_ccode_to_gw, add_gwcode_to_cow",
    ),
    Verb(
        name="ruggedness",
        purpose="How rugged and mountainous each state is.",
        units=EVERY,
        add=_rugged,
        tables=("ruggedness",),
        published="add_rugged_terrain",
    ),
    Verb(
        name="armed_conflict",
        purpose="UCDP armed conflicts of each state.",
        units=EVERY,
        add=_armed_conflict,
        tables=("ucdp_acd",),
        published="add_ucdp_acd",
        options={
            "types": ("extrasystemic", "interstate", "intrastate", "II"),
            "issues": ("territory", "government", "both"),
            "intensity": "any",
        },
    ),
    Verb(
        name="conflict_onsets",
        purpose="UCDP conflict onsets of each state, by years since the last.",
        units=EVERY,
        add=_onsets,
        tables=("ucdp_onsets", "ucdp_acd"),
        published="add_ucdp_onsets",
    ),
)
