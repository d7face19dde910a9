"""Find the scenarios of a matrix that hold together, and say what holds each of them up and what would break it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, prod
from typing import Literal

import numpy as np

from legation.cohesion.cross_impact import Descriptors, Scenario, Search, impact_sums, scored
from legation.cohesion.cross_impact_matrix import CrossImpact, Judgement
from legation.cohesion.cross_impact_result import (
    CrossImpactResult,
    FactorState,
    Influence,
    JudgementChange,
    MatrixFactor,
    ScenarioFound,
)
from legation.cohesion.cross_impact_weights import weights as count_weights
from legation.errors import InputError

__all__ = ["analyse"]

_SLACK = 1e-9
_EXAMPLES = 3
_NAMED = 6
_MOST_GAINED = 1_000


def analyse(
    matrix: CrossImpact,
    *,
    max_inconsistency: float = 0.0,
    fixed: Mapping[str, str] | None = None,
    most: int = 200,
    seconds: float = 60.0,
    with_weights: bool = False,
    change_by: float = 1.0,
    halt: Callable[[], bool] | None = None,
) -> CrossImpactResult:
    """Find every scenario that holds together.

    Parameters
    ----------
    matrix
        Factors and judgements.
    max_inconsistency
        Also take scenarios in which a state falls short of its best rival by at most this much.
    fixed
        Only scenarios with these outcomes, by factor.
    most, seconds, halt
        The search ends at so many scenarios, after so long, or when asked; the result then says that it is not
        complete. Changes of judgements are tried within the same time.
    with_weights
        Count for each consistent scenario from how many combinations succession leads to it.
    change_by
        By how much single judgements are changed, up and down; 0 leaves this out.

    Raises
    ------
    InputError
        When a number is out of range or `fixed` names something that is not there.
    """
    _refuse(max_inconsistency, most=most, seconds=seconds, change_by=change_by)
    deadline = time.monotonic() + seconds
    stopped = halt or (lambda: False)

    def over() -> bool:
        return time.monotonic() > deadline or stopped()

    places = _fixed(matrix, fixed or {})
    descriptors = matrix.descriptors()
    found, search, cut = _search(descriptors, max_inconsistency, places, most=most, halt=over)
    complete = search.complete and not cut
    heaps = count_weights(descriptors) if with_weights else {}
    order = sorted(found, key=lambda one: (-one.total_impact, one.states))
    changes = _Changes(matrix, order, max_inconsistency, places, over)
    tried, asked = changes.all(change_by) if change_by and complete else ((), 0)
    return CrossImpactResult(
        title=matrix.title,
        factors=tuple(
            MatrixFactor(name=f.name, title=f.title, outcomes=f.outcomes, titles=f.titles) for f in matrix.factors
        ),
        judgements=len(matrix.judgements),
        combinations=prod(descriptors.states),
        allowed_inconsistency=max_inconsistency,
        scenarios=tuple(_described(matrix, descriptors, one, number, heaps) for number, one in enumerate(order, 1)),
        complete=complete,
        ended=_ended(complete=complete, cut=cut, stopped=stopped()),
        steps=search.steps,
        common=_common(matrix, order) if complete else (),
        changes=tuple(sorted(tried, key=lambda one: (-len(one.lost) - one.gained, one.sentence))),
        changes_asked=asked,
        changes_tried=len(tried),
        change_by=change_by,
        notes=tuple(_notes(order, complete=complete, with_changes=bool(change_by), tried=len(tried), asked=asked)),
    )


def _refuse(max_inconsistency: float, *, most: int, seconds: float, change_by: float) -> None:
    if not (isfinite(max_inconsistency) and max_inconsistency >= 0):
        raise InputError(f"An inconsistency of {max_inconsistency} cannot be allowed.", remedy="Give 0 or more.")
    if not (isfinite(seconds) and seconds > 0 and 1 <= most <= 100_000):
        raise InputError(
            f"A search for {most} scenarios within {seconds} seconds cannot be made.",
            remedy="Give 1 to 100000 scenarios and a positive number of seconds.",
        )
    if not (isfinite(change_by) and change_by >= 0):
        raise InputError(
            f"Judgements cannot be changed by {change_by}.", remedy="Give a number above 0, or 0 for none."
        )


def _fixed(matrix: CrossImpact, fixed: Mapping[str, str]) -> tuple[tuple[int, int], ...]:
    out = []
    for name, outcome in fixed.items():
        number = matrix.place.get(name)
        if number is None or outcome not in matrix.factors[number].outcomes:
            known = ", ".join(matrix.place) if number is None else ", ".join(matrix.factors[number].outcomes)
            raise InputError(f"There is no {name!r} with the outcome {outcome!r}.", remedy=f"Choose among: {known}.")
        out.append((number, matrix.factors[number].outcomes.index(outcome)))
    return tuple(out)


def _search(
    descriptors: Descriptors,
    slack: float,
    fixed: Sequence[tuple[int, int]],
    *,
    most: int,
    halt: Callable[[], bool],
) -> tuple[list[Scenario], Search, bool]:
    search = Search(descriptors, max_inconsistency=slack, fixed=fixed, halt=halt)
    found: list[Scenario] = []
    for scenario in search.run():
        if len(found) == most:
            return found, search, True
        found.append(scenario)
    return found, search, False


def _ended(*, complete: bool, cut: bool, stopped: bool) -> Literal["all", "seconds", "scenarios", "stopped"]:
    if complete:
        return "all"
    if cut:
        return "scenarios"
    return "stopped" if stopped else "seconds"


def _described(
    matrix: CrossImpact, descriptors: Descriptors, one: Scenario, number: int, heaps: Mapping[tuple[int, ...], int]
) -> ScenarioFound:
    picked = tuple(f.outcomes[state] for f, state in zip(matrix.factors, one.states, strict=True))
    words = "; ".join(f.titles[state] for f, state in zip(matrix.factors, one.states, strict=True))
    return ScenarioFound(
        number=number,
        states=picked,
        consistency=one.consistency,
        inconsistency=one.inconsistency,
        total_impact=one.total_impact,
        weight=heaps.get(one.states, 0) if heaps else None,
        sentence=f"{words}.",
        factors=_factor_states(matrix, descriptors, one.states),
    )


def _factor_states(matrix: CrossImpact, descriptors: Descriptors, states: Sequence[int]) -> tuple[FactorState, ...]:
    sums, offsets = impact_sums(descriptors, states), descriptors.offsets()
    rows = offsets + np.asarray(states, np.int64)
    reasons = _reasons(matrix)
    out = []
    for number in range(len(matrix.factors)):
        column = int(rows[number])
        acting = [
            Influence(
                factor=other.name,
                title=other.title,
                outcome=other.outcomes[states[n]],
                value=float(descriptors.impacts[rows[n], column]),
                reason=reasons.get((int(rows[n]), column), ""),
            )
            for n, other in enumerate(matrix.factors)
            if descriptors.impacts[rows[n], column] != 0
        ]
        acting.sort(key=lambda each: -abs(each.value))
        out.append(_factor_state(matrix, number, states[number], sums=sums[offsets[number] :], acting=acting))
    return tuple(out)


def _factor_state(
    matrix: CrossImpact, number: int, state: int, *, sums: np.ndarray, acting: Sequence[Influence]
) -> FactorState:
    factor = matrix.factors[number]
    scores = {outcome: float(sums[n]) for n, outcome in enumerate(factor.outcomes)}
    own = factor.outcomes[state]
    rivals = [outcome for outcome in factor.outcomes if outcome != own]
    rival = max(rivals, key=lambda outcome: scores[outcome]) if rivals else None
    lead = None if rival is None else scores[own] - scores[rival]
    helped = tuple(each for each in acting if each.value > 0)
    harmed = tuple(each for each in acting if each.value < 0)
    return FactorState(
        factor=factor.name,
        outcome=own,
        score=scores[own],
        rival=rival,
        rival_score=None if rival is None else scores[rival],
        lead=lead,
        supported_by=helped,
        hindered_by=harmed,
        sentence=_sentence(factor.titles[state], rival, lead, helped=helped, harmed=harmed),
    )


def _sentence(
    title: str, rival: str | None, lead: float | None, *, helped: Sequence[Influence], harmed: Sequence[Influence]
) -> str:
    def named(influences: Sequence[Influence]) -> str:
        return ", ".join(f"{each.title!r} {each.outcome!r} ({each.value:+g})" for each in influences)

    up = f"held up by {named(helped)}" if helped else "held up by nothing"
    down = f", against {named(harmed)}" if harmed else ""
    if rival is None or lead is None:
        return f"{title!r}: {up}{down}; it has no rival."
    if lead > _SLACK:
        return f"{title!r}: {up}{down}; ahead of {rival!r} by {lead:g}."
    if lead < -_SLACK:
        return f"{title!r}: {up}{down}; behind {rival!r} by {-lead:g}."
    return f"{title!r}: {up}{down}; level with {rival!r}."


def _reasons(matrix: CrossImpact) -> dict[tuple[int, int], str]:
    out: dict[tuple[int, int], str] = {}
    for one in matrix.judgements:
        for row, column, _ in matrix.cells(one):
            if one.reason:
                out[row, column] = f"{out[row, column]}; {one.reason}" if (row, column) in out else one.reason
    return out


def _common(matrix: CrossImpact, found: Sequence[Scenario]) -> tuple[str, ...]:
    """Name the outcomes that all scenarios share."""
    if not found:
        return ()
    return tuple(
        f"{factor.title}: {factor.outcomes[found[0].states[n]]}"
        for n, factor in enumerate(matrix.factors)
        if len(factor.outcomes) > 1 and len({one.states[n] for one in found}) == 1
    )


@dataclass(frozen=True, eq=False)
class _Changes:
    """Tries single changed judgements.

    A judgement touches the scores only of scenarios that hold the acting outcome (for a link, of all): scenarios
    without it stay as they are, so only those with it are searched for anew.
    """

    matrix: CrossImpact
    found: Sequence[Scenario]
    slack: float
    fixed: Sequence[tuple[int, int]]
    over: Callable[[], bool]

    def all(self, step: float) -> tuple[list[JudgementChange], int]:
        asked = [(one, sign * step) for one in self.matrix.judgements for sign in (1.0, -1.0)]
        out = []
        for one, by in asked:
            if self.over():
                break
            out.append(self.one(one, by))
        return out, len(asked)

    def one(self, judgement: Judgement, by: float) -> JudgementChange:
        changed = self.matrix.descriptors(changed=judgement, by=by)
        lost = tuple(
            number
            for number, scenario in enumerate(self.found, 1)
            if scored(changed, scenario.states).inconsistency > self.slack + _SLACK
        )
        gained, complete = self._gained(judgement, changed)
        return JudgementChange(
            factor=judgement.factor,
            outcome=judgement.outcome,
            on_factor=judgement.on_factor,
            on_outcome=judgement.on_outcome,
            link=judgement.link,
            value=judgement.value,
            changed_to=judgement.value + by,
            lost=lost,
            gained=len(gained),
            examples=tuple(self._outcomes(states) for states in gained[:_EXAMPLES]),
            complete=complete,
            sentence=self._words(judgement, by, lost, len(gained), complete=complete),
        )

    def _gained(self, judgement: Judgement, changed: Descriptors) -> tuple[list[tuple[int, ...]], bool]:
        number = self.matrix.place[judgement.factor]
        acting = self.matrix.factors[number].outcomes.index(judgement.outcome)
        states = range(len(self.matrix.factors[number].outcomes)) if judgement.link is not None else (acting,)
        known = {scenario.states for scenario in self.found}
        pinned = dict(self.fixed)
        out: list[tuple[int, ...]] = []
        for state in states:
            if pinned.get(number, state) != state:
                continue
            places = tuple({**pinned, number: state}.items())
            search = Search(changed, max_inconsistency=self.slack, fixed=places, halt=self.over)
            for scenario in search.run():
                if scenario.states not in known:
                    out.append(scenario.states)
                if len(out) > _MOST_GAINED:
                    return out[:_MOST_GAINED], False
            if not search.complete:
                return out, False
        return out, True

    def _outcomes(self, states: Sequence[int]) -> tuple[str, ...]:
        return tuple(f.outcomes[state] for f, state in zip(self.matrix.factors, states, strict=True))

    def _words(self, one: Judgement, by: float, lost: Sequence[int], gained: int, *, complete: bool) -> str:
        source, target = (self.matrix.factors[self.matrix.place[name]].title for name in (one.factor, one.on_factor))
        what = f"{source} {one.outcome} on {target} {one.on_outcome} {one.value:+g} to {one.value + by:+g}"
        if not lost and not gained:
            return f"{what}: nothing changes." if complete else f"{what}: not decided within the time."
        parts = []
        if lost:
            which = f"scenario{'s' * (len(lost) > 1)} {', '.join(map(str, lost))}"
            many = f"{len(lost)} of {len(self.found)} scenarios"
            parts.append(f"{which if len(lost) <= _NAMED else many} would no longer hold")
        if gained:
            parts.append(f"{gained}{'' if complete else ' or more'} other{'s' * (gained > 1)} would hold")
        return f"{what}: {' and '.join(parts)}."


def _notes(found: Sequence[Scenario], *, complete: bool, with_changes: bool, tried: int, asked: int) -> list[str]:
    out = []
    if not complete:
        out.append(f"The search did not see everything: there may be more scenarios than these {len(found)}.")
        if with_changes:
            out.append("Changes of judgements are tried only where all scenarios are known.")
    elif not found:
        out.append("No combination asked for holds together: allow some inconsistency, or ask for other states.")
    if tried < asked:
        out.append(f"Of {asked} changes of judgements {tried} were tried within the time.")
    return out
