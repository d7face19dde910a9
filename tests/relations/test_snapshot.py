"""A relations snapshot is checked when made, and its weights bound spill-over."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from legation.actors.lookup import states
from legation.errors import InputError, UnknownActorError
from legation.relations.answer import relation
from legation.relations.levels import LEVELS
from legation.relations.snapshot import RelationsSnapshot, snapshot

DAY = date(2024, 6, 30)


def small(matrix: np.ndarray, **changes: object) -> RelationsSnapshot:
    """Make a snapshot of as many actors as the matrix has rows."""
    size = len(matrix)
    fields: dict[str, object] = {
        "as_of": DAY,
        "observer": "A0",
        "actors": tuple(f"A{place}" for place in range(size)),
        "alignment": matrix,
        "tension": np.zeros((size, size)),
        "level": np.full((size, size), -1, dtype=np.int8),
        "treaty": np.zeros((size, size), dtype=np.int8),
    }
    return RelationsSnapshot(**{**fields, **changes})  # type: ignore[arg-type]


@given(arrays(np.float64, (5, 5), elements=st.floats(-1, 1) | st.just(float("nan"))))
def test_weights_rows_sum_to_one_or_zero(matrix: np.ndarray) -> None:
    """Each row's absolute sum is 1 or 0, the observer's row and the diagonal are 0, and signs are kept."""
    upper = np.triu(matrix, k=1)
    alignment = upper + upper.T
    weights = small(alignment).weights()
    sums = np.abs(weights).sum(axis=1)

    assert np.all(np.isclose(sums, 1) | (sums == 0))
    assert not weights[0].any()
    assert not np.diagonal(weights).any()
    assert np.all(np.nan_to_num(alignment) * weights >= 0)


def test_weights_by_hand() -> None:
    """Three actors: the unknown tie counts as none, the observer's own row is removed."""
    unknown = float("nan")
    alignment = np.array([[0, 0.5, unknown], [0.5, 0, -0.25], [unknown, -0.25, 0]])

    expected = np.array([[0, 0, 0], [2 / 3, 0, -1 / 3], [0, -1, 0]])
    assert expected == pytest.approx(small(alignment).weights())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alignment": np.zeros((2, 3))}, "shape"),
        ({"alignment": np.array([[0, 2.0], [2.0, 0]])}, "allowed is -1 to 1"),
        ({"alignment": np.array([[0, 0.5], [0.4, 0]])}, "not symmetric"),
        ({"alignment": np.eye(2)}, "diagonal"),
        ({"tension": np.array([[0, -0.1], [-0.1, 0]])}, "allowed is 0 to 1"),
        ({"level": np.full((2, 2), 6, dtype=np.int8)}, "level"),
        ({"actors": ("A0", "A0")}, "twice"),
    ],
)
def test_broken_matrices_are_refused(changes: dict[str, object], message: str) -> None:
    """Wrong shapes, ranges, symmetry and repeated actors are errors that name the matrix."""
    with pytest.raises(InputError, match=message):
        small(np.zeros((2, 2)), **changes)


def test_an_actor_outside_the_snapshot_is_named() -> None:
    """Asking for the row of an actor that is not there is an error."""
    with pytest.raises(UnknownActorError, match="FRA"):
        small(np.zeros((2, 2))).index("FRA")


def test_a_part_keeps_its_figures() -> None:
    """Restricting to some actors keeps their relations, in the new order."""
    whole = snapshot(observer="EST", actors=("EST", "LVA", "RUS", "FIN"), as_of=DAY)
    part = whole.restrict(("RUS", "EST"))

    assert part.actors == ("RUS", "EST")
    assert part.alignment[0, 1] == whole.alignment[0, 2]


def test_snapshot_and_single_answers_agree() -> None:
    """The same pair has the same figures in a snapshot and alone."""
    actors = ("EST", "RUS", "UKR", "USA", "CHN")
    whole = snapshot(observer="EST", actors=actors, as_of=DAY)

    for i, a in enumerate(actors):
        for j, b in enumerate(actors[:i]):
            alone = relation(a, b, as_of=DAY)
            assert alone.alignment is not None
            assert alone.tension is not None
            assert whole.alignment[i, j] == pytest.approx(alone.alignment.value, abs=1e-4)
            assert whole.tension[i, j] == pytest.approx(alone.tension.value, abs=1e-4)
            assert LEVELS[whole.level[i, j]] == alone.level


def test_actors_that_are_not_there_have_unknown_relations() -> None:
    """Organisations and states of another time are kept, with unknown relations."""
    found = snapshot(observer="EST", actors=("EST", "NATO", "SUN", "LVA"), as_of=DAY)

    assert np.isnan(found.alignment[0, 2])
    assert found.level[0, 1] == -1
    assert not np.isnan(found.alignment[0, 3])


def test_unknown_ids_and_repeats_are_refused() -> None:
    """An id that is nobody's and an actor named twice are errors."""
    with pytest.raises(UnknownActorError):
        snapshot(observer="EST", actors=("EST", "ATLANTIS"), as_of=DAY)
    with pytest.raises(InputError, match="twice"):
        snapshot(observer="EST", actors=("EST", "LVA", "LVA"), as_of=DAY)


def test_the_order_of_actors_does_not_matter() -> None:
    """Permuting the actors permutes the figures and changes none."""
    actors = ("EST", "MAR", "IND", "PAK", "BRA")
    one = snapshot(observer="EST", actors=actors, as_of=DAY)
    other = snapshot(observer="EST", actors=actors[::-1], as_of=DAY).restrict(actors)

    assert np.allclose(one.alignment, other.alignment)
    assert np.array_equal(one.level, other.level)


def test_sixty_actors_are_quick() -> None:
    """A snapshot of sixty actors takes about half a second; the limit leaves room for a busy machine."""
    actors = [str(state.id) for state in states(DAY)][:60]
    start = time.process_time()
    snapshot(observer="EST", actors=actors, as_of=date(2023, 5, 17))

    assert time.process_time() - start < 4
