"""What the licences of a world's sources allow is said as the strictest of them says it."""

from __future__ import annotations

import msgspec
import pytest

from legation.evidence import open_world
from legation.evidence.description import describe_source, source_names
from legation.evidence.tables import all_tables
from legation.evidence.terms import terms_of


def with_uses(*uses: tuple[str, bool]):
    """Make a catalogue whose sources have these uses and permissions."""
    catalogue = open_world().catalogue
    sources = tuple(
        msgspec.structs.replace(s, licence=msgspec.structs.replace(s.licence, use=use, redistribution=free))
        for s, (use, free) in zip(catalogue.sources, uses, strict=False)
    )
    return msgspec.structs.replace(catalogue, sources=sources)


@pytest.mark.parametrize(
    ("uses", "use", "may", "word"),
    [
        ([("any", True)], "any", True, "may be passed on"),
        ([("any", True), ("attribution", True)], "attribution", True, "may be passed on"),
        ([("research", False), ("any", True)], "research", False, "Do not pass this world on"),
        ([("research", False), ("non-commercial", False)], "non-commercial", False, "Non-commercial use only"),
        ([("non-commercial", True)], "non-commercial", True, "Non-commercial use only"),
        ([], "any", True, "may be passed on"),
    ],
)
def test_the_strictest_licence_counts(uses, use: str, may: bool, word: str) -> None:  # noqa: FBT001
    """The narrowest use and any one refusal to pass on hold for the whole world."""
    terms = terms_of(with_uses(*uses))

    assert (use, may) == (terms.use, terms.may_be_passed_on)
    assert any(word in sentence for sentence in terms.sentences)


def test_the_shipped_world_may_be_passed_on() -> None:
    """Nothing in the wheel comes from a source that forbids it, and every shipped table says so."""
    catalogue = open_world().catalogue

    assert terms_of(catalogue).may_be_passed_on
    assert all(table.ship for table in catalogue.tables)
    assert all(describe_source(source.name).baseline for source in catalogue.sources)


@pytest.mark.parametrize("name", source_names())
def test_no_table_ships_that_its_licence_keeps(name: str) -> None:
    """A source whose licence forbids passing it on has no table in the wheel, and is not in the baseline."""
    source = describe_source(name)

    if not source.licence.redistribution or source.licence.use == "non-commercial":
        assert not source.baseline
        assert not [spec.name for spec in all_tables() if spec.source == name and spec.ship]
