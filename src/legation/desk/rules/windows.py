"""Windows leave a mission room in the desk's time."""

from __future__ import annotations

from collections.abc import Iterable

from legation.desk.missions import Mode, Window
from legation.desk.rules.facts import Facts
from legation.desk.rules.registry import Finding, Findings, rule


@rule(
    "window-room",
    "A candidate mission with windows fits into one of them, in one of its modes, within the desk's months.",
    remedy="Move or lengthen a window, or shorten a mode.",
)
def window_room(facts: Facts) -> Findings:
    """A window before the desk's start or after its end is no fault where another leaves the mission room."""
    for name, windows in facts.windows_of.items():
        mission = facts.missions.get(name)
        modes = facts.modes_of.get(name)
        if mission is None or mission.status != "candidate" or not modes:
            continue
        if not any(_has_room(facts, mode, windows) for mode in modes):
            first = min(windows, key=lambda window: (window.start, window.mode or ""))
            yield Finding(
                first,
                f"No window of {name} holds any of its modes between {facts.desk.info.start} and {facts.last_month}.",
                field="start",
            )


def _has_room(facts: Facts, mode: Mode, windows: Iterable[Window]) -> bool:
    """Say whether the mode fits; a mode that no window names is free to lie anywhere."""
    binding = [window for window in windows if window.mode is None or window.mode == mode.id]
    if not binding:
        return mode.months <= facts.desk.info.months
    return any(_room(facts, window) >= mode.months for window in binding)


def _room(facts: Facts, window: Window) -> int:
    first = max(0, facts.month(window.start))
    last = min(facts.desk.info.months - 1, facts.month(window.end))
    return last - first + 1
