"""The command line's parser; each command's module is imported when it is called."""

from __future__ import annotations

from cyclopts import App, CycloptsError, Parameter

from legation import __version__
from legation.cli.overview import HelpLayout
from legation.cli.tree import COMMANDS, GROUPS
from legation.errors import InputError

__all__ = ["call", "make_app"]


def make_app() -> App:
    """Give the parser with every command; none of them is imported yet."""
    app = App(
        name="legation",
        version=__version__,
        help_format="plaintext",
        help_formatter=HelpLayout(),
        default_parameter=Parameter(negative=()),
        suppress_keyboard_interrupt=False,
        result_action="return_value",
        print_error=False,
        exit_on_error=False,
    )
    groups = {name: App(name=name, help=purpose) for name, purpose in GROUPS.items()}
    for group in groups.values():
        app.command(group)
    for words, command in COMMANDS.items():
        first, _, last = words.partition(" ")
        module, _, function = command.home.partition(":")
        holder = groups[first] if last else app
        holder.command(f"legation.cli.{module}:{function}", name=last or first)
    return app


def call(words: list[str]) -> int:
    """Run one command and give its exit code.

    Raises
    ------
    InputError
        When the command line itself is wrong.
    """
    try:
        code = make_app()(words)
    except CycloptsError as error:
        raise InputError(_sentence(error), remedy=f"See {_help_for(words)}.") from error
    return code if isinstance(code, int) else 0


def _sentence(error: CycloptsError) -> str:
    text = " ".join(str(error).split())
    return text if text.endswith((".", "?")) else f"{text}."


def _help_for(words: list[str]) -> str:
    known = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0] if words else ""
    return f"legation {known} --help" if known in COMMANDS or known in GROUPS else "legation --help"
