"""The team: who coordinates, who looks after pairs, who reviews the matches."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.domain import LIVE, Cohort, Community, Duty, Event, Pairing, Person, TeamMember
from bot.services import changes
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import team as texts


async def listed(work: Work, community: Community) -> Sequence[tuple[TeamMember, Person]]:
    """Everybody with a duty, by duty, longest serving first."""
    rows = await work.session.execute(
        select(TeamMember, Person)
        .join(Person, Person.id == TeamMember.person_id)
        .where(TeamMember.community_id == community.id)
        .order_by(TeamMember.id)
    )
    order = list(Duty)
    return sorted(((member, person) for member, person in rows), key=lambda row: order.index(row[0].duty))


async def has(work: Work, person: Person, duty: Duty) -> bool:
    """Whether somebody has a duty."""
    return duty in await queries.duties_of(work, person.id)


async def is_last_coordinator(work: Work, member: TeamMember) -> bool:
    """Whether nobody would be left to decide. Two who take each other off the list at once do so in turn."""
    if member.duty is not Duty.COORDINATOR:
        return False
    await work.lock(Community, member.community_id)
    return len(await queries.team(work, member.community_id, Duty.COORDINATOR)) < 2


async def add(work: Work, person: Person, duty: Duty, *, by: Person) -> Event:
    """Give somebody a duty; they hear what they are now and what that means."""
    async with changes.change(work, "team.added", by=by, person=person.id, duty=duty.value) as change:
        work.add(TeamMember(community_id=person.community_id, person_id=person.id, duty=duty, since=work.now))
        if person.id != by.id:  # who gives it to themselves has the answer on the screen
            await change.tell([person], lambda reader: texts.joined(reader, duty, by))
    return change.event


async def remove(work: Work, member: TeamMember, person: Person, *, by: Person) -> Event:
    """Take a duty away; they hear it with thanks. Pairs of a liaison have none then, so that others hear of them."""
    duty, since = member.duty, member.since.isoformat()
    async with changes.change(work, "team.removed", by=by, person=person.id, duty=duty.value, since=since) as change:
        for pairing in await pairs_of(work, member):
            change.set(pairing, liaison_id=None)
        await work.session.delete(member)
        await change.tell([person], lambda reader: texts.left(reader, duty, by))
    return change.event


async def pairs_of(work: Work, member: TeamMember) -> Sequence[Pairing]:
    """The live pairs that somebody looks after as a liaison."""
    if member.duty is not Duty.LIAISON:
        return ()
    return await work.all(
        select(Pairing)
        .join(Cohort, Cohort.id == Pairing.cohort_id)
        .where(Cohort.community_id == member.community_id)
        .where(Pairing.liaison_id == member.person_id, Pairing.state.in_(LIVE))
        .order_by(Pairing.id)
    )
