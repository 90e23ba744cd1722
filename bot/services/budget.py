"""The quiet budget: beside the program's letter, at most one unasked message a week reaches a person.

The budget postpones, it never drops. News, introductions, farewells and reminders that people asked for are outside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.domain import Letter, LetterState, Person
from bot.domain.rhythm import next_decent
from bot.storage.outbox import BUDGETED, POLICIES
from bot.storage.work import Work

WEEK = timedelta(days=7)


async def spend(work: Work, letters: Sequence[Letter]) -> list[Letter]:
    """The letters that may go now; the others wait for the day on which their reader's week is over."""
    budgeted = [
        letter for letter in letters if POLICIES[letter.kind].budgeted and letter.person_id and not letter.replaces_id
    ]
    last = await _last_sent(work, {letter.person_id for letter in budgeted if letter.person_id})
    ready = [letter for letter in letters if letter not in budgeted]
    for letter in budgeted:
        before = last.get(letter.person_id or 0)
        if before is not None and work.now < before + WEEK:
            await _postpone(work, letter, before + WEEK)
        else:
            last[letter.person_id or 0] = work.now
            ready.append(letter)
    return ready


async def free_at(work: Work, people: Collection[int]) -> Mapping[int, datetime]:
    """When the week is over of those people who had their one unasked message within it."""
    return {person: sent + WEEK for person, sent in (await _last_sent(work, people)).items()}


async def _last_sent(work: Work, people: Collection[int]) -> dict[int, datetime]:
    if not people:
        return {}
    rows = await work.session.execute(
        select(Letter.person_id, func.max(Letter.sent_at))
        .where(Letter.person_id.in_(people), Letter.kind.in_(BUDGETED), Letter.replaces_id.is_(None))
        .where(Letter.sent_at > work.now - WEEK)
        .group_by(Letter.person_id)
    )
    return {person: sent for person, sent in rows if person is not None and sent is not None}


async def _postpone(work: Work, letter: Letter, until: datetime) -> None:
    person = await work.get(Person, letter.person_id or 0)
    letter.held_until = next_decent(until, person.reader())
    letter.state, letter.claimed_until = LetterState.WAITING, None
