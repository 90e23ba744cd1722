"""Opening the places in which pairs talk: a step of its own, looked for before it is repeated.

A place is opened for its letters, when the first of them is due. Whoever opens it puts them back for the time that this
may take, and until a later one where it did not succeed: that is the claim on the place, and its back-off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update

from bot.domain import Account, Letter, LetterState, Member, Pairing, Person, Place, PlaceState, Space
from bot.ports import Absent, Hindered, Messenger, NotDelivered, PlaceOrder, Trouble
from bot.services import parents, unreachable
from bot.services.office import Office
from bot.storage.outbox import LEASE
from bot.storage.work import Work

log = structlog.get_logger()

BATCH = 50

BACK_OFF = (1, 5, 15, 60)
"""Minutes before a place that could not be opened is tried again, the last one again and again."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A place to open, its letters that wait, and how often that was tried.

    `users` are its people's accounts there, by person; `parent` is the channel chosen for rooms.
    """

    place: Place
    space: Space
    users: Mapping[int, str]
    parent: str
    letters: Sequence[int]
    tries: int


async def places_for(work: Work, groups: Sequence[tuple[int, Sequence[Person]]]) -> list[Place]:
    """The place of exactly these people in a space, for each group in turn; new ones are opened for their letters."""
    keys = [(space, _names(people)) for space, people in groups]
    rows = [
        {
            "space_id": space,
            "people": _names(people),
            "name": " and ".join(person.name for person in people)[:100],
            "conversation": "",
            "state": PlaceState.WANTED,
        }
        for space, people in groups
    ]
    await work.insert_once(Place, rows, unique=["space_id", "people"])
    here = work.among(Place.space_id, {space for space, _people in keys})
    theirs = work.among(Place.people, {people for _space, people in keys})
    places = {(place.space_id, place.people): place for place in await work.all(select(Place).where(here, theirs))}
    work.wakes = True
    return [places[key] for key in keys]


async def rename(work: Work, gone: Person, here: Person) -> None:
    """Two people turn out to be one: the places of the one who is gone are the other's.

    Where the other has such a place already, with the same people, that one is used from now on.
    """
    theirs = select(Pairing.place_id).join(Member, Member.pairing_id == Pairing.id).where(Member.person_id == gone.id)
    for place in await work.all(select(Place).where(Place.id.in_(theirs)).order_by(Place.id)):
        numbers = {here.id if number == gone.id else number for number in place.person_ids}
        people = ",".join(str(number) for number in sorted(numbers))
        twin = await work.first(select(Place).where(Place.space_id == place.space_id, Place.people == people))
        if twin is None:
            place.people = people
            continue
        for model in (Pairing, Letter):
            await work.session.execute(update(model).where(model.place_id == place.id).values(place_id=twin.id))
        place.state = PlaceState.CLOSED


def _names(people: Sequence[Person]) -> str:
    return ",".join(str(number) for number in sorted(person.id for person in people))


async def open_places(office: Office) -> int:
    """Open the places whose letters are due; how many were taken in hand.

    A bug in one keeps no other pair from its room, and is raised when they are done.
    """
    async with office.storage.work() as work:
        wanted = await _claim(work)
    bugs: list[Exception] = []
    for one in wanted:
        try:
            await _open(office, one)
        except Exception as bug:
            log.warning("place not opened", place=one.place.id, trouble=type(bug).__name__)
            await _postpone(office, one, NotDelivered(Trouble.GONE))
            bugs.append(bug)
    if bugs:
        raise bugs[0]
    return len(wanted)


async def _claim(work: Work) -> list[_Wanted]:
    """Places for this worker alone, until the lease on their letters ends."""
    due = select(Letter.place_id).where(Letter.state == LetterState.WAITING, Letter.held_until <= work.now)
    rows = await work.session.execute(
        select(Place, Space)
        .join(Space, Place.space_id == Space.id)
        .where(Place.state == PlaceState.WANTED, Place.id.in_(due))
        .order_by(Place.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Place)
    )
    return [await _take(work, place, space) for place, space in rows]


async def _take(work: Work, place: Place, space: Space) -> _Wanted:
    waiting = Letter.place_id == place.id, Letter.state == LetterState.WAITING, Letter.held_until <= work.now
    tries = await work.first(select(func.max(Letter.tries)).where(*waiting)) or 0
    taken = update(Letter).where(*waiting).values(held_until=work.now + LEASE, tries=tries + 1).returning(Letter.id)
    letters = list(await work.session.scalars(taken))
    return _Wanted(place, space, await _users(work, place), await parents.conversation(work, space), letters, tries)


async def _open(office: Office, wanted: _Wanted) -> None:
    place, messenger = wanted.place, office.messengers.get(wanted.space.platform)
    try:
        if messenger is None or len(wanted.users) < len(place.person_ids):
            raise NotDelivered(Trouble.GONE)
        conversation = await _conversation(office, messenger, wanted)
    except NotDelivered as trouble:
        log.warning("place not opened", place=place.id, trouble=trouble.trouble.value)
        await _postpone(office, wanted, trouble)
        return
    async with office.storage.work() as work:
        opened = await work.get(Place, place.id)
        opened.conversation, opened.state, opened.opened_at = conversation, PlaceState.OPEN, work.now
        await _hold(work, wanted, work.now)
        work.wakes = True


async def _conversation(office: Office, messenger: Messenger, wanted: _Wanted) -> str:
    """The place, opened where the coordinator wants it, or else where all of its people can be: better than nowhere.

    Whoever looks after the pair hears why before that, in the one letter that a crash cannot swallow.
    """
    place, users = wanted.place, list(wanted.users.values())
    order = PlaceOrder(place.id, wanted.space.external, place.name, users, wanted.parent)
    try:
        return await messenger.open_place(order)
    except Hindered as hindrance:
        outside = [person for person, user in wanted.users.items() if user in hindrance.users]
        async with office.storage.work() as work:
            await parents.hindered(work, wanted.space, place, outside=outside, rights=hindrance.rights)
    try:
        return await messenger.open_place(replace(order, parent=""))
    except NotDelivered as trouble:
        if outside:  # why, and what helps, is said already
            raise NotDelivered(Trouble.BUSY, seconds=trouble.seconds) from trouble
        raise


async def _postpone(office: Office, wanted: _Wanted, trouble: NotDelivered) -> None:
    """Try again later. Where it is more than a busy platform, the people who look after the pair hear of it, once."""
    pause = timedelta(minutes=BACK_OFF[min(wanted.tries, len(BACK_OFF) - 1)])
    async with office.storage.work() as work:
        await _hold(work, wanted, work.now + max(pause, timedelta(seconds=trouble.seconds)))
        if isinstance(trouble, Absent):
            gone = [person for person, user in wanted.users.items() if user in trouble.users]
            await unreachable.keeps_waiting(work, wanted.place, gone)
        elif trouble.trouble not in (Trouble.BUSY, Trouble.UNSURE):
            await unreachable.place(work, wanted.place)


async def _hold(work: Work, wanted: _Wanted, until: datetime) -> None:
    kept = Letter.id.in_(wanted.letters), Letter.state == LetterState.WAITING
    await work.session.execute(update(Letter).where(*kept).values(held_until=until))


async def _users(work: Work, place: Place) -> Mapping[int, str]:
    """One account of each of its people, where they have one in this space."""
    rows = await work.session.execute(
        select(Account.person_id, Account.user)
        .where(Account.space_id == place.space_id, Account.person_id.in_(place.person_ids))
        .order_by(Account.id.desc())
    )
    return dict(sorted(dict(rows.all()).items()))
