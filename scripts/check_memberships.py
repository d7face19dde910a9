"""Compare the record of memberships with the World Factbook of May 2026, and document every difference.

``python scripts/check_memberships.py ../shared/data`` prints what differs and fails when a difference has no reason;
``--write`` also renews the tables in docs/reference/actors-organisations.md. Needs the development environment.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from legation.actors import find
from legation.actors.memberships import members
from legation.actors.organisations import load_organisations
from legation.errors import UnknownActorError

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "actors-organisations.md"
SNAPSHOT = date(2026, 5, 17)
FIELD = "International organization participation"

# The Factbook's abbreviation -> our organisation; its other abbreviations name bodies that the record does not keep.
ABBREVIATIONS: Mapping[str, str] = {
    "AMU": "AMU",
    "ANZUS": "ANZUS",
    "APEC": "APEC",
    "ARF": "ARF",
    "ASEAN": "ASEAN",
    "AU": "AU",
    "Arctic Council": "ARCTIC-COUNCIL",
    "Australia Group": "AUSTRALIA-GROUP",
    "Australian Group": "AUSTRALIA-GROUP",
    "BRICS": "BRICS",
    "BSEC": "BSEC",
    "C": "COMMONWEALTH",
    "CBSS": "CBSS",
    "CE": "COE",
    "CIS": "CIS",
    "CPLP": "CPLP",
    "CSTO": "CSTO",
    "Caricom": "CARICOM",
    "Commonwealth of Nations": "COMMONWEALTH",
    "EAC": "EAC",
    "EAS": "EAS",
    "ECOWAS": "ECOWAS",
    "EU": "EU",
    "G-20": "G20",
    "G-7": "G7",
    "GCC": "GCC",
    "GUAM": "GUAM",
    "ICGLR": "ICGLR",
    "IGAD": "IGAD",
    "LAS": "LAS",
    "LCBC": "LCBC",
    "MNJTF": "MNJTF",
    "Mercosur": "MERCOSUR",
    "NATO": "NATO",
    "NSG": "NSG",
    "OAS": "OAS",
    "OECS": "OECS",
    "OIC": "OIC",
    "OSCE": "OSCE",
    "PFP": "PFP",
    "PIF": "PIF",
    "Quad": "QUAD",
    "SAARC": "SAARC",
    "SADC": "SADC",
    "SCO": "SCO",
    "SICA": "SICA",
    "UN": "UN",
    "Wassenaar Arrangement": "WASSENAAR",
}

# Countries whose name the table leaves out or writes in a way of its own.
COUNTRIES: Mapping[str, str] = {
    "ae": "ARE",
    "ct": "CAF",
    "dr": "DOM",
    "ee": "EU",
    "fm": "FSM",
    "gq": "GUM",
    "vt": "VAT",
}
# Territories: they take part in no organisation of the record in their own name.
TERRITORIES = frozenset(
    (
        "aa",
        "aq",
        "ck",
        "cq",
        "fk",
        "fo",
        "fs",
        "gi",
        "gk",
        "gl",
        "im",
        "io",
        "je",
        "kt",
        "mc",
        "nf",
        "nn",
        "pc",
        "rn",
        "rq",
        "sb",
        "sh",
        "sv",
        "sx",
        "tb",
        "tl",
        "vq",
        "wf",
    )
)
# Words in brackets that leave a member a member.
SUSPENDED = frozenset({"suspended", "temporarily suspended", "excluded from formal participation since 1962"})
STILL_MEMBER = SUSPENDED | {"", "regional", "permanent", "temporary", "Chinese Taipei"}

ENTRY = re.compile(r"\s*(?P<name>[^(]+?)\s*(?:\((?P<note>[^()]*)\))?\s*\Z")

MISSING = "not in the Factbook's list"
EXTRA = "not in the record"
NOT_SUSPENDED = "suspended in the record only"
ONLY_SUSPENDED = "suspended in the Factbook only"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One organisation and actor on which the record and the Factbook disagree."""

    organisation: str
    actor: str
    kind: str


def differences(folder: Path) -> tuple[Difference, ...]:
    """Return every difference on the day of the snapshot, sorted."""
    theirs = factbook(folder / "cia_factbook_2026.parquet")
    found: list[Difference] = []
    for name in sorted(set(ABBREVIATIONS.values())):
        listed = {actor for actor, note in theirs[name].items() if note in STILL_MEMBER}
        ours = set(members(name, on=SNAPSHOT))
        found += _pairs(name, ours - listed, MISSING)
        found += _pairs(name, listed - ours, EXTRA)
        told = {actor for actor, note in theirs[name].items() if note in SUSPENDED}
        known = ours - set(members(name, on=SNAPSHOT, include_suspended=False))
        found += _pairs(name, (known - told) & listed, NOT_SUSPENDED)
        found += _pairs(name, told - known, ONLY_SUSPENDED)
    return tuple(found)


def factbook(path: Path) -> Mapping[str, dict[str, str]]:
    """Read the Factbook's memberships: organisation -> actor -> the words in brackets."""
    table = pl.read_parquet(path).filter((pl.col("field") == FIELD) & (pl.col("subfield") == ""))
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in table.iter_rows(named=True):
        who = _actor(row["fips"], html.unescape(row["country"]))
        for name, note in _entries(html.unescape(row["text"])) if who else ():
            if (organisation := ABBREVIATIONS.get(name)) is not None and who is not None:
                found[organisation][who] = note
    return found


def table(found: Iterable[Difference]) -> str:
    """Return the differences as a Markdown table, one row for each, with its reason."""
    rows = [f"| {one.organisation} | {one.actor} | {one.kind} | {reason(one)} |" for one in found]
    return "\n".join(("| organisation | actor | difference | reason |", "|---|---|---|---|", *rows))


def catalogue() -> str:
    """Return the organisations as a Markdown table: members today, dates and founding act."""
    rows = []
    for one in load_organisations():
        spell = one.spells[0]
        count = len(members(one.id, on=spell.end or SNAPSHOT))
        until = spell.end.isoformat() if spell.end else ""
        rows.append(f"| {one.id} | {one.name} | {spell.start} | {until} | {count} | {spell.reference} |")
    head = "| id | name | from | until | members | act |"
    return "\n".join((head, "|---|---|---|---|---|---|", *rows))


def reason(one: Difference) -> str:
    """Return why the record stands on a difference, or an empty text if nobody has said so."""
    for (organisation, kind), actors, text in REASONS:
        if organisation == one.organisation and kind == one.kind and one.actor in actors.split():
            return text
    return ""


def _pairs(organisation: str, actors: Iterable[str], kind: str) -> list[Difference]:
    return [Difference(organisation=organisation, actor=actor, kind=kind) for actor in sorted(actors)]


def _actor(fips: str, country: str) -> str | None:
    if fips in TERRITORIES:
        return None
    if fips in COUNTRIES:
        return COUNTRIES[fips]
    try:
        return find(country, on=SNAPSHOT).id
    except UnknownActorError as fault:
        sys.exit(f"{country!r} ({fips}) is neither known nor listed as a territory: {fault}")


def _entries(text: str) -> Iterable[tuple[str, str]]:
    text = re.sub(r"^[^:]*:", "", text)
    for part in re.split(r",\s*(?![^()]*\))", text):
        if (match := ENTRY.match(part)) is not None:
            yield match["name"].strip(), (match["note"] or "").strip()


_LATE = "The Factbook has not followed a change: "
REASONS: Sequence[tuple[tuple[str, str], str, str]] = (
    (("AU", MISSING), "GIN", "The Factbook leaves a suspended member out here; suspension does not end membership."),
    (
        ("ECOWAS", MISSING),
        "GIN",
        "The Factbook leaves a suspended member out here; suspension does not end membership.",
    ),
    (("AU", ONLY_SUSPENDED), "GAB", _LATE + "the suspension was lifted on 2025-04-30."),
    (("AU", NOT_SUSPENDED), "MDG GNB", _LATE + "suspended in October (Madagascar) and November (Guinea-Bissau) 2025."),
    (("ECOWAS", NOT_SUSPENDED), "GNB", _LATE + "suspended on 2025-11-27."),
    (("AUSTRALIA-GROUP", MISSING), "IND", _LATE + "admitted on 2018-01-19."),
    (("BRICS", MISSING), "IDN", _LATE + "member since 2025-01-06."),
    (("BRICS", EXTRA), "SAU", "Invited in August 2023; Saudi Arabia has not confirmed that it accepted."),
    (("BSEC", MISSING), "MKD", _LATE + "acceded in 2020."),
    (("CBSS", EXTRA), "RUS", _LATE + "Russia withdrew on 2022-05-17."),
    (("COE", EXTRA), "RUS", _LATE + "membership ended on 2022-03-16."),
    (("COMMONWEALTH", MISSING), "GAB TGO", _LATE + "admitted on 2022-06-25."),
    (("COMMONWEALTH", MISSING), "GMB", _LATE + "readmitted on 2018-02-08."),
    (("COMMONWEALTH", MISSING), "RWA", _LATE + "admitted on 2009-11-29."),
    (
        ("COMMONWEALTH", MISSING),
        "GRD MUS",
        "The Factbook's list omits a membership that began with independence and was not interrupted.",
    ),
    (("EU", EXTRA), "GBR", _LATE + "withdrew on 2020-01-31."),
    (("G20", MISSING), "AU", "The Factbook has no entry for the African Union, a member since 2023-09-09."),
    (("G7", EXTRA), "EU", "The European Union takes part in the summits and is not counted among the seven."),
    (
        ("ICGLR", MISSING),
        "AGO CAF COD COG KEN RWA SDN SSD TZA UGA ZMB",
        "The Factbook names the conference for Burundi alone.",
    ),
    (("LAS", MISSING), "PSE", "The Factbook lists no memberships for the West Bank and Gaza."),
    (("OIC", MISSING), "PSE", "The Factbook lists no memberships for the West Bank and Gaza."),
    (("MERCOSUR", MISSING), "BOL", _LATE + "full member since 2024-08-08; the Factbook still says associate."),
    (
        ("MERCOSUR", MISSING),
        "VEN",
        "The Factbook leaves a suspended member out here; suspension does not end membership.",
    ),
    (("MNJTF", EXTRA), "NER", _LATE + "Niger announced its withdrawal on 2025-03-29."),
    (("OAS", EXTRA), "NIC", _LATE + "the denunciation took effect on 2023-11-19."),
    (("OECS", EXTRA), "AIA VGB", "An associate member; the Factbook does not mark it."),
    (("PFP", EXTRA), "FIN MKD MNE SWE", _LATE + "took its place in NATO as a member instead."),
    (
        ("PFP", NOT_SUSPENDED),
        "RUS",
        "NATO suspended practical co-operation on 2014-04-01; the Factbook does not mark it.",
    ),
    (("SADC", MISSING), "COM", _LATE + "admitted on 2017-08-19."),
    (("SCO", MISSING), "BLR IND IRN", _LATE + "members since 2017 (India), 2023 (Iran) and 2024 (Belarus)."),
    (("SICA", MISSING), "DOM", _LATE + "full member since 2013-06-27."),
)


def main() -> int:
    """Run the comparison from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder that holds the reference tables")
    parser.add_argument("--write", action="store_true", help="renew the tables in the documentation")
    options = parser.parse_args()
    found = differences(options.folder)
    print(table(found))
    if options.write:
        write_block(PAGE, name="differences", text=table(found))
        write_block(PAGE, name="organisations", text=catalogue())
    silent = [one for one in found if not reason(one)]
    print(f"{len(found)} differences, {len(silent)} without a reason", file=sys.stderr)
    return 1 if silent else 0


def write_block(page: Path, *, name: str, text: str) -> None:
    """Replace the generated block of a page."""
    start, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(start)
    _, _, after = rest.partition(end)
    page.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
