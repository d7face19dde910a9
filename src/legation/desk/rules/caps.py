"""Caps on risk and spill-over can bind, and do not stand against each other."""

from __future__ import annotations

from legation.desk.instruments import is_below
from legation.desk.limits import RiskCap
from legation.desk.missions import Mission
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "risk-cap-missions",
    "A cap on risk holds for at least one mission.",
    remedy="Correct partner, place or instrument, or remove the cap.",
    severity="warning",
)
def risk_cap_missions(facts: Facts) -> Findings:
    """A cap that no mission falls under limits nothing, which is seldom what its owner meant."""
    for cap in facts.desk.risk_caps:
        if facts.desk.missions and not any(_falls_under(cap, mission, facts) for mission in facts.desk.missions):
            yield Finding(cap, "No mission meets all of its selectors.")


@rule(
    "risk-cap-fixed",
    "Missions that must be in the plan do not exceed a cap on risk by themselves.",
    remedy="Raise the cap, or release a mission.",
    severity="warning",
)
def risk_cap_fixed(facts: Facts) -> Findings:
    """Each of them has at least the risk of its least risky mode, so no plan could keep the cap."""
    for cap in facts.desk.risk_caps:
        own = [mission for mission in facts.fixed.values() if _falls_under(cap, mission, facts)]
        least = sum(_least_risk(mission, facts) for mission in own)
        if least > cap.limit + 1e-9:
            names = ", ".join(sorted(mission.id for mission in own)[:5])
            yield Finding(cap, f"{names} have a risk of {least:.3g} in sum, above {cap.limit:g}.", field="limit")


@rule(
    "spill-cap-observer",
    "A cap on spill-over is about a third party, not the observer.",
    remedy="Name the actor whose relation with the observer is to be spared.",
)
def spill_cap_observer(facts: Facts) -> Findings:
    """The observer has no relation with itself that could suffer."""
    for cap in facts.desk.spill_caps:
        if cap.actor == facts.desk.info.observer:
            yield Finding(cap, f"The actor is the observer {cap.actor}.", field="actor")


def _falls_under(cap: RiskCap, mission: Mission, facts: Facts) -> bool:
    return (
        (cap.partner is None or cap.partner in mission.partners)
        and cap.place in {None, mission.place}
        and (cap.instrument is None or is_below(mission.instrument, (cap.instrument,), tree=facts.tree))
    )


def _least_risk(mission: Mission, facts: Facts) -> float:
    own = facts.modes_of.get(mission.id, ())
    chosen = [mode for mode in own if mode.id == mission.mode] if mission.status != "candidate" else list(own)
    return min((mode.risk for mode in chosen), default=0.0)
