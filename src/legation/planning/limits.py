"""Limits over several missions: what partners take, what owners bear, what authorities may spend in a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.options import Options
from legation.desk.desk import Desk
from legation.desk.instruments import instrument_tree, is_below
from legation.desk.missions import Mission, Mode
from legation.desk.money import Converter
from legation.errors import InputError
from legation.planning.actor_words import actor_words
from legation.planning.spill import Spill
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["AbsorptionLimit", "Cap", "Ceiling", "absorption_of", "caps_of", "ceilings_of", "fiscal_year"]


@dataclass(frozen=True)
class AbsorptionLimit:
    """At most `limit` starts of these options in any `window` months."""

    record: str
    partner: str
    options: NDArray[np.int64]
    limit: int
    window: int


@dataclass(frozen=True)
class Cap:
    """At most `limit` in sum over the chosen options, each with its `amount`, shape (n,).

    For `risk_cap` the amounts are risks of the missions under the cap; for `spill_cap` the adverse part of their
    spill-over on a third party, negative where they mend.
    """

    kind: Literal["risk_cap", "spill_cap"]
    record: str
    amount: NDArray[np.float64]
    limit: float


@dataclass(frozen=True)
class Ceiling:
    """At most `limit` of the desk's money for all missions under an authority from month `first` to month `last`.

    `options` are those under it; `year` names the fiscal year.
    """

    record: str
    year: str
    options: NDArray[np.int64]
    first: int
    last: int
    limit: float


def absorption_of(desk: Desk, missions: Sequence[Mission]) -> tuple[AbsorptionLimit, ...]:
    """Read what partners take; `missions` gives the mission of each option."""
    tree = instrument_tree(desk.instruments)
    out = []
    for row in desk.absorption:
        own = [
            option
            for option, mission in enumerate(missions)
            if row.partner in mission.partners
            and (not row.instruments or is_below(mission.instrument, row.instruments, tree=tree))
        ]
        limit = AbsorptionLimit(row.id, row.partner, np.array(own, np.int64), row.missions, row.window_months)
        out.append(limit)
    return tuple(limit for limit in out if len(limit.options))


def caps_of(
    desk: Desk,
    options: Options,
    spill: Spill,
    *,
    missions: Sequence[Mission],
    relations: RelationsSnapshot | None,
) -> tuple[Cap, ...]:
    """Read the caps on risk and spill-over.

    Raises
    ------
    InputError
        When a cap on spill-over cannot be judged: there are no relations, or they do not hold its actor.
    """
    tree = instrument_tree(desk.instruments)
    out = []
    for row in desk.risk_caps:
        under = np.array(
            [
                (row.partner is None or row.partner in mission.partners)
                and row.place in {None, mission.place}
                and (row.instrument is None or is_below(mission.instrument, (row.instrument,), tree=tree))
                for mission in missions
            ],
            bool,
        )
        out.append(Cap("risk_cap", row.id, np.where(under, options.risk, 0.0), row.limit))
    for cap in desk.spill_caps:
        if relations is None:
            raise InputError(
                f"Cap {cap.id!r} on spill-over cannot be judged without relations.",
                remedy="Plan with relations, or remove the cap.",
            )
        if cap.actor not in spill.actors:
            raise InputError(
                f"Cap {cap.id!r} on spill-over cannot be judged: the relations as of {relations.as_of} do not hold "
                f"{actor_words(cap.actor)}.",
                remedy=f"Give relations that hold {actor_words(cap.actor)} ({cap.actor}), or remove the cap.",
            )
        out.append(Cap("spill_cap", cap.id, -spill.shift[:, spill.actors.index(cap.actor)], cap.limit))
    return tuple(out)


def ceilings_of(desk: Desk, *, missions: Sequence[Mission], modes: Sequence[Mode]) -> tuple[Ceiling, ...]:
    """Read the yearly ceilings of authorities, one for each fiscal year that the plan touches.

    Parameters
    ----------
    desk
        The desk.
    missions, modes
        The mission and the mode of each option.

    Raises
    ------
    MissingRateError
        When a ceiling cannot be brought to the desk's money.
    """
    years = [
        fiscal_year(month, start=desk.info.start, begins=desk.info.settings.fiscal_month)
        for month in range(desk.info.months)
    ]
    converter, out = Converter.of(desk), []
    for row in desk.authorities:
        if row.ceiling_year is None:
            continue
        limit = converter.convert(
            row.ceiling_year,
            currency=row.currency or desk.info.currency,
            price_year=row.price_year or desk.info.price_year,
        )
        under = [
            option
            for option, (mission, mode) in enumerate(zip(missions, modes, strict=True))
            if (mode.authority or mission.authority) == row.id
        ]
        for year in dict.fromkeys(years):
            months = [month for month, own in enumerate(years) if own == year]
            out.append(Ceiling(row.id, year, np.array(under, np.int64), months[0], months[-1], float(limit)))
    return tuple(ceiling for ceiling in out if len(ceiling.options))


def fiscal_year(month: int, *, start: str, begins: int) -> str:
    """Name the fiscal year of a month, counted from the plan's first one.

    >>> fiscal_year(0, start="2027-03", begins=10), fiscal_year(0, start="2027-03", begins=1)
    ('2026/27', '2027')
    """
    year, place = divmod(int(start[:4]) * 12 + int(start[5:7]) - 1 + month, 12)
    if begins == 1:
        return str(year)
    first = year if place + 1 >= begins else year - 1
    return f"{first}/{(first + 1) % 100:02d}"
