"""A brief as a PDF for print, typeset from the same words as the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import msgspec

from legation.briefs.charts import Picture
from legation.briefs.charts.style import LEVELS
from legation.briefs.model import Brief, BriefMission, PartnerRelation, SourceNote
from legation.briefs.words import amount, headline, lead, people_words, percent, shortened, third_parties, way
from legation.errors import EngineError

__all__ = ["pdf_of"]

# archival and accessible: tagged, with alternative texts
PDF_STANDARDS: Literal["a-2a"] = "a-2a"

# the share of the line that each picture takes in print
_WIDTHS = {"matrix": 100, "timeline": 100, "map": 100, "parts": 78, "spend": 92}


def pdf_of(brief: Brief, *, pictures: Sequence[Picture]) -> bytes:
    """Typeset a brief as a tagged PDF/A file; fonts are the typesetter's own, so every machine gives the same pages.

    Raises
    ------
    EngineError
        When the typesetter fails.
    """
    import typst

    template = (files("legation.briefs") / "templates" / "brief.typ").read_bytes()
    sources = {"brief.typ": template, "brief.json": msgspec.json.encode(_content(brief, pictures))}
    sources |= {f"{picture.name}.svg": picture.print_svg.encode() for picture in pictures}
    # the typesetter reads pictures from files only
    with TemporaryDirectory(prefix="legation-") as folder:
        for name, content in sources.items():
            Path(folder, name).write_bytes(content)
        try:
            pdf: bytes = typst.compile(
                Path(folder, "brief.typ"),
                root=Path(folder),
                format="pdf",
                pdf_standards=PDF_STANDARDS,
                ignore_system_fonts=True,
            )
        except (typst.TypstError, RuntimeError) as error:
            raise EngineError(f"The PDF could not be typeset: {error}", remedy="Report this defect.") from error
    return pdf


def _content(brief: Brief, pictures: Sequence[Picture]) -> dict[str, Any]:
    plan, cohesion = brief.plan, brief.cohesion
    spill = cohesion.spill_over
    used = {partner for mission in brief.missions for partner in mission.planned.partners}
    return {
        "title": brief.title,
        "label": brief.label,
        "language": brief.language.split("-")[0],
        "subtitle": " · ".join(filter(None, (f"{brief.observer_name}, {brief.period}", brief.organisation))),
        "footer": f"Legation {brief.version} · {plan.engine} {plan.engine_version} · seed {plan.seed}",
        "headline": headline(brief),
        "lead": lead(brief),
        "currency": plan.currency,
        "pictures": [
            {"title": p.title, "description": p.description, "file": f"{p.name}.svg", "width": _WIDTHS[p.name]}
            for p in pictures
        ],
        "missions": [_mission(mission) for mission in brief.missions],
        "objectives": [
            {
                "title": o.title, "goal": o.goal_title, "kind": o.kind, "weight": percent(o.share, 1),
                "net": amount(o.n, 2), "interval": f"{o.n_low:.2f} to {o.n_high:.2f}",
            }
            for o in plan.objectives
        ],
        "parts": [
            {
                "title": p.title, "value": amount(p.value, 2),
                "interval": "" if p.low is None or p.high is None else f"{p.low:.2f} to {p.high:.2f}",
                "meaning": f"{p.missing_reason or p.meaning} ({way(p.better)})",
                "causes": " ".join(cause.sentence for cause in p.causes[:2]),
            }
            for p in cohesion.parts
        ],
        "contradictions": shortened([item.sentence for item in cohesion.contradictions]),
        "clashes": shortened([item.sentence for item in cohesion.clashes]),
        "spill_note": "" if spill is None else spill.sentence,
        "third_parties": shortened(third_parties(brief), most=15),
        "gaps": [
            *(item.sentence for item in cohesion.gaps),
            *(item.sentence for item in cohesion.orphans),
            *(item.sentence for item in cohesion.duplicates),
        ],
        "limits": [item.words for item in plan.binding],
        "left_out": [{"title": m.title, "reason": m.reason, "change": m.what_would_change} for m in plan.left_out],
        "relations_as_of": brief.relations_as_of,
        "partners": [_partner(relation) for relation in brief.relations if relation.actor in used],
        "assumptions": [
            *filter(None, [brief.description]),
            *(a.words for a in plan.assumptions),
            *cohesion.assumptions,
        ],
        "sources": [
            _source(s)
            for s in brief.sources
        ],
    }  # fmt: skip


def _mission(mission: BriefMission) -> Mapping[str, str]:
    planned = mission.planned
    kind = [mission.group, mission.purpose]
    kind += [planned.mode_title] if planned.mode_title != "standard" else []
    kind += [planned.status] if planned.status != "candidate" else []
    return {
        "title": planned.title,
        "kind": " · ".join(kind),
        "when": planned.start if planned.start == planned.end else f"{planned.start} to {planned.end}",
        "with": ", ".join(mission.partners),
        "cost": amount(planned.cost),
        "reason": " ".join(planned.reasons),
        "people": people_words(planned.people),
    }


def _partner(relation: PartnerRelation) -> Mapping[str, str]:
    return {
        "name": relation.name,
        "level": relation.note if relation.level is None else LEVELS[relation.level],
        "probability": percent(relation.probability),
        "treaty": relation.treaty,
        "alignment": amount(relation.alignment, 2),
        "tension": amount(relation.tension, 2),
        "view": " ".join(relation.judgements),
    }


def _source(source: SourceNote) -> str:
    what = "; ".join(filter(None, (f"{source.title}, {source.version}", source.covers)))
    return " ".join(filter(None, (f"{what}.", f"{source.licence}.", source.attribution)))
