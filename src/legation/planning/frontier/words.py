"""The knee of a frontier, its rates of exchange, and which missions stand in how many of its points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from legation.desk.desk import Desk
from legation.planning.frontier.result import AimName, FrontierPoint, Membership, TradeOff
from legation.planning.points import points

__all__ = ["UNITS", "amount_of", "knee_of", "memberships", "trade_offs"]

UNITS: dict[AimName, str] = {
    "value": "points", "risk": "risk", "escalation": "alignment", "disruption": "disruption",
}  # fmt: skip
_SHARES = (0.05, 0.1, 0.25, 0.5)
_LEAST_BEND = 0.01


def amount_of(name: AimName, value: float, *, currency: str) -> str:
    """Write an amount of an aim with its unit.

    >>> amount_of("cost", 1_234_567.0, currency="EUR"), amount_of("value", 0.0291, currency="EUR")
    ('1,234,567 EUR', '2.91 points')
    """
    if name == "value":
        return points(value)
    if name == "cost":
        return f"{value:,.0f} {currency}"
    # what rounds to nothing has no sign
    return f"{value if abs(value) >= 0.005 else 0.0:,.2f} of {UNITS[name]}"


def knee_of(table: NDArray[np.float64]) -> tuple[int | None, float]:
    """Find the knee: the point farthest above the plane through the best of each aim, in units of the aims' ranges.

    Parameters
    ----------
    table
        Aims of each point, more is better, shape (N, p).

    Returns
    -------
    tuple[int | None, float]
        Its number from 0 and its height: 0 is on the plane, p - 1 the point that would be best in everything. None
        where no point is higher than .01, or fewer than three are there: then no point stands out.
    """
    span = table.max(axis=0) - table.min(axis=0) if len(table) else np.zeros(0)
    moving = span > 0
    if len(table) < 3 or moving.sum() < 2:
        return None, 0.0
    shares = (table[:, moving] - table[:, moving].min(axis=0)) / span[moving]
    height = shares.sum(axis=1) - 1.0
    index = int(np.argmax(height))
    top = float(height[index])
    return (index, top) if top > _LEAST_BEND else (None, top)


def trade_offs(names: Sequence[AimName], shown: NDArray[np.float64], *, currency: str) -> tuple[TradeOff, ...]:
    """Say what the last parts of the value take of each other aim.

    Parameters
    ----------
    names
        The aims, value first.
    shown
        Aims of each point as they are shown, by value from most to least, shape (N, p).
    """
    out = []
    if not len(shown) or shown[0, 0] <= 0:
        return ()
    for aim in range(1, len(names)):
        full = np.flatnonzero(shown[:, 0] >= shown[0, 0] - 1e-9)
        start = int(full[np.argmin(shown[full, aim])])
        before = None
        for share in _SHARES:
            enough = np.flatnonzero(shown[:, 0] >= (1 - share) * shown[0, 0])
            end = int(enough[np.argmin(shown[enough, aim])])
            saved = float(shown[start, aim] - shown[end, aim])
            if end in {start, before} or saved <= 0:
                continue
            before = end
            lost = float(shown[start, 0] - shown[end, 0])
            name = names[aim]
            low, high = (amount_of(name, float(shown[index, aim]), currency=currency) for index in (end, start))
            words = (
                f"The last {lost / shown[0, 0]:.1%} of value ({points(lost)}) takes "
                f"{amount_of(name, saved, currency=currency)}: from {low} at point {end + 1} to {high} at point "
                f"{start + 1}."
            )
            out.append(
                TradeOff(
                    aim=name, share=share, from_point=start + 1, to_point=end + 1, value_lost=lost, saved=saved,
                    words=words,
                )
            )  # fmt: skip
    return tuple(out)


def memberships(desk: Desk, found: Sequence[FrontierPoint]) -> tuple[Membership, ...]:
    """Say in how many points each open mission stands, those in most points first."""
    counts = {mission.id: 0 for mission in desk.missions if mission.status in {"candidate", "committed", "executing"}}
    for point in found:
        for chosen in point.missions:
            counts[chosen.mission] += 1
    titles = {mission.id: mission.title for mission in desk.missions}
    total = max(1, len(found))
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        Membership(
            mission=name,
            title=titles[name],
            points=count,
            share=count / total,
            place="core" if count == len(found) and found else "most" if 2 * count > total else "some" if count else
            "none",
        )
        for name, count in rows
    )  # fmt: skip
