"""Small tables of the documented shapes, and panels from the reference tables beside the project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from legation.errors import MissingEvidenceError

# Four states: one leaves and comes back, one ends the year in which another begins, without a day in common.
SPELLS = [
    (10, date(1990, 1, 1), date(2000, 12, 31)),
    (20, date(1990, 3, 1), date(1992, 6, 30)),
    (20, date(1995, 1, 1), date(2000, 12, 31)),
    (30, date(1990, 1, 1), date(1993, 5, 31)),
    (40, date(1993, 6, 1), date(2000, 12, 31)),
]


def system(code: str, spells: list[tuple[int, date, date]] = SPELLS) -> pl.DataFrame:
    """Return a table of a state system."""
    return pl.DataFrame(spells, schema={code: pl.Int64, "start": pl.Date, "end": pl.Date}, orient="row")


def small() -> dict[str, pl.DataFrame]:
    """Return a small table for each verb, in the columns that the publishers use."""
    years = range(1990, 2001)
    crosswalk = [(code, year, code + 1) for code in (10, 20, 30, 40) for year in years]
    return {
        "cow_system": system("ccode"),
        "gw_system": system("gwcode", [(code + 1, low, high) for code, low, high in SPELLS]).with_columns(
            microstate=(pl.col("gwcode") == 41).cast(pl.Int64)
        ),
        "cow_gw_years": pl.DataFrame(crosswalk, schema=["ccode", "year", "gwcode"], orient="row"),
        "gw_cow_years": pl.DataFrame(crosswalk, schema=["ccode", "year", "gwcode"], orient="row"),
        "cow_nmc": pl.DataFrame(
            {
                "ccode": [10, 10, 20, 99],
                "year": [1990, 1991, 1990, 1990],
                **{name: [1.0, 2.0, None, 9.0] for name in ("milex", "milper", "irst", "pec", "tpop", "upop", "cinc")},
            }
        ),
        "cow_contdir": pl.DataFrame(
            {
                "ccode1": [10, 20, 10, 20, 10, 30],
                "ccode2": [20, 10, 20, 10, 30, 10],
                "conttype": [1, 1, 2, 2, 5, 5],
                "stdate": ["1990-01-01", "1990-01-01", "1992-03-01", "1992-03-01", "1990-01-01", "1990-01-01"],
                "enddate": ["1992-02-01", "1992-02-01", "1998-12-01", "1998-12-01", "1992-12-01", "1992-12-01"],
            }
        ),
        "cow_majors": pl.DataFrame(
            {
                "ccode": [30],
                "styear": [1991], "stmonth": [5], "stday": [1], "endyear": [1992], "endmonth": [2], "endday": [1],
            }
        ),
        "atop_ddy": pl.DataFrame(
            {
                "ccode1": [10, 20], "ccode2": [20, 10], "year": [1991, 1991], "atop_defense": [1, 0],
                "atop_offense": [0, 0], "atop_neutral": [0, 0], "atop_nonagg": [1, 1], "atop_consul": [0, 0],
            }
        ),
        "cow_igo_ndy": pl.DataFrame({"ccode1": [10], "ccode2": [20], "year": [1990], "dyadigos": [7]}),
        "cow_igo_sy": pl.DataFrame(
            {
                "ccode": [10], "year": [1990], "sum_igo_full": [3], "sum_igo_associate": [1], "sum_igo_observer": [0],
                "sum_igo_anytype": [4],
            }
        ),
        "cow_trade_ndy": pl.DataFrame(
            {
                "ccode1": [10], "ccode2": [20], "year": [1990], "flow1": [5.0], "flow2": [6.0], "smoothflow1": [5.5],
                "smoothflow2": [None],
            },
            schema_overrides={"smoothflow2": pl.Float64},
        ),
        "cow_trade_sy": pl.DataFrame({"ccode": [10], "year": [1990], "imports": [5.0], "exports": [6.0]}),
        "cow_mindist": pl.DataFrame(
            {"ccode1": [10, 10], "ccode2": [20, 30], "year": [1990, 1990], "mindist": [9.0, 4.0]}
        ),
        "cow_capitals": pl.DataFrame(
            {
                "ccode": [10, 10, 20, 30],
                "stdate": ["1990-01-01", "1991-07-01", "1990-01-01", "1990-01-01"],
                "enddate": ["1991-06-30", "2000-12-31", "2000-12-31", "1993-12-31"],
                "lat": [0.0, 0.0, 0.0, 90.0],
                "lng": [0.0, 10.0, 90.0, 0.0],
            }
        ),
        "creg": pl.DataFrame(
            {
                "ccode": [10, 10], "gwcode": [11, 12], "year": [1990, 1990], "ethfrac": [0.1, 0.3],
                "ethpol": [0.2, None], "relfrac": [None, 0.4], "relpol": [0.5, 0.1],
            }
        ),
        "ruggedness": pl.DataFrame(
            {"ccode": [10, 20], "gwcode": [11, 21], "rugged": [1.5, 0.5], "newlmtnest": [2.0, 0.0]}
        ),
        "tss_rivalries": pl.DataFrame(
            {
                "tssr_id": [7, 8], "ccode1": [10, 300], "ccode2": [20, 345], "start": [1991, 1900], "end": [1996, 1920],
                "positional": [1.0, None], "spatial": [None, 1.0], "ideological": [None, None],
                "interventionary": [None, None], "principal": [1.0, None], "aprin": [None, None],
            },
            schema_overrides=dict.fromkeys(("ideological", "interventionary", "aprin"), pl.Float64),
        ),
        "td_rivalries": pl.DataFrame(
            {
                "rivalryno": [3], "rivalryname": ["A-B"], "ccode1": [10], "ccode2": [20], "styear": [1991],
                "endyear": [1993], "region": ["X"], "type1": ["spatial"], "type2": ["positional"], "type3": [None],
            },
            schema_overrides={"type3": pl.String},
        ),
        "ucdp_acd": pl.DataFrame(
            {
                "conflict_id": [1, 1, 1, 2, 3],
                "year": [1990, 1991, 1995, 1990, 1991],
                "gwno_a": [11, 11, 11, 11, 21],
                "gwno_b": [None, None, None, None, 31.0],
                "intensity_level": [1, 2, 1, 1, 2],
                "type_of_conflict": ["intrastate", "intrastate", "II", "intrastate", "interstate"],
                "incompatibility": ["territory", "territory", "territory", "government", "territory"],
                "start_date2": ["1990-02-01", "1990-02-01", "1995-03-03", "1989-01-01", "1991-04-04"],
            }
        ),
        "cow_war_inter": pl.DataFrame(
            {
                "warnum": [1, 1, 2, 2], "ccode1": [10, 20, 10, 20], "ccode2": [20, 10, 20, 10], "year": [1991] * 4,
                "cowinterongoing": [1] * 4, "cowinteronset": [1] * 4, "sidea1": [1, 2, 1, 2], "sidea2": [2, 1, 2, 1],
                "initiator1": [1, 0, 0, 1], "initiator2": [0, 1, 1, 0], "outcome1": [1.0, 2.0, None, None],
                "outcome2": [2.0, 1.0, None, None], "batdeath1": [10.0, -9.0, 100.0, 5.0],
                "batdeath2": [-9.0, 10.0, 5.0, 100.0], "resume": [0] * 4,
            }
        ),
        "cow_war_intra": pl.DataFrame(
            {
                "warnum": [500, 501, 502], "warname": ["X", "Y", "Z"],
                "wartype": ["central control", "local issues", "local issues"], "year": [1990, 1990, 1990],
                "cowintraonset": [0, 1, 1], "cowintraongoing": [1, 1, 1], "resume_combat": [0, 0, 0],
                "primary_state": [1, 1, 0], "ccodea": [10, 10, 20], "intnl": [0, 0, 0], "outcome": [1, 2, 1],
                "sideadeaths": [900.0, -9.0, 1.0], "sidebdeaths": [900.0, 20.0, 1.0],
            }
        ),
        "archigos": pl.DataFrame(
            {
                "obsid": ["A-1988", "A-1991", "B-1989"], "gwcode": [11, 11, 21], "leader": ["Ada", "Ben", "Cal"],
                "yrborn": [1940.0, 1950.0, None], "gender": ["F", "M", "M"],
                "startdate": ["1988-01-01", "1991-05-05", "1989-01-01"],
                "enddate": ["1991-05-05", "1996-01-01", "1999-01-01"], "entry": ["Regular", "Irregular", "Regular"],
                "exit": ["Irregular", "Regular", "Regular"], "exitcode": ["x", "y", "z"],
            }
        ),
        "lead_leaders": pl.DataFrame(
            {
                "obsid": ["A-1988", "B-1989"],
                **{
                    name: [1.0, 0.0]
                    for name in (
                        "leveledu", "milservice", "combat", "rebel", "warwin", "warloss", "rebelwin", "rebelloss",
                        "yrsexper", "physhealth", "mentalhealth",
                    )
                },
            }
        ),
        "lwuf": pl.DataFrame(
            {
                "obsid": ["A-1991"],
                **{f"theta{model}_{what}": [float(model)] for model in (1, 2, 3, 4) for what in ("mean", "sd")},
            }
        ),
    }  # fmt: skip


def reading(held: Mapping[str, pl.DataFrame]) -> Callable[[str], pl.DataFrame]:
    """Return a function that gives the tables by name, and refuses others as a world does."""

    def read(name: str) -> pl.DataFrame:
        if name not in held:
            raise MissingEvidenceError(f"There is no table {name}.")
        return held[name]

    return read


@pytest.fixture
def tables() -> Callable[[str], pl.DataFrame]:
    """Return a function that gives the small tables."""
    return reading(small())


@pytest.fixture
def tables_with() -> Callable[..., Callable[[str], pl.DataFrame]]:
    """Return a function that gives the small tables with some of them replaced."""
    return lambda **others: reading({**small(), **others})


@pytest.fixture(scope="session")
def reference(shared_data: Callable[[str], Path]) -> Path:
    """Return the folder of reference tables, or skip."""
    return shared_data("cow_nmc_v7.parquet").parent
