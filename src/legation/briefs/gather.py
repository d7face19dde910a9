"""Gather what a brief needs from a plan, its desk and its world."""

from __future__ import annotations

from legation import __version__
from legation.actors import actor, name
from legation.briefs.model import Brief, PartnerRelation, SourceNote, brief_of
from legation.desk.context import Judgement
from legation.desk.desk import Desk
from legation.desk.months import month_text
from legation.evidence.catalogue import SourceInfo
from legation.planning.result import PlanResult
from legation.relations.levels import LEVELS
from legation.service.questions import Setting, actors_of

__all__ = ["brief_for"]


def brief_for(setting: Setting, plan: PlanResult) -> Brief:
    """Gather the brief of a plan: the desk's words, the plan, and how the observer stands to every state."""
    info = setting.desk.info
    return brief_of(
        setting.desk,
        plan,
        months=[month_text(number, start=info.start) for number in range(info.months)],
        names={one: name(one, language="en") for one in actors_of(setting.desk)},
        relations=_relations(setting),
        relations_as_of=setting.as_of.isoformat(),
        sources=_sources(setting),
        version=__version__,
    )


def _sources(setting: Setting) -> list[SourceNote]:
    return [_source(source) for source in setting.world.catalogue.sources]
