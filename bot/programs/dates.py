"""The dates that a cohort of a template usually has, and those proposed for a new one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from bot.programs.keys import WEEKDAYS, Section

_WEEK = re.compile(rf"week (\d{{1,3}})(?: ({'|'.join(WEEKDAYS)}))?")
_NO_LEAP_YEAR = 2027


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The five days of a cohort; they never go backwards."""

    opens_on: date
    closes_on: date
    announced_on: date
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of every year: "January 15"."""

    month: int
    day: int

    def after(self, earlier: date) -> date:
        """The first such day later than another one."""
        this_year = date(earlier.year, self.month, self.day)
        return this_year if this_year > earlier else date(earlier.year + 1, self.month, self.day)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day counted in weeks from a Monday: "week 6", "week 18 friday"."""

    week: int
    weekday: int

    def after(self, monday: date) -> date:
        """The day itself, counted from the Monday of week 0."""
        return monday + timedelta(weeks=self.week, days=self.weekday)


def _mark(text: object) -> YearDay | WeekDay:
    if found := _WEEK.fullmatch(str(text)):
        return WeekDay(int(found[1]), WEEKDAYS.index(found[2] or "monday"))
    try:
        day = datetime.strptime(f"{text} {_NO_LEAP_YEAR}", "%B %d %Y")  # noqa: DTZ007 - no time of day in it
    except ValueError:
        raise ValueError('it should be a day such as "January 15", or a week such as "week 6 monday"') from None
    return YearDay(day.month, day.day)


Mark = Annotated[YearDay | WeekDay, BeforeValidator(_mark)]


class TypicalDates(Section):
    """When the call opens and closes, pairs are announced, the program starts and ends, usually."""

    opens: Mark
    closes: Mark
    announced: Mark
    starts: Mark
    ends: Mark

    @property
    def marks(self) -> tuple[YearDay | WeekDay, ...]:
        """The five in their order."""
        return self.opens, self.closes, self.announced, self.starts, self.ends

    def proposed(self, today: date) -> Dates:
        """Dates for a cohort created today: the first whose call is not over yet; it never opens in the past.

        Weeks are counted from the Monday on or after today.
        """
        monday = today + timedelta(days=-today.weekday() % 7)
        if isinstance(self.opens, WeekDay):
            return _named([mark.after(monday) for mark in self.marks])
        runs = (self._in_turn(date(year - 1, 12, 31)) for year in range(today.year - 1, today.year + 2))
        run = next(run for run in runs if run.closes_on >= today)
        return replace(run, opens_on=max(run.opens_on, today))

    def _in_turn(self, earlier: date) -> Dates:
        days = []
        for mark in self.marks:
            earlier = mark.after(earlier)
            days.append(earlier)
        return _named(days)


def _named(days: list[date]) -> Dates:
    opens, closes, announced, starts, ends = days
    return Dates(opens_on=opens, closes_on=closes, announced_on=announced, starts_on=starts, ends_on=ends)
