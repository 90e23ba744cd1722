"""The table of sweeps. Each looks for what is due by an indexed query, does a batch of it, and says how much it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain import Cohort, Departure, Letter, Pairing, Person
from bot.services import (
    closing_letters,
    cohort_sweep,
    delivery,
    first_contact,
    leaving,
    nudges,
    pauses,
    places,
    silence,
    tasks,
)
from bot.services.office import Office
from bot.storage.outbox import deliverable
from bot.storage.work import Work
from bot.ui import Words, _

Sweep = Callable[[Office], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Due:
    """A column of due times: `at`, of the rows where `of` holds; `title` says what falls due, to people."""

    at: InstrumentedAttribute[datetime | None] | InstrumentedAttribute[datetime]
    title: Words
    of: ColumnElement[bool] | None = None

    async def next(self, work: Work) -> datetime | None:
        """The earliest due time, past or future."""
        earliest = select(func.min(self.at))
        found: datetime | None = await work.first(earliest if self.of is None else earliest.where(self.of))
        return found


@dataclass(frozen=True, slots=True)
class Job:
    """One sweep: how often it looks, and the column that it looks at (none for what has no due time)."""

    name: str
    every: timedelta
    sweep: Sweep
    due: Due | None = None


SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

JOBS: tuple[Job, ...] = (
    Job("cohort dates", MINUTE, cohort_sweep.sweep, Due(Cohort.next_date_at, _("a date of the program"))),
    Job("tasks", SECOND, tasks.run_tasks),
    Job("tell partners", MINUTE, leaving.sweep, Due(Departure.tell_at, _("a farewell"), Departure.told_at.is_(None))),
    Job("end pauses", MINUTE, pauses.sweep, Due(Person.paused_until, _("the end of a pause"))),
    Job(
        "close letters",
        MINUTE,
        closing_letters.sweep,
        Due(Letter.closes_at, _("the end of a letter's time"), Letter.kind.in_(closing_letters.CLOSERS)),
    ),
    Job("nudges", MINUTE, nudges.sweep, Due(Person.next_letter_at, _("the program's letter"))),
    Job("first contacts", MINUTE, first_contact.sweep, Due(Pairing.first_contact_at, _("a question about the start"))),
    Job("silences", MINUTE, silence.sweep, Due(Pairing.liaison_hears_at, _("a word to a liaison"))),
    Job("open places", 5 * SECOND, places.open_places),
    Job("settle doubts", MINUTE, delivery.settle_doubts),
    Job(
        "deliver",
        SECOND,
        delivery.deliver,
        Due(Letter.held_until, _("a message"), deliverable()),
    ),
)
"""In the order in which a turned clock runs them: what writes letters first, what delivers them last."""


async def next_due(work: Work) -> datetime | None:
    """When the next thing falls due."""
    found = [at for job in JOBS if job.due is not None and (at := await job.due.next(work)) is not None]
    return min(found, default=None)


async def upcoming(work: Work) -> list[tuple[datetime, Words]]:
    """What falls due next, one entry a job, the earliest first."""
    found = [
        (at, job.due.title) for job in JOBS if job.due is not None and (at := await job.due.next(work)) is not None
    ]
    return sorted(found, key=lambda entry: entry[0])
