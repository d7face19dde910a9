"""Small desks with any mixture of rules, and their best plan by trying every plan, rules checked record by record."""

from datetime import date
from decimal import Decimal
from itertools import combinations_with_replacement, product

import msgspec
import numpy as np
import pytest

from legation.cohesion.result import Chosen
from legation.desk import aims, constraints, context, limits, missions, people, resources
from legation.desk.desk import Desk, DeskInfo, Settings
from legation.desk.months import month_text
from legation.errors import InfeasibleError
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.relations.snapshot import RelationsSnapshot

START, MONTHS = "2027-01", 4
FEATURES = (
    "windows", "ban", "sanction", "activity", "gate", "authority", "safety", "absence", "holder", "two_posts",
    "absorption", "prerequisite", "exclusion", "synergy", "commitment", "pin", "must_do", "committed", "executing",
    "done", "minimum", "spill", "risk_limit", "long", "expiry", "best", "nested", "risk_cap", "spill_cap", "ceiling",
    "days", "bound", "pool", "leads",
)  # fmt: skip


def small_desk(seed, features):
    """Make a desk of four missions over four months with some of the rules."""
    rng = np.random.default_rng(seed)
    on = set(features)
    # only a single post has named holders
    pool = 2 if "pool" in on and "two_posts" not in on else 1
    month = lambda n: month_text(int(n), start=START)  # noqa: E731
    names = [f"m{n}" for n in range(4)]
    instruments = ["staff-talks", "training", "port-call", "conference"]
    rows, modes, costs, needs, effects = [], [], [], [], []
    for n, name in enumerate(names):
        status, start = "candidate", None
        if n == 0 and "committed" in on:
            status, start = "committed", month(1)
        if n == 1 and "executing" in on:
            status, start = "executing", month(-1)
        if n == 2 and "done" in on:
            status = "done"
        rows.append(
            missions.Mission(
                id=name, title=f"Mission {n}", instrument=instruments[n], format="bilateral", purpose="cooperation",
                partners=_partners(n, on), place=None if n == 0 and "bound" in on else ("FIN", "LVA")[n % 2],
                status=status, start=start, quorum=1 if n == 3 and "leads" in on else None,
                must_do=n == 3 and "must_do" in on,
                authority="law" if n == 1 else "act" if "ceiling" in on else None,
            )
        )  # fmt: skip
        for mode in ("small", "large")[: int(rng.integers(1, 3))]:
            months = int(rng.integers(1, 4)) if "long" in on else 1
            modes.append(missions.Mode(mission=name, id=mode, months=months, risk=round(float(rng.uniform(0, 1)), 2)))
            costs.append(
                missions.Cost(
                    mission=name, mode=mode, budget="main", amount=Decimal(int(rng.integers(10, 60))), currency="EUR",
                    price_year=2027, recurrence="monthly" if rng.random() < 0.4 else "once",
                    covers="whole" if "leads" in on and n != 1 else "own",
                )
            )  # fmt: skip
            for role in ("lead", "aide")[: int(rng.integers(0, 3))]:
                rank, spoken = "OF-3" if rng.random() < 0.5 else None, ("fr:B1",) if rng.random() < 0.3 else ()
                days = int(rng.integers(3, 13)) if "days" in on and rng.random() < 0.7 else None
                needs.append(
                    missions.StaffNeed(
                        mission=name, mode=mode, role=role, rank_min=rank, languages=spoken, days=days,
                        count=2 if "pool" in on and rng.random() < 0.3 else 1,
                    )
                )  # fmt: skip
            for objective in rng.permutation(["a", "b", "c"])[: int(rng.integers(1, 4))]:
                likely = round(float(rng.uniform(-1, 3)), 2)
                effects.append(
                    missions.Effect(
                        mission=name, mode=mode, objective=str(objective), low=likely, likely=likely, high=likely,
                        judge="test", judged=date(2026, 1, 1), basis="assessment",
                        fade_months=4.0 if rng.random() < 0.5 else None,
                    )
                )  # fmt: skip
        if on & {"spill", "spill_cap"}:
            points = round(float(rng.uniform(-1, 3)), 2)
            effects.append(
                missions.Effect(
                    mission=name, actor="LVA" if n % 2 else "FIN", low=points, likely=points, high=points, judge="test",
                    judged=date(2026, 1, 1), basis="assessment",
                )
            )  # fmt: skip
    pick = lambda flag, *records: records if flag in on else ()  # noqa: E731
    skilled = {"languages": ("fr:B2",), "clearance": "secret"}
    return Desk(
        info=DeskInfo(
            id="small", title="Small", observer="EST", start=START, months=MONTHS, currency="EUR", price_year=2027,
            default_willingness=0.9,
            settings=Settings(
                risk_weight=0.05, risk_limit=1.2 if "risk_limit" in on else None, spill_weight=5.0,
                relation_per_point=0.3, travel_days=3, fiscal_month=3,
            ),
        ),
        **_aims(rng, on),
        leads=pick("leads", missions.Lead(mission="m0", actor="FIN", share=0.4),
                   missions.Lead(mission="m1", actor="LVA", share=0.5),
                   missions.Lead(mission="m3", actor="LVA", share=0.25)),
        travel_times=(people.TravelTime(station="EST", place="FIN", days=1),
                      people.TravelTime(station="FIN", place="LVA", days=8)),
        risk_caps=pick("risk_cap", limits.RiskCap(id="cap", limit=0.6, owner="chief", partner="LVA"),
                       limits.RiskCap(id="talks", limit=0.5, owner="chief", place="FIN", instrument="talks")),
        spill_caps=pick("spill_cap", limits.SpillCap(id="spare", actor="LVA", limit=0.05, owner="chief"),
                        limits.SpillCap(id="swe", actor="SWE", limit=0.2, owner="chief")),
        missions=tuple(rows), modes=tuple(modes), costs=tuple(costs), staff_needs=tuple(needs), effects=tuple(effects),
        positions=(
            people.Position(id="p", title="P", rank="OF-4", station="FIN" if "bound" in on else None, **skilled),
            people.Position(id="q", title="Q", rank="OF-2", headcount=pool, travels="bound" not in on,
                            station="LVA" if "bound" in on else None),
        ),
        persons=(
            *pick("holder", people.Person(id="x", name="X", rank="OF-2")),
            *pick("two_posts", people.Person(id="y", name="Y", rank="OF-5", **skilled)),
        ),
        holders=(
            *pick("holder", people.Holder(position="p", person="x", start=date(2027, 2, 10), end=date(2027, 3, 31))),
            *pick(
                "two_posts",
                people.Holder(position="p", person="y", start=date(2027, 4, 1)),
                people.Holder(position="q", person="y", start=date(2027, 4, 1)),
            ),
        ),
        absences=pick("absence", people.Absence(position="q", start=date(2027, 2, 1), end=date(2027, 2, 10))),
        budgets=(resources.Budget(id="main", title="Main"),),
        allotments=(
            resources.Allotment(
                budget="main", start=START, expires=month(1 if "expiry" in on else 3), amount=Decimal(60),
                currency="EUR", price_year=2027,
            ),
            resources.Allotment(
                budget="main", start=month(1), expires=month(3), amount=Decimal(45), currency="EUR", price_year=2027
            ),
        ),
        authorities=(
            *pick(
                "authority",
                resources.Authority(
                    id="law", title="Law", reference="act", lead_months=1, ceiling=Decimal(70), currency="EUR",
                    price_year=2027, end=month(2),
                ),
            ),
            *pick(
                "ceiling",
                resources.Authority(
                    id="act", title="Act", reference="act", ceiling_year=Decimal(55), currency="EUR", price_year=2027
                ),
            ),
        ),
        windows=pick("windows", missions.Window(mission="m0", start=month(1), end=month(2))),
        bans=pick("ban", constraints.Ban(id="ban", reason="talks rest", start=date(2027, 2, 15), end=date(2027, 3, 2),
                                         places=("FIN",), instruments=("talks",))),
        sanctions=pick("sanction", constraints.Sanction(id="s", target="LVA", imposed_by="UN", kind="arms",
                                                        reference="res", start=date(2027, 3, 1))),
        activities=pick("activity", context.Activity(id="ex", title="Exercise", kind="exercise", side="allied",
                                                     actor="FIN", start=date(2027, 1, 5), end=date(2027, 2, 1))),
        gates=pick("gate", constraints.Gate(id="gate", title="Gate", kind="vetting", missions=("m1", "m2"),
                                            lead_months=1, expires=month(2))),
        safety_limits=pick("safety", constraints.SafetyLimit(id="safe", threshold=0.5, owner="chief")),
        place_risks=(constraints.PlaceRisk(place="LVA", start=month(1), end=month(1), risk=0.8, source="test"),),
        absorption=pick("absorption", constraints.Absorption(id="ab", partner="LVA", missions=1, window_months=2)),
        prerequisites=pick("prerequisite", constraints.Prerequisite(mission="m3", requires="m2", lag_months=1)),
        exclusions=pick("exclusion", constraints.Exclusion(id="e", missions=("m1", "m2"))),
        synergies=pick(
            "synergy",
            constraints.Synergy(id="plus", missions=("m0", "m1"), objective="a", low=0, likely=0.8, high=1),
            constraints.Synergy(id="minus", missions=("m1", "m2", "m3"), objective="b", low=-2, likely=-1.5, high=0),
        ),
        pins=pick("pin", constraints.Pin(mission="m2", decision="out"),
                  constraints.Pin(mission="m1", decision="in", start=month(2))),
        commitments=pick("commitment", constraints.Commitment(id="pledge", title="Pledge", to=("NATO",), due=month(2),
                                                              missions=("m0", "m2"), count=1)),
    )  # fmt: skip


def _partners(n, on):
    """Give the partners of a mission: two of them where one leads it."""
    own = "LVA" if n % 2 else "FIN"
    return (own, "SWE") if "leads" in on and n != 2 else (own,)


def _aims(rng, on):
    """Make the goals: flat, or with levels below them that combine by sum, AND and OR at random."""
    combine = lambda: str(rng.choice(["sum", "min", "max"]))  # noqa: E731
    flat = "max" if "best" in on else "min" if "minimum" in on else "sum"
    nested = "nested" in on
    goals = (
        aims.Goal(id="g", title="Goal", weight=2, combine=combine() if nested else flat),
        aims.Goal(id="h", title="Other", weight=1),
    )
    middle = (
        aims.Objective(id="ab", title="AB", kind="diplomatic", parent="g", weight=3, combine=combine()),
        aims.Objective(id="cd", title="CD", kind="diplomatic", parent="g", weight=1, combine=combine()),
        aims.Objective(id="d", title="D", kind="diplomatic", parent="cd", target=2),
    )
    return {
        "goals": goals,
        "objectives": (
            *(middle if nested else ()),
            aims.Objective(id="a", title="A", kind="diplomatic", parent="ab" if nested else "g", target=2,
                           needs=("SWE",)),
            aims.Objective(id="b", title="B", kind="military", parent="ab" if nested else "g", weight=2, target=3),
            aims.Objective(id="c", title="C", kind="diplomatic", parent="cd" if nested else "h", target=2),
            *((aims.Objective(id="e", title="E", kind="diplomatic", parent="h", target=2),) if nested else ()),
        ),
    }  # fmt: skip


def _shares(desk):
    """Hand weights down from goals to leaves."""
    children = lambda name: [row for row in desk.objectives if row.parent == name]  # noqa: E731

    def down(name, share):
        below = children(name)
        if not below:
            return {name: share}
        total = sum(row.weight for row in below)
        return {key: value for row in below for key, value in down(row.id, share * row.weight / total).items()}

    whole = sum(goal.weight for goal in desk.goals)
    return {key: value for goal in desk.goals for key, value in down(goal.id, goal.weight / whole).items()}


def _worth(desk, name, combine, worth):
    """Work a goal's or an objective's worth out from its children, level by level."""
    below = [row for row in desk.objectives if row.parent == name]
    if not below:
        return worth[name]
    parts = [_worth(desk, row.id, row.combine, worth) for row in below]
    if combine == "sum":
        weights = [row.weight for row in below]
        return sum(part * weight for part, weight in zip(parts, weights, strict=True)) / sum(weights)
    return min(parts) if combine == "min" else max(parts)


def _accept(desk, mission):
    """Give the chance that all leads and enough others accept: here all chances are alike."""
    if mission.status in {"committed", "executing"}:
        return 1.0
    p = desk.info.default_willingness
    leads = sum(lead.mission == mission.id for lead in desk.leads)
    others = len(mission.partners) - leads
    enough = p**others if mission.quorum is None else 1 - (1 - p) ** others
    return p**leads * enough


def relations():
    """Make relations in which gains with Finland cost with Sweden."""
    alignment = np.array([[0, -0.6, 0.5], [-0.6, 0, -0.8], [0.5, -0.8, 0]])
    return RelationsSnapshot(
        as_of=date(2026, 12, 31), observer="EST", actors=("FIN", "SWE", "LVA"), alignment=alignment,
        tension=np.zeros((3, 3)), level=np.full((3, 3), -1, np.int8), treaty=np.zeros((3, 3), np.int8),
    )  # fmt: skip


def _mean_left(fade_months):
    """Give the mean of what is left over the plan's months, month by month."""
    return 1.0 if fade_months is None else sum(0.5 ** (u / fade_months) for u in range(MONTHS)) / MONTHS


def naive_value(desk, chosen, snapshot):
    """Work a plan's value out with loops, from the definition alone."""
    modes = {(mode.mission, mode.id): mode for mode in desk.modes}
    by_id = {mission.id: mission for mission in desk.missions}
    accept = {name: _accept(desk, by_id[name]) for name in by_id}
    share = _shares(desk)
    target = {row.id: row.target for row in desk.objectives}
    n = dict.fromkeys(share, 0.0)
    shift = np.zeros(3)
    total = 0.0
    for entry in chosen:
        mode = modes[entry.mission, entry.mode]
        total -= desk.info.settings.risk_weight * mode.risk
        for effect in desk.effects:
            if effect.mission != entry.mission or effect.mode not in {None, entry.mode}:
                continue
            points = effect.likely * accept[entry.mission]
            if effect.objective:
                left = _mean_left(effect.fade_months)
                n[effect.objective] += points * left / target[effect.objective]
            elif snapshot is not None:
                points *= _mean_left(effect.fade_months)
                shift[snapshot.actors.index(effect.actor)] += points * desk.info.settings.relation_per_point
    worth = {k: min(v, 1 + 0.2 * (v - 1) if v > 1 else v, 1.1) for k, v in n.items()}
    whole = sum(goal.weight for goal in desk.goals)
    total += sum(goal.weight / whole * _worth(desk, goal.id, goal.combine, worth) for goal in desk.goals)
    here = {entry.mission for entry in chosen} | {m.id for m in desk.missions if m.status == "done"}
    for row in desk.synergies:
        if set(row.missions) <= here:
            open_names = [name for name in row.missions if by_id[name].status != "done"]
            total += (
                row.likely
                * np.prod([accept[name] for name in open_names])
                * share[row.objective]
                / target[row.objective]
            )
    if snapshot is not None:
        W = np.nan_to_num(snapshot.alignment).copy()
        W /= np.abs(W).sum(axis=1, keepdims=True)
        x = np.linalg.inv(np.eye(3) - desk.info.settings.spill_alpha * W) @ shift
        total -= desk.info.settings.spill_weight * share["a"] * max(0.0, -(x - shift)[1])
    return total


ALONE = frozenset({"horizon", "window", "ban", "sanction", "activity", "gate", "authority", "safety"})
"""Rules on one mission by itself: what breaks one of them breaks it in every plan."""


def _possible(desk, mission, mode, start):
    found = broken_rules(desk_without_caps(desk), [Chosen(mission=mission, mode=mode, start=start)])
    return not any(fault.kind in ALONE for fault in found)


def desk_without_caps(desk):
    """Give a desk that can be checked without relations."""
    return msgspec.structs.replace(desk, spill_caps=())


def brute_force(desk, snapshot):
    """Try every plan from the most valuable down, with every staffing, until one breaks no rule."""
    choices = []
    for mission in desk.missions:
        if mission.status == "done":
            continue
        own = [(mode.id, start) for mode in desk.modes if mode.mission == mission.id for start in range(-1, MONTHS)]
        choices.append([None, *[(mission.id, *pair) for pair in own if _possible(desk, mission.id, *pair)]])
    plans = []
    for combination in product(*choices):
        chosen = [Chosen(mission=c[0], mode=c[1], start=c[2]) for c in combination if c]
        plans.append((naive_value(desk, chosen, snapshot), chosen))
    plans.sort(key=lambda pair: -pair[0])
    for value, chosen in plans:
        staffless = [
            fault for fault in broken_rules(desk, chosen, relations=snapshot) if fault.kind not in {"staff", "position"}
        ]
        if not staffless and _staffed(desk, chosen, snapshot):
            return value
    return None


def _staffed(desk, chosen, snapshot):
    """Try everybody in every role."""
    groups, whose = [], []
    for n, entry in enumerate(chosen):
        months = next(m.months for m in desk.modes if (m.mission, m.id) == (entry.mission, entry.mode))
        # nobody is needed for months before the plan
        for need in desk.staff_needs if entry.start + months > 0 else ():
            if (need.mission, need.mode) == (entry.mission, entry.mode):
                names = [f"{need.role}:{position.id}" for position in desk.positions]
                groups.append(list(combinations_with_replacement(names, need.count)))
                whose.append(n)
    for pick in product(*groups):
        staffed = [
            Chosen(
                mission=e.mission, mode=e.mode, start=e.start,
                staff=tuple(text for m, texts in zip(whose, pick, strict=True) if m == n for text in texts),
            )
            for n, e in enumerate(chosen)
        ]  # fmt: skip
        if not broken_rules(desk, staffed, relations=snapshot):
            return True
    return False


def check_against_oracle(desk, snapshot):
    """Plan a desk and hold the answer against brute force; say which way it went."""
    best = brute_force(desk, snapshot)
    if best is None:
        with pytest.raises(InfeasibleError) as caught:
            plan(desk, relations=snapshot, gap=0)
        assert caught.value.conflict
        return "infeasible"
    result = plan(desk, relations=snapshot, gap=0, compare=False)
    assert broken_rules(desk, result.to_selection(), relations=snapshot) == ()
    assert naive_value(desk, result.to_selection(), snapshot) == pytest.approx(result.value, abs=1e-9)
    assert result.value == pytest.approx(best, abs=1e-6)
    assert result.bound >= best - 1e-9
    return "feasible"
