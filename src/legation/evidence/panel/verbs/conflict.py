"""Verbs that read disputes and wars."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from legation.errors import InputError
from legation.evidence.panel.types import pick
from legation.evidence.panel.verbs.base import EVERY, Added, Context, Option, Source, Verb
from legation.evidence.panel.whittle import DEFAULT_CHAIN, whittle

__all__ = ["VERBS"]

_BY = ("ccode1", "ccode2", "year")
_INITIATION = ("sidea-all-joiners", "sidea-with-joiners", "sidea-orig")
_DISPUTE = {
    "dispnum": "number of the dispute",
    "midongoing": "1 while a dispute goes on",
    "midonset": "1 in the year in which a dispute begins",
    "sidea1": "1 if the first state is on the side of the first action",
    "sidea2": "1 if the second state is on the side of the first action",
    "fatality1": "class of deaths of the first state: 0 none, 1 to 25, 2 to 100, 3 to 250, 4 to 500, 5 to 999, 6 more",
    "fatality2": "class of deaths of the second state",
    "fatalpre1": "deaths of the first state",
    "fatalpre2": "deaths of the second state",
    "hiact1": "highest action of the first state, 0 to 21",
    "hiact2": "highest action of the second state, 0 to 21",
    "hostlev1": "hostility of the first state: 1 none, 2 threat, 3 display, 4 use of force, 5 war",
    "hostlev2": "hostility of the second state",
    "orig1": "1 if the first state was in the dispute from its start",
    "orig2": "1 if the second state was in the dispute from its start",
    "revstate1": "1 if the first state is revisionist",
    "revstate2": "1 if the second state is revisionist",
    "revtype11": "what the first state wants to revise: 0 nothing, 1 territory, 2 policy, 3 regime, 4 other",
    "revtype12": "what the second state wants to revise",
    "revtype21": "what else the first state wants to revise",
    "revtype22": "what else the second state wants to revise",
    "fatality": "class of deaths of the whole dispute",
    "hostlev": "hostility of the whole dispute",
    "mindur": "shortest length of the dispute, days",
    "maxdur": "longest length of the dispute, days",
    "recip": "1 if both sides acted",
    "stmon": "month in which the dispute began",
}
_CODED = {
    name: (-9,)
    for name in _DISPUTE
    if name.startswith(("fatal", "hiact", "hostlev", "revstate", "revtype", "mindur", "maxdur", "stmon"))
}


def _directed_disputes(ctx: Context, project: str) -> pl.DataFrame:
    """Return directed dispute-years with what the rules need of the whole dispute."""
    if project == "gml":
        frame = ctx.table("gml_dirdisp", (*_BY, "midongoing", "midonset", *_rules_need()))
    else:
        years = ctx.table("cow_mid_dirdisps", (*_BY, "dispnum", "dispongoing", "disponset"))
        disputes = ctx.table("cow_mid_disps", ("dispnum", "fatality", "hostlev", "mindur", "maxdur", "recip", "stmon"))
        if disputes.get_column("dispnum").is_duplicated().any():
            raise InputError("Table cow_mid_disps lists a dispute twice.", remedy="Keep one row per dispute.")
        whole = disputes.select("dispnum", "fatality", "hostlev", "mindur", "maxdur", "recip", "stmon")
        frame = years.join(whole, on="dispnum", how="left", validate="m:1").rename(
            {"dispongoing": "midongoing", "disponset": "midonset"}
        )
    named = [name for name in _DISPUTE if name in frame.columns]
    return frame.select(*_BY, *named)


def _rules_need() -> tuple[str, ...]:
    return ("dispnum", "fatality", "hostlev", "mindur", "maxdur", "recip", "stmon")


def _disputes(ctx: Context, project: str) -> Added:
    table = {"gml": "gml_dirdisp", "cow": "cow_mid_dirdisps"}[project]
    disputes = _directed_disputes(ctx, project)
    rule = pick(ctx.text("initiation"), _INITIATION, what="rule for who initiates")
    disputes = disputes.with_columns(_initiates("1", rule), _initiates("2", rule))
    if ctx.rows.second_state is None:
        return _of_states(ctx, disputes, project=project, table=table)
    if not ctx.carry:  # what lies outside the panel need not be decided
        disputes = disputes.filter(pl.col("year").is_between(ctx.rows.first, ctx.rows.last))
    frame = whittle(disputes, ctx.words("whittle"), by=_BY, onset="midonset")
    meanings = dict(_DISPUTE) | {
        "init1": f"1 if the first state initiates ({rule})",
        "init2": f"1 if the second state initiates ({rule})",
    }
    wanted = [name for name in frame.columns if name not in _BY]
    if not ctx.rows.directed:
        wanted = [name for name in wanted if name not in {"init1", "init2"}]
    wanted = _kept(ctx, wanted, always=("midongoing", "midonset"))
    columns = {name: f"{project}{name}" if name in {"midongoing", "midonset"} else name for name in wanted}
    return ctx.dyads(
        Source(
            table=table,
            frame=frame,
            columns=columns,
            zeros=("midongoing", "midonset"),
            meanings=meanings,
            codes={name: codes for name, codes in _CODED.items() if name in columns},
            note=f"One dispute per dyad-year, chosen by {', '.join(ctx.words('whittle'))}.",
        )
    )


def _initiates(side: str, rule: str) -> pl.Expr:
    on_side_a, original = pl.col(f"sidea{side}") == 1, pl.col(f"orig{side}") == 1
    says = {
        "sidea-orig": on_side_a & original,
        "sidea-with-joiners": on_side_a,
        "sidea-all-joiners": on_side_a | ~original,
    }[rule]
    return says.cast(pl.Int8).alias(f"init{side}")


def _of_states(ctx: Context, disputes: pl.DataFrame, *, project: str, table: str) -> Added:
    onset, ongoing, started = pl.col("midonset") == 1, pl.col("midongoing") == 1, pl.col("init1") == 1
    says: Mapping[str, tuple[pl.Expr, str]] = {
        f"{project}midongoing": (ongoing.any(), "1 while a dispute of the state goes on"),
        f"{project}midonset": (onset.any(), "1 if a dispute of the state begins"),
        f"{project}midongoing_init": ((ongoing & started).any(), "1 while a dispute that the state initiated goes on"),
        f"{project}midonset_init": ((onset & started).any(), "1 if a dispute that the state initiates begins"),
    }
    counts = (
        disputes.group_by(pl.col("ccode1").alias("ccode"), "year")
        .agg(
            *(expr.cast(pl.Int8).alias(name) for name, (expr, _) in says.items()),
            pl.col("dispnum").n_unique().cast(pl.Int32).alias(f"{project}mids"),
        )
        .sort("ccode", "year")
    )
    meanings = {name: meaning for name, (_, meaning) in says.items()} | {f"{project}mids": "disputes of the state"}
    columns = {name: name for name in meanings}
    return ctx.states(
        Source(
            table=table,
            frame=counts,
            columns=columns,
            zeros=tuple(columns),
            meanings=meanings,
            note="A leader's row shows the state's year." if ctx.rows.unit == "leader" else "",
        )
    )


def _kept(ctx: Context, names: list[str], *, always: tuple[str, ...]) -> list[str]:
    keep = ctx.words("keep")
    if keep == ("all",):
        return names
    unknown = [name for name in keep if name not in names and name != "none"]
    if unknown:
        raise InputError(
            f"{ctx.verb} has no column {unknown[0]!r}.", remedy=f"Keep some of: {', '.join(names)}; or all, or none."
        )
    return [name for name in names if name in keep or name in always]


def _cow(ctx: Context) -> Added:
    return _disputes(ctx, "cow")


def _gml(ctx: Context) -> Added:
    return _disputes(ctx, "gml")


_WAR = {
    "warnum": "number of the war",
    "cowinterongoing": "1 while an inter-state war goes on",
    "cowinteronset": "1 in the year in which it begins",
    "sidea1": "side of the first state: 1 or 2",
    "sidea2": "side of the second state: 1 or 2",
    "initiator1": "1 if the first state initiated it",
    "initiator2": "1 if the second state initiated it",
    "outcome1": "outcome for the first state: 1 won, 2 lost, 3 compromise, 4 became another war, 5 goes on, "
    "6 stalemate, 7 continues below war, 8 changed sides",
    "outcome2": "outcome for the second state",
    "batdeath1": "battle deaths of the first state in the war",
    "batdeath2": "battle deaths of the second state in the war",
    "resume": "1 if it resumes an earlier phase",
}


def _wars(ctx: Context) -> Added:
    """Read inter-state wars; of several in a dyad-year an onset counts, then the deadliest, then the first listed."""
    frame = ctx.table("cow_war_inter", (*_BY, *_WAR))
    frame = frame.with_columns(
        pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name) for name in ("batdeath1", "batdeath2")
    )
    deaths = pl.col("batdeath1").fill_null(0) + pl.col("batdeath2").fill_null(0)
    if ctx.rows.second_state is None:
        yearly = (
            frame.group_by(pl.col("ccode1").alias("ccode"), "year")
            .agg(
                pl.lit(1, dtype=pl.Int8).alias("cowinterongoing"),
                pl.col("cowinteronset").max().cast(pl.Int8),
                pl.col("warnum").n_unique().cast(pl.Int32).alias("cowinterwars"),
            )
            .sort("ccode", "year")
        )
        meanings = {
            "cowinterongoing": "1 while the state is in an inter-state war",
            "cowinteronset": "1 if it enters one",
            "cowinterwars": "inter-state wars of the state",
        }
        columns = {name: name for name in meanings}
        return ctx.states(
            Source(
                table="cow_war_inter",
                frame=yearly,
                columns=columns,
                zeros=tuple(columns),
                meanings=meanings,
                last=ctx.reader.facts("cow_war_inter").last,
            )
        )
    ranked = frame.with_columns(deaths.alias("deaths")).sort(
        *_BY, "cowinteronset", "deaths", descending=[False, False, False, True, True], maintain_order=True
    )
    chosen = ranked.unique(list(_BY), keep="first", maintain_order=True)
    return ctx.dyads(
        Source(
            table="cow_war_inter",
            frame=chosen,
            columns={name: name for name in _WAR},
            zeros=("cowinterongoing", "cowinteronset"),
            meanings=_WAR,
            last=ctx.reader.facts("cow_war_inter").last,
            note="Of several wars in a dyad-year an onset counts, then the deadliest, then the first listed; "
            "deaths coded below 0 are missing.",
        )
    )


_CIVIL = {
    "warnum": "number of the war",
    "warname": "name of the war",
    "wartype": "central control, or local issues",
    "cowintraongoing": "1 while an intra-state war goes on in which the state is the government side",
    "cowintraonset": "1 in the year in which it begins",
    "resume_combat": "1 if combat resumed after a pause",
    "primary_state": "1 if the state is the primary party",
    "intnl": "1 if other states took part",
    "outcome": "1 side A won, 2 side B won, 3 compromise, 4 became another war, 5 goes on, 6 stalemate, 7 below war",
    "sideadeaths": "deaths of side A",
    "sidebdeaths": "deaths of side B",
}


def _civil_wars(ctx: Context) -> Added:
    """Read intra-state wars of the primary state; of several an onset counts, then the deadliest, then the first."""
    kinds = {
        "all": ("central control", "local issues"),
        "central control": ("central control",),
        "local issues": ("local issues",),
    }
    kind = pick(ctx.text("type"), tuple(kinds), what="type of intra-state war")
    frame = ctx.table("cow_war_intra", ("ccodea", "year", *_CIVIL))
    frame = frame.filter(
        pl.col("wartype").cast(pl.String).is_in(kinds[kind]) & (pl.col("primary_state") == 1) & (pl.col("ccodea") > 0)
    ).with_columns(pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name) for name in ("sideadeaths", "sidebdeaths"))
    deaths = pl.col("sideadeaths").fill_null(0) + pl.col("sidebdeaths").fill_null(0)
    ranked = frame.with_columns(deaths.alias("deaths")).sort(
        "ccodea", "year", "cowintraonset", "deaths", descending=[False, False, True, True], maintain_order=True
    )
    chosen = ranked.unique(["ccodea", "year"], keep="first", maintain_order=True).rename({"ccodea": "ccode"})
    return ctx.states(
        Source(
            table="cow_war_intra",
            frame=chosen,
            columns={name: name for name in _CIVIL},
            zeros=("cowintraongoing", "cowintraonset"),
            meanings=_CIVIL,
            last=ctx.reader.facts("cow_war_intra").last,
            note="Of several wars in a state-year an onset counts, then the deadliest, then the first listed; "
            "deaths coded below 0 are missing.",
        )
    )


_OPTIONS: Mapping[str, Option] = {"whittle": DEFAULT_CHAIN, "initiation": "sidea-all-joiners", "keep": ("all",)}

VERBS = (
    Verb(
        name="cow_mids",
        purpose="Militarized interstate disputes, as COW codes them.",
        units=EVERY,
        add=_cow,
        tables=("cow_mid_dirdisps", "cow_mid_disps"),
        published="add_cow_mids",
        options=_OPTIONS,
    ),
    Verb(
        name="gml_mids",
        purpose="Militarized interstate disputes, as Gibler, Miller and Little code them.",
        units=EVERY,
        add=_gml,
        tables=("gml_dirdisp",),
        published="add_gml_mids",
        options=_OPTIONS,
    ),
    Verb(
        name="wars",
        purpose="Inter-state wars.",
        units=EVERY,
        add=_wars,
        tables=("cow_war_inter",),
        published="add_cow_wars(type = inter)",
    ),
    Verb(
        name="civil_wars",
        purpose="Intra-state wars of each state.",
        units=EVERY,
        add=_civil_wars,
        tables=("cow_war_intra",),
        published="add_cow_wars(type = intra)",
        options={"type": "all"},
    ),
)
