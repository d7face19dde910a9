"""Spill-over: what a change in some relations does to the others.

x = s + alpha W x, so x = (I - alpha W)^-1 s: s holds the direct shifts, W the signed relations with rows divided by the
sum of their absolute values, and alpha says how much of a shift is passed on. x - s is the spill-over.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from legation.cohesion.parts import TOP
from legation.cohesion.picture import Picture
from legation.cohesion.result import Cause, Part, Ref, SpillOver, ThirdParty
from legation.cohesion.texts import cause, make_part
from legation.errors import InputError
from legation.relations.snapshot import RelationsSnapshot

__all__ = ["spill_matrix", "spill_over", "spill_over_of"]

Array = NDArray[np.float64]
_ALPHAS = 25
# shifts below this are far under what a judged effect can carry; such parties are not listed
_NOTHING = 1e-9


def spill_matrix(W: Array, alpha: float) -> Array:
    """Give B = (I - alpha W)^-1 - I, which turns direct shifts into spill-over, shape (A, A).

    Raises
    ------
    InputError
        When alpha is outside [0, 1) or a row of W has absolute values that sum to more than 1.
    """
    if not 0 <= alpha < 1:
        raise InputError(f"alpha is {alpha}; it must be at least 0 and below 1.")
    if len(W) and float(np.abs(W).sum(axis=1).max()) > 1 + 1e-9:
        raise InputError(
            "A row of W has absolute values that sum to more than 1.", remedy="Divide each row by that sum."
        )
    size = len(W)
    result: Array = np.linalg.solve(np.eye(size) - alpha * W, np.eye(size)) - np.eye(size)
    return result


def spill_over(W: Array, s: Array, *, alpha: float) -> Array:
    """Give x - s with x = (I - alpha W)^-1 s, shape (A,); max abs(x) is at most max abs(s) / (1 - alpha).

    >>> spill_over(np.array([[0.0, -1.0], [-1.0, 0.0]]), np.array([0.3, 0.0]), alpha=0.5).round(6).tolist()
    [0.1, -0.2]
    """
    result: Array = spill_matrix(W, alpha) @ s
    return result


def spill_over_of(
    picture: Picture, relations: RelationsSnapshot | None, *, draws: int, seed: int
) -> tuple[Part, SpillOver]:
    """Give spill-over on third parties: the part and its detail."""
    settings = picture.desk.info.settings
    top = max(settings.spill_alpha, settings.spill_alpha_max)
    reason = _missing(picture, relations)
    if relations is None or reason is not None:
        reason = reason or "No relations snapshot was given."
        detail = _detail(picture, (), reason=reason, outside=picture.actors)
        return make_part("spill_over", float("nan"), reason=reason), detail
    W = relations.weights()
    s, given = _direct(picture, relations)
    B = spill_matrix(W, settings.spill_alpha)
    grid = [spill_matrix(W, alpha) for alpha in np.linspace(0.0, top, _ALPHAS)]
    direct = s.sum(axis=1) + given.sum(axis=1)
    band = np.stack([matrix @ direct[1] for matrix in [*grid, B]])
    spill = B @ direct[1]
    lowest = np.maximum(B, 0) @ direct[0] + np.minimum(B, 0) @ direct[2]
    highest = np.maximum(B, 0) @ direct[2] + np.minimum(B, 0) @ direct[0]
    order = [i for i in np.argsort(-np.abs(spill), kind="stable") if _moves(spill[i], band[:, i], direct[1, i])]
    parties = tuple(
        ThirdParty(
            actor=picture.ref("actor", relations.actors[i]),
            direct=float(direct[1, i]),
            spill=float(spill[i]),
            spill_low=float(band[:, i].min()),
            spill_high=float(band[:, i].max()),
            effect_low=float(lowest[i]),
            effect_high=float(highest[i]),
            needed_by=_needed_by(picture, relations.actors[i]),
            causes=_causes(picture, B[i], missions=s[1], activities=given[1]),
        )
        for i in order
    )
    outside = tuple(name for name in picture.actors if name not in relations.actors)
    part = make_part(
        "spill_over",
        float(np.abs(spill).max(initial=0.0)),
        interval=_range([*grid, B], direct, draws=draws, seed=seed),
        kind="sampled",
        causes=[
            cause(party.actor, party.spill, f"{party.actor.title} moves by {party.spill:+.3f} through others.")
            for party in parties[:TOP]
        ],
    )
    return part, _detail(picture, parties, reason=None, outside=outside)


def _missing(picture: Picture, relations: RelationsSnapshot | None) -> str | None:
    if relations is None:
        return "No relations snapshot was given."
    if not picture.actors:
        return "No effect on a relation is judged, so there is no direct shift to pass on."
    if not np.abs(relations.weights()).any():
        return "The relations snapshot holds no known tie between third parties."
    return None


def _direct(picture: Picture, relations: RelationsSnapshot) -> tuple[Array, Array]:
    """Give the shifts by missions (3, m, n) and activities (3, t, n) over the snapshot's n actors."""
    place = {name: number for number, name in enumerate(relations.actors)}
    inside = [number for number, name in enumerate(picture.actors) if name in place]
    columns = [place[picture.actors[number]] for number in inside]
    s = np.zeros((*picture.shifts.shape[:2], len(place)))
    given = np.zeros((*picture.given.on_actors.shape[:2], len(place)))
    s[:, :, columns] = picture.shifts[:, :, inside]
    given[:, :, columns] = picture.given.on_actors[:, :, inside]
    return s, given


def _moves(spill: float, band: Array, direct: float) -> bool:
    return abs(spill) > _NOTHING or abs(direct) > _NOTHING or float(np.abs(band).max()) > _NOTHING


def _needed_by(picture: Picture, actor: str) -> tuple[Ref, ...]:
    return tuple(
        picture.ref("objective", objective.id) for objective in picture.desk.objectives if actor in objective.needs
    )


def _causes(picture: Picture, row: Array, *, missions: Array, activities: Array) -> tuple[Cause, ...]:
    """Give the missions and activities by their share of one actor's spill; the shares sum to it."""
    shares = [
        *zip(picture.mission_refs, missions @ row, strict=True),
        *zip(
            (picture.ref("activity", activity.id) for activity in picture.given.activities),
            activities @ row,
            strict=True,
        ),
    ]
    shares.sort(key=lambda pair: -abs(pair[1]))
    return tuple(
        cause(ref, share, f"{ref.title} moves it by {share:+.3f} through others.")
        for ref, share in shares[:TOP]
        if abs(share) > _NOTHING
    )


def _range(matrices: list[Array], direct: Array, *, draws: int, seed: int) -> tuple[float, float]:
    """Give the least and greatest largest spill over alpha and over effects, by corners and seeded draws."""
    low, likely, high = direct
    rng = np.random.default_rng(seed)
    shifts = np.stack([low, likely, high, *(low + (high - low) * rng.random(low.shape) for _ in range(draws))], axis=1)
    norms = [float(np.abs(matrix @ shifts).max(axis=0).min()) for matrix in matrices]
    tops = [float(np.abs(matrix @ shifts).max()) for matrix in matrices]
    return min(norms), max(tops)


def _detail(
    picture: Picture, parties: tuple[ThirdParty, ...], *, reason: str | None, outside: tuple[str, ...]
) -> SpillOver:
    settings = picture.desk.info.settings
    basis = "estimated from data" if settings.spill_estimated else "an assumption, not a finding"
    return SpillOver(
        alpha=settings.spill_alpha,
        alpha_max=max(settings.spill_alpha, settings.spill_alpha_max),
        estimated=settings.spill_estimated,
        parties=parties,
        missing_reason=reason,
        outside=tuple(picture.ref("actor", name) for name in outside),
        sentence=f"That {settings.spill_alpha:.0%} of a shift is passed on is {basis}.",
    )
