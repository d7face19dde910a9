"""Who is given away in which month: the roster against the record by record check, on random staffings."""

from datetime import date

import msgspec
import numpy as np
import pytest
from small_desks import small_desk

from legation.cohesion.result import Chosen
from legation.desk import people
from legation.planning import plan
from legation.planning.check import broken_rules
from legation.planning.crew import crew_of
from legation.planning.data import plan_data
from legation.planning.roster import Roster


def random_staffing(seed, features):
    """Staff some missions of a small desk at random; give the desk, the roster and the plan."""
    rng = np.random.default_rng(seed)
    desk = small_desk(seed, ["days", *(name for name in features if rng.random() < 0.5)])
    data = plan_data(desk)
    roster, entries = Roster(data), []
    for mission in rng.permutation(len(data.missions))[: rng.integers(1, 5)].tolist():
        slots = np.flatnonzero(data.open & (data.slot_mission == mission))
        if not len(slots):
            continue
        slot = int(rng.choice(slots))
        staff = []
        for row in data.demands(slot).tolist():
            positions = data.demand.classes[data.demand.staff_class[row]].positions
            role = data.demand.needs[data.demand.need[row]].role
            for position in rng.choice(positions, data.demand.count[row]).tolist():
                roster.take(row, position)
                staff.append(f"{role}:{data.crew.positions[position].id}")
        mode = data.modes[data.slots.option[slot]]
        start = int(data.slots.start[slot])
        entries.append(Chosen(mission=mode.mission, mode=mode.id, start=start, staff=tuple(staff)))
    return desk, roster, entries


def double_booked(desk, entries):
    """Say whether the check finds somebody in two places."""
    return any(fault.kind == "position" for fault in broken_rules(desk, entries))


def test_the_roster_finds_what_the_check_finds():
    """Of single posts, staff is sound exactly where no one is in two places, of one mission or of several."""
    seen = {True: 0, False: 0}
    for seed in range(400):
        desk, roster, entries = random_staffing(seed, ["long", "two_posts", "bound", "holder", "absence"])

        assert roster.sound != double_booked(desk, entries), seed
        seen[roster.sound] += 1
    assert min(seen.values()) > 50


def test_a_sound_roster_of_posts_with_several_heads_passes_the_check():
    """Where heads share a post, what the roster calls sound never breaks a rule."""
    found = 0
    for seed in range(400):
        desk, roster, entries = random_staffing(seed, ["long", "bound", "absence", "pool"])
        found += roster.sound

        assert not (roster.sound and double_booked(desk, entries)), seed
    assert found > 50


def test_one_person_in_two_places_of_a_mission_is_told_so():
    """The message names the month and the mission that both places are of."""
    desk, roster, entries = random_staffing(60, ["long", "two_posts", "bound", "holder", "absence", "pool"])
    title = {row.id: row.title for row in desk.missions}
    (twice,) = [row for row in entries if len(row.staff) > len({text.partition(":")[2] for text in row.staff})]
    found = [fault.words for fault in broken_rules(desk, entries) if fault.kind == "position"]

    assert not roster.sound
    assert found == [f"'P' would fill 2 places of {title[twice.mission]!r} at once in 2027-01."]


@pytest.mark.parametrize("order", ["pqr", "prq", "rpq"])
def test_posts_that_change_hands_within_a_month_tie_both_holders(order):
    """In the month in which one post passes from a holder to another, neither is used twice by any order of posts."""
    skills = {"rank": "OF-4", "languages": ("fr:B2",), "clearance": "secret"}
    held = {"p": [("x", 1, None)], "q": [("y", 1, None)], "r": [("x", 1, 10), ("y", 11, None)]}
    desk = msgspec.structs.replace(
        small_desk(1, ["days"]),
        positions=tuple(people.Position(id=name, title=name.upper(), **skills) for name in order),
        persons=tuple(people.Person(id=name, name=name.upper(), **skills) for name in "xy"),
        holders=tuple(
            people.Holder(
                position=name, person=who, start=date(2027, 2 if first > 1 else 1, first),
                end=last and date(2027, 2, last),
            )
            for name in order
            for who, first, last in held[name]
        ),
    )  # fmt: skip
    unit = dict(zip(order, crew_of(desk).unit, strict=True))

    assert unit["p"][1] == unit["q"][1] == unit["r"][1]
    assert unit["p"][0] == unit["r"][0] != unit["q"][0]
    assert unit["q"][2] == unit["r"][2] != unit["p"][2]
    assert broken_rules(desk, plan(desk, gap=0, compare=False).to_selection()) == ()
