"""Whom and what no message reaches: noted once, and whoever looks after it hears of it once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update

from bot.domain import (
    ENDED,
    LIVE,
    Account,
    Application,
    Channel,
    Cohort,
    Duty,
    Letter,
    LetterKind,
    Nudge,
    Outcome,
    Pairing,
    Person,
    Place,
    PlaceState,
)
from bot.domain.rhythm import next_decent
from bot.services.applications import STANDING
from bot.storage import queries
from bot.storage.outbox import NewLetter, post, release, withdraw
from bot.storage.work import Work
from bot.texts import team
from bot.ui import Message


async def note(work: Work, letter: Letter) -> None:
    """Write down that a letter found nobody, and that its periods reached nobody.

    A person is unreachable until they are heard of again.
    """
    await work.session.execute(
        update(Nudge).where(Nudge.letter_id == letter.id).values(outcome=Outcome.UNREACHABLE, letter_id=None)
    )
    if letter.person_id is not None:
        await person(work, await work.get(Person, letter.person_id))
    elif letter.place_id is not None:
        await place(work, await work.get(Place, letter.place_id))
    elif letter.channel_id is not None:
        await _channel(work, letter.community_id, await work.get(Channel, letter.channel_id))


async def has_other(work: Work, number: int, *, space: int, user: str) -> bool:
    """No message reaches somebody through this account any more; whether they have another one."""
    theirs = Account.person_id == number, Account.reachable
    found = await work.all(select(Account).where(*theirs).with_for_update())
    others = [one for one in found if (one.space_id, one.user) != (space, user)]
    if others:
        for one in found:
            one.reachable = one in others
    return bool(others)


async def close(work: Work, account: Account, owner: Person) -> None:
    """An account is closed; somebody who has no other one is unreachable."""
    if not await has_other(work, owner.id, space=account.space_id, user=account.user):
        await person(work, owner)


async def person(work: Work, reader: Person) -> None:
    """No message reaches somebody, until they are heard of again."""
    if reader.unreachable_since is not None:
        return
    reader.unreachable_since = work.now
    await work.session.execute(update(Account).where(Account.person_id == reader.id).values(reachable=False))
    work.note("unreachable", community=reader.community_id, person=reader.id)
    helpers = [p.liaison for p in await queries.live_pairings(work, reader.id) if p.liaison is not None]
    key = f"unreachable:person-{reader.id}:{work.now:%Y%m%d}"
    await tell(work, helpers, team.unreachable(reader), key=key, about=_about(reader))


async def left(work: Work, account: Account) -> None:
    """Somebody has left a space. Whoever looks after them hears of it, unless another account of theirs is reached."""
    if account.reachable:
        await close(work, account, await work.get(Person, account.person_id))


async def heard(work: Work, account: Account, reader: Person) -> None:
    """Somebody is reached again: what waited for them goes out, and nobody is told any more that they are not."""
    account.reachable, reader.unreachable_since = True, None
    await withdraw(work, _about(reader))
    await release(work, reader)


async def returned(work: Work, account: Account) -> None:
    """Somebody has come back to a space: who takes part in something is welcomed, in one letter."""
    if account.reachable:
        return
    reader = await work.get(Person, account.person_id)
    await heard(work, account, reader)
    pairings = await queries.live_pairings(work, reader.id)
    if not pairings and not await _has_applied(work, reader):
        return
    rooms = [(pairing.partner(reader.id).person, await _room(work, pairing)) for pairing in pairings]
    letter = NewLetter(
        key=f"welcome-back:account-{account.id}:{work.now:%Y%m%d}",
        kind=LetterKind.NEWS,
        to=reader,
        message=team.welcome_back(reader, rooms),
    )
    await post(work, reader.community_id, letter)


async def in_thread(work: Work, reader: Person) -> None:
    """Somebody takes no direct messages, and reads their letters elsewhere: their liaison hears that, once ever."""
    helpers = [p.liaison for p in await queries.live_pairings(work, reader.id) if p.liaison is not None]
    await tell(work, helpers, team.reads_elsewhere(reader), key=f"reads-elsewhere:person-{reader.id}")


async def place(work: Work, room: Place) -> None:
    """A pair's room cannot be opened, or takes no messages: whoever looks after the pair can write to both."""
    people = await work.all(select(Person).where(Person.id.in_(room.person_ids)).order_by(Person.id))
    await tell(work, await helpers_of(work, room), team.no_room(people), key=f"no-room:place-{room.id}")


async def keeps_waiting(work: Work, room: Place, absent: Sequence[int]) -> None:
    """A pair's room cannot open before these people are back: whoever looks after the pair hears for whom it waits."""
    people = await work.all(select(Person).where(Person.id.in_(room.person_ids)).order_by(Person.id))
    helpers = await helpers_of(work, room)
    for one in people:
        if one.id in absent:
            key = f"room-waits:place-{room.id}:person-{one.id}"
            await tell(work, helpers, team.room_waits(one, people), key=key, about=_about(one))


async def helpers_of(work: Work, room: Place) -> Sequence[Person]:
    """Who looks after the pairs of a room: their liaisons, or the coordinators."""
    pairings = await work.all(
        select(Pairing).where(Pairing.place_id == room.id, Pairing.state.in_(LIVE)).options(*queries.with_members())
    )
    helpers = [pairing.liaison for pairing in pairings if pairing.liaison is not None]
    if pairings and not helpers:
        return await coordinators(work, pairings[0].cohort.community_id, without=room.person_ids)
    return helpers


async def _channel(work: Work, community: int, channel: Channel) -> None:
    helpers, since = await coordinators(work, community), channel.left_at or work.now
    is_liaisons = (await queries.community(work, community)).liaison_channel_id == channel.id
    told = team.no_channel(channel, is_liaisons=is_liaisons)
    await tell(work, helpers, told, key=f"no-channel:{channel.id}:{since:%Y%m%d}")


async def coordinators(work: Work, community: int, *, without: Sequence[int] = ()) -> list[Person]:
    """All coordinators but these people."""
    return [one for one in await queries.team(work, community, Duty.COORDINATOR) if one.id not in without]


async def tell(work: Work, helpers: Sequence[Person], message: Message, *, key: str, about: str = "") -> None:
    """One letter to each of them, in their daytime."""
    for helper in {helper.id: helper for helper in helpers}.values():
        letter = NewLetter(
            key=f"{key}:helper-{helper.id}",
            kind=LetterKind.DUTY,
            to=helper,
            message=message,
            about=about,
            held_until=next_decent(work.now, helper.reader()),
        )
        await post(work, helper.community_id, letter)


async def _has_applied(work: Work, reader: Person) -> bool:
    """Whether an application of theirs counts in a cohort that has not ended."""
    mine = select(Application.id).join(Cohort, Cohort.id == Application.cohort_id)
    mine = mine.where(Application.person_id == reader.id, Application.state.in_(STANDING))
    return await work.first(mine.where(Cohort.state.not_in(ENDED)).limit(1)) is not None


async def _room(work: Work, pairing: Pairing) -> PlaceState | None:
    """How far the room of a pair is, if it has one."""
    found = await work.find(Place, pairing.place_id)
    return None if found is None else found.state


def _about(reader: Person) -> str:
    return f"unreachable:{reader.id}"
