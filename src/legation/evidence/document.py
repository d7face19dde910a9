"""Tables for the documentation, written from the specifications and descriptions themselves."""

from __future__ import annotations

from legation.evidence.description import Assertion, DeclaredTable, SourceDescription, describe_source, source_names
from legation.evidence.tables import TABLES, TableSpec

__all__ = ["source_tables_markdown", "sources_markdown", "tables_markdown"]

_USES = {
    "any": "any",
    "attribution": "any, with attribution",
    "research": "research",
    "non-commercial": "non-commercial",
}


def tables_markdown() -> str:
    """Return a section for each table of a world: key, columns, and what a missing row means."""
    return "\n".join(_table(spec) for spec in TABLES)


def _table(spec: TableSpec) -> str:
    source = describe_source(spec.source)
    domain = source.time_domain
    first, last, kind = spec.first or domain.first, spec.last or domain.last, spec.kind or domain.kind
    missing = "zero" if spec.complete else "not known"
    span = f"{kind}, {first.isoformat()} to {last.isoformat()}"
    key = ", ".join(f"`{name}`" for name in spec.key)
    lines = [
        f"### `{spec.name}`",
        "",
        f"{spec.title}.",
        f"Source: `{spec.source}`; {span}; key {key}; a missing row inside this time means {missing}.",
        "",
        "| column | type | meaning | unit |",
        "|---|---|---|---|",
    ]
    for column in spec.columns:
        name = f"`{column.name}`" + (" (computed on reading)" if column.derived is not None else "")
        meaning = column.meaning + ("; may be missing" if column.nullable else "")
        lines.append(f"| {name} | {column.type} | {meaning} | {column.unit} |")
    return "\n".join([*lines, ""])


def sources_markdown() -> str:
    """Return a table of all sources, then a section for each: files, licence, time, completeness, notes, assertions."""
    described = [describe_source(name) for name in source_names()]
    lines = [
        "| source | what | time | may be used for | pass on | in the baseline |",
        "|---|---|---|---|---|---|",
        *(_line(source) for source in described),
        "",
    ]
    return "\n".join([*lines, *map(_source, described)])


def _line(source: SourceDescription) -> str:
    domain, licence = source.time_domain, source.licence
    time = "static" if domain.kind == "static" else f"{domain.first.year}-{domain.last.year}"
    time = domain.last.isoformat() if domain.kind == "snapshot" else time
    allowed, shipped = "yes" if licence.redistribution else "no", "yes" if source.baseline else ""
    what = f"[`{source.name}`](#{source.name}) | {source.title}"
    return f"| {what} | {time} | {_USES[licence.use]} | {allowed} | {shipped} |"


def source_tables_markdown() -> str:
    """Return a section for each table that is kept as its publisher gives it."""
    return "\n".join(
        _declared(source, table) for source in map(describe_source, source_names()) for table in source.tables
    )


def _declared(source: SourceDescription, table: DeclaredTable) -> str:
    key = ", ".join(f"`{name}`" for name in table.key) or "none"
    forms = ", ".join(f"`{form.file}`" for form in source.forms if form.table == table.name) or "made by the source"
    missing = "zero" if table.complete else "not known"
    origin = f"Source: `{source.name}`; key {key}; read from {forms}; a missing row inside its time means {missing}."
    lines = [f"### `{table.name}`", "", f"{table.title}.", origin]
    if table.as_published:
        lines.append("Further columns are kept as the publisher's codebook describes them.")
    lines += ["", "| column | type | meaning | unit |", "|---|---|---|---|"]
    for column in table.columns:
        meaning = column.meaning + ("; may be missing" if column.nullable or column.missing else "")
        lines.append(f"| `{column.name}` | {column.type} | {meaning.replace('|', chr(92) + '|')} | {column.unit} |")
    return "\n".join([*lines, ""])


def _source(source: SourceDescription) -> str:
    licence = source.licence.name + (f" (`{source.licence.spdx}`)" if source.licence.spdx else "")
    domain, allowed = source.time_domain, "yes" if source.licence.redistribution else "no"
    files = ", ".join(f"`{file}`" for file in source.all_files)
    span = f"{domain.kind}, {domain.first.isoformat()} to {domain.last.isoformat()}"
    lines = [
        f"### `{source.name}`",
        "",
        f"{source.title}, {source.version}, from {source.publisher}.",
        "",
        f"- Address: <{source.url}>; files: {files}; as of {source.retrieved}.",
        f"- Updated by its publisher: {source.schedule}.",
        f"- Licence of the data: {licence}; use: {_USES[source.licence.use]}; redistribution allowed: {allowed}.",
        f"- Time: {span}.{' ' + domain.note if domain.note else ''}",
        f"- Completeness: {source.completeness}",
        f"- Known, as a rule, {source.lag_days} days after the time a row speaks of.",
        *(f"- {note}" for note in source.notes),
        "",
    ]
    if source.assertions:
        lines += ["| checked | of | limits | why |", "|---|---|---|---|", *map(_assertion, source.assertions), ""]
    return "\n".join(lines)


def _assertion(assertion: Assertion) -> str:
    limits = ", ".join(str(value) for value in assertion.allowed)
    if not limits:
        ends = [None if end is None else f"{end:g}" for end in (assertion.min, assertion.max)]
        limits = " to ".join(end for end in ends if end is not None)
    of = ", ".join(f"`{column}`" for column in assertion.columns) or f"`{assertion.file}`"
    return f"| {assertion.check} | {of} | {limits} | {assertion.reason} |"
