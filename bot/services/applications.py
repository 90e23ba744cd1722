"""Applying to a cohort: what somebody asks for is kept as they said it, and enrollments are made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from bot.domain import (
    Application,
    ApplicationState,
    Cohort,
    CohortState,
    Enrollment,
    EnrollmentState,
    Exclusion,
    LetterKind,
    Person,
    Role,
    Wanted,
)
from bot.domain.community import Duty
from bot.domain.rhythm import next_decent
from bot.services import calendar
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.outbox import withdraw as withdraw_letters
from bot.storage.work import Work
from bot.texts import applications as texts
from bot.ui import Answer

STANDING = (ApplicationState.SENT, ApplicationState.ACCEPTED, ApplicationState.WAITLISTED)
"""States in which an application counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One application's answers as its form read them; what was left empty is empty, not None."""

    wanted: Wanted
    name: str
    zone: str
    institution: str
    career: str
    wishes: Sequence[str] = ()
    offers: Sequence[str] = ()
    places: int = 1
    hours: Sequence[str] = ()
    ways: Sequence[str] = ()
    languages: Sequence[str] = ()
    about: str = ""
    contact: str = ""
    avoid: Sequence[Person] = ()

    @classmethod
    def read(cls, wanted: Wanted, values: Mapping[str, Any]) -> Answers:
        """From a filled form: names that an application does not know are left out."""
        known = {name: value for name, value in values.items() if name in cls.__slots__ and value is not None}
        return cls(wanted=wanted, **known)


async def open_call(work: Work, community: int) -> Cohort | None:
    """The cohort that people can apply to now."""
    cohort = await queries.newest_cohort(work, community, CohortState.OPEN)
    return cohort if cohort is not None and takes_applications(cohort, work.now) else None


def takes_applications(cohort: Cohort, now: datetime) -> bool:
    """Whether the call is open at this moment: until the end of its last day in the cohort's zone."""
    return cohort.state is CohortState.OPEN and cohort.today(now) <= cohort.closes_on


async def apply(
    work: Work, cohort: Cohort, person: Person, answers: Answers, *, entered_by: Person | None = None
) -> Application:
    """Keep an application, new or changed. After the call it is `late`: the coordinators decide, and hear of it."""
    application = await queries.application_of(work, cohort.id, person.id)
    if application is None:
        application = Application(cohort_id=cohort.id, person_id=person.id)
        work.add(application)
    application.wanted, application.state = answers.wanted, ApplicationState.SENT
    application.late = entered_by is None and not takes_applications(cohort, work.now)
    application.wishes = list(answers.wishes)
    application.offers, application.places = list(answers.offers), answers.places
    application.entered_by_id = None if entered_by is None else entered_by.id
    application.conduct_at = application.sent_at = work.now
    await describe(work, person, answers)
    await work.flush()
    if not application.late:
        for enrollment in await withdrawn(work, cohort, person):
            enrollment.state = EnrollmentState.WAITING
    work.note(
        "application.sent", community=person.community_id, person=person.id, cohort=cohort.id, wanted=answers.wanted
    )
    if application.late:
        await _tell_coordinators(work, cohort, application, person)
    return application


async def withdrawn(work: Work, cohort: Cohort, person: Person) -> Sequence[Enrollment]:
    """Places that somebody had taken back, or left; those of an application that counts again are theirs again."""
    enrollments = await queries.enrollments_of(work, cohort.id, person.id)
    return [enrollment for enrollment in enrollments if enrollment.state is EnrollmentState.WITHDRAWN]


async def describe(work: Work, person: Person, answers: Answers) -> None:
    """What an application says of the person themselves stays with the person, for the next call too."""
    person.name, person.institution, person.career = answers.name, answers.institution, answers.career
    person.about, person.contact = answers.about, answers.contact
    person.hours, person.ways, person.languages = list(answers.hours), list(answers.ways), list(answers.languages)
    if person.zone != answers.zone:
        person.zone = answers.zone
        await calendar.plan(work, [person.id])
    await work.session.execute(delete(Exclusion).where(Exclusion.person_id == person.id, Exclusion.private))
    work.add(
        *(
            Exclusion(person_id=person.id, other_id=other.id, private=True)
            for other in answers.avoid
            if other.id != person.id
        )
    )


async def withdraw(work: Work, application: Application, person: Person) -> None:
    """Take an application back, with the places that were made from it and the letters about it."""
    application.state = ApplicationState.WITHDRAWN
    for enrollment in await queries.enrollments_of(work, application.cohort_id, person.id):
        enrollment.state = EnrollmentState.WITHDRAWN
    await withdraw_letters(work, f"application:{application.id}")
    work.note("application.withdrawn", community=person.community_id, person=person.id, cohort=application.cohort_id)


async def enroll(work: Work, cohort: Cohort) -> Sequence[Enrollment]:
    """Make or refresh one enrollment for each role that somebody stands for; all enrollments of the cohort.

    In the order of the applications: of equally good pairs those of lower numbers are proposed, each time the same.
    """
    rows = await work.all(
        select(Application)
        .where(Application.cohort_id == cohort.id, Application.state.in_(STANDING))
        .where(~Application.late | (Application.state == ApplicationState.ACCEPTED))
        .order_by(Application.id)
    )
    there = await work.all(select(Enrollment).where(Enrollment.cohort_id == cohort.id))
    known = {(enrollment.person_id, enrollment.role): enrollment for enrollment in there}
    for application in rows:
        for role in application.wanted.roles:
            _enroll(work, known, application, role)
    wanted = {(application.person_id, role) for application in rows for role in application.wanted.roles}
    for key, enrollment in known.items():
        if key not in wanted and enrollment.state is EnrollmentState.WAITING:
            enrollment.state = EnrollmentState.WITHDRAWN
    await work.flush()
    return await work.all(select(Enrollment).where(Enrollment.cohort_id == cohort.id).order_by(Enrollment.id))


async def prefill(work: Work, cohort: Cohort, person: Person) -> dict[str, Answer]:
    """What a person's form knows already: their last application, else what they said of themselves before."""
    application = await queries.application_of(work, cohort.id, person.id)
    avoided = await work.all(select(Exclusion.other_id).where(Exclusion.person_id == person.id, Exclusion.private))
    known: dict[str, Answer] = {
        "name": person.name,
        "zone": person.zone,
        "institution": person.institution,
        "career": person.career,
        "about": person.about,
        "contact": person.contact,
        "hours": list(person.hours or ()),
        "ways": list(person.ways or ()),
        "languages": list(person.languages or ()),
        "avoid": [str(number) for number in avoided],
    }
    if application is not None:
        known |= {"wishes": application.wishes, "offers": application.offers, "places": str(application.places)}
        known["conduct"] = "yes" if application.conduct_at else ""
    return {name: answer for name, answer in known.items() if answer}


def _enroll(work: Work, known: Mapping[tuple[int, Role], Enrollment], application: Application, role: Role) -> None:
    topics = application.wishes if role is Role.MENTEE else application.offers
    capacity = application.places if role is Role.MENTOR else 1
    enrollment = known.get((application.person_id, role))
    if enrollment is not None:
        enrollment.topics, enrollment.capacity = topics, capacity
        return
    work.add(
        Enrollment(
            cohort_id=application.cohort_id,
            person_id=application.person_id,
            application_id=application.id,
            role=role,
            topics=topics,
            capacity=capacity,
        )
    )


async def _tell_coordinators(work: Work, cohort: Cohort, application: Application, person: Person) -> None:
    for coordinator in await queries.team(work, person.community_id, Duty.COORDINATOR):
        letter = NewLetter(
            key=f"late:application-{application.id}:{work.now:%Y%m%d%H%M}:person-{coordinator.id}",
            kind=LetterKind.DUTY,
            to=coordinator,
            message=texts.late(person, cohort, application.id),
            about=f"application:{application.id}",
            held_until=next_decent(work.now, coordinator.reader(cohort.quiet)),
        )
        await post(work, person.community_id, letter)
