"""Order: which prerequisites and dependencies between objectives the calendar respects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from legation.cohesion import measures
from legation.cohesion.linked import leaves_below
from legation.cohesion.parts import TOP, spread
from legation.cohesion.picture import NO_MONTH, Picture
from legation.cohesion.result import Cause, Part
from legation.cohesion.texts import make_part
from legation.desk.constraints import Prerequisite

__all__ = ["month_reached", "order_part"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Verdict:
    respected: bool
    cause: Cause | None = None


def month_reached(values: Array, ends: NDArray[np.int64]) -> int | None:
    """Give the month from whose end on the sum stays at 1 or above; None when it ends below.

    Parameters
    ----------
    values
        Contributions to one objective, shape (r,).
    ends
        Month in which each ends, shape (r,).

    >>> month_reached(np.array([0.5, 0.5, 0.25]), np.array([3, 7, 9]))
    7
    """
    months = np.unique(ends)
    sums = np.array([values[ends <= month].sum() for month in months])
    below = np.flatnonzero(~measures.served(sums))
    if not len(months) or (len(below) and below[-1] == len(months) - 1):
        return None
    return int(months[0 if not len(below) else below[-1] + 1])


def order_part(picture: Picture, *, draws: int, seed: int) -> Part:
    """Give the share of prerequisites and depends links that the calendar respects.

    What cannot be told, because a month is not fixed or neither end of a dependency is reached, is left out.
    """
    fixed = [verdict for row in picture.desk.prerequisites if (verdict := _prerequisite(picture, row)) is not None]
    depends = [link for link in picture.desk.links if link.kind == "depends"]
    tries = spread(picture, draws=draws if depends else 0, seed=seed)
    counts: list[float] = []
    likely: list[_Verdict] = []
    for number, E in enumerate(tries):
        verdicts = [*fixed, *_dependencies(picture, E)] if depends else fixed
        if verdicts:
            counts.append(sum(verdict.respected for verdict in verdicts) / len(verdicts))
        if number == 1:
            likely = verdicts
    causes = [verdict.cause for verdict in likely if verdict.cause is not None][:TOP]
    value = sum(verdict.respected for verdict in likely) / len(likely) if likely else float("nan")
    return make_part(
        "order",
        value,
        interval=(min(counts), max(counts)) if counts else None,
        kind="sampled" if depends else "exact",
        reason="There is no prerequisite or dependency between objectives, or the months that decide it are not fixed.",
        causes=causes,
    )


def _prerequisite(picture: Picture, row: Prerequisite) -> _Verdict | None:
    if row.mission not in picture.place:
        return None
    mission, needed = (picture.ref("mission", name) for name in (row.mission, row.requires))
    required = picture.missions.get(row.requires)
    if required is not None and required.status == "done":
        return _Verdict(respected=True)
    if row.requires not in picture.place:
        return _broken(row, f"{mission.title} needs {needed.title}, which is not chosen.")
    later, earlier = picture.place[row.mission], picture.place[row.requires]
    start, begin = int(picture.starts[later]), int(picture.starts[earlier])
    if NO_MONTH in {start, begin}:
        return None
    if start >= begin + int(picture.months[earlier]) + row.lag_months:
        return _Verdict(respected=True)
    lag = f" plus {row.lag_months} months" if row.lag_months else ""
    return _broken(row, f"{mission.title} starts before {needed.title} has ended{lag}.")


def _broken(row: Prerequisite, sentence: str) -> _Verdict:
    title = f"{row.mission} after {row.requires}"
    return _Verdict(
        respected=False,
        cause=Cause(kind="prerequisite", key=row.key, title=title, share=None, sentence=sentence),
    )


def _dependencies(picture: Picture, E: Array) -> list[_Verdict]:
    """Judge the depends links under one set of contributions."""
    count = len(picture.chosen)
    unknown = picture.starts == NO_MONTH
    ends = np.where(unknown, 0, picture.starts + picture.months - 1)
    for inside in picture.members:
        ends = np.append(ends, ends[:count][inside].max())
        unknown = np.append(unknown, unknown[:count][inside].any())
    reached: dict[int, int | str | None] = {}
    for k in range(len(picture.w)):
        acting = E[:, k] != 0
        reached[k] = "unknown" if unknown[acting].any() else month_reached(E[acting, k], ends[acting])
    below = leaves_below(picture)
    verdicts: list[_Verdict] = []
    for link in picture.desk.links:
        if link.kind != "depends":
            continue
        later = _whole(reached, below[link.source])
        earlier = _whole(reached, below[link.target])
        if "unknown" in {later, earlier} or (later is None and earlier is None):
            continue
        respected = later is None or (earlier is not None and int(earlier) <= int(later))
        source, target = (picture.ref("objective", name) for name in (link.source, link.target))
        sentence = f"{source.title} is reached before {target.title}, on which it depends."
        verdicts.append(
            _Verdict(respected=True)
            if respected
            else _Verdict(
                respected=False,
                cause=Cause(
                    kind="link",
                    key=link.key,
                    title=f"{source.title} depends on {target.title}",
                    share=None,
                    sentence=sentence,
                ),
            )
        )
    return verdicts


def _whole(reached: dict[int, int | str | None], leaves: NDArray[np.int64]) -> int | str | None:
    """Give the month in which the last of the leaves is reached."""
    months = [reached[int(k)] for k in leaves]
    if "unknown" in months:
        return "unknown"
    known = [int(month) for month in months if month is not None]
    return max(known) if months and len(known) == len(months) else None
