"""When a person's next letter falls due: derived by one function, called by whatever changes a date, zone or pause.

Paused, snoozed and unreachable people have due times too: their periods are settled like all others, without a letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from bot import programs
from bot.domain import LIVE, Member, Pairing, Person, rhythm
from bot.storage.work import Work


async def plan(work: Work, people: Collection[int]) -> None:
    """Derive `next_letter_at` of these people (by number) anew, from their pairings, cohorts and zones."""
    if not people:
        return
    await work.flush()
    members = await _members(work, people)
    for person in await work.all(select(Person).where(work.among(Person.id, people))):
        person.next_letter_at = earliest(person, members[person.id])


def earliest(person: Person, members: Iterable[Member]) -> datetime | None:
    """When the first of these members' next periods falls due; None when nothing comes any more."""
    due = (due_at(person, member, member.period + 1) for member in members)
    return min((at for at in due if at is not None), default=None)


def due_at(person: Person, member: Member, period: int) -> datetime | None:
    """When one period of one member is settled (aware UTC); pairing and cohort must be loaded."""
    pairing = member.pairing
    if pairing.starts_on is None:
        return None
    return rhythm.due(
        person.reader(pairing.cohort.quiet),
        period,
        anchor=pairing.cohort.starts_on,
        start=pairing.starts_on,
        end=last_day(pairing),
        rhythm=programs.template(pairing.cohort.template).rhythm,
    )


def rhythm_day(pairing: Pairing, period: int) -> date:
    """The day around which a period's letter falls, the same for all members; the pairing must have begun."""
    assert pairing.starts_on is not None, "a pairing that is live has begun"
    beat = programs.template(pairing.cohort.template).rhythm
    return rhythm.rhythm_day(pairing.starts_on, period, anchor=pairing.cohort.starts_on, rhythm=beat)


def last_day(pairing: Pairing) -> date:
    """The last day of a pairing: its own, if it was extended, else its cohort's."""
    return pairing.ends_on or pairing.cohort.ends_on


async def _members(work: Work, people: Collection[int]) -> dict[int, list[Member]]:
    found = await work.all(
        select(Member)
        .join(Member.pairing)
        .where(work.among(Member.person_id, people), Pairing.state.in_(LIVE))
        .options(contains_eager(Member.pairing).selectinload(Pairing.cohort))
    )
    members = defaultdict(list)
    for member in found:
        members[member.person_id].append(member)
    return members
