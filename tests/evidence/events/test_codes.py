"""The small tables of event coding against published lists."""

from __future__ import annotations

import re

import polars as pl
import pytest

from legation.evidence.events.codes import (
    CAMEO_ROOTS,
    PLOVER_QUADS,
    cameo_codes,
    code_table,
    goldstein,
    plover_type,
    quad_class,
)


@pytest.mark.needs_shared
def test_goldstein_values_are_the_published_ones(shared_peers):
    """All 312 codes of the list that ICEWS carries have its values, and each is known."""
    published = pl.read_csv(shared_peers("tables/cameo_goldstein.csv"), schema_overrides={"code": pl.String})

    assert set(published["code"]) <= cameo_codes()
    assert [
        (code, value, goldstein(code)) for code, _, value in published.iter_rows() if goldstein(code) != value
    ] == []


@pytest.mark.needs_shared
def test_the_gdelt_variant_is_what_a_genuine_export_carries(shared_data):
    """Every code of the export has GDELT's own value; only 016 and 022 differ from the other list."""
    export = pl.read_parquet(shared_data("gdelt_v2_export_20191024143000.parquet"))
    pairs = export.select("EventCode", pl.col("GoldsteinScale").cast(pl.Float64)).unique()

    assert [(code, v) for code, v in pairs.iter_rows() if goldstein(code, variant="gdelt") != v] == []
    differing = {code for code, value in pairs.iter_rows() if goldstein(code) != value}
    assert {"016", "022"} == differing


@pytest.mark.needs_shared
def test_cameo_becomes_plover_as_the_manual_says(shared_data):
    """Each line of the 2021 conversion table gives the type that the rule gives."""
    text = shared_data("cameo2plover_2021.txt").read_text(encoding="utf-8")
    lines = re.findall(r"^(\d{3,4}):\s*([A-Z]+)", text, flags=re.MULTILINE)

    assert len(lines) > 250
    assert [(code, type_) for code, type_ in lines if plover_type(code) != type_] == []


def test_quad_classes_follow_the_roots():
    """Roots 01-05, 06-08, 09-13 and 14-20 are the classes 1 to 4."""
    expected = [1] * 5 + [2] * 3 + [3] * 5 + [4] * 7

    assert expected == [quad_class(root) for root in CAMEO_ROOTS]


def test_every_code_has_all_its_facts():
    """Every code has a value within the scale, and a type unless it is a statement or an appeal."""
    table = code_table()

    assert table["goldstein"].is_between(-10, 10).all()
    assert table.filter(pl.col("plover").is_null())["root"].unique().sort().to_list() == ["01", "02"]
    assert set(table["plover"].drop_nulls()) <= set(PLOVER_QUADS)


def test_a_code_that_cameo_lacks_is_not_known():
    """A neighbour of a known code is not a code."""
    assert {"0219", "999", "1", "21", "0210"}.isdisjoint(cameo_codes())
