"""A user's tables are read by their documented columns, and refused with file, row, value and remedy."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from legation.errors import InputError
from legation.relations.level.own import coded_of, read_evidence, read_labels, years_of_span


def _write(folder, text, name="table.csv"):
    path = folder / name
    path.write_text(text)
    return path


def test_evidence_from_text(tmp_path):
    """Numbers, truth values and gaps are read; names of actors stay what they are; sides may stand either way."""
    path = _write(tmp_path, "a,b,year,ties,pact\nNA,007,1990,1.5,true\n007,NA,1991,,false\n")
    labels = read_labels(_write(tmp_path, "b,a,year,level\n007,NA,1990,warm peace\n", "labels.csv"))

    case = read_evidence(path, labels)

    assert case.actors == ("007", "NA")
    assert case.level.tolist() == [3, -1]
    assert np.array_equal(case.evidence.values, [[1.5, 1], [np.nan, 0]], equal_nan=True)


def test_the_publishers_columns_are_known(tmp_path):
    """The peace scale's own columns are read; -9 and gaps are rows to predict."""
    path = tmp_path / "peace.parquet"
    pl.DataFrame(
        {"ccode1": [2, 2, 2], "ccode2": [20, 40, 70], "year": [1990] * 3, "peace_level": [0.75, -9.0, None],
         "label": ["warm_peace", "transition", None]}
    ).write_parquet(path)  # fmt: skip

    found = coded_of(read_labels(path), path)

    assert found.level.tolist() == [3, -1, -1]
    assert found.a.tolist() == [2, 2, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b,year,ties\nX,Y,1990,1\n", "no column level"),
        ("a,b,year,level\nX,Y,1990,0.5\n", "no column of evidence"),
        ("a,b,year,ties,level\nX,Y,1990,much,0.5\n", "'much' in column ties is no number"),
        ("a,b,year,ties,level\nX,Y,1990,inf,0.5\n", "out of range"),
        ("a,b,year,ties,level\nX,Y,1990,1e300,0.5\n", "out of range"),
        ("a,b,year,ties,level\nX,X,1990,1,0.5\n", "both sides"),
        ("a,b,year,ties,level\nX,Y,1990,1,0.5\nY,X,1990,2,0.5\n", "X-Y in 1990 twice"),
        ("a,b,year,ties,level\nX,Y,1990,1,0.6\n", "no level"),
        ("a,b,ties,level\nX,Y,1,0.5\n", "no column 'year'"),
        ("a,b,year,ties,level\nX,Y,soon,1,0.5\n", "soon"),
    ],
)
def test_other_evidence_is_refused(tmp_path, text, words):
    """Each fault is named."""
    with pytest.raises(InputError, match=words):
        read_evidence(_write(tmp_path, text), None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b,year,level\nX,Y,1990,0\nY,X,1990,1\n", "two levels in 1990"),
        ("a,b,year,level\nX,X,1990,0\n", "both sides"),
        ("a,b,year,level\nX,Y,1990,ally\n", "'ally' is no level"),
    ],
)
def test_other_levels_are_refused(tmp_path, text, words):
    """Each fault is named."""
    with pytest.raises(InputError, match=words):
        read_labels(_write(tmp_path, text))


@pytest.mark.parametrize("code", ["USA", "0", "1000", "2.5", "nan"])
def test_source_tables_need_cow_codes(tmp_path, code):
    """Names are refused where evidence is made from tables that go by COW codes."""
    path = _write(tmp_path, f"a,b,year,level\n{code},20,1990,0.5\n")

    with pytest.raises(InputError, match="no COW code"):
        coded_of(read_labels(path), path)


def test_spans_of_years():
    """A span, a year, and what is neither."""
    assert years_of_span("1900-1990", option="--train-years") == (1900, 1990)
    assert years_of_span("1990", option="--train-years") == (1990, 1990)
    for wrong in ("", "1990-", "-1990", "1990-1980", "19900", "a-b", "1900-1990-2000", "²-3"):
        with pytest.raises(InputError, match="--train-years"):
            years_of_span(wrong, option="--train-years")
