"""A brief as one self-contained HTML file: no script, no address outside the file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from legation.briefs.charts import Picture
from legation.briefs.charts.style import LEVELS
from legation.briefs.model import Brief
from legation.briefs.words import amount, headline, lead, people_words, percent, shortened, third_parties, way

__all__ = ["html_of"]


def html_of(brief: Brief, *, pictures: Sequence[Picture]) -> str:
    """Lay a brief out as HTML; every text from the desk is escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(amount=amount, percent=percent, way=way, people=people_words)
    template = environment.from_string(
        (files("legation.briefs") / "templates" / "brief.html.j2").read_text(encoding="utf-8")
    )
    # the renderer escapes the texts inside the pictures itself
    drawn = [
        {"name": p.name, "title": p.title, "description": p.description, "svg": Markup(p.svg)}  # noqa: S704
        for p in pictures
    ]
    return template.render(
        brief=brief,
        plan=brief.plan,
        cohesion=brief.cohesion,
        pictures=drawn,
        headline=headline(brief),
        contradictions=shortened([item.sentence for item in brief.cohesion.contradictions]),
        clashes=shortened([item.sentence for item in brief.cohesion.clashes]),
        parties=shortened(third_parties(brief), most=15),
        lead=lead(brief),
        levels=LEVELS,
        used={partner for mission in brief.missions for partner in mission.planned.partners},
    )
