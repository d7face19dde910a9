"""What a search may be asked for: one check for every door."""

from __future__ import annotations

from math import isfinite

from legation.errors import InputError

__all__ = ["check_search"]


def check_search(*, gap: float | None = None, seconds: float | None = None, seed: int | None = None) -> None:
    """Refuse limits and seeds that no search can have; None is not looked at.

    Raises
    ------
    InputError
        When the gap is no share below 1, the seconds are not positive, or the seed is not from 0 to 2147483647.
    """
    if gap is not None and not (isfinite(gap) and 0 <= gap < 1):
        raise InputError(f"A gap of {gap} cannot be proven.", remedy="Give a share from 0 to below 1: 0.01 is 1 %.")
    if seconds is not None and not (isfinite(seconds) and seconds > 0):
        raise InputError(f"A search cannot last {seconds} seconds.", remedy="Give a positive number of seconds.")
    if seed is not None and not 0 <= seed < 2**31:
        raise InputError(f"The seed {seed} is out of range.", remedy="Give a whole number from 0 to 2147483647.")
