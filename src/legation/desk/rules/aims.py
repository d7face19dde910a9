"""Goals, objectives, links and indicators hang together."""

from __future__ import annotations

from collections import defaultdict

from legation.desk.aims import Goal, Link, Objective
from legation.desk.rules.cycles import loop_text, loops
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule

_HELPS = frozenset({"supports", "depends"})


@rule("goal-weights", "At least one goal has a weight above zero.", remedy="Give a goal a positive weight.")
def goal_weights(facts: Facts) -> Findings:
    """Weights are shares of their sum; with a sum of zero nothing that the desk does would have a value."""
    goals = facts.desk.goals
    if goals and not any(goal.weight > 0 for goal in goals):
        first = min(goals, key=lambda goal: goal.id)
        yield Finding(first, "The weights of all goals are zero.", field="weight")


@rule(
    "goal-objectives",
    "A goal with a weight has an objective below it.",
    remedy="Add an objective below the goal, or set its weight to 0.",
    severity="warning",
)
def goal_objectives(facts: Facts) -> Findings:
    """Missions serve objectives, so the weight of a goal without any can never be earned."""
    for goal in facts.desk.goals:
        if goal.weight > 0 and goal.id not in facts.parents:
            yield Finding(goal, f"Goal {goal.id} has no objective below it.")


@rule(
    "objective-cycle",
    "No objective lies below itself.",
    remedy="Give one objective of the loop a goal as its parent.",
)
def objective_cycle(facts: Facts) -> Findings:
    """Weights are handed down from goals; round a loop they would never arrive."""
    objectives = facts.objectives
    for loop in loops({name: (found.parent,) for name, found in objectives.items()}):
        yield Finding(objectives[loop[0]], f"Objectives lie below one another: {loop_text(loop)}.", field="parent")
    for objective in facts.desk.objectives:
        if objective.parent == objective.id:
            yield Finding(objective, f"Objective {objective.id} is its own parent.", field="parent")


@rule(
    "objective-weights",
    "Of the objectives below one parent at least one has a weight above zero.",
    remedy="Give one of the objectives a positive weight, or the parent a weight of 0.",
)
def objective_weights(facts: Facts) -> Findings:
    """A parent's weight is shared out over its objectives in proportion to theirs; zeros leave nobody to take it."""
    below: dict[str, list[Objective]] = defaultdict(list)
    for objective in facts.desk.objectives:
        below[objective.parent].append(objective)
    for name, children in below.items():
        parent: Goal | Objective | None = facts.goals.get(name) or facts.objectives.get(name)
        if parent is not None and parent.weight > 0 and not any(child.weight > 0 for child in children):
            yield Finding(parent, f"The weights of all objectives below {name} are zero.", field="weight")


@rule(
    "objective-combine",
    "Only objectives with others below them combine them.",
    remedy="Leave combine out, or hang the objectives below this one.",
    severity="warning",
)
def objective_combine(facts: Facts) -> Findings:
    """Where nothing lies below, AND and OR change nothing, which is seldom what was meant."""
    for objective in facts.desk.objectives:
        if objective.combine != "sum" and objective.id not in facts.parents:
            yield Finding(objective, f"Nothing lies below {objective.id} to combine.", field="combine")


@rule(
    "objective-needs-observer",
    "An objective needs relations with others, not with the observer itself.",
    remedy="Remove the observer from `needs`.",
)
def objective_needs_observer(facts: Facts) -> Findings:
    """The observer has no relation with itself that could suffer."""
    observer = facts.desk.info.observer
    for objective in facts.desk.objectives:
        if observer in objective.needs:
            yield Finding(objective, f"needs names the observer {observer}.", field="needs")


@rule("link-self", "A link joins two different objectives.", remedy="Remove the link or name another target.")
def link_self(facts: Facts) -> Findings:
    """An objective that supported itself would be met because it is met."""
    for link in facts.desk.links:
        if link.source == link.target:
            yield Finding(link, f"The link leads from {link.source} to itself.", field="target")


@rule(
    "link-sign",
    "Links that support or depend have a strength above zero, links that hinder or exclude one below.",
    remedy="Change the sign of the strength, or the kind of the link.",
)
def link_sign(facts: Facts) -> Findings:
    """Kind and strength say the same thing twice, so that a slip shows; a strength of zero is no link."""
    for link in facts.desk.links:
        if link.strength == 0 or (link.strength > 0) != (link.kind in _HELPS):
            yield Finding(link, f"A link that {link.kind} has strength {link.strength}.", field="strength")


@rule(
    "link-contradiction",
    "Two links from one objective to another do not contradict each other.",
    remedy="Keep the link that holds, and weigh both sides in its strength and reason.",
)
def link_contradiction(facts: Facts) -> Findings:
    """The strengths would cancel out, and a real conflict would look like none."""
    pairs: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in facts.desk.links:
        pairs[link.source, link.target].append(link)
    for (source, target), links in pairs.items():
        kinds = sorted({link.kind for link in links})
        if len(kinds) > 1 and len({kind in _HELPS for kind in kinds}) > 1:
            first = min(links, key=lambda link: link.kind)
            yield Finding(first, f"Links from {source} to {target} contradict: {', '.join(kinds)}.", field="kind")


@rule(
    "link-depends-cycle",
    "Objectives do not depend on one another in a loop.",
    remedy="Remove the weakest of the links, or call it support.",
    severity="warning",
)
def link_depends_cycle(facts: Facts) -> Findings:
    """No calendar can respect an order in which each comes before the other."""
    edges: dict[str, set[str]] = defaultdict(set)
    held: dict[tuple[str, str], Link] = {}
    for link in facts.desk.links:
        if link.kind == "depends":
            edges[link.source].add(link.target)
            held[link.source, link.target] = link
    for loop in loops(edges):
        yield Finding(held[loop[0], loop[1]], f"Objectives depend on one another: {loop_text(loop)}.")


@rule(
    "indicator-change",
    "An indicator's target differs from its baseline.",
    remedy="Set the value that would show the objective met.",
)
def indicator_change(facts: Facts) -> Findings:
    """Progress is measured as the share of the way from baseline to target."""
    for indicator in facts.desk.indicators:
        if indicator.target == indicator.baseline:
            yield Finding(indicator, f"Target and baseline are both {indicator.target}.", field="target")


@rule(
    "indicator-conversion",
    "Points per unit make the way from baseline to target count as help.",
    remedy="Change the sign of points_per_unit: negative where a falling indicator is the aim.",
)
def indicator_conversion(facts: Facts) -> Findings:
    """With the sign the wrong way round a mission that meets the objective would be scored as harm."""
    for indicator in facts.desk.indicators:
        rate = indicator.points_per_unit
        way = indicator.target - indicator.baseline
        if rate is not None and way != 0 and not rate * way > 0:
            yield Finding(indicator, f"points_per_unit {rate} turns the target into no help.", field="points_per_unit")
