"""With a table of ties a relation shows them, and its tension has the drivers that only they know."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from legation.evidence import open_world
from legation.relations import landscape, relation
from legation.relations.gather import gather
from legation.relations.messages import hostile_messages
from legation.relations.score import score_pairs

pytestmark = pytest.mark.needs_shared
DAY = date(2012, 6, 30)


def test_held_drivers_have_sources_and_add_up(research):
    """Iran and the United States: sanctions and posturing are drivers with their own sources, and all add up."""
    found = relation("IRN", "USA", as_of=DAY, world=research)
    drivers = {driver.name: driver for driver in found.drivers}

    assert {"sanctions", "posturing", "grievances_and_claims"} <= set(drivers)
    assert "Global Sanctions" in drivers["sanctions"].source
    assert "Disputes" in drivers["posturing"].source
    assert found.tension is not None
    assert sum(driver.value for driver in found.drivers) == pytest.approx(found.tension.value, abs=1e-3)


def test_more_evidence_of_hostility_raises_tension(research):
    """What the baseline cannot see makes the pair tenser, never calmer."""
    with_ties = relation("IRN", "USA", as_of=DAY, world=research).tension
    without = relation("IRN", "USA", as_of=DAY, world=open_world()).tension

    assert with_ties is not None
    assert without is not None
    assert with_ties.value > without.value + 0.1


def test_ties_of_every_kind_are_listed(research):
    """Portugal and the United States: agreements, exercises, visits and arms stand among the ties, with spans."""
    ties = {tie.kind: tie for tie in relation("PRT", "USA", as_of=DAY, world=research).ties}

    assert {"agreement", "exercise", "visit", "arms", "aid_other"} <= set(ties)
    assert ties["arms"].direction == "b_to_a"
    assert not ties["aid_other"].in_score


def test_later_ties_are_not_seen(research):
    """A dispute that began after the day is neither a tie nor a driver."""
    before = relation("RUS", "UKR", as_of=date(2013, 6, 30), world=research)
    after = relation("RUS", "UKR", as_of=date(2014, 12, 31), world=research)

    posture = {name: [d.value for d in found.drivers if d.name == "posturing"] for name, found in
               (("before", before), ("after", after))}  # fmt: skip
    assert posture["after"][0] > max(posture["before"], default=0)


def test_humanitarian_aid_moves_nothing(research, tmp_path):
    """Alignment, tension and level are the same whether or not the world holds humanitarian aid."""
    names = ("UKR", "DEU", "POL", "USA")
    first, second = np.triu_indices(len(names), k=1)
    day = date(2024, 6, 30)
    whole = score_pairs(gather(research, names, first=first, second=second, as_of=day).evidence)
    ties = research.table("ties")
    research._tables["ties"] = ties.filter(pl.col("kind") != "aid_humanitarian")
    try:
        without = score_pairs(gather(research, names, first=first, second=second, as_of=day).evidence)
    finally:
        research._tables["ties"] = ties

    assert np.array_equal(whole.alignment, without.alignment)
    assert np.array_equal(whole.tension, without.tension)
    assert np.array_equal(whole.probabilities, without.probabilities)


def test_new_and_ended_ties_since(research):
    """Between 2005 and 2010 Poland's new agreements and exercises are counted by other and kind."""
    found = landscape("POL", as_of=date(2010, 12, 31), since=date(2005, 1, 1), world=research, others=("USA", "DEU"))
    changes = {(change.other, change.kind): change for change in found.tie_changes if change.began}

    assert changes["USA", "exercise"].began > 5
    assert any(kind == "agreement" and change.began for (_, kind), change in changes.items())


def test_hostile_messages_come_from_counts_of_events(research, monkeypatch):
    """A month of verbal conflict counts in the twelve months after it: not before, and not for ever."""
    months = research.table("event_months_icews")
    row = months.filter(pl.col("verbal_conflict") > 0, pl.col("material_conflict") == 0).sort("n").row(-1, named=True)
    loud = pl.DataFrame([{**row, "verbal_conflict": 90, "conflict": 90, "cooperation": 10}], schema=months.schema)
    monkeypatch.setitem(research._tables, "event_months_icews", loud)
    a, b = sorted((row["source"], row["target"]))
    pairs = pl.DataFrame({"pair": [0, 1], "a": [a, "EST"], "b": [b, "FIN"]})

    after, table = hostile_messages(research, pairs, as_of=date(2018, 12, 31))
    before, _ = hostile_messages(research, pairs, as_of=date(2018, 6, 15))
    later, _ = hostile_messages(research, pairs, as_of=date(2019, 7, 31))
    assert after.tolist() == [pytest.approx((90 / 110 - 0.2) / 0.6, abs=0.05), 0]
    assert before.tolist() == later.tolist() == [0, 0]
    assert table == "event_months_icews"


def test_few_events_make_no_hostile_message(research):
    """A direction with one event, hostile or not, says nothing."""
    months = research.table("event_months_icews")
    lonely = months.filter(pl.col("n") == 1, pl.col("verbal_conflict") == 1).select("source", "target").rows()
    rows = [(min(pair), max(pair)) for pair in lonely[:1]]
    pairs = pl.DataFrame({"pair": range(len(rows)), "a": [a for a, _ in rows], "b": [b for _, b in rows]})

    assert hostile_messages(research, pairs, as_of=date(2018, 12, 31))[0].max() < 0.2
