"""Help as plain text: of the whole program and its groups, and the layout of each command's own help."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from legation.cli.tree import GROUPS, HELP, commands_in

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

__all__ = ["HelpLayout", "overview"]

_WIDTH = 80

_EXIT_CODES = (
    ("0", "done"),
    ("1", "another error"),
    ("2", "input to fix: an option, a file, a name, a fault in a desk"),
    ("3", "a conflict to decide: something is there already, or somebody else changed it"),
    ("4", "no plan: none satisfies all rules, or the search ended before one was found"),
    ("5", "storage: damaged, busy or full; nothing is lost"),
    ("6", "against a principle; it is not done"),
    ("70", "a defect in Legation: report it"),
    ("130", "interrupted"),
)


def overview(group: str | None = None) -> str:
    """Give the help text of the program, or of one of its groups.

    Parameters
    ----------
    group
        ``desk``, ``world``, or None for the program.
    """
    return _program() if group is None else _group(group)


def _program() -> str:
    alone = [(name, command.purpose) for name, command in commands_in(None)]
    return "\n".join(
        (
            "Usage: legation COMMAND",
            "",
            HELP,
            "",
            "Commands:",
            _list((*((f"{name} ...", purpose) for name, purpose in GROUPS.items()), *alone)),
            "",
            "Options:",
            _list(
                (
                    ("--help", "Show this text, or a command's: legation plan --help."),
                    ("--version", "Show the version."),
                    ("--debug", "Show tracebacks; LEGATION_DEBUG=1 does the same."),
                )
            ),
            "",
            "Exit codes:",
            _list(_EXIT_CODES),
        )
    )


def _group(group: str) -> str:
    commands = [(name, command.purpose) for name, command in commands_in(group)]
    return "\n".join((f"Usage: legation {group} COMMAND", "", GROUPS[group], "", "Commands:", _list(commands)))


class HelpLayout:
    """Lay out a command's help like the overviews: no boxes, no colours, the same in every terminal."""

    def render_usage(self, console: Console, options: ConsoleOptions, usage: object) -> None:  # noqa: ARG002 - the parser's protocol
        """Write how the command is called."""
        text = str(usage).strip()
        _put(console, text if text.startswith("Usage:") else f"Usage: {text}")

    def render_description(self, console: Console, options: ConsoleOptions, description: object) -> None:  # noqa: ARG002
        """Write what the command does, each paragraph folded."""
        paragraphs = _plain(description).split("\n\n")
        text = "\n\n".join(textwrap.fill(" ".join(one.split()), _WIDTH) for one in paragraphs)
        _put(console, f"\n{text}")

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:  # noqa: ARG002
        """Write a panel's arguments, then its options."""
        rows = [(entry.positional_label, _row(entry)) for entry in panel.entries]
        for title, found in (
            ("Arguments", [row for label, row in rows if label]),
            ("Options", [row for label, row in rows if not label]),
        ):
            if found:
                _put(console, f"\n{title}:\n{_list(found)}")


def _put(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def _row(entry: HelpEntry) -> tuple[str, str]:
    name = ", ".join(entry.display_labels_with_metavar)
    extra = [
        *([f"One of: {', '.join(entry.choices)}."] if entry.choices else []),
        *([f"Default: {entry.default}."] if entry.default is not None else []),
    ]
    return name, " ".join((_plain(entry.description), *extra))


def _plain(text: object) -> str:
    """Give the parser's help texts, which come as rich's renderables, as they are written."""
    from io import StringIO

    from rich.console import Console

    if text is None:
        return ""
    out = StringIO()
    # wide enough that no text is folded here: the layout folds
    Console(file=out, width=100_000, color_system=None, markup=False, emoji=False, highlight=False).print(text)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip()


def _list(items: Iterable[tuple[str, str]]) -> str:
    rows = list(items)
    indent = min(max(len(name) for name, _ in rows) + 4, 26)
    return "\n".join(
        textwrap.fill(
            text,
            _WIDTH,
            initial_indent=f"  {name}".ljust(indent - 1) + " ",
            subsequent_indent=" " * indent,
            break_on_hyphens=False,
        )
        for name, text in rows
    )
