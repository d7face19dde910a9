"""Gather what a brief needs from a plan, its desk and its world."""

from __future__ import annotations

from datetime import date

from legation import __version__
from legation.actors import ActorKind, actor, members, name
from legation.briefs.model import Brief, PartnerRelation, SourceNote, brief_of
from legation.briefs.text.relations import judgement_words
from legation.desk.months import month_text
from legation.evidence.catalogue import SourceInfo
from legation.planning.result import PlanResult
from legation.relations.types import LandscapeRow
from legation.service.questions import Setting, actors_of

__all__ = ["brief_for"]


def brief_for(setting: Setting, plan: PlanResult) -> Brief:
    """Gather the brief of a plan: the desk's words, the plan, and how the observer stands to every state."""
    info = setting.desk.info
    return brief_of(
        setting.desk,
        plan,
        months=[month_text(number, start=info.start) for number in range(info.months)],
        names={one: _short_name(one) for one in actors_of(setting.desk)},
        relations=_relations(setting),
        relations_as_of=setting.as_of.isoformat(),
        sources=_sources(setting),
        version=__version__,
    )


def _short_name(one: str) -> str:
    """Give a state's English name; organisations go by their short name, which is their id."""
    found = actor(one)
    return found.id if found.kind is ActorKind.ORGANISATION else name(one, language="en")


def _relations(setting: Setting) -> list[PartnerRelation]:
    """Give the observer's relation with every state of the day, and name the desk's partners that are no state."""
    from legation.relations import landscape

    observer = setting.desk.info.observer
    found = landscape(observer, as_of=setting.as_of, world=setting.world, judgements=setting.desk.judgements)
    points = {row["actor"]: (row["longitude"], row["latitude"]) for row in setting.world.table("points").to_dicts()}
    states = [_state(row, points.get(row.other)) for row in found.relations]
    seen = {relation.actor for relation in states}
    others = [one for one in actors_of(setting.desk) if one not in seen and one != observer]
    return [*states, *(_no_state(one, observer=observer, on=setting.as_of) for one in others)]


def _state(row: LandscapeRow, point: tuple[float, float] | None) -> PartnerRelation:
    return PartnerRelation(
        actor=row.other,
        name=row.name,
        kind="state",
        level=None if row.level is None else row.level.value,
        probability=row.probability,
        treaty=row.treaty_status,
        alignment=None if row.alignment is None else row.alignment.value,
        tension=None if row.tension is None else row.tension.value,
        note="" if row.level is not None else "The world holds no evidence on this pair.",
        judgements=tuple(judgement_words(one) for one in row.judgements),
        longitude=None if point is None else point[0],
        latitude=None if point is None else point[1],
    )


def _no_state(one: str, *, observer: str, on: date) -> PartnerRelation:
    found = actor(one)
    member = found.kind is ActorKind.ORGANISATION and observer in members(found.id, on=on)
    note = {
        ActorKind.STATE: "not a state of that day",
        ActorKind.ORGANISATION: f"organisation; the observer is {'a' if member else 'no'} member",
        ActorKind.ARMED_GROUP: "armed group",
        ActorKind.OTHER: "not a state",
    }[found.kind]
    return PartnerRelation(actor=one, name=found.name, kind=found.kind.value, level=None, note=note)


def _sources(setting: Setting) -> list[SourceNote]:
    return [
        SourceNote(
            title=f"{source.title} ({source.publisher})",
            version=source.version,
            licence=source.licence.name,
            covers=_covers(source),
            attribution=source.licence.attribution,
        )
        for source in setting.world.catalogue.sources
    ]


def _covers(source: SourceInfo) -> str:
    domain = source.time_domain
    if domain.kind == "series":
        return f"{domain.first.year} to {domain.last.year}"
    return f"as seen {domain.last.isoformat()[:7]}" if domain.kind == "snapshot" else ""
