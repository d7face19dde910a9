"""The spatial model piece by piece, against numbers worked out by hand."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.errors import InputError
from legation.planning.table.bargaining import negotiate
from legation.planning.table.bargaining_contest import challenges, contest
from legation.planning.table.bargaining_outcome import condorcet, settlement, weighted_median
from legation.planning.table.bargaining_run import run, winning_chances
from legation.planning.table.bargaining_sensitivity import Steps, sensitivity
from legation.planning.table.bargaining_state import State, Table
from legation.planning.table.bargaining_types import Accommodation, Negotiation, Negotiator, Rules
from legation.planning.table.bargaining_votes import chances, coalitions, elect, pairwise, votes


def actor(name, influence, positions, saliences):
    """Give one actor."""
    return Negotiator(name=name, influence=influence, positions=tuple(positions), saliences=tuple(saliences))


def three(**changes):
    """Give a table of three on one issue."""
    return Negotiation(
        title="Three",
        issues=("notice",),
        actors=(actor("A", 10, [0], [50]), actor("B", 20, [50], [50]), actor("C", 10, [100], [80])),
        **changes,
    )


def test_value_is_one_minus_the_weighted_distance():
    """The value of a position is 1 - norm(s (x_i - x_j)) / norm(s), with i's own saliences."""
    pair = Negotiation(
        title="",
        issues=("a", "b"),
        actors=(actor("A", 1, [0, 0], [30, 40]), actor("B", 1, [100, 50], [60, 0])),
    )
    state = State.at(Table.of(pair, Rules()), pair.positions(), pair.positions())

    assert state.value[0, 1] == pytest.approx(1 - math.hypot(0.3 * 1, 0.4 * 0.5) / 0.5)
    assert state.value[1, 0] == pytest.approx(0.0)
    assert np.diag(state.value).tolist() == [1.0, 1.0]


def test_risk_bends_utility():
    """The attitude of whoever fares best is 1 and of whoever fares worst -1/2: u = (1 - d)(1 + R d)."""
    table = Table.of(three(), Rules())
    state = State.at(table, three().positions(), three().positions())

    assert state.risk[1] == 1.0
    assert min(state.risk) == pytest.approx(-0.5)
    assert state.own_view[1, 0] == pytest.approx(0.5 * 1.5)
    seen = (2 * state.risk[0] + state.risk[1]) / 3
    assert state.view[0, 1, 0] == pytest.approx(0.5 * (1 + 0.5 * seen))


def test_nobody_is_bolder_where_all_fare_alike():
    """Two equals at the ends have no risk attitude: nothing tells them apart."""
    pair = Negotiation(title="", issues=("a",), actors=(actor("A", 1, [0], [50]), actor("B", 1, [100], [50])))
    assert run(pair).states[0].risk.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("rule", "difference", "expected"),
    [
        ("proportional", 0.5, 5.0),
        ("binary", 0.5, 10.0),
        ("binary", -5e-9, -5.0),
        ("prop_binary", 0.5, 10 * (0.8 * 0.5 + 0.2)),
        ("cubic", 0.5, 1.25),
        ("prop_cubic", 0.5, 10 * (0.25 + 0.0625)),
        ("asym_prospect", 0.6, 4.0),
        ("asym_prospect", -0.6, -6.0),
    ],
)
def test_votes_of_a_weight_of_ten(rule, difference, expected):
    """Each voting rule turns preference into a vote as its formula says."""
    assert votes(rule, np.array(10.0), np.array(difference)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("model", "expected"),
    [("linear", 0.75), ("square", 0.9), ("quartic", 81 / 82), ("octic", 6561 / 6562), ("binary", 1 / (1 + 1e-6))],
)
def test_a_three_to_one_advantage(model, expected):
    """A coalition three times as strong wins with the chance each law gives."""
    assert chances(model, np.array(3.0), np.array(1.0)) == pytest.approx(expected)
    assert chances(model, np.array(1.0), np.array(3.0)) == pytest.approx(1 - expected)


def test_a_small_lead_is_ramped_under_the_binary_law():
    """Under the binary law a lead of less than a tenth gives a chance between: equal strengths one half."""
    assert chances("binary", np.array(1.0), np.array(1.0)) == pytest.approx(0.5)
    assert 0.5 < chances("binary", np.array(1.05), np.array(1.0)) < 1.0


def test_coalitions_and_the_conditional_election_by_hand():
    """Two options: votes 3 x .5 against 1 x .5 give 3/4, and with two options that is the chance."""
    utility = np.array([[1.0, 0.5], [0.25, 0.75]])
    strength = coalitions("proportional", np.array([3.0, 1.0]), utility)
    outcome = elect("conditional", "linear", "proportional", weight=np.array([3.0, 1.0]), utility=utility)

    assert strength[0, 1] == pytest.approx(1.5)
    assert strength[1, 0] == pytest.approx(0.5)
    assert outcome.wins[0, 1] == pytest.approx(0.75)
    assert outcome.chance.tolist() == pytest.approx([0.75, 0.25])


def test_an_uneven_rule_counts_each_pair_once():
    """A rule that weighs losses more than gains is asked for the later option against the earlier one, as in KTAB."""
    strength = coalitions("asym_prospect", np.array([3.0]), np.array([[0.0, 0.6]]))
    assert strength[1, 0] == pytest.approx(3 * 0.6 * 2 / 3)
    assert strength[0, 1] == pytest.approx(1e-8)


@pytest.mark.parametrize("election", ["markov_uniform", "markov_incentive"])
def test_a_markov_election_is_at_rest(election):
    """The long run of challenges is a fixed point and prefers the option that wins more often."""
    utility = np.array([[1.0, 0.2, 0.0], [0.3, 1.0, 0.1], [0.6, 0.7, 1.0]])
    weight = np.array([4.0, 2.0, 1.0])
    outcome = elect(election, "linear", "proportional", weight=weight, utility=utility)
    wins = pairwise("linear", coalitions("proportional", weight, utility))
    count = len(wins)
    if election == "markov_uniform":
        challenge = np.full((count, count), 1 / count)
    else:
        urge = outcome.strength * wins
        challenge = urge / urge.sum(axis=0)
    flow = outcome.chance[:, None] * challenge.T
    after = (wins * (flow + flow.T)).sum(axis=1)

    assert outcome.chance.sum() == pytest.approx(1.0)
    assert after == pytest.approx(outcome.chance, abs=1e-5)
    assert outcome.chance.argmax() == wins.sum(axis=1).argmax()


def contest_by_hand(table, view, i, j):
    """Weigh a contest with loops: principals, then each third party by its little contest, semi-committed."""
    weight = table.influence * table.salience.sum(axis=1)
    for_i = 1e-10 + weight[i] * (view[i, i] - view[i, j])
    for_j = 1e-10 + weight[j] * (view[j, j] - view[j, i])
    total_i, total_j = for_i, for_j
    for n in range(len(weight)):
        if n in {i, j}:
            continue
        lean = weight[n] * (view[n, i] - view[n, j])
        with_i, with_j = for_i + max(lean, 0), for_j + max(-lean, 0)
        p = with_i / (with_i + with_j)
        side_i = p * (2 * view[n, i] + view[n, n]) + (1 - p) * 3 * view[n, j]
        side_j = p * 3 * view[n, i] + (1 - p) * (2 * view[n, j] + view[n, n])
        vote = weight[n] * (side_i - side_j)
        total_i, total_j = total_i + max(vote, 0), total_j + max(-vote, 0)
    return total_i / (total_i + total_j)


@settings(deadline=None, max_examples=30)
@given(st.integers(3, 6), st.integers(1, 3), st.integers(0, 10**6))
def test_contests_equal_loops(count, issues, seed):
    """The chance that i prevails over j with all third parties equals what loops give, through every pair of eyes."""
    rng = np.random.default_rng(seed)
    table = Table(rng.uniform(1, 50, count), rng.uniform(0.01, 1 / issues, (count, issues)), np.eye(count), Rules())
    places = rng.uniform(0, 1, (count, issues))
    state = State.at(table, places, places)
    triples = [(h, i, j) for h in range(count) for i in range(count) for j in range(count) if i != j]
    h, i, j = (np.array(part) for part in zip(*triples, strict=True))
    found = contest(table, state, seen_by=h, first=i, second=j)

    expected = [contest_by_hand(table, state.view[a], b, c) for a, b, c in triples]
    assert found == pytest.approx(expected, abs=1e-9)


def test_a_bargain_lies_between_by_squares():
    """The proposal weighs both positions by salience squared times chance squared, to four places."""
    made = challenges(*_opening(three()))[1]
    p = made.chance
    s, t = 0.5, 0.5 if made.receiver == 0 else 0.8
    own, other = 0.5, 0.0 if made.receiver == 0 else 1.0
    v, w = s**2 * p**2, t**2 * (1 - p) ** 2
    expected = math.floor(0.5 + 1e4 * ((v + 1e-6) * own + w * other) / (v + w + 1e-6)) / 1e4

    assert made.by_initiator.initiator_position[0] == expected


def _opening(negotiation, rules=None):
    table = Table.of(negotiation, rules or Rules())
    return table, State.at(table, negotiation.positions(), negotiation.positions())


def test_the_published_receiver_weighs_by_chance():
    """As published, the receiver's bargain is drawn up by the chance it sees; as programmed, by the gain it sees."""
    papers = challenges(*_opening(three(), Rules(receiver_side="as_published")))[1]
    program = challenges(*_opening(three()))[1]

    assert papers.by_initiator.initiator_position == program.by_initiator.initiator_position
    assert papers.by_receiver.initiator_position != program.by_receiver.initiator_position


def test_interpolation_by_lead_moves_the_weaker_side_alone():
    """With s2pmax the side that is likelier to win stays where it is."""
    made = challenges(*_opening(three(), Rules(interpolation="s2pmax")))[1]
    assert made.chance > 0.5
    assert made.by_initiator.initiator_position.tolist() == [0.5]
    assert made.by_initiator.receiver_position.tolist() != [three().positions()[made.receiver, 0]]


def test_ideals_that_do_not_move_stay():
    """With adjustment 0 an actor goes on wanting what it wanted; with 1 it wants what it agreed to."""
    fixed = run(three(), Rules(adjustment=0.0, most_turns=3))
    moving = run(three(), Rules(most_turns=3))

    assert (fixed.last.ideals == three().positions()).all()
    assert (moving.last.ideals == moving.last.positions).all()


def test_an_accommodation_follows_another():
    """An actor's ideal moves by the share given towards the other's position."""
    table = three(accommodations=(Accommodation(actor="A", towards="B", share=0.25),))
    found = run(table, Rules(adjustment=0.5, most_turns=1))
    expected = 0.5 * found.last.positions[0] + 0.25 * found.last.positions[1] + 0.25 * 0.0

    assert found.last.ideals[0] == pytest.approx(expected)


def test_a_run_ends_when_quiet_or_out_of_turns():
    """Nobody moves where all agree; a run of one turn says that it was cut."""
    same = Negotiation(title="", issues=("a",), actors=tuple(actor(n, 1, [40], [50]) for n in "ABC"))

    assert run(same).ended == "quiet"
    assert len(run(same).turns) == 2
    assert run(three(), Rules(most_turns=1)).ended == "turns"
    assert run(three(), halt=lambda: True).ended == "stopped"


def test_choices_by_lot_follow_the_seed():
    """Stochastic transitions repeat with a seed and differ between seeds."""
    rules = Rules(transition="stochastic", most_turns=5, quiet=0.0)
    ends = [run(three(), rules, seed=seed).last.positions.ravel().tolist() for seed in (1, 1, 2, 3, 4)]

    assert ends[0] == ends[1]
    assert len({tuple(end) for end in ends}) > 1


OPTIONS = st.fixed_dictionaries(
    {
        "victory": st.sampled_from(["linear", "square", "quartic", "octic", "binary"]),
        "voting": st.sampled_from(["proportional", "binary", "prop_binary", "prop_cubic", "cubic", "asym_prospect"]),
        "election": st.sampled_from(["conditional", "markov_uniform", "markov_incentive"]),
        "commitment": st.sampled_from(["full", "semi", "none"]),
        "bargains": st.sampled_from(["initiator", "both", "compromise"]),
    }
)


@settings(deadline=None, max_examples=20)
@given(OPTIONS, st.integers(0, 10**6))
def test_positions_stay_on_the_scale(options, seed):
    """Whatever the options, positions stay between those at first, and the election's chances sum to 1 a place."""
    rng = np.random.default_rng(seed)
    actors = tuple(
        actor(f"a{n}", float(rng.uniform(1, 100)), rng.uniform(0, 100, 2), rng.uniform(1, 50, 2)) for n in range(5)
    )
    table = Negotiation(title="", issues=("a", "b"), actors=actors)
    rules = Rules(**options, receiver_side="as_published", most_turns=4)
    found = run(table, rules)
    low, high = table.positions().min(axis=0), table.positions().max(axis=0)

    assert (found.last.positions >= low - 1e-4).all()
    assert (found.last.positions <= high + 1e-4).all()
    chance = winning_chances(found.table, found.last)
    places = np.unique(found.last.positions, axis=0)
    assert chance.sum() >= 1 - 1e-9 or len(places) < 5


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=9))
def test_the_median_halves_the_weight(pairs):
    """Not more than half of the weight lies on either side of the weighted median."""
    values, weights = (np.array(part, float) for part in zip(*pairs, strict=True))
    middle = weighted_median(values, weights)

    assert weights[values < middle].sum() <= weights.sum() / 2
    assert weights[values > middle].sum() <= weights.sum() / 2


def test_the_mean_is_weighted_by_influence_and_care():
    """A: 10 x .5 at 0, B: 20 x .5 at 50, C: 10 x .8 at 100."""
    table = Table.of(three(), Rules())
    assert settlement(table, three().positions())[0] == pytest.approx((0 * 5 + 50 * 10 + 100 * 8) / 23)


def test_an_issue_nobody_cares_for_is_weighted_by_influence():
    """Without any salience on an issue its mean is that by influence."""
    pair = Negotiation(
        title="", issues=("a", "b"), actors=(actor("A", 1, [0, 0], [50, 0]), actor("B", 3, [100, 100], [50, 0]))
    )
    assert settlement(Table.of(pair, Rules()), pair.positions())[1] == pytest.approx(75.0)


def test_the_middle_position_is_the_condorcet_winner():
    """Of three on a line the stronger one in the middle beats both ends; of two equals nobody wins."""
    table, state = _opening(three())
    pair = Negotiation(title="", issues=("a",), actors=(actor("A", 1, [0], [50]), actor("B", 1, [100], [50])))

    assert condorcet(table, state) == 1
    assert condorcet(*_opening(pair)) is None


def test_sensitivity_equals_runs_of_changed_inputs():
    """Every shift is what a run with that one input changed gives, and leaving an actor out what a run without it."""
    found = sensitivity(three(), steps=Steps(position=10, salience=10, influence=0.2, draws=5))
    base = run(three())
    before = settlement(base.table, base.last.positions)
    shift = next(s for s in found.shifts if (s.actor, s.what, s.change) == ("C", "position", -10.0))
    changed = run(msgspec.structs.replace(three(), actors=(*three().actors[:2], actor("C", 10, [90], [80]))))
    without = run(msgspec.structs.replace(three(), actors=three().actors[:2]))
    left = next(one for one in found.actors if one.actor == "C")

    assert shift.settlement[0] == pytest.approx(settlement(changed.table, changed.last.positions)[0] - before[0])
    assert left.without[0] == pytest.approx(settlement(without.table, without.last.positions)[0])
    assert found.complete
    assert found.settlement[0].low <= found.settlement[0].high
    assert found == sensitivity(three(), steps=Steps(position=10, salience=10, influence=0.2, draws=5))


def test_sensitivity_says_when_time_ran_out():
    """A search without time is marked as incomplete and holds no invented range."""
    found = sensitivity(three(), steps=Steps(draws=5), halt=lambda: True)
    assert not found.complete
    assert found.settlement == ()
    assert found.same_likeliest is None


def test_every_answer_is_labelled_exploratory():
    """The label cannot be left out: it is a field of the result."""
    found = negotiate(three(), trace=True)
    told = msgspec.json.decode(msgspec.json.encode(found))

    assert told["exploratory"] is True
    assert "no prediction" in told["label"]
    assert len(told["trace"]) == found.turns


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"influence": 0.0}, "influence of 'A' is 0.0"),
        ({"influence": float("nan")}, "influence of 'A'"),
        ({"saliences": (101.0,)}, "salience of 'A' on 'notice' is 101.0"),
        ({"saliences": (0.0,)}, "cares for no issue"),
        ({"positions": (-1.0,)}, "position of 'A' on 'notice' is -1.0"),
        ({"positions": (float("nan"),)}, "position of 'A'"),
        ({"positions": (1.0, 2.0)}, "2 positions for 1 issues"),
        ({"name": "B"}, "'B' is there twice"),
        ({"name": ""}, "no name"),
    ],
)
def test_a_number_out_of_range_is_named(change, words):
    """Numbers outside their ranges and double names are refused by name."""
    actors = (msgspec.structs.replace(three().actors[0], **change), *three().actors[1:])
    with pytest.raises(InputError, match=words):
        msgspec.structs.replace(three(), actors=actors)


def test_saliences_share_one_attention():
    """The saliences of an actor sum to at most 100."""
    with pytest.raises(InputError, match="sum to 120"):
        Negotiation(
            title="", issues=("a", "b"), actors=(actor("A", 1, [0, 0], [60, 60]), actor("B", 1, [0, 0], [1, 1]))
        )


@pytest.mark.parametrize(
    "rules", [{"adjustment": 1.5}, {"quiet": -1.0}, {"most_turns": 0}, {"least_turns": 0}, {"same_place": 2.0}]
)
def test_rules_out_of_range_are_refused(rules):
    """Parameters outside their ranges are refused."""
    with pytest.raises(InputError):
        Rules(**rules)


@pytest.mark.parametrize(
    "item",
    [
        Accommodation(actor="A", towards="X", share=0.1),
        Accommodation(actor="A", towards="B", share=1.5),
        Accommodation(actor="A", towards="B", share=-0.1),
    ],
)
def test_an_accommodation_that_cannot_be_is_refused(item):
    """An unknown actor or a share outside 0 to 1 is refused."""
    with pytest.raises(InputError):
        three(accommodations=(item,))
