"""Numbers are read from the Factbook's texts with care, and left out where a text gives none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legation.evidence.sources.cia_factbook.load import Strength, count_places, read_strength


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("approximately 7,500 active-duty troops (2025)", (7_500, 7_500, 2025, "active")),
        ("estimated 10-12,000 active duty Armed Forces (2025)", (10_000, 12_000, 2025, "active")),
        ("estimated 850,000-1 million active Forces (2025)", (850_000, 1_000_000, 2025, "active")),
        ("estimated 1.1-1.2 million active; estimated 350,000 Guard (2025)", (1_100_000, 1_200_000, 2025, "active")),
        ("information varies; about 1.5 million active, mostly Army (2025)", (1_500_000, 1_500_000, 2025, "active")),
        ("the Georgian Forces are authorized up to 37,000 personnel (2025)", (37_000, 37_000, 2025, "authorised")),
        ("estimated 600 Defense Force; estimated 500 Federal Police (2023)", (600, 600, 2023, "forces")),
        ("estimates vary; up to 2,000 trained military personnel (the plan is 5,000)", (2_000, 2_000, None, "forces")),
        ("estimated 150-300,000 active-duty Defense Force&nbsp; (2025)", (150_000, 300_000, 2025, "active")),
    ],
)  # fmt: skip
def test_the_first_strength_is_read(text: str, expected: tuple[int, int, int | None, str]) -> None:
    """Figures, short ranges and millions become a lower and an upper number of people."""
    low, high, year, scope = expected

    assert Strength(low=low, high=high, year=year, scope=scope) == read_strength(text)


@pytest.mark.parametrize(
    "text",
    [
        "not available",
        "",
        "prior to the fighting in 2023, estimates varied: up to 200,000 (2023)",
        "the Taliban claims to have 190,000 (2025)",
        "approximately 10-15,000 Ministry of Public Security personnel (2025)",
        "the PA police and security forces have approximately 28,000 active personnel (2024)",
        "estimated 20-10 active Armed Forces",
    ],
)
def test_texts_without_a_figure_for_forces_give_none(text: str) -> None:
    """Police, claims, past figures, reversed ranges and refusals to say are not turned into numbers."""
    assert read_strength(text) is None


@given(st.text(max_size=200))
def test_any_text_is_read_or_left(text: str) -> None:
    """No text makes the reader fail, and whatever it reads is a range of people."""
    strength = read_strength(text)

    assert strength is None or 0 <= strength.low <= strength.high


@given(st.integers(1, 999), st.integers(0, 999))
def test_short_ranges_are_completed(low: int, more: int) -> None:
    """'10-12,000' means ten to twelve thousand, whatever the numbers."""
    high = low + more
    strength = read_strength(f"estimated {low}-{high},000 active Armed Forces (2025)")

    if high <= 999:
        assert strength == Strength(low=low * 1000, high=high * 1000, year=2025, scope="active")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Barcelona", 1),
        ("Anchorage (AK), Hagatna (Guam), Honolulu", 3),
        ("Guangzhou, Shanghai; note - Chengdu, closed in 2020", 2),
        ("Vladivostok (suspended status), Yekaterinburg (suspended status)", 0),
        ("343 East, 43rd Street, New York, NY 10017", 1),
    ],
)
def test_places_are_counted(text: str, count: int) -> None:
    """Lists of places are counted; addresses are one post, suspended ones none."""
    assert count == count_places(text)
