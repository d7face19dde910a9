"""The content hash depends on the rows and on nothing else."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import FormatError
from legation.evidence.canonical import content_hash

ROWS = st.lists(
    st.tuples(
        st.integers(-(2**31), 2**31 - 1),
        st.none() | st.floats(allow_nan=False, width=32),
        st.none() | st.text(st.characters(codec="utf-8"), max_size=8),
        st.none() | st.dates(),
        st.none() | st.booleans(),
    ),
    max_size=20,
    unique_by=lambda row: row[0],
)
SCHEMA = {"k": pl.Int32, "x": pl.Float32, "t": pl.String, "d": pl.Date, "b": pl.Boolean}


def frame(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """Make a table of the rows."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@given(ROWS, st.randoms(use_true_random=False))
def test_row_order_and_chunks_do_not_matter(rows: list[tuple[object, ...]], random: object) -> None:
    """Shuffled rows in several chunks give the same hash."""
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    half = len(shuffled) // 2
    chunked = pl.concat([frame(shuffled[:half]), frame(shuffled[half:])], rechunk=False)

    assert content_hash(frame(rows), key=["k"]) == content_hash(chunked, key=["k"])


@given(ROWS.filter(bool), st.data())
def test_any_changed_value_changes_the_hash(rows: list[tuple[object, ...]], data: st.DataObject) -> None:
    """A table with one other key has another hash."""
    place = data.draw(st.integers(0, len(rows) - 1))
    other = data.draw(st.integers(-(2**31), 2**31 - 1).filter(lambda key: key not in {row[0] for row in rows}))
    changed = [(other, *row[1:]) if i == place else row for i, row in enumerate(rows)]

    assert content_hash(frame(rows), key=["k"]) != content_hash(frame(changed), key=["k"])


def test_missing_and_zero_differ() -> None:
    """A missing figure is another content than zero, and a missing text another than an empty one."""
    zero = pl.DataFrame({"k": [1], "x": [0], "t": [""]})
    missing = pl.DataFrame({"k": [1], "x": [None], "t": [None]}, schema=zero.schema)

    assert content_hash(zero, key=["k"]) != content_hash(missing, key=["k"])


def test_neighbouring_texts_do_not_run_together() -> None:
    """Lengths are part of the encoding, so moving a letter from one row to the next is seen."""
    one = pl.DataFrame({"k": [1, 2], "t": ["ab", "c"]})
    two = pl.DataFrame({"k": [1, 2], "t": ["a", "bc"]})

    assert content_hash(one, key=["k"]) != content_hash(two, key=["k"])


def test_integer_width_and_negative_zero_do_not_matter() -> None:
    """The same numbers in another width, or zero with a sign, are the same content."""
    wide = pl.DataFrame({"k": [1, 2], "x": [0.0, 1.5]}, schema={"k": pl.Int64, "x": pl.Float64})
    narrow = pl.DataFrame({"k": [1, 2], "x": [-0.0, 1.5]}, schema={"k": pl.Int8, "x": pl.Float32})

    assert content_hash(wide, key=["k"]) == content_hash(narrow, key=["k"])


def test_known_table_has_a_known_hash() -> None:
    """The encoding is fixed: files written today are checked by it for ever."""
    table = pl.DataFrame({"a": ["EST", "LVA"], "year": [2020, 2021], "x": [0.5, None], "d": [date(2020, 1, 1), None]})

    expected = "71d04a479b229e7d4f231db783e718e39b8927f3ff2f9b6a54e7be4aa071f6c1"
    assert expected == content_hash(table, key=["a", "year"])


def test_repeated_keys_and_unknown_types_are_refused() -> None:
    """A table without an order of rows, with not-a-number or with a nested type has no hash."""
    with pytest.raises(FormatError, match="repeats"):
        content_hash(pl.DataFrame({"k": [1, 1]}), key=["k"])
    with pytest.raises(FormatError, match="not-a-number"):
        content_hash(pl.DataFrame({"k": [1], "x": [float("nan")]}), key=["k"])
    with pytest.raises(FormatError, match="does not know"):
        content_hash(pl.DataFrame({"k": [1], "x": [[1, 2]]}), key=["k"])
