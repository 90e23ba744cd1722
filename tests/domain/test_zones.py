"""Zones as people say them."""

import pytest

from bot.domain.zones import _spoken, is_zone, matching_zones, zone_label


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Chicago", "America/Chicago"),
        ("new york", "America/New_York"),
        ("york", "America/New_York"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("Eastern", "America/New_York"),
        ("utc", "UTC"),
        ("Boston", "America/New_York"),
        ("washington dc", "America/New_York"),
        ("St. Louis", "America/Chicago"),
        ("San Francisco", "America/Los_Angeles"),
        ("Mumbai", "Asia/Kolkata"),
        ("EST", "America/New_York"),
        ("New York – Eastern time", "America/New_York"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("bosto", "America/New_York"),
    ],
)
def test_a_city_is_enough(typed: str, zone: str) -> None:
    assert matching_zones(typed) == [zone]


@pytest.mark.parametrize(
    ("typed", "zones"),
    [
        ("Portland", {"America/Los_Angeles", "America/New_York"}),
        ("Springfield", {"America/New_York", "America/Chicago"}),
        ("Cambridge", {"America/New_York", "Europe/London"}),
    ],
)
def test_a_name_that_several_towns_share_leaves_the_choice(typed: str, zones: set[str]) -> None:
    assert zones <= set(matching_zones(typed))
    assert len(matching_zones(typed)) > 1


def test_every_place_that_people_name_lies_in_a_zone_of_the_database() -> None:
    assert [zone for zone in _spoken() if not is_zone(zone)] == []


def test_a_zone_is_shown_by_its_city_and_its_common_name() -> None:
    assert zone_label("America/New_York") == "New York – Eastern time"
    assert zone_label("Asia/Tashkent") == "Tashkent"


@pytest.mark.parametrize("typed", ["zz", "hicago", "Atlantis", "ork"])
def test_the_middle_of_a_word_is_no_zone(typed: str) -> None:
    assert matching_zones(typed) == []


@pytest.mark.parametrize(
    ("name", "known"), [("Asia/Kolkata", True), ("Moon/Base", False), ("../etc", False), ("", False)]
)
def test_what_a_platform_says_is_believed_only_if_it_is_a_zone(name: str, known: bool) -> None:
    assert is_zone(name) is known
