"""Legal authorities cover what missions do under them."""

from __future__ import annotations

from legation.desk.missions import Mission, Mode
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "authority-ceiling",
    "An authority's ceilings have a currency and a price year, and neither stands without one.",
    remedy="Give ceiling or ceiling_year, currency and price_year together.",
)
def authority_ceiling(facts: Facts) -> Findings:
    """An amount without a currency and a year cannot be compared with a cost."""
    for authority in facts.desk.authorities:
        sums = [name for name in ("ceiling", "ceiling_year") if getattr(authority, name) is not None]
        money = [name for name in ("currency", "price_year") if getattr(authority, name) is not None]
        if (sums or money) and not (sums and len(money) == 2):
            yield Finding(authority, f"Only {' and '.join(sums + money)} is given.", field="ceiling")


@rule(
    "authority-instrument",
    "A mission's authority covers its instrument.",
    remedy="Name another authority, or add the instrument to this one if the law allows it.",
)
def authority_instrument(facts: Facts) -> Findings:
    """What the authority does not name, nobody may do under it; an authority that names none covers all."""
    for record, name, mission in _used(facts):
        authority = facts.authorities[name]
        if authority.instruments and facts.branch(mission.instrument).isdisjoint(authority.instruments):
            yield Finding(record, f"{name} does not cover {mission.instrument}.", field="authority")


@rule(
    "authority-budget",
    "What a mission costs is paid from budgets that its authority allows.",
    remedy="Pay from an allowed budget, or name another authority.",
)
def authority_budget(facts: Facts) -> Findings:
    """Money is appropriated for a purpose; an authority that names no budget allows all."""
    for record, name, mission in _used(facts):
        allowed = facts.authorities[name].budgets
        if not allowed:
            continue
        for cost in facts.costs_of.get(mission.id, ()):
            own = facts.modes.get((mission.id, cost.mode))
            binds = cost.mode == record.id if isinstance(record, Mode) else own is None or own.authority is None
            if binds and cost.budget not in allowed:
                yield Finding(cost, f"Authority {name} does not allow budget {cost.budget}.", field="budget")


def _used(facts: Facts) -> list[tuple[Mission | Mode, str, Mission]]:
    """List each mission or mode that names a known authority, with its mission; a mode's own goes before."""
    used: list[tuple[Mission | Mode, str, Mission]] = [
        (mission, mission.authority, mission)
        for mission in facts.desk.missions
        if mission.authority is not None and mission.authority in facts.authorities
    ]
    used.extend(
        (mode, mode.authority, facts.missions[mode.mission])
        for mode in facts.desk.modes
        if mode.authority is not None and mode.authority in facts.authorities and mode.mission in facts.missions
    )
    return used
