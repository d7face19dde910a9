"""How much memory the process holds, from what the system itself says."""

from __future__ import annotations

import sys
from pathlib import Path

from legation.errors import InputError

__all__ = ["used_megabytes"]

_STATM = Path("/proc/self/statm")


def used_megabytes() -> float:
    """Give the resident memory in megabytes; where the system tells only the most it ever was, that.

    Raises
    ------
    InputError
        When the system tells neither.
    """
    try:
        import resource
    except ImportError:
        raise InputError(
            "This system does not say how much memory a process holds, so a limit on it cannot be kept.",
            remedy="Leave the limit on memory out.",
        ) from None
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / 2**20 if sys.platform == "darwin" else most / 2**10
    return pages * resource.getpagesize() / 2**20
