"""Rows of event files in the publishers' forms, built from the documented columns."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from legation.evidence.events.formats import FORMATS

_GDELT = {
    "GLOBALEVENTID": "1",
    "SQLDATE": "20190304",
    "MonthYear": "201903",
    "Year": "2019",
    "FractionDate": "2019.1753",
    "Actor1Code": "EST",
    "Actor1CountryCode": "EST",
    "Actor2Code": "FIN",
    "Actor2CountryCode": "FIN",
    "IsRootEvent": "1",
    "EventCode": "040",
    "EventBaseCode": "040",
    "EventRootCode": "04",
    "QuadClass": "1",
    "GoldsteinScale": "1.0",
    "NumMentions": "3",
    "NumSources": "1",
    "NumArticles": "3",
    "AvgTone": "1.5",
    "ActionGeo_CountryCode": "EN",
    "DATEADDED": "20190304143000",
    "SOURCEURL": "https://paper.example/talks-between-two-neighbours-begin",
}

_ICEWS = {
    "Event ID": "7",
    "Event Date": "2018-06-01",
    "Source Name": "Ministry (Japan)",
    "Source Country": "Japan",
    "Event Text": "Consult",
    "CAMEO Code": "040",
    "Intensity": "1.0",
    "Target Name": "Ministry (Vietnam)",
    "Target Country": "Vietnam",
    "Story ID": "47400351",
    "Sentence Number": "2",
    "Country": "Vietnam",
    "Latitude": "21.0",
    "Longitude": "105.8",
}

_POLECAT = {
    "Event ID": "20230103-1-a",
    "Event Date": "2023-01-03",
    "Event Type": "ASSAULT",
    "Event Mode": "beat",
    "Intensity": "-9.0",
    "Quad Code": "MATERIAL CONFLICT",
    "Actor Country": "FRA",
    "Actor COW": "220",
    "Recipient Country": "DEU",
    "Recipient COW": "255",
    "Country": "FRA",
    "Publication Date": "2023-01-04",
    "Version": "NGEC_coder",
}

Row = Callable[..., list[str]]
Write = Callable[..., Path]


def _row(columns: Sequence[str], values: dict[str, str], changes: dict[str, str]) -> list[str]:
    unknown = set(changes) - set(columns)
    assert not unknown, unknown
    return [{**values, **changes}.get(column, "") for column in columns]


@pytest.fixture
def gdelt2() -> Row:
    """Return a maker of GDELT 2 rows: 61 fields, some changed."""
    return lambda **changes: _row(FORMATS["gdelt2"].columns, _GDELT, changes)


@pytest.fixture
def gdelt1() -> Row:
    """Return a maker of GDELT 1 rows: 58 fields, or 57 without the address, as before April 2013."""

    def make(*, address: bool = True, **changes: str) -> list[str]:
        row = _row(FORMATS["gdelt1"].columns, {**_GDELT, "DATEADDED": "20190304"}, changes)
        return row if address else row[:-1]

    return make


@pytest.fixture
def icews() -> Row:
    """Return a maker of ICEWS rows; names with blanks are given by mapping."""
    return lambda changes=None: _row(FORMATS["icews"].columns, _ICEWS, changes or {})


@pytest.fixture
def polecat() -> Row:
    """Return a maker of POLECAT rows; names with blanks are given by mapping."""
    return lambda changes=None: _row(FORMATS["polecat"].columns, _POLECAT, changes or {})


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a writer of rows as a file; gzipped if its name says so, with a heading if one is given."""

    def to_file(
        rows: Sequence[Sequence[str]],
        name: str = "20190304143000.export.CSV",
        *,
        heading: Sequence[str] = (),
        encoding: str = "utf-8",
        separator: str = "\t",
    ) -> Path:
        lines = [separator.join(row) for row in ([heading, *rows] if heading else rows)]
        data = ("\n".join(lines) + "\n").encode(encoding)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return to_file
