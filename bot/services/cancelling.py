"""Cancelling a cohort: its pairs end, what waits is not sent, and everybody hears of it kindly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.domain import LIVE, Application, Cohort, CohortState, Duty, Event, LetterKind, Pairing, PairingState, Person
from bot.services import calendar, calls, changes, cohort_dates, endings
from bot.services.changes import Change, about
from bot.services.cohort_people import applicants, contact, paired, team
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import call as call_texts
from bot.texts import cohort_news

PAIRS = 100
"""Pairs settled in one Work."""

_TOLD = ("cohort.closed", "cohort.edited", "late.accepted", "late.declined")
"""Changes whose letters may be waiting."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom the end of a cohort concerns, each once: members of pairs, other applicants, the rest of the team."""

    paired: Sequence[Person]
    applicants: Sequence[Person]
    team: Sequence[Person]

    @property
    def count(self) -> int:
        """How many people that is."""
        return len(self.paired) + len(self.applicants) + len(self.team)


async def audience(work: Work, cohort: Cohort, *, by: Person) -> Audience:
    """Who hears of it when `by` cancels; nobody while it is a draft."""
    if cohort.state is CohortState.DRAFT:
        return Audience((), (), ())
    in_pairs = await paired(work, cohort)
    heard = {by.id} | {person.id for person in in_pairs}
    others = [person for person in await applicants(work, cohort) if person.id not in heard]
    heard |= {person.id for person in others}
    helpers = await team(work, cohort.community_id, *Duty)
    return Audience(
        [person for person in in_pairs if person.id != by.id],
        others,
        [person for person in helpers if person.id not in heard],
    )


async def cancel(work: Work, cohort: Cohort, *, by: Person) -> Event:
    """Cancel a cohort in any state before its end."""
    told = await audience(work, cohort, by=by)
    people = [person.id for person in await paired(work, cohort)]
    name = await contact(work, cohort)
    async with changes.change(work, "cohort.cancelled", by=by, cohort=cohort) as change:
        await calls.end(work, cohort, change, call_texts.called_off(cohort, name))
        await _end_pairs(work, cohort, change)
        await change.silence(await _topics(work, cohort) - {change.about})
        change.set(cohort, state=CohortState.CANCELLED, next_summary_at=None)
        await change.tell(told.paired, lambda person: cohort_news.pairs_end(person, cohort, name))
        await change.tell(told.applicants, lambda person: cohort_news.cancelled(person, cohort, name))
        await change.tell(told.team, lambda person: cohort_news.team_hears(person, cohort, by), kind=LetterKind.DUTY)
    cohort_dates.plan(cohort)
    cohort.next_date_at = change.until if people else None
    await work.flush()
    await calendar.plan(work, people)
    return change.event


async def finish(work: Work, cohort: Cohort) -> None:
    """Settle what only ends for good when the cancelling can no longer be undone; some pairs at a time."""
    cancelled_at = await work.first(
        select(func.max(Event.at)).where(Event.cohort_id == cohort.id, Event.kind == "cohort.cancelled")
    )
    ended = select(Pairing).where(
        Pairing.cohort_id == cohort.id, Pairing.state == PairingState.ENDED, Pairing.ended_at == cancelled_at
    )
    pairings = await work.all(ended.order_by(Pairing.id).limit(PAIRS).options(*queries.with_members()))
    if pairings:
        await endings.end(work, pairings, PairingState.ENDED, on=pairings[0].ends_on or cohort.today(work.now))
    else:
        cohort.next_date_at = None


async def _end_pairs(work: Work, cohort: Cohort, change: Change) -> None:
    live = select(Pairing).where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE))
    for pairing in await work.all(live.order_by(Pairing.id)):
        change.set(
            pairing,
            state=PairingState.ENDED,
            ended_at=work.now,
            ends_on=cohort.today(work.now),
            first_contact_at=None,
            liaison_hears_at=None,
        )


async def _topics(work: Work, cohort: Cohort) -> set[str]:
    """What letters of this cohort are about."""
    pairings = await work.all(select(Pairing.id).where(Pairing.cohort_id == cohort.id))
    applications = await work.all(select(Application.id).where(Application.cohort_id == cohort.id))
    changed = await work.all(select(Event).where(Event.cohort_id == cohort.id, Event.kind.in_(_TOLD)))
    return {
        f"cohort:{cohort.id}",
        calls.about(cohort),
        *(about(event) for event in changed),
        *(f"pairing:{number}" for number in pairings),
        *(f"application:{number}" for number in applications),
    }
