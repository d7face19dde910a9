"""Compare the record of states with the COW and Gleditsch-Ward tables, and document every difference.

``python scripts/check_states.py ../shared/data`` prints what differs and fails when a difference has no reason;
``--write`` also renews the tables in docs/reference/actors-states.md. Needs the development environment.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from legation.actors import Actor, CodeSystem, all_actors, states

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "actors-states.md"
FIRST = date(1816, 1, 1)
FAR = date(2999, 12, 31)
DAY = timedelta(days=1)
# Two dates this close are taken to be two readings of one event (a declaration, its recognition, a transfer of power).
SAME_EVENT = timedelta(days=400)

Stretch = tuple[date, date]

MICROSTATES = frozenset(
    {54, 55, 56, 57, 58, 60, 221, 223, 232, 331, 396, 397, 403, 591, 935, 970, 971, 972, 973, 983, 986, 987, 990}
)
REASONS: Mapping[tuple[str, int], str] = {
    ("cow", 436): "Niger became independent on 3 August 1960; nothing happened on 3 October.",
    ("gw", 517): "Rwanda became independent on 1 July 1962: day and month change places in the table.",
    ("gw", 781): "The agreement that ended British protection is of 26 July 1965, not May.",
    ("gw", 935): "Vanuatu became independent on 30 July 1980, not June.",
    ("gw", 971): "Nauru became independent on 31 January 1968, not on 31 December.",
    ("crosswalk", 345): "Serbia and Montenegro (GW 345) lived until June 2006; the panel keeps one code a year.",
    ("crosswalk", 260): "COW number 260 was valid until 2 October 1990, 255 from the day after; the panel keeps one.",
    ("crosswalk", 678): "COW number 678 was valid until 21 May 1990, 679 from the day after; the panel keeps one.",
    ("iso", 0): "XK and XKX are user-assigned; ISO 3166 gives Kosovo no code, and the table writes UNK.",
}
MICROSTATE = "This edition of the table leaves out the tentative list of microstates."

COMPARISONS: Mapping[str, str] = {
    "none": "the system does not count it",
    "size": "COW asks for 500,000 people and, before 1920, British and French missions",
    "recognition": "COW asks for League or UN membership, or 500,000 people and missions of two major powers",
    "effective": "Gleditsch and Ward start from lasting effective control",
    "before": "the system does not count the earlier period",
    "gap": "the system interrupts membership during occupation, union or protection",
    "no gap": "the system counts through a period in which the state was annexed, occupied or united with another",
    "event": "another day is taken for the same event",
    "early": "the system counts from self-government in fact, before the legal act",
    "sooner": "the system ends it with the loss of control in fact",
    "later": "the system counts on after the legal end",
}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One disagreement between a table and the record, with its reason (empty if none is known)."""

    table: str
    subject: str
    theirs: str
    ours: str
    reason: str


def differences(folder: Path) -> tuple[Difference, ...]:
    """Return every difference between the tables of a folder and the record."""
    return (
        *_spells(folder / "cow_states.parquet", system="cow"),
        *_spells(folder / "isard_cow_system.parquet", system="cow"),
        *_spells(folder / "gw_states.parquet", system="gw"),
        *_spells(folder / "isard_gw_system.parquet", system="gw"),
        *_crosswalk(folder / "crosswalk_cow_gw_year.parquet", centre="ccode"),
        *_crosswalk(folder / "crosswalk_gw_cow_year.parquet", centre="gwcode"),
        *_iso(folder / "countries_mledoze.parquet"),
    )


def _spells(path: Path, *, system: CodeSystem) -> Iterator[Difference]:
    theirs, ours = table_spells(path), code_spells(system)
    for number in sorted({*theirs, *ours}):
        table, record = theirs.get(number, []), ours.get(number, [])
        if table != record:
            reason = REASONS.get((system, number), "")
            if path.stem == "gw_states" and number in MICROSTATES and not table:
                reason = MICROSTATE
            yield Difference(
                table=path.stem, subject=f"{system} {number}", theirs=_show(table), ours=_show(record), reason=reason
            )


def table_spells(path: Path) -> dict[int, list[Stretch]]:
    """Read a state system; the day on which the table ends is no end of a state."""
    frame = pl.read_parquet(path)
    if "styear" in frame.columns:
        number = "ccode"
        begin, close = (pl.date(f"{side}year", f"{side}month", f"{side}day") for side in ("st", "end"))
    else:
        number = next(one for one in ("ccode", "gwcode") if one in frame.columns)
        sides = ("start", "end") if "start" in frame.columns else ("startdate", "enddate")
        begin, close = (pl.col(side).str.to_date() for side in sides)
    rows = frame.select(pl.col(number).alias("number"), begin.alias("begin"), close.alias("close")).sort("begin")
    last = rows["close"].max()
    found: dict[int, list[Stretch]] = defaultdict(list)
    for row in rows.iter_rows(named=True):
        found[row["number"]].append((row["begin"], FAR if row["close"] == last else row["close"]))
    return dict(found)


def code_spells(system: CodeSystem) -> dict[int, list[Stretch]]:
    """Return the record's spells of each number, whoever holds it; touching spells are one."""
    found: dict[int, list[Stretch]] = defaultdict(list)
    for actor in all_actors():
        for code in actor.codes:
            if code.system == system:
                found[int(code.code)].append((code.start or FIRST, code.end or FAR))
    return {number: _merged(spells) for number, spells in found.items()}


def _crosswalk(path: Path, *, centre: str) -> Iterator[Difference]:
    theirs, ours = _panel(path, centre=centre), _own_panel(centre=centre, last=pl.read_parquet(path)["year"].max())
    for number, year in sorted({*theirs, *ours}):
        table, record = theirs.get((number, year), set()), ours.get((number, year), set())
        if table != record:
            yield Difference(
                table=path.stem,
                subject=f"{centre} {number} in {year}",
                theirs=_codes(table),
                ours=_codes(record),
                reason=REASONS.get(("crosswalk", number), ""),
            )


def _panel(path: Path, *, centre: str) -> dict[tuple[int, int], set[int]]:
    """Read a panel; a row without the centre's code repeats, as a leftover of its join, a state that has one."""
    other = "gwcode" if centre == "ccode" else "ccode"
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in pl.read_parquet(path).filter(pl.col(centre).is_not_null()).iter_rows(named=True):
        codes = found[int(row[centre]), row["year"]]
        if row[other] is not None:
            codes.add(int(row[other]))
    return dict(found)


def _own_panel(*, centre: str, last: object) -> dict[tuple[int, int], set[int]]:
    own, other = ("cow", "gw") if centre == "ccode" else ("gw", "cow")
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for actor in all_actors():
        held = {system: _years(actor, system=system, last=int(str(last))) for system in (own, other)}
        for number, years in held[own].items():
            for year in years:
                found[number, year].update(one for one, when in held[other].items() if year in when)
    return dict(found)


def _years(actor: Actor, *, system: str, last: int) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for code in actor.codes:
        if code.system == system:
            final = min(code.end.year, last) if code.end else last
            found[int(code.code)].update(range((code.start or FIRST).year, final + 1))
    return found


def _iso(path: Path) -> Iterator[Difference]:
    """Compare the codes that are in force, of states and of territories."""
    theirs = {
        row["cca3"]: f"{row['cca2']} {row['cca3']} {row['ccn3'] or ''}".strip()
        for row in pl.read_parquet(path).iter_rows(named=True)
    }
    ours = {}
    for actor in all_actors():
        held = {code.system: code.code for code in actor.codes if code.end is None}
        if "iso3" in held:
            ours[held["iso3"]] = f"{held['iso2']} {held['iso3']} {held.get('ison', '')}".strip()
    for code in sorted({*theirs, *ours}):
        table, record = theirs.get(code, "-"), ours.get(code, "-")
        if table != record:
            reason = REASONS["iso", 0] if code in {"XKX", "UNK"} else ""
            yield Difference(table=path.stem, subject=code, theirs=table, ours=record, reason=reason)


def comparisons() -> tuple[tuple[str, str, str, str, str], ...]:
    """Return the states whose existence and system membership differ: id, existence, COW, Gleditsch-Ward, reasons."""
    rows = []
    for state in states():
        exists = _merged((max(spell.start or FIRST, FIRST), spell.end or FAR) for spell in state.spells)
        cow, gw = (
            _merged((code.start or FIRST, code.end or FAR) for code in state.codes if code.system == system)
            for system in ("cow", "gw")
        )
        reasons = [
            f"{name}: {', '.join(labels)}"
            for name, labels in (("COW", _labels(exists, cow, cow=True)), ("GW", _labels(exists, gw, cow=False)))
            if labels
        ]
        if reasons:
            rows.append((state.id, _show(exists), _show(cow), _show(gw), "; ".join(reasons)))
    return tuple(rows)


def _labels(exists: list[Stretch], members: list[Stretch], *, cow: bool) -> list[str]:
    """Name the reasons why membership in a system differs from existence."""
    if not members:
        return ["none"]
    missing = [_missing(one, members, cow=cow) for one in _minus(exists, members)]
    extra = [_extra(one, exists) for one in _minus(members, exists)]
    return list(dict.fromkeys([*missing, *extra]))


def _missing(stretch: Stretch, members: list[Stretch], *, cow: bool) -> str:
    start, end = stretch
    if end - start < SAME_EVENT:
        return "event"
    if start > members[-1][1]:
        return "sooner"
    if start > members[0][0]:
        return "gap"
    if end + DAY != members[0][0]:
        return "before"
    if not cow:
        return "effective"
    return "size" if end.year < 1920 else "recognition"


def _extra(stretch: Stretch, exists: list[Stretch]) -> str:
    start, end = stretch
    if end - start < SAME_EVENT:
        return "event"
    if end < exists[0][0]:
        return "early"
    return "later" if start > exists[-1][1] else "no gap"


def _minus(these: list[Stretch], those: list[Stretch]) -> list[Stretch]:
    """Return the days of these stretches that are in none of those."""
    left = these
    for start, end in those:
        left = [
            piece
            for first, last in left
            for piece in ((first, min(last, start - DAY)), (max(first, end + DAY) if end != FAR else FAR, last))
            if piece[0] <= piece[1] and piece != (FAR, FAR)
        ]
    return left


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _show(stretches: list[Stretch]) -> str:
    return ", ".join(f"{start}..{'' if end == FAR else end}" for start, end in stretches) or "-"


def _codes(numbers: set[int]) -> str:
    return ", ".join(map(str, sorted(numbers))) or "-"


def tables(folder: Path) -> dict[str, str]:
    """Return the generated tables of the reference page, by the name of their place."""
    found = [
        "| table | subject | table says | record says | reason |",
        "|---|---|---|---|---|",
        *(f"| {one.table} | {one.subject} | {one.theirs} | {one.ours} | {one.reason} |" for one in differences(folder)),
    ]
    rows = [
        "| actor | existence | COW | Gleditsch-Ward | reasons |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in comparisons()),
    ]
    keys = ["| key | reason |", "|---|---|", *(f"| {key} | {text} |" for key, text in COMPARISONS.items())]
    return {"differences": "\n".join(found), "membership-reasons": "\n".join(keys), "membership": "\n".join(rows)}


def filled(page: str, folder: Path) -> str:
    """Return the page with its tables renewed."""
    for name, table in tables(folder).items():
        start, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
        before, _, rest = page.partition(start)
        _, _, after = rest.partition(end)
        page = f"{before}{start}\n\n{table}\n\n{end}{after}"
    return page


def main() -> int:
    """Run the comparison from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder with the reference tables")
    parser.add_argument("--write", action="store_true", help="renew the tables of the reference page")
    arguments = parser.parse_args()
    found = differences(arguments.folder)
    for one in found:
        print(f"{one.table}: {one.subject}: {one.theirs} | {one.ours} | {one.reason or 'NO REASON'}")
    if arguments.write:
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), arguments.folder), encoding="utf-8")
    return 1 if any(not one.reason for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
