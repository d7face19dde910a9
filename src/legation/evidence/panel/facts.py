"""What the publishers say of the tables that panels are made from: title, version, years, licence.

A world's catalogue has the last word where the table comes from a world; these facts serve tables read from a folder.
"""

from __future__ import annotations

import msgspec

__all__ = ["FACTS", "TableFacts"]

_COW = "free for research with citation; not for passing on (Correlates of War project)"
_RESEARCH = "free for research with citation; not for passing on"


class TableFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table's publication: `first` and `last` are the years that the publisher says it covers.

    A `snapshot` answers for the year of its own date only. `complete` says that inside those years no row means zero.
    """

    title: str
    version: str = ""
    licence: str = _RESEARCH
    first: int | None = None
    last: int | None = None
    get: str = ""
    snapshot: bool = False
    complete: bool = False


def _cow(title: str, version: str, first: int, last: int, get: str = "correlatesofwar.org") -> TableFacts:
    return TableFacts(title=title, version=version, licence=_COW, first=first, last=last, get=get)


FACTS: dict[str, TableFacts] = {
    "cow_system": _cow("COW state system with its extension", "2016", 1816, 2025),
    "gw_system": TableFacts(
        title="Gleditsch-Ward independent states and microstates",
        version="2020",
        first=1816,
        last=2025,
        get="ksgleditsch.com/statelist.html",
    ),
    "cow_states": _cow("COW state system membership", "2016", 1816, 2016),
    "gw_states": TableFacts(title="Gleditsch-Ward independent states", version="2017", first=1816, last=2017),
    "cow_gw_years": TableFacts(title="COW to Gleditsch-Ward codes by year", first=1816, last=2025),
    "gw_cow_years": TableFacts(title="Gleditsch-Ward to COW codes by year", first=1816, last=2025),
    "cow_majors": _cow("COW major powers", "2016", 1816, 2016),
    "cow_nmc": _cow("COW National Material Capabilities", "7.0", 1816, 2022),
    "cow_mid_dirdisps": _cow("COW Militarized Interstate Disputes, directed dispute-years", "5.0", 1816, 2014),
    "cow_mid_ddydisps": _cow("COW Militarized Interstate Disputes, one per directed dyad-year", "5.0", 1816, 2014),
    "cow_mid_disps": _cow("COW Militarized Interstate Disputes, disputes", "5.0", 1816, 2014),
    "gml_dirdisp": TableFacts(
        title="Gibler-Miller-Little disputes, directed dispute-years",
        version="2.2.1",
        first=1816,
        last=2010,
        get="internationalconflict.ua.edu",
    ),
    "gml_mid_ddydisps": TableFacts(
        title="Gibler-Miller-Little disputes, one per directed dyad-year", version="2.2.1", first=1816, last=2010
    ),
    "gml_part": TableFacts(title="Gibler-Miller-Little disputes, participants", version="2.2.1", first=1816, last=2010),
    "cow_war_inter": _cow("COW inter-state wars", "4.0", 1816, 2007),
    "cow_war_intra": _cow("COW intra-state wars", "4.1", 1816, 2007),
    "cow_igo_ndy": _cow("COW intergovernmental organisations, shared memberships", "3", 1816, 2014),
    "cow_igo_sy": _cow("COW intergovernmental organisations, memberships", "3", 1816, 2014),
    "cow_contdir": _cow("COW direct contiguity", "3.2", 1816, 2016),
    "cow_trade_ndy": _cow("COW dyadic trade", "4.0", 1870, 2014),
    "cow_trade_sy": _cow("COW national trade", "4.0", 1870, 2014),
    "cow_mindist": TableFacts(
        title="Minimum distance between states (CShapes 2)",
        version="2.0",
        licence="CC BY-NC-SA 4.0: non-commercial use only",
        first=1886,
        last=2019,
        get="icr.ethz.ch/data/cshapes",
    ),
    "cow_capitals": TableFacts(title="Capitals of COW states", first=1816, last=2024),
    "gw_capitals": TableFacts(title="Capitals of Gleditsch-Ward states", first=1816, last=2024),
    "atop_ddy": TableFacts(
        title="Alliance Treaty Obligations and Provisions, directed dyad-years",
        version="5.1",
        first=1815,
        last=2018,
        get="atopdata.org",
    ),
    "tss_rivalries": TableFacts(
        title="Strategic rivalries (Thompson, Sakuwa, Suhas)", version="2021", first=1494, last=2020
    ),
    "td_rivalries": TableFacts(title="Strategic rivalries (Thompson, Dreyer)", version="2012", first=1494, last=2010),
    "terrthreat": TableFacts(title="Latent territorial threat (Miller)", version="2022", first=1816, last=2010),
    "archigos": TableFacts(
        title="Archigos leaders", version="4.1", first=1870, last=2015, get="rochester.edu/college/faculty/hgoemans"
    ),
    "lead_leaders": TableFacts(title="Leader Experience and Attribute Descriptions", version="2015", get="LEAD"),
    "lwuf": TableFacts(
        title="Leader willingness to use force (Carter, Smith)", version="2020", get="doi.org/10.1017/S0003055420000313"
    ),
    "ruggedness": TableFacts(
        title="Terrain ruggedness (Nunn, Puga) and mountains (Gibler, Miller)", get="diegopuga.org/data/rugged"
    ),
    "democracy_cow_year": TableFacts(
        title="Democracy: extended Unified Democracy Scores, Polity, V-Dem",
        licence="V-Dem CC BY-SA 4.0; others free for research with citation",
        first=1816,
        last=2025,
        get="v-dem.net",
    ),
    "gdp_pop_cow_year": TableFacts(
        title="Simulated GDP and population (Anders, Fariss, Markowitz)", version="2020", first=1816, last=2019
    ),
    "creg": TableFacts(title="Composition of Religious and Ethnic Groups", version="2013", first=1945, last=2013),
    "ucdp_acd": TableFacts(
        title="UCDP/PRIO Armed Conflict Dataset",
        version="25.1",
        licence="CC BY 4.0",
        first=1946,
        last=2024,
        get="ucdp.uu.se/downloads",
    ),
    "ucdp_onsets": TableFacts(
        title="UCDP conflict onsets, country-years",
        version="19.1",
        licence="CC BY 4.0",
        first=1946,
        last=2018,
        get="ucdp.uu.se/downloads",
    ),
}
