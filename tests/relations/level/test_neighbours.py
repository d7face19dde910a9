"""Other dyads' levels and a dyad's own past enter as they were known, never the level to be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from legation.relations.level.history import HISTORY_NAMES, OwnHistory
from legation.relations.level.neighbours import NEIGHBOUR_NAMES, LabelBook, Links, neighbour_columns


def _book(rows: list[tuple[int, int, int, int]]) -> LabelBook:
    a, b, year, level = (np.array(column) for column in zip(*rows, strict=True))
    return LabelBook.of(a, b, year, level.astype(np.int8))


@pytest.fixture
def book() -> LabelBook:
    """Return four states over two years: 1 and 2 are friends, both hostile to 3; 4 is neutral."""
    return _book(
        [(1, 2, year, 4) for year in (1990, 1991)]
        + [(1, 3, 1990, 0), (2, 3, 1990, 1), (1, 3, 1991, 0), (2, 3, 1991, 0), (3, 4, 1990, 2), (1, 4, 1991, 2)]
    )


def _ask(book: LabelBook, a: int, b: int, *, year: int, until: int, **more: object) -> dict[str, float]:
    arrays = {name: np.array([value]) for name, value in {"a": a, "b": b, "year": year, "known_until": until}.items()}
    found = neighbour_columns(book, Links.none(), **arrays, **more)  # type: ignore[arg-type]
    return dict(zip(NEIGHBOUR_NAMES, found[0].tolist(), strict=True))


def test_third_states_by_hand(book):
    """The foe of a friend, foes in common and means are those counted by hand."""
    found = _ask(book, 2, 3, year=1991, until=1990)

    assert found["friend_is_enemy"] == 1  # 2's friend 1 is hostile to 3
    assert found["foes_in_common"] == 0
    assert found["through_friends"] == -2  # 1's level with 3, about the middle
    assert found["others_known_low"] == 2
    assert found["labels_age"] == 1
    assert _ask(book, 1, 2, year=1990, until=1990)["foes_in_common"] == 1


def test_its_own_level_does_not_come_back(book):
    """Where its fold is left out, a dyad's own level changes none of its columns, whatever it is."""
    fold = np.where((book.a == 1) & (book.b == 2), 0, 1)
    more = {"leave_out": np.array([0]), "fold": fold}
    changed = replace(book, level=np.where(fold == 0, 0, book.level).astype(np.int8))

    one, two = (_ask(each, 1, 2, year=1991, until=1991, **more) for each in (book, changed))

    assert one == pytest.approx(two, nan_ok=True)


def test_later_levels_change_nothing(book):
    """Levels after the year that is known change no column."""
    changed = replace(book, level=np.where(book.year == 1991, 2, book.level).astype(np.int8))

    one, two = (_ask(each, 2, 3, year=1991, until=1990) for each in (book, changed))

    assert one == pytest.approx(two, nan_ok=True)


def test_a_pasts_columns_by_hand():
    """Last level, its age, its spell, the level before, extremes and changes; gaps in coding are bridged."""
    book = _book([(1, 2, 1980, 2), (1, 2, 1981, 0), (1, 2, 1983, 0), (1, 2, 1990, 3), (5, 9, 1982, 4)])
    ask = {"a": np.array([1, 2, 1, 1, 7]), "b": np.array([2, 1, 2, 2, 8])}
    found = OwnHistory(book).columns(
        **ask, year=np.array([1985, 1985, 1995, 1979, 1985]), known_until=np.array([1984, 1980, 1995, 1979, 1985])
    )

    assert HISTORY_NAMES[0] == "own_last_level"
    assert found[0].tolist() == [0, 2, 3, 2, 0, 2, 1]
    assert np.array_equal(found[1], [2, 5, 1, np.nan, 2, 2, 0], equal_nan=True)
    assert found[2].tolist() == [3, 5, 1, 0, 0, 3, 2]
    assert np.isnan(found[3:]).all()
