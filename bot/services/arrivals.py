"""People whom a coordinator entered before they joined the chat: expected by name and mail, until they arrive.

They take part in all that needs no account. Letters to them are kept, and their pairs begin on their arrival. Who
arrives is known by a mail address that the platform vouches for, or by a coordinator's word; never by a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from sqlalchemy import func, select

from bot.domain import Account, Cohort, Enrollment, Letter, Person
from bot.services import beginnings, proposals
from bot.storage import queries
from bot.storage.outbox import release
from bot.storage.work import Work


class Reader(Enum):
    """Why a letter has no address: its reader is expected, arrived at this moment, or cannot be reached."""

    EXPECTED = auto()
    ARRIVED = auto()
    GONE = auto()


async def enter(work: Work, *, name: str, mail: str, by: Person) -> Person:
    """Write somebody down who is not in the chat; their mail must be nobody's."""
    person = Person(community_id=by.community_id, name=name, mail=mail, created_at=work.now)
    work.add(person)
    await work.flush()
    work.note("person.entered", community=by.community_id, person=by.id, entered=person.id)
    return person


async def expected(work: Work, community: int, *, typed: str = "", most: int) -> Sequence[Person]:
    """Those of a community who are not here yet, by name."""
    here = select(Person).where(Person.community_id == community, ~queries.is_here())
    named = here.where(Person.name.icontains(typed, autoescape=True))
    return await work.all(named.order_by(Person.name, Person.id).limit(most))


async def count(work: Work, community: int) -> int:
    """How many of a community are not here yet."""
    counted = select(func.count(Person.id)).where(Person.community_id == community, ~queries.is_here())
    return await work.first(counted) or 0


async def is_here(work: Work, person: Person) -> bool:
    """Whether somebody has an account."""
    return await work.first(select(Account.id).where(Account.person_id == person.id)) is not None


async def expected_by(work: Work, community: int, mail: str) -> Person | None:
    """Who is expected with a mail address that the platform vouches for."""
    found = await queries.person_with(work, community, mail)
    return None if found is None or await is_here(work, found) else found


async def arrive(work: Work, person: Person) -> None:
    """Somebody has an account now: what was kept for them goes out, and their pairs begin.

    Cohorts are held first, so that nobody publishes pairs meanwhile in which this person is missing.
    """
    await hold(work, person)
    await release(work, person)
    for pairing in await queries.live_pairings(work, person.id):
        await beginnings.begin(work, pairing)
    work.note("person.arrived", community=person.community_id, person=person.id)


async def hold(work: Work, *people: Person) -> None:
    """Let nobody else change where these people take part, or decide that they are not here."""
    numbers = [person.id for person in people]
    theirs = select(Enrollment.cohort_id).where(Enrollment.person_id.in_(numbers))
    for cohort in await work.all(select(Cohort).where(Cohort.id.in_(theirs)).order_by(Cohort.id)):
        await proposals.hold(work, cohort)
    for number in sorted(numbers):
        await work.lock(Person, number)


async def reader_of(work: Work, letter: Letter) -> Reader:
    """Who has no address. The letter may be somebody else's by now, if two people turned out to be one."""
    if letter.person_id is None or letter.replaces_id is not None:
        return Reader.GONE
    await work.lock(Person, letter.person_id)
    reader = select(Letter.person_id).where(Letter.id == letter.id).scalar_subquery()
    accounts = await work.all(select(Account).where(Account.person_id == reader))
    if not accounts:
        return Reader.EXPECTED
    return Reader.ARRIVED if any(account.reachable for account in accounts) else Reader.GONE
