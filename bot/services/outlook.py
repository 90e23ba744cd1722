"""When somebody's next letter really comes: the next period that has one, at their pace and after their pauses."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Member, Outcome, Person
from bot.services import calendar, desk, periods
from bot.services.periods import Period
from bot.storage.work import Work


async def next_letter_at(work: Work, person: Person) -> datetime | None:
    """The moment at which the next letter falls due; nothing when none is to come."""
    members = (await desk.members_of(work, [person.id])).get(person.id, ())
    found = (_first(person, member) for member in members)
    return min((at for at in found if at is not None), default=None)


def _first(person: Person, member: Member) -> datetime | None:
    number = member.period + 1
    while (at := calendar.due_at(person, member, number)) is not None:
        period = Period(person=person, member=member, number=number, day=calendar.rhythm_day(member.pairing, number))
        (settled,) = periods.settle([period], {}, pace=person.pace, now=at)
        if settled.outcome is Outcome.NUDGED:
            return at
        number += 1
    return None
