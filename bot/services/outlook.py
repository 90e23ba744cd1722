"""When somebody's next letter really comes: the next one that has something to ask, at their pace, after their pauses.

Whose partner is about to leave must not learn it from here: their pair is looked at as if it went on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import Member, Outcome, PairingState, Person
from bot.services import calendar, first_contact, periods, standing
from bot.services.periods import Period
from bot.services.standing import PairStanding
from bot.storage.work import Work


async def next_letter_at(work: Work, person: Person) -> datetime | None:
    """The moment at which the next letter falls due; nothing when none is to come."""
    return next_of(person, await standing.pairs(work, person), now=work.now)


def next_of(person: Person, pairs: Sequence[PairStanding], *, now: datetime) -> datetime | None:
    """The same of somebody whose pairs are known."""
    going_on = [(pair.pairing.member(person.id), pair.is_in_touch) for pair in pairs if pair.leaving is None]
    found = [_first(person, member) for member, _ in going_on]
    found += [_first_contact(person, member, now) for member, is_in_touch in going_on if not is_in_touch]
    return min((at for at in found if at is not None), default=None)


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
