"""Peace years and spells against a plain loop, with gaps, unknown years and the time before the first event."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.errors import InputError
from legation.evidence import panel
from legation.evidence.panel.verbs.time import time_since

_ROWS = st.lists(st.tuples(st.sampled_from([0.0, 1.0, np.nan]), st.integers(1, 3), st.booleans()), max_size=30)


def _slow(event, starts, when, gaps, left):
    counts = []
    for place in range(len(event)):
        before = None if place == 0 or starts[place] else event[place - 1]
        gap = place > 0 and when[place] - when[place - 1] > 1
        if before is None or (gaps == "restart" and gap):
            since, seen = place, False
        elif before == 1:
            since, seen = place, True
        elif np.isnan(before) and not np.isnan(event[place]):
            since, seen = place, False
        counts.append(
            np.nan
            if np.isnan(event[place]) or (left == "missing" and not seen)
            else (when[place] - when[since] if gaps == "calendar" else place - since)
        )
    return counts


@given(
    rows=_ROWS,
    gaps=st.sampled_from(["rows", "calendar", "restart"]),
    left=st.sampled_from(["zero", "missing"]),
)
def test_time_is_counted_as_by_a_loop(rows, gaps, left) -> None:
    """The vectorised count equals a loop over the rows for every rule."""
    event = np.array([row[0] for row in rows])
    when = np.cumsum([row[1] for row in rows]) if rows else np.array([], dtype=int)
    starts = np.array([place == 0 or row[2] for place, row in enumerate(rows)], dtype=bool)

    found = time_since(event, starts=starts, when=when.astype(np.int64), gaps=gaps, left=left)

    np.testing.assert_array_equal(found, np.array(_slow(event, starts, when, gaps, left), dtype=float))


def _events(values):
    return pl.DataFrame({"ccode": [10] * len(values), "year": range(1990, 1990 + len(values)), "war": values})


def test_years_since_the_last_event(tables_with) -> None:
    """The event's own year shows the peace before it; the year after it starts from 0; unknown years are missing."""
    read = tables_with(mine=_events([0, 0, 1, 1, 0, 0, None, 0]))
    design = panel.states(first=1990, last=1997).add("table:mine")
    peace = design.add(panel.verb("peace_years", of=("war",))).build(read).frame.filter(pl.col("ccode") == 10)
    spell = design.add(panel.verb("spells", of=("war",), ongoing="missing")).build(read).frame

    assert peace.get_column("war_peace_years").to_list() == [0, 1, 2, 0, 0, 1, None, 0]
    assert spell.filter(pl.col("ccode") == 10).get_column("warspell").to_list() == [0, 1, 2, None, 0, 1, None, 0]


def test_a_gap_in_membership_counts_as_asked(tables_with) -> None:
    """State 20 is away from 1993 to 1994: rows go on counting, the calendar counts the gap, restart begins again."""
    frame = pl.DataFrame({"ccode": [20] * 6, "year": [1990, 1991, 1992, 1995, 1996, 1997], "war": [1, 0, 0, 0, 0, 0]})
    design = panel.states(first=1990, last=1997).add("table:mine")

    def counted(gaps: str) -> list[int]:
        made = design.add(panel.verb("peace_years", of=("war",), gaps=gaps)).build(tables_with(mine=frame)).frame
        return made.filter(pl.col("ccode") == 20).get_column("war_peace_years").to_list()

    assert counted("rows") == [0, 0, 1, 2, 3, 4]
    assert counted("calendar") == [0, 0, 1, 4, 5, 6]
    assert counted("restart") == [0, 0, 1, 0, 1, 2]


def test_without_events_there_is_nothing_to_count(tables, tables_with) -> None:
    """Peace years need events of 0 and 1 that were added before them."""
    with pytest.raises(InputError, match="no events to count from"):
        panel.states(first=1990, last=1991).add("peace_years").build(tables)
    with pytest.raises(InputError, match="no column 'waronset'"):
        panel.states(first=1990, last=1991).add(panel.verb("spells", of=("war",), event="onset")).build(tables)
    with pytest.raises(InputError, match="other values than 0 and 1"):
        panel.states(first=1990, last=1991).add("table:m", panel.verb("spells", of=("war",))).build(
            tables_with(m=_events([0, 3]))
        )
