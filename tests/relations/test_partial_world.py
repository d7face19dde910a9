"""A world that was built from a few sources answers with what it holds, and names what it does not."""

from __future__ import annotations

from datetime import date

import pytest

from legation.errors import CorruptStoreError
from legation.evidence.build import build_world
from legation.evidence.world import open_world
from legation.relations import landscape, relation
from legation.relations.actor_state import actor_state
from legation.relations.snapshot import snapshot
from legation.relations.ties_table.spec import ties_measure

pytestmark = pytest.mark.needs_shared
DAY = date(2010, 6, 30)


@pytest.fixture(scope="module")
def partial(shared_data, tmp_path_factory):
    """Return a world of disputes and agreements alone, with their ties."""
    folder = shared_data("dcad_v1_agreements.parquet").parent
    out = tmp_path_factory.mktemp("worlds") / "partial"
    return build_world(folder, out, only=("cow_mid", "dcad"), measures=lambda world, _tell: ties_measure(world))


def test_a_relation_answers_with_what_is_held(partial):
    """Treaties, claims, agreements and disputes speak; votes, conflict and distance are named as not held."""
    found = relation("GRC", "TUR", as_of=DAY, world=partial)

    assert found.relation_class == "ally"
    assert {"posturing", "grievances_and_claims"} == {driver.name for driver in found.drivers}
    assert {words.split()[0] for words in found.not_held} >= {"votes", "armed", "violence", "distance"}
    assert found.threat.a_to_b is None
    assert {"treaty", "claim", "agreement", "dispute"} <= {tie.kind for tie in found.ties}
    assert not any("Conflicts are carried" in note or "before the conflict data" in note for note in found.notes)


def test_every_other_question_is_answered_too(partial):
    """A landscape over time, an actor's state and a snapshot come out, and the state names what it lacks."""
    around = landscape("GRC", as_of=DAY, since=date(2000, 1, 1), world=partial, others=("TUR", "CYP", "BGR"))
    state = actor_state("GRC", as_of=DAY, world=partial)
    seen = snapshot(observer="GRC", actors=("GRC", "TUR"), as_of=DAY, world=partial)

    assert {row.other for row in around.relations} == {"TUR", "CYP", "BGR"}
    assert state.capability == state.stability == ()
    assert "armed forces (forces)" in state.not_held
    assert seen.tension[0, 1] > 0


def test_damage_is_not_taken_for_absence(partial, tmp_path):
    """A table that is there and damaged is an error."""
    from shutil import copytree

    copytree(partial.folder, tmp_path / "world")
    (tmp_path / "world" / "ties.parquet").write_bytes(b"PAR1")

    with pytest.raises(CorruptStoreError):
        relation("GRC", "TUR", as_of=DAY, world=open_world(tmp_path / "world"))
