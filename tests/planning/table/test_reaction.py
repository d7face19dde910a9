"""Reactions of third nations against loops, against desks built anew, and against every plan of a tiny desk."""

from __future__ import annotations

import itertools
import json
import math
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np
import pytest
from commands import ask

from legation.cohesion.result import Chosen
from legation.desk import aims, constraints, context, missions, resources
from legation.desk.desk import Desk, DeskInfo
from legation.errors import InputError, MissingEvidenceError, UnknownActorError
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.table.reaction import Limits, _Work, counter
from legation.planning.table.reaction_model import (
    CHOICES,
    Assumed,
    Preferences,
    Stakes,
    after_choices,
    choice_chances,
    draw,
)
from legation.planning.table.reaction_stakes import open_to, with_acceptance
from legation.planning.value import value_of
from legation.relations.snapshot import RelationsSnapshot

ROOT = Path(__file__).resolve().parents[3]
ACTORS = ("PRT", "RUS", "MOZ", "AGO", "ESP")
FIXED = Assumed(
    spread=0.0, offer=(0.3, 0.3), gain=(0.2, 0.2), offer_cost=(0.1, 0.1), activity_cost=(0.15, 0.15),
    support_cost=(0.1, 0.1), activity=(0.7, 0.7), support=(0.5, 0.5), draws=1,
)  # fmt: skip


def relations():
    """Give relations in which Russia stands against Portugal and with Mozambique, Spain stands with Portugal."""
    alignment = np.array(
        [
            [0.0, -0.8, 0.3, 0.2, 0.9],
            [-0.8, 0.0, 0.5, 0.1, -0.6],
            [0.3, 0.5, 0.0, np.nan, 0.2],
            [0.2, 0.1, np.nan, 0.0, 0.1],
            [0.9, -0.6, 0.2, 0.1, 0.0],
        ]
    )
    size = len(ACTORS)
    return RelationsSnapshot(
        as_of=date(2027, 1, 1), observer="PRT", actors=ACTORS, alignment=alignment, tension=np.zeros((size, size)),
        level=np.where(np.eye(size, dtype=bool), -1, 2).astype(np.int8), treaty=np.zeros((size, size), np.int8),
    )  # fmt: skip


def mission(name, partners, purpose="cooperation", **more):
    """Give a candidate mission."""
    instrument = "medical-aid" if purpose == "humanitarian" else "training"
    return missions.Mission(
        id=name, title=f"Mission {name}", instrument=instrument, format="bilateral", purpose=purpose,
        partners=tuple(partners), **more,
    )  # fmt: skip


def desk(**changes):
    """Give a desk of five missions in three months with money for about three."""
    rows = (
        mission("a", ["MOZ"]), mission("b", ["AGO"]), mission("c", ["MOZ", "ESP", "AGO"], quorum=2),
        mission("d", ["RUS"]), mission("aid", ["MOZ"], "humanitarian"),
    )  # fmt: skip
    effects = tuple(
        missions.Effect(
            mission=name, objective=objective, low=low, likely=likely, high=high,
            judged=date(2026, 12, 1), judge="desk", basis="assessment",
        )
        for name, objective, low, likely, high in (
            ("a", "o1", 1, 2, 3), ("b", "o1", 0, 1, 2), ("b", "o2", 1, 1, 1), ("c", "o2", 1, 2, 3),
            ("d", "o2", 0, 1, 1), ("aid", "h", 1, 2, 3),
        )
    )  # fmt: skip
    base = Desk(
        info=DeskInfo(
            id="t", title="Tiny", observer="PRT", start="2027-01", months=3, currency="EUR", price_year=2026,
            default_willingness=0.8,
        ),
        goals=(aims.Goal(id="g", title="Goal"),),
        objectives=(
            aims.Objective(id="o1", title="First", kind="diplomatic", parent="g", weight=2.0, needs=("MOZ",)),
            aims.Objective(id="o2", title="Second", kind="military", parent="g"),
            aims.Objective(id="h", title="Health", kind="humanitarian", parent="g"),
        ),
        missions=rows,
        modes=tuple(missions.Mode(mission=row.id, id="one", risk=0.1) for row in rows),
        effects=(
            *effects,
            missions.Effect(
                mission="b", actor="AGO", low=-2, likely=-1, high=0, judged=date(2026, 12, 1),
                judge="desk", basis="assessment",
            ),
        ),
        synergies=(
            constraints.Synergy(id="s", missions=("a", "c"), objective="o2", low=0.5, likely=1.0, high=1.5),
        ),
        willingness=(
            constraints.Willingness(partner="MOZ", low=0.5, likely=0.7, high=0.9, judged=date(2026, 12, 1)),
            constraints.Willingness(
                partner="AGO", mission="c", low=0.4, likely=0.6, high=0.8, judged=date(2026, 12, 1)
            ),
        ),
        budgets=(resources.Budget(id="m", title="Money"), resources.Budget(id="r", title="Relief", humanitarian=True)),
        allotments=tuple(
            resources.Allotment(
                budget=budget, start="2027-01", expires="2027-03", amount=Decimal(amount), currency="EUR",
                price_year=2026,
            )
            for budget, amount in (("m", 10), ("r", 5))
        ),
        costs=tuple(
            missions.Cost(
                mission=name, mode="one", budget="r" if name == "aid" else "m", amount=Decimal(amount), currency="EUR",
                price_year=2026, recurrence="once",
            )
            for name, amount in (("a", 5), ("b", 3), ("c", 4), ("d", 3), ("aid", 4))
        ),
    )  # fmt: skip
    return msgspec.structs.replace(base, **changes)


def planned(data, *names):
    """Give the first open slot of each mission named."""
    numbers = {row.id: n for n, row in enumerate(data.missions)}
    return sorted(int(next(s for s in data.slots_by_mission[numbers[name]] if data.open[s])) for name in names)


def by_loops(assumed, *, ours, theirs, with_partner, p, stake):
    """Work out one mission and one draw without arrays, where nothing is uncertain."""
    pull = assumed.pull * (theirs - with_partner)
    accept, taken, utility = [], [], []
    for choice in CHOICES:
        if choice == "stay_out":
            accept.append(p)
            taken.append(0.0)
            cost = 0.0
        elif "offer" in choice:
            size = assumed.sizes[choice.startswith("large")]
            odds_ours, odds_theirs = p / (1 - p), size * math.exp(assumed.offer[0] + pull)
            accept.append(odds_ours / (1 + odds_ours + odds_theirs))
            taken.append(odds_theirs / (1 + odds_ours + odds_theirs))
            cost = assumed.offer_cost[0] * size
        else:
            change = -assumed.activity[0] if choice == "competing_activity" else assumed.support[0]
            odds = p / (1 - p) * math.exp(change)
            accept.append(odds / (1 + odds))
            taken.append(0.0)
            cost = (assumed.activity_cost if change < 0 else assumed.support_cost)[0]
        spoiled = 1 - accept[-1] / p
        utility.append(-ours * stake * spoiled + assumed.gain[0] * (1 + theirs) / 2 * taken[-1] - cost)
    weights = [math.exp(each / assumed.noise) for each in utility]
    chance = [each / sum(weights) for each in weights]
    return chance, accept, sum(a * b for a, b in zip(chance, accept, strict=True))


@pytest.mark.parametrize("ours", [-0.8, 0.0, 0.9])
@pytest.mark.parametrize("p", [0.2, 0.7, 0.99])
def test_choices_equal_loops(ours, p):
    """Where nothing is uncertain, chances of choices and acceptance are what the formulas give one by one."""
    stakes = Stakes(
        ours=ours, theirs=np.array([0.5, -0.3]), with_partner=np.array([0.2, 0.4]), accept=np.array([p, 0.5]),
        stake=np.array([1.0, 0.4]),
    )  # fmt: skip
    preferences = Preferences.of(FIXED, stakes, draw(FIXED, partners=2), partner=np.array([0, 1]))
    accept, taken = after_choices(FIXED, stakes, preferences)
    chance = choice_chances(FIXED, stakes, preferences, ours=accept, theirs=taken)

    for n, (theirs, own, q, stake) in enumerate(((0.5, 0.2, p, 1.0), (-0.3, 0.4, 0.5, 0.4))):
        expected, by_choice, _ = by_loops(FIXED, ours=ours, theirs=theirs, with_partner=own, p=q, stake=stake)
        assert chance[0, n] == pytest.approx(expected)
        assert accept[0, n] == pytest.approx(by_choice)


def test_certain_acceptance_cannot_be_moved():
    """A partner that accepts for sure, or never, is moved by nothing, and no number breaks."""
    stakes = Stakes(
        ours=-1.0, theirs=np.ones(2), with_partner=-np.ones(2), accept=np.array([1.0, 0.0]), stake=np.ones(2)
    )
    drawn = draw(Assumed(draws=50), partners=1)
    preferences = Preferences.of(Assumed(draws=50), stakes, drawn, partner=np.zeros(2, int))
    accept, taken = after_choices(Assumed(draws=50), stakes, preferences)
    chance = choice_chances(Assumed(draws=50), stakes, preferences, ours=accept, theirs=taken)

    assert (accept[:, 0] == 1.0).all()
    assert (accept[:, 1] == 0.0).all()
    assert chance.sum(axis=-1) == pytest.approx(np.ones((50, 2)))


def test_a_rival_spoils_and_a_friend_supports():
    """Who stands against us lowers acceptance, who stands with us raises it, and the likeliest acts fit."""
    data = plan_data(desk(), relations=relations())
    slots = planned(data, "a", "c", "aid")
    cheap = Assumed(offer_cost=(0.0, 0.1), activity_cost=(0.0, 0.1), support_cost=(0.0, 0.05))
    results = {
        who: counter(data, slots, relations=relations(), actor=who, assumed=cheap, limits=Limits(seconds=0)).actors[0]
        for who in ("RUS", "ESP")
    }

    assert (results["RUS"].stance, results["ESP"].stance) == ("adversary", "partner")
    assert results["RUS"].difference < 0
    first = {who: one.missions[0] for who, one in results.items()}
    assert first["RUS"].best != "support"
    assert first["ESP"].best == "support"
    assert first["RUS"].accept_after.likely < first["RUS"].accept


def test_who_can_be_reacted_to():
    """Humanitarian missions, missions with the nation itself and what is committed are not open to reactions."""
    data = plan_data(desk(), relations=relations())
    names = [data.missions[n].id for n in open_to(data, relations(), "RUS").missions]
    committed = desk(missions=(msgspec.structs.replace(desk().missions[0], status="committed"), *desk().missions[1:]))
    later = plan_data(committed, relations=relations())

    assert names == ["a", "b", "c"]
    assert open_to(data, relations(), "RUS").partners == ("MOZ", "AGO", "MOZ")
    assert [later.missions[n].id for n in open_to(later, relations(), "RUS").missions] == ["b", "c"]


def test_acceptance_of_a_quorum_is_a_line_in_one_partner():
    """With two of three to accept, the mission's probability for any p of one partner is that of a desk with p."""
    data = plan_data(desk(), relations=relations())
    opened = open_to(data, relations(), "RUS")
    place = [data.missions[n].id for n in opened.missions].index("c")
    for p in (0.0, 0.3, 1.0):
        changed = plan_data(with_acceptance(desk(), {("c", "MOZ"): (p, p, p)}), relations=relations())
        option = changed.options.index["c", "one"]
        assert changed.options.accept[1][option] == pytest.approx(opened.floor[place] + opened.slope[place] * p)


def test_values_of_draws_equal_desks_built_anew():
    """For every draw the plan's value, with synergy and spill-over, is that of a desk with those acceptances."""
    data = plan_data(desk(), relations=relations())
    slots = planned(data, "a", "b", "c", "aid")
    work = _Work(data, np.array(slots), relations(), Assumed(draws=5), Limits(), lambda _: None)
    found = work.reactions("RUS", Assumed(draws=5))
    values = work.values(found)

    for number in range(5):
        partner = (found.accept[number] - found.open.floor) / found.open.slope
        chances = {
            (data.missions[int(m)].id, who): (float(p),) * 3
            for m, who, p in zip(found.open.missions, found.open.partners, partner, strict=True)
        }
        rebuilt = plan_data(with_acceptance(desk(), chances), relations=relations())
        assert values[number] == pytest.approx(value_of(rebuilt, slots))


def test_the_anticipating_plan_is_the_best_of_all_plans():
    """On a tiny desk, the plan that anticipates is worth as much as the best of all plans that keep the rules."""
    data = plan_data(desk(), relations=relations())
    slots = planned(data, "b", "c", "aid")
    assumed = Assumed(offer_cost=(0.0, 0.05), offer=(1.0, 2.0), gain=(0.5, 1.0), draws=200)
    work = _Work(data, np.array(slots), relations(), assumed, Limits(), lambda _: None)
    found = counter(
        data, slots, relations=relations(), actor="RUS", assumed=assumed, limits=Limits(gap=0.0, seconds=20)
    ).actors[0]
    after = plan_data(with_acceptance(desk(), work.acceptance("RUS")), relations=relations())
    best = -math.inf
    for chosen in itertools.product([None, 0, 1, 2], repeat=4):
        names = [(name, start) for name, start in zip("abcd", chosen, strict=True) if start is not None]
        plan = [*names, ("aid", 0)]
        entries = tuple(Chosen(mission=name, mode="one", start=start, staff=()) for name, start in plan)
        if not broken_rules(after.desk, entries):
            numbers = [after.slots.index[after.options.index[name, "one"], start] for name, start in plan]
            best = max(best, value_of(after, numbers))

    assert found.anticipated.value == pytest.approx(best)
    assert found.anticipated.bound >= best - 1e-9
    assert found.anticipated.value_of_plan == pytest.approx(value_of(after, slots))
    assert found.anticipated.improvement == pytest.approx(best - value_of(after, slots))
    assert 0 <= found.anticipated.value_of_anticipating <= found.anticipated.improvement


def test_aid_is_never_a_lever():
    """A plan that anticipates neither adds nor drops humanitarian missions, and they have no reaction."""
    data = plan_data(desk(), relations=relations())
    for names in (("b",), ("b", "aid")):
        found = counter(data, planned(data, *names), relations=relations(), actor="RUS", limits=Limits(seconds=5))
        one = found.actors[0]
        changed = {m.id for m in (*one.anticipated.entered, *one.anticipated.left)}
        assert "aid" not in changed
        assert "aid" not in {m.mission for m in one.missions}
        assert [m.id for m in found.left_aside] == ["aid"]


def test_the_desk_s_own_judgement_comes_first():
    """A judgement of the desk on a relation is used in place of the relations, and named."""
    own = context.Judgement(
        id="j", subject="PRT", object="ESP", dated=date(2026, 12, 1), judge="desk", reason="a quarrel", alignment=-0.9
    )
    data = plan_data(desk(judgements=(own,)), relations=relations())
    one = counter(data, planned(data, "a"), relations=relations(), actor="ESP", limits=Limits(seconds=0)).actors[0]

    assert (one.stance, one.alignment) == ("adversary", -0.9)
    assert "'j'" in one.basis


def test_rivals_are_found_by_the_relations():
    """Without a name, those are looked at who stand against us; where nobody does, that is said."""
    data = plan_data(desk(), relations=relations())
    found = counter(data, planned(data, "a"), relations=relations(), limits=Limits(seconds=0))
    friendly = msgspec.structs.replace
    calm = relations()
    calm = RelationsSnapshot(
        as_of=calm.as_of, observer="PRT", actors=ACTORS, alignment=np.abs(calm.alignment), tension=calm.tension,
        level=calm.level, treaty=calm.treaty,
    )  # fmt: skip

    assert friendly is not None
    assert [one.actor for one in found.actors] == ["RUS"]
    with pytest.raises(MissingEvidenceError, match="stands against Portugal"):
        counter(data, planned(data, "a"), relations=calm, limits=Limits(seconds=0))


def test_the_same_seed_gives_the_same_answer():
    """Draws follow the seed; every answer is labelled and lists its assumptions."""
    data = plan_data(desk(), relations=relations())
    ask = lambda seed: counter(  # noqa: E731
        data, planned(data, "a", "b"), relations=relations(), actor="RUS", assumed=Assumed(seed=seed),
        limits=Limits(seconds=0),
    )  # fmt: skip

    assert ask(1) == ask(1)
    assert ask(1).actors[0].value_after != ask(2).actors[0].value_after
    assert ask(1).exploratory
    assert len(ask(1).assumptions) > 8
    for mission_reaction in ask(1).actors[0].missions:
        assert sum(choice.chance.likely for choice in mission_reaction.choices) == pytest.approx(1.0)


def test_an_empty_plan_has_nothing_to_react_to():
    """A plan without missions is answered, with value 0 before and after."""
    data = plan_data(desk(), relations=relations())
    one = counter(data, [], relations=relations(), actor="RUS", limits=Limits(seconds=0)).actors[0]

    assert one.missions == ()
    assert one.difference == 0.0


@pytest.mark.parametrize(
    "change",
    [
        {"spread": -0.1}, {"spread": math.nan}, {"noise": 0.0}, {"pull": math.inf}, {"draws": 0}, {"seed": -1},
        {"offer": (1.0, 0.0)}, {"gain": (-1.0, 0.0)}, {"sizes": (math.nan, 1.0)}, {"activity": (0.0, 1e9)},
    ],
)  # fmt: skip
def test_assumptions_out_of_range_are_refused(change):
    """Numbers that no distribution can have are refused."""
    with pytest.raises(InputError):
        Assumed(**change)


@pytest.mark.parametrize("change", [{"missions": 0}, {"gap": 1.0}, {"seconds": -1.0}, {"actors": 0}])
def test_limits_out_of_range_are_refused(change):
    """Limits that cannot be kept are refused."""
    with pytest.raises(InputError):
        Limits(**change)


def test_nobody_reacts_to_himself():
    """The desk's observer is no third nation, and unknown names are refused."""
    data = plan_data(desk(), relations=relations())
    with pytest.raises(InputError, match="own observer"):
        counter(data, [], relations=relations(), actor="Portugal")
    with pytest.raises(UnknownActorError):
        counter(data, [], relations=relations(), actor="Atlantis")


def test_the_command_answers_and_refuses(capsys):
    """On an example desk the command answers in text and JSON, labelled; a plan that is not kept is refused."""
    place = ROOT / "examples/small"
    code, out, _ = ask(capsys, "counter", place, "--actor", "RUS", "--seconds", 1, "--draws", 50, "--json")
    told = json.loads(out)
    assert code == 0
    assert told["exploratory"] is True
    assert told["label_notice"]
    code, out, _ = ask(capsys, "counter", place, "--actor", "Russia", "--seconds", 1, "--draws", 50)
    assert code == 0
    assert "no prediction" in out
    assert "Everything here assumes" in out
    for words in (("--plan", "no-such"), ("--draws", 0), ("--seconds", "nan")):
        code, out, err = ask(capsys, "counter", place, "--seconds", 0.5, *words)
        assert code == 2
        assert "Traceback" not in out + err
