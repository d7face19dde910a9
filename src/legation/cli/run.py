"""Run one command line: answer overviews at once, turn errors into a sentence, a remedy and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from legation.cli.tree import GROUPS
from legation.errors import EngineError, LegationError, StorageError, StoreFullError

__all__ = ["run"]

_HELP = {"--help", "-h"}


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run one command line and end the program with its exit code."""
    _open_streams()
    words = sys.argv[1:] if arguments is None else list(arguments)
    debug = "--debug" in words or bool(os.environ.get("LEGATION_DEBUG"))
    words = [word for word in words if word != "--debug"]
    try:
        code = _answer(words)
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_pipe()
        code = 0
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        code = 130
    except LegationError as error:
        if debug:
            raise
        code = _report(error)
    except (OSError, MemoryError) as error:
        if debug:
            raise
        code = _report(_of_machine(error))
    except Exception as error:
        # The outermost door: whatever gets here is a defect, and its reader gets a sentence rather than a traceback.
        if debug:
            raise
        code = _report(_defect(error))
    sys.exit(code)


def _open_streams() -> None:
    """Give a process that was started without standard streams, as by some schedulers, ones that lead nowhere."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open to the end


def _answer(words: list[str]) -> int:
    if text := _overview(words):
        sys.stdout.write(f"{text}\n")
        return 0
    from legation.cli.app import call

    return call(_with_defaults(words))


def _with_defaults(words: list[str]) -> list[str]:
    """Let `--score` stand without a plan's id: the parser knows options with a value and options without, not both."""
    bare = [
        number
        for number, word in enumerate(words)
        if word == "--score" and (number + 1 == len(words) or words[number + 1].startswith("-"))
    ]
    return [f"{word}=" if number in bare else word for number, word in enumerate(words)]


def _overview(words: list[str]) -> str | None:
    """Give the help of the program or a group without its parser, whose import takes most of the start."""
    from legation.cli.overview import overview

    asked = [word for word in words if word not in _HELP]
    if words == ["--version"]:
        from legation import __version__

        return __version__
    if not asked:
        return overview()
    return overview(asked[0]) if len(asked) == 1 and asked[0] in GROUPS else None


def _leave_pipe() -> None:
    """Send what is left to nowhere: the reader of the pipe went away, and Python must not complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _of_machine(error: OSError | MemoryError) -> LegationError:
    """Say what the machine refused in words; rooms do so for their own files, this is for what is left."""
    if isinstance(error, MemoryError):
        return StorageError("The memory is not enough for this.", remedy="Use a machine with more, or a smaller desk.")
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StoreFullError(
            f"The disk is full: {error.filename or 'the output could not be written'}.", remedy="Free some space."
        )
    return StorageError(
        f"{error.filename or 'A file'} could not be used: {error.strerror or error}.",
        remedy="See that the path is right and may be read or written.",
    )


def _defect(error: Exception) -> EngineError:
    return EngineError(
        f"This is a defect in Legation: {type(error).__name__}: {error}",
        remedy="Repeat the command with --debug and report what it prints.",
    )


def _report(error: LegationError) -> int:
    lines = [f"error: {error.message}", *_details(error)]
    if error.remedy:
        lines.append(f"remedy: {error.remedy}")
    if isinstance(error, StorageError):
        # files that could not be written complain again while they are torn down; it was said once
        sys.unraisablehook = _silent
    text = "\n".join(lines)
    shown = "".join(char if char in "\n\t" or char.isprintable() else repr(char)[1:-1] for char in text)
    sys.stderr.write(shown.encode(errors="backslashreplace").decode() + "\n")
    return error.exit_code


def _silent(_unraisable: object) -> None:
    """Say nothing."""


def _details(error: LegationError) -> Iterator[str]:
    faults = getattr(error, "faults", ())
    if len(faults) > 1:
        yield from (f"  {fault}" for fault in faults)
    yield from (f"  - {rule}" for rule in getattr(error, "conflict", ()))
    suggestions = getattr(error, "suggestions", ())
    if suggestions and "did you mean" not in (error.remedy or ""):
        yield f"did you mean: {', '.join(suggestions)}"
    difference = getattr(error, "difference", "")
    if difference and difference not in error.message:
        yield difference
