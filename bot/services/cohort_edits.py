"""Editing a cohort: what moves, whom it tells, and doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain import Cohort, CohortState, Event, Person
from bot.services import calendar, calls, changes, cohort_dates, summaries
from bot.services.cohort_people import applicants, contact, paired
from bot.storage.work import Work
from bot.texts import cohort_news

DATES = ("opens_on", "closes_on", "announced_on", "starts_on", "ends_on")

EDITABLE: Mapping[CohortState, tuple[str, ...]] = {
    CohortState.DRAFT: ("title", *DATES, "zone", "topics", "capacity", "quiet_days"),
    CohortState.OPEN: ("title", *DATES[1:], "topics", "capacity", "quiet_days"),
    CohortState.MATCHING: ("title", *DATES[2:], "capacity", "quiet_days"),
    CohortState.ACTIVE: ("title", "ends_on", "capacity", "quiet_days"),
    CohortState.CLOSING: ("title", "ends_on", "quiet_days"),
}
"""What can be changed in each state; everything else is settled by then and is not asked."""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that changes: a column of the cohort, as it is and as it shall be."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Edit:
    """All that changes, whom it tells, and whether the posted call is corrected."""

    moves: Sequence[Move]
    told: Sequence[Person]
    corrects_call: bool

    @property
    def dates(self) -> Sequence[tuple[str, date, date]]:
        """The days that move."""
        return [
            (move.name, move.before, move.after)
            for move in self.moves
            if isinstance(move.before, date) and isinstance(move.after, date)
        ]


async def consider(work: Work, cohort: Cohort, wanted: Mapping[str, object], *, by: Person) -> Edit:
    """What would happen, without doing it. `wanted` holds values by column; those that cannot change are left out."""
    moves = [
        Move(name, getattr(cohort, name), wanted[name])
        for name in EDITABLE[cohort.state]
        if name in wanted and wanted[name] != getattr(cohort, name)
    ]
    moved = any(move.name in DATES for move in moves)
    told = await _audience(work, cohort) if moved else ()
    posted = await calls.posted(work, cohort) if cohort.state is CohortState.OPEN else ()
    corrects = bool(posted) and any(move.name in (*DATES, "title") for move in moves)
    return Edit(moves, [person for person in told if person.id != by.id], corrects)


async def edit(work: Work, cohort: Cohort, wanted: Mapping[str, object], *, by: Person) -> Event:
    """Do it: set what moves, tell whom it concerns, and derive anew what follows from dates."""
    considered = await consider(work, cohort, wanted, by=by)
    name = await contact(work, cohort)
    async with changes.change(work, "cohort.edited", by=by, cohort=cohort) as change:
        for move in considered.moves:
            if move.name == "title":
                cohort.title = str(move.after)
            else:
                change.set(cohort, **{move.name: move.after})
        await change.tell(
            considered.told, lambda person: cohort_news.dates_moved(person, cohort, considered.dates, name)
        )
        if considered.corrects_call:
            await calls.correct(work, cohort, change)
    cohort_dates.plan(cohort)
    summaries.plan(cohort, work.now)
    await work.flush()
    await calendar.plan(work, [person.id for person in await paired(work, cohort)])
    return change.event


async def _audience(work: Work, cohort: Cohort) -> Sequence[Person]:
    """Whom moved dates concern: applicants until pairs are announced, then members of pairs."""
    if cohort.state is CohortState.DRAFT:
        return ()
    waiting = cohort.state in (CohortState.OPEN, CohortState.MATCHING)
    return await (applicants if waiting else paired)(work, cohort)
