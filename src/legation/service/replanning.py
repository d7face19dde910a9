"""Plan a desk anew after a change, from a plan that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Event
from typing import TYPE_CHECKING

from legation.service.questions import Setting, entries_of

if TYPE_CHECKING:
    from legation.planning.replan.result import ReplanResult
    from legation.planning.result import Progress

__all__ = ["check_replan", "replan_of"]


def check_replan(
    *,
    now: str,
    shocks: Mapping[str, Sequence[str]],
    rate: float | None,
    keep: float | None,
    seconds: float,
    seed: int,
) -> None:
    """Refuse what `replan_of` cannot use on any desk, before one is opened.

    Raises
    ------
    InputError
        When a shock, the month or a number cannot be used.
    """
    from legation.desk.months import month_number
    from legation.planning.asked import check_search
    from legation.planning.replan.parse import parse_shocks
    from legation.planning.replan.replan import check_asked

    parse_shocks(shocks)
    month_number(now, start=now)
    check_search(seconds=seconds, seed=seed)
    check_asked(rate=rate, keep=keep, gap=0.0, seconds=seconds)


def replan_of(
    setting: Setting,
    *,
    plan: str,
    now: str,
    shocks: Mapping[str, Sequence[str]] | None = None,
    rate: float | None = None,
    keep: float | None = None,
    curve: bool = False,
    gap: float = 0.002,
    seconds: float = 15.0,
    seed: int = 1,
    progress: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
) -> ReplanResult:
    """Find the best plan at the least disruption of a plan that the desk keeps.

    Parameters
    ----------
    setting
        The desk in its world, as it is now.
    plan
        The id of the plan that people work to.
    now
        The month it is.
    shocks
        What happened, as typed: texts by `refuse`, `lose`, `cut`, `ban`, `shift` and `effect`.
    rate, keep, curve, gap, seconds, seed, progress, stop
        As for `legation.planning.replan.replan.replan`.

    Raises
    ------
    UnknownRecordError
        When the desk keeps no such plan, or a shock names what it does not hold.
    InputError
        When a shock or a number cannot be used.
    InfeasibleError
        When no plan keeps all rules after the change.
    """
    from legation.planning.replan.parse import parse_shocks
    from legation.planning.replan.replan import replan

    return replan(
        setting.desk,
        entries_of(setting.desk, plan),
        now=now,
        shocks=parse_shocks(shocks or {}),
        relations=setting.relations,
        rate=rate,
        keep=keep,
        curve=curve,
        gap=gap,
        seconds=seconds,
        seed=seed,
        progress=progress,
        stop=stop,
    )
