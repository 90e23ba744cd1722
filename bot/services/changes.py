"""Changes that can be taken back: what they did is kept as numbers, states and dates, never as words.

    async with changes.change(work, "cohort.closed", by=olga, community=1, cohort=cohort) as change:
        change.set(cohort, state=CohortState.MATCHING)
        await change.tell(applicants, lambda person: texts.closed(person, cohort))

The letters of a change are held for a while; `undoing.undo` withdraws them and sets everything back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum

from sqlalchemy import func, select

from bot.domain import (
    Application,
    Base,
    Channel,
    Cohort,
    Enrollment,
    Event,
    Letter,
    LetterKind,
    Pairing,
    Person,
)
from bot.domain.rhythm import next_decent
from bot.storage.outbox import UNSENT, NewLetter, post
from bot.storage.work import Work
from bot.ui import Message

PORTION = 500
"""Letters written by one statement; SQLite takes 32,766 values in one."""

WINDOW = timedelta(minutes=10)
"""How long letters about a change wait, so that it can be undone before anybody hears of it."""

MODELS: dict[str, type[Application | Cohort | Enrollment | Letter | Pairing]] = {
    model.__tablename__: model for model in (Application, Cohort, Enrollment, Letter, Pairing)
}
"""The tables whose rows a change may set back, by name."""

Value = str | int | list[str] | None
Row = list[object]
"""One changed column as it is kept: table, number of the row, column, value before, value after."""


@dataclass
class Change:
    """One change under way, and the event that remembers it."""

    work: Work
    event: Event
    rows: list[Row] = field(default_factory=list)

    @property
    def about(self) -> str:
        """What withdraws the letters of this change."""
        return about(self.event)

    @property
    def until(self) -> datetime:
        """The earliest moment at which anybody hears of it."""
        return self.work.now + WINDOW

    def set(self, row: Base, **values: object) -> None:
        """Give columns new values, and remember the old ones."""
        for name, value in values.items():
            before = getattr(row, name)
            if before != value:
                self.rows.append([row.__tablename__, row.id, name, kept(before), kept(value)])  # type: ignore[attr-defined]
                setattr(row, name, value)

    async def tell(
        self, people: Sequence[Person], write: Callable[[Person], Message], *, kind: LetterKind = LetterKind.NEWS
    ) -> int:
        """Write to each of these people once, at a decent hour of theirs; how many hear of it."""
        letters = [
            NewLetter(
                key=f"{self.about}:person-{person.id}",
                kind=kind,
                to=person,
                message=write(person),
                about=self.about,
                held_until=next_decent(self.until, person.reader()),
            )
            for person in people
            if person.id != self.event.person_id
        ]
        return await post_many(self.work, self.event.community_id, letters)

    async def rewrite(self, letter: Letter, channel: Channel, message: Message) -> None:
        """Correct what was posted in a channel."""
        correction = NewLetter(
            key=f"{self.about}:letter-{letter.id}",
            kind=letter.kind,
            to=channel,
            message=message,
            about=self.about,
            held_until=self.until,
            replaces=letter.id,
        )
        await post(self.work, self.event.community_id, correction)

    async def silence(self, topics: Collection[str]) -> int:
        """Let what waits about these topics expire unsaid when this change can no longer be undone; how many."""
        topical = self.work.among(Letter.about, topics)
        waiting = await self.work.all(select(Letter).where(topical, Letter.state.in_(UNSENT)))
        for letter in waiting:
            held = max(letter.held_until, self.until)
            self.set(letter, held_until=held, not_after=self.until - timedelta(seconds=1))
        return len(waiting)


@asynccontextmanager
async def change(
    work: Work, kind: str, *, by: Person, cohort: Cohort | None = None, **facts: str | int | None
) -> AsyncIterator[Change]:
    """A change and its event; what was set in it is kept when the block ends."""
    number = None if cohort is None else cohort.id
    event = Event(
        community_id=by.community_id, person_id=by.id, cohort_id=number, kind=kind, facts=dict(facts), at=work.now
    )
    work.add(event)
    await work.flush()
    made = Change(work, event)
    yield made
    state = None if cohort is None else cohort.state.value
    event.facts = {**event.facts, "rows": made.rows, "state": state}


async def post_many(work: Work, community: int, letters: Sequence[NewLetter]) -> int:
    """Post letters in portions that one statement can write; how many were new."""
    portions = [letters[start : start + PORTION] for start in range(0, len(letters), PORTION)]
    return sum([len(await post(work, community, *portion)) for portion in portions])


def about(event: Event) -> str:
    """What withdraws the letters of a change."""
    return f"change:{event.id}"


async def until(work: Work, event: Event) -> datetime | None:
    """When the first letter of a change goes out; nothing if it has none."""
    first: datetime | None = await work.first(select(func.min(Letter.held_until)).where(Letter.about == about(event)))
    return first


def kept(value: object) -> object:
    """A column's value as it stands in an event's facts."""
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
