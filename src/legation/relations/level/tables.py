"""Which tables the evidence of a relation level is made from, read from a world, a folder of files or a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from legation.errors import FormatError, InputError, MissingEvidenceError

if TYPE_CHECKING:
    from legation.evidence.world import World

__all__ = ["TABLES", "SourceTables", "tables_of_folder", "tables_of_world"]

TABLES: Final[dict[str, tuple[str, ...]]] = {
    "atop_ddy": ("ccode1", "ccode2", "year", "atop_defense", "atop_neutral", "atop_nonagg", "atop_consul"),
    "arms_races": ("ccode1", "ccode2", "styear", "endyear"),
    "cow_capitals": ("ccode", "stdate", "enddate", "lat", "lng"),
    "cow_contdir": ("ccode1", "ccode2", "conttype", "stdate", "enddate"),
    "cow_igo_ndy": ("ccode1", "ccode2", "year", "dyadigos"),
    "cow_igo_sy": ("ccode", "year", "sum_igo_anytype"),
    "cow_majors": ("ccode", "styear", "endyear"),
    "cow_mid_dirdisps": ("dispnum", "ccode1", "ccode2", "year", "hostlev1", "hostlev2", "fatality1", "fatality2"),
    "cow_mindist": ("ccode1", "ccode2", "year", "mindist"),
    "cow_nmc": ("ccode", "year", "cinc"),
    "cow_states": ("ccode", "styear", "stmonth", "stday", "endyear", "endmonth", "endday"),
    "cow_trade_ndy": ("ccode1", "ccode2", "year", "smoothflow1", "smoothflow2"),
    "cow_war_inter": ("ccode1", "ccode2", "year", "cowinterongoing"),
    "dcad": ("ccode1", "ccode2", "signYear", "endYearEstimate"),
    "democracy_cow_year": ("ccode", "year", "euds", "v2x_polyarchy"),
    "gdp_pop_cow_year": ("ccode", "year", "mrgdppc", "pwtrgdp"),
    "gml_dirdisp": ("dispnum", "ccode1", "ccode2", "year", "hostlev1", "hostlev2", "fatality1", "fatality2",
                    "revtype11", "revtype12"),
    "mme_country_year": ("MMEID", "gwcode", "year"),
    "td_rivalries": ("ccode1", "ccode2", "styear", "endyear"),
    "terrthreat": ("ccode", "year", "lterrthreat"),
    "tss_rivalries": ("ccode1", "ccode2", "start", "end", "positional", "spatial", "ideological", "interventionary",
                      "principal"),
    "un_votes_cast": ("resid", "ccode", "vote"),
}  # fmt: skip
"""Each table that is read, with the publisher's columns it must have. None of them is required."""

LABELS_TABLE: Final = "peace_scale"
_FILES: Final[dict[str, str]] = {
    "arms_races": r"(grh_)?arms_races",
    "cow_nmc": r"cow_nmc|NMC",
    "mme_country_year": r"mme(_v\d+)?_country_year",
    "peace_scale": r"peace_scale|peace_data",
    "un_votes_cast": r"un_votes(_cast)?",
}
_VERSION: Final = r"([_-]?v?\d[\w.-]*|_agreements)*"


@dataclass(frozen=True, kw_only=True)
class SourceTables:
    """The source tables at hand: `held` names them, `read` gives one of them as the publisher made it."""

    held: frozenset[str]
    read: Callable[[str], pl.DataFrame]

    def __call__(self, name: str) -> pl.DataFrame | None:
        """Return a table, or None where it is not held or has no rows.

        Raises
        ------
        FormatError
            When the table lacks a column that its publisher documents.
        """
        if name not in self.held:
            return None
        frame = self.read(name)
        if frame.is_empty():
            return None
        missing = [column for column in TABLES.get(name, ()) if column not in frame.columns]
        if missing:
            raise FormatError(
                f"Table {name} has no column {', '.join(missing)}; it has {', '.join(frame.columns[:30])}.",
                remedy="Keep the publisher's column names.",
            )
        return frame

    def without(self, names: Iterable[str]) -> SourceTables:
        """Return the same tables but for some: what an ablation is trained on."""
        return SourceTables(held=self.held - frozenset(names), read=self.read)


def tables_of_world(world: World) -> SourceTables:
    """Return the tables of a world."""
    held = {table.name for table in world.describe()}
    return SourceTables(held=frozenset(held & {*TABLES, LABELS_TABLE}), read=world.table)


def tables_of_folder(folder: Path) -> SourceTables:
    """Return the tables of a folder of files that bear the tables' names, with or without a version.

    Raises
    ------
    InputError
        When there is no such folder, or two files claim to be one table.
    MissingEvidenceError
        When no file of the folder is one of the tables.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}.", remedy="Name the folder that holds the source files.")
    files = sorted(path for path in folder.iterdir() if path.suffix == ".parquet" and path.is_file())
    found: dict[str, Path] = {}
    for name in (*TABLES, LABELS_TABLE):
        pattern = re.compile(f"({_FILES.get(name, re.escape(name))}){_VERSION}", re.IGNORECASE)
        fits = [path for path in files if pattern.fullmatch(path.stem)]
        exact = [path for path in fits if path.stem == name]
        if len(exact or fits) > 1:
            raise InputError(
                f"{folder} holds several files for the table {name}: {', '.join(path.name for path in fits)}.",
                remedy=f"Keep one, or name the right one {name}.parquet.",
            )
        if fits:
            found[name] = (exact or fits)[0]
    if not found:
        raise MissingEvidenceError(
            f"No file of {folder} bears the name of a source table.",
            remedy=f"Name files as tables: {', '.join(f'{name}.parquet' for name in list(TABLES)[:4])} ...",
        )
    return SourceTables(held=frozenset(found), read=lambda name: _read(found[name]))


def _read(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path.read_bytes())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FormatError(
            f"{path} cannot be read as Parquet: {error}.", remedy="Fetch the file again from its publisher."
        ) from error
