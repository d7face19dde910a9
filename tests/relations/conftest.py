"""A world built from the reference data, with ties, for tests of what the baseline does not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

_SOURCES = (
    "archigos", "atop", "cepii_distance", "china_leader_travel", "china_public_diplomacy", "cia_factbook",
    "cldr_languages", "cow_mid", "cow_nmc", "cow_wars", "dcad", "gdp_population", "geopko", "gsdb", "icews", "kiel",
    "military_exercises", "ocha", "signals", "sipri_arms", "sipri_spending", "strategic_rivalries_tss",
    "ucdp_conflicts", "ucdp_deaths", "un_votes", "us_bases", "us_defence_visits", "us_training", "us_troops", "wgi",
    "wikidata_missions",
)  # fmt: skip


@pytest.fixture(scope="session")
def research(shared_data, tmp_path_factory):
    """Return a world with research tables and the ties they give."""
    from legation.evidence.build import build_world
    from legation.relations.ties_table.spec import ties_measure

    folder: Path = shared_data("dcad_v1_agreements.parquet").parent
    out = tmp_path_factory.mktemp("worlds") / "research"
    return build_world(folder, out, only=_SOURCES, measures=lambda world, _tell: ties_measure(world))
