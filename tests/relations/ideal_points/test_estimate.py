"""The estimate against known truth, bridges, anchors, gaps and hostile votes."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import InputError
from legation.relations.ideal_points import Anchors, bridge_items, estimate_ideal_points


def _joined(found, drawn_votes):
    return found.frame.join(drawn_votes.truth, on=["actor", "session"])


def _estimate(votes, extremes, **options):
    high, low = extremes(votes.truth)
    return estimate_ideal_points(
        votes.votes, anchors=Anchors(positive=(high,), negative=(low,)), **{"bridges": votes.bridges, **options}
    )


def test_recovers_the_order_within_each_session(drawn, extremes):
    """With 40 resolutions a session the estimates follow the true points in every session."""
    votes = drawn(1)

    rows = _joined(_estimate(votes, extremes), votes)

    within = rows.group_by("session").agg(pl.corr("theta", "truth").alias("r"))
    assert within["r"].min() > 0.93
    assert np.corrcoef(rows["theta"], rows["truth"])[0, 1] > 0.95


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_bounds_cover_the_truth_as_often_as_they_say(drawn, extremes, seed):
    """Nine true points in ten lie inside the 90 per cent bounds, give or take what the draws vary."""
    votes = drawn(seed, step=0.4)

    rows = _joined(_estimate(votes, extremes, tolerance=0.001), votes)

    inside = rows.select((pl.col("truth").is_between(pl.col("low"), pl.col("high"))).mean()).item()
    assert 0.83 <= inside <= 0.97


def test_points_have_mean_zero_and_are_standardised(drawn, extremes):
    """The pooled points have mean 0, and with their errors a spread of about 1."""
    found = _estimate(drawn(2), extremes)

    assert found.frame["theta"].mean() == pytest.approx(0, abs=1e-9)
    assert 0.9 < found.frame["theta"].std() <= 1.0


def test_anchors_turn_the_scale(drawn, extremes):
    """Swapping the sides of the anchors mirrors every point."""
    votes = drawn(4, actors=20, sessions=3)
    high, low = extremes(votes.truth)

    one = estimate_ideal_points(votes.votes, anchors=Anchors(positive=(high,), negative=(low,)))
    other = estimate_ideal_points(votes.votes, anchors=Anchors(positive=(low,), negative=(high,)))

    mean = {name: one.frame.filter(pl.col("actor") == name)["theta"].mean() for name in (high, low)}
    turned = {name: other.frame.filter(pl.col("actor") == name)["theta"].mean() for name in (high, low)}
    assert mean[high] > mean[low]
    assert turned[high] < turned[low]


def test_without_any_anchor_the_sign_is_asked_for(drawn):
    """A table in which none of the usual anchors votes is refused with the option that helps."""
    with pytest.raises(InputError, match="--sign"):
        estimate_ideal_points(drawn(4, actors=10, sessions=2).votes)


def test_bridges_place_sessions_that_no_actor_links(drawn, extremes):
    """Two sessions without a common actor: with bridges the later one lies where it truly does, without it floats."""
    votes = drawn(6, actors=60, sessions=2, resolutions=60, bridged=30, step=0.01, jump=1.2)
    renamed = pl.concat_str(pl.col("actor"), pl.lit("-"), pl.col("session").cast(pl.String))
    apart = votes.votes.with_columns(actor=renamed)
    truth = votes.truth.with_columns(actor=renamed)
    anchors = Anchors(positive=(truth.sort("truth")["actor"][-1],), negative=(truth.sort("truth")["actor"][0],))
    shift = truth.group_by("session").agg(pl.col("truth").mean()).sort("session")["truth"].diff()[1]

    def moved(**options):
        found = estimate_ideal_points(apart, anchors=anchors, tolerance=1e-4, most_sweeps=3000, **options)
        return found.frame.group_by("session").agg(pl.col("theta").mean()).sort("session")["theta"].diff()[1]

    assert shift > 0.9
    assert moved(bridges=votes.bridges) == pytest.approx(shift, abs=0.25)
    assert abs(moved() - shift) > 0.5


def test_sessions_without_bridges_are_named_and_grow_uncertain(drawn, extremes):
    """After the last bridge the error of a whole session's place grows, and a note names the sessions."""
    votes = drawn(7, sessions=8)
    kept = votes.bridges.filter(pl.col("resolution2").str.split("-").list.first().cast(pl.Int64) <= 5)

    found = _estimate(votes, extremes, bridges=kept)

    drift = found.sessions["drift_se"].to_list()
    assert any("session 6-8" in note for note in found.notes)
    assert drift[5] < drift[6] < drift[7]


def test_a_session_left_out_and_sessions_out_of_order_change_nothing_else(drawn, extremes):
    """Rows may stand in any order; session 19 is left out and counted."""
    votes = drawn(8, actors=15, sessions=4, resolutions=25)
    extra = votes.votes.filter(pl.col("session") == 1).with_columns(
        session=pl.lit(19, dtype=pl.Int64), resolution=pl.concat_str(pl.lit("x"), "resolution")
    )
    high, low = extremes(votes.truth)
    anchors = Anchors(positive=(high,), negative=(low,))

    plain = estimate_ideal_points(votes.votes, anchors=anchors)
    mixed = estimate_ideal_points(
        pl.concat([extra, votes.votes]).sample(fraction=1, shuffle=True, seed=1), anchors=anchors
    )

    assert plain.frame.equals(mixed.frame)
    assert mixed.diagnostics.dropped["session left out"] == extra.height


def test_a_gap_of_an_actor_is_bridged_by_its_last_point(drawn, extremes):
    """An actor that misses sessions leans on the last one it voted in, and has points only where it voted."""
    votes = drawn(9, actors=25, sessions=6)
    gone = votes.votes.filter(~((pl.col("actor") == "A03") & pl.col("session").is_in([3, 4])))
    high, low = extremes(votes.truth)

    found = estimate_ideal_points(gone, bridges=votes.bridges, anchors=Anchors(positive=(high,), negative=(low,)))

    assert found.frame.filter(pl.col("actor") == "A03")["session"].to_list() == [1, 2, 5, 6]
    assert found.frame["se"].is_finite().all()


def test_unanimous_and_absent_votes_are_dropped_and_counted(drawn, extremes):
    """Votes 8 and 9 and resolutions on which all agree say nothing; both are counted."""
    votes = drawn(10, actors=12, sessions=2, resolutions=20)
    actors = votes.votes["actor"].unique().sort()
    agreed = pl.DataFrame({"session": 1, "resolution": "all", "actor": actors, "vote": "yes"}).select(
        votes.votes.columns
    )
    absent = pl.DataFrame({"session": 1, "resolution": "none", "actor": actors, "vote": "8"}).select(
        votes.votes.columns
    )
    high, low = extremes(votes.truth)

    found = estimate_ideal_points(
        pl.concat([votes.votes, agreed.cast(votes.votes.schema), absent.cast(votes.votes.schema)]),
        anchors=Anchors(positive=(high,), negative=(low,)),
    )

    assert found.diagnostics.dropped["absent or no member"] == 12
    assert found.diagnostics.dropped["unanimous resolution"] >= 12
    assert "all" not in found.items["resolution"].to_list()


def _table(*rows):
    return pl.DataFrame(rows, schema=["session", "resolution", "actor", "vote"], orient="row")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(1, "r", "USA", "1")], "all votes are the same"),
        ([(1, "r", "USA", "1"), (1, "s", "USA", "3")], "all votes are the same"),
        ([(1, "r", "USA", "1"), (1, "r", "RUS", "1")], "all votes are the same"),
        ([(1, "r", "USA", "1"), (1, "r", "USA", "3"), (1, "r", "RUS", "1")], "in two ways on resolution r"),
        ([(1, "r", "USA", "1"), (2, "r", "RUS", "3")], "stands in sessions 1, 2"),
        ([(1, "r", "USA", "maybe")], "'maybe' of USA"),
        ([(1, "r", "USA", "8")], "No vote is left"),
        ([(19, "r", "USA", "1"), (19, "r", "RUS", "3")], "session left out 2"),
    ],
)
def test_votes_that_say_nothing_or_contradict_are_refused(rows, words):
    """One vote, one actor, agreement, contradiction, a resolution in two sessions and a strange vote are refused."""
    with pytest.raises(InputError, match=words):
        estimate_ideal_points(_table(*rows))


def test_five_points_are_enough_and_two_are_not():
    """Five actors on one resolution give points on the sides of the anchors with wide bounds; two are refused."""
    found = estimate_ideal_points(
        _table(
            *(
                (1, "r", name, vote)
                for name, vote in (("USA", "no"), ("RUS", "yes"), ("A", "2"), ("B", "2"), ("C", "1"))
            )
        )
    )

    theta = dict(found.frame.select("actor", "theta").iter_rows())
    assert theta["USA"] > theta["A"] > theta["RUS"]
    assert found.frame["se"].min() > 0.3
    with pytest.raises(InputError, match="2 points"):
        estimate_ideal_points(_table((1, "r", "USA", "no"), (1, "r", "RUS", "yes")))


def test_paragraphs_after_1989_are_dropped():
    """A vote on a paragraph or amendment counts up to 1989 and is dropped from 1990 on."""
    rows = [
        (session, f"{session}-{part}", actor, vote, part)
        for session in (44, 45)
        for part in (True, False)
        for actor, vote in (("USA", "3"), ("RUS", "1"), ("FRA", "2"), ("A", "1"))
    ]
    votes = pl.DataFrame(rows, schema=["session", "resolution", "actor", "vote", "paragraph"], orient="row")

    found = estimate_ideal_points(votes)

    assert found.diagnostics.dropped["paragraph or amendment after 1989"] == 4
    assert sorted(found.items["resolution"].to_list()) == ["44-False", "44-True", "45-False"]


def test_an_unknown_issue_is_refused_with_those_there_are(drawn):
    """Asking for an issue that no resolution has names the issues there are."""
    votes = drawn(4, actors=6, sessions=2).votes.with_columns(issue=pl.lit("arms"))

    with pytest.raises(InputError, match="Choose from arms"):
        estimate_ideal_points(votes, issue=["peace"])


def test_no_sweeps_are_refused(drawn):
    """A tolerance of nothing is refused."""
    with pytest.raises(InputError, match="Tolerance"):
        estimate_ideal_points(drawn(4, actors=6, sessions=2).votes, tolerance=0.0)


def test_an_estimate_is_the_same_to_the_byte(drawn, extremes):
    """Two runs on the same votes give equal tables."""
    votes = drawn(5, actors=15, sessions=3)

    assert _estimate(votes, extremes).frame.equals(_estimate(votes, extremes).frame)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20))
@settings(max_examples=60, deadline=None)
def test_items_are_the_connected_groups_of_bridges(pairs):
    """Resolutions share an item exactly when a chain of bridges joins them, and the first names it."""
    names = pl.Series([str(number) for number in range(13)])
    frame = pl.DataFrame(
        [(str(a), str(b)) for a, b in pairs],
        schema={"resolution1": pl.String, "resolution2": pl.String},
        orient="row",
    )

    items = [int(name) for name in bridge_items(names, pairs=frame)]

    label = list(range(13))
    for _ in range(13):
        for a, b in pairs:
            label[a] = label[b] = min(label[a], label[b])
    assert items == label
