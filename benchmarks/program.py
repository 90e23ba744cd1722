"""Communities as they are in the middle of things: one whose pairs talk, one that matches, one whose call is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TypeVar

from sqlalchemy import select

from benchmarks.stage import PLATFORM, START
from bot.domain import (
    Account,
    Application,
    Channel,
    CheckIn,
    Cohort,
    CohortState,
    Community,
    Duty,
    Enrollment,
    Goal,
    Member,
    Pairing,
    PairingState,
    Person,
    Place,
    PlaceState,
    Role,
    Space,
    TeamMember,
    Wanted,
)
from bot.domain.base import Base
from bot.domain.rhythm import at_local
from bot.programs import template
from bot.services import calendar, cohort_dates
from bot.storage.work import Work

B = TypeVar("B", bound=Base)

TEMPLATE = "alcts"
GOALS = 2
TALKS = 6
"""Days on which each pair has talked, from the first day on."""

MIDST = START + timedelta(days=TALKS + 1)
"""When all that lies behind the pairs, and their first letters are still to come."""


@dataclass(slots=True)
class Program:
    """One community with one cohort that matters, and everybody in it by number."""

    space: Space
    cohort: Cohort
    channels: list[int]
    coordinator: int
    team: list[TeamMember]
    people: list[int] = field(default_factory=list)
    pairings: list[int] = field(default_factory=list)
    goals: list[int] = field(default_factory=list)
    enrollments: list[int] = field(default_factory=list)


async def talking(work: Work, name: str, *, pairs: int) -> Program:
    """A community whose pairs have talked since the cohort began; `people` are mentor, mentee, mentor, mentee …"""
    program = await _community(work, name, CohortState.ACTIVE)
    liaison = next(one.person_id for one in program.team if one.duty is Duty.LIAISON)
    program.people = await _people(work, program.space, 2 * pairs)
    places = await _added(
        work,
        [
            Place(
                space_id=program.space.id,
                people=f"{mentor},{mentee}",
                name="pair",
                conversation=f"room-{mentor}",
                state=PlaceState.OPEN,
            )
            for mentor, mentee in _couples(program.people)
        ],
    )
    pairings = await _added(
        work,
        [
            Pairing(
                cohort_id=program.cohort.id,
                state=PairingState.ACTIVE,
                liaison_id=liaison,
                place_id=place.id,
                starts_on=program.cohort.starts_on,
                introduced_at=work.now,
            )
            for place in places
        ],
    )
    program.pairings = [pairing.id for pairing in pairings]
    members = await _added(
        work,
        [
            Member(pairing_id=program.pairings[n // 2], person_id=person, role=(Role.MENTOR, Role.MENTEE)[n % 2])
            for n, person in enumerate(program.people)
        ],
    )
    program.goals = await _past(work, program.cohort, members[::2])
    await calendar.plan(work, program.people)
    return program


async def matching(work: Work, name: str, *, mentees: int) -> Program:
    """A community whose call has closed; three mentors for five mentees, who take up to three of them each."""
    program = await _community(work, name, CohortState.MATCHING)
    await _apply(work, program, mentees=mentees)
    return program


async def calling(work: Work, name: str, *, applicants: int, strangers: int) -> Program:
    """A community whose call is open: `people` have not applied, the applicants come after them."""
    program = await _community(work, name, CohortState.OPEN)
    program.people = await _people(work, program.space, strangers)
    await _apply(work, program, mentees=applicants)
    return program


async def enrolled(work: Work, program: Program, role: Role) -> Sequence[int]:
    """The enrollments of a role, once the applications were taken up."""
    return await work.all(
        select(Enrollment.id)
        .where(Enrollment.cohort_id == program.cohort.id, Enrollment.role == role)
        .order_by(Enrollment.id)
    )


async def draft(work: Work, program: Program) -> Cohort:
    """Another cohort of the community, of which nobody has heard."""
    (cohort,) = await _added(work, [_cohort(work, program.space.community_id, CohortState.DRAFT)])
    return cohort


async def _community(work: Work, name: str, state: CohortState) -> Program:
    (community,) = await _added(work, [Community(name=name, created_at=work.now)])
    (space,) = await _added(work, [Space(community_id=community.id, platform=PLATFORM, external=name, name=name)])
    (cohort,) = await _added(work, [_cohort(work, community.id, state)])
    channels = await _added(
        work,
        [
            Channel(space_id=space.id, conversation=f"C-{kind}-{name}", name=kind, private=kind == "liaisons")
            for kind in ("mentoring", "liaisons")
        ],
    )
    community.liaison_channel_id = channels[1].id
    duties = (Duty.COORDINATOR, Duty.COORDINATOR, Duty.LIAISON, Duty.LIAISON, Duty.COMMITTEE)
    helpers = await _people(work, space, len(duties))
    team = [
        TeamMember(community_id=community.id, person_id=person, duty=duty, since=work.now)
        for person, duty in zip(helpers, duties, strict=True)
    ]
    return Program(space, cohort, [one.id for one in channels], helpers[0], await _added(work, team))


def _cohort(work: Work, community: int, state: CohortState) -> Cohort:
    """One whose call is open, or whose pairs talk: seen from June 2027."""
    year = 2027 if state is CohortState.ACTIVE else 2028
    opens = work.now.date() - timedelta(days=30) if state is not CohortState.ACTIVE else date(year, 1, 15)
    closes = opens + timedelta(days=60)
    cohort = Cohort(
        community_id=community,
        template=TEMPLATE,
        title=f"Mentoring {year}–{year - 1999}",
        state=state,
        zone="America/Chicago",
        opens_on=work.now.date() + timedelta(days=30) if state is CohortState.DRAFT else opens,
        closes_on=closes if state is not CohortState.DRAFT else work.now.date() + timedelta(days=90),
        announced_on=date(year, 5, 3),
        starts_on=date(year, 6, 1),
        ends_on=date(year + 1, 4, 30),
        topics=list(template(TEMPLATE).topics),
        created_at=work.now,
    )
    cohort_dates.plan(cohort)
    return cohort


async def _people(work: Work, space: Space, count: int) -> list[int]:
    found = template(TEMPLATE)
    careers, hours = list(found.career), list(found.hours)
    people = await _added(
        work,
        [
            Person(
                community_id=space.community_id,
                name=f"Person {number} of {space.name}",
                zone=("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")[number % 4],
                institution=f"Library {number % 30}",
                career=careers[number % len(careers)],
                hours=hours[number % 3 : number % 3 + 2],
                languages=["en"],
                created_at=work.now,
            )
            for number in range(count)
        ],
    )
    await _added(work, [Account(space_id=space.id, user=f"U{one.id}", person_id=one.id) for one in people])
    return [one.id for one in people]


async def _past(work: Work, cohort: Cohort, writers: Sequence[Member]) -> list[int]:
    """What pairs have written down so far; the goals' numbers, pair by pair."""
    goals = [
        Goal(
            pairing_id=writer.pairing_id,
            title=f"Goal {number}",
            help="Read two drafts and say what is unclear",
            written_by_id=writer.id,
            created_at=work.now,
        )
        for writer in writers
        for number in range(GOALS)
    ]
    talks = [
        CheckIn(
            pairing_id=writer.pairing_id,
            logged_by_id=writer.id,
            talked_on=cohort.starts_on + timedelta(days=number),
            minutes=45,
            created_at=at_local(cohort.starts_on, time(12), zone=cohort.tz),
        )
        for writer in writers
        for number in range(TALKS)
    ]
    await _added(work, talks)
    return [goal.id for goal in await _added(work, goals)]


async def _apply(work: Work, program: Program, *, mentees: int) -> None:
    mentors = mentees * 6 // 10
    people = await _people(work, program.space, mentees + mentors)
    topics = program.cohort.topics
    wanted = [Wanted.MENTEE] * mentees + [Wanted.MENTOR] * mentors
    await _added(
        work,
        [
            Application(
                cohort_id=program.cohort.id,
                person_id=person,
                wanted=role,
                wishes=[topics[(number + turn) % len(topics)] for turn in range(3)] if role is Wanted.MENTEE else [],
                offers=[topics[(number + turn) % len(topics)] for turn in range(4)] if role is Wanted.MENTOR else [],
                places=1 + number % 3,
                sent_at=work.now,
            )
            for number, (person, role) in enumerate(zip(people, wanted, strict=True))
        ],
    )
    program.people += people


def _couples(people: Sequence[int]) -> Sequence[tuple[int, int]]:
    return list(zip(people[::2], people[1::2], strict=True))


async def _added(work: Work, rows: list[B]) -> list[B]:
    work.add(*rows)
    await work.flush()
    return rows
