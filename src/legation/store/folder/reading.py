"""Read and check a desk folder: every fault at once, each with file, line, rule and remedy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import msgspec

from legation.desk.base import Record
from legation.desk.desk import KINDS, Desk, DeskInfo
from legation.desk.faults import Fault
from legation.errors import DeskError
from legation.store.folder.convert import Place, convert_cells, convert_table, convert_tables
from legation.store.folder.csvfile import Table, read_csv
from legation.store.folder.layout import DESK_FILE, SourceFile, find_layout
from legation.store.folder.problems import Problem, as_text, suggestion, unknown_name
from legation.store.folder.schema import FieldSpec, fields_of
from legation.store.folder.tomlfile import TomlFile, find_tables, read_toml

__all__ = ["ReadResult", "Source", "check_folder", "finish", "read_folder", "table_source"]


@dataclass(frozen=True, kw_only=True)
class ReadResult:
    """What reading a desk gave: the desk, unless a fault is an error; all faults and warnings."""

    desk: Desk | None
    faults: tuple[Fault, ...]


@dataclass(kw_only=True)
class Source:
    """The records that one file or sheet gave, where each stands, and the faults of the rest."""

    kind: str
    name: str
    records: Sequence[Record] = ()
    origins: Sequence[int] = ()
    place: Place = lambda _number, _field: None
    faults: list[Fault] = field(default_factory=list)
    info: DeskInfo | None = None

    @cached_property
    def by_key(self) -> dict[str, int]:
        """The number of each record's row by the record's key; of two with one key the later, which is at fault."""
        return {record.key: origin for record, origin in zip(self.records, self.origins, strict=True)}


def read_folder(
    path: str | PathLike[str], *, faults: Literal["raise", "collect"] = "raise", rules: bool = True
) -> ReadResult:
    """Read a desk folder.

    Parameters
    ----------
    path
        The folder that holds ``desk.toml``.
    faults
        Whether errors raise a `DeskError` that carries all of them, or stay in the result without a desk.
    rules
        Whether the desk's own rules (references, dates, principles) are checked once its form is sound.

    Returns
    -------
    ReadResult
        The desk in key order, and every fault in the order of the files.

    Raises
    ------
    DeskError
        When the desk has errors and `faults` is ``raise``.
    FormatError
        When the path is not a folder that can be read.
    """
    root = Path(path)
    layout = find_layout(root)
    sources = [_read_source(file) for file in layout.files]
    found = list(layout.faults)
    if not any(file.kind == "desk" for file in layout.files):
        found.append(_no_desk_file())
    return finish(sources, found, name=root.name, faults=faults, rules=rules)


def check_folder(path: str | PathLike[str]) -> tuple[Fault, ...]:
    """Give every fault of a desk folder; none for a sound one.

    Raises
    ------
    FormatError
        When the path is not a folder that can be read.
    """
    return read_folder(path, faults="collect").faults


def finish(
    sources: Sequence[Source], found: list[Fault], *, name: str, faults: Literal["raise", "collect"], rules: bool
) -> ReadResult:
    """Put sources together to a desk, check its rules, give each fault its place."""
    for source in sources:
        found += source.faults
    info = next((source.info for source in sources if source.info is not None), None)
    desk = None
    if info is not None:
        whole = not _has_errors(found)
        desk = _assemble(info, sources)
        if rules:
            found += [fault for fault in _rule_faults(desk, sources) if whole or fault.rule not in _NEEDS_ALL_RECORDS]
    if _has_errors(found):
        desk = None
        if faults == "raise":
            raise _error(name, found)
    return ReadResult(desk=desk, faults=tuple(found))


def _assemble(info: DeskInfo, sources: Iterable[Source]) -> Desk:
    records: dict[str, list[Record]] = defaultdict(list)
    for source in sources:
        if source.info is None:
            records[source.kind].extend(source.records)
    ordered: dict[str, Any] = {kind: tuple(sorted(rows, key=_key_of(kind))) for kind, rows in records.items()}
    return Desk(info=info, **ordered)


def _key_of(kind: str) -> Callable[[Record], str]:
    """Give a function that does what `Record.key` does, in a third of the time: a desk sorts every record once."""
    parts = KINDS[kind].KEY
    get = attrgetter(*parts)
    if len(parts) == 1:
        return lambda record: str(get(record))
    return lambda record: "|".join(["" if part is None else str(part) for part in get(record)])


def _rule_faults(desk: Desk, sources: Sequence[Source]) -> list[Fault]:
    from legation.desk.rules import check_desk

    return [_located(fault, sources) for fault in check_desk(desk)]


def _located(fault: Fault, sources: Sequence[Source]) -> Fault:
    if fault.kind == "desk":
        source = next(source for source in sources if source.info is not None)
        return msgspec.structs.replace(fault, file=source.name, line=source.place(0, fault.field))
    # The last file that has the key: of two records with one key, the later is the one to remove.
    for source in reversed(sources):
        if source.kind == fault.kind and source.info is None and fault.key in source.by_key:
            line = source.place(source.by_key[fault.key], fault.field)
            return msgspec.structs.replace(fault, file=source.name, line=line)
    return fault


_NEEDS_ALL_RECORDS = frozenset(
    {
        "authority-budget", "authority-instrument", "budget-allotted", "effect-indicator", "effect-range",
        "goal-objectives", "goal-weights", "humanitarian-budget", "humanitarian-commitment", "humanitarian-paid",
        "humanitarian-parent", "humanitarian-purpose", "mission-modes", "mode-of-mission", "money-convertible",
        "objective-weights", "plan-entry-count", "plan-entry-staff", "reference-exists", "staff-need-fit",
        "willingness-partner", "window-room",
    }
)  # fmt: skip
"""Rules whose faults may be nothing but the consequence of a record that could not be read."""


def _has_errors(faults: Iterable[Fault]) -> bool:
    return any(fault.severity == "error" for fault in faults)


def _error(name: str, faults: Sequence[Fault]) -> DeskError:
    errors = [fault for fault in faults if fault.severity == "error"]
    rest = "" if len(errors) == 1 else f" and {len(errors) - 1:,} more"
    return DeskError(
        f"The desk {name} has {len(errors):,} {'fault' if len(errors) == 1 else 'faults'}: {errors[0]}{rest}",
        faults=faults,
        remedy="Correct them; `legation desk check` lists every one with file and line.",
    )


def _read_source(file: SourceFile) -> Source:
    if file.name.endswith(".csv"):
        return table_source(file.kind, read_csv(file.path), name=file.name)
    if file.kind == "desk":
        return _info_source(file, read_toml(file.path))
    return _toml_source(file, read_toml(file.path))


def table_source(kind: str, table: Table, *, name: str) -> Source:
    """Convert a table whose columns are named after the kind's fields."""
    source = Source(kind=kind, name=name, faults=_faults(kind, name, table.problems))
    source.faults += [
        msgspec.structs.replace(fault, severity="warning") for fault in _faults(kind, name, table.warnings)
    ]
    specs = fields_of(KINDS[kind])
    unknown = [column for column in table.columns if column not in specs]
    missing = [spec.name for spec in specs.values() if spec.required and spec.name not in table.columns]
    known = _known_columns(unknown, missing, kind=kind)
    source.faults += _faults(kind, name, known, line=table.columns_line)
    if known or len(set(table.columns)) < len(table.columns) or not table.columns:
        return source

    def place(number: int, _field: str | None) -> int:
        return table.lines[number]

    converted = convert_cells(KINDS[kind], table.columns, rows=table.rows, file=name, place=place)
    source.records, source.origins, source.place = converted.records, converted.origins, place
    source.faults += converted.faults
    return source


def _known_columns(unknown: Sequence[str], missing: Sequence[str], *, kind: str) -> list[Problem]:
    specs = fields_of(KINDS[kind])
    problems = [unknown_name(name, what="column", allowed=specs, rule="column-known") for name in unknown]
    meant = {suggestion(name, specs) for name in unknown}
    return problems + [_missing_column(specs[name]) for name in missing if name not in meant]


def _missing_column(spec: FieldSpec) -> Problem:
    return Problem(
        rule="column-required",
        message=f"The column {spec.name} is missing; every record needs it.",
        remedy=f"Add a column {spec.name}: {spec.rule}.",
        field=spec.name,
    )


def _faults(kind: str, name: str, problems: Iterable[Problem], *, line: int | None = None) -> list[Fault]:
    return [problem.at(kind=kind, key="", file=name, line=line) for problem in problems]


def _toml_source(file: SourceFile, toml: TomlFile) -> Source:
    source = Source(kind=file.kind, name=file.name, faults=_faults(file.kind, file.name, toml.problems))
    if toml.data is None:
        return source
    lines = _Lines(toml.text, name=file.kind)
    tables = toml.data.get(file.kind, [])
    for name in toml.data:
        if name != file.kind:
            source.faults += _faults(file.kind, file.name, [_foreign(name, file)], line=lines.of_name(name))
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        source.faults += _faults(file.kind, file.name, [_no_array(file.kind)], line=lines.of_name(file.kind))
        return source
    converted = convert_tables(KINDS[file.kind], tables, file=file.name, place=lines.place)
    source.records, source.origins, source.place = converted.records, converted.origins, lines.place
    source.faults += converted.faults
    return source


def _info_source(file: SourceFile, toml: TomlFile) -> Source:
    lines = _Lines(toml.text, name="")

    def place(_number: int, field: str | None) -> int:
        return lines.of_name(field or "") or lines.of_name(f"settings.{field}") or 1

    source = Source(kind="desk", name=file.name, place=place)
    source.faults = _faults("desk", file.name, toml.problems)
    if toml.data is None:
        return source
    result = convert_table(DeskInfo, {**toml.data, **_settings(toml.data, source, lines)})
    key = as_text(toml.data.get("id", ""))[:80]
    if isinstance(result, DeskInfo):
        source.info = result
        return source
    for problem in result:
        line = lines.of_name(problem.field or "") or 1
        source.faults.append(problem.at(kind="desk", key=key, file=file.name, line=line))
    return source


def _settings(data: dict[str, Any], source: Source, lines: _Lines) -> dict[str, Any]:
    """Check the settings field by field, so that each fault has its own line."""
    from legation.desk.desk import Settings

    table = data.get("settings")
    if not isinstance(table, dict):
        return {}
    result = convert_table(Settings, table)
    if not isinstance(result, list):
        return {"settings": result}
    for problem in result:
        line = lines.of_name(f"settings.{problem.field}") or lines.of_name("settings")
        source.faults.append(problem.at(kind="desk", key="settings", file=source.name, line=line))
    return {"settings": {}}


class _Lines:
    """The lines of a TOML file's tables and keys, found when the first fault asks for one."""

    def __init__(self, text: str, *, name: str) -> None:
        self._text = text
        self._name = name

    @cached_property
    def _tables(self) -> Sequence[Any]:
        return find_tables(self._text)

    @cached_property
    def _records(self) -> Sequence[Any]:
        return [table for table in self._tables if table.name == self._name]

    @cached_property
    def _names(self) -> dict[str, int]:
        names: dict[str, int] = {}
        for table in self._tables:
            if table.name:
                names.setdefault(table.name.partition(".")[0], table.line)
            for key, line in table.keys.items():
                names.setdefault(f"{table.name}.{key}" if table.name else key.partition(".")[0], line)
        return names

    def place(self, number: int, name: str | None) -> int | None:
        """Give the line of a record's field, or of the record, or of the array the records are written in."""
        if number >= len(self._records):
            return self.of_name(self._name)
        table = self._records[number]
        line: int = table.keys.get(name or "", table.line)
        return line

    def of_name(self, name: str) -> int | None:
        """Give the line on which a key or table of the file's first level is named first."""
        return self._names.get(name)


def _foreign(name: str, file: SourceFile) -> Problem:
    where = f"{name}.toml" if name in KINDS else DESK_FILE
    known = name in KINDS or name in fields_of(DeskInfo)
    return Problem(
        rule="table-known",
        message=f"{file.name} holds {name[:60]!r}; it may hold [[{file.kind}]] tables and nothing else.",
        remedy=f"Move it to {where}." if known else f"Remove it, or head it with [[{file.kind}]].",
    )


def _no_array(kind: str) -> Problem:
    return Problem(
        rule="table-array",
        message=f"{kind} must be an array of tables.",
        remedy=f"Head each record with [[{kind}]], in double brackets.",
    )


def _no_desk_file() -> Fault:
    return Fault(
        kind="desk",
        key="",
        rule="desk-file",
        message=f"The folder has no {DESK_FILE}.",
        remedy="Make one with `legation desk new`, or give the folder that holds it.",
        file=DESK_FILE,
        line=1,
    )
