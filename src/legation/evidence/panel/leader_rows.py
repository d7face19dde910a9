"""Rows by leader, and by pair of leaders, from the dates on which Archigos says they were in office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from legation.errors import MissingEvidenceError
from legation.evidence.panel.clock import Ints, day_numbers, expand, first_of, last_of, year_of
from legation.evidence.panel.crosswalk import crosswalk
from legation.evidence.panel.rows import Rows, time_keys
from legation.evidence.panel.systems import CODE, state_spells
from legation.evidence.panel.tables import Reader, with_dates
from legation.evidence.panel.types import Period, System

__all__ = ["LEADERS_FIRST", "LEADERS_LAST", "Standard", "archigos", "leader_dyad_rows", "leader_rows"]

Standard = Literal["none", "cow", "gw"]
"""Whose state system a leader's days must lie in: ``none`` takes all, by the Gleditsch-Ward numbers of Archigos."""

LEADERS_FIRST, LEADERS_LAST = 1840, 2015
_NEEDS = ("obsid", "gwcode", "leader", "yrborn", "gender", "startdate", "enddate", "entry", "exit", "exitcode")


def archigos(reader: Reader) -> pl.DataFrame:
    """Return leaders with dates, sorted by state, start and id."""
    frame = with_dates(reader.table("archigos", _NEEDS), ("startdate", "enddate"), table="archigos")
    return frame.sort("gwcode", "startdate", "enddate", "obsid")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Office:
    """Stretches of days in office within one year each; arrays of shape (stretches,)."""

    leader: Ints
    code: Ints
    start: Ints
    end: Ints
    year: Ints


def _offices(reader: Reader, standard: Standard, *, first: int, last: int) -> _Office:
    leaders = archigos(reader)
    low, high = first_of(first), last_of(last)
    start = np.maximum(day_numbers(leaders.get_column("startdate")), low).astype(np.int32)
    end = np.minimum(day_numbers(leaders.get_column("enddate")), high).astype(np.int32)
    known = np.flatnonzero(start <= end)
    if not len(known):
        raise MissingEvidenceError(
            f"Table archigos has no leader from {first} to {last}.",
            remedy=f"Its leaders span {LEADERS_FIRST} to {LEADERS_LAST}.",
        )
    which, year, day = expand(start[known], end[known], "year")
    leader = known[which].astype(np.int32)
    until = np.array([last_of(int(y)) for y in range(first, last + 1)], dtype=np.int32)[year - first]
    office = _Office(
        leader=leader,
        code=leaders.get_column("gwcode").cast(pl.Int32).to_numpy()[leader],
        start=day,
        end=np.minimum(until, end[leader]).astype(np.int32),
        year=year,
    )
    if standard == "none":
        return office
    return _within_system(office, reader, "cow" if standard == "cow" else "gw", first=first, last=last)


def _within_system(office: _Office, reader: Reader, system: System, *, first: int, last: int) -> _Office:
    """Keep the days on which the leader's state was a member of a system, under that system's number."""
    frame = pl.DataFrame(
        {
            "leader": office.leader,
            "gwcode": office.code,
            "start": office.start,
            "end": office.end,
            "year": office.year,
        }
    )
    if system == "cow":
        walk = crosswalk("gw", reader, first=first, last=last)
        codes = pl.DataFrame({"gwcode": walk.code, "year": walk.year, "code": walk.other})
        frame = frame.join(codes, on=["gwcode", "year"], how="inner", validate="m:1")
    else:
        frame = frame.with_columns(code=pl.col("gwcode"))
    spells = state_spells(system, reader, first=first, last=last)
    members = pl.DataFrame({"code": spells.code, "from": spells.start, "to": spells.end})
    met = (
        frame.join(members, on="code", how="inner")
        .with_columns(start=pl.max_horizontal("start", "from"), end=pl.min_horizontal("end", "to"))
        .filter(pl.col("start") <= pl.col("end"))
        .sort("leader", "code", "start")
    )
    arrays = {
        name: met.get_column(name).to_numpy().astype(np.int32) for name in ("leader", "code", "start", "end", "year")
    }
    return _Office(**arrays)


def leader_rows(reader: Reader, *, standard: Standard, period: Period, first: int, last: int) -> Rows:
    """Return one row per leader and period in which the leader was in office on at least one day."""
    office = _offices(reader, standard, first=first, last=last)
    system: System = "cow" if standard == "cow" else "gw"
    which, held, day = expand(office.start, office.end, period)
    leader, code = office.leader[which], office.code[which]
    order = np.lexsort((held, leader, code))
    leader, code, held, day = leader[order], code[order], held[order], day[order]
    once = np.ones(len(leader), dtype=bool)
    once[1:] = (leader[1:] != leader[:-1]) | (code[1:] != code[:-1]) | (held[1:] != held[:-1])
    leader, code, held, day = leader[once], code[once], held[once], day[once]
    year = held if period == "year" else year_of(day)
    codes = np.unique(code)
    ids = archigos(reader).get_column("obsid")
    return Rows(
        unit="leader",
        period=period,
        system=system,
        directed=False,
        first=first,
        last=last,
        codes=codes,
        first_state=np.searchsorted(codes, code).astype(np.int32),
        second_state=None,
        year=year,
        day=None if period == "year" else day,
        keys=pl.DataFrame(
            {
                "obsid": ids.gather(pl.Series(leader)),
                CODE[system]: code.astype(np.int64),
                **time_keys(period, year, held),
            }
        ),
        leaders=(leader,),
    )


def leader_dyad_rows(
    reader: Reader, *, standard: Standard, period: Period, first: int, last: int, directed: bool
) -> Rows:
    """Return one row per pair of leaders of different states and period, if they shared a day in office in it."""
    office = _offices(reader, standard, first=first, last=last)
    system: System = "cow" if standard == "cow" else "gw"
    parts = [_pairs_of_year(office, year, directed=directed, period=period) for year in range(first, last + 1)]
    one, two, held, day = (np.concatenate([part[place] for part in parts]) for place in range(4))
    code_one, code_two = office.code[one], office.code[two]
    first_leader, second_leader = office.leader[one], office.leader[two]
    order = np.lexsort((held, second_leader, code_two, first_leader, code_one))
    columns = [array[order] for array in (first_leader, second_leader, code_one, code_two, held, day)]
    once = np.ones(len(held), dtype=bool)
    once[1:] = np.any([array[1:] != array[:-1] for array in columns[:5]], axis=0)
    first_leader, second_leader, code_one, code_two, held, day = (array[once] for array in columns)
    year = held if period == "year" else year_of(day)
    codes = np.unique(np.concatenate((code_one, code_two)))
    ids = archigos(reader).get_column("obsid")
    code = CODE[system]
    return Rows(
        unit="leader_dyad",
        period=period,
        system=system,
        directed=directed,
        first=first,
        last=last,
        codes=codes,
        first_state=np.searchsorted(codes, code_one).astype(np.int32),
        second_state=np.searchsorted(codes, code_two).astype(np.int32),
        year=year,
        day=None if period == "year" else day,
        keys=pl.DataFrame(
            {
                "obsid1": ids.gather(pl.Series(first_leader)),
                "obsid2": ids.gather(pl.Series(second_leader)),
                f"{code}1": code_one.astype(np.int64),
                f"{code}2": code_two.astype(np.int64),
                **time_keys(period, year, held),
            }
        ),
        leaders=(first_leader, second_leader),
    )


def _pairs_of_year(
    office: _Office, year: int, *, directed: bool, period: Period
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Ints, Ints]:
    now = np.flatnonzero(office.year == year)
    one, two = (grid.ravel() for grid in np.meshgrid(now, now, indexing="ij"))
    apart = office.code[one] != office.code[two] if directed else office.code[one] < office.code[two]
    one, two = one[apart], two[apart]
    low = np.maximum(office.start[one], office.start[two])
    high = np.minimum(office.end[one], office.end[two])
    met = low <= high
    one, two, low, high = one[met], two[met], low[met], high[met]
    if not len(one):
        nothing = np.zeros(0, dtype=np.int32)
        return one, two, nothing, nothing
    which, held, day = expand(low, high, period)
    return one[which], two[which], held, day
