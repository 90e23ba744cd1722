"""When somebody's next letter really comes: the next one that has something to ask, at their pace, after their pauses.

Whose partner is about to leave must not learn it from here: their pair is looked at as if it went on.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from bot.domain import Departure, Member, Outcome, PairingState, Person
from bot.services import calendar, desk, first_contact, periods
from bot.services.periods import Period
from bot.storage.work import Work


async def next_letter_at(work: Work, person: Person) -> datetime | None:
    """The moment at which the next letter falls due; nothing when none is to come."""
    members = (await desk.members_of(work, [person.id])).get(person.id, ())
    left = await _left(work, [member.id for member in members])
    going_on = [member for member in members if member.id not in left]
    heard = await first_contact.heard_of(work, [member.pairing for member in going_on])
    found = [_first(person, member) for member in going_on]
    found += [_first_contact(person, member, work.now) for member in going_on if member.pairing_id not in heard]
    return min((at for at in found if at is not None), default=None)


async def _left(work: Work, members: Collection[int]) -> Collection[int]:
    """The memberships that this person is giving up."""
    leaving = select(Departure.member_id).where(Departure.member_id.in_(members), Departure.told_at.is_(None))
    return set(await work.all(leaving))


def _first_contact(person: Person, member: Member, now: datetime) -> datetime | None:
    """When this person is asked to write first, if they still are to be asked."""
    pairing = member.pairing
    if first_contact.writer(pairing).id != member.id or not first_contact.is_wanted(pairing, person, now):
        return None
    at = first_contact.due_at(pairing) if pairing.state is PairingState.PAUSED else pairing.first_contact_at
    return at if at is not None and at > now else None


def _first(person: Person, member: Member) -> datetime | None:
    number = member.period + 1
    while (at := calendar.due_at(person, member, number)) is not None:
        period = Period(person=person, member=member, number=number, day=calendar.rhythm_day(member.pairing, number))
        (settled,) = periods.settle([period], {}, pace=person.pace, now=at, as_if_active=True)
        if settled.outcome is Outcome.NUDGED:
            return at
        number += 1
    return None
