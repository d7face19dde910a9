"""Worlds as text: tables, sources, licences, differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.evidence.catalogue import Catalogue, TableInfo

if TYPE_CHECKING:
    from legation.evidence.difference import TableChange
    from legation.evidence.fetch import Fetched
    from legation.evidence.terms import Terms
    from legation.relations.moved import MovedRelation
    from legation.relations.types import Interval
    from legation.service.worlds import SourceListing, WorldDifference

__all__ = ["difference_text", "fetched_text", "sources_text", "terms_text", "world_text"]

_USES = {
    "any": "any",
    "attribution": "any, with attribution",
    "research": "research",
    "non-commercial": "non-commercial",
}


def world_text(catalogue: Catalogue) -> str:
    """Write a world's tables with dates and licences, then its sources with their attribution."""
    parts = [
        f"World {catalogue.content_hash[:16]}, written with {catalogue.written_with}",
        table(
            ("Table", "What", "Rows", "From", "To", "Sources", "Licence", "Hash"),
            [_row(one) for one in catalogue.tables],
            align=("left", "left", "right", "left", "left", "left", "left", "left"),
            width=160,
        ),
        heading("Sources"),
        bullets(
            f"{source.title}, {source.version} ({source.publisher}). {source.licence.name}; "
            f"{'may' if source.licence.redistribution else 'may not'} be redistributed. "
            f"{source.licence.attribution}"
            for source in catalogue.sources
        ),
    ]
    if catalogue.absent:
        parts += [
            heading("Built without"),
            paragraph(", ".join(source.name for source in catalogue.absent) + "."),
        ]
    return "\n".join(parts)


def _row(info: TableInfo) -> Sequence[str]:
    last = f"seen {info.snapshot[:7]}" if info.kind == "snapshot" else info.last.isoformat()
    return (
        info.name,
        info.title,
        f"{info.rows:,}",
        "" if info.kind in {"snapshot", "static"} else info.first.isoformat(),
        last,
        ", ".join(info.sources),
        ", ".join(info.licences),
        info.content_hash[:12],
    )


def sources_text(listings: Sequence[SourceListing]) -> str:
    """Write the sources that can be read: coverage, licence, use, freshness, and which files are there."""
    asked = any(listing.found is not None for listing in listings)
    head = ("Source", "Files" if asked else "What", "Speaks of", "Age, and when renewed", "Licence", "May be used for")
    rows = [
        (
            one.name,
            f"{one.title}, {one.version}" if one.found is None else ", ".join(one.found) or "not there",
            one.last.isoformat() if one.kind == "snapshot" else "" if one.kind == "static" else _span(one),
            one.schedule if one.age_days is None else f"{_age(one.age_days)}; {one.schedule}",
            one.licence,
            _USES[one.use] if one.may_be_passed_on else f"{_USES[one.use]}; not to pass on",
        )
        for one in listings
    ]
    there = sum(bool(one.found) for one in listings)
    lines = [table(head, rows, width=120, whole=1)]
    if asked:
        lines.append(f"\n{there} of {len(listings)} sources are there.")
    lines.append("\nFile names, addresses and tables of each: --json, or the reference of sources.")
    return "\n".join(lines)


def _span(one: SourceListing) -> str:
    return f"{one.first.year}-{one.last.year}"


def _age(days: int) -> str:
    return f"{days} days" if days < 365 else f"{days / 365.25:.1f} years"


def terms_text(terms: Terms, catalogue: Catalogue) -> str:
    """Write what the licences of a world's sources allow, then each source with its licence."""
    rows = [
        (
            source.name,
            source.licence.name,
            _USES[source.licence.use],
            "yes" if source.licence.redistribution else "no",
        )
        for source in catalogue.sources
    ]
    return "\n".join(
        (
            bullets(terms.sentences),
            "",
            table(("Source", "Licence", "May be used for", "Pass on"), rows, width=120),
            heading("Attribution"),
            bullets(f"{source.title}, {source.version}. {source.licence.attribution}" for source in catalogue.sources),
            "",
            paragraph("A reading aid, not legal advice: the licences themselves decide."),
        )
    )


def fetched_text(fetched: Sequence[Fetched]) -> str:
    """Write which files were fetched, with their checksums."""
    return bullets(f"{one.path}: {one.bytes:,} bytes, SHA-256 {one.sha256}{_how(one)}" for one in fetched)


def _how(one: Fetched) -> str:
    if one.already_there:
        return ", was there already"
    return f", continued at byte {one.resumed_at:,}" if one.resumed_at else ""


def difference_text(found: WorldDifference) -> str:
    """Write what changed between two worlds, and the relations that moved."""
    change = found.change
    if change.hash_before == change.hash_after:
        return "The two worlds hold the same figures."
    parts = [f"From world {change.hash_before[:16]} to {change.hash_after[:16]}"]
    if change.sources:
        rows = [(one.name, one.before or "absent", one.after or "absent") for one in change.sources]
        parts += [heading("Sources"), table(("Source", "Before", "After"), rows, width=150)]
    if change.tables:
        parts += [heading("Tables"), table(_TABLE_HEAD, [_changed(one) for one in change.tables], width=150)]
    parts += [f"\n{len(change.same_tables)} tables are the same.", heading(f"Relations at {found.as_of.isoformat()}")]
    if found.moved:
        parts.append(table(_MOVED_HEAD, [_moved(one) for one in found.moved], width=150))
    else:
        parts.append("None moved beyond its interval.")
    return "\n".join(parts)


_TABLE_HEAD = ("Table", "Rows before", "After", "Added", "Removed", "Changed", "Examples")
_MOVED_HEAD = ("Pair", "Alignment before", "After", "Tension before", "After", "Level before", "After")


def _changed(one: TableChange) -> Sequence[str]:
    numbers = (one.rows_before, one.rows_after, one.added, one.removed, one.changed)
    columns = [*(f"new column {name}" for name in one.columns_added), *(f"lost {name}" for name in one.columns_removed)]
    return (one.name, *("" if n is None else f"{n:,}" for n in numbers), "; ".join([*columns, *one.examples]))


def _moved(one: MovedRelation) -> Sequence[str]:
    return (
        f"{one.a} - {one.b}",
        _interval(one.alignment_before),
        _interval(one.alignment_after),
        _interval(one.tension_before),
        _interval(one.tension_after),
        (one.level_before or "unknown").replace("_", " "),
        (one.level_after or "unknown").replace("_", " "),
    )


def _interval(value: Interval | None) -> str:
    return "not known" if value is None else f"{value.value:.2f} ({value.low:.2f} to {value.high:.2f})"
