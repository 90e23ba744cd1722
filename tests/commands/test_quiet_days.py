"""Quiet days as one line of text, and back."""

from datetime import date

import pytest

from commands import quiet_days
from commands.spec import Refused

NEAR = date(2027, 11, 14)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("", []),
        ("2027-12-24", ["2027-12-24"]),
        ("December 31 to January 2", ["2027-12-31", "2028-01-01", "2028-01-02"]),
        ("2027-12-31 – 2028-01-01; May 17, 2028", ["2027-12-31", "2028-01-01", "2028-05-17"]),
        ("July 4 and July 4", ["2027-07-04"]),
        ("24 December 2027 until 25 December 2027\n2028-01-01", ["2027-12-24", "2027-12-25", "2028-01-01"]),
    ],
)
def test_days_and_spans_are_read(typed: str, days: list[str]) -> None:
    assert quiet_days.read(typed, near=NEAR) == days


@pytest.mark.parametrize("typed", ["Christmas", "2027-12-24 to", "a to b to c", "2027-02-30", "to", "@everyone", "–"])
def test_what_cannot_be_read_is_named(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        quiet_days.read(typed, near=NEAR)
    assert refused.value.field == "quiet_days"
    assert refused.value.words.places["piece"]


@pytest.mark.parametrize("typed", ["2027-12-24 to 2028-01-02, 2028-02-21", "", "2027-12-24"])
def test_what_is_written_is_read_again(typed: str) -> None:
    assert quiet_days.write(quiet_days.read(typed, near=NEAR)) == typed
