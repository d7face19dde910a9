"""Value in words: points, of which 100 are every objective at its target."""

from __future__ import annotations

__all__ = ["points"]


def points(value: float) -> str:
    """Write a value, or a difference of values, in points.

    >>> points(0.0291), points(-0.0017)
    ('2.91 points', '-0.17 points')
    """
    return f"{100 * value:.2f} points"
