"""A relation and a landscape as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from legation.actors import name
from legation.briefs.text.table import bullets, heading, table
from legation.briefs.words import MISSING, percent
from legation.relations.types import ActorState, DeskJudgement, Driver, Figure, Interval, Landscape, Relation, Tie

__all__ = ["judgement_words", "landscape_text", "relation_text"]


def relation_text(relation: Relation, *, states: Sequence[ActorState] = ()) -> str:
    """Write how two actors stand: level, treaty status, alignment, tension, drivers, ties, the desk's own view."""
    a, b = name(relation.a), name(relation.b)
    level = MISSING if relation.level is None else relation.level.words
    parts = [
        f"{a} and {b} on {relation.as_of}",
        table(
            ("What", "Answer", "How to read it"),
            [
                ("Level", level, _level_words(relation)),
                ("Class", relation.relation_class or MISSING, ""),
                (
                    "Treaty status",
                    relation.treaty_status,
                    f"{len(relation.treaty_grounds)} in force, listed under Ties",
                ),
                ("Alignment", _interval(relation.alignment), "-1 opposed, 1 aligned; 90 % interval"),
                ("Tension", _interval(relation.tension), "0 none, 1 highest; 90 % interval"),
                ("Threat", _threat(relation), relation.threat.note),
            ],
        ),
        heading("Drivers of tension"),
        _drivers(relation.drivers) or "None known.",
        heading("What alignment is made of"),
        _drivers(relation.alignment_parts) or "Not known.",
        heading("Ties"),
        bullets(_tie(tie) for tie in relation.ties) or "None known.",
    ]
    for state in states:
        parts += [heading(f"{state.name}: capability and stability"), _figures((*state.capability, *state.stability))]
    if relation.judgements:
        parts += [heading("The desk's own judgements"), bullets(judgement_words(one) for one in relation.judgements)]
    if relation.notes:
        parts += [heading("Notes"), bullets(relation.notes)]
    parts += [heading("Sources"), bullets(relation.sources)]
    return "\n".join(part for part in parts if part)


def landscape_text(landscape: Landscape) -> str:
    """Write how an actor stands to all others, from the closest to the most hostile."""
    rows = [
        (
            row.name + (" *" if row.is_neighbour else ""),
            row.relation_class or MISSING,
            MISSING if row.level is None else row.level.words,
            percent(row.probability),
            row.treaty_status,
            _interval(row.alignment),
            _interval(row.tension),
            row.top_driver.replace("_", " "),
        )
        for row in landscape.relations
    ]
    return "\n".join(
        (
            f"{landscape.state.name} and the others on {landscape.as_of}",
            heading("Capability and stability"),
            _figures((*landscape.state.capability, *landscape.state.stability)),
            heading("Relations (* neighbour)"),
            table(
                ("Other", "Class", "Level", "Prob.", "Treaty", "Alignment", "Tension", "Main driver of tension"),
                rows,
                align=("left", "left", "left", "right", "left", "left", "left", "left"),
                width=150,
            ),
            *_judged(landscape),
            heading("Notes"),
            bullets(landscape.notes),
            heading("Sources"),
            bullets(landscape.sources),
        )
    )


def _judged(landscape: Landscape) -> Iterable[str]:
    lines = [judgement_words(one) for row in landscape.relations for one in row.judgements]
    return (heading("The desk's own judgements"), bullets(lines)) if lines else ()


def _level_words(relation: Relation) -> str:
    if relation.level is None:
        return "the world holds no evidence on this pair at that date"
    return f"{percent(relation.level_probabilities[relation.level.value])} of the probability; {relation.basis}"


def _interval(interval: Interval | None) -> str:
    return MISSING if interval is None else f"{interval.value:+.2f} ({interval.low:+.2f} to {interval.high:+.2f})"


def _threat(relation: Relation) -> str:
    a, b = relation.threat.a_to_b, relation.threat.b_to_a
    if a is None or b is None:
        return MISSING
    return f"{relation.a} to {relation.b} {a:.2f}, {relation.b} to {relation.a} {b:.2f}"


def _drivers(drivers: Sequence[Driver]) -> str:
    return bullets(
        f"{driver.text}: {driver.value:+.3f}, {driver.share:.0%}"
        + (f" [{driver.source}" + (f", {driver.year}" if driver.year else "") if driver.source else "")
        + (", carried forward" if driver.carried else "")
        + ("]" if driver.source else "")
        for driver in drivers
    )


def _tie(tie: Tie) -> str:
    dated = f" ({'seen ' if tie.seen else ''}{tie.dated})" if tie.dated else ""
    return f"{tie.kind.replace('_', ' ')}: {tie.text}{dated} [{tie.source}]"


def _figures(figures: Sequence[Figure]) -> str:
    if not figures:
        return "Not known."
    return table(
        ("Figure", "Value", "Range", "Unit", "Date", "Source"),
        [
            (
                figure.name,
                _number(figure.value),
                _range(figure),
                figure.unit,
                _dated(figure),
                figure.source,
            )
            for figure in figures
        ],
        align=("left", "right", "right", "left", "left", "left"),
        width=130,
    )


def _number(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _range(figure: Figure) -> str:
    if figure.low is None or figure.high is None or figure.low == figure.high:
        return ""
    return f"{_number(figure.low)} to {_number(figure.high)}"


def _dated(figure: Figure) -> str:
    if "seen" in figure.dated:
        return figure.dated
    return ("seen " if figure.seen else "carried from " if figure.carried else "") + figure.dated


def judgement_words(judgement: DeskJudgement) -> str:
    """Write a desk's own judgement as a sentence, with who judged and when."""
    views = [
        *([judgement.level.replace("_", " ")] if judgement.level else []),
        *([f"alignment {judgement.alignment:+.2f}"] if judgement.alignment is not None else []),
        *([f"tension {judgement.tension:.2f}"] if judgement.tension is not None else []),
    ]
    return (
        f"{judgement.subject} on {judgement.object}, {judgement.dated}, {judgement.judge}: {', '.join(views)}. "
        f"{judgement.reason}"
    )
