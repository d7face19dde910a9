"""Read a source's table strictly: take every column by name and type, name the ones left, stop at anything else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

import polars as pl
from polars.datatypes import DataTypeClass

from legation.errors import SourceError
from legation.evidence.description import Assertion, SourceDescription
from legation.evidence.forms import Reader, form_found, read_declared

__all__ = ["ColumnType", "SourceFiles", "check_assertion"]

ColumnType: TypeAlias = "DataTypeClass | pl.DataType"

_MAGIC = b"PAR1"


class SourceFiles:
    """The files of one source in a folder, read with its description at hand.

    Parameters
    ----------
    folder
        Where the files lie.
    description
        What the source says of itself.
    """

    def __init__(self, folder: Path, description: SourceDescription) -> None:
        self.folder = folder
        self.description = description

    def path(self, file: str) -> Path:
        """Return the path of a declared file.

        Raises
        ------
        SourceError
            When the file is not there.
        """
        path = self.folder / file
        if file not in self.description.files:
            raise SourceError(f"Source {self.description.name} declares no file {file!r}.")
        if not path.is_file():
            raise SourceError(
                f"Source {self.description.name} needs the file {path}, which is not there.",
                remedy=f"Get {self.description.title} from {self.description.url} and put it there.",
            )
        return path

    @property
    def present(self) -> bool:
        """Whether the folder holds what the source needs: all its files, or a form of one of its declared tables."""
        if self.description.files:
            return all((self.folder / file).is_file() for file in self.description.files)
        return any(self.has(table.name) for table in self.description.tables)

    def has(self, table: str) -> bool:
        """Say whether a form of a declared table is in the folder."""
        return form_found(self.description, table, self.folder) is not None

    def declared(self, table: str, *, readers: Mapping[str, Reader] | None = None) -> pl.DataFrame:
        """Read a declared table from whichever of its forms is there; see `legation.evidence.forms.read_declared`.

        Raises
        ------
        SourceError
            When none is there, or the file is not what the description says.
        """
        frame = read_declared(self.description, table, self.folder, readers=readers)
        if frame is None:
            forms = " or ".join(form.file for form in self.description.forms if form.table == table)
            raise SourceError(
                f"Source {self.description.name} needs {forms} in {self.folder} for its table {table}.",
                remedy=f"Get {self.description.title} from {self.description.url} and put it there.",
            )
        return frame

    def all_declared(self, *, readers: Mapping[str, Reader] | None = None) -> dict[str, pl.DataFrame]:
        """Read every declared table of which a form is there; `readers` are for forms of another layout, by file."""
        names = [table.name for table in self.description.tables if self.has(table.name)]
        return {name: self.declared(name, readers=readers) for name in names}

    def table(
        self, file: str, columns: Mapping[str, ColumnType], *, ignored: Mapping[str, str] | None = None
    ) -> pl.DataFrame:
        """Read a Parquet table, every column of which is either taken with its type or ignored with a reason.

        Raises
        ------
        SourceError
            When the file is missing, is not whole Parquet, lacks a column, has one that nobody named, has another
            type, or breaks an assertion of the description.
        """
        frame = _read_parquet(self.path(file), name=self.description.name)
        unnamed = [name for name in frame.columns if name not in columns and name not in (ignored or {})]
        missing = [name for name in (*columns, *(ignored or {})) if name not in frame.columns]
        if unnamed or missing:
            raise SourceError(
                f"{file} of source {self.description.name}: columns nobody named {unnamed}, columns missing {missing}.",
                remedy="Check the version of the table; then take or ignore each column in the load function.",
            )
        for name, dtype in columns.items():
            if frame.schema[name] != dtype:
                raise SourceError(
                    f"{file} of source {self.description.name}: column {name} has type {frame.schema[name]}; "
                    f"declared is {dtype}."
                )
        for assertion in self.description.assertions:
            if assertion.file == file and assertion.check != "parsed":
                check_assertion(frame, assertion, source=self.description.name)
        return frame.select(list(columns))

    def check_parsed(self, file: str, column: str, share: float) -> None:
        """Hold the share of texts that gave a figure against the description's ``parsed`` assertion.

        Raises
        ------
        SourceError
            When fewer texts were understood than declared, or no such assertion is declared.
        """
        for assertion in self.description.assertions:
            if assertion.check == "parsed" and assertion.file == file and assertion.columns == (column,):
                if assertion.min is None or share < assertion.min:
                    raise _broken(assertion, f"only {share:.1%} of {column} could be read", self.description.name)
                return
        raise SourceError(f"Source {self.description.name} declares no share of {column} that must be readable.")

    def actor_of(self, table: str, value: str) -> str | None:
        """Return the actor that the description gives to a source's own name or code; None when it is left out.

        Raises
        ------
        SourceError
            When the value is not listed: a new name is looked at by a person before it is believed.
        """
        actor = self.description.lookup(table, value)
        if actor is None:
            raise SourceError(
                f"Source {self.description.name} uses {value!r}; lookups.{table} of its description lacks it.",
                remedy="Add it there: the actor's id, or an empty text to leave it out.",
            )
        return actor or None


def _read_parquet(path: Path, *, name: str) -> pl.DataFrame:
    with path.open("rb") as stream:
        head = stream.read(4)
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(max(0, size - 4))
        tail = stream.read(4)
    if head != _MAGIC or tail != _MAGIC:
        what = "is cut short or damaged" if head == _MAGIC else "is not a Parquet file"
        raise SourceError(f"{path} of source {name} {what}.", remedy="Fetch the file again.")
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceError(
            f"{path} of source {name} cannot be read: {error}.", remedy="Fetch the file again."
        ) from error


def _broken(assertion: Assertion, finding: str, source: str) -> SourceError:
    return SourceError(
        f"{assertion.file} of source {source} breaks its assertion {assertion.check!r}: {finding} "
        f"(expected because: {assertion.reason}).",
        remedy="Check the table; if the publisher changed it, change the description with a reason.",
    )


def check_assertion(frame: pl.DataFrame, assertion: Assertion, *, source: str) -> None:
    """Hold a table against one declared assertion.

    Raises
    ------
    SourceError
        When it does not hold; the message names the table, the finding and the reason of the threshold.
    """
    low = float("-inf") if assertion.min is None else assertion.min
    high = float("inf") if assertion.max is None else assertion.max
    if assertion.check == "rows":
        _within(float(frame.height), (low, high), "rows", assertion, source)
    elif assertion.check == "unique":
        repeated = frame.height - frame.select(assertion.columns).unique().height
        _within(float(repeated), (0.0, assertion.max or 0.0), f"repeats of {assertion.columns}", assertion, source)
    for column in assertion.columns if assertion.check != "unique" else ():
        series = frame.get_column(column)
        if assertion.check == "filled":
            share = 1.0 - series.null_count() / max(1, frame.height)
            _within(share, (low, high), f"filled share of {column}", assertion, source)
        elif assertion.check == "distinct":
            _within(float(series.n_unique()), (low, high), f"different values of {column}", assertion, source)
        elif assertion.check == "range":
            _check_range(series, low, high, assertion, source)
        elif assertion.check == "values":
            strange = sorted(
                {str(v) for v in series.drop_nulls().unique().to_list()} - {str(v) for v in assertion.allowed}
            )
            if strange:
                raise _broken(assertion, f"{column} holds {strange[:5]}, allowed are {list(assertion.allowed)}", source)


def _within(value: float, limits: tuple[float, float], what: str, assertion: Assertion, source: str) -> None:
    low, high = limits
    if not low <= value <= high:
        raise _broken(assertion, f"{what} are {value:g}, allowed is {low:g} to {high:g}", source)


def _check_range(series: pl.Series, low: float, high: float, assertion: Assertion, source: str) -> None:
    outside = series.drop_nulls().filter((series.drop_nulls() < low) | (series.drop_nulls() > high))
    if series.dtype.is_float() and bool(series.is_nan().any()):
        raise _broken(assertion, f"{series.name} holds not-a-number", source)
    if outside.len():
        raise _broken(assertion, f"{series.name} holds {outside[0]}, allowed is {low:g} to {high:g}", source)
