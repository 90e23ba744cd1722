"""Delicate letters that could not be given to their reader alone: they wait, and are taken up by a press."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update

from bot.domain import Letter, LetterState, Person
from bot.storage.work import Work
from bot.ui import codec


async def waiting(work: Work, reader: Person) -> Sequence[Letter]:
    """Those to somebody, the oldest first."""
    found = await work.all(select(Letter).where(_tried(reader)).order_by(Letter.id))
    return [letter for letter in found if letter.message is not None and codec.load(letter.message).delicate]


async def taken(work: Work, reader: Person, letters: Sequence[int]) -> None:
    """Somebody has read these letters: their words are emptied, as when a letter arrives."""
    read = update(Letter).where(_tried(reader), Letter.id.in_(letters))
    await work.session.execute(read.values(state=LetterState.SENT, sent_at=work.now, message=None))


async def hasten(work: Work, reader: Person) -> None:
    """Somebody can be written to alone from now on: what waited for that goes out."""
    numbers = [letter.id for letter in await waiting(work, reader)]
    await work.session.execute(update(Letter).where(Letter.id.in_(numbers)).values(held_until=work.now))
    work.wakes = work.wakes or bool(numbers)


def _tried(reader: Person) -> ColumnElement[bool]:
    """What waits for its first try may not be read before its moment."""
    return (Letter.person_id == reader.id) & (Letter.state == LetterState.WAITING) & (Letter.tries > 0)
