"""One person with two accounts: a code from one of them, typed from the other, confirmed by both."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain import (
    Account,
    Duty,
    LetterKind,
    Member,
    Pairing,
    Person,
    Place,
    PlaceState,
    Rider,
    Role,
    Space,
)
from bot.services import unreachable
from bot.storage.outbox import NewLetter, post
from bot.ui import Button, Buttons, _, message
from tests.commands.test_joining import code_of
from tests.matching_cast import cast
from tests.stage import Actor, Stage


async def second_chat(stage: Stage, community_of: Actor, external: str = "museum") -> None:
    """Another chat of the same community."""
    async with stage.app.storage.work() as work:
        home = (await work.get(Person, community_of.id)).community_id
        work.add(Space(community_id=home, platform="test", external=external, name=external.title()))


async def twice(stage: Stage) -> tuple[Actor, Actor]:
    """Ada, once in each of two chats of one community."""
    ada = await stage.person("Ada")
    await second_chat(stage, ada)
    return ada, await stage.person("Ada M", space="museum")


async def linked(stage: Stage, keeps: Actor, other: Actor) -> None:
    await other.types(f"/mentor link {await code_of(keeps, '/mentor link')}")
    await other.presses("Yes, that is me")
    await stage.pulse()
    await keeps.presses("Yes, it is me")


async def person_of(stage: Stage, actor: Actor) -> int:
    async with stage.app.storage.reading() as work:
        found = await work.first(select(Account.person_id).where(Account.user == actor.user))
    assert found is not None
    return found


async def test_two_accounts_become_one_person_when_both_say_yes(stage: Stage) -> None:
    ada, other = await twice(stage)
    await other.types(f"/mentor link {await code_of(ada, '/mentor link')}")
    assert "Are you also Ada?" in other.text
    await other.presses("Yes, that is me")
    assert "One more yes" in other.text
    await stage.pulse()
    assert "Is Ada M in Museum you?" in ada.inbox[-1].text
    assert await person_of(stage, other) == other.id
    await ada.presses("Yes, it is me")
    assert "Both accounts are yours now" in ada.text
    assert "My letters come to you in Stage" in ada.text
    assert await person_of(stage, other) == ada.id
    async with stage.app.storage.reading() as work:
        assert await work.find(Person, other.id) is None


async def test_what_the_other_one_had_is_theirs_and_a_room_stays_their_room(stage: Stage) -> None:
    ada, other = await twice(stage)
    ben = await stage.person("Ben", space="museum")
    pairing = await stage.pair(ben, other, cohort=await stage.cohort())
    await linked(stage, ada, other)
    await ada.types("/mentor status")
    assert "Ben is your mentor" in ada.text
    await other.types("/mentor status")
    assert "Ben is your mentor" in other.text
    async with stage.app.storage.reading() as work:
        place = await work.get(Place, (await work.get(Pairing, pairing)).place_id or 0)
        assert place.person_ids == sorted([ada.id, ben.id])


async def test_a_room_that_they_have_already_is_used_for_both_pairs(stage: Stage) -> None:
    ada, other = await twice(stage)
    ben = await stage.person("Ben")
    cohort, later = await stage.cohort(), await stage.cohort(title="Another")
    first = await stage.pair(ben, ada, cohort=cohort)
    second = await stage.pair(ben, other, cohort=later)
    await linked(stage, ada, other)
    async with stage.app.storage.reading() as work:
        one, two = await work.get(Pairing, first), await work.get(Pairing, second)
        assert one.place_id == two.place_id
        states = await work.all(select(Place.state).order_by(Place.id))
        assert sorted(states) == [PlaceState.CLOSED, PlaceState.OPEN]


async def test_news_that_both_wait_for_is_told_once(stage: Stage) -> None:
    ada, other = await twice(stage)
    async with stage.app.storage.work() as work:
        for person in (ada.id, other.id):
            row = {"person_id": person, "key": "same", "message": {}, "urgency": 1, "created_at": work.now}
            work.add(Rider(**row))
    await linked(stage, ada, other)
    async with stage.app.storage.reading() as work:
        assert list(await work.all(select(Rider.person_id))) == [ada.id]


async def test_a_pause_of_either_holds_for_the_one(stage: Stage) -> None:
    ada, other = await twice(stage)
    async with stage.app.storage.work() as work:
        mine, theirs = await work.get(Person, ada.id), await work.get(Person, other.id)
        mine.paused_at, mine.paused_until = work.now, work.now + timedelta(days=3)
        theirs.paused_at, theirs.paused_until = work.now, work.now + timedelta(days=30)
    await linked(stage, ada, other)
    async with stage.app.storage.reading() as work:
        assert (await work.get(Person, ada.id)).paused_until == work.now + timedelta(days=30)


async def test_both_in_one_cohort_stay_two(stage: Stage) -> None:
    cohort = await cast(stage)
    ada = await cohort.mentee("Ada")
    ben = await cohort.mentor("Ben")
    await ben.types(f"/mentor link {await code_of(ada, '/mentor link')}")
    assert "Both of your accounts take part in" in ben.text
    assert await person_of(stage, ben) == ben.id


async def test_a_pair_is_two_people(stage: Stage) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    await stage.pair(ben, ada, cohort=await stage.cohort())
    await ben.types(f"/mentor link {await code_of(ada, '/mentor link')}")
    assert "brought together as a pair" in ben.text


async def test_people_of_two_communities_stay_two(stage: Stage) -> None:
    ada, zoe = await stage.person("Ada"), await stage.person("Zoe", space="zoo")
    await zoe.types(f"/mentor link {await code_of(ada, '/mentor link')}")
    assert "belongs to another community" in zoe.text


async def test_one_account_is_not_two(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await ada.types(f"/mentor link {await code_of(ada, '/mentor link')}")
    assert "made by this account" in ada.text


async def test_no_from_the_account_that_made_the_code_changes_nothing(stage: Stage) -> None:
    ada, other = await twice(stage)
    await other.types(f"/mentor link {await code_of(ada, '/mentor link')}")
    await other.presses("Yes, that is me")
    await stage.pulse()
    await ada.presses("No")
    await stage.pulse()
    assert "The other account says that it is not yours" in other.inbox[-1].text
    await ada.runs("mentor link yes", code="1")
    assert "This question is over" in ada.text
    assert await person_of(stage, other) == other.id


async def test_nobody_else_can_answer(stage: Stage) -> None:
    ada, other = await twice(stage)
    eve = await stage.person("Eve")
    await other.types(f"/mentor link {await code_of(ada, '/mentor link')}")
    await other.presses("Yes, that is me")
    for somebody in (eve, other):
        await somebody.runs("mentor link yes", code="1")
        assert "This question is over" in somebody.text
    assert await person_of(stage, other) == other.id


async def test_a_code_of_one_kind_is_worth_nothing_for_the_other(stage: Stage) -> None:
    ada, other = await twice(stage)
    olga = await stage.person("Olga", Duty.COORDINATOR)
    await other.types(f"/mentor link {await code_of(olga)}")
    assert "This code is not valid" in other.text
    await olga.types(f"/cohort link {await code_of(ada, '/mentor link')}")
    assert "This code is not valid" in olga.text


async def test_a_letter_tries_the_other_account_before_anybody_is_given_up(stage: Stage) -> None:
    ada, other = await twice(stage)
    await linked(stage, ada, other)
    stage.messenger.closed.add(ada.user)
    before = len(other.inbox)
    await letter(stage, ada, key="news")
    await stage.pulse()
    await stage.pulse()
    assert [posted.text for posted in other.inbox[before:]] == ["News.\nAnswer"]
    async with stage.app.storage.reading() as work:
        assert (await work.get(Person, ada.id)).unreachable_since is None


async def test_a_closed_account_gives_nobody_up_who_has_another_one(stage: Stage) -> None:
    ada, other = await twice(stage)
    await linked(stage, ada, other)
    for user, is_given_up in ((ada.user, False), (other.user, True)):
        async with stage.app.storage.work() as work:
            account = await work.first(select(Account).where(Account.user == user))
            assert account is not None
            await unreachable.close(work, account, await work.get(Person, ada.id))
        async with stage.app.storage.reading() as work:
            assert ((await work.get(Person, ada.id)).unreachable_since is not None) is is_given_up


async def letter(stage: Stage, reader: Actor, *, key: str, replaces: int | None = None) -> int:
    async with stage.app.storage.work() as work:
        person = await work.get(Person, reader.id)
        said = message(_("News."), Buttons((Button(_("Answer"), "mentor status"),)))
        new = NewLetter(key=key, kind=LetterKind.NEWS, to=person, message=said, replaces=replaces)
        (number,) = await post(work, person.community_id, new)
    return number


async def test_a_letter_is_rewritten_where_it_lies(stage: Stage) -> None:
    ada, other = await twice(stage)
    async with stage.app.storage.work() as work:
        museum = await work.first(select(Space).where(Space.external == "museum"))
        assert museum is not None
        museum.platform = "elsewhere"
    there = type(stage.messenger)(stage.clock)
    stage.app.office.messengers["elsewhere"] = there
    first = await letter(stage, other, key="first")
    await stage.pulse()
    assert [posted.user for posted in there.posts] == [other.user]
    code = await code_of(ada, "/mentor link")
    async with stage.app.storage.work() as work:
        museum = await work.get(Space, museum.id)
        museum.platform = "test"
    await other.types(f"/mentor link {code}")
    await other.presses("Yes, that is me")
    await stage.pulse()
    await ada.presses("Yes, it is me")
    async with stage.app.storage.work() as work:
        (await work.get(Space, museum.id)).platform = "elsewhere"
    await letter(stage, ada, key="second", replaces=first)
    await stage.pulse()
    assert [posted.rewritten for posted in there.posts] == [1]


async def test_two_who_share_no_chat_are_introduced_each_alone_and_can_write(stage: Stage) -> None:
    cohort = await cast(stage)
    ada = await cohort.mentee("Ada")
    await second_chat(stage, ada)
    ben = await stage.person("Ben", space="museum")
    await cohort.mentor("Ben", contact="ben@library.example")
    await cohort.published()
    await stage.forward(days=2)
    async with stage.app.storage.reading() as work:
        assert list(await work.all(select(Place.id))) == []
        assert sorted(await work.all(select(Member.role))) == [Role.MENTEE, Role.MENTOR]
    assert any("Ada, meet Ben." in posted.text and "another chat" in posted.text for posted in ada.inbox)
    assert any("Would you write first?" in posted.text for posted in ben.inbox)
    await ben.presses("Write to Ada")
    await ben.sends(words="Hello Ada, would Tuesday at noon suit you?")
    assert "Your words" in ben.text
    await stage.forward(days=3)
    assert any("Ben writes to you:" in posted.text and "Tuesday at noon" in posted.text for posted in ada.inbox)
    await ada.presses("Answer")
    await ada.sends(words="Tuesday it is.")
    await stage.forward(days=3)
    assert any("Tuesday it is." in posted.text for posted in ben.inbox)
    await ada.types("/mentor status")
    assert "Write to Ben" in ada.labels()


async def test_two_who_share_a_room_write_there(stage: Stage) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    pairing = await stage.pair(ben, ada, cohort=await stage.cohort())
    await ada.runs("mentor write", pair=str(pairing), words="Hello")
    assert "You share a room with Ben" in ada.text
