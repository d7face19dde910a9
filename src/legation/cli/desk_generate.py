"""The command that invents a desk for trying things out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import WHOLE, Json, print_json, print_text
from legation.errors import ConflictError, InputError

__all__ = ["generate"]

_MONEY = 0.35


def generate(
    path: Annotated[Path, Parameter(help="A folder that does not exist yet or is empty.")],
    /,
    *,
    missions: Annotated[int, WHOLE, Parameter(help="Missions, 1 to 100,000.")] = 100,
    months: Annotated[int, WHOLE, Parameter(help="Length of the plan in months, 6 to 120.")] = 24,
    positions: Annotated[int, WHOLE, Parameter(help="Positions, 1 to 5,000.")] = 25,
    objectives: Annotated[int, WHOLE, Parameter(help="Objectives, 3 to 200.")] = 14,
    countries: Annotated[
        int | None,
        WHOLE,
        Parameter(help="Partner countries, 3 to 48; a third of the missions and at most 40 if left out."),
    ] = None,
    programmes: Annotated[int, WHOLE, Parameter(help="Budgets, 2 to 6.")] = 3,
    money: Annotated[
        float | None, Parameter(help="Money of all years as a share of what all missions cost; 0.35 if left out.")
    ] = None,
    money_per_year: Annotated[float | None, Parameter(help="The same for each year, instead of --money.")] = None,
    long_share: Annotated[float, Parameter(help="Share of missions that may take several months, 0 to 1.")] = 0.4,
    rules: Annotated[float, Parameter(help="How often rules occur: 1 is usual, 0 none but money and staff.")] = 1.0,
    prerequisites: Annotated[
        int | None, WHOLE, Parameter(help="Pairs in which one mission needs the other; 12 in 100 missions if left out.")
    ] = None,
    exclusions: Annotated[
        int | None, WHOLE, Parameter(help="Pairs of which one may be in; 6 in 100 missions if left out.")
    ] = None,
    synergies: Annotated[
        int | None, WHOLE, Parameter(help="Pairs that help or hinder each other; 8 in 100 missions if left out.")
    ] = None,
    tightness: Annotated[float, Parameter(help="Divides the money and the slack of windows, 0.1 to 10.")] = 1.0,
    details: Annotated[
        float,
        Parameter(help="How often finer rules occur (days, journeys, leads, caps, AND/OR): 0 none, 1 some, 3 most."),
    ] = 0.0,
    spill_caps: Annotated[
        int, WHOLE, Parameter(help="Partners spared by caps on spill-over; such a desk is planned with relations only.")
    ] = 0,
    seed: Annotated[int, WHOLE, Parameter(help="The same shape and seed make the same desk.")] = 1,
    json: Json = False,
) -> None:
    """Invent a desk of a size and tightness, for trials."""
    if money is not None and money_per_year is not None:
        raise InputError("--money and --money-per-year were both given.", remedy="Give one of them.")
    from legation.planning.generate import DeskShape, generate_desk
    from legation.store.folder.writing import write_folder

    shape = DeskShape(
        missions=missions,
        months=months,
        positions=positions,
        objectives=objectives,
        money=_MONEY if money is None else money,
        money_per_year=money_per_year,
        long_share=long_share,
        rules=rules,
        countries=countries,
        programmes=programmes,
        prerequisites=prerequisites,
        exclusions=exclusions,
        synergies=synergies,
        tightness=tightness,
        details=details,
        spill_caps=spill_caps,
    )
    desk = generate_desk(shape, seed=seed)
    try:
        names = write_folder(desk, path)
    except ConflictError as error:
        raise ConflictError(error.message, remedy="Give a folder that does not exist yet or is empty.") from error
    if json:
        print_json({"folder": str(path), "files": names, "missions": len(desk.missions), "seed": seed})
        return
    print_text(f"Wrote a generated desk of {len(desk.missions)} missions to {path}. Next: legation plan {path}")
