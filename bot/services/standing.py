"""Where somebody stands: everything that `/mentor status` shows, read in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from bot.domain import (
    Application,
    ApplicationState,
    CheckIn,
    Cohort,
    CohortState,
    Draft,
    EnrollmentState,
    Goal,
    GoalState,
    Pairing,
    PairingState,
    Person,
)
from bot.services.applications import open_call
from bot.storage import queries
from bot.storage.work import Work


@dataclass(frozen=True, slots=True)
class PairStanding:
    """One pair of the person: how many goals, of them reached, and the day of the last talk."""

    pairing: Pairing
    goals: int
    reached: int
    talked_on: date | None
    leaving: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A person in the program: what they asked for and what came of it."""

    person: Person
    call: Cohort | None
    cohort: Cohort | None
    application: Application | None
    begun: str
    pairs: Sequence[PairStanding]
    waiting: bool


async def standing(work: Work, person: Person) -> Standing:
    """Read where a person stands now."""
    cohort = await queries.newest_cohort(work, person.community_id)
    application = None if cohort is None else await queries.application_of(work, cohort.id, person.id)
    return Standing(
        person,
        await open_call(work, person.community_id),
        cohort,
        application,
        await _begun(work, person),
        [await _pair(work, pairing) for pairing in await queries.live_pairings(work, person.id)],
        False if cohort is None else await _waiting(work, cohort, person),
    )


def is_standing(application: Application | None) -> bool:
    """Whether there is an application that counts."""
    gone = (ApplicationState.WITHDRAWN, ApplicationState.DECLINED)
    return application is not None and application.state not in gone


async def _pair(work: Work, pairing: Pairing) -> PairStanding:
    goals = await work.all(select(Goal.state).where(Goal.pairing_id == pairing.id, Goal.state != GoalState.DROPPED))
    talked_on = await work.first(select(func.max(CheckIn.talked_on)).where(CheckIn.pairing_id == pairing.id))
    leaving = pairing.state is PairingState.PAUSED
    return PairStanding(pairing, len(goals), sum(state is GoalState.REACHED for state in goals), talked_on, leaving)


async def _begun(work: Work, person: Person) -> str:
    """The command text of an application that was begun and not sent, if there is one."""
    drafts = select(Draft.run).where(Draft.person_id == person.id, Draft.run.startswith("mentor join"))
    return await work.first(drafts.order_by(Draft.saved_at.desc())) or ""


async def _waiting(work: Work, cohort: Cohort, person: Person) -> bool:
    """Whether pairs were announced and this person still waits for one."""
    if cohort.state is not CohortState.ACTIVE:
        return False
    enrollments = await queries.enrollments_of(work, cohort.id, person.id)
    return any(e.state in (EnrollmentState.WAITING, EnrollmentState.UNMATCHED) for e in enrollments)
