"""Compare the record of defence treaties with ATOP to 2018, and document every difference.

``python scripts/check_treaties.py ../shared/data`` prints what differs and fails when a difference has no reason;
``--write`` also renews the tables in docs/reference/actors-treaties.md. Needs the development environment.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl

from legation.actors import code, from_code, states, treaty_status
from legation.actors.treaties import CollectiveTie, TreatyStatus, load_clauses, load_treaties
from legation.actors.types import DefenceTreaty

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "actors-treaties.md"
FIRST_YEAR = 1816
LAST_YEAR = 2018
DAY = date(LAST_YEAR, 12, 31)

Pair = tuple[str, str]
Key = TypeVar("Key", int, str)

# ATOP's number -> why a pair that it calls defence partners is no ally in the record.
ATOP_ONLY: Mapping[int, str] = {
    3150: "Charter of the Organization of American States: art. 28 and 29 leave assistance to special treaties, so the "
    "record counts the Rio Treaty and not the Charter.",
    4400: "Charter of the CIS: art. 12 names collective self-defence and leaves it to further agreement; the record "
    "counts it as consultation.",
    4392: "Treaty of 1993 between Tajikistan and Uzbekistan: text not verified; the treaty of 2000 is recorded as "
    "consultation.",
    3395: "Agreement of 1960: the record ends it with the partnership agreement of 2010, which has no clause of "
    "assistance.",
    3410: "Agreement of 1960: the record ends it with the partnership agreement of 2010, which has no clause of "
    "assistance.",
    3730: "Agreement of 1974: the record ends it with the treaty of 2012, in force in 2014, which has no clause of "
    "assistance.",
    3830: "Agreement of 1978: the record ends it with the partnership agreement of 2010, which has no clause of "
    "assistance.",
    4295: "Agreement of 1992 between Croatia and Bosnia and Herzegovina: recorded as co-operation, the duty to assist "
    "was tied to the war of that time.",
    3975: "Treaty of 1986 between Cuba and the Democratic People's Republic of Korea: text not verified, left out.",
    0: "Agreement of Cooperation of 1959: art. I speaks of action as may be mutually agreed upon; recorded as "
    "consultation.",
}
# Our treaty or clause -> why ATOP does not call the pair defence partners in a year in which the record does.
OURS_ONLY: Mapping[str, str] = {
    "ANZUS-4": "ATOP keeps Australia and the United States alone after 1986; New Zealand did not withdraw, and its "
    "obligations with Australia were not suspended.",
    "FRA-CIV-1961": "ATOP has no pact between the two.",
    "FRA-DJI-1977": "ATOP ends the protocol with the signature of the treaty of 2011, the record with its entry "
    "into force.",
    "FRA-DJI-2011": "ATOP reads the treaty as consultation; the record reads art. 4, by which France contributes "
    "to the defence of Djibouti, as defence.",
    "GBR-PRT-1386": "ATOP starts with the declaration of 1899; the older treaties were never denounced.",
    "RUS-ABKHAZIA-2008": "COW has no number for Abkhazia, so ATOP has no row for it.",
    "RUS-SOUTH-OSSETIA-2008": "COW has no number for South Ossetia, so ATOP has no row for it.",
    "USA-FSM-1986": "A one-sided duty of the United States under a compact of free association; ATOP does not have it.",
    "USA-MHL-1986": "A one-sided duty of the United States under a compact of free association; ATOP does not have it.",
    "USA-PLW-1994": "A one-sided duty of the United States under a compact of free association; ATOP does not have it.",
}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The defence pairs of 2018 on both sides, each with what it rests on."""

    covered: Mapping[Pair, str]
    atop_only: Mapping[Pair, int]
    ours_only: Mapping[Pair, str]


def compare(folder: Path) -> Comparison:
    """Return how the defence pairs of 2018 compare."""
    theirs = atop_pairs(folder)
    ours = {pair: ground(found) for pair, found in allies().items()}
    return Comparison(
        covered={pair: ours[pair] for pair in sorted(theirs.keys() & ours.keys())},
        atop_only={pair: theirs[pair] for pair in sorted(theirs.keys() - ours.keys())},
        ours_only={pair: ours[pair] for pair in sorted(ours.keys() - theirs.keys())},
    )


def atop_pairs(folder: Path) -> Mapping[Pair, int]:
    """Return the defence pairs of 2018 in ATOP with the number of one pact that binds them, 0 if none does."""
    pacts: defaultdict[int, set[int]] = defaultdict(set)
    bound = (pl.col("defense") == 1) & (pl.col("yrexit") == 0)
    for row in pl.read_parquet(folder / "atop_v51_member.parquet").filter(bound).iter_rows(named=True):
        pacts[row["member"]].add(row["atopid"])
    return {
        _pair(_actor(a), _actor(b)): min(pacts[a] & pacts[b], default=0)
        for a, b, _ in _defence_dyads(folder).filter(pl.col("year") == LAST_YEAR).iter_rows()
    }


def allies() -> Mapping[Pair, TreatyStatus]:
    """Return every pair of states that the record calls allies on the last day of 2018."""
    ids = sorted(state.id for state in states(DAY))
    found = {(a, b): treaty_status(a, b, on=DAY) for i, a in enumerate(ids) for b in ids[i + 1 :]}
    return {pair: status for pair, status in found.items() if status.status == "ally"}


def ground(status: TreatyStatus) -> str:
    """Return the clause or treaty that makes a pair allies; a clause that binds many comes first."""
    defence = [one for one in status.grounds if one.obligation == "defence"]
    names = [one.clause.id if isinstance(one, CollectiveTie) else one.id for one in defence]
    collective = [one.clause.id for one in defence if isinstance(one, CollectiveTie)]
    return collective[0] if collective else names[0]


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A bilateral defence treaty of the record and the years in which ATOP has no defence pact between its parties."""

    treaty: DefenceTreaty
    years: tuple[int, ...]


def silences(folder: Path) -> tuple[Silence, ...]:
    """Return the bilateral defence treaties that ATOP does not follow in every full year they were in force."""
    held = {((a, b), year) for a, b, year in _defence_dyads(folder).iter_rows()}
    found: list[Silence] = []
    for treaty in load_treaties():
        missing = tuple(year for year in _full_years(treaty) if (_numbers(treaty, year), year) not in held)
        if treaty.obligation == "defence" and missing:
            found.append(Silence(treaty=treaty, years=missing))
    return tuple(found)


def blocks(folder: Path) -> Mapping[str, str]:
    """Return the generated tables of the page by name."""
    compared, silent = compare(folder), silences(folder)
    return {
        "treaties": _treaties(),
        "clauses": _clauses(),
        "counts": _counts(compared),
        "covered": _covered(compared),
        "atop-only": _atop_only(compared),
        "ours-only": _ours_only(compared),
        "history": _history(silent),
    }


def unexplained(folder: Path) -> tuple[str, ...]:
    """Return every difference that nobody has explained."""
    compared = compare(folder)
    return (
        *(f"ATOP {number}: {'-'.join(pair)}" for pair, number in compared.atop_only.items() if number not in ATOP_ONLY),
        *(f"{name}: {'-'.join(pair)}" for pair, name in compared.ours_only.items() if name not in OURS_ONLY),
        *(f"{one.treaty.id} {one.years}" for one in silences(folder) if one.treaty.id not in OURS_ONLY),
    )


def main() -> int:
    """Run the comparison from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder that holds the reference tables")
    parser.add_argument("--write", action="store_true", help="renew the tables in the documentation")
    options = parser.parse_args()
    tables = blocks(options.folder)
    for name in ("counts", "atop-only", "ours-only", "history"):
        print(tables[name], end="\n\n")
    if options.write:
        for name, text in tables.items():
            write_block(PAGE, name=name, text=text)
    silent = unexplained(options.folder)
    print(f"{len(silent)} differences without a reason", *silent, sep="\n", file=sys.stderr)
    return 1 if silent else 0


def write_block(page: Path, *, name: str, text: str) -> None:
    """Replace the generated block of a page."""
    start, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(start)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def _treaties() -> str:
    rows = [
        (one.id, one.title, one.obligation, one.signed, one.in_force, one.ended, one.reference)
        for one in load_treaties()
    ]
    return _table(("id", "title", "obligation", "signed", "in force", "ended", "reference"), rows)


def _clauses() -> str:
    rows = [
        (one.id, one.title, one.article, one.obligation, one.start, one.end, one.parties, one.reference, one.note)
        for one in load_clauses()
    ]
    return _table(("id", "title", "clause", "obligation", "from", "until", "binds", "reference", "note"), rows)


def _counts(compared: Comparison) -> str:
    sizes = (len(compared.covered), len(compared.atop_only), len(compared.ours_only))
    names = ("defence pairs of 2018 in both", "in ATOP only", "in the record only")
    return _table(("pairs", "number"), list(zip(names, sizes, strict=True)))


def _covered(compared: Comparison) -> str:
    groups = _grouped(compared.covered)
    return _table(("rests on", "pairs", "who"), [(key, len(groups[key]), _listed(groups[key])) for key in groups])


def _atop_only(compared: Comparison) -> str:
    groups = _grouped(compared.atop_only)
    rows = [(key or "-", len(groups[key]), ATOP_ONLY.get(key, ""), _listed(groups[key])) for key in groups]
    return _table(("ATOP number", "pairs", "reason", "who"), rows)


def _ours_only(compared: Comparison) -> str:
    rows = [(name, "-".join(pair), OURS_ONLY.get(name, "")) for pair, name in compared.ours_only.items()]
    return _table(("rests on", "pair", "reason"), sorted(rows))


def _history(silent: Iterable[Silence]) -> str:
    rows = [
        (one.treaty.id, f"{one.years[0]}-{one.years[-1]}", len(one.years), OURS_ONLY.get(one.treaty.id, ""))
        for one in silent
    ]
    return _table(("treaty", "between", "years", "reason"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join('' if cell is None else str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _grouped(pairs: Mapping[Pair, Key]) -> Mapping[Key, list[Pair]]:
    groups: defaultdict[Key, list[Pair]] = defaultdict(list)
    for pair, key in pairs.items():
        groups[key].append(pair)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), str(item[0]))))


def _listed(pairs: Iterable[Pair]) -> str:
    """Write pairs as one actor with all its partners that follow it, so that each pair is named once."""
    partners: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in sorted(pairs):
        partners[a].append(b)
    return "; ".join(f"{a} with {' '.join(others)}" for a, others in partners.items())


def _defence_dyads(folder: Path) -> pl.DataFrame:
    table = pl.read_parquet(folder / "atop_ddy_v51.parquet")
    wanted = (pl.col("atop_defense") == 1) & (pl.col("ccode1") < pl.col("ccode2"))
    return table.filter(wanted).select("ccode1", "ccode2", "year")


def _actor(number: int) -> str:
    return from_code(number, system="cow", on=DAY).id


def _numbers(treaty: DefenceTreaty, year: int) -> tuple[int, int] | None:
    """Return the COW numbers of the parties at the end of a year, the smaller first; None if one has none."""
    found = [code(party, system="cow", on=date(year, 12, 30)) for party in treaty.parties]
    known = sorted(int(one) for one in found if one is not None)
    return (known[0], known[1]) if len(known) == len(treaty.parties) else None


def _full_years(treaty: DefenceTreaty) -> range:
    start = treaty.in_force or treaty.signed
    first = start.year + 1 if start else FIRST_YEAR
    last = treaty.ended.year - 1 if treaty.ended else LAST_YEAR
    return range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1)


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


if __name__ == "__main__":
    sys.exit(main())
