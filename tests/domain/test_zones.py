"""Zones as people say them."""

import pytest

from bot.domain.zones import is_zone, matching_zones


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Chicago", "America/Chicago"),
        ("new york", "America/New_York"),
        ("york", "America/New_York"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("Eastern", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_city_is_enough(typed: str, zone: str) -> None:
    assert matching_zones(typed) == [zone]


@pytest.mark.parametrize("typed", ["zz", "hicago", "Atlantis", "ork"])
def test_the_middle_of_a_word_is_no_zone(typed: str) -> None:
    assert matching_zones(typed) == []


@pytest.mark.parametrize(
    ("name", "known"), [("Asia/Kolkata", True), ("Moon/Base", False), ("../etc", False), ("", False)]
)
def test_what_a_platform_says_is_believed_only_if_it_is_a_zone(name: str, known: bool) -> None:
    assert is_zone(name) is known
