"""Every exception of Legation, drawn as a tree.

::

    LegationError
    |-- InputError                 fix the input
    |   |-- UnknownActorError      no actor has this code or name at that date
    |   |-- UnknownRecordError     a record of the desk is not there
    |   |-- DeskError              one or more faults in a desk (carries all of them)
    |   |-- FormatError            a file cannot be read as what it claims to be
    |   |-- SourceError            a source table breaks a declared assertion
    |   |-- MissingRateError       money needs an exchange rate or price index that the desk lacks
    |   `-- MissingEvidenceError   the world holds nothing that answers the question
    |-- ConflictError              look at the difference, then decide
    |   |-- StaleWriteError        somebody else changed the record first
    |   `-- InfeasibleError        no plan satisfies all rules (carries the conflicting ones)
    |-- StorageError               nothing was lost; repair or free the storage, then retry
    |   |-- CorruptStoreError      a store or world file is damaged
    |   |-- StoreBusyError         another process is writing
    |   `-- StoreFullError         the disk is full
    |-- PrincipleError             the request is against a principle; it is not done
    `-- EngineError                a solver or renderer failed: report a bug

Messages name the offending value, the rule and the remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = [
    "ConflictError",
    "CorruptStoreError",
    "DeskError",
    "EngineError",
    "FormatError",
    "InfeasibleError",
    "InputError",
    "LegationError",
    "MissingEvidenceError",
    "MissingRateError",
    "PrincipleError",
    "SourceError",
    "StaleWriteError",
    "StorageError",
    "StoreBusyError",
    "StoreFullError",
    "UnknownActorError",
    "UnknownRecordError",
]


class LegationError(Exception):
    """Something Legation could not do.

    Parameters
    ----------
    message
        One sentence that names the value and the rule; the class docstring's first line when left out.
    remedy
        What the reader can do about it.
    """

    exit_code = 1

    def __init__(self, message: str | None = None, *, remedy: str | None = None) -> None:
        self.message = message or (self.__doc__ or "").split("\n", maxsplit=1)[0]
        self.remedy = remedy
        super().__init__(self.message if remedy is None else f"{self.message} Remedy: {remedy}")


class InputError(LegationError):
    """The input is not usable as it is."""

    exit_code = 2


class UnknownActorError(InputError):
    """No actor has this code or name at that date."""

    def __init__(
        self, message: str | None = None, *, remedy: str | None = None, suggestions: Sequence[str] = ()
    ) -> None:
        self.suggestions = tuple(suggestions)
        super().__init__(message, remedy=remedy)


class UnknownRecordError(InputError):
    """The desk has no such record."""


class DeskError(InputError):
    """The desk has faults; `faults` lists all of them, each with place, rule and remedy."""

    def __init__(self, message: str | None = None, *, faults: Sequence[Any] = (), remedy: str | None = None) -> None:
        self.faults = tuple(faults)
        super().__init__(message, remedy=remedy)


class FormatError(InputError):
    """The file is not what it claims to be."""


class SourceError(InputError):
    """A source table breaks an assertion that its description declares."""


class MissingRateError(InputError):
    """Money needs an exchange rate or price index that the desk does not hold."""


class MissingEvidenceError(InputError):
    """The world holds no evidence that answers this question."""


class ConflictError(LegationError):
    """Two things that cannot both hold."""

    exit_code = 3


class StaleWriteError(ConflictError):
    """Somebody else changed the record first; `difference` shows what."""

    def __init__(self, message: str | None = None, *, difference: str = "", remedy: str | None = None) -> None:
        self.difference = difference
        super().__init__(message, remedy=remedy)


class InfeasibleError(ConflictError):
    """No plan satisfies all rules; `conflict` is a smallest set of rules that cannot hold together, in words.

    `relaxations` are the cheapest ways out, the cheapest first, in words.
    """

    exit_code = 4

    def __init__(
        self,
        message: str | None = None,
        *,
        conflict: Sequence[str] = (),
        relaxations: Sequence[str] = (),
        remedy: str | None = None,
    ) -> None:
        self.conflict, self.relaxations = tuple(conflict), tuple(relaxations)
        super().__init__(message, remedy=remedy)


class StorageError(LegationError):
    """The storage did not do what was asked; nothing that was confirmed is lost."""

    exit_code = 5


class CorruptStoreError(StorageError):
    """The file is damaged or truncated."""


class StoreBusyError(StorageError):
    """Another process is writing to the store."""


class StoreFullError(StorageError):
    """The disk is full."""


class PrincipleError(LegationError):
    """The request is against a principle of Legation."""

    exit_code = 6


class EngineError(LegationError):
    """A solver or renderer failed in a way that points to a defect in Legation."""

    exit_code = 70
