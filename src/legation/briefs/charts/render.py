"""Turn specifications into SVG for pages and PDF for print, without a browser."""

from __future__ import annotations

import re

import msgspec

from legation.briefs.charts.style import FONT, PRINT_FONT, Spec
from legation.errors import EngineError

__all__ = ["Picture", "render"]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture: SVG for a page, SVG in the typesetter's own font for print, words for whoever cannot see it."""

    name: str
    title: str
    description: str
    svg: str
    print_svg: str


def render(chart: Spec, *, name: str, title: str, description: str) -> Picture:
    """Render one chart.

    Raises
    ------
    EngineError
        When the renderer refuses the specification.
    """
    import vl_convert

    try:
        svg = vl_convert.vegalite_to_svg(chart, vl_version="5.20")
    except ValueError as error:
        raise EngineError(f"The picture {name!r} could not be drawn: {error}", remedy="Report this defect.") from error
    return Picture(
        name=name,
        title=title,
        description=description,
        svg=_for_page(svg, name),
        print_svg=svg.replace(FONT, PRINT_FONT),
    )


def _for_page(svg: str, name: str) -> str:
    """Let the page scale the picture and keep ids apart: several pictures stand in one document."""
    found = re.match(r'<svg[^>]*width="([\d.]+)" height="([\d.]+)"', svg)
    if found is not None:
        head = found.group(0)
        fluid = re.sub(r'width="[\d.]+" height="[\d.]+"', f'style="max-width:{found.group(1)}px"', head)
        svg = fluid + svg[len(head) :]
    for prefix in ("clip", "gradient"):
        svg = re.sub(rf'(id="|url\(#){prefix}(_?\d+)', rf"\g<1>{name}-{prefix}\g<2>", svg)
    return svg
