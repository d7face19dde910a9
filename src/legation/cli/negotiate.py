"""The command that explores a negotiation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import WHOLE, Json, print_answer, print_text, progress
from legation.planning.table.names import (
    BargainForm,
    Commitment,
    Election,
    Interpolation,
    ReceiverSide,
    RiskAdjustment,
    RiskRange,
    Transition,
    VictoryModel,
    VotingRule,
)

__all__ = ["negotiate"]

File = Annotated[
    Path,
    Parameter(
        help="A CSV file: actor, influence, and 'ISSUE position' and 'ISSUE salience' for each; or KTAB's layout."
    ),
]


def negotiate(
    file: File,
    /,
    *,
    iterations: Annotated[int, WHOLE, Parameter(help="Most turns.")] = 100,
    sensitivity: Annotated[
        bool,
        Parameter(name="--sensitivity", show_default=False, help="Move the inputs; say what the outcome hangs on."),
    ] = False,
    step: Annotated[float, Parameter(help="By how many points positions and saliences are moved.")] = 5.0,
    draws: Annotated[int, WHOLE, Parameter(help="Joint draws of all inputs.")] = 200,
    seconds: Annotated[float, Parameter(help="Limit on the time for moving the inputs.")] = 60.0,
    seed: Annotated[int, WHOLE, Parameter(help="The same seed gives the same draws.")] = 1,
    trace: Annotated[
        bool, Parameter(name="--trace", show_default=False, help="Print every turn; with --json every number of it.")
    ] = False,
    desk: Annotated[str | None, Parameter(help="A desk: name what of it concerns those at the table.")] = None,
    victory: Annotated[VictoryModel, Parameter(help="How strengths become chances.")] = "linear",
    voting: Annotated[VotingRule, Parameter(help="How preference becomes a vote.")] = "proportional",
    election: Annotated[Election, Parameter(help="How pairwise chances become one for each option.")] = "conditional",
    transition: Annotated[Transition, Parameter(help="Take the likeliest bargain, or draw one.")] = "deterministic",
    risk_range: Annotated[RiskRange, Parameter(help="The interval of risk attitudes.")] = "mid",
    risk_adjustment: Annotated[RiskAdjustment, Parameter(help="How well actors see others' attitudes.")] = "one_third",
    commitment: Annotated[Commitment, Parameter(help="Whether third parties share their side's fate.")] = "semi",
    interpolation: Annotated[Interpolation, Parameter(help="How bargains lie between two positions.")] = "s2p2",
    bargains: Annotated[BargainForm, Parameter(help="Whose bargains are on the table.")] = "initiator",
    receiver_side: Annotated[
        ReceiverSide, Parameter(help="The receiver's side as KTAB's program or papers have it.")
    ] = "as_programmed",
    adjustment: Annotated[float, Parameter(help="How far ideals follow positions in a turn, 0 to 1.")] = 1.0,
    json: Json = False,
) -> None:
    """Explore a negotiation: who stands where, what bargains follow, and what the outcome hangs on.

    Exploratory: a model's arithmetic on the numbers given, never a prediction of what anybody will do. The weighted
    median and mean stand beside it. For agreements and arms-control talks among up to 200 actors.
    """
    from legation.desk.labels import label_notice
    from legation.planning.table.bargaining_sensitivity import Steps
    from legation.planning.table.bargaining_types import Rules
    from legation.service.negotiation import negotiate_file, read_negotiation_file
    from legation.service.questions import read_desk

    rules = Rules(
        victory=victory,
        voting=voting,
        election=election,
        transition=transition,
        risk_range=risk_range,
        risk_adjustment=risk_adjustment,
        commitment=commitment,
        interpolation=interpolation,
        bargains=bargains,
        receiver_side=receiver_side,
        adjustment=adjustment,
        most_turns=iterations,
    )
    steps = Steps(position=step, salience=step, draws=draws, seed=seed) if sensitivity else None
    table = read_negotiation_file(file)
    known = None if desk is None else read_desk(desk)
    label = None if known is None else label_notice(known)
    with progress("negotiation") as show:
        found = negotiate_file(
            table,
            rules=rules,
            seed=seed,
            steps=steps,
            trace=trace,
            desk=known,
            seconds=seconds,
            progress=lambda done, total: show(f"run {done} of {total}"),
        )
    if json:
        print_answer(found, notice=label)
        return
    from legation.briefs.text import negotiation_text

    print_text(negotiation_text(found, label=label))
