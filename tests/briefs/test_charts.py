"""Pictures say what the plan says."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.briefs.charts import matrix_chart, parts_chart, relation_map, render, spend_chart, timeline_chart
from legation.briefs.charts.timeline import _extent, lanes
from legation.errors import EngineError


def test_matrix_adds_up_to_the_contributions(brief):
    """The cells of an objective sum to what the plan's missions give it."""
    grid = matrix_chart(brief)["hconcat"][0]["data"]["values"]
    for objective in brief.plan.objectives:
        given_ = sum(
            served.contribution
            for mission in brief.plan.missions
            for served in mission.serves
            if served.objective == objective.objective
        )
        cells = sum(cell["given"] for cell in grid if cell["objective"] == objective.title)

        # cells are rounded to 1e-4 before they are drawn
        assert cells == pytest.approx(given_, abs=1e-4 * 24 * 4)


def test_spend_adds_up_to_the_cost(brief):
    """The bars sum to the plan's cost."""
    bars = spend_chart(brief)["data"]["values"]

    assert sum(bar["amount"] for bar in bars) * 1000 == pytest.approx(brief.plan.cost, abs=10)


def test_timeline_shows_each_mission_once(brief):
    """Every planned mission has one bar of its own length."""
    bars = timeline_chart(brief)["data"]["values"]

    assert sorted(bar["end"] - bar["start"] for bar in bars) == sorted(m.months for m in brief.plan.missions)


def test_parts_leave_out_what_is_missing(brief):
    """A part without a value has no dot; its reason stands in the table."""
    shown = {value["part"] for value in parts_chart(brief)["data"]["values"]}

    assert shown == {part.title for part in brief.cohesion.parts if part.value is not None}


def test_map_turns_rings_for_the_renderer(brief, borders):
    """Rings are reversed: GeoJSON and the renderer disagree on which side is inside."""
    layers = relation_map(brief, borders=borders)["layer"]
    home = layers[4]["data"]["values"][0]["geometry"]["coordinates"]

    assert home == [[list(ring)[::-1] for ring in part] for part in borders[brief.observer]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_lanes_keep_bars_and_titles_apart(brief, data):
    """No two missions in one lane share a month, titles included."""
    months = 24
    template = brief.missions[0]
    drawn = data.draw(
        st.lists(
            st.tuples(st.integers(0, months - 1), st.integers(1, 12), st.text(min_size=1, max_size=60)), max_size=15
        )
    )
    missions = [
        msgspec.structs.replace(
            template,
            planned=msgspec.structs.replace(
                template.planned, mission=f"m{n}", start_index=s, months=min(length, months - s), title=title
            ),
        )
        for n, (s, length, title) in enumerate(drawn)
    ]

    placed = lanes(missions, months=months)

    assert len(placed) == len(missions)
    by_lane = {}
    for mission, lane, _ in placed:
        by_lane.setdefault(lane, []).append(_extent(mission, months=months)[:2])
    for extents in by_lane.values():
        ordered = sorted(extents)
        assert all(a[1] <= b[0] for a, b in pairwise(ordered))


def test_a_bad_specification_is_a_defect_to_report():
    """The renderer's refusal comes out as an engine error."""
    with pytest.raises(EngineError, match="could not be drawn"):
        render({"mark": 7}, name="x", title="x", description="x")
