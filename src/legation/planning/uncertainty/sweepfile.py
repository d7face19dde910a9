"""Read what a sweep shall run: cases one by one, or a grid of settings; files from outside are not trusted."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from itertools import product
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from legation.errors import FormatError
from legation.planning.uncertainty.changes import Case, Factor

__all__ = ["MOST_CASES", "Grid", "Sweep", "parse_cases", "parse_sweep"]

MOST_CASES = 10_000
_MOST_CHARACTERS = 2_000_000
Judged = Literal["low", "likely", "high"]
Some = Meta(min_length=1, max_length=1_000)


class Grid(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of which every combination is a case: factors on all money, judged values, seeds."""

    money: Annotated[tuple[Factor, ...], Some] = (1.0,)
    effects: Annotated[tuple[Judged, ...], Some] = ("likely",)
    willingness: Annotated[tuple[Judged, ...], Some] = ("likely",)
    seeds: Annotated[tuple[Annotated[int, Meta(ge=0, lt=2**31)], ...], Some] | None = None


class Sweep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sweep as its file states it.

    Attributes
    ----------
    cases, grid
        What to run; both may be given.
    gap, seconds, seed
        Of each search; a case that the seconds end before the gap may come out otherwise another time.
    draws, alpha
        Scenarios on which each plan is scored, 0 for none, and the share that counts as the worst.
    """

    cases: tuple[Case, ...] = ()
    grid: Grid | None = None
    gap: Annotated[float, Meta(ge=0, lt=1)] = 0.01
    seconds: Annotated[float, Meta(gt=0, le=86_400)] = 60.0
    seed: Annotated[int, Meta(ge=0, lt=2**31)] = 1
    draws: Annotated[int, Meta(ge=0, le=100_000)] = 0
    alpha: Annotated[float, Meta(gt=0, le=1)] = 0.1

    def every_case(self) -> tuple[Case, ...]:
        """Give the cases, then those of the grid.

        Raises
        ------
        FormatError
            When there is none, there are too many, or two have one id.
        """
        cases = [*self.cases, *(_grid_cases(self.grid) if self.grid is not None else ())]
        names = [case.id for case in cases]
        twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
        if twice:
            raise FormatError(f"Two cases of the sweep are called {twice[0]!r}.", remedy="Give each its own id.")
        if not cases:
            raise FormatError("The sweep has no cases.", remedy="Add [[cases]] with an id, or a [grid].")
        return tuple(cases)


def parse_sweep(text: str, *, name: str = "the sweep") -> Sweep:
    """Read a sweep from the text of a TOML file.

    Raises
    ------
    FormatError
        When it is no TOML, a field is unknown or out of range, or it has no cases or too many.
    """
    sweep = _read(text, Sweep, name=name)
    _count(sweep, name)
    sweep.every_case()
    return sweep


def parse_cases(text: str, *, name: str = "the file of cases") -> tuple[Case, ...]:
    """Read the cases of a file that has nothing but ``[[cases]]``.

    Raises
    ------
    FormatError
        As `parse_sweep`.
    """
    sweep = _read(text, _Cases, name=name)
    return Sweep(cases=sweep.cases).every_case()


class _Cases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cases: tuple[Case, ...]


T = TypeVar("T", bound=msgspec.Struct)


def _read(text: str, kind: type[T], *, name: str) -> T:
    if len(text) > _MOST_CHARACTERS:
        raise FormatError(f"{name} has {len(text):,} characters, more than {_MOST_CHARACTERS:,}.")
    try:
        table: Mapping[str, object] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits are no TOML error
        raise FormatError(
            f"{name} is no TOML: {error}.", remedy="Look at docs/how-to/plan-under-uncertainty.md."
        ) from error
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise FormatError(
            f"{name} cannot be used: {error}.", remedy="Look at docs/how-to/plan-under-uncertainty.md."
        ) from error


def _count(sweep: Sweep, name: str) -> None:
    grid = sweep.grid
    count = len(sweep.cases)
    if grid is not None:
        count += len(grid.money) * len(grid.effects) * len(grid.willingness) * len(grid.seeds or (0,))
    if count > MOST_CASES:
        raise FormatError(f"{name} asks for {count:,} cases, more than {MOST_CASES:,}.", remedy="Split it.")


def _grid_cases(grid: Grid) -> list[Case]:
    out = []
    for money, effects, willingness, seed in product(grid.money, grid.effects, grid.willingness, grid.seeds or (None,)):
        parts = [f"money-{money:g}"] if len(grid.money) > 1 else []
        parts += [f"effects-{effects}"] if len(grid.effects) > 1 else []
        parts += [f"willingness-{willingness}"] if len(grid.willingness) > 1 else []
        parts += [f"seed-{seed}"] if seed is not None else []
        out.append(
            Case(
                id="_".join(parts) or "grid",
                title=", ".join(part.replace("-", " ") for part in parts) or "As the desk stands",
                effects=effects,
                synergies=effects,
                willingness=willingness,
                money={} if money == 1.0 else {"*": money},
                seed=seed,
            )
        )
    return out
