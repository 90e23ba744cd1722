"""Where the rooms of pairs open: a channel that the coordinator chooses, where a platform wants one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain import WRONG_KIND, Channel, Duty, LetterKind, Person, Space
from bot.ports import Hindered, NotDelivered, PlaceOrder, Trouble
from bot.services.places import places_for
from bot.storage import outbox, queries
from bot.storage.outbox import NewLetter
from bot.ui import Message, _, message
from commands.spec import Request
from tests.stage import Actor, KeepingMessenger, Stage
from tests.wording import words_of


class Landlord(KeepingMessenger):
    """Hangs rooms below channels, unless it is told what stands in the way."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.clock)
        self.posts = stage.messenger.posts
        self.orders: list[PlaceOrder] = []
        self.hindrance: Hindered | None = None
        self.full = False

    async def open_place(self, order: PlaceOrder) -> str:
        self.orders.append(order)
        if order.parent and self.hindrance is not None:
            raise self.hindrance
        if self.full:
            raise NotDelivered(Trouble.GONE)
        return await super().open_place(order)


@pytest.fixture
def landlord(stage: Stage) -> Landlord:
    landlord = Landlord(stage)
    stage.app.office.messengers["test"] = landlord  # type: ignore[index]
    return landlord


async def hang(stage: Stage, **channels: list[str]) -> None:
    """Let rooms hang below channels here; `channels` lack these rights."""
    async with stage.app.storage.work() as work:
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        space.hangs_rooms = True
        for name, lacks in channels.items():
            found = await queries.channel_called(work, space.id, name)
            assert found is not None
            found.lacks = lacks


async def introduce(stage: Stage, *actors: Actor) -> None:
    """A letter that waits for the room of these people."""
    async with stage.app.storage.work() as work:
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        people = [await work.get(Person, actor.id) for actor in actors]
        (place,) = await places_for(work, [(space.id, people)])
        hello = NewLetter(key="hello", kind=LetterKind.INTRODUCTION, to=place, message=message(_("Hello both")))
        await outbox.post(work, space.community_id, hello)


async def test_rooms_open_below_the_channel_that_a_coordinator_chose(stage: Stage, landlord: Landlord) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await hang(stage)
    await olga.types("/cohort rooms mentoring")
    assert "Rooms of pairs open below #mentoring from now on." in olga.text
    assert "private" not in olga.text
    await introduce(stage, ada, ben)
    await stage.pulse()
    assert [order.parent for order in landlord.orders] == ["C-mentoring"]
    assert [post.text for post in ada.rooms] == ["Hello both"]


async def test_without_a_choice_a_room_opens_anywhere(stage: Stage, landlord: Landlord) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await introduce(stage, ada, ben)
    await stage.pulse()
    assert [order.parent for order in landlord.orders] == [""]


async def test_a_missing_right_is_named_when_the_channel_is_chosen(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await hang(stage, mentoring=["Create Private Threads"])
    await olga.types("/cohort rooms #mentoring")
    assert "I lack the right “Create Private Threads” there" in olga.text
    async with stage.app.storage.reading() as work:
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        assert space.rooms_channel_id is None


async def test_a_private_channel_is_chosen_with_a_word_about_who_sees_it(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await hang(stage)
    await olga.types("/cohort rooms liaisons")
    assert "#liaisons is private" in olga.text


async def test_where_rooms_stand_by_themselves_there_is_nothing_to_choose(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await olga.types("/cohort rooms")
    assert "each pair's conversation stands by itself" in olga.text


async def test_channels_of_another_community_are_not_offered(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await hang(stage)
    async with stage.app.storage.work() as work:
        from bot.services import spaces

        other = await spaces.opened(work, "test", "elsewhere", name="Elsewhere", hangs_rooms=True)
        theirs = await spaces.know_channel(work, other, "C-theirs", name="theirs", private=False)
        number = theirs.id
    for named in ("theirs", str(number)):
        await olga.types(f"/cohort rooms {named}")
        assert "from now on" not in olga.text


async def test_whoever_does_not_see_the_channel_gets_a_room_elsewhere_and_their_liaison_hears(
    stage: Stage, landlord: Landlord
) -> None:
    olga, lena = await stage.person("Olga", Duty.COORDINATOR), await stage.person("Lena", Duty.LIAISON)
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    pair = await stage.pair(ben, ada, cohort=await stage.cohort(), liaison=lena)
    await hang(stage)
    await olga.types("/cohort rooms mentoring")
    landlord.hindrance = Hindered(users=[ada.user])
    await close(stage, pair)
    await introduce(stage, ada, ben)
    await stage.forward(hours=1)

    assert [order.parent for order in landlord.orders] == ["C-mentoring", ""]
    assert [post.text for post in ada.rooms] == ["Hello both"]
    [post] = lena.inbox
    assert "Ada cannot see #mentoring, where rooms open" in post.text
    assert olga.inbox == []


async def test_where_no_other_channel_does_either_the_liaison_hears_that_once_and_it_is_tried_again(
    stage: Stage, landlord: Landlord
) -> None:
    olga, lena = await stage.person("Olga", Duty.COORDINATOR), await stage.person("Lena", Duty.LIAISON)
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    pair = await stage.pair(ben, ada, cohort=await stage.cohort(), liaison=lena)
    await hang(stage)
    await olga.types("/cohort rooms mentoring")
    landlord.hindrance, landlord.full = Hindered(users=[ada.user]), True
    await close(stage, pair)
    await introduce(stage, ada, ben)
    await stage.forward(hours=3)
    assert [post.text.split("\n")[0] for post in lena.inbox] == [
        "A room of one of your pairs opens in another channel."
    ]

    landlord.hindrance = None
    landlord.full = False
    await stage.forward(hours=2)
    assert [post.text for post in ada.rooms] == ["Hello both"]
    assert landlord.orders[-1].parent == "C-mentoring"


@pytest.mark.parametrize(
    ("lacking", "sentence"),
    [
        ("View Channels", "Below #mentoring I lack the right “View Channels”, or the channel is gone."),
        (WRONG_KIND, "#mentoring is a channel for announcements now, and those hold no rooms."),
    ],
)
async def test_why_the_chosen_channel_takes_no_rooms_any_more_is_told_to_the_coordinator_once_a_day(
    stage: Stage, landlord: Landlord, lacking: str, sentence: str
) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await hang(stage)
    await olga.types("/cohort rooms mentoring")
    landlord.hindrance = Hindered(rights=[lacking])
    await introduce(stage, ada, ben)
    await stage.forward(hours=1)

    assert [post.text for post in ada.rooms] == ["Hello both"]
    [post] = olga.inbox
    assert sentence in post.text


async def test_an_admin_of_such_a_space_is_offered_the_choice_at_once(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await hang(stage)
    request = Request(platform="test", space="stage", user=ada.user, text="cohort setup", submitted=True, is_admin=True)
    reply = await stage.dispatch.answer(request)
    assert isinstance(reply, Message)
    assert "cohort rooms" in [button.run for button in reply.buttons()]
    assert "You are a coordinator now" in words_of(reply)


async def close(stage: Stage, pair: int) -> None:
    """Let the pair have a room that was never opened."""
    from bot.domain import Place, PlaceState

    async with stage.app.storage.work() as work:
        found = await queries.pairing(work, pair)
        assert found is not None
        place = await work.get(Place, found.place_id or 0)
        place.state, place.conversation = PlaceState.WANTED, ""


async def test_a_channel_that_was_left_is_chosen_no_more(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await hang(stage)
    await olga.types("/cohort rooms mentoring")
    async with stage.app.storage.work() as work:
        from bot.services import parents

        space = await work.get(Space, 1)
        assert not await parents.is_missing(work, space.community_id)
        (await work.get(Channel, space.rooms_channel_id or 0)).left_at = work.now - timedelta(days=1)
        await work.flush()
        assert await parents.is_missing(work, space.community_id)
