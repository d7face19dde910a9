"""What a mission needs of people can be met in principle."""

from __future__ import annotations

from collections.abc import Iterator

from legation.desk.base import clearance_order, language_order, rank_order
from legation.desk.missions import StaffNeed
from legation.desk.people import Person, Position
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "staff-need-ranks",
    "The lowest rank of a staff need is not above its highest.",
    remedy="Exchange rank_min and rank_max.",
)
def staff_need_ranks(facts: Facts) -> Findings:
    """Nobody has a rank in an empty band."""
    for need in facts.desk.staff_needs:
        if need.rank_min is None or need.rank_max is None:
            continue
        if rank_order(need.rank_min) > rank_order(need.rank_max):
            yield Finding(need, f"rank_min {need.rank_min} is above rank_max {need.rank_max}.", field="rank_min")


@rule(
    "staff-need-fit",
    "Every staff need fits as many posts as it asks for.",
    remedy="Ease the need, or add a position or a holder with these skills.",
    severity="warning",
)
def staff_need_fit(facts: Facts) -> Findings:
    """A mode whose need nobody fits is never chosen; the plan would leave it out without this hint.

    A post fits by its own skills or by those of anybody who ever holds it; `en` covers `en-GB`. A post that does not
    travel fits at its station.
    """
    posts = {position.id: (position, list(_profiles(facts, position))) for position in facts.desk.positions}
    fitting: dict[tuple[object, ...], int] = {}
    bound = any(not position.travels for position in facts.desk.positions)
    for need in facts.desk.staff_needs:
        mission = facts.missions.get(need.mission)
        place = None if mission is None or not bound else mission.place
        shape = (need.rank_min, need.rank_max, need.languages, need.clearance, need.station, need.position, place)
        if need.position is not None and need.position not in posts:
            continue  # a position that is not there is another rule's fault
        if shape not in fitting:
            asked = list(posts.values()) if need.position is None else [posts[need.position]]
            home = facts.desk.info.observer
            fitting[shape] = sum(
                post.headcount
                for post, profiles in asked
                if (post.travels or place in {None, post.station or home}) and _fits(need, post, profiles)
            )
        if fitting[shape] < need.count:
            yield Finding(need, f"Role {need.role} asks for {need.count}, and {fitting[shape]} posts fit.")


def _profiles(facts: Facts, position: Position) -> Iterator[Position | Person]:
    yield position
    for holder in facts.holders_of.get(position.id, ()):
        person = facts.persons.get(holder.person)
        if person is not None:
            yield person


def _fits(need: StaffNeed, position: Position, profiles: list[Position | Person]) -> bool:
    return (need.station is None or need.station == position.station) and any(
        _has_skills(need, profile) for profile in profiles
    )


def _has_skills(need: StaffNeed, profile: Position | Person) -> bool:
    rank = rank_order(profile.rank)
    return (
        (need.rank_min is None or rank >= rank_order(need.rank_min))
        and (need.rank_max is None or rank <= rank_order(need.rank_max))
        and clearance_order(profile.clearance) >= clearance_order(need.clearance)
        and all(any(_speaks(wanted, held) for held in profile.languages) for wanted in need.languages)
    )


def _speaks(wanted: str, held: str) -> bool:
    tag, _, level = wanted.partition(":")
    own, _, own_level = held.partition(":")
    primary, own_primary = tag.split("-")[0].casefold(), own.split("-")[0].casefold()
    return primary == own_primary and language_order(own_level) >= language_order(level)
