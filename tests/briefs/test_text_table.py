"""A table of text fits its width, loses no character, and lines its columns up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from legation.briefs.text.table import WIDTH, table

CELLS = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"], exclude_characters="─"), max_size=60
)


def rows_of(columns: int) -> st.SearchStrategy[list[list[str]]]:
    """Draw the rows of a table, its header first."""
    return st.lists(st.lists(CELLS, min_size=columns, max_size=columns), min_size=1, max_size=5)


@given(st.integers(1, 6).flatmap(rows_of), st.integers(30, 150))
def test_a_table_fits_and_loses_nothing(rows, width):
    """No line is longer than the width, and every character of every cell but spaces is there."""
    drawn = table(rows[0], rows[1:], width=width)
    shown, given_text = ("".join(text.split()) for text in (drawn.replace("─", ""), "".join("".join(r) for r in rows)))

    assert all(len(line) <= width for line in drawn.splitlines())
    assert sorted(shown) == sorted(given_text)


def test_columns_stand_under_their_heads():
    """Left and right columns line up, wide characters count two places, and the rule spans the table."""
    drawn = table(("Name", "Number"), [("Tōkyō", "1"), ("東京", "1,000")], align=("left", "right"))

    assert drawn.splitlines() == ["Name    Number", "──────────────", "Tōkyō        1", "東京     1,000"]


def test_long_cells_are_folded_between_words():
    """A cell longer than its column goes on below, and a word longer than it is cut."""
    drawn = table(("A", "B"), [("one two three", "x" * 30)], width=24)

    assert drawn.splitlines()[2:] == ["one two      " + "x" * 11, "three        " + "x" * 11, " " * 13 + "x" * 8]


def test_a_table_without_rows_has_its_head():
    """Only the head and the rule are drawn."""
    assert table(("A", "B"), []).splitlines() == ["A   B", "─────"]
    assert WIDTH == 110
