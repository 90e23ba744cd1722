"""What the bot knows of the workspaces and servers it was invited to, and of the channels there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from bot.domain import Account, Channel, Community, Duty, Person, Seen, Space, TeamMember
from bot.services import unreachable
from bot.services.office import Office
from bot.storage import queries
from bot.storage.outbox import withdraw
from bot.storage.work import Work
from bot.texts import team

MEMORY = timedelta(days=2)
"""For how long an event is remembered: no platform brings one again after that."""

BATCH = 200
"""Events forgotten in one Work."""


async def opened(
    work: Work, platform: str, external: str, *, name: str, hangs_rooms: bool = False, roams: bool = False
) -> Space:
    """The space by its platform's id; a new one comes with a community of its own, which nobody coordinates yet.

    `hangs_rooms`: rooms of pairs hang below a channel there. `roams`: its users have the same ids elsewhere.
    """
    found = await queries.space_of(work, platform, external)
    if found is not None:
        found.name = name[:200] or found.name
        found.hangs_rooms, found.roams = hangs_rooms, roams
        if found.left_at is not None:
            await _returned(work, found)
        return found
    community = Community(name=name[:200], created_at=work.now)
    work.add(community)
    await work.flush()
    space = Space(community_id=community.id, platform=platform, external=external, name=name[:200])
    space.hangs_rooms, space.roams = hangs_rooms, roams
    work.add(space)
    await work.flush()
    return space


async def met_elsewhere(work: Work, space: Space, user: str) -> Person | None:
    """Whoever this user is already in another space of the same community, where users roam."""
    known = await queries.accounts_of(work, space.platform, user) if space.roams else ()
    return next((person for _, person, other in known if other.community_id == space.community_id), None)


async def leave(work: Work, space: Space) -> None:
    """The bot was taken out of a space: nobody became unreachable by that.

    Whoever has another account gets letters there. Coordinators hear of it if one of those is theirs.
    """
    await work.lock(Space, space.id)
    await work.session.refresh(space)
    if space.left_at is not None:
        return
    space.left_at = work.now
    here = update(Channel).where(Channel.space_id == space.id, Channel.left_at.is_(None))
    await work.session.execute(here.values(left_at=work.now))
    elsewhere = select(Account.person_id).join(Space, Account.space_id == Space.id)
    elsewhere = elsewhere.where(Account.space_id != space.id, Account.reachable, Space.left_at.is_(None))
    theirs = update(Account).where(Account.space_id == space.id, Account.person_id.in_(elsewhere))
    await work.session.execute(theirs.values(reachable=False).execution_options(synchronize_session=False))
    mine = select(Person).join(TeamMember, TeamMember.person_id == Person.id)
    mine = mine.where(TeamMember.community_id == space.community_id, TeamMember.duty == Duty.COORDINATOR)
    helpers = await work.all(mine.where(Person.id.in_(elsewhere)).order_by(Person.id))
    key = f"left-space:{space.id}:{work.now:%Y%m%d%H%M%S}"
    await unreachable.tell(work, helpers, team.out_of(space), key=key, about=_about(space))
    work.note("space.left", community=space.community_id, space=space.id)


async def is_left(work: Work, platform: str, external: str) -> bool:
    """Whether the bot was taken out of a space."""
    space = await queries.space_of(work, platform, external)
    return space is not None and space.left_at is not None


async def know_channel(
    work: Work, space: Space, conversation: str, *, name: str, private: bool, lacks: Sequence[str] = ()
) -> Channel:
    """A channel that the bot is in, as it is called now; `lacks` are the rights missing there to open rooms."""
    found = await _channel(work, space, conversation)
    if found is None:
        found = Channel(space_id=space.id, conversation=conversation, name=name[:100], private=private)
        work.add(found)
    found.name, found.private, found.left_at = name[:100], private, None
    if list(found.lacks or ()) != list(lacks):
        found.lacks = list(lacks)
    await work.flush()
    return found


async def leave_channel(work: Work, space: Space, conversation: str) -> None:
    """The bot is in this channel no more: it is offered to nobody until it is invited again."""
    found = await _channel(work, space, conversation)
    if found is not None:
        found.left_at = work.now


async def channels(work: Work, platform: str, external: str) -> Collection[str]:
    """The channels of a space that the bot is in, as far as it has heard."""
    here = select(Channel.conversation).join(Space, Channel.space_id == Space.id)
    here = here.where(Space.platform == platform, Space.external == external, Channel.left_at.is_(None))
    return set(await work.all(here))


async def is_new(work: Work, platform: str, event: str) -> bool:
    """Whether this event of a platform comes for the first time; written down in the same Work as what it causes."""
    row = {"platform": platform, "event": event[:200], "forget_at": work.now + MEMORY}
    return bool(await work.insert_once(Seen, [row], unique=["platform", "event"]))


async def forget_events(office: Office) -> int:
    """Sweep: forget events that no platform would bring again; how many they were."""
    async with office.storage.work() as work:
        old = select(Seen.id).where(Seen.forget_at <= work.now).order_by(Seen.forget_at).limit(BATCH)
        gone = await work.session.scalars(delete(Seen).where(Seen.id.in_(old)).returning(Seen.id))
        return len(gone.all())


async def _returned(work: Work, space: Space) -> None:
    """The bot was invited again: accounts there are tried as before."""
    space.left_at = None
    heard = select(Person.id).where(Person.unreachable_since.is_(None))
    theirs = update(Account).where(Account.space_id == space.id, Account.person_id.in_(heard))
    await work.session.execute(theirs.values(reachable=True).execution_options(synchronize_session=False))
    await withdraw(work, _about(space))
    work.note("space.returned", community=space.community_id, space=space.id)


def _about(space: Space) -> str:
    return f"left-space:{space.id}"


async def _channel(work: Work, space: Space, conversation: str) -> Channel | None:
    return await work.first(select(Channel).where(Channel.space_id == space.id, Channel.conversation == conversation))
