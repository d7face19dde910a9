"""Assess how well a desk's missions and objectives fit together."""

from __future__ import annotations

from typing import get_args

from legation.cohesion.linked import consistency_of, interplay_of
from legation.cohesion.order import order_part
from legation.cohesion.parts import contribution_parts, gaps_of, objective_fits
from legation.cohesion.picture import NO_MONTH, Picture, picture_of
from legation.cohesion.pulls import clashes_of, contradictions_of
from legation.cohesion.result import CohesionReport, PartId, Ref, Selection
from legation.cohesion.spill import spill_over_of
from legation.cohesion.standing import contributions_of, orphans_of
from legation.cohesion.structure import ALIGNMENT_THRESHOLD, structure_of
from legation.desk.desk import KINDS, Desk
from legation.desk.labels import NOT_ENFORCED
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["assess", "highest_label"]

_CLASSES = ("unclassified", "restricted", "confidential", "secret", "top_secret")


def assess(
    desk: Desk,
    *,
    selection: Selection | None = None,
    relations: RelationsSnapshot | None = None,
    draws: int = 64,
    seed: int = 0,
    seconds: float = 5.0,
) -> CohesionReport:
    """Assess cohesion: a vector of parts, each with an interval and with what causes it.

    Parameters
    ----------
    desk
        A desk without faults.
    selection
        The chosen missions of a plan; without it the desk as it stands: every open mission that is not pinned out, in
        its pinned, noted or first mode, in its pinned or noted month.
    relations
        How the actors stand; without it spill-over is missing and structural conflict has no ties between actors.
    draws, seed
        Seeded draws for the intervals that cannot be computed exactly.
    seconds
        Time for the exact search of structural conflict; past it the part carries the bounds reached.

    Raises
    ------
    InputError
        When no objective has weight, a mission is chosen twice or starts after the desk's end, or an effect is not
        finite.
    UnknownRecordError
        When a chosen mission or mode is not among the desk's open ones.
    MissingRateError
        When money cannot be brought to the desk's currency and price year.
    """
    picture = picture_of(desk, selection)
    consistency_part, consistency = consistency_of(picture, draws=draws, seed=seed)
    interplay_parts, interplay = interplay_of(picture, draws=draws, seed=seed)
    structure_part, structure = structure_of(picture, relations, seed=seed, seconds=seconds)
    spill_part, spill = spill_over_of(picture, relations, draws=draws, seed=seed)
    clash_part, clashes, clashes_total = clashes_of(picture)
    orphan_part, orphans = orphans_of(picture)
    contradictions, contradictions_total = contradictions_of(picture)
    contributions, groups, duplicates = contributions_of(picture)
    parts = [
        *contribution_parts(picture, draws=draws, seed=seed),
        structure_part,
        consistency_part,
        *interplay_parts,
        order_part(picture, draws=draws, seed=seed),
        spill_part,
        orphan_part,
        clash_part,
    ]
    order = get_args(PartId)
    label = highest_label(desk)
    return CohesionReport(
        basis="plan" if picture.plan else "desk",
        desk=desk.info.id,
        desk_title=desk.info.title,
        missions=len(picture.chosen),
        parts=tuple(sorted(parts, key=lambda part: order.index(part.id))),
        objectives=objective_fits(picture),
        contradictions=contradictions,
        contradictions_total=contradictions_total,
        orphans=orphans,
        gaps=gaps_of(picture),
        duplicates=duplicates,
        clashes=clashes,
        clashes_total=clashes_total,
        spill_over=spill,
        structural=structure,
        contributions=contributions,
        groups=groups,
        consistency=consistency,
        interplay=interplay,
        assumptions=_assumptions(picture, relations),
        label=label,
        notice="" if label is None else NOT_ENFORCED,
    )


def highest_label(desk: Desk) -> Ref | None:
    """Give the highest label that any record of the desk carries; None where none does."""
    by_id = {label.id: label for label in desk.labels}
    used = {desk.info.label} | {
        getattr(record, "label", None) for kind in KINDS if kind != "labels" for record in desk.records(kind)
    }
    labels = [by_id[name] for name in sorted(name for name in used if name in by_id)]
    if not labels:
        return None
    top = max(labels, key=lambda label: _CLASSES.index(label.classification))
    return Ref(kind="label", id=top.id, title=f"{top.policy} {top.classification.replace('_', ' ').upper()}")


def _assumptions(picture: Picture, relations: RelationsSnapshot | None) -> tuple[str, ...]:
    settings = picture.desk.info.settings
    said = ["Effects are the desk's judgements; each counts with the probability that enough partners accept."]
    if not picture.plan:
        said.append("The desk as it stands counts every open mission at once, whatever it costs and excludes.")
    open_months = int((picture.starts == NO_MONTH).sum())
    if open_months:
        said.append(
            f"{open_months} of {len(picture.chosen)} missions have no month: they are left out of order and "
            "of clashes in time."
        )
    if relations is None:
        said.append("Without a relations snapshot nothing is said of spill-over and of ties between third parties.")
    else:
        said.append(
            f"Relations are read as of {relations.as_of}; alignments below {ALIGNMENT_THRESHOLD} in size make no tie."
        )
        said.append(f"One effect point moves a relation by {settings.relation_per_point} of alignment.")
        if not settings.spill_estimated:
            said.append(f"Spill-over assumes that {settings.spill_alpha:.0%} of a shift is passed on; see its band.")
    if picture.humanitarian.any():
        said.append("Humanitarian missions follow need: they are left out of structural conflict and spill-over.")
    return tuple(said)
