"""Ask how third nations may react to a plan that a desk keeps, or to the best one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from legation.errors import InfeasibleError, InputError

if TYPE_CHECKING:
    from threading import Event

    from legation.planning.table.reaction import Limits
    from legation.planning.table.reaction_model import Assumed
    from legation.planning.table.reaction_result import CounterResult
    from legation.service.questions import Setting

__all__ = ["counter_of"]

_PLAN_SECONDS = 30.0
"""Limit on finding the plan that is asked about, as for a plan by itself: a short limit on what comes after must not
make it a worse one."""


def counter_of(
    setting: Setting,
    *,
    plan: str | None = None,
    actor: str | None = None,
    assumed: Assumed | None = None,
    limits: Limits | None = None,
    progress: Callable[[str], None] | None = None,
    stop: Event | None = None,
) -> CounterResult:
    """Work out how third nations may react to a plan.

    Parameters
    ----------
    setting
        The desk in its world.
    plan
        A plan that the desk keeps; where left out, its only one, and where it keeps none the best one found.
    actor
        The third nation; see `legation.planning.table.reaction.counter`.
    assumed, limits, progress, stop
        What is assumed; how much is looked at; told what is being done; ends searches when set.

    Raises
    ------
    InfeasibleError
        When no plan is kept and none satisfies all rules.
    InputError
        When an entry of the plan cannot be valued, or a number is out of range.
    UnknownRecordError
        When the desk keeps no plan of that id.
    """
    from legation.planning.data import plan_data
    from legation.planning.engines.base import Halt
    from legation.planning.engines.highs import Highs
    from legation.planning.solve import search
    from legation.planning.table.reaction import Limits, counter
    from legation.service.questions import entries_of, slots_of_entries

    limits = limits or Limits()
    data, halt = plan_data(setting.desk, relations=setting.relations), Halt(stop)
    name = plan or (setting.desk.plans[0].id if len(setting.desk.plans) == 1 else None)
    if name is None and len(setting.desk.plans) > 1:
        known = ", ".join(kept.id for kept in setting.desk.plans)
        raise InputError(f"The desk keeps {len(setting.desk.plans)} plans: {known}.", remedy="Name one: --plan ID.")
    bound: float | None = None
    if name is not None:
        slots = slots_of_entries(data, entries_of(setting.desk, name))
    else:
        if progress is not None:
            progress("the best plan")
        found = search(
            data, Highs(), gap=limits.gap, seconds=max(limits.seconds, _PLAN_SECONDS), halt=halt,
            seed=1 if assumed is None else assumed.seed % 2**31,
        )  # fmt: skip
        if found is None:
            raise InfeasibleError(
                "No plan keeps all rules of the desk.", remedy="See which rules clash: legation plan DESK."
            )
        slots, name, bound = found.slots.tolist(), "the best plan found", found.bound
    return counter(
        data,
        slots,
        relations=setting.relations,
        actor=actor,
        plan=name,
        bound=bound,
        assumed=assumed,
        limits=limits,
        halt=halt,
        progress=progress,
    )
