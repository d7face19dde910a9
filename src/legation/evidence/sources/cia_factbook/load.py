"""Numbers from the World Factbook: forces, military expenditure, posts to and from the United States."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import polars as pl

from legation.evidence.reading import SourceFiles

__all__ = ["Strength", "count_places", "load", "read_strength"]

_FILE = "cia_factbook_2026.parquet"
_STRENGTHS = "Military and security service personnel strengths"
_SPENDING = "Military expenditures"
_IN_US, _FROM_US = "Diplomatic representation in the US", "Diplomatic representation from the US"

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    r"""^(?:(?:[a-z ]*information[a-z ]*|estimates\ vary)[;,]\s*)?   # hedges before the figure
        (?:the\ [\w ]{2,60}?\ (?:has|have|are)\ )?                   # 'the FACV has'
        (?P<authorised>authorized\ )?
        (?:approximately|estimated|about|up\ to|as\ many\ as)\s+
        (?:estimated\s+)?
        (?P<low>NUMBER)(?P<low_million>\ million)?
        (?:\s?[-\u2013]\s?(?P<high>NUMBER)(?P<high_million>\ million)?)?
        \s+(?P<what>[^(;]*)""".replace("NUMBER", _NUMBER),
    re.VERBOSE,
)
_NOT_FORCES = re.compile(r"police|public security|claims", re.IGNORECASE)
_YEAR = re.compile(r"\((20\d\d)\)")
_PERCENT = re.compile(r"^(\d+(?:\.\d+)?)% of GDP \((\d{4})( est\.)?\)$")
_NO_EMBASSY = re.compile(
    r"^none|does not have an embassy|has no offices|no consular or diplomatic offices|operations suspended"
    r"|Affairs Unit",
    re.IGNORECASE,
)
_SUSPENDED = re.compile(r"suspended operations", re.IGNORECASE)


@dataclass(frozen=True)
class Strength:
    """A strength as the text gives it: lower and upper figure, the year in brackets, and what it counts."""

    low: int
    high: int
    year: int | None
    scope: str


def load(files: SourceFiles) -> dict[str, pl.DataFrame]:
    """Return forces, military expenditure, and posts to and from the United States."""
    rows = files.table(
        _FILE,
        {"fips": pl.String, "section": pl.String, "field": pl.String, "subfield": pl.String, "text": pl.String},
        ignored={"country": "the code names the profile", "region": "not needed"},
    )
    codes = rows.get_column("fips").unique().sort()
    actors = {code: files.actor_of("gec", code) for code in codes}
    rows = rows.with_columns(pl.col("fips").replace_strict(actors, return_dtype=pl.String).alias("actor"))
    rows = rows.filter(pl.col("actor").is_not_null())
    return {
        "forces": _forces(files, rows),
        "military_spending": _spending(files, rows),
        "us_representation": _representation(rows),
    }


def _clean(text: str) -> str:
    return " ".join(html.unescape(text).replace("\xa0", " ").split())


def _forces(files: SourceFiles, rows: pl.DataFrame) -> pl.DataFrame:
    texts = rows.filter((pl.col("field") == _STRENGTHS) & (pl.col("subfield") == "")).select("actor", "text")
    found = {actor: read_strength(text) for actor, text in texts.iter_rows()}
    read = {actor: strength for actor, strength in found.items() if strength is not None}
    files.check_parsed(_FILE, "strengths", len(read) / max(1, len(found)))
    return pl.DataFrame(
        [(actor, s.low, s.high, s.year, s.scope) for actor, s in read.items()],
        schema={
            "actor": pl.String,
            "active_low": pl.Int32,
            "active_high": pl.Int32,
            "figure_year": pl.Int16,
            "scope": pl.String,
        },
        orient="row",
    )


def read_strength(text: str) -> Strength | None:
    """Read the first strength of a text, or None where it gives none for armed forces.

    Examples
    --------
    >>> read_strength("estimated 10-12,000 active duty Armed Forces (including National Guard) (2025)")
    Strength(low=10000, high=12000, year=2025, scope='active')
    >>> read_strength("not available") is None
    True
    """
    clean = _clean(text)
    match = _FIGURE.match(clean)
    if match is None or _NOT_FORCES.search(clean[: match.end()]):
        return None
    low = _whole(match["low"], million=match["low_million"] is not None)
    high = low if match["high"] is None else _whole(match["high"], million=match["high_million"] is not None)
    if match["high"] is not None and low <= high / 1000:
        low *= 1_000_000 if match["high_million"] else 1_000  # '10-12,000', '1.1-1.2 million'
    if match["high"] is not None and match["high_million"] and "." in match["low"]:
        low = _whole(match["low"], million=True)
    year = _YEAR.findall(clean)
    scope = (
        "authorised" if match["authorised"] else "active" if re.search(r"\bactive|Regular", match["what"]) else "forces"
    )
    return None if low > high else Strength(low=low, high=high, year=int(year[-1]) if year else None, scope=scope)


def _whole(figure: str, *, million: bool) -> int:
    number = float(figure.replace(",", ""))
    return round(number * 1_000_000 if million else number)


def _spending(files: SourceFiles, rows: pl.DataFrame) -> pl.DataFrame:
    years = rows.filter(
        (pl.col("field") == _SPENDING) & pl.col("subfield").str.contains(r"^Military Expenditures \d{4}$")
    )
    records: list[tuple[str, int, float, bool]] = []
    for actor, subfield, text in years.select("actor", "subfield", "text").iter_rows():
        match = _PERCENT.match(_clean(text))
        if match is not None and match[2] == subfield[-4:]:
            records.append((actor, int(match[2]), float(match[1]), match[3] is not None))
    files.check_parsed(_FILE, "expenditures", len(records) / max(1, years.height))
    schema = {"actor": pl.String, "year": pl.Int16, "percent_gdp": pl.Float32, "estimated": pl.Boolean}
    return pl.DataFrame(records, schema=schema, orient="row")


def _representation(rows: pl.DataFrame) -> pl.DataFrame:
    texts: dict[tuple[str, str, str], str] = {
        (actor, field, subfield): _clean(text)
        for actor, field, subfield, text in rows.filter(pl.col("field").is_in((_IN_US, _FROM_US)))
        .select("actor", "field", "subfield", "text")
        .iter_rows()
    }
    actors = sorted({actor for actor, _, _ in texts} - {"USA"})
    consulates = ("consulate(s) general", "consulate(s)")
    return pl.DataFrame(
        [
            (
                actor,
                (actor, _IN_US, "chancery") in texts,
                sum(count_places(texts.get((actor, _IN_US, kind), "")) for kind in consulates),
                _has_us_embassy(texts, actor),
                sum(count_places(texts.get((actor, _FROM_US, kind), "")) for kind in consulates),
            )
            for actor in actors
        ],
        schema={
            "actor": pl.String,
            "embassy_in_us": pl.Boolean,
            "consulates_in_us": pl.Int16,
            "embassy_from_us": pl.Boolean,
            "consulates_from_us": pl.Int16,
        },
        orient="row",
    )


def _has_us_embassy(texts: dict[tuple[str, str, str], str], actor: str) -> bool:
    embassy, note = texts.get((actor, _FROM_US, "embassy"), "none"), texts.get((actor, _FROM_US, "note"), "")
    return _NO_EMBASSY.search(embassy) is None and _SUSPENDED.search(note) is None


def count_places(text: str) -> int:
    """Count the places in a list; a street address counts as one, a post in suspended status as none.

    Examples
    --------
    >>> count_places("Chicago, Portland (OR), New York; note - closed in 2020")
    3
    """
    listed = re.sub(
        r"\([^()]*\)", lambda match: "(suspended)" if "suspended" in match[0] else "", text.partition(";")[0]
    )
    if re.search(r"\d", listed):
        return 1
    return sum(1 for place in listed.split(",") if place.strip() and "(suspended)" not in place)
