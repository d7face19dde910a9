"""What an answer about a relation consists of: frozen structs that encode to JSON as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, Protocol

import msgspec

from legation.relations.levels import Class, Level, TreatyWord
from legation.relations.trained import LevelAnswer

__all__ = [
    "ActorState",
    "DeskJudgement",
    "Driver",
    "Figure",
    "Interval",
    "JudgementLike",
    "Landscape",
    "LandscapeRow",
    "Relation",
    "Threat",
    "Tie",
]


class Interval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure with the ends of its 90 % interval."""

    value: float
    low: float
    high: float


class Driver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a figure: the parts' values add up to it.

    `share` is the part's size over the sum of all parts' sizes. `year` is the year the evidence speaks of, `carried`
    says that it was carried forward from there to a later date.
    """

    name: str
    value: float
    share: float
    text: str
    source: str
    year: int | None = None
    carried: bool = False


class Tie(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that binds two actors, or parts them, with its date and source.

    `in_score` says whether the score counts it. `kind` is `treaty`, `organisation`, `embassy`, `troops`, `training`,
    `side_by_side`, `language`, `border` or `claim`, or a kind of the world's table of ties.
    """

    kind: str
    text: str
    source: str
    dated: str = ""
    seen: bool = False
    in_score: bool = False
    direction: Literal["both", "a_to_b", "b_to_a"] = "both"


class Threat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Directed threat in [0, 1]: the stronger the forces, the nearer and the tenser, the higher; None where unknown."""

    a_to_b: float | None
    b_to_a: float | None
    note: str


class JudgementLike(Protocol):
    """What a desk's judgement of a relation must have; the desk's own type has it."""

    @property
    def subject(self) -> str:
        """The actor judged from."""

    @property
    def object(self) -> str:
        """The actor judged."""

    @property
    def level(self) -> str | None:
        """A level, or none given."""

    @property
    def alignment(self) -> float | None:
        """In [-1, 1], or none given."""

    @property
    def tension(self) -> float | None:
        """In [0, 1], or none given."""

    @property
    def dated(self) -> date:
        """The day of the judgement."""

    @property
    def judge(self) -> str:
        """Who judged."""

    @property
    def reason(self) -> str:
        """Why."""


class DeskJudgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A desk's own signed and dated view, kept beside the computed one and never mixed into it.

    `old` says that it was more than a year old on the day of the answer.
    """

    subject: str
    object: str
    dated: date
    judge: str
    reason: str
    level: str | None = None
    alignment: float | None = None
    tension: float | None = None
    old: bool = False


class Relation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How two actors stand at a date.

    `level`, `alignment`, `tension` and `relation_class` are None where the world holds no evidence on the pair.
    `drivers` add up to the tension, `alignment_parts` to the alignment, `level_parts` to `level_score`, from which the
    probabilities follow. `trained_level` is the answer of a trained model where the world holds one. `not_held` names
    the drivers of tension for which the world has no table.
    """

    a: str
    b: str
    as_of: date
    level: Level | None
    level_probabilities: Mapping[str, float]
    basis: str
    relation_class: Class | None
    treaty_status: TreatyWord
    treaty_grounds: tuple[str, ...]
    alignment: Interval | None
    alignment_parts: tuple[Driver, ...]
    tension: Interval | None
    drivers: tuple[Driver, ...]
    threat: Threat
    ties: tuple[Tie, ...]
    judgements: tuple[DeskJudgement, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    world_hash: str
    level_score: float | None = None
    level_parts: tuple[Driver, ...] = ()
    trained_level: LevelAnswer | None = None
    not_held: tuple[str, ...] = ()


class Figure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure about an actor, with what it measures, its date and source.

    `low` and `high` are the ends of a range or interval; `seen` marks a figure of a snapshot of another date, `carried`
    one of an earlier year.
    """

    name: str
    value: float
    unit: str
    dated: str
    source: str
    low: float | None = None
    high: float | None = None
    seen: bool = False
    carried: bool = False


class ActorState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An actor's capability and stability at a date, figure by figure; what is not known is not there.

    `not_held` names what Legation could say with tables that the world does not hold.
    """

    actor: str
    name: str
    as_of: date
    capability: tuple[Figure, ...]
    stability: tuple[Figure, ...]
    notes: tuple[str, ...]
    not_held: tuple[str, ...] = ()


class Landscape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an actor stands to all others, from the closest to the most hostile, with each one's own state.

    `neighbours` are the actors it shares a land border with, as far as the world knows. With `since` come the relations
    that changed, alliance shifts, the actors with the most similar profile, and ties that began or ended.
    """

    actor: str
    as_of: date
    state: ActorState
    relations: tuple[LandscapeRow, ...]
    neighbours: tuple[str, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    world_hash: str
    since: date | None = None
    changes: tuple[RelationChange, ...] = ()
    shifts: tuple[AllianceShift, ...] = ()
    similar: tuple[SimilarActor, ...] = ()
    tie_changes: tuple[TieChange, ...] = ()


class RelationChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A relation that stands otherwise at a date than at an earlier one.

    `changed` names what moved beyond its interval: alignment or tension whose two intervals have no point in common, a
    level that is another and to which more than half of the probability moved. Relations of which nothing moved so far
    are not listed. `size` is the largest of the moves of alignment and tension.
    """

    other: str
    name: str
    changed: tuple[Literal["alignment", "tension", "level"], ...]
    alignment_before: Interval | None
    alignment_after: Interval | None
    tension_before: Interval | None
    tension_after: Interval | None
    level_before: Level | None
    level_after: Level | None
    probability_before: float | None
    probability_after: float | None
    size: float


class AllianceShift(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A treaty that began or ended to bind, an organisation joined or left, or a status given or withdrawn.

    `others` are the actors concerned: the other parties, or the non-state actor whose status it is. `day` is missing
    where it is not known.
    """

    kind: Literal[
        "treaty entered", "treaty left", "organisation joined", "organisation left", "status given", "status withdrawn"
    ]
    what: str
    others: tuple[str, ...]
    day: date | None
    source: str


class SimilarActor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An actor that stands to all third actors much as the landscape's actor does; `distance` 0 is the same profile.

    The distance is a root mean square difference in units of each measure's spread; `measures` says how many entered.
    """

    other: str
    name: str
    distance: float
    shared: int
    measures: int


class TieChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ties of one kind with one other that began, or that ended, between two dates; up to three labels."""

    other: str
    name: str
    kind: str
    began: int
    ended: int
    labels: tuple[str, ...]


class LandscapeRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of a landscape."""

    other: str
    name: str
    relation_class: Class | None
    level: Level | None
    probability: float | None
    treaty_status: TreatyWord
    alignment: Interval | None
    tension: Interval | None
    top_driver: str
    is_neighbour: bool
    distance_km: int | None
    state: ActorState
    judgements: tuple[DeskJudgement, ...] = ()
