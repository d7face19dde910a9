"""The command line: a thin shell over the library."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line and end with its exit code."""
    from legation.cli.run import run

    run()
