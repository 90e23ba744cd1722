"""Applications in a coordinator's hands: written down, corrected, withdrawn or decided for somebody, who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import aliased

from bot.domain import (
    Application,
    ApplicationState,
    Cohort,
    EnrollmentState,
    Event,
    LetterKind,
    Member,
    Pairing,
    Person,
)
from bot.domain.pairing import LIVE
from bot.domain.rhythm import next_decent
from bot.services import applications, changes
from bot.services.applications import Answers
from bot.storage import queries
from bot.storage.outbox import NewLetter, post, withdraw
from bot.storage.work import Work
from bot.texts import cohort_news as texts


async def enter(work: Work, cohort: Cohort, person: Person, answers: Answers, *, by: Person) -> Application:
    """Write an application down or correct it. Nobody can accept the code of conduct for somebody else."""
    before = await queries.application_of(work, cohort.id, person.id)
    before_state = None if before is None else before.state
    accepted_at = None if before is None else before.conduct_at
    kept = replace(answers, contact=person.contact)
    application = await applications.apply(work, cohort, person, kept, entered_by=by)
    application.conduct_at = accepted_at
    async with changes.change(work, "application.entered", by=by, cohort=cohort, person=person.id) as change:
        corrected = before is not None and before_state in applications.STANDING
        await _tell(work, cohort, application, person, change.event, corrected=corrected)
    return application


async def take_back(work: Work, application: Application, *, by: Person) -> Event:
    """Withdraw an application for somebody, with the places that were made from it."""
    cohort, person = await _of(work, application)
    async with changes.change(work, "application.taken_back", by=by, cohort=cohort, person=person.id) as change:
        change.set(application, state=ApplicationState.WITHDRAWN)
        for enrollment in await queries.enrollments_of(work, cohort.id, person.id):
            change.set(enrollment, state=EnrollmentState.WITHDRAWN)
        await change.silence([about(application)])
        await change.tell([person], lambda reader: texts.taken_back(reader, cohort, by))
    return change.event


async def accept(work: Work, application: Application, *, by: Person) -> Event:
    """Let a late application count; the next proposal of pairs takes it in."""
    cohort, person = await _of(work, application)
    async with changes.change(work, "late.accepted", by=by, cohort=cohort, person=person.id) as change:
        change.set(application, state=ApplicationState.ACCEPTED)
        for enrollment in await applications.withdrawn(work, cohort, person):
            change.set(enrollment, state=EnrollmentState.WAITING)
        await change.tell([person], lambda reader: texts.late_accepted(reader, cohort, today=cohort.today(work.now)))
    return change.event


async def decline(work: Work, application: Application, *, by: Person) -> Event:
    """Turn a late application down, kindly and with a person to talk to."""
    cohort, person = await _of(work, application)
    async with changes.change(work, "late.declined", by=by, cohort=cohort, person=person.id) as change:
        change.set(application, state=ApplicationState.DECLINED)
        await change.tell([person], lambda reader: texts.late_declined(reader, cohort, by))
    return change.event


@dataclass(frozen=True, slots=True)
class Written:
    """An application that a coordinator wrote down and its person has not sent since."""

    application: Application
    person: Person
    by: Person


def about(application: Application) -> str:
    """What withdraws the letters about an application."""
    return f"application:{application.id}"


async def written(work: Work, cohort: Cohort) -> dict[int, Written]:
    """The applications of a cohort that stand as a coordinator wrote them down, by person."""
    writer = aliased(Person)
    rows = await work.session.execute(
        select(Application, Person, writer)
        .join(Person, Person.id == Application.person_id)
        .join(writer, writer.id == Application.entered_by_id)
        .where(Application.cohort_id == cohort.id, Application.state.in_(applications.STANDING))
        .where(Application.person_id != Application.entered_by_id)
        .order_by(Person.name, Person.id)
    )
    return {person.id: Written(application, person, by) for application, person, by in rows}


async def unaccepted(work: Work, cohort: Cohort) -> Sequence[Written]:
    """Those of them whose people have not accepted the code of conduct."""
    return [one for one in (await written(work, cohort)).values() if one.application.conduct_at is None]


async def close(work: Work, cohort: Cohort) -> None:
    """The call's last day is over: whoever has not accepted the code of conduct reads one letter that is true now."""
    for one in await unaccepted(work, cohort):
        await withdraw(work, about(one.application))
        letter = NewLetter(
            key=f"closed:application-{one.application.id}",
            kind=LetterKind.NEWS,
            to=one.person,
            message=texts.closed_with(one.person, one.application, cohort, one.by),
            about=about(one.application),
            held_until=next_decent(work.now, one.person.reader()),
        )
        await post(work, cohort.community_id, letter)


async def is_paired(work: Work, cohort: Cohort, person: Person) -> bool:
    """Whether somebody is in a pair of this cohort that goes on."""
    members = (
        select(Member.id)
        .join(Pairing, Pairing.id == Member.pairing_id)
        .where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE), Member.person_id == person.id)
    )
    return await work.first(members) is not None


async def waiting(work: Work, community: int, *, most: int) -> Sequence[tuple[Application, Person, Cohort]]:
    """Late applications that nobody has decided about, oldest first."""
    rows = await work.session.execute(
        select(Application, Person, Cohort)
        .join(Person, Person.id == Application.person_id)
        .join(Cohort, Cohort.id == Application.cohort_id)
        .where(Cohort.community_id == community, Application.late, Application.state == ApplicationState.SENT)
        .order_by(Application.id)
        .limit(most)
    )
    return [(application, person, cohort) for application, person, cohort in rows]


async def _tell(
    work: Work, cohort: Cohort, application: Application, person: Person, event: Event, *, corrected: bool
) -> None:
    by = await work.get(Person, event.person_id or 0)
    if person.id == by.id:
        return
    takes = applications.takes_applications(cohort, work.now)
    letter = NewLetter(
        key=f"entered:application-{application.id}:event-{event.id}",
        kind=LetterKind.NEWS,
        to=person,
        message=(texts.entered if takes else texts.entered_late)(person, application, cohort, by, corrected=corrected),
        about=about(application),
        held_until=next_decent(work.now, person.reader()),
    )
    await post(work, cohort.community_id, letter)


async def _of(work: Work, application: Application) -> tuple[Cohort, Person]:
    return await work.get(Cohort, application.cohort_id), await work.get(Person, application.person_id)
