"""What a cohort's dates do by themselves: a prepared call is posted, calls close, pairs complete, cohorts end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy import func, select

from bot.domain import (
    LIVE,
    Channel,
    CheckIn,
    Cohort,
    CohortState,
    Duty,
    Goal,
    GoalState,
    LetterKind,
    Pairing,
    PairingState,
    Person,
    Place,
)
from bot.domain.rhythm import next_decent
from bot.services import calls, cancelling, cohort_dates, cohorts, endings, entering
from bot.services.cohort_people import numbers
from bot.services.office import Office
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import cohort_duties, cohort_news
from bot.ui import Message

BATCH = 20
"""Cohorts looked at in one Work."""

PAIRS = 100
"""Pairs completed in one Work."""

TAKING = (CohortState.OPEN, CohortState.MATCHING)
"""States of which a community has at most one cohort at a time."""


async def sweep(office: Office) -> int:
    """Act upon the dates that have come; how many."""
    async with office.storage.work() as work:
        due = await work.all(
            select(Cohort)
            .where(Cohort.next_date_at <= work.now)
            .order_by(Cohort.next_date_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        for cohort in due:
            await _ACTS[cohort.state](work, cohort)
    return len(due)


async def _open(work: Work, cohort: Cohort) -> None:
    """Post the call that was prepared for today, unless another one is not through."""
    channel = await work.find(Channel, cohort.call_channel_id)
    other = await queries.newest_cohort(work, cohort.community_id, *TAKING)
    if channel is not None and other is None:
        await cohorts.open_call(work, cohort, by=None, channel=channel)
        return
    cohort.call_channel_id = None
    cohort_dates.plan(cohort)
    await _tell_coordinators(work, cohort, "call-waits", cohort_duties.call_waits(cohort, other))


async def _close(work: Work, cohort: Cohort) -> None:
    """The call's last day is over."""
    cohort.state = CohortState.MATCHING
    cohort_dates.plan(cohort)
    work.note("cohort.closed", community=cohort.community_id, cohort=cohort.id)
    await calls.expire(work, cohort)
    await entering.close(work, cohort)
    there = await numbers(work, cohort)
    message = cohort_duties.call_is_closed(cohort, there.applications, there.late)
    await _tell_coordinators(work, cohort, "call-closed", message)


async def _remind(work: Work, cohort: Cohort) -> None:
    """The day of the announcement is near, or has passed, and no pairs are published."""
    overdue_at, day = cohort_dates.overdue_at(cohort), cohort.announced_on.isoformat()
    if work.now >= overdue_at:
        cohort.next_date_at = None
        message = cohort_duties.announcement_has_passed(cohort)
        await _tell_coordinators(work, cohort, f"unannounced-{day}", message)
        return
    cohort.next_date_at = overdue_at
    about = f"announce-{day}"
    await _tell_coordinators(work, cohort, about, cohort_duties.announcement_is_near(cohort))


async def _end(work: Work, cohort: Cohort) -> None:
    """The last day is over: complete the pairs, some at a time, and then the cohort."""
    live = select(Pairing).where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE))
    pairings = await work.all(live.order_by(Pairing.id).limit(PAIRS).options(*queries.with_members()))
    if pairings:
        await _complete(work, cohort, pairings)
        return
    cohort.state = CohortState.CLOSED
    cohort_dates.plan(cohort)
    work.note("cohort.ended", community=cohort.community_id, cohort=cohort.id)
    completed = select(func.count(Pairing.id)).where(
        Pairing.cohort_id == cohort.id, Pairing.state == PairingState.COMPLETED
    )
    await _tell_coordinators(
        work, cohort, "ended", cohort_duties.cohort_has_ended(cohort, await work.first(completed) or 0)
    )


async def _complete(work: Work, cohort: Cohort, pairings: Sequence[Pairing]) -> None:
    talks = await _talks(work, pairings)
    reached = await _reached(work, pairings)
    letters = []
    for pairing in pairings:
        message = cohort_news.completed(pairing, talks=talks.get(pairing.id, 0), reached=reached.get(pairing.id, 0))
        readers = await _readers(work, pairing)
        letters += [_closing(work, cohort, pairing, reader, message) for reader in readers]
    begun = [pairing for pairing in pairings if pairing.starts_on is not None]
    never = [pairing for pairing in pairings if pairing.starts_on is None]
    await endings.end(work, begun, PairingState.COMPLETED, on=cohort.ends_on)
    await endings.end(work, never, PairingState.ENDED, on=cohort.ends_on)
    await post(work, cohort.community_id, *letters)


async def _readers(work: Work, pairing: Pairing) -> Sequence[Place | Person]:
    """Whom the closing reaches: the pair's place, each of the two where they share none, nobody if it never began."""
    place = await work.find(Place, pairing.place_id)
    if place is not None:
        return [place]
    return [member.person for member in pairing.members] if pairing.starts_on is not None else []


def _closing(work: Work, cohort: Cohort, pairing: Pairing, reader: Place | Person, message: Message) -> NewLetter:
    own = f":person-{reader.id}" if isinstance(reader, Person) else ""
    return NewLetter(
        key=f"completed:pairing-{pairing.id}{own}",
        kind=LetterKind.NEWS,
        to=reader,
        message=message,
        about=f"cohort:{cohort.id}",
        held_until=cohort_dates.decent(cohort, work.now),
    )


async def _talks(work: Work, pairings: Sequence[Pairing]) -> dict[int, int]:
    rows = await work.session.execute(
        select(CheckIn.pairing_id, func.count(CheckIn.id))
        .where(CheckIn.pairing_id.in_([pairing.id for pairing in pairings]))
        .group_by(CheckIn.pairing_id)
    )
    return {pairing: count for pairing, count in rows}  # noqa: C416 - dict(rows) takes the result for a mapping


async def _reached(work: Work, pairings: Sequence[Pairing]) -> dict[int, int]:
    rows = await work.session.execute(
        select(Goal.pairing_id, func.count(Goal.id))
        .where(Goal.pairing_id.in_([pairing.id for pairing in pairings]), Goal.state == GoalState.REACHED)
        .group_by(Goal.pairing_id)
    )
    return {pairing: count for pairing, count in rows}  # noqa: C416 - dict(rows) takes the result for a mapping


async def _tell_coordinators(work: Work, cohort: Cohort, what: str, message: Message) -> None:
    """Tell each coordinator once, at a decent hour of theirs."""
    letters = [
        NewLetter(
            key=f"{what}:cohort-{cohort.id}:person-{person.id}",
            kind=LetterKind.DUTY,
            to=person,
            message=message,
            about=f"cohort:{cohort.id}",
            held_until=next_decent(work.now, person.reader()),
        )
        for person in await queries.team(work, cohort.community_id, Duty.COORDINATOR)
    ]
    await post(work, cohort.community_id, *letters)


_ACTS: Mapping[CohortState, Callable[[Work, Cohort], Awaitable[None]]] = {
    CohortState.DRAFT: _open,
    CohortState.OPEN: _close,
    CohortState.MATCHING: _remind,
    CohortState.ACTIVE: _end,
    CohortState.CLOSING: _end,
    CohortState.CANCELLED: cancelling.finish,
}
