"""Adding a session to an estimate against making the whole anew."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from legation.errors import InputError
from legation.relations.ideal_points import Anchors, estimate_ideal_points, update_ideal_points


def _parts(votes, extremes, last):
    high, low = extremes(votes.truth)
    anchors = Anchors(positive=(high,), negative=(low,))
    whole = estimate_ideal_points(votes.votes, bridges=votes.bridges, anchors=anchors)
    before = estimate_ideal_points(votes.votes.filter(pl.col("session") < last), bridges=votes.bridges, anchors=anchors)
    return whole, before


@pytest.mark.parametrize("bridged", [True, False])
def test_a_new_session_comes_out_as_in_the_whole_estimate(drawn, extremes, bridged):
    """The new session's points agree with the whole estimate within a standard error, with bridges and without."""
    votes = drawn(21, actors=50, sessions=6, resolutions=50)
    whole, before = _parts(votes, extremes, 6)

    found = update_ideal_points(
        before.frame,
        votes.votes,
        since_session=6,
        items=before.items if bridged else None,
        bridges=votes.bridges if bridged else None,
    )

    rows = found.frame.filter(pl.col("session") == 6).join(whole.frame, on=["actor", "session"], suffix="_whole")
    assert rows.height == 50
    assert np.corrcoef(rows["theta"], rows["theta_whole"])[0, 1] > 0.99
    assert (rows["theta"] - rows["theta_whole"]).abs().mean() < rows["se_whole"].mean()
    assert found.diagnostics.bridge_pairs == (10 if bridged else 0)
    assert any("No bridge" in note for note in found.notes) is not bridged


def test_what_was_known_before_stays(drawn, extremes):
    """An update changes no earlier point, and later votes of earlier sessions are passed over."""
    votes = drawn(22, actors=20, sessions=4)
    _, before = _parts(votes, extremes, 4)

    found = update_ideal_points(before.frame, votes.votes, since_session=4)

    old = found.frame.filter(pl.col("session") < 4).sort("actor", "session")
    assert old.equals(before.frame.sort("actor", "session"))


def test_errors_of_sessions_added_one_after_the_other_grow(drawn, extremes):
    """Each session that only the walk links is less certain than the one before."""
    votes = drawn(23, actors=30, sessions=7)
    _, before = _parts(votes, extremes, 4)

    found = update_ideal_points(before.frame, votes.votes, since_session=4)

    means = found.frame.group_by("session").agg(pl.col("se").mean()).sort("session")["se"].to_list()
    assert means[3] < means[4] < means[5] < means[6]


def test_a_new_actor_has_a_point(drawn, extremes):
    """An actor that never voted before gets a point from its votes alone, with a wider error than others."""
    votes = drawn(24, actors=25, sessions=3)
    votes_before = votes.votes.filter(~((pl.col("actor") == "A05") & (pl.col("session") < 3)))
    high, low = extremes(votes.truth)
    before = estimate_ideal_points(
        votes_before.filter(pl.col("session") < 3), anchors=Anchors(positive=(high,), negative=(low,))
    )

    found = update_ideal_points(before.frame, votes_before, since_session=3)

    row = found.frame.filter(pl.col("actor") == "A05")
    assert row["session"].to_list() == [3]
    assert row["se"][0] > 0


def test_an_update_of_nothing_is_refused(drawn, extremes):
    """No earlier session, and no new vote, are refused by name."""
    votes = drawn(25, actors=10, sessions=3)
    _, before = _parts(votes, extremes, 3)

    with pytest.raises(InputError, match="no session before 1"):
        update_ideal_points(before.frame, votes.votes, since_session=1)
    with pytest.raises(InputError, match="session 9 or later"):
        update_ideal_points(before.frame, votes.votes, since_session=9)
