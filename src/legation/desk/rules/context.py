"""What is given around the desk says enough to be used: judgements, duties, activities, embassies, agreements."""

from __future__ import annotations

from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "judgement-parties",
    "A judgement is about two different actors.",
    remedy="Name the actor whose relation is judged, and the one it is with.",
)
def judgement_parties(facts: Facts) -> Findings:
    """An actor has no relation with itself."""
    for judgement in facts.desk.judgements:
        if judgement.subject == judgement.object:
            yield Finding(judgement, f"Subject and object are both {judgement.subject}.", field="object")


@rule(
    "judgement-content",
    "A judgement gives a level, an alignment or a tension.",
    remedy="Give at least one of level, alignment and tension.",
)
def judgement_content(facts: Facts) -> Findings:
    """It stands beside the computed relation, and without a value there is nothing to compare."""
    for judgement in facts.desk.judgements:
        if judgement.level is None and judgement.alignment is None and judgement.tension is None:
            yield Finding(judgement, "The judgement gives no value.", field="level")


@rule(
    "duty-trigger",
    "A duty says what triggers it: an activity, a mission or an agreement.",
    remedy="Name the activity, the mission or the agreement.",
)
def duty_trigger(facts: Facts) -> Findings:
    """When the trigger is dropped or moved, the duty goes with it."""
    for duty in facts.desk.duties:
        if duty.activity is None and duty.mission is None and duty.agreement is None:
            yield Finding(duty, f"Duty {duty.id} names no trigger.", field="activity")


@rule(
    "activity-place",
    "Latitude and longitude stand together.",
    remedy="Give both, or neither.",
)
def activity_place(facts: Facts) -> Findings:
    """One of the two is a line round the globe, not a place on a map."""
    for activity in facts.desk.activities:
        if (activity.latitude is None) != (activity.longitude is None):
            missing = "latitude" if activity.latitude is None else "longitude"
            yield Finding(activity, f"{missing} is missing.", field=missing)


@rule(
    "activity-side",
    "What the observer does is on its own side.",
    remedy="Set side to own, or name the actor that carries out the activity.",
)
def activity_side(facts: Facts) -> Findings:
    """Own activities are what the desk answers for and can be asked to notify."""
    observer = facts.desk.info.observer
    for activity in facts.desk.activities:
        if activity.actor == observer and activity.side != "own":
            yield Finding(activity, f"The observer {observer} acts, and side is {activity.side}.", field="side")


@rule(
    "embassy-parties",
    "An embassy's sender is not its host.",
    remedy="Name the state that keeps the embassy and the one it is in or accredited to.",
)
def embassy_parties(facts: Facts) -> Findings:
    """Nobody sends an embassy to itself."""
    for embassy in facts.desk.embassies:
        if embassy.sender == embassy.host:
            yield Finding(embassy, f"Sender and host are both {embassy.sender}.", field="host")
