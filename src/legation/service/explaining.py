"""Explain a desk's plan: why in, why out, what more would buy, which facts decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING

from legation.service.questions import Setting, entries_of

if TYPE_CHECKING:
    from legation.planning.explain.result import Explanation

__all__ = ["explain_of"]


def explain_of(
    setting: Setting,
    *,
    missions: Sequence[str] = (),
    plan: str | None = None,
    buy: bool = False,
    money: float | None = None,
    facts: bool = False,
    seconds: float = 30.0,
    each: float = 3.0,
    seed: int = 1,
    progress: Callable[[str], None] | None = None,
    stop: Event | None = None,
) -> Explanation:
    """Explain the best plan of a desk, or one that it keeps.

    Parameters
    ----------
    setting
        The desk in its world.
    plan
        The id of a plan that the desk keeps; the best one is looked for when left out.
    missions, buy, money, facts, seconds, each, seed, progress, stop
        As for `legation.planning.explain.explain.explain`.

    Raises
    ------
    UnknownRecordError
        When the desk keeps no such plan or holds no such mission.
    InputError
        When a number is out of range.
    """
    from legation.planning.explain.explain import explain

    return explain(
        setting.desk,
        missions=missions,
        plan=None if plan is None else entries_of(setting.desk, plan),
        title="best plan" if plan is None else plan,
        buy=buy,
        money=money,
        facts=facts,
        relations=setting.relations,
        seconds=seconds,
        each=each,
        seed=seed,
        progress=progress,
        stop=stop,
    )
