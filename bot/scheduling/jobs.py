"""The table of sweeps. Each looks for what is due by an indexed query, does a batch of it, and says how much it did."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import Cohort, Departure, Draft, Letter, LetterState, LinkCode, Pairing, Person, Seen, Task, TaskState
from bot.scheduling.due import Due, earliest
from bot.services import (
    closing_letters,
    cohort_sweep,
    delivery,
    drafts,
    first_contact,
    leaving,
    link_codes,
    nudges,
    pauses,
    places,
    silence,
    spaces,
    summaries,
    tasks,
)
from bot.services.office import Office
from bot.storage import outbox
from bot.storage.work import Work
from bot.ui import Words, _

Sweep = Callable[[Office], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Job:
    """One sweep: how often it looks, and where it sees whether anything is due."""

    name: str
    every: timedelta
    sweep: Sweep
    due: Due


SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

_A_DATE = _("a date of the program: its call, its pairs, its start or its end")
_THE_START = _("a question whether a new pair has begun to talk")
_QUIET = _("a word to a liaison about a quiet pair")

JOBS: tuple[Job, ...] = (
    Job(
        "cohort dates",
        MINUTE,
        cohort_sweep.sweep,
        Due(Cohort.next_date_at, title=_A_DATE),
    ),
    Job("tasks", SECOND, tasks.run_tasks, Due(Task.created_at, Task.state == TaskState.WAITING)),
    Job("lapsed tasks", MINUTE, tasks.run_tasks, Due(Task.claimed_until, Task.state == TaskState.CLAIMED)),
    Job("farewells", MINUTE, leaving.sweep, Due(Departure.tell_at, Departure.told_at.is_(None), _("a farewell"))),
    Job("end pauses", MINUTE, pauses.sweep, Due(Person.paused_until, title=_("the end of a pause"))),
    Job(
        "close letters",
        MINUTE,
        closing_letters.sweep,
        Due(Letter.closes_at, Letter.kind.in_(closing_letters.CLOSERS)),
    ),
    Job("nudges", MINUTE, nudges.sweep, Due(Person.next_letter_at, title=_("the program's letter"))),
    Job(
        "first contacts",
        MINUTE,
        first_contact.sweep,
        Due(Pairing.first_contact_at, title=_THE_START),
    ),
    Job(
        "silences",
        MINUTE,
        silence.sweep,
        Due(Pairing.liaison_hears_at, title=_QUIET),
    ),
    Job("summaries", MINUTE, summaries.sweep, Due(Cohort.next_summary_at, title=_("the liaisons' summary"))),
    Job("open places", SECOND, places.open_places, Due(Letter.held_until, outbox.wants_place())),
    Job(
        "settle doubts", MINUTE, delivery.settle_doubts, Due(Letter.claimed_until, Letter.state == LetterState.SENDING)
    ),
    Job("unclaimed words", MINUTE, drafts.forget_words, Due(Draft.forget_at)),
    Job("old codes", MINUTE, link_codes.forget, Due(LinkCode.ends_at)),
    Job("old events", MINUTE, spaces.forget_events, Due(Seen.forget_at)),
    Job("lapsed claims", MINUTE, delivery.free_lapsed, Due(Letter.claimed_until, Letter.state == LetterState.CLAIMED)),
    Job("deliver", SECOND, delivery.deliver, Due(Letter.held_until, outbox.deliverable(), _("a message to somebody"))),
)
"""In the order in which they run together: what writes letters first, what delivers them last."""


async def times(work: Work) -> list[tuple[Job, datetime]]:
    """The jobs that have anything to do, now or later, each with its earliest due time."""
    found = await earliest(work, [job.due for job in JOBS])
    return [(job, at) for job, at in zip(JOBS, found, strict=True) if at is not None]


async def next_due(work: Work) -> datetime | None:
    """When the next thing falls due, past or future."""
    return min((at for _job, at in await times(work)), default=None)


async def upcoming(work: Work) -> list[tuple[datetime, Words]]:
    """What falls due next as people see it, one entry a job, the earliest first."""
    named = [(at, job.due.title) for job, at in await times(work) if job.due.title]
    return sorted(named, key=lambda entry: entry[0])
