"""From the codes and names of event data to actors, at the day of the event.

CAMEO country codes are ISO 3166 alpha-3 codes with a few of their own and some for regions (CAMEO codebook 1.1b3,
chapter 3; GDELT's lookup table of countries). Places in GDELT carry FIPS 10-4 codes, another system, of two letters:
GM is Germany and GA the Gambia. The two are never mixed here: actors come from actor codes, places from place codes.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal, TypeAlias

import polars as pl

from legation.actors import code, find, from_code
from legation.actors.names import english_index, fold, language_index
from legation.actors.registry import load_all
from legation.actors.types import Actor
from legation.errors import InputError, UnknownActorError

__all__ = ["FIPS", "REGIONS", "ActorScheme", "actors_of", "fips_actor"]

ActorScheme: TypeAlias = Literal["cameo", "iso3", "name", "any"]

_UNKNOWN = "no actor has this code or name"

_CAMEO_OWN = {
    "ROM": "ROU",
    "TMP": "TLS",
    "MTN": "MNE",
    "IMY": "IMN",
    "KSV": "XKX",
    "WSB": "PSE",
    "GZS": "PSE",
    "BAG": "IRQ",
}

REGIONS = frozenset(
    [
        "AFR",
        "ASA",
        "BLK",
        "CAS",
        "CAU",
        "CEU",
        "CFR",
        "CRB",
        "EAF",
        "EEU",
        "EIN",
        "EUR",
        "LAM",
        "MDT",
        "MEA",
        "NAF",
        "NMR",
        "PGS",
        "SAF",
        "SAM",
        "SAS",
        "SCN",
        "SEA",
        "WAF",
        "WST",
    ]
)
"""CAMEO codes that name a region and no actor."""

# Names of ICEWS that are no common name of their actor, or are the common name of two.
_NAMES_OWN = {
    "Congo": "COG",
    "Democratic Republic of Congo": "COD",
    "Occupied Palestinian Territory": "PSE",
    "Burma": "MMR",
    "Lao People's Democratic Republic": "LAO",
    "Federated States of Micronesia": "FSM",
    "Macedonia": "MKD",
    "Swaziland": "SWZ",
    "Cape Verde": "CPV",
    "Holy See (Vatican City)": "VAT",
    "St. Vincent and the Grenadines": "VCT",
    "Falkland Islands (Islas Malvinas)": "FLK",
}

# FIPS PUB 10-4 (withdrawn 2008, in use by GDELT) by actor; codes of places without an actor of their own are left out.
_FIPS = """
AF AFG AL ALB AG DZA AQ ASM AN AND AO AGO AV AIA AC ATG AR ARG AM ARM AA ABW AS AUS AU AUT AJ AZE BF BHS BA BHR BG BGD
BB BRB BO BLR BE BEL BH BLZ BN BEN BD BMU BT BTN BL BOL BK BIH BC BWA BR BRA VI VGB BX BRN BU BGR UV BFA BY BDI CB KHM
CM CMR CA CAN CV CPV CJ CYM CT CAF CD TCD CI CHL CH CHN CO COL CN COM CG COD CF COG CW COK CS CRI IV CIV HR HRV CU CUB
CY CYP EZ CZE DA DNK DJ DJI DO DMA DR DOM TT TLS EC ECU EG EGY ES SLV EK GNQ ER ERI EN EST ET ETH FO FRO FK FLK FJ FJI
FI FIN FR FRA FP PYF FG GUF GB GAB GA GMB GG GEO GM DEU GH GHA GI GIB GR GRC GL GRL GJ GRD GP GLP GQ GUM GT GTM GV GIN
PU GNB GY GUY HA HTI VT VAT HO HND HK HKG HU HUN IC ISL IN IND ID IDN IR IRN IZ IRQ EI IRL IM IMN IS ISR IT ITA JM JAM
JA JPN JO JOR KZ KAZ KE KEN KR KIR KN PRK KS KOR KV XKX KU KWT KG KGZ LA LAO LG LVA LE LBN LT LSO LI LBR LY LBY LS LIE
LH LTU LU LUX MC MAC MK MKD MA MDG MI MWI MY MYS MV MDV ML MLI MT MLT RM MHL MB MTQ MR MRT MP MUS MF MYT MX MEX FM FSM
MD MDA MN MCO MG MNG MJ MNE MH MSR MO MAR MZ MOZ BM MMR WA NAM NR NRU NP NPL NL NLD NC NCL NZ NZL NU NIC NG NER NI NGA
NE NIU NF NFK CQ MNP NO NOR MU OMN PK PAK PS PLW GZ PSE WE PSE PM PAN PP PNG PA PRY PE PER RP PHL PC PCN PL POL PO PRT
RQ PRI QA QAT RE REU RO ROU RS RUS RW RWA SH SHN SC KNA ST LCA SB SPM VC VCT WS WSM SM SMR TP STP SA SAU SG SEN RI SRB
RB SRB SE SYC SL SLE SN SGP LO SVK SI SVN BP SLB SO SOM SF ZAF OD SSD SP ESP CE LKA SU SDN NS SUR SV SJM WZ SWZ SW SWE
SZ CHE SY SYR TW TWN TI TJK TZ TZA TH THA TO TGO TL TKL TN TON TD TTO TS TUN TU TUR TX TKM TK TCA TV TUV UG UGA UP UKR
BV BVT CK CCK FS ATF GK GGY HM HMD JE JEY JN SJM KT CXR NN SXM RN MAF SX SGS TB BLM UC CUW WQ UMI AY ATA
AE ARE UK GBR US USA VQ VIR UY URY UZ UZB NH VUT VE VEN VM VNM WF WLF WI ESH YM YEM ZA ZMB ZI ZWE
"""

FIPS: dict[str, str] = dict(zip(_FIPS.split()[::2], _FIPS.split()[1::2], strict=True))
"""FIPS 10-4 place codes with the actor each names."""


def fips_actor(place: str) -> str | None:
    """Return the actor that a FIPS 10-4 place code names; None if it names none.

    Examples
    --------
    >>> fips_actor("GM"), fips_actor("GA"), fips_actor("OS")
    ('DEU', 'GMB', None)
    """
    return FIPS.get(place)


def actors_of(frame: pl.DataFrame, column: str, *, scheme: ActorScheme) -> tuple[pl.Series, pl.DataFrame]:
    """Turn the codes of a column into actors at the day of each event.

    Parameters
    ----------
    frame
        Events with a column ``day`` (date) and the column of codes; a missing code stays missing.
    scheme
        ``cameo`` (GDELT's actor country codes), ``iso3`` (POLECAT), ``name`` (ICEWS) or ``any`` (id, code or name).

    Returns
    -------
    tuple
        The actors, and for each code that gave none: ``code`` and ``reason``.
    """
    held = frame.select(pl.col(column).alias("code"), "day").drop_nulls()
    spans = held.group_by("code").agg(pl.col("day").min().alias("first"), pl.col("day").max().alias("last"))
    steady: dict[str, str] = {}
    dated: list[str] = []
    refused: list[tuple[str, str]] = []
    for value, first, last in spans.sort("code").iter_rows():
        holder = _holder(value, scheme)
        if isinstance(holder, str):
            refused.append((value, holder))
        elif _exists_throughout(holder, first, last):
            steady[value] = holder.id
        else:
            dated.append(value)
    series = frame.get_column(column).replace_strict(steady, default=None, return_dtype=pl.String)
    if dated:
        series, gone = _by_day(frame, column, scheme=scheme, codes=dated, otherwise=series)
        refused.extend((value, "the actor of this code did not exist on the day") for value in gone)
    table = pl.DataFrame(refused, schema={"code": pl.String, "reason": pl.String}, orient="row")
    return series.alias(column), table


def _by_day(
    frame: pl.DataFrame, column: str, *, scheme: ActorScheme, codes: list[str], otherwise: pl.Series
) -> tuple[pl.Series, list[str]]:
    """Look the codes up whose actor began or ended within the span of the events."""
    pairs = frame.select(pl.col(column).alias("code"), "day").filter(pl.col("code").is_in(codes)).unique()
    found = [_actor_on(value, day, scheme) for value, day in pairs.iter_rows()]
    pairs = pairs.with_columns(pl.Series("actor", found, dtype=pl.String))
    joined = frame.select(pl.col(column).alias("code"), "day").join(
        pairs, on=["code", "day"], how="left", maintain_order="left"
    )
    gone = pairs.filter(pl.col("actor").is_null()).get_column("code").unique().sort().to_list()
    return otherwise.fill_null(joined.get_column("actor")), gone


def _exists_throughout(holder: Actor, first: date, last: date) -> bool:
    return not holder.spells or any(spell.covers(first) and spell.covers(last) for spell in holder.spells)


@cache
def _holder(value: str, scheme: ActorScheme) -> Actor | str:
    """Return who holds a code today or held it last, or the reason why nobody does."""
    try:
        if scheme == "cameo":
            if value in REGIONS:
                return "the code names a region, not an actor"
            return from_code(_CAMEO_OWN.get(value, value), system="iso3")
        if scheme == "iso3":
            return from_code(value, system="iso3")
        name = _NAMES_OWN.get(value, value) if scheme == "name" else value
        return find(name) if _may_be_known(name) else _UNKNOWN
    except InputError:  # unknown, ambiguous, or not even a text that could be a code
        return _UNKNOWN


def _may_be_known(name: str) -> bool:
    """Say whether a name is in an index at all: `find` looks for suggestions, too slow for thousands of names."""
    key = fold(name)
    known = key in english_index() or key in language_index() or name.strip().upper() in load_all()
    return known or ":" in name or len(name.strip()) <= 3


@cache
def _actor_on(value: str, day: date, scheme: ActorScheme) -> str | None:
    """Return the actor on a day; before a successor existed, the state that had its COW number, as SUN for Russia."""
    holder = _holder(value, scheme)
    if isinstance(holder, str):
        return None
    if holder.exists(day):
        return holder.id
    number = code(holder, system="cow")
    if number is None:
        return None
    try:
        return from_code(number, system="cow", on=day).id
    except UnknownActorError:
        return None
