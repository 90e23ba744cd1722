"""Who leaves a space and comes back: their liaison hears of it once, and what mattered waits for them."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import Account, Duty, LetterKind, Pairing, Person, Place, PlaceState
from bot.services import unreachable
from bot.storage import outbox
from bot.storage.outbox import NewLetter
from bot.ui import _, message
from tests.stage import Actor, Stage


async def leaves(stage: Stage, actor: Actor) -> None:
    async with stage.app.storage.work() as work:
        await unreachable.left(work, await account(work, actor))


async def returns(stage: Stage, actor: Actor) -> None:
    async with stage.app.storage.work() as work:
        await unreachable.returned(work, await account(work, actor))


async def account(work, actor: Actor) -> Account:  # type: ignore[no-untyped-def]
    found = await work.first(select(Account).where(Account.user == actor.user))
    assert found is not None
    return found


async def writes(stage: Stage, actor: Actor, kind: LetterKind, words: str) -> None:
    async with stage.app.storage.work() as work:
        person = await work.get(Person, actor.id)
        letter = NewLetter(key=words, kind=kind, to=person, message=message(_(words)))
        await outbox.post(work, person.community_id, letter)


async def a_pair(stage: Stage) -> tuple[Actor, Actor, Actor]:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    lena = await stage.person("Lena", Duty.LIAISON)
    await stage.pair(ben, ada, cohort=await stage.cohort(), liaison=lena)
    return ada, ben, lena


async def test_a_liaison_hears_once_that_somebody_has_left(stage: Stage) -> None:
    ada, _ben, lena = await a_pair(stage)
    await leaves(stage, ada)
    await leaves(stage, ada)
    await writes(stage, ada, LetterKind.NEWS, "For Ada")
    await writes(stage, ada, LetterKind.GOAL, "For Ada too")
    await stage.forward(days=1)

    assert [post.text.split("\n")[0] for post in lena.inbox] == ["I cannot reach one of the people you look after."]
    assert ada.inbox == []


async def test_what_mattered_waits_and_comes_with_one_word_of_welcome(stage: Stage) -> None:
    ada, _ben, _lena = await a_pair(stage)
    await leaves(stage, ada)
    await writes(stage, ada, LetterKind.NEWS, "It matters still")
    await writes(stage, ada, LetterKind.TIDING, "It does not")
    await stage.forward(hours=3)
    await returns(stage, ada)
    await returns(stage, ada)
    await stage.forward(hours=1)

    texts = [post.text for post in ada.inbox]
    assert "It matters still" in texts
    assert "It does not" not in texts
    [welcome] = [text for text in texts if text.startswith("Welcome back, Ada.")]
    assert "You and Ben are a pair as before" in welcome


async def test_who_is_back_within_the_night_was_never_missed(stage: Stage) -> None:
    ada, _ben, lena = await a_pair(stage)
    await stage.forward(hours=10)
    await leaves(stage, ada)
    await returns(stage, ada)
    await stage.forward(days=1)

    assert lena.inbox == []


async def test_who_has_another_account_is_reached_there(stage: Stage) -> None:
    ada, _ben, lena = await a_pair(stage)
    async with stage.app.storage.work() as work:
        other = Account(space_id=(await account(work, ada)).space_id, user="U-other", person_id=ada.id)
        work.add(other)
    await leaves(stage, ada)
    await writes(stage, ada, LetterKind.NEWS, "Hello")
    await stage.forward(hours=3)

    assert lena.inbox == []
    assert [post.text for post in stage.messenger.posts if post.user == "U-other"] == ["Hello"]


async def test_who_never_took_part_comes_and_goes_unnoticed(stage: Stage) -> None:
    eve = await stage.person("Eve")
    await leaves(stage, eve)
    await returns(stage, eve)
    await stage.forward(days=1)

    assert stage.messenger.posts == []


async def test_what_waited_comes_also_when_somebody_is_heard_of_in_another_way(stage: Stage) -> None:
    ada, _ben, _lena = await a_pair(stage)
    await leaves(stage, ada)
    await writes(stage, ada, LetterKind.NEWS, "It matters still")
    await stage.forward(hours=3)
    await ada.types("/mentor status")
    await stage.forward(hours=1)

    assert "It matters still" in [post.text for post in ada.inbox]


async def test_the_welcome_promises_a_room_only_where_there_is_one(stage: Stage) -> None:
    ada, _ben, _lena = await a_pair(stage)
    async with stage.app.storage.work() as work:
        [place] = await work.all(select(Place))
        place.state, place.conversation = PlaceState.WANTED, ""
    await leaves(stage, ada)
    await returns(stage, ada)
    await stage.forward(hours=1)

    [welcome] = [post.text for post in ada.inbox]
    assert "You and Ben are a pair. Your room opens soon." in welcome
    assert "where you left it" not in welcome


async def test_the_welcome_of_a_pair_in_two_chats_names_no_room(stage: Stage) -> None:
    ada, _ben, _lena = await a_pair(stage)
    async with stage.app.storage.work() as work:
        [pairing] = await work.all(select(Pairing))
        pairing.place_id = None
    await leaves(stage, ada)
    await returns(stage, ada)
    await stage.forward(hours=1)

    [welcome] = [post.text for post in ada.inbox]
    assert "You and Ben are a pair as before." in welcome
    assert "room" not in welcome
