"""Put a generated desk together."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from legation.desk import constraints, resources
from legation.desk.desk import Desk, DeskInfo
from legation.errors import InputError
from legation.planning.generate.details import add_details
from legation.planning.generate.ends import make_aims, make_links
from legation.planning.generate.limits import (
    make_absorption,
    make_activities,
    make_bans,
    make_commitments,
    make_exclusions,
    make_gates,
    make_pins,
    make_prerequisites,
    make_sanctions,
    make_synergies,
    make_willingness,
)  # fmt: skip
from legation.planning.generate.maker import Maker
from legation.planning.generate.means import make_absences, make_holders, make_money
from legation.planning.generate.shape import DeskShape
from legation.planning.generate.work import make_missions, make_windows

__all__ = ["generate_desk"]


def generate_desk(shape: DeskShape | None = None, *, seed: int = 1) -> Desk:
    """Make a desk without faults; the same shape and seed make the same desk.

    Parameters
    ----------
    shape
        Size and tightness; an issue-sized desk of 100 missions over 24 months when left out.
    seed
        Seed of the generator.

    Raises
    ------
    InputError
        When the seed is negative, or the missions that may stand in pairs have fewer pairs than the shape asks for.

    Examples
    --------
    >>> desk = generate_desk(DeskShape(missions=20, months=12, positions=6, objectives=4), seed=7)
    >>> len(desk.missions), len(desk.objectives)
    (20, 4)
    """
    shape = shape or DeskShape()
    if seed < 0:
        raise InputError(f"{seed} cannot be a seed.", remedy="Give a whole number from 0 on.")
    make = Maker(shape, seed)
    goals, objectives = make_aims(make)
    rows, modes, costs, needs, effects = make_missions(make, objectives)
    budgets, allotments = make_money(make, costs, modes)
    persons, holders = make_holders(make)
    names = [mission.id for mission in rows if mission.purpose != "humanitarian"]
    desk = Desk(
        info=DeskInfo(
            id=f"generated-{seed}",
            title=f"Generated desk {seed}",
            observer="EST",
            start=make.start,
            months=shape.months,
            currency="EUR",
            price_year=2027,
            default_willingness=0.8,
        ),
        goals=goals,
        objectives=objectives,
        links=make_links(make, objectives),
        activities=make_activities(make),
        missions=rows,
        modes=modes,
        costs=costs,
        staff_needs=needs,
        effects=effects,
        windows=make_windows(make, rows, modes),
        positions=make.positions,
        absences=make_absences(make),
        persons=persons,
        holders=holders,
        budgets=budgets,
        allotments=allotments,
        exchange_rates=(resources.ExchangeRate(base="USD", quote="EUR", date=date(2026, 12, 1), rate=Decimal("0.91")),),
        price_indices=(
            resources.PriceIndex(currency="EUR", year=2026, index=Decimal(100)),
            resources.PriceIndex(currency="EUR", year=2027, index=Decimal("102.1")),
        ),
        authorities=(
            resources.Authority(
                id="framework-law",
                title="Law on international defence cooperation",
                reference="generated",
                lead_months=1,
                ceiling=Decimal(500_000),
                currency="EUR",
                price_year=2027,
            ),
        ),
        prerequisites=make_prerequisites(make, names),
        exclusions=make_exclusions(make, names),
        synergies=make_synergies(make, names, objectives),
        bans=make_bans(make),
        sanctions=make_sanctions(make),
        gates=make_gates(make, names),
        willingness=make_willingness(make),
        absorption=make_absorption(make),
        place_risks=tuple(
            constraints.PlaceRisk(
                place=partner,
                start=make.month(int(make.rng.integers(0, shape.months))),
                risk=round(float(make.rng.uniform(0.1, 0.9)), 2),
                source="generated",
            )
            for partner in make.partners
            if make.rule(0.2)
        ),
        safety_limits=(constraints.SafetyLimit(id="travel", threshold=0.6, owner=make.positions[0].id),),
        pins=make_pins(make, names),
        commitments=make_commitments(make, names),
    )
    return add_details(desk, shape, seed=seed)
