"""A plan after a change, as text: what it costs, what changes for whom, the curve."""

from __future__ import annotations

from legation.briefs.text.table import bullets, heading, paragraph, table
from legation.briefs.words import amount, percent
from legation.planning.points import points
from legation.planning.replan.result import ReplanResult

__all__ = ["replan_text"]

_STATUS = {
    "optimal": "proven best at this rate",
    "within_gap": "proven within the gap asked",
    "feasible": "not proven best at this rate",
    "stopped": "stopped by hand",
}


def replan_text(result: ReplanResult, *, label: str, kept: float | None = None) -> str:
    """Write a plan after a change beside the one before it.

    Parameters
    ----------
    result
        The result.
    label
        The line with the highest label.
    kept
        The share of the bound that was asked for, if one was.
    """
    r = result
    changed = r.starts_changed / r.starts if r.starts else 0.0
    parts = [
        f"{r.title}: planned anew in {r.now}   [{label}]",
        bullets(r.shocks),
        paragraph(
            f"Value {points(r.value)} of 100: at least {r.free_share:.1%} of what any plan could be worth now "
            f"({points(r.free_bound)}). Disruption {r.disruption:.2f} at {points(r.rate)} for each unit. Value less "
            f"disruption {points(r.merit)}, proven bound {points(r.merit_bound)}, gap {r.gap:.2%}: {_STATUS[r.status]} "
            f"({r.engine} {r.engine_version}, {r.seconds:.1f} s, seed {r.seed})."
        ),
        paragraph(
            f"{r.starts_changed} of {r.starts} starts ahead change ({changed:.0%}); {r.forced} of them could not stay "
            f"in any case. {r.added} missions come in. {r.begun} missions have begun and stay as they are. "
            f"The plan holds {len(r.missions)} missions and costs {amount(r.cost)} {r.currency}."
        ),
        paragraph(_kept(r, kept)),
        paragraph(_mended(r)),
        heading("What changes, by mission"),
        bullets(row.words for row in r.changes) or "Nothing.",
        heading("For whom, by position"),
        bullets(row.words for row in r.positions) or "Nobody.",
        heading("Whom to tell, by partner"),
        bullets(row.words for row in r.partners) or "No partner.",
        heading("Where the disruption comes from"),
        _parts(r),
    ]
    if r.curve:
        parts += [heading("Value against disruption"), _curve(r)]
    parts += [heading("Assumptions"), bullets(r.assumptions)]
    return "\n".join(part for part in parts if part)


def _mended(r: ReplanResult) -> str:
    if r.mended_value is None:
        return ""
    return (
        f"The old plan, with only what had to change, is worth {points(r.mended_value)}; planning anew adds "
        f"{points(r.value - r.mended_value)}."
    )


def _kept(r: ReplanResult, kept: float | None) -> str:
    if r.keep is not None and r.free_share >= r.keep:
        return f"Of the plans found that are worth at least {r.keep:.1%} of that bound, this one disturbs least."
    if kept is None or r.free_share >= kept:
        return ""
    return (
        f"{kept:.1%} was asked for and is not proven: {r.free_share:.1%} is. The bound may be out of reach; more "
        "--seconds, or a lower share, may help."
    )


def _parts(r: ReplanResult) -> str:
    rows = (
        ("Dropped missions", r.parts.dropped),
        ("Other months", r.parts.moved),
        ("Other modes", r.parts.mode),
        ("Other people", r.parts.people),
        ("New missions at short notice", r.parts.added),
        ("Missions the desk no longer holds", r.parts.unavoidable),
    )
    whole = r.disruption
    return table(
        ("Part", "Disruption", "Share"),
        [(name, f"{size:.2f}", percent(size / whole if whole else None)) for name, size in rows],
        align=("left", "right", "right"),
    )


def _curve(r: ReplanResult) -> str:
    rows = [
        (
            f"{point.disruption:.2f}",
            points(point.value),
            str(point.changed),
            points(point.rate),
            "after this, more value costs most" if point.knee else "",
        )
        for point in r.curve
    ]
    return table(
        ("Disruption", "Value", "Starts changed", "Rate", ""), rows, align=("right", "right", "right", "right", "left")
    )
