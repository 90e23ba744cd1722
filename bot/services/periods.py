"""What becomes of each member's periods: exactly one outcome each.

A period is settled when it falls due, with or without a letter. The period in which a pairing ends counts as ended for
every member, unless it was settled before; a period whose letter would fall after the pairing's last day is settled
only by that end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot import programs
from bot.domain import Member, Nudge, Outcome, Pace, Pairing, PairingState, Person, rhythm
from bot.services import calendar
from bot.storage.work import Work

LETTERS = frozenset({Outcome.NUDGED, Outcome.THANKED})
"""Outcomes that come with a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One member's period that has fallen due, and the day around which its letter falls."""

    person: Person
    member: Member
    number: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A period and what became of it."""

    period: Period
    outcome: Outcome


def fallen_due(person: Person, members: Sequence[Member], now: datetime) -> list[Period]:
    """Every period of these members that is due and has no outcome, oldest first.

    What falls to a person around one rhythm day is one letter: a period that is due a few hours later, because another
    cohort has other hours or quiet days, is taken along.
    """
    days = [period.day for member in members for period in _until(person, member, now=now)]
    latest = max(days, default=date.min)
    return [period for member in members for period in _until(person, member, now=now, day=latest)]


def settle(
    due: Sequence[Period], logged: Mapping[int, datetime], *, pace: Pace, now: datetime, as_if_active: bool = False
) -> list[Settled]:
    """The outcome of each period. `logged` is when each pairing's newest check-in was written, `pace` the person's.

    `as_if_active`: what it would be if no pairing were paused.
    """
    cases = (_Case(one, pace, logged.get(one.member.pairing_id), now, as_if_active) for one in due)
    return [Settled(period=case.period, outcome=_outcome(case)) for case in cases]


async def end(work: Work, pairing: Pairing, *, on: date) -> None:
    """Settle as ended what is open of a pairing that ends on a day, up to the period of that day; cohort loaded."""
    if pairing.starts_on is None:
        return
    beat = programs.template(pairing.cohort.template).rhythm
    last = rhythm.period_on(pairing.starts_on, on, rhythm=beat)
    rows: list[Mapping[str, Any]] = [
        {"member_id": member.id, "period": number, "outcome": Outcome.ENDED, "at": work.now, **_SILENT}
        for member in pairing.members
        for number in range(member.period + 1, last + 1)
    ]
    await work.insert_once(Nudge, rows, unique=["member_id", "period"])
    for member in pairing.members:
        member.period = max(member.period, last)


_SILENT = {"topic": "", "prompt": "", "answer": "", "letter_id": None}


def _until(person: Person, member: Member, *, now: datetime, day: date = date.min) -> Iterator[Period]:
    number = member.period + 1
    while (at := calendar.due_at(person, member, number)) is not None:
        around = calendar.rhythm_day(member.pairing, number)
        if at > now and around > day:
            return
        yield Period(person=person, member=member, number=number, day=around)
        number += 1


@dataclass(frozen=True, slots=True)
class _Case:
    period: Period
    pace: Pace
    logged: datetime | None
    now: datetime
    as_if_active: bool


def _outcome(case: _Case) -> Outcome:
    return next((outcome for holds, outcome in _OUTCOMES if holds(case)), Outcome.NUDGED)


def _is_paused(case: _Case) -> bool:
    is_paused = case.period.member.pairing.state is PairingState.PAUSED and not case.as_if_active
    return is_paused or rests(case.period.person, case.now)


def rests(person: Person, now: datetime) -> bool:
    """Whether somebody has paused their letters."""
    return person.paused_at is not None and (person.paused_until is None or now < person.paused_until)


def _is_unreachable(case: _Case) -> bool:
    return case.period.person.unreachable_since is not None


def _is_snoozed(case: _Case) -> bool:
    until = case.period.person.snoozed_until
    return until is not None and case.now < until


def _is_too_quiet(case: _Case) -> bool:
    pairing = case.period.member.pairing
    reader = case.period.person.reader(pairing.cohort.quiet)
    return rhythm.is_too_quiet(case.period.day, reader, rhythm=programs.template(pairing.cohort.template).rhythm)


def _is_skipped(case: _Case) -> bool:
    """Whether this is a rhythm day without a letter at the person's pace."""
    cohort = case.period.member.pairing.cohort
    template = programs.template(cohort.template)
    if case.pace is Pace.MONTHLY:
        return not rhythm.is_monthly(case.period.day, rhythm=template.rhythm)
    begins = template.phase_days(cohort.starts_on, cohort.ends_on)
    return case.pace is Pace.PHASES and not rhythm.is_new_phase(case.period.day, begins, rhythm=template.rhythm)


def _was_logged(case: _Case) -> bool:
    template = programs.template(case.period.member.pairing.cohort.template)
    recent = timedelta(days=template.nudges.thanked_days)
    return case.logged is not None and case.now - case.logged <= recent


_OUTCOMES: tuple[tuple[Callable[[_Case], bool], Outcome], ...] = (
    (_is_paused, Outcome.PAUSED),
    (_is_unreachable, Outcome.UNREACHABLE),
    (_is_snoozed, Outcome.SNOOZED),
    (_is_too_quiet, Outcome.SNOOZED),
    (_is_skipped, Outcome.SNOOZED),
    (_was_logged, Outcome.THANKED),
)
"""The first that holds; a member of whom none holds is nudged."""
