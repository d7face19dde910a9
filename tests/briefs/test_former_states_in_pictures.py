"""Pictures of former states: they get the borders of their successors, and lines stop where evidence does."""

from __future__ import annotations

from datetime import date

import polars as pl

from legation.briefs.charts.map import borders_on
from legation.briefs.charts.measures import ideal_points_chart
from legation.briefs.relation_pictures import network_picture
from legation.cli.picture import _id_within
from legation.evidence import open_world

SQUARE = [[[[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]]]]


def test_a_former_state_gets_the_borders_of_its_successors():
    """In 1985 Russia's, Ukraine's and Latvia's shapes are the Soviet Union's; in 2000 each is its own."""
    borders = dict.fromkeys(("RUS", "UKR", "LVA", "FIN"), SQUARE)

    assert {name: len(shape) for name, shape in borders_on(borders, date(1985, 1, 1)).items()} == {"SUN": 3, "FIN": 1}
    assert set(borders_on(borders, date(2000, 1, 1))) == set(borders)


def test_lines_of_ideal_points_stop_where_votes_do():
    """A gap of years parts a line in two; the one missed session of 1964 does not."""
    years = [1948, 1949, 1963, 1965]
    points = pl.DataFrame(
        {"actor": ["CHN"] * 4, "year": years, "theta": [0.0] * 4, "low": [-0.1] * 4, "high": [0.1] * 4}
    )
    chart = ideal_points_chart(points, actors=["CHN"], names={"CHN": "China"})

    assert [row["run"] for row in chart["layer"][2]["data"]["values"]] == [0, 0, 1, 1]


def test_a_state_is_found_that_ends_within_a_picture():
    """The German Democratic Republic ended in October 1990, and a picture up to 1990 can show it."""
    assert _id_within("DDR", 1950, 1990) == "DDR"
    assert _id_within("Germany", 1950, 1990) == "DEU"


def test_treaties_of_a_later_day_stay_out_of_a_network():
    """Read as known before its accession, nobody is bound to Finland in the network around Norway."""
    day = date(2023, 12, 31)
    before = network_picture("NOR", as_of=day, world=open_world(known_on=date(2023, 1, 1)))
    after = network_picture("NOR", as_of=day, world=open_world())
    treaty = [
        {
            node["actor"]: node["treaty"]
            for layer in chart["layer"]
            for node in layer["data"]["values"]
            if "cx" in node and "actor" in node
        }
        for chart in (before, after)
    ]

    assert treaty[0]["FIN"] != "defence treaty"
    assert treaty[1]["FIN"] == "defence treaty"
