"""Selects that several rooms share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, func, inspect, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from bot.domain import (
    ENDED,
    LIVE,
    Account,
    Application,
    Channel,
    Cohort,
    CohortState,
    Community,
    Draft,
    Duty,
    Enrollment,
    Letter,
    Member,
    Pairing,
    Person,
    Place,
    Space,
    TeamMember,
)
from bot.ports import Receipt
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Work

MOST_CHOICES = 25
"""Choices that every platform can show at once."""


async def account_of(work: Work, platform: str, space: str, user: str) -> tuple[Account, Person, Space] | None:
    """The account behind a platform's ids, with its person and space."""
    rows = await work.rows(_account_of(platform, space, user))
    return None if not rows else (rows[0][0], rows[0][1], rows[0][2])


@prepared
def _account_of(platform: Arg, space: Arg, user: Arg) -> Select[Account, Person, Space, Community]:
    """With the community, which whoever asks next finds in the session."""
    return _accounts().where(Space.platform == platform, Space.external == space, Account.user == user)


def _accounts() -> Select[Account, Person, Space, Community]:
    return (
        select(Account, Person, Space, Community)
        .join(Person, Account.person_id == Person.id)
        .join(Space, Account.space_id == Space.id)
        .join(Community, Space.community_id == Community.id)
    )


async def accounts_of(work: Work, platform: str, user: str) -> list[tuple[Account, Person, Space]]:
    """Every account behind a platform's user, whatever the space, longest known first."""
    return [(row[0], row[1], row[2]) for row in await work.rows(_accounts_of(platform, user))]


@prepared
def _accounts_of(platform: Arg, user: Arg) -> Select[Account, Person, Space, Community]:
    return _accounts().where(Space.platform == platform, Account.user == user).order_by(Account.id)


async def space_of(work: Work, platform: str, external: str) -> Space | None:
    """A space by its platform's id."""
    return await work.first(select(Space).where(Space.platform == platform, Space.external == external))


async def community(work: Work, number: int) -> Community:
    """A community by its number."""
    return await work.get(Community, number)


async def now_of(work: Work, number: int) -> int:
    """The community that this number of one means now: it may have joined another one since."""
    return await work.first(select(Community.joined_id).where(Community.id == number)) or number


async def draft(work: Work, person_id: int, run: str) -> Draft | None:
    """What a person has begun to answer to a form."""
    return await work.first(_draft(person_id, run))


@prepared
def _draft(person: Arg, run: Arg) -> Select[Draft]:
    return select(Draft).where(Draft.person_id == person, Draft.run == run)


async def duties_of(work: Work, person_id: int) -> frozenset[Duty]:
    """What a person does in the team."""
    return frozenset(await work.all(_duties_of(person_id)))


@prepared
def _duties_of(person: Arg) -> Select[Duty]:
    return select(TeamMember.duty).where(TeamMember.person_id == person)


async def team(work: Work, community_id: int, duty: Duty) -> Sequence[Person]:
    """Everybody with a duty, longest serving first."""
    return await work.all(_team(community_id, duty))


@prepared
def _team(community: Arg, duty: Arg) -> Select[Person]:
    return (
        select(Person)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .where(TeamMember.community_id == community, TeamMember.duty == duty)
        .order_by(TeamMember.id)
    )


async def people_called(work: Work, community_id: int, typed: str) -> Sequence[Person]:
    """People by number or by name (whole, without regard to case)."""
    here = select(Person).where(Person.community_id == community_id).limit(2)
    if typed.isascii() and typed.isdigit() and len(typed) < 16:
        return await work.all(here.where(Person.id == int(typed)))
    return await work.all(here.where(func.lower(Person.name) == typed.lower()))


def is_here() -> ColumnElement[bool]:
    """Whether a `Person` has an account. Those who have none were entered by a coordinator, and are expected."""
    return select(Account.id).where(Account.person_id == Person.id).exists()


async def expected(work: Work, people: Iterable[Person]) -> Sequence[Person]:
    """Those of these people who are not here yet, by name."""
    numbers = {person.id for person in people}
    return await work.all(select(Person).where(Person.id.in_(numbers), ~is_here()).order_by(Person.name, Person.id))


async def person_with(work: Work, community_id: int, mail: str) -> Person | None:
    """Whose mail address this is."""
    return await work.first(
        select(Person).where(Person.community_id == community_id, Person.mail == mail, Person.mail != "")
    )


async def channel_called(work: Work, space_id: int, typed: str) -> Channel | None:
    """A channel of this space by name or by the platform's id."""
    return await work.first(
        select(Channel)
        .where(Channel.space_id == space_id, Channel.left_at.is_(None))
        .where((Channel.name == typed) | (Channel.conversation == typed))
    )


async def place_at(work: Work, space_id: int, conversation: str) -> Place | None:
    """The place that is this conversation."""
    return await work.first(_place_at(space_id, conversation))


@prepared
def _place_at(space: Arg, conversation: Arg) -> Select[Place]:
    return select(Place).where(Place.space_id == space, Place.conversation == conversation).limit(1)


async def letter_at(work: Work, receipt: Receipt) -> Letter | None:
    """The letter that lies there."""
    return await work.first(_letter_at(receipt.conversation, receipt.posted))


@prepared
def _letter_at(conversation: Arg, posted: Arg) -> Select[Letter]:
    there = Letter.conversation == conversation, Letter.posted == posted
    return select(Letter).where(*there).order_by(Letter.id).limit(1)


async def newest_cohort(work: Work, community_id: int, *states: CohortState) -> Cohort | None:
    """The newest cohort, of those in these states or of all that have not ended."""
    wanted = states or [state for state in CohortState if state not in ENDED]
    return await work.first(_newest_cohort(community_id, list(wanted)))


@prepared
def _newest_cohort(community: Arg, states_in: Arg) -> Select[Cohort]:
    here = select(Cohort).where(Cohort.community_id == community, Cohort.state.in_(states_in))
    return here.order_by(Cohort.id.desc()).limit(1)


async def application_of(work: Work, cohort_id: int, person_id: int) -> Application | None:
    """A person's application for a cohort, whatever its state."""
    return await work.first(_application_of(cohort_id, person_id))


@prepared
def _application_of(cohort: Arg, person: Arg) -> Select[Application]:
    return select(Application).where(Application.cohort_id == cohort, Application.person_id == person)


async def enrollments_of(work: Work, cohort_id: int, person_id: int) -> Sequence[Enrollment]:
    """A person's roles in a cohort."""
    return await work.all(
        select(Enrollment)
        .where(Enrollment.cohort_id == cohort_id, Enrollment.person_id == person_id)
        .order_by(Enrollment.id)
    )


def with_members() -> list[ExecutableOption]:
    """Loader options for a pairing with its cohort, its liaison, and its members with their people."""
    return [
        joinedload(Pairing.cohort),
        joinedload(Pairing.liaison),
        selectinload(Pairing.members).joinedload(Member.person),
    ]


def with_members_at_once() -> list[ExecutableOption]:
    """The same in one statement, for the few pairings of one person."""
    return [
        joinedload(Pairing.cohort, innerjoin=True),
        joinedload(Pairing.liaison),
        joinedload(Pairing.members).joinedload(Member.person, innerjoin=True),
    ]


def with_people() -> list[ExecutableOption]:
    """The same for many pairings of one cohort, which is read once instead of with each of them."""
    return [
        selectinload(Pairing.cohort),
        joinedload(Pairing.liaison),
        selectinload(Pairing.members).joinedload(Member.person),
    ]


async def live_pairings(work: Work, person_id: int) -> Sequence[Pairing]:
    """A person's pairings that are active or paused, oldest first, loaded with everything that messages need."""
    return await work.all(_live_pairings(person_id))


@prepared
def _live_pairings(person: Arg) -> Select[Pairing]:
    return (
        select(Pairing)
        .join(Member, Member.pairing_id == Pairing.id)
        .where(Member.person_id == person, Pairing.state.in_(LIVE))
        .order_by(Pairing.id)
        .options(*with_members_at_once())
    )


async def pairing(work: Work, number: int) -> Pairing | None:
    """One pairing, loaded with everything that messages need: read once in a Work."""
    here = work.here(Pairing, number)
    return here if here is not None and _is_whole(here) else await work.first(_pairing(number))


def _is_whole(pairing: Pairing) -> bool:
    """Whether everything that `with_members` loads is there."""
    return not inspect(pairing).unloaded & {"cohort", "liaison", "members"} and all(
        "person" not in inspect(member).unloaded for member in pairing.members
    )


@prepared
def _pairing(number: Arg) -> Select[Pairing]:
    return select(Pairing).where(Pairing.id == number).options(*with_members_at_once())
