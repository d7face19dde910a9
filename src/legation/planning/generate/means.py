"""Money and people."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from legation.desk import missions, people, resources
from legation.desk.months import first_day, last_day
from legation.planning.generate.maker import PROGRAMMES, Maker

__all__ = ["make_absences", "make_holders", "make_money"]


def make_money(
    make: Maker, costs: Sequence[missions.Cost], modes: Sequence[missions.Mode]
) -> tuple[tuple[resources.Budget, ...], tuple[resources.Allotment, ...]]:
    """Make the budgets, and a year's money at a time."""
    months = {(mode.mission, mode.id): mode.months for mode in modes}
    own = sorted(PROGRAMMES[: make.shape.programmes], key=_place)
    total = dict.fromkeys((name for name, _, _ in own), 0.0)
    for cost in costs:
        if cost.mode == "standard":
            factor = months[cost.mission, cost.mode] if cost.recurrence == "monthly" else 1
            total[cost.budget] += float(cost.amount) * factor
    budgets = tuple(
        resources.Budget(id=name, title=title, humanitarian="humanitarian" in purposes) for name, title, purposes in own
    )
    years = [range(first, min(first + 12, make.shape.months)) for first in range(0, make.shape.months, 12)]
    allotments = [
        resources.Allotment(
            budget=budget.id,
            start=make.month(year[0]),
            # the capacity budget carries over into the first quarter of the next year
            expires=make.month(year[-1] + (3 if budget.id == "capacity" else 0)),
            amount=Decimal(round(total[budget.id] * make.shape.share * len(year) / make.shape.months) + 1),
            currency="EUR",
            price_year=2027,
        )
        for budget in budgets
        for year in years
    ]
    return budgets, tuple(allotments)


def _place(programme: tuple[str, str, tuple[str, ...]]) -> bool:
    """Set aid last, as desks list it."""
    return programme[0] == "aid"


def make_absences(make: Maker) -> tuple[people.Absence, ...]:
    """Make leave and courses of up to three months."""
    out = []
    for position in make.positions:
        if make.rule(0.3):
            begin = int(make.rng.integers(0, make.shape.months))
            out.append(
                people.Absence(
                    position=position.id,
                    start=first_day(make.month(begin)),
                    end=last_day(make.month(begin + int(make.rng.integers(0, 3)))),
                    reason="course",
                )
            )
    return tuple(out)


def make_holders(make: Maker) -> tuple[tuple[people.Person, ...], tuple[people.Holder, ...]]:
    """Make people who follow each other in a post."""
    persons, holders = [], []
    for number, position in enumerate(make.positions):
        if position.headcount == 1 and make.rule(0.2):
            changes = int(make.rng.integers(3, make.shape.months))
            for order in range(2):
                person = people.Person(
                    id=f"person-{number:03d}-{order}",
                    name=f"Holder {order} of {position.title}",
                    rank=position.rank,
                    languages=position.languages if order == 0 else position.languages[:1],
                    clearance=position.clearance,
                )
                persons.append(person)
                holders.append(
                    people.Holder(
                        position=position.id,
                        person=person.id,
                        start=first_day(make.start) if order == 0 else first_day(make.month(changes)),
                        end=last_day(make.month(changes - 1)) if order == 0 else None,
                    )
                )
    return tuple(persons), tuple(holders)
