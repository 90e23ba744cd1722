"""Two communities become one: a workspace or server without a program of its own joins another's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from sqlalchemy import Column, delete, select, update

from bot.domain import Account, Base, Cohort, Community, LetterKind, Person, Space, TeamMember
from bot.services import linking
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import joining as texts
from bot.ui import Message, Words


async def obstacle(work: Work, guest: Community, host: Community) -> Words | None:
    """Why a community cannot join another one, and what to do; nothing if it can, until the Work ends."""
    for one in sorted((guest, host), key=lambda community: community.id):
        await work.lock(Community, one.id)
        await work.session.refresh(one)
    for space in await spaces_of(work, guest):
        await work.lock(Space, space.id)
    if guest.id == host.id:
        return texts.is_from_here()
    if guest.joined_id is not None or host.joined_id is not None:
        return texts.has_joined()
    own = await work.first(select(Cohort).where(Cohort.community_id == guest.id).order_by(Cohort.id))
    return None if own is None else texts.has_a_program(own)


async def stays(work: Work, community: Community) -> bool:
    """Whether a community is still its own, which then holds until the Work ends."""
    await work.lock(Community, community.id)
    await work.session.refresh(community)
    return community.joined_id is None


async def ask(work: Work, number: int, maker: Person, *, by: Person, guest: Community) -> None:
    """Ask the coordinator who made the code whether this community may join."""
    letter = NewLetter(
        key=f"joining:{number}",
        kind=LetterKind.DUTY,
        to=maker,
        message=texts.may_they(number, spaces=await spaces_of(work, guest), by=by),
    )
    await post(work, maker.community_id, letter)


async def join(work: Work, guest: Community, host: Community, *, asker: Person, by: Person) -> None:
    """Make one of two, in whose way `obstacle` found nothing in the same Work. The guest's team is one no more."""
    spaces = await spaces_of(work, guest)
    await work.session.execute(delete(TeamMember).where(TeamMember.community_id == guest.id))
    await _free_mails(work, guest, host)
    for column in _columns():
        await work.session.execute(update(column.table).where(column == guest.id).values({column: host.id}))
    await work.session.refresh(asker)
    for space in spaces:
        await work.session.refresh(space)
        space.is_guest = True
    guest.joined_id = host.id
    for theirs, ours in await _met_twice(work, spaces):
        if await linking.obstacle(work, theirs, ours) is None:
            asker = ours if asker is theirs else asker
            await linking.link(work, theirs, ours)
    work.note("community.joined", community=host.id, person=by.id, joined=guest.id, asker=asker.id)
    await tell(work, asker, texts.joined(host, by=by, spaces=spaces), about=f"community-{guest.id}")


async def tell(work: Work, asker: Person, message: Message, *, about: str) -> None:
    """Whoever asked hears how it ended."""
    letter = NewLetter(key=f"joining:answer:{about}", kind=LetterKind.DUTY, to=asker, message=message)
    await post(work, asker.community_id, letter)


async def spaces_of(work: Work, community: Community) -> Sequence[Space]:
    """Its workspaces and servers, longest known first."""
    return await work.all(select(Space).where(Space.community_id == community.id).order_by(Space.id))


async def _met_twice(work: Work, joined: Sequence[Space]) -> list[tuple[Person, Person]]:
    """Who came with these spaces and was known in their community before, and as whom."""
    new, twice = {space.id for space in joined}, dict[int, tuple[Person, Person]]()
    for space in (space for space in joined if space.roams):
        for account in await work.all(select(Account).where(Account.space_id == space.id).order_by(Account.id)):
            known = await queries.accounts_of(work, space.platform, account.user)
            for _, ours, other in known:
                if other.community_id == space.community_id and other.id not in new:
                    twice[account.person_id] = await work.get(Person, account.person_id), ours
    return list(twice.values())


async def _free_mails(work: Work, guest: Community, host: Community) -> None:
    """A mail address is one person's: who has it in the host keeps it."""
    taken = select(Person.mail).where(Person.community_id == host.id, Person.mail != "")
    twice = update(Person).where(Person.community_id == guest.id, Person.mail.in_(taken))
    await work.session.execute(twice.values(mail="").execution_options(synchronize_session=False))


def _columns() -> Iterator[Column[int]]:
    """Every column of the bot that points to a community."""
    key = cast(Column[int], Community.__table__.c.id)
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.c if column.references(key))
