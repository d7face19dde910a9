"""Capability and stability: every figure dated and sourced, carried only by name, absent where it is not known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.evidence import open_world
from legation.relations.actor_state import actor_state, actor_states
from legation.relations.capability.coded import number
from legation.relations.capability.need import PRESSURE_SCALE, pressure

WORLD = open_world()
PARTS = st.dictionaries(st.sampled_from(sorted(PRESSURE_SCALE)), st.floats(-5, 5), min_size=1)


def by_name(actor: str, world, day: date):
    """Return the figures of an actor by name."""
    state = actor_state(actor, as_of=day, world=world)
    return {figure.name: figure for figure in (*state.capability, *state.stability)}


def test_the_baseline_names_what_it_lacks():
    """Without research tables the composite is a share of personnel as seen, and the missing tables are named."""
    state = actor_state("PRT", as_of=date(2024, 6, 30), world=WORLD)
    composite = next(figure for figure in state.capability if figure.name.startswith("composite"))

    assert composite.seen
    assert 0 < composite.value < 0.01
    assert {word.rsplit("(", 1)[1].rstrip(")") for word in state.not_held} == {
        "cow_nmc", "sipri_spending", "archigos", "ocha_requirements", "gdp_pop_cow_year",
    }  # fmt: skip


@given(PARTS)
def test_pressure_is_bounded(parts):
    """The index lies in [0, 1] whatever its parts."""
    assert 0 <= pressure(parts) <= 1


@given(PARTS, st.sampled_from(sorted(PRESSURE_SCALE)), st.floats(0, 1))
def test_more_pressure_never_lowers_the_index(parts, name, more):
    """Raising a part that counts never lowers the index."""
    raised = {**parts, name: parts.get(name, 0.0) + more}

    if name in parts:
        assert pressure(raised) >= pressure(parts) - 1e-12


def test_pressure_by_hand():
    """A tenth of product lost and a tenth more people are half of full pressure each."""
    assert pressure({"fall of GDP per head": 0.1, "growth of population": 0.1}) == pytest.approx(0.5)
    assert pressure({"fall of GDP per head": -0.3}) == 0
    assert pressure({"humanitarian requirements per head": 3.0}) == 1


def test_figures_are_no_more_exact_than_their_sources():
    """Three significant digits are kept."""
    assert (number(12345.678), number(0.00123456)) == (12300.0, 0.00123)


@pytest.mark.needs_shared
class TestResearch:
    """With the research tables."""

    def test_cinc_is_the_publishers(self, research):
        """The composite of 2014 is the table's own figure, and replaces the share of personnel."""
        found = by_name("USA", research, date(2014, 12, 31))

        assert found["composite capability (CINC)"].value == pytest.approx(0.1372, abs=0.02)
        assert found["composite capability (CINC)"].dated == "2014"
        assert not any(name.startswith("composite: share") for name in found)

    def test_later_years_are_carried_by_name(self, research):
        """In 2026 the last year of the source is carried, and nothing older than ten years is."""
        found = by_name("USA", research, date(2026, 6, 30))

        assert found["composite capability (CINC)"].carried
        assert found["composite capability (CINC)"].dated == "2022"
        assert "irregular exits of leaders, five years" not in found

    def test_irregular_exits(self, research):
        """Egypt lost two leaders irregularly in the five years to the end of 2013; Portugal none."""
        egypt = by_name("EGY", research, date(2013, 12, 31))["irregular exits of leaders, five years"]
        portugal = by_name("PRT", research, date(2013, 12, 31))["irregular exits of leaders, five years"]

        assert egypt.value >= 2
        assert portugal.value == 0
        assert egypt.dated == "2008-12-31 to 2013-12-31"

    def test_the_leader_in_office_on_the_day(self, research):
        """On 19 January 2009 George W. Bush is in office, on the 21st Barack Obama."""
        before = [name for name in by_name("USA", research, date(2009, 1, 19)) if name.startswith("leader in office")]
        after = [name for name in by_name("USA", research, date(2009, 1, 21)) if name.startswith("leader in office")]

        assert "Bush" in before[0]
        assert "Obama" in after[0]

    def test_need_per_head_names_its_population(self, research):
        """Sudan's requirements of 2023 per head say of which year the population is."""
        found = by_name("SDN", research, date(2023, 12, 31))["humanitarian requirements per head"]

        assert 20 < found.value < 120
        assert "population of 20" in found.dated

    def test_pressure_has_its_parts_beside_it(self, research):
        """Syria's index of 2015 is high, and each part stands as a figure of its own."""
        found = by_name("SYR", research, date(2015, 12, 31))
        index = next(figure for name, figure in found.items() if name.startswith("socio-economic pressure"))

        assert index.value > 0.3
        assert "GDP per head, change in five years" in found
        assert "population, change in five years" in found

    def test_russia_before_1992_is_the_soviet_union(self, research):
        """In mid 1992 the year's figure is Russia's own, and in 1990 Russia is not asked for: the Soviet Union is."""
        found = by_name("RUS", research, date(1992, 6, 30))
        before = by_name("SUN", research, date(1990, 6, 30))

        assert found["composite capability (CINC)"].dated == "1992"
        assert before["composite capability (CINC)"].dated == "1990"

    def test_many_at_once_agree_with_one(self, research):
        """Reading several actors in one go gives what reading each gives."""
        both = actor_states(("DEU", "YEM"), as_of=date(2010, 12, 31), world=research)

        assert both["YEM"] == actor_state("YEM", as_of=date(2010, 12, 31), world=research)
