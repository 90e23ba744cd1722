"""A person's quiet hours: when the bot does not write to them of its own accord."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from bot.domain import Letter, LetterState, Person, rhythm
from bot.domain.rhythm import Reader
from bot.services import calendar, decency, first_contact
from bot.storage import queries
from bot.storage.work import Work


async def leave_room(work: Work, person: Person, begins: time, ends: time) -> bool:
    """Whether these quiet hours leave an hour in which letters may come."""
    hours = (await decency.hours_of(work, [person.id]))[person.id]
    return rhythm.leaves_an_hour(Reader(person.tz, frozenset(), begins, ends), rhythm=hours.rhythm)


async def choose(work: Work, person: Person, begins: time | None, ends: time | None) -> None:
    """Set quiet hours, or none, and derive anew whatever falls due for this person."""
    person.quiet_from, person.quiet_to = begins, ends
    work.note("person.quiet_hours", community=person.community_id, person=person.id)
    await replan(work, person)


async def replan(work: Work, person: Person) -> None:
    """Derive anew what depends on when somebody may be written to: their zone or their quiet hours have changed."""
    await calendar.plan(work, [person.id])
    for pairing in await queries.live_pairings(work, person.id):
        if pairing.first_contact_at is not None and first_contact.writer(pairing).person_id == person.id:
            await first_contact.plan(work, pairing)
    await _hold(work, person)


async def _hold(work: Work, person: Person) -> None:
    """What waits already comes outside the quiet hours, too."""
    waiting = select(Letter).where(
        Letter.person_id == person.id,
        Letter.state == LetterState.WAITING,
        Letter.kind.in_(decency.BY_DAY),
        Letter.replaces_id.is_(None),
    )
    hours = (await decency.hours_of(work, [person.id]))[person.id]
    for letter in await work.all(waiting):
        letter.held_until = hours.next(max(letter.held_until, work.now))
