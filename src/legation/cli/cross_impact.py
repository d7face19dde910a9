"""The command that finds the scenarios that hold together."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from legation.cli.output import WHOLE, Json, print_answer, print_text
from legation.errors import InputError

__all__ = ["cross_impact"]

Source = Annotated[str, Parameter(help="A table of judgements (name.csv), or a desk, whose links are the judgements.")]


def cross_impact(
    source: Source,
    /,
    *,
    desk: Annotated[str | None, Parameter(help="With a table: a desk whose linked objectives join in.")] = None,
    allow: Annotated[float, Parameter(help="Also take scenarios in which a state falls short by this much.")] = 0.0,
    state: Annotated[
        tuple[str, ...],
        Parameter(
            help="Only scenarios with this state: FACTOR=OUTCOME; may be given several times.", negative_iterable=()
        ),
    ] = (),
    most: Annotated[int, WHOLE, Parameter(help="Stop at so many scenarios.")] = 200,
    seconds: Annotated[float, Parameter(help="Stop after this long.")] = 60.0,
    weights: Annotated[
        bool, Parameter(name="--weights", show_default=False, help="Count how many combinations lead to each scenario.")
    ] = False,
    change: Annotated[float, Parameter(help="Change single judgements by this much; 0 leaves it out.")] = 1.0,
    json: Json = False,
) -> None:
    """Find every scenario that holds together, what holds each state up, and what one changed judgement would do.

    Cross-impact balance: each factor comes out in one of its outcomes, and a scenario is consistent when no factor has
    an outcome that the others favour more. Nothing is sampled: the list is complete, or the answer says that it is not.
    """
    from legation.desk.labels import label_notice
    from legation.service.cross_impact import cross_impact_of, is_table, read_table
    from legation.service.questions import read_desk

    fixed, table = _pairs(state), is_table(source)
    if desk is not None and not table:
        raise InputError(f"--desk joins a desk to a table; {source} is none.", remedy="Leave --desk out.")
    if table:
        read_table(source)
    known = read_desk(source) if not table else None if desk is None else read_desk(desk)
    label = None if known is None else label_notice(known)
    found = cross_impact_of(
        source if table or known is None else known,
        desk=known if table else None,
        max_inconsistency=allow,
        fixed=fixed,
        most=most,
        seconds=seconds,
        with_weights=weights,
        change_by=change,
    )
    if json:
        print_answer(found, notice=label)
        return
    from legation.briefs.text import cross_impact_text

    print_text(cross_impact_text(found, label=label))


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    out = {}
    for text in texts:
        name, equals, outcome = text.rpartition("=")
        if not equals or not name.strip() or not outcome.strip():
            raise InputError(f"--state {text!r} names no state.", remedy="Write FACTOR=OUTCOME.")
        out[name.strip()] = outcome.strip()
    return out
