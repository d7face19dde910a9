"""Cross-impact matrices with names: from a user's table, from a desk's objectives and links, or both together.

The table is a CSV file with one line per outcome and one per judgement::

    kind,factor,outcome,on factor,on outcome,judgement,reason
    outcome,access,open,,,,The strait is open to all
    outcome,access,closed,,,,
    outcome,trust,high,,,,
    outcome,trust,low,,,,
    judgement,access,open,trust,high,2,Shared use breeds contact

A judgement says how strongly the outcome promotes (above 0) or restrains (below 0) the other factor's outcome. What is
not judged is 0. With a desk, its linked objectives are factors too, under their ids, with the outcomes met and unmet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np

from legation.cohesion.cross_impact import Descriptors
from legation.cohesion.linked import actions_of
from legation.desk.desk import Desk
from legation.errors import FormatError, InputError

__all__ = ["MAX_BYTES", "CrossImpact", "Factor", "Judgement", "desk_matrix", "read_matrix"]

MAX_BYTES = 4_000_000
_MOST_FACTORS, _MOST_OUTCOMES, _MOST_STATES = 300, 20, 1_000
_LARGEST = 1e6
_COLUMNS = ("kind", "factor", "outcome", "on factor", "on outcome", "judgement", "reason")
MET, UNMET = "met", "unmet"


@dataclass(frozen=True, kw_only=True)
class Factor:
    """Something that can come out in one of several ways; `titles` says each outcome in words."""

    name: str
    title: str
    outcomes: tuple[str, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How one outcome acts on another factor's outcome.

    A link of a desk is one judgement on all four combinations of met and unmet: outcome and on_outcome are both met,
    the cells with exactly one unmet carry it with the opposite sign.
    """

    factor: str
    outcome: str
    on_factor: str
    on_outcome: str
    value: float
    reason: str = ""
    link: str | None = None


@dataclass(frozen=True, kw_only=True)
class CrossImpact:
    """Factors and judgements, checked.

    Raises
    ------
    InputError
        When a name is used twice or is not there, or a factor acts on itself.
    """

    title: str
    factors: tuple[Factor, ...]
    judgements: tuple[Judgement, ...]

    def __post_init__(self) -> None:
        _check_size(self.factors)
        if len(self.place) < len(self.factors):
            twice = next(one.name for n, one in enumerate(self.factors) if self.place[one.name] != n)
            raise InputError(f"The factor {twice!r} is there twice.", remedy="Give every factor a name of its own.")
        for factor in self.factors:
            if len(set(factor.outcomes)) < len(factor.outcomes) or "" in factor.outcomes:
                raise InputError(
                    f"Factor {factor.name!r} has the outcomes {', '.join(map(repr, factor.outcomes))}.",
                    remedy="Give each outcome a name of its own.",
                )
        for one in self.judgements:
            if one.factor == one.on_factor:
                raise InputError(
                    f"Factor {one.factor!r} is judged to act on itself.", remedy="Judge how it acts on others."
                )
            self.cells(one)

    @cached_property
    def place(self) -> dict[str, int]:
        """The number of each factor."""
        return {factor.name: number for number, factor in enumerate(self.factors)}

    @cached_property
    def rows(self) -> dict[tuple[str, str], int]:
        """The row of each factor's outcome in the matrix."""
        names = ((factor.name, outcome) for factor in self.factors for outcome in factor.outcomes)
        return {name: row for row, name in enumerate(names)}

    def cells(self, one: Judgement) -> tuple[tuple[int, int, float], ...]:
        """Give the cells that a judgement fills: row, column and the sign with which its value counts.

        Raises
        ------
        InputError
            When it names an outcome that is not there.
        """
        pairs = [(one.outcome, one.on_outcome, 1.0)]
        if one.link is not None:
            pairs = [(MET, MET, 1.0), (UNMET, UNMET, 1.0), (MET, UNMET, -1.0), (UNMET, MET, -1.0)]
        out = []
        for outcome, on_outcome, sign in pairs:
            for name in ((one.factor, outcome), (one.on_factor, on_outcome)):
                if name not in self.rows:
                    raise InputError(
                        f"A judgement names {name[0]!r} with the outcome {name[1]!r}, which is not there.",
                        remedy="Declare it with a line of kind 'outcome' first, or mend the name.",
                    )
            out.append((self.rows[one.factor, outcome], self.rows[one.on_factor, on_outcome], sign))
        return tuple(out)

    def descriptors(self, *, changed: Judgement | None = None, by: float = 0.0) -> Descriptors:
        """Give the matrix, with one judgement changed if asked."""
        impacts = np.zeros((len(self.rows),) * 2)
        for one in self.judgements:
            for row, column, sign in self.cells(one):
                impacts[row, column] += sign * one.value
        if changed is not None:
            for row, column, sign in self.cells(changed):
                impacts[row, column] += sign * by
        return Descriptors(states=tuple(len(factor.outcomes) for factor in self.factors), impacts=impacts)


def _check_size(factors: Sequence[Factor]) -> None:
    states = sum(len(factor.outcomes) for factor in factors)
    most = max((len(factor.outcomes) for factor in factors), default=0)
    if len(factors) > _MOST_FACTORS or most > _MOST_OUTCOMES or states > _MOST_STATES:
        raise InputError(
            f"There are {len(factors)} factors with {states} outcomes, up to {most} of one.",
            remedy=f"Give at most {_MOST_FACTORS} factors, {_MOST_OUTCOMES} outcomes of one, {_MOST_STATES} in all.",
        )
    if not factors or any(len(factor.outcomes) < 1 for factor in factors):
        raise InputError("There is no factor with an outcome.", remedy="Declare factors with lines of kind 'outcome'.")


def desk_matrix(desk: Desk) -> CrossImpact:
    """Give the matrix of a desk's linked objectives: each met or unmet, joined by the links.

    A met source adds a link's strength to the target's met and takes it from its unmet; an unmet one does the opposite.

    Raises
    ------
    InputError
        When no links join the objectives.
    """
    actions = actions_of(desk)
    linked = {name for action in actions for name in (action.source, action.target)}
    factors = tuple(
        Factor(name=one.id, title=one.title, outcomes=(MET, UNMET), titles=(f"{one.title}: met", f"{one.title}: unmet"))
        for one in desk.objectives
        if one.id in linked
    )
    if not factors:
        raise InputError(
            "No links join the objectives of the desk.",
            remedy="Add links in links.toml, or give a table of judgements.",
        )
    judgements = tuple(
        Judgement(
            factor=action.source,
            outcome=MET,
            on_factor=action.target,
            on_outcome=MET,
            value=action.strength,
            reason=action.link.reason,
            link=action.link.key,
        )
        for action in actions
    )
    return CrossImpact(title=desk.info.title, factors=factors, judgements=judgements)


def read_matrix(text: str, *, title: str = "", desk: Desk | None = None) -> CrossImpact:
    """Read factors and judgements from the text of a CSV file.

    Parameters
    ----------
    text
        As the module's page describes.
    title
        What to call it.
    desk
        A desk whose linked objectives join in under their ids; judgements may name them with met and unmet. An
        objective that no link joins is a factor once a judgement names it.

    Raises
    ------
    FormatError
        When a line cannot be read; its number is named.
    InputError
        When names do not fit.
    """
    factors: dict[str, list[tuple[str, str]]] = {}
    judgements: list[Judgement] = []
    for line, cells in _lines(text):
        kind = cells["kind"].lower()
        if kind == "outcome":
            factors.setdefault(_name(cells, "factor", line), []).append(
                (_name(cells, "outcome", line), cells["reason"])
            )
        elif kind == "judgement":
            judgements.append(_judgement(cells, line))
        else:
            raise FormatError(f"Line {line}: kind {cells['kind']!r} is unknown.", remedy="Use outcome or judgement.")
    _no_pair_twice(judgements)
    own = tuple(
        Factor(
            name=name,
            title=name,
            outcomes=tuple(outcome for outcome, _ in outcomes),
            titles=tuple(words or f"{name}: {outcome}" for outcome, words in outcomes),
        )
        for name, outcomes in factors.items()
    )
    if desk is None:
        return CrossImpact(title=title, factors=own, judgements=tuple(judgements))
    return _joined(own, judgements, desk, title)


def _joined(own: tuple[Factor, ...], judgements: list[Judgement], desk: Desk, title: str) -> CrossImpact:
    actions = actions_of(desk)
    wanted = {name for action in actions for name in (action.source, action.target)}
    wanted |= {name for one in judgements for name in (one.factor, one.on_factor)} - {factor.name for factor in own}
    objectives = tuple(
        Factor(name=one.id, title=one.title, outcomes=(MET, UNMET), titles=(f"{one.title}: met", f"{one.title}: unmet"))
        for one in desk.objectives
        if one.id in wanted
    )
    links = desk_matrix(desk).judgements if actions else ()
    return CrossImpact(title=title, factors=(*own, *objectives), judgements=(*judgements, *links))


def _lines(text: str) -> list[tuple[int, dict[str, str]]]:
    if len(text) > MAX_BYTES:
        raise FormatError(f"The table has {len(text):,} characters.", remedy=f"Give at most {MAX_BYTES:,}.")
    if "\x00" in text:
        raise FormatError("The table holds a character that text does not have (NUL).", remedy="Save it as CSV.")
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    out: list[tuple[int, dict[str, str]]] = []
    head: list[str] | None = None
    try:
        for raw in reader:
            cells = [cell.strip() for cell in raw]
            if not any(cells):
                continue
            if head is None:
                head = _heading(cells, reader.line_num)
                continue
            if len(cells) > len(head):
                raise FormatError(
                    f"Line {reader.line_num} has {len(cells)} cells; the heading has {len(head)}.",
                    remedy="Put texts with commas between quotation marks.",
                )
            padded = [*cells, *[""] * (len(head) - len(cells))]
            out.append((reader.line_num, {**dict.fromkeys(_COLUMNS, ""), **dict(zip(head, padded, strict=True))}))
    except csv.Error as error:
        raise FormatError(f"The table is no CSV: {error}.", remedy="Close every quotation mark.") from error
    if head is None:
        raise FormatError("The table is empty.", remedy=f"Begin with the line: {','.join(_COLUMNS)}")
    return out


def _heading(cells: list[str], line: int) -> list[str]:
    names = [cell.lower() for cell in cells]
    odd = [name for name in names if name not in _COLUMNS]
    missing = [name for name in _COLUMNS[:-1] if name not in names]
    if odd or missing or len(set(names)) < len(names):
        raise FormatError(
            f"Line {line} is not the heading of a cross-impact table.", remedy=f"Begin with: {','.join(_COLUMNS)}"
        )
    return names


def _name(cells: dict[str, str], column: str, line: int) -> str:
    if not cells[column]:
        raise FormatError(f"Line {line} names no {column}.", remedy=f"Fill the column {column!r}.")
    return cells[column]


def _judgement(cells: dict[str, str], line: int) -> Judgement:
    try:
        value = float(cells["judgement"])
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > _LARGEST:
        raise FormatError(
            f"Line {line}: the judgement {cells['judgement']!r} is no number that can be used.",
            remedy="Give a number, usually from -3 to 3.",
        )
    return Judgement(
        factor=_name(cells, "factor", line),
        outcome=_name(cells, "outcome", line),
        on_factor=_name(cells, "on factor", line),
        on_outcome=_name(cells, "on outcome", line),
        value=value,
        reason=cells["reason"],
    )


def _no_pair_twice(judgements: Sequence[Judgement]) -> None:
    seen: set[tuple[str, str, str, str]] = set()
    for one in judgements:
        key = (one.factor, one.outcome, one.on_factor, one.on_outcome)
        if key in seen:
            raise InputError(
                f"How {key[0]!r} ({key[1]}) acts on {key[2]!r} ({key[3]}) is judged twice.", remedy="Keep one of them."
            )
        seen.add(key)
