"""How soon missions of a desk can be done: against trying everything, with rules, reasons and refusals."""

from itertools import product
from pathlib import Path

import msgspec
import numpy as np
import pytest

from legation.cohesion.result import Chosen
from legation.desk.constraints import Pin
from legation.desk.missions import Window
from legation.desk.months import month_number
from legation.errors import EngineError, InfeasibleError, InputError, UnknownRecordError
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.planning.engines.base import Request
from legation.planning.engines.cpsat_linear import CpSat
from legation.planning.engines.highs import Highs
from legation.planning.generate import DeskShape, generate_desk
from legation.planning.model.build import build_model
from legation.planning.schedule.missions import earliest_finish
from legation.service.questions import open_desk

SMALL = Path(__file__).resolve().parents[3] / "examples" / "small"


@pytest.fixture(scope="module")
def small():
    """Open the small example desk."""
    return open_desk(SMALL)


def tiny(seed):
    """Generate a desk of a few missions."""
    return generate_desk(DeskShape(missions=8, months=6, positions=4, objectives=3), seed=seed)


def by_trying(desk, names):
    """Give the fewest months in which these missions fit, by trying every slot of each; None where they never do."""
    pins = tuple(Pin(mission=name, decision="in") for name in names)
    data = plan_data(msgspec.structs.replace(desk, pins=pins))
    number = {mission.id: at for at, mission in enumerate(data.missions)}
    lines = [[int(slot) for slot in data.slots_by_mission[number[name]] if data.open[slot]] for name in names]
    best = None
    for chosen in product(*lines):
        end = max(int(data.slots.last[slot]) for slot in chosen) + 1
        if best is not None and end >= best:
            continue
        order = sorted(chosen, key=lambda slot: int(data.slots.start[slot]))
        if feasible(data, order):
            best = end
    return best


def feasible(data, order):
    """Say whether slots can all be chosen, asking HiGHS for people and money with everything fixed."""
    model = build_model(data, slots=np.array(sorted(order)), with_value=False)
    lower = model.problem.lower.copy()
    lower[: len(order)] = 1.0
    return Highs().solve(model.problem, Request(lower=lower)).status == "optimal"


@pytest.mark.parametrize("seed", range(5))
def test_the_finish_is_the_earliest_there_is(seed):
    """On small desks the months needed equal those of trying everything, and are proven."""
    desk = tiny(seed)
    needs = {row.mission for row in desk.prerequisites}
    names = [m.id for m in desk.missions if m.status == "candidate" and m.id not in needs][:3]
    expected = by_trying(desk, names)

    if expected is None:
        with pytest.raises(InfeasibleError):
            earliest_finish(desk, names)
        return
    found = earliest_finish(desk, names)

    assert (found.status, found.months, found.bound) == ("optimal", expected, expected)


def test_the_schedule_keeps_every_rule(small):
    """The rule checker, which shares no code with the model, finds nothing in the schedule with its people."""
    found = earliest_finish(small.desk, ["fin-cell", "baltic-conf"], relations=small.relations)
    start = small.desk.info.start
    pins = tuple(Pin(mission=row.mission, decision="in") for row in found.missions)
    desk = msgspec.structs.replace(small.desk, pins=pins)
    entries = [
        Chosen(mission=row.mission, mode=row.mode, start=month_number(row.start, start=start), staff=row.staff)
        for row in found.missions
    ]

    assert broken_rules(desk, entries, relations=small.relations) == ()
    assert found.finish == max(row.end for row in found.missions if row.asked)


def test_what_is_needed_first_is_added_and_said(small):
    """A prerequisite nobody named is in the schedule, marked as not asked for, and in the assumptions."""
    found = earliest_finish(small.desk, ["fin-cell"], relations=small.relations)
    talks = next(row for row in found.missions if row.mission == "fin-talks")

    assert not talks.asked
    assert any("Naval staff talks in Turku" in words for words in found.assumptions)


def test_the_chain_says_why_not_sooner(small):
    """The last mission's wait for its prerequisite is the reason, with the month and the lag."""
    found = earliest_finish(small.desk, ["fin-cell"], relations=small.relations)

    assert [link.mission for link in found.chain] == ["fin-talks", "fin-cell"]
    assert found.chain[1].after == "fin-talks"
    assert "needs 'Naval staff talks in Turku' first (until 2027-01, with 1 full month between)" in found.chain[1].words


def test_missions_that_cannot_all_be_done_are_refused_with_the_rules(small):
    """A mission decided out and asked for gives the conflict by name."""
    desk = msgspec.structs.replace(small.desk, pins=(Pin(mission="fin-cell", decision="out", reason="no watch"),))

    with pytest.raises(InfeasibleError) as caught:
        earliest_finish(desk, ["fin-cell"], relations=small.relations)

    assert caught.value.conflict == (
        "Mission 'Shared watch in the surveillance centre' is asked for.",
        "Mission 'Shared watch in the surveillance centre' was decided out: no watch.",
    )


def test_a_window_that_is_too_short_is_named(small):
    """Where a rule of the desk leaves no month, the smallest conflict names it beside what was asked."""
    window = Window(mission="fin-cell", start="2027-01", end="2027-03")
    desk = msgspec.structs.replace(small.desk, windows=(*small.desk.windows, window))

    with pytest.raises(InfeasibleError) as caught:
        earliest_finish(desk, ["fin-cell"], relations=small.relations)

    assert "asked for" in " ".join(caught.value.conflict)
    assert len(caught.value.conflict) > 1


def test_what_is_not_there_is_refused(small):
    """Unknown and no missions are refused by name."""
    with pytest.raises(UnknownRecordError, match="no mission 'nothing'"):
        earliest_finish(small.desk, ["nothing"])
    with pytest.raises(InputError, match="No mission"):
        earliest_finish(small.desk, [])
    with pytest.raises(InputError, match="cannot last"):
        earliest_finish(small.desk, ["fin-cell"], seconds=0)


@pytest.mark.parametrize("seed", range(4))
def test_cp_sat_agrees_with_highs_on_whole_desks(seed):
    """A desk's rules can be kept or not, whichever engine is asked, with one mission forced in."""
    desk = tiny(seed + 10)
    data = plan_data(desk)
    model = build_model(data, with_value=False)
    for column in range(0, len(model.slots), 11):
        lower = model.problem.lower.copy()
        lower[column] = 1.0

        ours = CpSat().solve(model.problem, Request(lower=lower, seconds=20))
        theirs = Highs().solve(model.problem, Request(lower=lower))

        assert (ours.status == "infeasible") == (theirs.status == "infeasible")


def test_cp_sat_refuses_relaxations():
    """A relaxation is asked of another engine."""
    model = build_model(plan_data(tiny(1)), with_value=False)

    with pytest.raises(EngineError, match="no relaxations"):
        CpSat().solve(model.problem, Request(relaxed=True))
