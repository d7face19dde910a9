"""Pictures of relations show what the answers say, and are written as asked."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from legation.briefs.charts.files import write_chart
from legation.briefs.charts.measures import balance_chart, blocs_map, ideal_points_chart
from legation.briefs.relation_pictures import map_picture, network_picture, relation_picture
from legation.errors import InputError, MissingEvidenceError
from legation.evidence import open_world
from legation.relations import landscape, relation
from legation.relations.series import relation_series

WORLD = open_world()


def values_of(chart: object) -> list[dict]:
    """Collect every data value of a chart."""
    if isinstance(chart, dict):
        own = chart.get("data", {}).get("values", []) if isinstance(chart.get("data"), dict) else []
        return [*own, *(value for part in chart.values() for value in values_of(part) if part is not chart.get("data"))]
    return [value for part in chart for value in values_of(part)] if isinstance(chart, list) else []


def test_a_relation_over_time_shows_each_years_answer() -> None:
    """The picture holds alignment, tension and drivers exactly as the single answers give them."""
    values = values_of(relation_picture("FIN", "RUS", first=2019, last=2023, world=WORLD))
    answer = relation("FIN", "RUS", as_of=date(2021, 12, 31), world=WORLD)

    shown = [value for value in values if value.get("what") == "Tension" and value["year"] == 2021]
    assert [answer.tension.value] == [value["value"] for value in shown]
    drivers = {value["driver"]: value["value"] for value in values if "driver" in value and value["year"] == 2021}
    assert {driver.name.replace("_", " "): driver.value for driver in answer.drivers} == drivers
    levels = [value["probability"] for value in values if "probability" in value and value["year"] == 2021]
    assert sum(levels) == pytest.approx(1, abs=1e-3)


def test_a_series_leaves_out_years_without_one_of_the_two() -> None:
    """A state that did not exist yet has no relation in that year, which is named."""
    series = relation_series("EST", "SSD", first=2008, last=2013)

    assert series.missing == (2008, 2009, 2010)
    assert [answer.as_of.year for answer in series.relations] == [2011, 2012, 2013]


@pytest.mark.parametrize(
    ("pair", "years", "error"),
    [
        (("EST", "SSD"), (1992, 2000), "do not both exist"),
        (("EST", "FIN"), (2020, 2010), "no span"),
        (("EST", "FIN"), (1, 2000), "no span"),
    ],
)
def test_impossible_spans_are_refused(pair: tuple[str, str], years: tuple[int, int], error: str) -> None:
    """Reversed or endless years, and years in which the two never met, are named."""
    with pytest.raises(InputError, match=error):
        relation_series(*pair, first=years[0], last=years[1])


def test_the_map_and_the_network_show_the_landscape() -> None:
    """Each actor carries its level of the landscape, and allies are outlined on the map."""
    day = date(2024, 6, 1)
    rows = {row.other: row for row in landscape("PRT", as_of=day, world=WORLD).relations}
    chart = map_picture("PRT", as_of=day, world=WORLD)
    features = [value for value in values_of(chart) if value.get("type") == "Feature"]
    shown = {f["properties"]["actor"]: f["properties"]["level"] for f in features if f["properties"]["level"]}
    words = {actor: level.lower().replace(" ", "_") for actor, level in shown.items()}

    assert {actor: rows[actor].level.value for actor in words if actor != "PRT"} == {
        actor: word for actor, word in words.items() if actor != "PRT"
    }
    nodes = [value for value in values_of(network_picture("PRT", as_of=day, world=WORLD)) if "treaty" in value]
    assert {"ESP", "USA"} <= {node["actor"] for node in nodes}
    near = {node["actor"]: node["x"] ** 2 + node["y"] ** 2 for node in nodes}
    closest = min(near, key=near.__getitem__)
    assert rows[closest].alignment.value == max(rows[actor].alignment.value for actor in near)


def test_charts_of_measures_are_drawn(tmp_path: Path) -> None:
    """Ideal points, balance and blocs become pictures from tables with the documented columns."""
    points = pl.DataFrame(
        {
            "actor": ["FIN"] * 3 + ["RUS"] * 3,
            "year": [2020, 2021, 2022] * 2,
            "theta": [1.0, 1.1, 1.4, -0.5, -0.6, -1.2],
            "low": [0.8, 0.9, 1.1, -0.7, -0.8, -1.5],
            "high": [1.2, 1.3, 1.7, -0.3, -0.4, -0.9],
        }
    )
    years = pl.DataFrame({"year": [1946, 1947], "ties": [10, 12], "frustration": [1.0, 2.0], "balance": [0.8, 0.67]})
    blocs = pl.DataFrame({"actor": ["FIN", "RUS"], "bloc": [1, 2], "stability": [0.9, 0.4]})
    charts = {
        "points": ideal_points_chart(points, actors=["FIN", "RUS"], names={"FIN": "Finland", "RUS": "Russia"}),
        "balance": balance_chart(years),
        "blocs": blocs_map(blocs, borders=WORLD.borders(), when="1993 to 2001", on=date(2001, 12, 31)),
    }
    for name, chart in charts.items():
        write_chart(chart, tmp_path / f"{name}.svg")
        svg = (tmp_path / f"{name}.svg").read_text()
        assert svg.startswith("<svg")
        assert len(re.findall("<path", svg)) > 2
    assert "Finland" in (tmp_path / "points.svg").read_text()


def test_pictures_are_written_as_svg_png_and_specification(tmp_path: Path) -> None:
    """Each format is what its name says; the specification is Vega-Lite with its data."""
    chart = relation_picture("EST", "FIN", first=2020, last=2022, world=WORLD)
    for suffix in (".svg", ".png", ".json"):
        write_chart(chart, tmp_path / f"x{suffix}")

    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    assert "vega-lite/v5" in json.loads((tmp_path / "x.json").read_text())["$schema"]
    with pytest.raises(InputError, match="is there already"):
        write_chart(chart, tmp_path / "x.svg")
    write_chart(chart, tmp_path / "x.svg", overwrite=True)
    with pytest.raises(InputError, match="no known picture format"):
        write_chart(chart, tmp_path / "x.pdf")
    with pytest.raises(InputError, match="no folder"):
        write_chart(chart, tmp_path / "nowhere" / "x.svg")


def test_no_evidence_is_said(tmp_path: Path) -> None:
    """A pair on which the world holds nothing gives an error, not an empty picture."""
    with pytest.raises(MissingEvidenceError, match="no evidence"):
        relation_picture("USA", "GBR", first=1817, last=1820, world=WORLD)
