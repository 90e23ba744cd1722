"""The quiet budget: beside the program's letter, only so many unasked messages a week reach a person.

The budget postpones, it never drops. News, introductions, farewells and reminders that people asked for are outside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from bot import programs
from bot.domain import LIVE, Cohort, Letter, LetterState, Member, Pairing
from bot.services import decency
from bot.storage.outbox import BUDGETED, POLICIES
from bot.storage.work import Work

WEEK = timedelta(days=7)

FEWEST = 1
"""Messages a week to people who are in no pair; members of a pair get what their program says."""


async def spend(work: Work, letters: Sequence[Letter]) -> list[Letter]:
    """The letters that may go now; the others wait until their reader's week has room for them."""
    budgeted = [letter for letter in letters if _counts(letter)]
    people = {letter.person_id for letter in budgeted if letter.person_id}
    sent = await _sent(work, people, without={letter.id for letter in budgeted})
    allowed = await _allowed(work, people)
    ready = [letter for letter in letters if letter not in budgeted]
    for letter in budgeted:
        reader = letter.person_id or 0
        free = _free(sent[reader], allowed.get(reader, FEWEST))
        if free is not None and work.now < free:
            await _postpone(work, letter, free)
        else:
            sent[reader].append(work.now)
            ready.append(letter)
    return ready


async def free_at(work: Work, people: Collection[int]) -> Mapping[int, datetime]:
    """When the week has room again, of those people whose budget is spent."""
    sent, allowed = await _sent(work, people), await _allowed(work, people)
    free = {person: _free(sent[person], allowed.get(person, FEWEST)) for person in people}
    return {person: at for person, at in free.items() if at is not None and work.now < at}


def _counts(letter: Letter) -> bool:
    return POLICIES[letter.kind].budgeted and letter.person_id is not None and letter.replaces_id is None


def _free(sent: Sequence[datetime], allowed: int) -> datetime | None:
    """When the oldest of the messages that fill a week is a week old; nothing while there is room."""
    return None if len(sent) < allowed else sorted(sent)[-allowed] + WEEK


async def _sent(work: Work, people: Collection[int], *, without: Collection[int] = ()) -> dict[int, list[datetime]]:
    """When each person had their unasked messages of the last week; those that another worker has in hand count."""
    sent: dict[int, list[datetime]] = defaultdict(list)
    if not people:
        return sent
    rows = await work.session.execute(
        select(Letter.person_id, Letter.sent_at)
        .where(Letter.person_id.in_(people), Letter.kind.in_(BUDGETED), Letter.replaces_id.is_(None))
        .where(or_(Letter.sent_at > work.now - WEEK, Letter.state.in_((LetterState.CLAIMED, LetterState.SENDING))))
        .where(Letter.id.not_in(without))
    )
    for person, at in rows:
        if person is not None:
            sent[person].append(at or work.now)
    return sent


async def _allowed(work: Work, people: Collection[int]) -> Mapping[int, int]:
    """How many messages a week each person's program allows; the quietest of several counts."""
    if not people:
        return {}
    rows = await work.session.execute(
        select(Member.person_id, Cohort.template)
        .join(Pairing, Pairing.id == Member.pairing_id)
        .join(Cohort, Cohort.id == Pairing.cohort_id)
        .where(Member.person_id.in_(people), Pairing.state.in_(LIVE))
        .distinct()
    )
    allowed: dict[int, int] = {}
    for person, name in rows:
        of_program = programs.template(name).nudges.letters_a_week
        allowed[person] = min(of_program, allowed.get(person, of_program))
    return allowed


async def _postpone(work: Work, letter: Letter, until: datetime) -> None:
    reader = letter.person_id or 0
    decency.hold(letter, (await decency.hours_of(work, [reader]))[reader].next(until))
