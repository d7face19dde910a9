"""Effects and synergies are judged values with a source, on the worded scale."""

from __future__ import annotations

from legation.desk.constraints import Synergy, Willingness
from legation.desk.missions import Effect
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule
from legation.desk.scales import EFFECT_MAX, EFFECT_MIN

_POINTS = 1_000.0
"""An objective's target is at most this; a converted effect beyond it is a slip of the conversion."""


@rule(
    "effect-source",
    "An effect is that of one mission or of one activity.",
    remedy="Give `mission` or `activity`, not both.",
)
def effect_source(facts: Facts) -> Findings:
    """A mission is a choice and an activity a given; an effect of both could be neither chosen nor taken as given."""
    for effect in facts.desk.effects:
        if (effect.mission is None) == (effect.activity is None):
            held = "neither" if effect.mission is None else "both"
            yield Finding(effect, f"The effect names {held} of mission and activity.", field="mission")


@rule(
    "effect-target",
    "An effect is on one objective or on the relation with one actor.",
    remedy="Give `objective` or `actor`, and a second row for the other.",
)
def effect_target(facts: Facts) -> Findings:
    """Points on an objective and shifts of a relation are different units."""
    for effect in facts.desk.effects:
        if (effect.objective is None) == (effect.actor is None):
            held = "neither" if effect.objective is None else "both"
            yield Finding(effect, f"The effect names {held} of objective and actor.", field="objective")


@rule(
    "effect-mode",
    "An effect that names a mode names its mission.",
    remedy="Add the mission, or remove the mode.",
)
def effect_mode(facts: Facts) -> Findings:
    """Only missions have modes."""
    for effect in facts.desk.effects:
        if effect.mode is not None and effect.mission is None:
            yield Finding(effect, f"Mode {effect.mode} stands without a mission.", field="mode")


@rule(
    "effect-leaf",
    "Effects and synergies are on objectives that have none below them.",
    remedy="Name one of the objectives below it.",
)
def effect_leaf(facts: Facts) -> Findings:
    """An objective with others below it is met through them; an effect on both levels would count twice."""
    records: tuple[Effect | Synergy, ...] = (*facts.desk.effects, *facts.desk.synergies)
    for record in records:
        if record.objective is not None and record.objective in facts.parents and record.objective in facts.objectives:
            yield Finding(record, f"Objective {record.objective} has objectives below it.", field="objective")


@rule(
    "effect-actor-observer",
    "An effect on an actor is on somebody else than the observer.",
    remedy="Name the actor whose relation with the observer changes.",
)
def effect_actor_observer(facts: Facts) -> Findings:
    """The effect is on the observer's relation with the actor, and nobody has one with itself."""
    observer = facts.desk.info.observer
    for effect in facts.desk.effects:
        if effect.actor == observer:
            yield Finding(effect, f"The effect is on the observer {observer} itself.", field="actor")


@rule(
    "estimate-order",
    "Low, likely and high stand in this order.",
    remedy="Sort the three values.",
)
def estimate_order(facts: Facts) -> Findings:
    """The three values are the ends and the peak of a distribution."""
    records: tuple[Effect | Synergy | Willingness, ...] = (
        *facts.desk.effects,
        *facts.desk.synergies,
        *facts.desk.willingness,
    )
    for record in records:
        if record.low > record.likely or record.likely > record.high:
            yield Finding(record, f"{record.low}, {record.likely}, {record.high} are out of order.", field="likely")


@rule(
    "effect-range",
    f"Effects and synergies lie between {EFFECT_MIN:g} and {EFFECT_MAX:g}, or are changes of an indicator.",
    remedy="Use the worded scale from -3 to 3, or name an indicator that converts the value.",
)
def effect_range(facts: Facts) -> Findings:
    """Values are comparable only on one scale whose steps are worded; no conversion may leave every target behind."""
    for effect in facts.desk.effects:
        rate = _rate(facts, effect)
        if effect.indicator is None:
            outside = effect.low < EFFECT_MIN or effect.high > EFFECT_MAX
        else:
            outside = rate is not None and max(abs(effect.low * rate), abs(effect.high * rate)) > _POINTS
        if outside:
            unit = "points" if rate is None else f"units of {effect.indicator} at {rate:g} points"
            yield Finding(effect, f"{effect.low:g} to {effect.high:g} {unit} lies outside the scale.", field="likely")
    for synergy in facts.desk.synergies:
        if synergy.low < EFFECT_MIN or synergy.high > EFFECT_MAX:
            yield Finding(synergy, f"{synergy.low:g} to {synergy.high:g} lies outside the scale.", field="likely")


def _rate(facts: Facts, effect: Effect) -> float | None:
    indicator = None if effect.indicator is None else facts.indicators.get(effect.indicator)
    return None if indicator is None else indicator.points_per_unit


@rule(
    "effect-indicator",
    "An effect's indicator is one of its objective, with a conversion to points.",
    remedy="Name an indicator of the objective, and give it points_per_unit.",
)
def effect_indicator(facts: Facts) -> Findings:
    """Without the conversion a change of ten visits or of ten percent would be read as ten points."""
    for effect in facts.desk.effects:
        indicator = None if effect.indicator is None else facts.indicators.get(effect.indicator)
        if indicator is None:
            continue
        if indicator.objective != effect.objective:
            yield Finding(effect, f"Indicator {indicator.id} is of {indicator.objective}.", field="indicator")
        elif indicator.points_per_unit is None:
            yield Finding(effect, f"Indicator {indicator.id} has no points_per_unit.", field="indicator")


@rule(
    "effect-reference",
    "An effect that rests on a study or on an instrument's default says which.",
    remedy="Write the reference, or call the basis an assessment.",
)
def effect_reference(facts: Facts) -> Findings:
    """Effects are where every figure of value comes from; a study that nobody can look up is an assessment."""
    for effect in facts.desk.effects:
        if effect.basis != "assessment" and not effect.reference.strip():
            yield Finding(effect, f"The basis is {effect.basis} and the reference is empty.", field="reference")


@rule(
    "synergy-missions",
    "A synergy joins at least two different missions.",
    remedy="Name the other missions, or write an effect of the one.",
)
def synergy_missions(facts: Facts) -> Findings:
    """What one mission brings on its own is its effect."""
    for synergy in facts.desk.synergies:
        if len(set(synergy.missions)) < max(2, len(synergy.missions)):
            yield Finding(synergy, "Fewer than two missions, or one of them twice.", field="missions")
