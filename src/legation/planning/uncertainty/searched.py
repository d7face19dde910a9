"""What a search leaves behind for its reader: how far it came, and its plan in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from legation.cohesion.result import Chosen
from legation.desk.desk import Desk
from legation.desk.months import month_text
from legation.planning.progress import status_of
from legation.planning.solve import Solution
from legation.planning.uncertainty.result import EntryTitles, SearchRecord

__all__ = ["entry_titles", "search_record"]


def search_record(solution: Solution, *, gap: float) -> SearchRecord:
    """Say how far a search came, by the gap that was asked for."""
    status = status_of(solution.gap, asked=gap, stopped=solution.stopped)
    return SearchRecord(status=status, value=solution.value, bound=solution.bound, gap=solution.gap, asked=gap)


def entry_titles(desk: Desk, entries: Sequence[Chosen]) -> tuple[EntryTitles, ...]:
    """Give a plan's missions by their titles, in order of their months.

    Parameters
    ----------
    desk
        The desk that the plan is for.
    entries
        Missions with mode, month and people as ``role:position``.
    """
    missions = {mission.id: mission.title for mission in desk.missions}
    modes = {(mode.mission, mode.id): mode.title for mode in desk.modes}
    posts = {position.id: position.title for position in desk.positions}
    out = []
    for entry in sorted(entries, key=lambda e: (e.start or 0, e.mission)):
        serving = Counter(text.partition(":")[2] for text in entry.staff)
        out.append(
            EntryTitles(
                mission=entry.mission,
                title=missions[entry.mission],
                mode=modes[entry.mission, entry.mode],
                month=month_text(entry.start or 0, start=desk.info.start),
                people=tuple(
                    f"{count} x {posts.get(name, name)}" if count > 1 else posts.get(name, name)
                    for name, count in serving.items()
                ),
            )
        )
    return tuple(out)
