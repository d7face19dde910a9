"""Draws: what is drawn follows the stated distributions, and a scenario's draw depends on seed and number alone."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from legation.desk import missions
from legation.errors import InputError
from legation.planning.data import plan_data
from legation.planning.uncertainty.chance import between, lognormal_factor, uniforms
from legation.planning.uncertainty.draws import Spread, draw
from legation.planning.uncertainty.forecast import forecast_of, transition_matrix
from legation.planning.uncertainty.outlook import likely_outlook, outlook_parts, with_outlook
from legation.planning.value import value_of

COOLING = np.array(
    [
        [0.9, 0.1, 0, 0, 0, 0],
        [0.1, 0.8, 0.1, 0, 0, 0],
        [0, 0.1, 0.8, 0.1, 0, 0],
        [0, 0.1, 0.3, 0.5, 0.1, 0],
        [0, 0, 0, 0.2, 0.8, 0],
        [0, 0, 0, 0, 0, 1],
    ]
)


@given(first=st.integers(0, 1000), count=st.integers(1, 50), seed=st.integers(0, 2**31 - 1))
def test_numbers_depend_on_seed_name_and_scenario_alone(first, count, seed):
    """A block of scenarios draws what each of them draws by itself."""
    block = uniforms("effect|x", seed=seed, first=first, count=count)
    single = [uniforms("effect|x", seed=seed, first=first + n, count=1)[0] for n in range(count)]

    assert block.tolist() == single
    assert np.all((block > 0) & (block < 1))


def test_names_and_seeds_draw_independently():
    """Other names and other seeds draw other numbers, uncorrelated."""
    rows = [uniforms(name, seed=seed, first=0, count=20_000) for name in ("a", "b") for seed in (1, 2)]

    assert np.abs(np.corrcoef(rows) - np.eye(4)).max() < 4 / sqrt(20_000)
    assert [round(float(row.mean()), 1) for row in rows] == [0.5] * 4


@pytest.mark.parametrize("ends", [(0.0, 1.0, 3.0), (-2.0, -2.0, 1.0), (-1.0, 2.0, 2.0)])
def test_pert_and_triangular_have_their_moments(ends):
    """Mean and variance are those of the distributions' closed forms."""
    low, likely, high = ends
    u = (np.arange(200_000) + 0.5) / 200_000
    pert = between(u, low=low, likely=likely, high=high)
    triangular = between(u, low=low, likely=likely, high=high, triangular=True)
    mean = (low + 4 * likely + high) / 6

    assert pert.mean() == pytest.approx(mean, abs=1e-4)
    assert pert.var() == pytest.approx((mean - low) * (high - mean) / 7, abs=1e-3)
    assert triangular.mean() == pytest.approx((low + likely + high) / 3, abs=1e-4)
    spread = low**2 + likely**2 + high**2 - low * likely - low * high - likely * high
    assert triangular.var() == pytest.approx(spread / 18, abs=1e-3)
    assert min(pert.min(), triangular.min()) >= low
    assert max(pert.max(), triangular.max()) <= high


def test_cost_factors_have_median_one_and_one_in_ten_above():
    """The spread names what one factor in ten exceeds."""
    u = (np.arange(100_000) + 0.5) / 100_000
    factor = lognormal_factor(u, spread=0.2)

    assert np.median(factor) == pytest.approx(1.0, abs=1e-4)
    assert (factor > 1.2).mean() == pytest.approx(0.1, abs=1e-3)
    assert np.all(lognormal_factor(u, spread=0.0) == 1.0)


def test_a_sure_desk_draws_what_was_judged(make_desk, relations):
    """Without spread and with sure partners every scenario is worth what the plan is worth."""
    for seed in range(5):
        desk = make_desk(seed, sure=True, spill=True)
        desk = structs.replace(desk, synergies=tuple(structs.replace(s, low=0.8, high=0.8) for s in desk.synergies))
        data = plan_data(desk, relations=relations)
        draws = draw(data, count=3, seed=seed, spread=Spread(costs=0, rates=0))
        slots = [int(own[0]) for own in data.slots_by_mission]

        for number in range(3):
            outlook = draws.outlook(number)
            assert outlook_parts(data, outlook, slots=slots).value == pytest.approx(value_of(data, slots), abs=1e-12)
            np.testing.assert_allclose(outlook.shift, data.spill.shift, atol=1e-12)
            assert value_of(with_outlook(data, outlook), slots) == pytest.approx(value_of(data, slots), abs=1e-12)


def test_likely_outlook_changes_nothing(make_desk, relations):
    """The scenario in which all is as judged is the plan's own."""
    data = plan_data(make_desk(1, spill=True), relations=relations)
    slots = [int(own[0]) for own in data.slots_by_mission]

    assert outlook_parts(data, likely_outlook(data), slots=slots).value == value_of(data, slots)


def test_mean_of_draws_is_the_mean_of_the_distribution(make_desk):
    """Contributions average to the mean effect times the mean chance, which are independent."""
    desk = make_desk(3, count=2)
    data = plan_data(desk)
    draws = draw(data, count=20_000, seed=5)
    found = np.mean([draws.outlook(n).delta for n in range(4000)], axis=0) + data.options.contributions(
        np.arange(len(data.options.missions))
    )
    expected = np.zeros_like(found)
    for effect in desk.effects:
        row = next(w for w in desk.willingness if w.mission == effect.mission)
        chance = (row.low + 4 * row.likely + row.high) / 6
        option = data.options.index[effect.mission, effect.mode]
        k = data.options.objectives.index(effect.objective)
        mean = (effect.low + 4 * effect.likely + effect.high) / 6
        expected[option, k] += mean * chance / data.options.targets[k]

    np.testing.assert_allclose(found, expected, atol=0.04)


def test_answers_of_one_partner_share_its_mood(make_desk):
    """Two missions with one partner go ahead together more often than independence has it, by the mood's variance."""
    desk = make_desk(0, count=4)
    rows = tuple(structs.replace(row, low=0.0, likely=0.5, high=1.0) for row in desk.willingness)
    draws = draw(plan_data(structs.replace(desk, willingness=rows)), count=40_000, seed=1)
    yes = draws.accepted.astype(float)
    covariance = np.cov(yes.T)

    # PERT on [0, 1] with mode 1/2 has variance 1/28
    assert covariance[0, 2] == pytest.approx(1 / 28, abs=0.006)
    assert covariance[0, 1] == pytest.approx(0.0, abs=0.006)
    assert yes.mean(axis=0) == pytest.approx(np.full(4, 0.5), abs=0.012)


def test_a_mission_more_leaves_the_luck_of_the_others(make_desk):
    """Two desks that share missions are compared under the same draws."""
    small, large = make_desk(7, count=3), make_desk(7, count=4)
    a = draw(plan_data(small), count=200, seed=9)
    b = draw(plan_data(large), count=200, seed=9)

    assert np.array_equal(a.accepted, b.accepted[:, :3])


def test_quorum_decides_how_many_must_accept(make_desk):
    """A mission goes ahead when enough partners accept: one of two is likelier than both."""
    desk = make_desk(0, count=2)
    pair = structs.replace(desk.missions[0], partners=("FIN", "LVA"), format="multilateral")
    rows = tuple(
        structs.replace(desk.willingness[0], partner=p, mission="m0", low=0.5, likely=0.5, high=0.5)
        for p in ("FIN", "LVA")
    )
    for quorum, chance in ((1, 0.75), (2, 0.25), (None, 0.25)):
        own = structs.replace(desk, missions=(structs.replace(pair, quorum=quorum), desk.missions[1]), willingness=rows)
        assert draw(plan_data(own), count=20_000).accepted[:, 0].mean() == pytest.approx(chance, abs=0.015)


@pytest.mark.parametrize(("quorum", "chance"), [(1, 0.375), (2, 0.125), (None, 0.125)])
def test_nothing_goes_ahead_without_its_leads_and_the_quorum_is_of_the_others(make_desk, quorum, chance):
    """Draws accept as often as the plan expects: the lead always, and of the others as many as the quorum asks for."""
    desk = make_desk(0, count=2)
    three = structs.replace(desk.missions[0], partners=("FIN", "LVA", "SWE"), format="multilateral", quorum=quorum)
    rows = tuple(
        structs.replace(desk.willingness[0], partner=p, mission="m0", low=0.5, likely=0.5, high=0.5)
        for p in three.partners
    )
    lead = missions.Lead(mission="m0", actor="LVA", share=0.4)
    data = plan_data(structs.replace(desk, missions=(three, desk.missions[1]), willingness=rows, leads=(lead,)))

    assert data.options.accept[1, 0] == pytest.approx(chance)
    assert draw(data, count=20_000).accepted[:, 0].mean() == pytest.approx(chance, abs=0.015)


def test_relations_move_political_answers_and_no_humanitarian_ones(make_desk, relations):
    """A relation that cools lowers the answers of talks; answers to relief stay as they are, draw by draw."""
    desk = make_desk(2, count=4, aid=(0,))
    data = plan_data(desk, relations=relations)
    cold = COOLING.copy()
    cold[3] = [1, 0, 0, 0, 0, 0]
    forecast = forecast_of(relations, yearly=cold, basis="Test.")
    still = draw(data, count=5000, seed=4)
    moved = draw(data, count=5000, seed=4, forecast=forecast, spread=Spread(willingness_per_level=1.0))

    assert np.array_equal(still.accepted[:, 0], moved.accepted[:, 0])
    assert np.all(moved.accepted[:, 1:].mean(axis=0) < still.accepted[:, 1:].mean(axis=0) - 0.05)


def test_levels_at_the_end_follow_the_matrix(relations):
    """Moves of pairs average to what the matrix says of the months of the plan."""
    forecast = forecast_of(relations, yearly=COOLING, basis="Test.")
    moves = forecast.moves(months=24, seed=1, first=0, count=20_000)
    expected = (COOLING @ COOLING)[3] @ (np.array([0, 1, 2, 3, 4, 2]) - 3)

    assert moves[:, 0, 1].mean() == pytest.approx(expected, abs=0.03)
    assert np.array_equal(moves, moves.transpose(0, 2, 1))
    np.testing.assert_allclose(forecast.after(0), np.eye(6))
    np.testing.assert_allclose(forecast.after(6), (np.eye(6) + COOLING) / 2)
    np.testing.assert_allclose(forecast.after(18).sum(axis=1), 1.0)


def test_known_probabilities_of_today_stand_for_the_level(relations):
    """Probabilities of today's level replace the most probable one, in both directions."""
    shares = np.array([0, 0, 0.25, 0.75, 0, 0])
    forecast = forecast_of(relations, yearly=np.eye(6), basis="Test.", probabilities={"FIN": shares})

    np.testing.assert_allclose(forecast.outcomes("FIN", months=12), shares)
    np.testing.assert_allclose(forecast.today[1, 0], shares)
    assert forecast.outcomes("DEU", months=12) is None


def test_transitions_of_unseen_levels_are_named():
    """A level that no pair had stays as it is, and the note says so."""
    counts = np.zeros((6, 6))
    counts[2, 2], counts[2, 3] = 90, 10
    matrix, notes = transition_matrix(counts)

    np.testing.assert_allclose(matrix[2], [0, 0, 0.9, 0.1, 0, 0])
    np.testing.assert_allclose(matrix[0], np.eye(6)[0])
    assert any("severe rivalry" in note and "taken to stay" in note for note in notes)
    assert not any("negative peace" in note for note in notes)


def test_what_cannot_be_drawn_is_refused(make_desk, relations):
    """Counts, seeds, spreads and forecasts out of range are refused with value and remedy."""
    data = plan_data(make_desk(0), relations=relations)

    with pytest.raises(InputError, match="0 scenarios"):
        draw(data, count=0)
    with pytest.raises(InputError, match="seed -1"):
        draw(data, count=1, seed=-1)
    with pytest.raises(InputError, match="nan"):
        Spread(costs=float("nan"))
    with pytest.raises(InputError, match="other actors"):
        draw(data, count=1, forecast=forecast_of(relations.restrict(("EST", "FIN")), yearly=COOLING, basis=""))
    with pytest.raises(InputError, match="sum"):
        forecast_of(relations, yearly=COOLING * 2, basis="")
    with pytest.raises(InputError, match="shapes"):
        forecast_of(relations, yearly=np.eye(5), basis="")


def test_effects_of_every_mode_share_one_draw(make_desk):
    """An effect that is judged for a mission as a whole is as strong in one mode as in another."""
    desk = make_desk(0, count=2)
    modes = (*desk.modes, missions.Mode(mission="m1", id="other"))
    whole = tuple(structs.replace(effect, mode=None) for effect in desk.effects if effect.mission == "m1")[:1]
    data = plan_data(structs.replace(desk, modes=modes, effects=whole))
    draws = draw(data, count=20, seed=2)
    own = [n for n, name in enumerate(data.options.missions) if name == "m1"]

    for number in range(20):
        delta = draws.outlook(number).delta[own]
        assert np.allclose(delta, delta[0])
