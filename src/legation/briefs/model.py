"""What a brief shows: a plan, its cohesion and the partners' relations, gathered into one record for every door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from legation.cohesion.result import CohesionReport
from legation.desk.desk import Desk
from legation.desk.instruments import branch, instrument_tree
from legation.desk.labels import label_notice
from legation.errors import InputError
from legation.planning.result import PlannedMission, PlanResult

__all__ = ["GROUPS", "Brief", "BriefMission", "PartnerRelation", "SourceNote", "brief_of"]

GROUPS = {
    "presence": "Presence",
    "talks": "Talks",
    "confidence": "Confidence and verification",
    "exercises": "Exercises and port calls",
    "capacity": "Capacity building",
    "information-sharing": "Information sharing",
    "peace-operations": "Peace operations",
    "humanitarian": "Humanitarian relief",
}
"""The roots of the built-in instrument tree, in the order of legends; a desk's own roots count as Other."""

OTHER_GROUP = "Other"


class PartnerRelation(msgspec.Struct, frozen=True, kw_only=True):
    """How the observer stands to one actor: what the map is coloured by and the partner table says.

    `level` is one of the five levels or ``negligible_contact``; None where the world cannot say, with `note`.
    `judgements` are the desk's own views, beside the computed one.
    """

    actor: str
    name: str
    kind: Literal["state", "organisation", "armed_group", "other"]
    level: str | None
    probability: float | None = None
    treaty: str = "none"
    alignment: float | None = None
    tension: float | None = None
    dated: str = ""
    note: str = ""
    judgements: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


class SourceNote(msgspec.Struct, frozen=True, kw_only=True):
    """A source that the brief rests on."""

    title: str
    version: str
    licence: str
    covers: str
    attribution: str = ""


class BriefMission(msgspec.Struct, frozen=True, kw_only=True):
    """A planned mission with what the pictures need beside the plan's own words."""

    planned: PlannedMission
    partners: tuple[str, ...]
    row: str
    group: str
    purpose: str
    place: str | None


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the page.

    `label` is the highest label among the desk's records with the notice that it is not enforced.
    """

    title: str
    organisation: str
    description: str
    observer: str
    observer_name: str
    period: str
    months: tuple[str, ...]
    language: str
    label: str
    plan: PlanResult
    cohesion: CohesionReport
    missions: tuple[BriefMission, ...]
    relations: tuple[PartnerRelation, ...]
    relations_as_of: str
    sources: tuple[SourceNote, ...]
    version: str


def brief_of(
    desk: Desk,
    plan: PlanResult,
    *,
    months: Sequence[str],
    names: Mapping[str, str],
    relations: Sequence[PartnerRelation],
    relations_as_of: str,
    sources: Sequence[SourceNote],
    version: str,
) -> Brief:
    """Gather a brief.

    Parameters
    ----------
    desk
        The desk that the plan was made from.
    plan
        A plan with its cohesion report.
    months
        The plan's months, YYYY-MM.
    names
        Readable names by actor id.
    relations, relations_as_of, sources
        How the observer stands to the partners, on which day, from which sources.
    version
        The version of Legation that made it.

    Raises
    ------
    InputError
        When the plan carries no cohesion report.
    """
    if plan.cohesion is None:
        raise InputError(
            "The plan has no cohesion report, and a brief shows one.", remedy="Add it with `with_cohesion`."
        )
    return Brief(
        title=desk.info.title,
        organisation=desk.info.organisation,
        description=desk.info.description,
        observer=desk.info.observer,
        observer_name=names[desk.info.observer],
        period=f"{months[0]} to {months[-1]}",
        months=tuple(months),
        language=desk.info.language,
        label=label_notice(desk),
        plan=plan,
        cohesion=plan.cohesion,
        missions=_missions(desk, plan, names),
        relations=tuple(relations),
        relations_as_of=relations_as_of,
        sources=tuple(sources),
        version=version,
    )


def _missions(desk: Desk, plan: PlanResult, names: Mapping[str, str]) -> tuple[BriefMission, ...]:
    tree = instrument_tree(desk.instruments)
    records = {mission.id: mission for mission in desk.missions}
    found = []
    for planned in plan.missions:
        record = records[planned.mission]
        partners = tuple(names[partner] for partner in record.partners)
        root = branch(record.instrument, tree=tree)[-1]
        found.append(
            BriefMission(
                planned=planned,
                partners=partners,
                row=partners[0] if len(partners) == 1 else f"{partners[0]} + {len(partners) - 1}",
                group=GROUPS.get(root, OTHER_GROUP),
                purpose=record.purpose.replace("_", " "),
                place=None if record.place is None else names[record.place],
            )
        )
    return tuple(sorted(found, key=lambda mission: (mission.planned.start_index, mission.planned.title)))
