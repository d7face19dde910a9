"""Desks small enough that every plan can be tried."""

from datetime import date
from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from legation.cohesion.result import Chosen
from legation.desk import aims, constraints, missions, people, resources
from legation.desk.desk import Desk, DeskInfo, Settings
from legation.planning.check import broken_rules
from legation.planning.data import plan_data
from legation.relations.snapshot import RelationsSnapshot

DAY = date(2026, 1, 1)


def _desk(seed=0, *, count=3, months=3, sure=False, minimum=False, spill=False, aid=(), staff=False, long=False):
    """Make a desk of a few missions with FIN and LVA; `sure` leaves nothing to chance."""
    rng = np.random.default_rng(seed)
    rows, modes, costs, needs, effects, willing = [], [], [], [], [], []
    for n in range(count):
        name, partner = f"m{n}", "LVA" if n % 2 else "FIN"
        humanitarian = n in aid
        rows.append(
            missions.Mission(
                id=name, title=f"Mission {n}", instrument="medical-aid" if humanitarian else "staff-talks",
                format="bilateral", purpose="humanitarian" if humanitarian else "cooperation", partners=(partner,),
            )
        )  # fmt: skip
        for mode in ("small", "large")[: int(rng.integers(1, 3))]:
            length = int(rng.integers(1, 3)) if long else 1
            modes.append(missions.Mode(mission=name, id=mode, risk=round(float(rng.uniform(0, 1)), 2), months=length))
            amount = Decimal(int(rng.integers(10, 45)))
            costs.append(missions.Cost(mission=name, mode=mode, budget="aid" if humanitarian else "main", amount=amount,
                                       currency="USD" if n == 1 else "EUR", price_year=2027))  # fmt: skip
            if staff:
                needs.append(missions.StaffNeed(mission=name, mode=mode, role="lead"))
            for objective in rng.permutation(["a", "b", "c"])[: int(rng.integers(1, 4))]:
                likely = round(float(rng.uniform(-0.5, 3)), 2)
                width = 0.0 if sure else round(float(rng.uniform(0, 1)), 2)
                if humanitarian and objective == "b":
                    continue
                effects.append(
                    missions.Effect(mission=name, mode=mode, objective=str(objective), low=likely - width,
                                    likely=likely, high=likely + width, judge="test", judged=DAY, basis="assessment")
                )  # fmt: skip
        if spill:
            points = round(float(rng.uniform(-1, 3)), 2)
            effects.append(missions.Effect(mission=name, actor=partner, low=points, likely=points, high=points,
                                           judge="test", judged=DAY, basis="assessment"))  # fmt: skip
        likely = 1.0 if sure else round(float(rng.uniform(0.3, 0.9)), 2)
        low, high = (1.0, 1.0) if sure else (likely - 0.25, likely + 0.1)
        willing.append(constraints.Willingness(partner=partner, mission=name, low=low, likely=likely, high=high,
                                               judged=DAY))  # fmt: skip
    names = [row.id for row in rows]
    return Desk(
        info=DeskInfo(
            id="tiny", title="Tiny", observer="EST", start="2027-01", months=months, currency="EUR", price_year=2027,
            default_willingness=0.9,
            settings=Settings(risk_weight=0.03, spill_weight=5.0, relation_per_point=0.3),
        ),
        goals=(aims.Goal(id="g", title="G", weight=2, combine="min" if minimum else "sum"),
               aims.Goal(id="h", title="H")),
        objectives=(
            aims.Objective(id="a", title="A", kind="diplomatic", parent="g", target=2, needs=("SWE",)),
            aims.Objective(id="b", title="B", kind="military", parent="g", weight=2, target=3),
            aims.Objective(id="c", title="C", kind="diplomatic", parent="h", target=2),
        ),
        missions=tuple(rows), modes=tuple(modes), costs=tuple(costs), staff_needs=tuple(needs), effects=tuple(effects),
        willingness=tuple(willing),
        positions=(people.Position(id="p", title="P", rank="OF-4"),) if staff else (),
        synergies=(constraints.Synergy(id="s", missions=(names[0], names[1]), objective="c", low=0.2, likely=0.8,
                                       high=1.0),) if count > 1 else (),
        budgets=(resources.Budget(id="main", title="Main"), resources.Budget(id="aid", title="Aid", humanitarian=True)),
        allotments=(
            resources.Allotment(budget="main", start="2027-01", expires="2027-02", amount=Decimal(35), currency="EUR",
                                price_year=2027),
            resources.Allotment(budget="main", start="2027-02", expires="2027-12", amount=Decimal(30), currency="EUR",
                                price_year=2027),
            resources.Allotment(budget="aid", start="2027-01", expires="2027-12", amount=Decimal(60), currency="EUR",
                                price_year=2027),
        ),
        exchange_rates=(resources.ExchangeRate(base="USD", quote="EUR", date=DAY, rate=Decimal("0.9")),),
        gates=(constraints.Gate(id="gate", title="Vetting", kind="vetting", missions=(names[0],)),),
    )  # fmt: skip


def _relations():
    actors = ("EST", "FIN", "LVA", "SWE")
    alignment = np.array([[0, 0.8, 0.7, 0.6], [0.8, 0, 0.2, -0.5], [0.7, 0.2, 0, -0.8], [0.6, -0.5, -0.8, 0]])
    level = np.full((4, 4), 3, np.int8)
    np.fill_diagonal(level, -1)
    return RelationsSnapshot(
        as_of=DAY, observer="EST", actors=actors, alignment=alignment, tension=np.zeros((4, 4)), level=level,
        treaty=np.zeros((4, 4), np.int8),
    )  # fmt: skip


def _plans(desk, relations=None, *, barred=None):
    """Give every plan that keeps the rules, as sorted slots; `barred` adds slots that may not be used."""
    data = plan_data(desk, relations=relations)
    choices = [[None, *own[data.open[own]].tolist()] for own in data.slots_by_mission]
    out = []
    for picked in product(*choices):
        slots = sorted(slot for slot in picked if slot is not None)
        if barred is not None and any(barred[slot] for slot in slots):
            continue
        out.append(slots)
    return data, [slots for slots in out if _keeps(desk, data, slots)]


def _keeps(desk, data, slots):
    entries = _staffed(desk, data, slots)
    return any(not broken_rules(desk, own) for own in entries)


def _staffed(desk, data, slots):
    staffed = bool(desk.staff_needs)
    yield tuple(
        Chosen(
            mission=data.missions[data.slot_mission[slot]].id, mode=data.modes[data.slots.option[slot]].id,
            start=int(data.slots.start[slot]), staff=("lead:p",) if staffed else (),
        )
        for slot in slots
    )  # fmt: skip


@pytest.fixture(scope="session")
def make_desk():
    """Give the function that makes tiny desks."""
    return _desk


@pytest.fixture(scope="session")
def relations():
    """Give relations in which Sweden dislikes both partners."""
    return _relations()


@pytest.fixture(scope="session")
def every_plan():
    """Give the function that lists every plan of a tiny desk."""
    return _plans
