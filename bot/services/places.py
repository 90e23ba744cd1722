"""Opening the places in which pairs talk: a step of its own, looked for before it is repeated."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from bot.domain import Account, Person, Place, PlaceState, Space
from bot.ports import NotDelivered, PlaceOrder
from bot.services.office import Office
from bot.storage.work import Work

log = structlog.get_logger()

BATCH = 50


async def place_for(work: Work, people: Sequence[Person], *, space: int) -> Place:
    """The place of exactly these people in a space, to be opened if there is none yet."""
    names = ",".join(str(number) for number in sorted(person.id for person in people))
    found = await work.first(select(Place).where(Place.space_id == space, Place.people == names))
    if found is not None:
        return found
    place = Place(space_id=space, people=names, name=" and ".join(person.name for person in people)[:100])
    work.add(place)
    await work.flush()
    work.wakes = True
    return place


async def open_places(office: Office) -> int:
    """Open the places that are wanted; how many were opened."""
    async with office.storage.work() as work:
        rows = await work.session.execute(
            select(Place, Space)
            .join(Space, Place.space_id == Space.id)
            .where(Place.state == PlaceState.WANTED)
            .limit(BATCH)
        )
        wanted = [(place, space, await _users(work, place)) for place, space in rows]
    opened = [await _open(office, place, space, users) for place, space, users in wanted]
    return sum(opened)


async def _open(office: Office, place: Place, space: Space, users: Sequence[str]) -> bool:
    messenger = office.messengers.get(space.platform)
    if messenger is None:
        return False
    try:
        conversation = await messenger.open_place(PlaceOrder(place.id, space.external, place.name, users))
    except NotDelivered as trouble:
        log.warning("place not opened", place=place.id, trouble=trouble.trouble.value)
        return False
    async with office.storage.work() as work:
        opened = await work.get(Place, place.id)
        opened.conversation, opened.state, opened.opened_at = conversation, PlaceState.OPEN, work.now
        work.wakes = True
    return True


async def _users(work: Work, place: Place) -> Sequence[str]:
    return await work.all(
        select(Account.user)
        .where(Account.space_id == place.space_id, Account.person_id.in_(place.person_ids))
        .order_by(Account.id)
    )
