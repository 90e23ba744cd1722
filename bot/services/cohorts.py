"""The life of a cohort: made from a template, its call opened and closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bot.domain import Channel, Cohort, CohortState, Community, Event, Person
from bot.programs import Dates, Template
from bot.services import calls, changes, cohort_dates, entering
from bot.services.cohort_people import applicants
from bot.services.entering import Written
from bot.storage.work import Work
from bot.texts import call as call_texts
from bot.texts import cohort_news
from bot.ui import Message

LONGEST_TITLE = 40
"""Characters of a title: with "apply until Wednesday, September 15" it must fit the line of a locked phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a coordinator decides about a cohort. `capacity` is the most mentees; `quiet_days` are ISO dates."""

    title: str
    dates: Dates
    zone: str
    topics: Sequence[str]
    capacity: int | None = None
    quiet_days: Sequence[str] = ()


def proposed(template: Template, *, today: date, zone: str) -> Plan:
    """What a new cohort of this template usually looks like."""
    dates = template.dates.proposed(today)
    return Plan(title=f"Mentoring {_years(dates)}", dates=dates, zone=zone, topics=tuple(template.topics))


async def same_draft(work: Work, community: Community, *, template: str, plan: Plan) -> Cohort | None:
    """A draft that says the same: one form that was sent twice. Of two at once, the second waits for the first."""
    await work.lock(Community, community.id)
    return await work.first(
        select(Cohort)
        .where(Cohort.community_id == community.id, Cohort.state == CohortState.DRAFT)
        .where(Cohort.template == template, Cohort.title == plan.title)
        .where(Cohort.opens_on == plan.dates.opens_on, Cohort.ends_on == plan.dates.ends_on)
    )


async def create(work: Work, community: Community, *, by: Person | None, template: str, plan: Plan) -> Cohort:
    """Write a new cohort down, as a draft that nobody hears of."""
    cohort = Cohort(
        community_id=community.id,
        template=template,
        title=plan.title,
        state=CohortState.DRAFT,
        zone=plan.zone,
        opens_on=plan.dates.opens_on,
        closes_on=plan.dates.closes_on,
        announced_on=plan.dates.announced_on,
        starts_on=plan.dates.starts_on,
        ends_on=plan.dates.ends_on,
        topics=list(plan.topics),
        capacity=plan.capacity,
        quiet_days=list(plan.quiet_days),
        created_at=work.now,
    )
    work.add(cohort)
    await work.flush()
    _note(work, "cohort.created", cohort, by)
    return cohort


async def open_call(work: Work, cohort: Cohort, *, by: Person | None, channel: Channel) -> int:
    """Open the call now: post it, and write to the people who asked to hear of it; how many those are."""
    cohort.state, cohort.opens_on = CohortState.OPEN, cohort.today(work.now)
    cohort.call_channel_id = channel.id
    cohort_dates.plan(cohort)
    _note(work, "cohort.opened", cohort, by)
    return await calls.announce(work, cohort, channel)


async def prepare_call(work: Work, cohort: Cohort, *, by: Person, channel: Channel) -> Event:
    """Have the call posted on the day it opens."""
    async with changes.change(work, "cohort.prepared", by=by, cohort=cohort) as change:
        change.set(cohort, call_channel_id=channel.id)
    cohort_dates.plan(cohort)
    return change.event


async def close_call(work: Work, cohort: Cohort, *, by: Person) -> Event:
    """End the call before its day; applicants hear that their answers are with the committee now."""
    async with changes.change(work, "cohort.closed", by=by, cohort=cohort) as change:
        today = cohort.today(work.now)
        change.set(cohort, state=CohortState.MATCHING, closes_on=min(cohort.closes_on, today))
        await calls.stop(work, cohort)
        written = await entering.written(work, cohort)
        await change.silence([calls.about(cohort), *(entering.about(one.application) for one in written.values())])
        await change.tell(await applicants(work, cohort), lambda person: _closed(person, cohort, written))
        await calls.end(work, cohort, change, call_texts.over(cohort))
    cohort_dates.plan(cohort)
    return change.event


def _closed(person: Person, cohort: Cohort, written: Mapping[int, Written]) -> Message:
    one = written.get(person.id)
    if one is None:
        return cohort_news.closed_early(person, cohort)
    return cohort_news.closed_with(person, one.application, cohort, one.by)


def _note(work: Work, kind: str, cohort: Cohort, by: Person | None) -> None:
    person = None if by is None else by.id
    work.note(kind, community=cohort.community_id, cohort=cohort.id, person=person, template=cohort.template)


def _years(dates: Dates) -> str:
    first, last = dates.starts_on.year, dates.ends_on.year
    return str(first) if first == last else f"{first}–{last % 100:02}"
