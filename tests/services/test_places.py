"""The rooms of pairs: opened once, for their letters, however many workers there are and whatever goes wrong."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot import app as bot_app
from bot.domain import Account, Duty, LetterKind, Person, Place, PlaceState
from bot.ports import Absent, NotDelivered, Parcel, PlaceOrder, Receipt, Trouble
from bot.services import places
from bot.services.places import places_for
from bot.storage import outbox, queries
from bot.storage.outbox import NewLetter
from bot.ui import _, message
from tests.stage import Actor, KeepingMessenger, Stage


class Landlord(KeepingMessenger):
    """Opens rooms, and remembers each order; fails as often as it was told."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.clock)
        self.posts = stage.messenger.posts
        self.orders: list[PlaceOrder] = []
        self.troubles: list[BaseException] = []
        self.slow = False

    async def open_place(self, order: PlaceOrder) -> str:
        self.orders.append(order)
        if self.slow:
            await asyncio.sleep(0.05)
        if self.troubles:
            raise self.troubles.pop()
        return await super().open_place(order)


@pytest.fixture
def landlord(stage: Stage) -> Landlord:
    landlord = Landlord(stage)
    stage.app.office.messengers["test"] = landlord  # type: ignore[index]
    return landlord


async def _introduce(stage: Stage, *actors: Actor, pairing: int | None = None) -> int:
    """A room for these people and a letter that waits for it; the room's number."""
    async with stage.app.storage.work() as work:
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        people = [await work.get(Person, actor.id) for actor in actors]
        (place,) = await places_for(work, [(space.id, people)])
        hello = NewLetter(
            key=f"intro-{place.id}", kind=LetterKind.INTRODUCTION, to=place, message=message(_("Hello both"))
        )
        await outbox.post(work, space.community_id, hello)
        return place.id


async def test_two_workers_open_a_room_once(stage: Stage, landlord: Landlord, database: str) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await _introduce(stage, ada, ben)
    landlord.slow = True
    other = bot_app.build(database, stage.clock, stage.app.office.messengers)
    try:
        await asyncio.gather(*(places.open_places(app.office) for app in (stage.app, other)))
    finally:
        await other.close()
    await stage.pulse()
    assert len(landlord.orders) == 1
    assert [post.text for post in ada.rooms] == ["Hello both"]


async def test_a_crash_while_a_room_is_opened_loses_nothing(stage: Stage, landlord: Landlord) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await _introduce(stage, ada, ben)
    landlord.troubles = [asyncio.CancelledError()]
    with pytest.raises(asyncio.CancelledError):
        await places.open_places(stage.app.office)
    await stage.forward(minutes=5)
    assert len(landlord.orders) == 2
    assert [post.text for post in ada.rooms] == ["Hello both"]


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.UNSURE])
async def test_a_busy_platform_is_asked_ever_less_often_and_nobody_is_bothered(
    stage: Stage, landlord: Landlord, trouble: Trouble
) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await _introduce(stage, ada, ben)
    landlord.troubles = [NotDelivered(trouble, seconds=10)] * 3
    await stage.pulse()
    assert ada.rooms == []
    await stage.forward(hours=1)
    assert len(landlord.orders) == 4
    assert [post.text for post in ada.rooms] == ["Hello both"]
    assert olga.inbox == []


async def _pair_without_room(stage: Stage) -> tuple[Actor, Actor]:
    """One of a pair whose room has to be opened for its first letter, and the liaison."""
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    lena = await stage.person("Lena", Duty.LIAISON)
    pair = await stage.pair(ben, ada, cohort=await stage.cohort(), liaison=lena)
    async with stage.app.storage.work() as work:
        found = await queries.pairing(work, pair)
        assert found is not None
        place = await work.get(Place, found.place_id or 0)
        place.state, place.conversation = PlaceState.WANTED, ""
    await _introduce(stage, ada, ben)
    return ada, lena


async def test_a_room_that_cannot_be_opened_is_told_to_the_liaison_once(stage: Stage, landlord: Landlord) -> None:
    ada, lena = await _pair_without_room(stage)
    landlord.troubles = [NotDelivered(Trouble.CLOSED)] * 4
    await stage.forward(hours=6)
    assert [post.text.split("\n")[0] for post in lena.inbox] == ["I cannot use the room of one of your pairs."]
    assert [post.text for post in ada.rooms] == ["Hello both"], "it is opened as soon as that can be done"


async def test_the_liaison_hears_once_for_whom_a_room_waits_and_it_opens_when_they_are_back(
    stage: Stage, landlord: Landlord
) -> None:
    ada, lena = await _pair_without_room(stage)
    landlord.troubles = [Absent([ada.user])] * 4
    await stage.forward(hours=6)

    [told] = [post.text for post in lena.inbox]
    assert told.startswith("The room of one of your pairs waits for somebody.")
    assert "Ada is not in the chat any more" in told
    assert [post.text for post in ada.rooms] == ["Hello both"]


async def test_a_room_is_not_opened_without_one_of_its_people(stage: Stage, landlord: Landlord) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    async with stage.app.storage.work() as work:
        account = (await queries.account_of(work, "test", "stage", ben.user) or (None,))[0]
        assert account is not None
        space = account.space_id
        await work.session.delete(account)
    await _introduce(stage, ada, ben)
    await stage.forward(hours=2)
    assert landlord.orders == []
    async with stage.app.storage.work() as work:
        work.add(Account(space_id=space, user=ben.user, person_id=ben.id))
    await stage.forward(hours=2)
    assert [post.text for post in ada.rooms] == ["Hello both"]


async def test_many_rooms_that_cannot_be_opened_do_not_stand_before_the_others(
    stage: Stage, landlord: Landlord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "BATCH", 2)
    people = [await stage.person(f"P{number}") for number in range(6)]
    landlord.troubles = [NotDelivered(Trouble.BUSY, seconds=10)] * 2
    for one, other in (people[:2], people[2:4], people[4:]):
        await _introduce(stage, one, other)
    await stage.pulse()
    assert len(stage.messenger.posts) == 1


async def test_a_bug_in_one_room_keeps_no_other_pair_from_theirs_and_is_raised_when_they_are_open(
    stage: Stage, landlord: Landlord
) -> None:
    people = [await stage.person(f"P{number}") for number in range(6)]
    for one, other in (people[:2], people[2:4], people[4:]):
        await _introduce(stage, one, other)
    landlord.troubles = [ValueError("an answer of the platform's that nobody knows")]
    with pytest.raises(ValueError, match="nobody knows"):
        await places.open_places(stage.app.office)
    await stage.pulse()
    first, *others = [order.place for order in landlord.orders]
    assert len(others) == 2, "the one that failed waits for its next try"
    assert [post.conversation for post in stage.messenger.posts] == [f"room-{place}" for place in others]

    await stage.forward(minutes=5)
    assert [order.place for order in landlord.orders[3:]] == [first]
    assert stage.messenger.posts[-1].conversation == f"room-{first}"


async def test_a_room_that_a_bug_keeps_closed_is_told_to_the_liaison(stage: Stage, landlord: Landlord) -> None:
    _ada, lena = await _pair_without_room(stage)
    landlord.troubles = [ValueError("an answer of the platform's that nobody knows")]
    with pytest.raises(ValueError, match="nobody knows"):
        await places.open_places(stage.app.office)
    await stage.forward(hours=6)
    assert [post.text.split("\n")[0] for post in lena.inbox] == ["I cannot use the room of one of your pairs."]


async def test_a_room_is_opened_when_its_first_letter_is_due(stage: Stage, landlord: Landlord) -> None:
    ada, ben, cleo = await stage.person("Ada"), await stage.person("Ben"), await stage.person("Cleo")
    later = stage.clock.now() + timedelta(hours=3)
    async with stage.app.storage.work() as work:
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        two = [await work.get(Person, ada.id), await work.get(Person, cleo.id)]
        (place,) = await places_for(work, [(space.id, two)])
        waits = NewLetter(
            key="later", kind=LetterKind.INTRODUCTION, to=place, message=message(_("Hello")), held_until=later
        )
        await outbox.post(work, space.community_id, waits)
    await _introduce(stage, ada, ben)
    await stage.pulse()
    assert len(landlord.orders) == 1


async def test_a_letter_to_a_room_that_is_gone_is_told_to_the_coordinator(stage: Stage) -> None:
    class Gone(Landlord):
        async def send(self, parcel: Parcel) -> Receipt:
            if parcel.conversation.startswith("room"):
                raise NotDelivered(Trouble.GONE)
            return await super().send(parcel)

    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    olga = await stage.person("Olga", Duty.COORDINATOR)
    pair = await stage.pair(ben, ada, cohort=await stage.cohort())
    stage.app.office.messengers["test"] = Gone(stage)  # type: ignore[index]
    await olga.runs("liaison write", pair=str(pair), text="A good start to you both.")
    await stage.forward(hours=1)
    [post] = olga.inbox
    assert "What I have to say to Ada and Ben does not arrive in their room" in post.text


async def test_a_room_that_is_gone_is_opened_again_for_its_letter(stage: Stage) -> None:
    class Lost(Landlord):
        async def send(self, parcel: Parcel) -> Receipt:
            if parcel.conversation.startswith("room") and not self.orders:
                raise NotDelivered(Trouble.GONE)
            return await super().send(parcel)

    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    olga = await stage.person("Olga", Duty.COORDINATOR)
    pair = await stage.pair(ben, ada, cohort=await stage.cohort())
    landlord = Lost(stage)
    stage.app.office.messengers["test"] = landlord  # type: ignore[index]
    await olga.runs("liaison write", pair=str(pair), text="A good start to you both.")
    await stage.forward(hours=1)
    assert len(landlord.orders) == 1
    [post] = ada.rooms
    assert "A good start to you both." in post.text
    assert olga.inbox == []
