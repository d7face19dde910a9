"""The estimate on the votes of the General Assembly against the authors' own table."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from legation.relations.ideal_points import estimate_ideal_points, update_ideal_points
from legation.relations.ideal_points.bridges import read_bridges, read_crosswalk
from legation.relations.ideal_points.votes import read_issues, read_votes

pytestmark = pytest.mark.needs_shared


@pytest.fixture(scope="module")
def assembly(shared_data):
    """Return the votes and bridges of the General Assembly."""
    keys = read_crosswalk(shared_data("un_resid_rcid_crosswalk.parquet"))
    bridges = read_bridges(shared_data("un_matched_resolutions.csv"), crosswalk=keys)
    return read_votes(shared_data("un_votes_1946_2024.parquet")), bridges, keys


@pytest.fixture(scope="module")
def whole(assembly):
    """Return the estimate of all sessions."""
    votes, bridges, _ = assembly
    return estimate_ideal_points(votes, bridges=bridges)


@pytest.fixture(scope="module")
def official(shared_data):
    """Return the authors' table of April 2020."""
    return pl.read_parquet(shared_data("unga_ideal_points_apr2020.parquet")).select(
        pl.col("ccode").alias("actor"), "session", "NVotes", "IdealPoint", low_official="Q5%", high_official="Q95%"
    )


@pytest.mark.slow
def test_uses_the_votes_that_the_authors_used(whole, official):
    """Every actor and session has the authors' number of votes, but for nine pairs of resolutions without a key."""
    rows = whole.frame.join(official, on=["actor", "session"])

    differs = (rows["n_votes"].cast(pl.Int64) - rows["NVotes"]).abs()
    assert rows.height > 10_300
    assert (differs == 0).mean() > 0.75
    assert differs.max() <= 11


@pytest.mark.slow
def test_agrees_with_the_authors_table(whole, official):
    """Pooled and session by session the points follow the authors', and most lie inside their 90 per cent bounds.

    Two tables of the authors agree at .988 pooled and .993 in the median session.
    """
    rows = whole.frame.join(official, on=["actor", "session"])

    pooled = np.corrcoef(rows["theta"], rows["IdealPoint"])[0, 1]
    within = rows.group_by("session").agg(pl.corr("theta", "IdealPoint").alias("r"))["r"]
    inside = rows["IdealPoint"].is_between(rows["low"], rows["high"]).mean()
    in_theirs = rows["theta"].is_between(rows["low_official"], rows["high_official"]).mean()
    assert pooled > 0.988
    assert within.median() > 0.997
    assert within.min() > 0.97
    assert 0.85 <= in_theirs <= 0.97
    assert inside > 0.9


@pytest.mark.slow
def test_the_sessions_after_the_last_bridge_grow_uncertain(whole):
    """No bridge reaches beyond session 74: each later session's place is less certain, and a note says so."""
    late = whole.sessions.filter(pl.col("session") >= 74)["drift_se"].to_list()
    assert late == sorted(late)
    assert any("75-78" in note for note in whole.notes)


@pytest.mark.slow
def test_a_new_session_is_added_in_a_moment(assembly, whole):
    """Session 78 added to an estimate up to 77 lies within a third of a standard error of the whole estimate."""
    votes, bridges, _ = assembly
    before = estimate_ideal_points(votes.filter(pl.col("session") < 78), bridges=bridges)
    found = update_ideal_points(before.frame, votes, since_session=78, items=before.items, bridges=bridges)

    rows = found.frame.filter(pl.col("session") == 78).join(whole.frame, on=["actor", "session"], suffix="_whole")
    assert np.corrcoef(rows["theta"], rows["theta_whole"])[0, 1] > 0.999
    assert (rows["theta"] - rows["theta_whole"]).abs().mean() < rows["se_whole"].mean() / 3


@pytest.mark.slow
def test_an_issue_area_has_points_of_its_own(assembly, shared_data):
    """On the Palestinian conflict alone the United States and Israel stand at the positive end."""
    votes, bridges, keys = assembly
    issues = read_issues(shared_data("un_roll_call_issues.parquet"), crosswalk=keys)

    found = estimate_ideal_points(votes, bridges=bridges, issue=["me"], issues=issues)

    last = found.frame.filter(pl.col("session") == 74).sort("theta", descending=True)
    assert {2, 666} <= set(last["actor"].head(8))
    assert found.diagnostics.resolutions > 900
