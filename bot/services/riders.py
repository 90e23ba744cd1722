"""News that can wait: it rides inside the person's next letter, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update

from bot.domain import Letter, Pairing, Person, Rider
from bot.storage.work import Work
from bot.ui import Buttons, Message, codec

MOST_LINES = 3
"""News without anything to do that one letter carries, beside the one thing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What waits for a person's next letter; under one key, once ever. A larger `urgency` comes first."""

    to: Person
    key: str
    urgency: int
    message: Message
    pairing: Pairing | None = None


async def ride(work: Work, *news: News) -> None:
    """Put messages into people's next letters.

    Of a message the letter shows its first text and its first row of buttons. A letter has room for one rider with
    buttons and for three without; the others wait for the letter after it. Its buttons should answer with a message or
    a form of their own, never with `Changed`, which would replace the letter.
    """
    rows = [
        {
            "person_id": one.to.id,
            "pairing_id": None if one.pairing is None else one.pairing.id,
            "key": one.key,
            "message": codec.dump(one.message),
            "urgency": one.urgency,
            "created_at": work.now,
        }
        for one in news
    ]
    await work.insert_once(Rider, rows, unique=["person_id", "key"])


async def drop(work: Work, pairing: Pairing) -> None:
    """Forget what waits to be told about a pairing that has ended."""
    await work.session.execute(delete(Rider).where(Rider.pairing_id == pairing.id, Rider.letter_id.is_(None)))


async def free(work: Work, letter: Letter) -> None:
    """Let news wait for the next letter again: the one that carried them reached nobody."""
    await work.session.execute(
        update(Rider).where(Rider.person_id == letter.person_id, Rider.letter_id == letter.id).values(letter_id=None)
    )


async def empty(work: Work, letters: Sequence[Letter]) -> None:
    """Forget the words of news that have been told, in letters that are over; that they were told is kept."""
    people, numbers = {letter.person_id for letter in letters}, [letter.id for letter in letters]
    told = update(Rider).where(Rider.person_id.in_(people), Rider.letter_id.in_(numbers))
    await work.session.execute(told.values(message={}).execution_options(synchronize_session=False))


def chosen(waiting: Sequence[Rider]) -> list[Rider]:
    """The riders that the next letter carries, most urgent first: one thing to do, and a few lines of news."""
    ordered = sorted(waiting, key=lambda rider: (-rider.urgency, rider.id))
    tasks = [rider for rider in ordered if _asks(rider)]
    lines = [rider for rider in ordered if not _asks(rider)]
    return tasks[:1] + lines[:MOST_LINES]


def _asks(rider: Rider) -> bool:
    return any(isinstance(part, Buttons) for part in codec.load(rider.message).parts)
