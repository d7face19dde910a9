"""Humanitarian missions follow need, not advantage: the four principles as rules.

The principles are those of United Nations General Assembly resolutions 46/182 (humanity, neutrality, impartiality)
and 58/114 (independence).
"""

from __future__ import annotations

from collections.abc import Iterator

from legation.desk.aims import Link, Objective
from legation.desk.instruments import BUILT_IN
from legation.desk.missions import Mission
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule

HUMANITY = "Humanity: suffering is addressed wherever it is found, and aid is never a lever."
NEUTRALITY = "Neutrality: aid takes no side in hostilities, and is never a lever."
IMPARTIALITY = "Impartiality: aid follows need alone, and is never a lever."
INDEPENDENCE = "Independence: aid keeps apart from political and military aims, and is never a lever."


@rule(
    "humanitarian-purpose",
    "A mission has a humanitarian instrument if and only if its purpose is humanitarian.",
    remedy="Give the mission a humanitarian purpose, or another instrument.",
)
def humanitarian_purpose(facts: Facts) -> Findings:
    """Aid given for another purpose is a lever, and another instrument called aid hides what it is (independence)."""
    for mission in facts.desk.missions:
        if mission.instrument not in facts.tree:
            continue
        instrument = facts.is_humanitarian(mission.instrument)
        if instrument and mission.purpose != "humanitarian":
            yield Finding(
                mission,
                f"{mission.instrument} is humanitarian, the purpose {mission.purpose}. {INDEPENDENCE}",
                "purpose",
            )
        elif not instrument and mission.purpose == "humanitarian":
            yield Finding(
                mission, f"The purpose is humanitarian, {mission.instrument} is not. {INDEPENDENCE}", "instrument"
            )


@rule(
    "humanitarian-instrument-kept",
    "A desk's own version of a humanitarian instrument stays humanitarian.",
    remedy="Set humanitarian to true, or give the instrument an id of its own.",
)
def humanitarian_instrument_kept(facts: Facts) -> Findings:
    """Renaming food distribution would otherwise be a way round every rule below (independence)."""
    for own in facts.desk.instruments:
        built_in = BUILT_IN.get(own.id)
        if built_in is not None and built_in.humanitarian and not facts.is_humanitarian(own.id):
            yield Finding(own, f"{own.id} is humanitarian by its nature. {INDEPENDENCE}", field="humanitarian")


@rule(
    "humanitarian-effect-objective",
    "A humanitarian mission has effects on humanitarian objectives only.",
    remedy="Remove the effect, or name a humanitarian objective.",
)
def humanitarian_effect_objective(facts: Facts) -> Findings:
    """What aid brings to a military or diplomatic objective would make the plan choose where to help by advantage."""
    for effect in facts.desk.effects:
        if effect.mission is None or effect.mission not in facts.humanitarian_missions or effect.objective is None:
            continue
        objective = facts.objectives.get(effect.objective)
        if objective is not None and objective.kind != "humanitarian":
            yield Finding(
                effect,
                f"Humanitarian mission {effect.mission} is to serve the {objective.kind} objective {objective.id}. "
                f"{_principle(objective)}",
                field="objective",
            )


def _principle(objective: Objective) -> str:
    return NEUTRALITY if objective.kind == "military" else INDEPENDENCE


@rule(
    "humanitarian-effect-actor",
    "A humanitarian mission has no effect on relations.",
    remedy="Remove the effect; aid is valued by the need that it meets.",
)
def humanitarian_effect_actor(facts: Facts) -> Findings:
    """Goodwill may follow aid; a plan that counted it would send aid where goodwill is worth most (impartiality)."""
    for effect in facts.desk.effects:
        if effect.actor is not None and effect.mission in facts.humanitarian_missions:
            yield Finding(
                effect, f"Humanitarian mission {effect.mission} is valued by {effect.actor}. {IMPARTIALITY}", "actor"
            )


@rule(
    "humanitarian-prerequisite",
    "A humanitarian mission is no prerequisite of another kind of mission.",
    remedy="Remove the prerequisite.",
)
def humanitarian_prerequisite(facts: Facts) -> Findings:
    """Aid that opens the door for talks or access is a payment (independence)."""
    aid = facts.humanitarian_missions
    for row in facts.desk.prerequisites:
        if row.requires in aid and row.mission in facts.missions and row.mission not in aid:
            yield Finding(row, f"{row.mission} waits for humanitarian {row.requires}. {INDEPENDENCE}", field="requires")


@rule(
    "humanitarian-conditional",
    "A humanitarian mission waits for no other kind of mission.",
    remedy="Keep the prerequisite only where aid cannot arrive without it, as with a survey of the road.",
    severity="warning",
)
def humanitarian_conditional(facts: Facts) -> Findings:
    """A practical need may come first; a visit or an agreement that aid waits for is a condition (impartiality)."""
    aid = facts.humanitarian_missions
    for row in facts.desk.prerequisites:
        if row.mission in aid and row.requires in facts.missions and row.requires not in aid:
            yield Finding(row, f"Humanitarian {row.mission} waits for {row.requires}. {IMPARTIALITY}", field="requires")


@rule(
    "humanitarian-synergy",
    "Humanitarian missions have synergies only with one another, and on humanitarian objectives.",
    remedy="Remove the humanitarian missions from the synergy, or name a humanitarian objective.",
)
def humanitarian_synergy(facts: Facts) -> Findings:
    """A bonus for aid beside an exercise or a visit is advantage by another name (independence)."""
    for row in facts.desk.synergies:
        aid, other = _parted(row.missions, facts)
        objective = facts.objectives.get(row.objective)
        if aid and other:
            yield Finding(row, f"Humanitarian {aid[0]} is joined with {other[0]}. {INDEPENDENCE}", field="missions")
        elif aid and objective is not None and objective.kind != "humanitarian":
            text = f"Humanitarian missions serve the {objective.kind} objective {objective.id}. {_principle(objective)}"
            yield Finding(row, text, field="objective")


@rule(
    "humanitarian-exclusion",
    "Humanitarian missions are not excluded by other kinds of missions.",
    remedy="Remove the humanitarian missions from the exclusion; shared people and money are limits enough.",
)
def humanitarian_exclusion(facts: Facts) -> Findings:
    """Aid or a visit, not both: that is a bargain in which aid can be given up (humanity)."""
    for row in facts.desk.exclusions:
        aid, other = _parted(row.missions, facts)
        if aid and other:
            yield Finding(row, f"Humanitarian {aid[0]} is weighed against {other[0]}. {HUMANITY}", field="missions")


@rule(
    "humanitarian-commitment",
    "A commitment does not count humanitarian missions beside others.",
    remedy="Make two commitments, one of humanitarian missions alone.",
)
def humanitarian_commitment(facts: Facts) -> Findings:
    """A promise that either aid or an exercise can keep makes the one the price of the other (impartiality)."""
    for row in facts.desk.commitments:
        aid, other = _parted(row.missions, facts)
        if aid and other:
            yield Finding(row, f"Humanitarian {aid[0]} counts beside {other[0]}. {IMPARTIALITY}", field="missions")


def _parted(names: tuple[str, ...], facts: Facts) -> tuple[list[str], list[str]]:
    known = [name for name in names if name in facts.missions]
    aid = sorted(name for name in known if name in facts.humanitarian_missions)
    return aid, sorted(name for name in known if name not in facts.humanitarian_missions)


@rule(
    "humanitarian-parent",
    "Humanitarian objectives lie below goals or one another, and have none of another kind below them.",
    remedy="Place the objective directly below a goal, or below an objective of its own kind.",
)
def humanitarian_parent(facts: Facts) -> Findings:
    """What a lower objective earns counts for the one above it, so aid would serve a military or diplomatic aim."""
    for objective in facts.desk.objectives:
        parent = facts.objectives.get(objective.parent)
        if parent is not None and (objective.kind == "humanitarian") != (parent.kind == "humanitarian"):
            other = parent if objective.kind == "humanitarian" else objective
            yield Finding(
                objective,
                f"The {objective.kind} objective {objective.id} lies below the {parent.kind} objective {parent.id}. "
                f"{_principle(other)}",
                field="parent",
            )


@rule(
    "humanitarian-alternative",
    "Humanitarian objectives are no alternatives to others.",
    remedy="Combine by sum, or put the humanitarian objectives below a goal of their own.",
)
def humanitarian_alternative(facts: Facts) -> Findings:
    """Where the best of several counts, relief could be given up because another aim does as well (humanity)."""
    for goal in facts.desk.goals:
        if goal.combine == "max":
            below = [objective for objective in facts.desk.objectives if objective.parent == goal.id]
            aid = sorted(objective.id for objective in below if objective.kind == "humanitarian")
            other = sorted(objective.id for objective in below if objective.kind != "humanitarian")
            if aid and other:
                yield Finding(goal, f"Humanitarian {aid[0]} stands against {other[0]}. {HUMANITY}", field="combine")


@rule(
    "humanitarian-link",
    "No link makes a humanitarian objective act on a military one.",
    remedy="Remove the link; a military objective may hinder a humanitarian one, and that should be said.",
)
def humanitarian_link(facts: Facts) -> Findings:
    """Relief counted as help for an operation, or held back as its hindrance, has taken a side (neutrality)."""
    for link, source, target in _linked(facts):
        acting = (source.kind, target.kind) == ("humanitarian", "military")
        needed = (source.kind, target.kind, link.kind) == ("military", "humanitarian", "depends")
        if acting or needed:
            verb = "depends on" if link.kind == "depends" else link.kind
            yield Finding(
                link, f"{source.id} ({source.kind}) {verb} {target.id} ({target.kind}). {NEUTRALITY}", "target"
            )


@rule(
    "humanitarian-link-diplomatic",
    "No link makes a humanitarian objective act on a diplomatic one.",
    remedy="Remove the link, unless the diplomatic aim is itself to relieve need; then call it humanitarian.",
    severity="warning",
)
def humanitarian_link_diplomatic(facts: Facts) -> Findings:
    """Relief that is counted as help for a diplomatic aim is valued by advantage (independence)."""
    for link, source, target in _linked(facts):
        acting = (source.kind, target.kind) == ("humanitarian", "diplomatic")
        needed = (source.kind, target.kind, link.kind) == ("diplomatic", "humanitarian", "depends")
        if acting or needed:
            text = f"The link joins {source.id} ({source.kind}) to {target.id} ({target.kind}). {INDEPENDENCE}"
            yield Finding(link, text, field="target")


def _linked(facts: Facts) -> Iterator[tuple[Link, Objective, Objective]]:
    for link in facts.desk.links:
        source, target = facts.objectives.get(link.source), facts.objectives.get(link.target)
        if source is not None and target is not None:
            yield link, source, target


@rule(
    "humanitarian-budget",
    "A humanitarian budget pays for humanitarian missions only.",
    remedy="Pay for the mission from another budget.",
)
def humanitarian_budget(facts: Facts) -> Findings:
    """The money is ring-fenced: what is given for need is not spent on advantage (independence)."""
    for cost in facts.desk.costs:
        budget = facts.budgets.get(cost.budget)
        if budget is None or not budget.humanitarian or cost.mission not in facts.missions:
            continue
        if cost.mission not in facts.humanitarian_missions:
            text = f"Humanitarian budget {cost.budget} is to pay for {cost.mission}. {INDEPENDENCE}"
            yield Finding(cost, text, field="budget")


@rule(
    "humanitarian-paid",
    "A humanitarian mission is paid for from humanitarian budgets only.",
    remedy="Pay for it from a budget with humanitarian set to true.",
)
def humanitarian_paid(facts: Facts) -> Findings:
    """In a common purse aid would be traded against visits and exercises, and given up where they bring more."""
    for cost in facts.desk.costs:
        budget = facts.budgets.get(cost.budget)
        if budget is not None and not budget.humanitarian and cost.mission in facts.humanitarian_missions:
            text = f"Humanitarian mission {cost.mission} is paid for from {cost.budget}. {INDEPENDENCE}"
            yield Finding(cost, text, field="budget")


@rule(
    "humanitarian-during-activity",
    "A humanitarian mission is not meant to share the time of a military activity.",
    remedy="Remove meant_during; where the two meet by chance, the plan shows it.",
    severity="warning",
)
def humanitarian_during_activity(facts: Facts) -> Findings:
    """Aid timed to an exercise or operation is seen as part of it, and those who bring it are at risk (neutrality)."""
    for mission in _aid(facts):
        if mission.meant_during:
            yield Finding(mission, f"Meant during {mission.meant_during[0]}. {NEUTRALITY}", field="meant_during")


def _aid(facts: Facts) -> Iterator[Mission]:
    return (mission for mission in facts.desk.missions if mission.id in facts.humanitarian_missions)
