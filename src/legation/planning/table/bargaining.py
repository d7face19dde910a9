"""Explore a negotiation: the spatial model of politics with the plain median and mean beside it.

The model follows KTAB's spatial model of politics (Wise, Lester, Efird 2015) to every number that its program prints
(`benchmarks/bargaining.py`). It says what follows from the numbers given under the model's assumptions, and nothing
about what anybody will do.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from legation.desk.desk import Desk
from legation.errors import InputError
from legation.planning.table.bargaining_link import link
from legation.planning.table.bargaining_outcome import condorcet, issue_outcomes, paths
from legation.planning.table.bargaining_run import Run, run
from legation.planning.table.bargaining_sensitivity import Steps, sensitivity
from legation.planning.table.bargaining_trace import turn_records
from legation.planning.table.bargaining_types import Negotiation, Rules
from legation.planning.table.result import NegotiationResult

__all__ = ["negotiate"]

_MOST_TRACED = 40


def negotiate(
    negotiation: Negotiation,
    *,
    rules: Rules | None = None,
    seed: int = 1,
    steps: Steps | None = None,
    trace: bool = False,
    desk: Desk | None = None,
    seconds: float = 60.0,
    halt: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> NegotiationResult:
    """Explore a negotiation.

    Parameters
    ----------
    negotiation
        Who negotiates about what.
    rules
        The model's parameters; those of KTAB's reference run when left out.
    seed
        For stochastic transitions.
    steps
        Move the inputs this far and report what hangs on them; not done when left out.
    trace
        Whether every turn with all its numbers is in the result.
    desk
        A desk whose negotiations and objectives are named beside the actors they concern.
    seconds, halt, progress
        As for `sensitivity`; `halt` also ends the run.

    Raises
    ------
    InputError
        When the steps are out of range, or a trace is asked for of a table too large to print.
    """
    rules = rules or Rules()
    if trace and len(negotiation.actors) > _MOST_TRACED:
        raise InputError(
            f"A trace of {len(negotiation.actors)} actors would hold {len(negotiation.actors) ** 3:,} numbers a turn.",
            remedy=f"Trace tables of up to {_MOST_TRACED} actors.",
        )
    found = run(negotiation, rules, seed=seed, halt=halt)
    names = [actor.name for actor in negotiation.actors]
    first, last = condorcet(found.table, found.states[0]), condorcet(found.table, found.last)
    links, unlinked = ((), ()) if desk is None else link(negotiation, desk)
    return NegotiationResult(
        title=negotiation.title,
        description=negotiation.description,
        rules=msgspec.to_builtins(rules),
        turns=len(found.turns),
        ended=found.ended,
        issues=issue_outcomes(negotiation, found),
        actors=paths(negotiation, found),
        condorcet_start=None if first is None else names[first],
        condorcet_end=None if last is None else names[last],
        sensitivity=None
        if steps is None
        else sensitivity(negotiation, rules, steps=steps, seconds=seconds, halt=halt, progress=progress),
        links=links,
        unlinked=unlinked,
        notes=tuple(_notes(found)),
        trace=turn_records(negotiation, found) if trace else (),
    )


def _notes(found: Run) -> list[str]:
    notes = [
        "Influence, positions and saliences are judgements: the outcome is worth no more than they are.",
        "Actors are taken to want what lies near their own position, and to know how all others see the table.",
    ]
    if found.ended == "turns":
        notes.append(f"The table was not quiet after {len(found.turns)} turns: the outcome is where they stopped.")
    if any(((state.positions < 0) | (state.positions > 1)).any() for state in found.states):
        notes.append(
            "Bargains left the scale of 0 to 100: KTAB's program draws up the receiver's side so; "
            "receiver_side 'as_published' does not."
        )
    return notes
