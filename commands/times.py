"""Days and times of day as people write them."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})$")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? (?:of )?([a-z]{3,9})\.?,?(?: (\d{4}))?$")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?$")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(rf"({'|'.join(_WEEKDAYS)})[a-z]{{0,6}}\.?,? ")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})? ?(?:(a|p)\.?m\.?)?$")
_NAMED_TIMES = {"noon": time(12), "midnight": time()}


def as_date(typed: str, today: date, *, near: date | None = None) -> date | None:
    """A day typed as "2027-06-01", "June 1", "1 June 2027", "today" or "tomorrow"; nothing when it could mean two days.

    A day without a year is the one nearest to `near`, else to `today`. A weekday before it has to be its own.
    """
    text = " ".join(typed.lower().split())
    if text in _NAMED_DAYS:
        return today + timedelta(days=_NAMED_DAYS[text])
    weekday = _WEEKDAY.match(text)
    found = _written(text[weekday.end() :] if weekday else text, near or today)
    return found if found and (weekday is None or _WEEKDAYS[found.weekday()] == weekday[1]) else None


def _written(text: str, near: date) -> date | None:
    if iso := _ISO.match(text):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if found := _DAY_FIRST.match(text):
        return _named(found[2], int(found[1]), found[3], near)
    if found := _MONTH_FIRST.match(text):
        return _named(found[1], int(found[2]), found[3], near)
    return None


_YEARS = range(1900, 2200)
"""Others are slips of the finger, and near the ends of the calendar nothing can be counted any more."""

_NAMED_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}


def _named(month: str, day: int, year: str | None, near: date) -> date | None:
    number = next((i for i, name in enumerate(_MONTHS, 1) if name.startswith(month)), None)
    if number is None:
        return None
    if year:
        return _day(int(year), number, day)
    years = [found for y in (near.year - 1, near.year, near.year + 1) if (found := _day(y, number, day))]
    return min(years, key=lambda found: abs(found - near), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def as_time(typed: str) -> time | None:
    """A time of day typed as "18:00", "6pm", "6:30 p.m.", "9", "noon" or "midnight"; nothing for anything else."""
    text = " ".join(typed.lower().split())
    if text in _NAMED_TIMES:
        return _NAMED_TIMES[text]
    found = _TIME.match(text)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half is not None:
        hour = hour % 12 + 12 * (half == "p") if 1 <= hour <= 12 else 24
    elif (hour, minute) == (24, 0):
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None
