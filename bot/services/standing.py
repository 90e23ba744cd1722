"""Where somebody stands: everything that `/mentor status` shows, read in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from bot.domain import (
    OVER,
    Application,
    ApplicationState,
    CheckIn,
    Cohort,
    CohortState,
    Departure,
    Draft,
    Enrollment,
    EnrollmentState,
    Member,
    Pairing,
    Person,
)
from bot.services import first_contact, goals
from bot.services.applications import STANDING, open_call
from bot.storage import queries
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Work


@dataclass(frozen=True, slots=True)
class PairStanding:
    """One pair of the person: how many goals, of them reached, the day of the last talk, and their leaving of it.

    `is_in_touch`: the two plainly are, so that nobody is asked to write first.
    """

    pairing: Pairing
    goals: int
    reached: int
    talked_on: date | None
    leaving: Departure | None
    is_in_touch: bool


@dataclass(frozen=True, slots=True)
class Past:
    """The newest pair of the person that has ended, by the number of their membership in it.

    `is_open`: they may have another match in the same program; `asked_again`: they want one.
    """

    pairing: Pairing
    member: int
    is_open: bool
    asked_again: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A person who is in no pair now: what they asked for and what came of it.

    `cohort` is the one that their `application` is for, else the newest. `waiting`: pairs were announced, and they have
    a place and no partner.
    """

    person: Person
    call: Cohort | None
    cohort: Cohort | None
    application: Application | None
    begun: str
    waiting: bool
    past: Past | None


async def standing(work: Work, person: Person) -> Standing:
    """Read where a person stands who is in no pair now."""
    mine = await applied(work, person)
    return Standing(
        person,
        await open_call(work, person.community_id),
        await queries.newest_cohort(work, person.community_id) if mine is None else mine.cohort,
        None if mine is None else mine.application,
        await _begun(work, person),
        False if mine is None else mine.waiting,
        await _past(work, person),
    )


@dataclass(frozen=True, slots=True)
class Applied:
    """An application from which something is to come yet; `waiting` once pairs were announced."""

    application: Application
    cohort: Cohort
    waiting: bool = False


async def applied(work: Work, person: Person) -> Applied | None:
    """The newest application of a person that can be withdrawn; a draft of the next cohort does not hide it."""
    for application, cohort in await work.rows(_standing_applications(person.id)):
        if cohort.state is not CohortState.ACTIVE or _undecided(application):
            return Applied(application, cohort)
        if await _waiting(work, application):
            return Applied(application, cohort, waiting=True)
    return None


@prepared
def _standing_applications(person: Arg) -> Select[Application, Cohort]:
    return (
        select(Application, Cohort)
        .join(Cohort, Cohort.id == Application.cohort_id)
        .where(Application.person_id == person, Application.state.in_(STANDING), Cohort.state.in_(_OPEN))
        .order_by(Cohort.id.desc())
    )


def is_standing(application: Application | None) -> bool:
    """Whether there is an application that counts."""
    gone = (ApplicationState.WITHDRAWN, ApplicationState.DECLINED)
    return application is not None and application.state not in gone


async def pairs(work: Work, person: Person) -> Sequence[PairStanding]:
    """The pairs of a person that go on, oldest first."""
    pairings = await queries.live_pairings(work, person.id)
    if not pairings:
        return []
    numbers = [pairing.id for pairing in pairings]
    counted = await goals.tallies(work, numbers)
    talked = {row[0]: row[1] for row in await work.rows(_talked(numbers))}
    leaving = {row.member_id: row for row in await work.all(_leaving([p.member(person.id).id for p in pairings]))}
    found = []
    for pairing in pairings:
        tally, talked_on = counted.get(pairing.id, goals.Tally()), talked.get(pairing.id)
        is_in_touch = first_contact.is_in_touch(pairing, tally, talked=talked_on is not None)
        left = leaving.get(pairing.member(person.id).id)
        found.append(PairStanding(pairing, tally.written, tally.reached, talked_on, left, is_in_touch))
    return found


@prepared
def _talked(pairings_in: Arg) -> Select[int, date]:
    newest = select(CheckIn.pairing_id, func.max(CheckIn.talked_on)).where(CheckIn.pairing_id.in_(pairings_in))
    return newest.group_by(CheckIn.pairing_id)


@prepared
def _leaving(members_in: Arg) -> Select[Departure]:
    return select(Departure).where(Departure.member_id.in_(members_in), Departure.told_at.is_(None))


async def _past(work: Work, person: Person) -> Past | None:
    pairing = await work.first(_newest_past(person.id))
    if pairing is None:
        return None
    member = pairing.member(person.id)
    enrollment = await work.find(Enrollment, member.enrollment_id)
    state = None if enrollment is None or pairing.cohort.state is not CohortState.ACTIVE else enrollment.state
    asked_again = state is EnrollmentState.WAITING
    return Past(pairing, member.id, asked_again or state is EnrollmentState.UNMATCHED, asked_again)


@prepared
def _newest_past(person: Arg) -> Select[Pairing]:
    return (
        select(Pairing)
        .join(Member, Member.pairing_id == Pairing.id)
        .where(Member.person_id == person, Pairing.state.in_(OVER), Pairing.ended_at.is_not(None))
        .order_by(Pairing.ended_at.desc(), Pairing.id.desc())
        .limit(1)
        .options(*queries.with_members())
    )


async def _begun(work: Work, person: Person) -> str:
    """The command text of an application that was begun and not sent, if there is one."""
    kept = await work.all(_applications_begun(person.id))
    return next((draft.run for draft in kept if draft.answers), "")  # a form that was only looked at is none


@prepared
def _applications_begun(person: Arg) -> Select[Draft]:
    mine = select(Draft).where(Draft.person_id == person, Draft.run.startswith("mentor join"))
    return mine.order_by(Draft.saved_at.desc())


_OPEN = (CohortState.OPEN, CohortState.MATCHING, CohortState.ACTIVE)


def _undecided(application: Application) -> bool:
    return application.late and application.state is ApplicationState.SENT


async def _waiting(work: Work, application: Application) -> bool:
    """Whether somebody waits for a partner. A late application has its places only once pairs are proposed anew."""
    enrollments = await queries.enrollments_of(work, application.cohort_id, application.person_id)
    if not enrollments:
        return True
    return any(e.state in (EnrollmentState.WAITING, EnrollmentState.UNMATCHED) for e in enrollments)
