"""The program's rhythm in action: every period is settled once, and what falls to one person is one letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.domain import Letter, LetterKind, Member, Nudge, Pairing, Person, Rider
from bot.domain.base import Base
from bot.services import desk, turns
from bot.services.office import Office
from bot.services.periods import LETTERS
from bot.services.turns import Entry, Turn
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import nudges as texts

BATCH = 50
"""People a transaction: some 50 ms. The number of statements is the same for one person and for all."""

ROWS = 1000
"""Rows an INSERT: with eight columns, a quarter of the values that both databases take in one statement."""


async def sweep(office: Office) -> int:
    """Settle what is due for one batch of people; how many people that were."""
    async with office.storage.work() as work:
        people = await _due(work)
        if not people:
            return 0
        facts = await desk.read(work, [person.id for person in people])
        hears: dict[int, datetime] = {}
        taken = [turns.take(person, facts, hears=hears, now=work.now) for person in people]
        letters = await _post(work, taken)
        await _write_periods(work, taken, letters)
        await _write_news(work, taken, letters)
        await _change(work, Pairing, [{"id": number, "liaison_hears_at": at} for number, at in hears.items()])
        await _change(work, Person, [_planned(turn) for turn in taken])
    return len(people)


async def _due(work: Work) -> Sequence[Person]:
    """People whose time has come, for this worker alone."""
    return await work.all(
        select(Person)
        .where(Person.next_letter_at <= work.now)
        .order_by(Person.next_letter_at, Person.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


async def _post(work: Work, taken: Sequence[Turn]) -> Mapping[int, int]:
    """Write the letters; the number of each by its reader."""
    by_community: dict[int, list[NewLetter]] = defaultdict(list)
    keys: dict[str, int] = {}
    for turn in taken:
        if turn.draft is not None:
            letter = _letter(turn)
            keys[letter.key] = turn.person.id
            by_community[turn.person.community_id].append(letter)
    for community, letters in by_community.items():
        await post(work, community, *letters)
    if not keys:
        return {}
    rows = await work.session.execute(select(Letter.key, Letter.id).where(Letter.key.in_(keys)))
    return {keys[key]: number for key, number in rows}


def _letter(turn: Turn) -> NewLetter:
    assert turn.draft is not None, "only a turn with a draft has a letter"
    abouts = turn.draft.sheet.abouts
    return NewLetter(
        key=f"nudge:person-{turn.person.id}:{turn.draft.day}",
        kind=LetterKind.NUDGE,
        to=turn.person,
        message=texts.letter(turn.draft.sheet),
        about=f"pairing:{abouts[0].pair}" if len(abouts) == 1 else "",
        not_after=turn.draft.closes_at,
        closes_at=turn.draft.closes_at,
    )


async def _write_periods(work: Work, taken: Sequence[Turn], letters: Mapping[int, int]) -> None:
    rows = [_row(entry, letters.get(turn.person.id), work.now) for turn in taken for entry in turn.entries]
    for start in range(0, len(rows), ROWS):
        await work.insert_once(Nudge, rows[start : start + ROWS], unique=["member_id", "period"])
    newest = {row["member_id"]: row["period"] for row in sorted(rows, key=lambda row: row["period"])}
    await _change(work, Member, [{"id": number, "period": period} for number, period in newest.items()])


def _row(entry: Entry, letter: int | None, now: datetime) -> Mapping[str, Any]:
    settled = entry.settled
    return {
        "member_id": settled.period.member.id,
        "period": settled.period.number,
        "outcome": settled.outcome,
        "topic": entry.topic or "",
        "prompt": entry.prompt,
        "letter_id": letter if settled.outcome in LETTERS else None,
        "answer": "",
        "at": now,
    }


async def _write_news(work: Work, taken: Sequence[Turn], letters: Mapping[int, int]) -> None:
    drafts = [(turn.person.id, letters[turn.person.id], turn.draft) for turn in taken if turn.draft is not None]
    begun = [one.row(person, letter, now=work.now) for person, letter, draft in drafts for one in draft.begun]
    await work.insert_once(Rider, begun, unique=["person_id", "key"])
    ridden = [{"id": rider.id, "letter_id": letter} for _person, letter, draft in drafts for rider in draft.news]
    await _change(work, Rider, ridden)


def _planned(turn: Turn) -> Mapping[str, Any]:
    return {
        "id": turn.person.id,
        "next_letter_at": turn.next_at,
        "pace": turn.pace,
        "unanswered": turn.unanswered,
        "pace_asked_at": turn.pace_asked_at,
    }


async def _change(work: Work, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows by their numbers with one statement, whatever their values are."""
    if rows:
        await work.session.execute(update(model), list(rows))
