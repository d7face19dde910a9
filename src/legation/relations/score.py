"""The relation score: alignment, tension and level from evidence on pairs, by hand-written weights.

A score, not a trained model: every weight below is an assumption, documented in docs/explanation/relations.md. All
functions take arrays over pairs and change none of their inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from legation.relations.levels import LEVELS, Class, Level

__all__ = [
    "ALIGNMENT_WEIGHTS",
    "HELD_TENSION_WEIGHTS",
    "LEVEL_WEIGHTS",
    "TENSION_WEIGHTS",
    "VOTES_IN_LEVEL",
    "VOTES_OF_ALLIES",
    "PairEvidence",
    "PairScore",
    "centre_agreement",
    "classify",
    "recency",
    "score_pairs",
]

Floats = NDArray[np.float64]

ALIGNMENT_WEIGHTS: Final[dict[str, float]] = {
    "votes": 0.40,
    "treaty": 0.35,
    "organisations": 0.15,
    "side_by_side": 0.10,
}
TENSION_WEIGHTS: Final[dict[str, float]] = {
    "interstate_conflict": 0.40,
    "votes_apart": 0.30,
    "opposing_troops": 0.15,
    "conflict_with_ally": 0.10,
    "violence_next_door": 0.05,
}

HELD_TENSION_WEIGHTS: Final[dict[str, float]] = {
    "grievances_and_claims": 0.10,
    "posturing": 0.20,
    "sanctions": 0.15,
    "hostile_messages": 0.10,
}
"""Drivers of tension that come on top, each where there is a table of its kind; parts beyond a sum of 1 are scaled."""

VOTES_OF_ALLIES: Final = 0.5
"""How much votes weigh between parties to a defence pact, against 1 between others: allies differ freely there."""

VOTES_IN_LEVEL: Final = 0.5
"""How much of the tension that votes bring counts for the level: they alone make no rivalry."""

LEVEL_WEIGHTS: Final[dict[str, float]] = {
    "community": 1.0,
    "treaty": 0.10,
    "organisations": 0.05,
    "votes": 0.15,
    "side_by_side": 0.05,
    "neighbours": -0.15,
    "claims": -0.20,
    "enmity": -0.60,
    "tension": -2.0,
}
"""What the level's score is made of; states in contact with no tie and no quarrel stand at 0, in negative peace."""

HALF_LIFE_YEARS: Final = 8.0
"""Years after which a past conflict weighs half."""

MINOR_CONFLICT: Final = 0.7
"""Severity of a conflict below a thousand battle deaths a year; a war has 1."""

OPPOSING_TROOPS: Final = 0.6
"""Hostility of troops that support the other's opponents, against 1 for fighting it directly."""

STANDING_CLAIMS: Final = 0.3
"""Hostility of a claim on the other's sovereignty or land, against 1 for fighting it directly."""

_BEYOND_VOTES: Final = 0.0501  # more than a standing claim weighs by itself
_Z90: Final = 1.645
_VOTE_DEPENDENCE: Final = 2.0  # roll calls come in bundles of like resolutions: variance is taken twice
_DRIFT_PER_YEAR: Final = 0.08  # how far centred agreement wanders in a year, one standard deviation
_UNKNOWN_VOTES: Final = 0.45  # standard deviation of centred agreement where no votes are known
_UNSEEN_CONFLICT: Final = 0.06  # per root year after the conflict data end
_MODEL: Final = 0.08  # the weights themselves are judgement
_LEVEL_SPREAD: Final = 0.25
_CUTS: Final = (-1.0, -0.4, 0.4, 0.8)  # between the five levels: negative peace in the middle, around 0
_LOGISTIC: Final = 1.702  # a logistic curve this steep follows the normal one within .01


@dataclass(frozen=True, kw_only=True)
class PairEvidence:
    """What is known of k pairs at a date; every array has shape (k,).

    `votes` is centred agreement in [-1, 1], nan where unknown, with its standard error `votes_se` and the years it was
    carried forward `votes_carried`. `treaty` is 0, 1 or 2. `organisations`, `side_by_side`, `fought`, `opposed`,
    `ally_fights` and `violence` lie in [0, 1]. `conflict_carried` counts years since the conflict data end.
    `contact` lies in [0, 1]: 0 where no contact is known, 1 where it is certain.

    The others may be left out, which means zero: `community` (depth of the security community the two form),
    `neighbours` (1 with a land border), `enmity` (fighting each other or the other's opponents, remembered longer),
    `claims` (standing claims and ruptures), `grievances` (the same with rivalries on record), `posturing`, `sanctions`
    and `messages`, all in [0, 1]. `agendas` is the divergence of ideal points in [0, 1], nan where not known.
    """

    votes: Floats
    votes_se: Floats
    votes_carried: Floats
    treaty: NDArray[np.int8]
    organisations: Floats
    side_by_side: Floats
    fought: Floats
    opposed: Floats
    ally_fights: Floats
    violence: Floats
    conflict_carried: Floats
    contact: Floats
    community: Floats | None = None
    neighbours: Floats | None = None
    enmity: Floats | None = None
    claims: Floats | None = None
    grievances: Floats | None = None
    posturing: Floats | None = None
    sanctions: Floats | None = None
    messages: Floats | None = None
    agendas: Floats | None = None

    def more(self, name: str) -> Floats:
        """Return a part that may be left out, as zeros where it is."""
        values: Floats | None = getattr(self, name)
        return np.zeros(len(self.votes)) if values is None else values


@dataclass(frozen=True, kw_only=True)
class PairScore:
    """The score of k pairs, each array of shape (k,) unless said otherwise.

    Parts add up: `alignment_parts` to `alignment`, `tension_parts` to `tension`, `level_parts` to `level_score`.
    `probabilities` has shape (k, 6), its rows sum to 1 or are nan; `level` is the most probable level's code, -1 where
    alignment is unknown.
    """

    alignment: Floats
    alignment_low: Floats
    alignment_high: Floats
    alignment_parts: dict[str, Floats]
    tension: Floats
    tension_low: Floats
    tension_high: Floats
    tension_parts: dict[str, Floats]
    level_score: Floats
    level_parts: dict[str, Floats]
    probabilities: Floats
    level: NDArray[np.int8]

    @property
    def beyond_votes(self) -> Floats:
        """Tension that comes from more than votes apart."""
        return self.tension - self.tension_parts["votes_apart"] - self.tension_parts["divergent_agendas"]


def recency(years: Floats, *, half_life: float = HALF_LIFE_YEARS) -> Floats:
    """Return the weight of something that ended so many years ago: 1 now, one half after the half-life."""
    weight: Floats = 0.5 ** (np.maximum(years, 0.0) / half_life)
    return weight


def centre_agreement(agreement: Floats, *, expected: Floats) -> Floats:
    """Return agreement relative to what the two show with everybody, on [-1, 1].

    Parameters
    ----------
    agreement
        Agreement of the pair, in [0, 1].
    expected
        Mean of the two members' average agreement with all others, in (0, 1).

    Returns
    -------
    Floats
        (agreement - expected) / (1 - expected) above the expectation and / expected below it: 1 for always the same
        vote, 0 for as usual, -1 for always opposite.
    """
    gap = agreement - expected
    room = np.where(gap >= 0, 1.0 - expected, expected)
    centred: Floats = np.divide(gap, room, out=np.where(np.isnan(gap), np.nan, 0.0), where=room > 0)
    return centred


def score_pairs(evidence: PairEvidence) -> PairScore:
    """Score pairs.

    Returns
    -------
    PairScore
        Alignment, tension and level with 90 % intervals; see docs/explanation/relations.md for the formulas.
    """
    alignment, parts, alignment_sd = _alignment(evidence)
    tension_parts = _tension_parts(evidence)
    tension = np.minimum(1.0, np.sum(list(tension_parts.values()), axis=0))
    tension_sd = _tension_sd(evidence)
    known = ~np.isnan(alignment)
    level_parts = _level_parts(
        evidence, tension, votes=tension_parts["votes_apart"] + tension_parts["divergent_agendas"]
    )
    latent = np.where(known, np.sum(list(level_parts.values()), axis=0), np.nan)
    votes_sd = LEVEL_WEIGHTS["votes"] * _votes_weight(evidence) * _votes_sd(evidence)
    latent_sd = np.sqrt(votes_sd**2 + (LEVEL_WEIGHTS["tension"] * tension_sd) ** 2 + _LEVEL_SPREAD**2)
    probabilities = _probabilities(latent, latent_sd, evidence.contact)
    level = np.where(known, np.argmax(np.nan_to_num(probabilities), axis=1), -1).astype(np.int8)
    return PairScore(
        alignment=alignment,
        alignment_low=np.maximum(-1.0, alignment - _Z90 * alignment_sd),
        alignment_high=np.minimum(1.0, alignment + _Z90 * alignment_sd),
        alignment_parts=parts,
        tension=np.where(known, tension, np.nan),
        tension_low=np.where(known, np.maximum(0.0, tension - _Z90 * tension_sd), np.nan),
        tension_high=np.where(known, np.minimum(1.0, tension + _Z90 * tension_sd), np.nan),
        tension_parts=tension_parts,
        level_score=latent,
        level_parts=level_parts,
        probabilities=probabilities,
        level=level,
    )


def _votes_weight(evidence: PairEvidence) -> Floats:
    """Return the share of the votes' weight that is kept: less between allies."""
    return np.where(evidence.treaty == 2, VOTES_OF_ALLIES, 1.0)


def _level_parts(evidence: PairEvidence, tension: Floats, *, votes: Floats) -> dict[str, Floats]:
    """Return the parts of the level's score; neighbours that form a community have less to quarrel about.

    Of the tension, what comes from `votes` counts half: a state whose votes stand apart from nearly everybody's has no
    rivalry with nearly everybody.
    """
    deep = evidence.more("community")
    values = {
        "community": deep,
        "treaty": evidence.treaty.astype(np.float64) / 2.0,
        "organisations": evidence.organisations,
        "votes": np.nan_to_num(evidence.votes, nan=0.0) * _votes_weight(evidence),
        "side_by_side": evidence.side_by_side,
        "neighbours": evidence.more("neighbours") * (1.0 - deep),
        "claims": evidence.more("claims"),
        "enmity": np.maximum(evidence.fought, evidence.more("enmity")),
        "tension": tension - (1.0 - VOTES_IN_LEVEL) * votes,
    }
    return {name: LEVEL_WEIGHTS[name] * value for name, value in values.items()}


def _alignment(evidence: PairEvidence) -> tuple[Floats, dict[str, Floats], Floats]:
    """Return alignment, its parts and its standard deviation."""
    has_votes = ~np.isnan(evidence.votes)
    values = {
        "votes": np.nan_to_num(evidence.votes, nan=0.0),
        "treaty": evidence.treaty.astype(np.float64) / 2.0,
        "organisations": evidence.organisations,
        "side_by_side": evidence.side_by_side,
    }
    full = ALIGNMENT_WEIGHTS["votes"] * _votes_weight(evidence)
    others = sum(weight for name, weight in ALIGNMENT_WEIGHTS.items() if name != "votes")
    total = others + np.where(has_votes, full, 0.0)
    weights = {name: full if name == "votes" else weight for name, weight in ALIGNMENT_WEIGHTS.items()}
    hostility = np.maximum(
        np.maximum(evidence.fought, OPPOSING_TROOPS * evidence.opposed), STANDING_CLAIMS * evidence.more("claims")
    )
    kept = 1.0 - hostility
    parts = {name: kept * weights[name] * value / total for name, value in values.items()}
    parts["hostility"] = -hostility
    quarrel = np.max([evidence.more(name) for name in ("grievances", "posturing", "sanctions", "messages")], axis=0)
    known = (
        has_votes
        | (evidence.treaty > 0)
        | (evidence.organisations > 0)
        | (evidence.side_by_side > 0)
        | (hostility > 0)
        | (quarrel > 0)
    )
    alignment = np.where(known, np.clip(np.sum(list(parts.values()), axis=0), -1.0, 1.0), np.nan)
    share = np.where(has_votes, full / total, full)
    variance = (kept * share * _votes_sd(evidence)) ** 2 + _MODEL**2
    return alignment, parts, np.sqrt(variance + _UNSEEN_CONFLICT**2 * evidence.conflict_carried)


def _votes_sd(evidence: PairEvidence) -> Floats:
    known = np.sqrt(_VOTE_DEPENDENCE * evidence.votes_se**2 + _DRIFT_PER_YEAR**2 * evidence.votes_carried)
    return np.where(np.isnan(evidence.votes), _UNKNOWN_VOTES, np.nan_to_num(known, nan=_UNKNOWN_VOTES))


def _tension_parts(evidence: PairEvidence) -> dict[str, Floats]:
    """Return the drivers of tension; where ideal points are known they stand in for votes apart.

    What allies vote counts less, as it does for their alignment.
    """
    apart = np.maximum(0.0, -np.nan_to_num(evidence.votes, nan=0.0))
    agendas = np.full(len(apart), np.nan) if evidence.agendas is None else evidence.agendas
    values = {
        "interstate_conflict": evidence.fought,
        "votes_apart": np.where(np.isnan(agendas), apart, 0.0) * _votes_weight(evidence),
        "divergent_agendas": np.nan_to_num(agendas, nan=0.0) * _votes_weight(evidence),
        "opposing_troops": evidence.opposed,
        "conflict_with_ally": evidence.ally_fights,
        "violence_next_door": evidence.violence,
        "grievances_and_claims": evidence.more("grievances"),
        "posturing": evidence.more("posturing"),
        "sanctions": evidence.more("sanctions"),
        "hostile_messages": evidence.more("messages"),
    }
    weights = {**TENSION_WEIGHTS, "divergent_agendas": TENSION_WEIGHTS["votes_apart"], **HELD_TENSION_WEIGHTS}
    parts = {name: weights[name] * value for name, value in values.items()}
    excess = np.maximum(1.0, np.sum(list(parts.values()), axis=0))
    return {name: part / excess for name, part in parts.items()}


def _tension_sd(evidence: PairEvidence) -> Floats:
    votes = TENSION_WEIGHTS["votes_apart"] * _votes_sd(evidence)
    unseen = _UNSEEN_CONFLICT**2 * evidence.conflict_carried
    sd: Floats = np.sqrt(votes**2 + unseen + (_MODEL / 2) ** 2)
    return sd


def _probabilities(latent: Floats, sd: Floats, contact: Floats) -> Floats:
    """Return the probability of each level: an ordered mapping of the latent score, contact permitting."""
    cuts = np.array(_CUTS)
    below = 1.0 / (1.0 + np.exp(-_LOGISTIC * (cuts[None, :] - latent[:, None]) / sd[:, None]))
    edges = np.concatenate([np.zeros((len(latent), 1)), below, np.ones((len(latent), 1))], axis=1)
    ordered = np.diff(edges, axis=1) * contact[:, None]
    negligible = np.where(np.isnan(latent), np.nan, 1.0 - contact)
    return np.concatenate([ordered, negligible[:, None]], axis=1)


def classify(
    *, alignment: float, tension: float, treaty: int, level: Level | None, beyond_votes: float
) -> Class | None:
    """Return the class of a relation in one word, or None where alignment is unknown.

    adversary: tension of .35 or more, or .2 or more with alignment of -.2 or less, of which more than .05, the weight
    of a standing claim by itself, is not votes (`beyond_votes`). ally: bound by a defence pact (and a rival where it
    would be an adversary otherwise). rival: tension of .12 or more of which more than .05 is not votes, alignment of
    -.30 or less, or a rivalry as the most probable level. partner: an agreement, or alignment of .3 or more with
    contact. neutral: the rest.
    """
    if np.isnan(alignment):
        return None
    more_than_votes = beyond_votes > _BEYOND_VOTES
    hostile = tension >= 0.35 or (tension >= 0.2 and alignment <= -0.2 and more_than_votes)
    if treaty == 2:
        return "rival" if hostile else "ally"
    if hostile:
        return "adversary"
    rivalry = level in {Level.SEVERE_RIVALRY, Level.LESSER_RIVALRY}
    if rivalry or alignment <= -0.3 or (tension >= 0.12 and more_than_votes):
        return "rival"
    if treaty == 1 or (alignment >= 0.3 and level is not Level.NEGLIGIBLE_CONTACT):
        return "partner"
    return "neutral"


assert len(LEVELS) == len(_CUTS) + 2
