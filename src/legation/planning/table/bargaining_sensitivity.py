"""How the settlement hangs on the inputs: one small change at a time, an actor left out, all moved at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from legation.errors import InputError
from legation.planning.table.bargaining_outcome import likeliest, settlement
from legation.planning.table.bargaining_run import run
from legation.planning.table.bargaining_types import Accommodation, Negotiation, Negotiator, Rules
from legation.planning.table.result import ActorMatters, NegotiationSensitivity, Range, Shift

__all__ = ["Steps", "sensitivity"]

_SAME = 1.0
What = Literal["position", "salience", "influence"]


@dataclass(frozen=True, kw_only=True)
class Steps:
    """How far inputs are moved.

    Attributes
    ----------
    position, salience
        Points on the scale of 0 to 100; what would leave the scale stops at its end, and saliences that would sum to
        more than 100 are scaled back.
    influence
        A share: 0.1 is a tenth up or down.
    draws
        Joint draws; every input uniformly within its step.
    """

    position: float = 5.0
    salience: float = 5.0
    influence: float = 0.1
    draws: int = 200
    seed: int = 1

    def __post_init__(self) -> None:
        if not (0 < self.position <= 100 and 0 < self.salience <= 100 and 0 < self.influence < 1):
            raise InputError(
                f"Steps of {self.position:g}, {self.salience:g} points and {self.influence:g} cannot be taken.",
                remedy="Give points above 0 up to 100 and a share between 0 and 1.",
            )
        if not 0 <= self.seed < 2**63:
            raise InputError(f"The seed {self.seed} is out of range.", remedy="Give a whole number from 0.")
        if not 2 <= self.draws <= 100_000:
            raise InputError(f"{self.draws} draws were asked for.", remedy="Give 2 to 100000.")


def sensitivity(
    negotiation: Negotiation,
    rules: Rules | None = None,
    *,
    steps: Steps | None = None,
    seconds: float = 60.0,
    halt: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NegotiationSensitivity:
    """Move the inputs and see where the settlement goes.

    Parameters
    ----------
    negotiation, rules
        As for `run`.
    steps
        How far inputs are moved.
    seconds
        Limit on time; what was not computed within it is left out, and `complete` says so.
    halt, progress
        Asked before every run; told how many runs of how many are done.

    Raises
    ------
    InputError
        When the steps or the seconds are out of range.
    """
    if not 0 < seconds < float("inf"):
        raise InputError(f"A limit of {seconds} seconds cannot be used.", remedy="Give a positive number.")
    rules, steps = rules or Rules(), steps or Steps()
    work = _Work(negotiation, rules, time.monotonic() + seconds, halt or (lambda: False))
    base = work.outcome(negotiation)
    changes = list(_changes(negotiation, steps))
    total = len(changes) + len(negotiation.actors) + steps.draws

    def tell(done: int) -> None:
        if progress is not None:
            progress(done, total)

    shifts: list[Shift] = []
    for done, (actor, what, issue, change, changed) in enumerate(changes):
        if work.over():
            break
        tell(done)
        moved = work.outcome(changed).settlement - base.settlement
        shifts.append(Shift(actor=actor, what=what, issue=issue, change=change, settlement=_floats(moved)))
    actors = _each_actor(work, negotiation, base, shifts)
    drawn = _drawn(work, negotiation, steps, tell=lambda done: tell(len(changes) + len(negotiation.actors) + done))
    finished = len(shifts) == len(changes) and len(actors) == len(negotiation.actors) and len(drawn) == steps.draws
    return NegotiationSensitivity(
        position_step=steps.position,
        salience_step=steps.salience,
        influence_step=steps.influence,
        draws=len(drawn),
        seed=steps.seed,
        shifts=tuple(shifts),
        actors=tuple(sorted(actors, key=lambda one: (-max(one.shift_without, one.largest_shift), one.actor))),
        settlement=_ranges(base.settlement, np.array([one.settlement for one in drawn])),
        same_likeliest=_same(base.likeliest, drawn),
        complete=finished,
    )


@dataclass(frozen=True, eq=False)
class _Outcome:
    settlement: NDArray[np.float64]
    likeliest: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Work:
    negotiation: Negotiation
    rules: Rules
    deadline: float
    halt: Callable[[], bool]

    def over(self) -> bool:
        return time.monotonic() > self.deadline or self.halt()

    def outcome(self, negotiation: Negotiation) -> _Outcome:
        found = run(negotiation, self.rules)
        return _Outcome(settlement(found.table, found.last.positions), likeliest(found.table, found.last))


def _changes(negotiation: Negotiation, steps: Steps) -> Iterator[tuple[str, What, str, float, Negotiation]]:
    for number, actor in enumerate(negotiation.actors):
        for sign in (-1.0, 1.0):
            for d, issue in enumerate(negotiation.issues):
                place = _at(actor.positions, d, actor.positions[d] + sign * steps.position)
                yield (
                    actor.name,
                    "position",
                    issue,
                    place[d] - actor.positions[d],
                    _with(negotiation, number, msgspec.structs.replace(actor, positions=place)),
                )
                care = _fitting(_at(actor.saliences, d, actor.saliences[d] + sign * steps.salience))
                if sum(care) > 0:
                    yield (
                        actor.name,
                        "salience",
                        issue,
                        care[d] - actor.saliences[d],
                        _with(negotiation, number, msgspec.structs.replace(actor, saliences=care)),
                    )
            change = sign * steps.influence
            weight = actor.influence * (1.0 + change)
            yield (
                actor.name,
                "influence",
                "",
                change,
                _with(negotiation, number, msgspec.structs.replace(actor, influence=weight)),
            )


def _at(values: tuple[float, ...], place: int, value: float) -> tuple[float, ...]:
    return (*values[:place], min(100.0, max(0.0, value)), *values[place + 1 :])


def _fitting(saliences: tuple[float, ...]) -> tuple[float, ...]:
    total = sum(saliences)
    return saliences if total <= 100.0 else tuple(value * 100.0 / total for value in saliences)


def _with(negotiation: Negotiation, number: int, actor: Negotiator) -> Negotiation:
    actors = (*negotiation.actors[:number], actor, *negotiation.actors[number + 1 :])
    return msgspec.structs.replace(negotiation, actors=actors)


def _each_actor(work: _Work, negotiation: Negotiation, base: _Outcome, shifts: list[Shift]) -> list[ActorMatters]:
    out = []
    for number, actor in enumerate(negotiation.actors):
        # a table of two has nobody left to talk to: the one who stays gets its position
        rest = (*negotiation.actors[:number], *negotiation.actors[number + 1 :])
        if work.over():
            break
        if len(rest) < 2:
            without = np.array(rest[0].positions)
        else:
            without = work.outcome(_without(negotiation, actor.name, rest)).settlement
        own = [abs(value) for shift in shifts if shift.actor == actor.name for value in shift.settlement]
        out.append(
            ActorMatters(
                actor=actor.name,
                without=_floats(without),
                shift_without=float(np.abs(without - base.settlement).max()),
                largest_shift=max(own, default=0.0),
            )
        )
    return out


def _without(negotiation: Negotiation, name: str, rest: tuple[Negotiator, ...]) -> Negotiation:
    kept: tuple[Accommodation, ...] = tuple(
        item for item in negotiation.accommodations if name not in {item.actor, item.towards}
    )
    return msgspec.structs.replace(negotiation, actors=rest, accommodations=kept)


def _drawn(work: _Work, negotiation: Negotiation, steps: Steps, *, tell: Callable[[int], None]) -> list[_Outcome]:
    rng = np.random.default_rng(steps.seed)
    out: list[_Outcome] = []
    for number in range(steps.draws):
        actors = tuple(_jittered(actor, steps, rng) for actor in negotiation.actors)
        if work.over():
            break
        tell(number)
        out.append(work.outcome(msgspec.structs.replace(negotiation, actors=actors)))
    return out


def _jittered(actor: Negotiator, steps: Steps, rng: np.random.Generator) -> Negotiator:
    count = len(actor.positions)
    place = np.clip(np.array(actor.positions) + rng.uniform(-steps.position, steps.position, count), 0.0, 100.0)
    # a salience never falls to nothing by a draw: an actor that cares for no issue is not at the table
    care = np.clip(np.array(actor.saliences) + rng.uniform(-steps.salience, steps.salience, count), 0.01, 100.0)
    weight = actor.influence * (1.0 + rng.uniform(-steps.influence, steps.influence))
    return msgspec.structs.replace(
        actor, influence=float(weight), positions=_floats(place), saliences=_fitting(_floats(care))
    )


def _floats(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _ranges(base: NDArray[np.float64], drawn: NDArray[np.float64]) -> tuple[Range, ...]:
    if len(drawn) < 2:
        return ()
    low, high = np.quantile(drawn, (0.05, 0.95), axis=0)
    return tuple(Range(low=float(a), likely=float(b), high=float(c)) for a, b, c in zip(low, base, high, strict=True))


def _same(base: NDArray[np.float64], drawn: list[_Outcome]) -> float | None:
    if not drawn:
        return None
    return float(np.mean([bool((np.abs(one.likeliest - base) <= _SAME).all()) for one in drawn]))
