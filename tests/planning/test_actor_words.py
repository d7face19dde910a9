"""Actors within sentences: names, never codes, with the article that English asks for."""

import pytest

from legation.desk.months import month_number
from legation.errors import InputError, UnknownActorError
from legation.planning.actor_words import actor_words


@pytest.mark.parametrize(
    ("code", "words"),
    [("USA", "the United States"), ("NLD", "the Netherlands"), ("CZE", "Czechia"), ("EU", "the European Union")],
)
def test_actors_are_named_as_sentences_do(code, words):
    """States and organisations bear their English names."""
    assert actor_words(code) == words


def test_nobody_has_an_invented_code():
    """A code that is nobody's is refused."""
    with pytest.raises(UnknownActorError):
        actor_words("XX-NOBODY")


@pytest.mark.parametrize("text", ["2027-5", "2027-13", "2027-00", "27-05", "2027/05", "", "2027-055"])
def test_a_month_has_its_form(text):
    """What is not written YYYY-MM is refused and not guessed at."""
    with pytest.raises(InputError):
        month_number(text, start="2027-01")
