"""Every source describes itself fully, and its odd names mean actors that exist."""

from __future__ import annotations

import pytest

from legation.actors.lookup import all_actors
from legation.errors import FormatError
from legation.evidence.attribution import attribution_text, shipped_attribution
from legation.evidence.description import describe_source, source_names
from legation.evidence.tables import all_tables

NAMES = source_names()
OTHER_MEANINGS = {"kinds"}  # lookups whose values are no actors


def test_there_is_a_source_for_each_table() -> None:
    """Each table's source is described, each source makes a table, and no two tables have one name."""
    assert {spec.source for spec in all_tables()} == set(NAMES)
    names = [spec.name for spec in all_tables()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("name", NAMES)
def test_sources_describe_and_assert(name: str) -> None:
    """A source names its holder, its completeness and its time, and is held against assertions with reasons."""
    source = describe_source(name)

    assert source.licence.attribution
    assert source.time_domain.first <= source.time_domain.last
    assert source.completeness
    assert source.all_files
    assert all(assertion.reason.endswith(".") for assertion in source.assertions)
    if any(file.endswith(".parquet") for file in source.all_files):
        assert {"rows"} <= {assertion.check for assertion in source.assertions}
    tables = {spec.name for spec in all_tables() if spec.source == name}
    assert {assertion.file for assertion in source.assertions} <= tables | set(source.all_files)
    assert {form.table for form in source.forms} <= tables


@pytest.mark.parametrize("name", [name for name in NAMES if describe_source(name).baseline])
def test_sources_of_the_baseline_may_be_passed_on(name: str) -> None:
    """A source of the baseline allows redistribution, for any use that names it."""
    licence = describe_source(name).licence

    assert licence.redistribution
    assert licence.use in {"any", "attribution"}


@pytest.mark.parametrize("name", NAMES)
def test_lookups_name_actors(name: str) -> None:
    """What a description says a name means is the id of an actor, a dated code, or left out."""
    actors = {str(actor.id) for actor in all_actors()}

    for table, entries in describe_source(name).lookups.items():
        if table not in OTHER_MEANINGS:
            named = {one for entry in entries.values() for one in entry.split(" or ") if one}
            strange = {v for v in named if v not in actors and not v.startswith("gw ")}
            assert not strange, f"{name}: {table}"


def test_an_unknown_source_has_no_description() -> None:
    """A name that is no source's is not found."""
    with pytest.raises(FileNotFoundError):
        describe_source("nobody")


def test_the_shipped_attribution_is_up_to_date(request: pytest.FixtureRequest) -> None:
    """ATTRIBUTION and NOTICE hold the attribution of every source, as the descriptions give it."""
    assert attribution_text() == shipped_attribution()
    assert shipped_attribution() in (request.config.rootpath / "NOTICE").read_text(encoding="utf-8")


def test_descriptions_with_unknown_fields_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """A misspelt field in a description is an error, not ignored."""
    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "description.toml").write_text('name = "made_up"\nlicense = "?"\n')
    monkeypatch.setattr("legation.evidence.description._folder", lambda: tmp_path)

    with pytest.raises(FormatError, match="made_up"):
        describe_source("made_up")
