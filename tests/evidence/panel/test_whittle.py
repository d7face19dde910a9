"""One dispute per dyad and year, by rules in the order that the user names."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import InputError
from legation.evidence.panel.whittle import DEFAULT_CHAIN, RULES, whittle

_BY = ("ccode1", "ccode2", "year")
_NAMES = ("dispnum", "midonset", "fatality", "hostlev", "mindur", "maxdur", "recip", "stmon")
_DISPUTE = st.tuples(
    st.integers(1, 2),
    st.integers(0, 1),
    st.sampled_from([-9, 0, 1, 2]),
    st.integers(2, 4),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 1),
    st.integers(1, 3),
)


def _frame(rows):
    return pl.DataFrame(
        [(1, 2, 1900 + row[0], number, *row[1:]) for number, row in enumerate(rows)],
        schema=dict.fromkeys((*_BY, *_NAMES), pl.Int64),
        orient="row",
    )


def _slow(rows, chain):
    """Return the numbers of the disputes that stay, year by year, by sorting out one at a time."""
    ranks = {
        "onset": lambda r: r["midonset"],
        "fatality": lambda r: 0.5 if r["fatality"] < 0 else r["fatality"],
        "hostility": lambda r: r["hostlev"],
        "duration": lambda r: r["mindur"],
        "max_duration": lambda r: r["maxdur"],
        "reciprocation": lambda r: r["recip"],
        "start_month": lambda r: -r["stmon"],
        "first_listed": lambda r: -r["dispnum"],
    }
    stay = []
    for year in sorted({row["year"] for row in rows}):
        left = [row for row in rows if row["year"] == year]
        for rule in chain:
            best = max(ranks[rule](row) for row in left)
            left = [row for row in left if ranks[rule](row) == best] if len(left) > 1 else left
        stay.append([row["dispnum"] for row in left])
    return stay


@settings(deadline=None)
@given(rows=st.lists(_DISPUTE, min_size=1, max_size=8), chain=st.permutations(RULES[:-1]))
def test_rules_are_taken_in_the_order_given(rows, chain) -> None:
    """Each rule keeps the best of those that the rules before it left; the last rule leaves one."""
    frame = _frame(rows)
    chain = (*chain, "first_listed")

    found = whittle(frame, chain, by=_BY, onset="midonset")

    assert [[number] for number in found.get_column("dispnum")] == _slow(frame.to_dicts(), chain)


def test_an_unknown_number_of_deaths_ranks_above_none() -> None:
    """A fatality of -9, or a missing one, is more than none and less than the lowest known class."""
    frame = _frame(
        [(1, 1, -9, 2, 1, 1, 0, 1), (1, 1, 0, 2, 1, 1, 0, 1), (2, 1, -9, 2, 1, 1, 0, 1), (2, 1, 1, 2, 1, 1, 0, 1)]
    )
    blank = frame.with_columns(pl.when(pl.col("fatality") >= 0).then("fatality").alias("fatality"))

    for held in (frame, blank):
        assert whittle(held, ["fatality"], by=_BY, onset="midonset").get_column("dispnum").to_list() == [0, 3]


def test_rules_that_leave_several_are_refused() -> None:
    """Disputes that stay alike are never dropped in silence; the message names them and the rule that decides."""
    frame = _frame([(1, 1, 0, 2, 1, 1, 0, 1)] * 2)

    with pytest.raises(InputError, match=r"leave 2 dispute-years.*\(1, 2, 1901, 0\)") as refused:
        whittle(frame, DEFAULT_CHAIN, by=_BY, onset="midonset")
    assert "first_listed" in str(refused.value.remedy)
    with pytest.raises(InputError, match="'severity' is no rule"):
        whittle(frame, ["severity"], by=_BY, onset="midonset")
    with pytest.raises(InputError, match="named twice"):
        whittle(frame, ["onset", "onset"], by=_BY, onset="midonset")
