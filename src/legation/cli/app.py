"""The command tree; each command's module is imported when it is called."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from cyclopts import App

from legation import __version__
from legation.errors import LegationError

__all__ = ["app", "run"]

_HELP = """Keep diplomatic missions and military objectives in step.

A DESK is a desk folder, a SQLite desk (name.db) or postgresql://user@host/name.
Exit codes: 0 done, 1 other error, 2 input to fix, 3 conflict, 4 no plan possible, 5 storage, 6 against a principle,
70 defect to report, 130 interrupted. Tracebacks only with --debug (or LEGATION_DEBUG=1)."""

app = App(name="legation", help=_HELP, version=__version__, help_format="plaintext")

desk = App(name="desk", help="Make, check, convert and follow desks.")
desk.command("legation.cli.desk:new", name="new", help="Make a commented desk folder to start from.")
desk.command("legation.cli.desk:check", name="check", help="Report every fault of a desk at once.")
desk.command(
    "legation.cli.desk:convert",
    name="convert",
    help="Copy a desk between a folder, SQLite, PostgreSQL and XLSX, without loss.",
)
desk.command("legation.cli.desk:history", name="history", help="Show who changed what, when and why.")
desk.command(
    "legation.cli.desk:import_file",
    name="import",
    help="Bring a CSV or XLSX file into a desk folder through a saved column mapping.",
)
desk.command("legation.cli.desk:schema", name="schema", help="Print the JSON Schema of a desk.")

world = App(name="world", help="Build and inspect worlds of evidence.")
world.command("legation.cli.world:build", name="build", help="Build a world from source files.")
world.command(
    "legation.cli.world:show", name="show", help="List the tables of a world with dates, sources and licences."
)

app.command(desk)
app.command(world)
app.command(
    "legation.cli.relations:relation",
    name="relation",
    help="Say how two actors stand to each other at a date, and why.",
)
app.command(
    "legation.cli.relations:landscape", name="landscape", help="Say how an actor stands to all others at a date."
)
app.command(
    "legation.cli.cohesion:cohesion", name="cohesion", help="Measure how well missions and objectives fit together."
)
app.command(
    "legation.cli.plan:plan",
    name="plan",
    help="Choose, staff and schedule the best affordable missions; or score and compare plans.",
)
app.command("legation.cli.brief:brief", name="brief", help="Write the plan as one HTML file and a PDF.")


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run one command; errors become one sentence, a remedy and an exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in words or bool(os.environ.get("LEGATION_DEBUG"))
    words = [word for word in words if word != "--debug"]
    try:
        code = app(words, result_action="return_value", exit_on_error=True)
    except LegationError as error:
        if debug:
            raise
        _report(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        sys.exit(130)
    except BrokenPipeError:
        # the reader of a pipe went away: nothing is wrong here, and Python must not complain again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _report(error: LegationError) -> None:
    lines = [f"error: {error.message}", *_details(error)]
    if error.remedy:
        lines.append(f"remedy: {error.remedy}")
    sys.stderr.write("\n".join(lines) + "\n")


def _details(error: LegationError) -> list[str]:
    faults = [f"  {fault}" for fault in getattr(error, "faults", ())]
    conflict = [f"  - {rule}" for rule in getattr(error, "conflict", ())]
    suggestions = getattr(error, "suggestions", ())
    difference = getattr(error, "difference", "")
    return [
        *faults,
        *conflict,
        *([f"did you mean: {', '.join(suggestions)}"] if suggestions else []),
        *([difference] if difference else []),
    ]
