"""When a cohort's next date must be acted upon: derived by one function from its state and its dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from bot.domain import Cohort, CohortState
from bot.domain.rhythm import Reader, at_local, next_decent
from bot.programs import template

REMINDED_BEFORE = timedelta(days=7)
"""How long before the announcement coordinators are reminded of pairs that are not published yet."""


def plan(cohort: Cohort) -> None:
    """Derive `next_date_at` anew; whatever changes a cohort's state, dates or call calls this in the same Work."""
    following = _NEXT.get(cohort.state)
    cohort.next_date_at = None if following is None else following(cohort)


def opens_at(cohort: Cohort) -> datetime:
    """When a call that was prepared for its day is posted."""
    return _hour_of(cohort.opens_on, cohort)


def decent(cohort: Cohort, moment: datetime) -> datetime:
    """That moment, or the next one at which a room or channel of this cohort may be written to."""
    return next_decent(moment, Reader(cohort.tz, cohort.quiet), rhythm=template(cohort.template).rhythm)


def _opening(cohort: Cohort) -> datetime | None:
    return None if cohort.call_channel_id is None else opens_at(cohort)


def _closing(cohort: Cohort) -> datetime:
    return _end_of(cohort.closes_on, cohort)


def overdue_at(cohort: Cohort) -> datetime:
    """When coordinators hear that the day of the announcement has passed without one."""
    return _hour_of(cohort.announced_on + timedelta(days=1), cohort)


def _reminder(cohort: Cohort) -> datetime:
    """Where the call closes so late that the news of it is the reminder, only the day after the announcement counts."""
    day = cohort.announced_on - REMINDED_BEFORE
    return _hour_of(day, cohort) if day > cohort.closes_on else overdue_at(cohort)


def _hour_of(day: date, cohort: Cohort) -> datetime:
    return at_local(day, template(cohort.template).rhythm.hour, zone=cohort.tz)


def _ending(cohort: Cohort) -> datetime:
    return _end_of(cohort.ends_on, cohort)


def _end_of(day: date, cohort: Cohort) -> datetime:
    return at_local(day + timedelta(days=1), time(), zone=cohort.tz)


_NEXT: Mapping[CohortState, Callable[[Cohort], datetime | None]] = {
    CohortState.DRAFT: _opening,
    CohortState.OPEN: _closing,
    CohortState.MATCHING: _reminder,
    CohortState.ACTIVE: _ending,
    CohortState.CLOSING: _ending,
}
