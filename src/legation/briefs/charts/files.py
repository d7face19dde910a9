"""Write a chart as a Vega-Lite specification, SVG or PNG, without a browser."""

from __future__ import annotations

from pathlib import Path

import msgspec

from legation.briefs.charts.style import Spec
from legation.errors import EngineError, InputError

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
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(f"{path} has a name of no known picture format.", remedy=f"Use one of {', '.join(FORMATS)}.")
    if path.exists() and not overwrite:
        raise InputError(f"{path} is there already.", remedy="Name another file, or say --overwrite.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent}.", remedy="Make it, or name another one.")
    path.write_bytes(_drawn(chart, suffix))


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
