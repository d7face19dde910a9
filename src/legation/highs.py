"""HiGHS without a word on the terminal, for every room that solves with it."""

from __future__ import annotations

from typing import Any

__all__ = ["quiet_solver"]


def quiet_solver() -> Any:  # noqa: ANN401 - highspy has no types
    """Give a solver that prints nothing.

    HiGHS 1.16 prints its name on standard output when callbacks are first set up, which is while a solver is made and
    before an option can be set; in what a command prints as JSON that would be a fault. The number of threads is left
    as it is: all solvers of a process share them, and one that asks for another number than the first is refused.
    """
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 - the name is highspy's
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Quiet()  # type: ignore[no-untyped-call]
