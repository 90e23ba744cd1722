"""Where a letter goes: the account or conversation is chosen at delivery, not when it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from bot.domain import Account, Channel, Community, Letter, Person, Place, PlaceState, Space
from bot.ports import Parcel, Receipt
from bot.storage.work import Work
from bot.ui import codec


@dataclass(frozen=True, slots=True)
class Address:
    """One platform, one space, and there a user or a conversation; `earlier` is the message to rewrite, if any."""

    platform: str
    space: str
    space_id: int
    zone: str
    language: str
    user: str = ""
    conversation: str = ""
    earlier: Receipt | None = None

    def parcel(self, letter: Letter) -> Parcel:
        """The letter as a messenger needs it."""
        assert letter.message is not None, "a letter that waits has its words"
        return Parcel(
            letter.id,
            letter.community_id,
            self.space,
            codec.load(letter.message),
            self.zone,
            self.language,
            self.user,
            self.conversation,
            letter.sending_at,
        )


async def addresses(work: Work, letters: Sequence[Letter]) -> Mapping[int, Address | None]:
    """The address of each letter by its number; None where nobody can be reached (any more)."""
    found: dict[int, Address | None] = {letter.id: None for letter in letters}
    for look_up, mine in (
        (_to_people, [letter for letter in letters if letter.person_id is not None]),
        (_to_places, [letter for letter in letters if letter.place_id is not None]),
        (_to_channels, [letter for letter in letters if letter.channel_id is not None]),
    ):
        found |= await look_up(work, mine) if mine else {}
    return await _with_earlier(work, letters, found)


async def _to_people(work: Work, letters: Sequence[Letter]) -> dict[int, Address | None]:
    rows = await work.session.execute(
        select(Account.person_id, Account.user, Space, Person.zone, Person.language)
        .join(Space, Account.space_id == Space.id)
        .join(Person, Account.person_id == Person.id)
        .where(Account.person_id.in_({letter.person_id for letter in letters}), Account.reachable)
        .order_by(Account.id.desc())
    )
    by_person = {
        person: Address(space.platform, space.external, space.id, zone or "UTC", language, user=user)
        for person, user, space, zone, language in rows
    }
    return {letter.id: by_person.get(letter.person_id or 0) for letter in letters}


async def _to_places(work: Work, letters: Sequence[Letter]) -> dict[int, Address | None]:
    rows = await work.session.execute(
        select(Place, Space, Community)
        .join(Space, Place.space_id == Space.id)
        .join(Community, Space.community_id == Community.id)
        .where(Place.id.in_({letter.place_id for letter in letters}), Place.state == PlaceState.OPEN)
    )
    by_place = {place.id: _shared(space, community, place.conversation) for place, space, community in rows}
    return {letter.id: by_place.get(letter.place_id or 0) for letter in letters}


async def _to_channels(work: Work, letters: Sequence[Letter]) -> dict[int, Address | None]:
    rows = await work.session.execute(
        select(Channel, Space, Community)
        .join(Space, Channel.space_id == Space.id)
        .join(Community, Space.community_id == Community.id)
        .where(Channel.id.in_({letter.channel_id for letter in letters}))
    )
    by_channel = {channel.id: _shared(space, community, channel.conversation) for channel, space, community in rows}
    return {letter.id: by_channel.get(letter.channel_id or 0) for letter in letters}


def _shared(space: Space, community: Community, conversation: str) -> Address:
    zone, language = community.zone, community.language
    return Address(space.platform, space.external, space.id, zone, language, conversation=conversation)


def _within(address: Address, space: Space) -> Address:
    return replace(address, platform=space.platform, space=space.external, space_id=space.id)


async def _with_earlier(
    work: Work, letters: Sequence[Letter], found: Mapping[int, Address | None]
) -> Mapping[int, Address | None]:
    """The same, with what each letter rewrites.

    What rewrites a letter that never arrived, or that a later letter has rewritten since, has nowhere to go.
    """
    replaced = {letter.id: letter.replaces_id for letter in letters if letter.replaces_id is not None}
    if not replaced:
        return found
    rows = await work.session.execute(
        select(Letter, Space).outerjoin(Space, Letter.space_id == Space.id).where(Letter.id.in_(replaced.values()))
    )
    earlier = {old.id: (old, space) for old, space in rows}
    newest = await _newest(work, [old for old, _space in earlier.values() if old.posted])
    result = dict(found)
    for number, old_number in replaced.items():
        (old, space), address = earlier[old_number], found[number]
        if address is None or not old.posted or newest[old.conversation, old.posted] > number:
            result[number] = None
            continue
        lies_in = address if space is None else _within(address, space)
        result[number] = replace(lies_in, earlier=Receipt(old.conversation, old.posted))
    return result


async def _newest(work: Work, letters: Sequence[Letter]) -> Mapping[tuple[str, str], int]:
    """The letter whose words lie there now, by where it lies: a rewrite has the receipt of what it has rewritten."""
    lying = select(Letter.conversation, Letter.posted, func.max(Letter.id)).where(
        Letter.conversation.in_({letter.conversation for letter in letters}),
        Letter.posted.in_({letter.posted for letter in letters}),
    )
    rows = await work.session.execute(lying.group_by(Letter.conversation, Letter.posted))
    return {(conversation, posted): newest for conversation, posted, newest in rows}
