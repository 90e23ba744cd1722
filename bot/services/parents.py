"""Where the rooms of pairs hang: below a channel that a coordinator chose, on platforms that want one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.domain import Channel, Community, Person, Place, Space
from bot.services import unreachable
from bot.storage.work import Work
from bot.texts import rooms as texts


async def spaces(work: Work, community: int) -> Sequence[Space]:
    """The spaces of a community in which rooms hang below a channel."""
    return await work.all(select(Space).where(Space.community_id == community, Space.hangs_rooms).order_by(Space.id))


async def chosen(work: Work, space: Space) -> Channel | None:
    """The channel below which rooms open, if one is chosen and the bot is still in it."""
    found = await work.find(Channel, space.rooms_channel_id)
    return None if found is None or found.left_at is not None else found


async def is_missing(work: Work, community: int) -> bool:
    """Whether rooms hang below a channel in one of the spaces, and none is chosen there."""
    for space in await spaces(work, community):
        if await chosen(work, space) is None:
            return True
    return False


async def choose(work: Work, community: Community, channel: Channel, *, by: Person) -> None:
    """Let rooms open below this channel from now on; those that are open stay where they are."""
    space = await work.get(Space, channel.space_id)
    space.rooms_channel_id = channel.id
    work.note("rooms.channel", community=community.id, person=by.id, channel=channel.id)


async def conversation(work: Work, space: Space) -> str:
    """The chosen channel by its platform's id, also where the bot may be in it no more: opening finds that out."""
    found = await work.find(Channel, space.rooms_channel_id)
    return "" if found is None else found.conversation


async def hindered(work: Work, space: Space, place: Place, *, outside: Sequence[int], rights: Sequence[str]) -> None:
    """A room could not open below the chosen channel: whoever can change that hears why, once.

    `outside` are the people who do not see that channel, `rights` are those that the bot lacks there.
    """
    channel = await work.find(Channel, space.rooms_channel_id)
    if channel is None:
        return
    if rights:
        coordinators = await unreachable.coordinators(work, space.community_id)
        key = f"rooms-hindered:channel-{channel.id}:{work.now:%Y%m%d}"
        await unreachable.tell(work, coordinators, texts.rights_missing(channel, rights), key=key)
    if outside:
        people = await _people(work, place.person_ids)
        said = texts.elsewhere(channel, people, [person for person in people if person.id in outside])
        helpers = await unreachable.helpers_of(work, place)
        await unreachable.tell(work, helpers, said, key=f"room-elsewhere:place-{place.id}")


async def _people(work: Work, numbers: Sequence[int]) -> Sequence[Person]:
    return await work.all(select(Person).where(Person.id.in_(numbers)).order_by(Person.id))
