"""Write a chart as a Vega-Lite specification, SVG or PNG, without a browser."""

from __future__ import annotations

from pathlib import Path

import msgspec

from legation.briefs.charts.style import Spec
from legation.errors import EngineError
from legation.evidence.own import refuse_unwritable

__all__ = ["FORMATS", "write_chart"]

FORMATS = (".json", ".svg", ".png")
_VERSION = "5.20"
_SCALE = 2.0  # dots per point of a PNG: sharp on screens of today and in print at half the size


def write_chart(chart: Spec, path: Path, *, overwrite: bool = False) -> None:
    """Write a chart in the format that the file's name says.

    Parameters
    ----------
    chart
        A Vega-Lite specification with its data.
    path
        A file that ends in .json (the specification itself), .svg or .png.
    overwrite
        Replace a file that is there.

    Raises
    ------
    InputError
        When the format is not known, the folder is not there, or the file is there and `overwrite` is not given.
    EngineError
        When the renderer refuses the specification.
    """
    refuse_unwritable(path, overwrite=overwrite, formats=FORMATS, what="picture format")
    path.write_bytes(_drawn(chart, path.suffix.lower()))


def _drawn(chart: Spec, suffix: str) -> bytes:
    if suffix == ".json":
        return msgspec.json.format(msgspec.json.encode(chart), indent=1) + b"\n"
    import vl_convert

    try:
        if suffix == ".svg":
            return str(vl_convert.vegalite_to_svg(chart, vl_version=_VERSION)).encode()
        return bytes(vl_convert.vegalite_to_png(chart, vl_version=_VERSION, scale=_SCALE))
    except ValueError as error:
        raise EngineError(f"The picture could not be drawn: {error}", remedy="Report this defect.") from error
