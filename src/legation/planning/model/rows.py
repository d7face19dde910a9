"""Rows in words, so that every constraint can be spoken of."""

from __future__ import annotations

from legation.planning.actor_words import actor_words
from legation.planning.data import PlanData
from legation.planning.model.names import RowName
from legation.planning.record_words import actors_words, instrument_words, risk_cap_words, spill_cap_words

__all__ = ["group_of", "words_of"]


def group_of(row: RowName) -> tuple[str, str]:
    """Give the rule that a row belongs to; rows of one rule stand and fall together."""
    return ("budget" if row.kind == "allotment" else row.kind), row.record.split("|")[0] if row.kind in {
        "budget",
        "allotment",
    } else row.record


def words_of(row: RowName, data: PlanData) -> str:
    """Say a row's rule as a sentence that names its records."""
    speak = {
        "mission": lambda: f"Mission {_mission(row.record, data)} is done at most once.",
        "fixed": lambda: _requirement(row, data),
        "must_do": lambda: _requirement(row, data),
        "pin": lambda: _requirement(row, data),
        "budget": lambda: _budget(row.record, data),
        "allotment": lambda: _budget(row.record.split("|")[0], data),
        "position": lambda: _position(row.record, data),
        "days": lambda: _days(row.record, data),
        "place": lambda: f"Nobody fills two places of mission {_mission(row.record, data)}.",
        "absorption": lambda: _absorption(row.record, data),
        "prerequisite": lambda: _prerequisite(row.record, data),
        "exclusion": lambda: _exclusion(row.record, data),
        "commitment": lambda: _commitment(row.record, data),
        "risk_limit": lambda: f"The plan's risk in sum stays within {data.desk.info.settings.risk_limit:g}.",
        "risk_cap": lambda: _risk_cap(row.record, data),
        "spill_cap": lambda: _spill_cap(row.record, data),
        "ceiling": lambda: _ceiling(row, data),
        "option": lambda: f"Mission {_mission(row.record, data)} is done in a mode when it has a first month in it.",
        "staff_class": lambda: _staff_class(row.index, data),
        "synergy": lambda: f"Synergy {row.record!r} counts as its missions say.",
        "objective": lambda: f"Objective {_aim(row.record, data)} is worth what the missions contribute to it.",
        "goal": lambda: f"Goal {_aim(row.record, data)} is worth what lies below it.",
        "choice": lambda: f"Of what lies below {_aim(row.record, data)} the best counts.",
        "spill": lambda: f"Adverse spill-over on {actor_words(row.record)} is charged.",
        "bar": lambda: _bar(row.index, data),
    }
    return speak.get(row.kind, lambda: f"{row.kind} {row.record}")()


def _mission(key: str, data: PlanData) -> str:
    title = next((mission.title for mission in data.desk.missions if mission.id == key), key)
    return f"{title!r}"


def _requirement(row: RowName, data: PlanData) -> str:
    return next(
        item.words
        for item in data.requirements
        if item.kind == row.kind and data.missions[item.mission].id == row.record
    )


def _budget(key: str, data: PlanData) -> str:
    funds = data.funds
    number = funds.budgets.index(key)
    parts = [
        f"{amount:,.0f} from {data.month(int(first))} to {data.month(int(last))}"
        for budget, first, last, amount in zip(
            funds.allotment_budget,
            funds.allotment_first,
            funds.allotment_last,
            funds.allotment_amount,
            strict=True,
        )
        if budget == number
    ]
    held = ", ".join(parts) or "nothing"
    return f"Budget {funds.titles[number]!r} holds {held} ({data.desk.info.currency})."


def _position(key: str, data: PlanData) -> str:
    position = next(item for item in data.crew.positions if item.id == key)
    heads = "1 person" if position.headcount == 1 else f"{position.headcount} people"
    away = [row for row in data.desk.absences if row.position == key]
    gone = "; absent " + ", ".join(f"{row.start} to {row.end}" for row in away) if away else ""
    return f"Position {position.title!r} has {heads}, each in one place at a time{gone}."


def _days(key: str, data: PlanData) -> str:
    position = next(item for item in data.crew.positions if item.id == key)
    most = data.demand.working_days
    return f"Whoever of {position.title!r} serves by the day has {most} working days a month, journeys included."


def _absorption(key: str, data: PlanData) -> str:
    row = next(item for item in data.desk.absorption if item.id == key)
    span = "a month" if row.window_months == 1 else f"any {row.window_months} months"
    kinds = f" of kind {instrument_words(data.desk, row.instruments)}" if row.instruments else ""
    return f"{_sentence_start(actor_words(row.partner))} takes no more than {row.missions} missions{kinds} in {span}."


def _sentence_start(words: str) -> str:
    return words[:1].upper() + words[1:]


def _prerequisite(key: str, data: PlanData) -> str:
    row = next(item for item in data.desk.prerequisites if item.key == key)
    lag = f" by {row.lag_months} full months" if row.lag_months else ""
    reason = f" ({row.reason})" if row.reason else ""
    return f"Mission {_mission(row.requires, data)} must have ended{lag} before {_mission(row.mission, data)}{reason}."


def _exclusion(key: str, data: PlanData) -> str:
    row = next(item for item in data.desk.exclusions if item.id == key)
    names = ", ".join(_mission(name, data) for name in row.missions)
    reason = f" ({row.reason})" if row.reason else ""
    return f"At most one of {names} may be in the plan{reason}."


def _commitment(key: str, data: PlanData) -> str:
    row = next(item for item in data.desk.commitments if item.id == key)
    names = ", ".join(_mission(name, data) for name in row.missions)
    return f"Commitment {row.title!r} to {actors_words(row.to)}: {row.count} of {names} done by {row.due}."


def _bar(index: int, data: PlanData) -> str:
    bar = data.bars[index]
    missions = sorted({int(data.slot_mission[slot]) for slot in bar.slots})
    names = ", ".join(f"{data.missions[number].title!r}" for number in missions[:3])
    more = f" and {len(missions) - 3} more" if len(missions) > 3 else ""
    return f"For {names}{more}: {bar.words}."


def _risk_cap(key: str, data: PlanData) -> str:
    row = next(item for item in data.desk.risk_caps if item.id == key)
    return f"{_sentence_start(risk_cap_words(data.desk, row))}, stays within {row.limit:g} in sum."


def _spill_cap(key: str, data: PlanData) -> str:
    row = next(item for item in data.desk.spill_caps if item.id == key)
    return f"{_sentence_start(spill_cap_words(data.desk, row))}, stays within {row.limit:g}."


def _ceiling(row: RowName, data: PlanData) -> str:
    ceiling = data.ceilings[row.index]
    title = next(item.title for item in data.desk.authorities if item.id == ceiling.record)
    return f"Authority {title!r} covers {ceiling.limit:,.0f} {data.desk.info.currency} in {ceiling.year}."


def _staff_class(index: int, data: PlanData) -> str:
    item = data.demand.classes[index]
    names = list(dict.fromkeys(data.crew.positions[position].title for position in item.positions))
    held = ", ".join(repr(name) for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"People for the same needs from {data.month(item.first)} on come from {held or 'nobody'}."


def _aim(key: str, data: PlanData) -> str:
    titles = {goal.id: goal.title for goal in data.desk.goals}
    titles |= {objective.id: objective.title for objective in data.desk.objectives}
    return f"{titles[key]!r}"
