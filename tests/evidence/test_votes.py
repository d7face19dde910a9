"""Agreement in roll calls equals what counting by hand gives."""

from __future__ import annotations

from itertools import combinations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from legation.evidence.sources.un_votes.load import session_agreement

ACTORS = st.sampled_from(["EST", "LVA", "LTU", "FIN", "SWE"])
VOTES = st.dictionaries(st.tuples(ACTORS, st.integers(1, 12)), st.sampled_from([1, 2, 3]), min_size=1)


@given(VOTES)
def test_counts_equal_brute_force(votes: dict[tuple[str, int], int]) -> None:
    """For every pair: common roll calls, same votes and yes against no; absence is no vote."""
    frame = pl.DataFrame(
        [(actor, call, vote) for (actor, call), vote in votes.items()],
        schema={"actor": pl.String, "resid": pl.Int32, "vote": pl.Int32},
        orient="row",
    )
    expected = set()
    for a, b in combinations(sorted({actor for actor, _ in votes}), 2):
        common = [
            (votes[a, call], votes[b, call]) for call in range(1, 13) if (a, call) in votes and (b, call) in votes
        ]
        if common:
            same, opposite = sum(x == y for x, y in common), sum(abs(x - y) == 2 for x, y in common)
            expected.add((a, b, 2000, len(common), same, opposite))

    assert expected == set(session_agreement(frame, year=2000).rows())
