"""Missions that others lead with the observer: who they are, and what of the cost they bear."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from legation.desk.missions import Lead
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "lead-observer",
    "The observer is not named among those that lead a mission with it.",
    remedy="Remove the row; the observer bears what the leads leave of the cost.",
)
def lead_observer(facts: Facts) -> Findings:
    """Its share is what remains, and its own acceptance is the plan."""
    observer = facts.desk.info.observer
    for lead in facts.desk.leads:
        if lead.actor == observer:
            yield Finding(lead, f"{observer} is the observer.", field="actor")


@rule(
    "lead-partner",
    "Whoever leads a mission is one of its partners.",
    remedy="Add the actor to the mission's partners, or remove the row.",
)
def lead_partner(facts: Facts) -> Findings:
    """Bans, sanctions, willingness and absorption go by partners; a lead outside them would escape all of these."""
    for lead in facts.desk.leads:
        mission = facts.missions.get(lead.mission)
        if mission is not None and lead.actor not in mission.partners and lead.actor != facts.desk.info.observer:
            yield Finding(lead, f"{lead.actor} is no partner of {lead.mission}.", field="actor")


@rule(
    "lead-shares",
    "The leads of a mission bear no more than its whole cost.",
    remedy="Lower the shares until they add up to 1 at most.",
)
def lead_shares(facts: Facts) -> Findings:
    """Beyond the whole the observer would be paid for taking part."""
    for mission, leads in _by_mission(facts).items():
        total = sum((Decimal(repr(lead.share)) for lead in leads), Decimal(0))
        if total > 1:
            last = max(leads, key=lambda lead: lead.key)
            yield Finding(last, f"The shares of {mission} add up to {total}.", field="share")


@rule(
    "lead-cost",
    "A mission whose leads bear a share has a cost that covers the whole mission.",
    remedy="Set `covers` to whole on the costs that are shared, or remove the share.",
    severity="warning",
)
def lead_cost(facts: Facts) -> Findings:
    """A share is taken of costs of the whole mission; where there are none it changes nothing."""
    whole = {cost.mission for cost in facts.desk.costs if cost.covers == "whole"}
    for mission, leads in _by_mission(facts).items():
        shared = [lead for lead in leads if lead.share > 0]
        if shared and mission not in whole and mission in facts.missions:
            yield Finding(shared[0], f"No cost of {mission} covers the whole mission.", field="share")


@rule(
    "cost-covers",
    "A cost that covers a whole mission is of one that others lead with the observer.",
    remedy="Name the leads and their shares in leads, or set `covers` to own.",
    severity="warning",
)
def cost_covers(facts: Facts) -> Findings:
    """Without leads the whole cost is the observer's own."""
    led = {lead.mission for lead in facts.desk.leads}
    for cost in facts.desk.costs:
        if cost.covers == "whole" and cost.mission not in led and cost.mission in facts.missions:
            yield Finding(cost, f"{cost.mission} has no leads to share the cost.", field="covers")


def _by_mission(facts: Facts) -> dict[str, list[Lead]]:
    found: defaultdict[str, list[Lead]] = defaultdict(list)
    for lead in sorted(facts.desk.leads, key=lambda lead: lead.key):
        found[lead.mission].append(lead)
    return found
