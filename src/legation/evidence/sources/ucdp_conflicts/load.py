"""Armed conflicts: who took part in which year, who fought whom, and who fought side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from legation.evidence.codes import days_of_year, state_of_that_time
from legation.evidence.description import Form, SourceDescription
from legation.evidence.forms import read_form
from legation.evidence.reading import SourceFiles
from legation.evidence.sources.packed_table import read_packed
from legation.evidence.tables import TABLES

__all__ = ["load"]

_TABLE = "ucdp_acd"
_PUBLISHED = ("UcdpPrioConflict_v25_1.csv", "ucdp-prio-acd-251-csv.zip")
_ABOUT = {"1": "territory", "2": "government", "3": "both"}
_KIND = {"1": "extrasystemic", "2": "interstate", "3": "intrastate", "4": "II"}
_ACTOR_COUNTS = ("intensity", "interstate", "internal", "extrasystemic", "supporting")
_PAIR_COUNTS = ("interstate", "opposed", "together")
_ROLES = ("gwno_a", "gwno_b", "gwno_a_2nd", "gwno_b_2nd")
_INTERSTATE, _EXTRASYSTEMIC = "interstate", "extrasystemic"


@dataclass
class _ConflictYear:
    """One conflict in one year, with its states by side and role."""

    kind: str
    intensity: int
    start: date
    main: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    supporting: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return the conflicts as published, conflict per actor and year, and per pair and year."""
    published = files.declared(_TABLE, readers=dict.fromkeys(_PUBLISHED, _read_published))
    rows = published.select("conflict_id", "year", *_ROLES, "intensity_level", "type_of_conflict", "start_date2")
    conflicts = _conflict_years(files, rows)
    return {_TABLE: published, "conflict_years": _per_actor(conflicts), "conflict_dyads": _per_pair(conflicts)}


def _read_published(path: Path, form: Form, description: SourceDescription) -> pl.DataFrame:
    """Read the programme's file: its codes in words, and each state of a side in a row of its own."""
    read = read_packed if path.suffix == ".zip" else read_form
    frame = read(path, form, description)
    words = [("incompatibility", _ABOUT), ("type_of_conflict", _KIND)]
    present = [(name, meanings) for name, meanings in words if name in frame.columns]
    # A code without a word stays as it is, and the description's list of words refuses it.
    frame = frame.with_columns(pl.col(name).str.strip_chars().replace(meanings) for name, meanings in present)
    for side in (name for name in _ROLES if name in frame.columns):
        frame = frame.with_columns(pl.col(side).str.split(",")).explode(side)
    return frame


def _conflict_years(files: SourceFiles, rows: pl.DataFrame) -> dict[tuple[int, int], _ConflictYear]:
    found: dict[tuple[int, int], _ConflictYear] = {}
    for conflict, year, a, b, a_second, b_second, intensity, kind, start in rows.iter_rows():
        entry = found.setdefault((conflict, year), _ConflictYear(kind=kind, intensity=intensity, start=start))
        entry.intensity, entry.start = max(entry.intensity, intensity), min(entry.start, start)
        roles = zip((a, b, a_second, b_second), (*entry.main, *entry.supporting), strict=True)
        for code, group in roles:
            actor = None if code is None else _actor(files, code, year)
            if actor is not None:
                group.add(actor)
    return found


def _actor(files: SourceFiles, code: float, year: int) -> str | None:
    return state_of_that_time(files, "gw", str(int(code)), days=days_of_year(year))


def _per_actor(conflicts: dict[tuple[int, int], _ConflictYear]) -> pl.DataFrame:
    counts: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: dict.fromkeys(_ACTOR_COUNTS, 0))
    for (_, year), entry in conflicts.items():
        kind = entry.kind if entry.kind in {_INTERSTATE, _EXTRASYSTEMIC} else "internal"
        for actor in entry.main[0] | entry.main[1]:
            row = counts[actor, year]
            row[kind] += 1
            row["intensity"] = max(row["intensity"], entry.intensity)
        for actor in (entry.supporting[0] | entry.supporting[1]) - entry.main[0] - entry.main[1]:
            counts[actor, year]["supporting"] += 1
    records = [{"actor": actor, "year": year, **row} for (actor, year), row in counts.items()]
    return pl.DataFrame(records, schema=_schema("conflict_years"))


def _per_pair(conflicts: dict[tuple[int, int], _ConflictYear]) -> pl.DataFrame:
    rows: dict[tuple[str, str, int], dict[str, int]] = defaultdict(lambda: dict.fromkeys(_PAIR_COUNTS, 0))
    since: dict[tuple[str, str, int, str], date] = {}
    for (_, year), entry in conflicts.items():
        fought = set(_across(entry.main[0], entry.main[1]))
        for pair in fought:
            row = rows[*pair, year]
            row["interstate"] = max(row["interstate"], entry.intensity)
        # Supporters are held against main parties only: two contributors to one mission or to two coalitions that
        # never met have no relation by it.
        against = {*_across(entry.main[0], entry.supporting[1]), *_across(entry.main[1], entry.supporting[0])} - fought
        for pair in against:
            row = rows[*pair, year]
            row["opposed"] = max(row["opposed"], entry.intensity)
        beside = {*_across(entry.main[0], entry.supporting[0]), *_across(entry.main[1], entry.supporting[1])} - fought
        for pair in beside:
            rows[*pair, year]["together"] += 1
        for pairs, column in ((fought, "fought_since"), (against | beside, "support_since")):
            for pair in pairs:
                since[*pair, year, column] = min(entry.start, since.get((*pair, year, column), entry.start))
    records = [
        {
            "a": pair[0],
            "b": pair[1],
            "year": pair[2],
            **row,
            **{column: since.get((*pair, column)) for column in ("fought_since", "support_since")},
        }
        for pair, row in rows.items()
    ]
    return pl.DataFrame(records, schema=_schema("conflict_dyads"))


def _across(one: Iterable[str], other: set[str]) -> Iterator[tuple[str, str]]:
    return ((min(a, b), max(a, b)) for a in one for b in other if a != b)


def _schema(table: str) -> dict[str, pl.DataType]:
    spec = next(spec for spec in TABLES if spec.name == table)
    return {column.name: column.type for column in spec.columns}  # type: ignore[misc]
