"""Closed direct messages: letters go to a thread of that person alone, each once, until they are open again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import func, select

from adapters.discord.tables import Corner
from bot.domain import Account, Letter, LetterState
from bot.ports import NotDelivered, Parcel, Search, Trouble
from bot.ui import _, message
from tests.adapters.discord import contract
from tests.adapters.discord.test_walk import apply, open_call, publish
from tests.adapters.discord.town import Citizen, Town


def parcel(town: Town, who: Citizen, *, words: str = "Hello", letter: int = 5) -> Parcel:
    return Parcel(letter, 1, str(town.guild.id), message(_(words)), "UTC", "en", who.id)


def close(town: Town, who: Citizen, *, times: int | None = None) -> None:
    """Let somebody take no direct messages."""
    direct = town.env.backend.get_dm_channel(who.actor.id)
    town.env.inject_error("POST", f"/channels/{direct.id}/messages", status=403, code=50007, times=times)


def threads(town: Town) -> Sequence[Any]:
    return [channel for channel in town.env.backend.channels.values() if channel.type == 12]


async def test_a_letter_goes_to_a_thread_of_that_person_alone(town: Town) -> None:
    mia, _ben = town.person("mia"), town.person("ben")
    close(town, mia)

    receipt = await town.bot.messenger.send(parcel(town, mia))

    [thread] = threads(town)
    assert set(thread.thread_members) == {mia.actor.id, town.env.backend.bot_user.id}
    assert thread.name == "Letters for mia"
    note, letter = town.said_in(thread.id)
    assert "people who may manage threads on this server can read it" in note.content
    assert (letter.content, str(letter.id)) == ("Hello", receipt.posted)
    made = next(one for one in town.env.http_requests if one.path.endswith("/threads"))
    assert (made.json["type"], made.json["invitable"]) == (12, False)
    for request in town.env.http_requests:
        contract.check_request(request.method, request.path, request.json)


async def test_the_thread_is_opened_once_and_letters_go_directly_again_as_soon_as_they_can(town: Town) -> None:
    mia = town.person("mia")
    close(town, mia, times=2)

    for number, words in enumerate(("One", "Two", "Three"), start=1):
        await town.bot.messenger.send(parcel(town, mia, words=words, letter=number))

    [thread] = threads(town)
    assert [letter.content for letter in town.said_in(thread.id)[1:]] == ["One", "Two"]
    assert [letter.content for letter in mia.letters()] == ["Three"]


async def test_letters_that_go_out_at_once_share_one_thread(town: Town) -> None:
    mia = town.person("mia")
    close(town, mia)
    three = [town.bot.messenger.send(parcel(town, mia, words=f"Letter {n}", letter=n)) for n in (1, 2, 3)]

    receipts = await asyncio.gather(*three)

    [thread] = threads(town)
    assert {receipt.conversation for receipt in receipts} == {str(thread.id)}
    assert len(town.said_in(thread.id)) == 4


async def test_a_letter_in_doubt_is_found_in_the_thread_and_can_be_rewritten_there(town: Town) -> None:
    mia = town.person("mia")
    close(town, mia)
    receipt = await town.bot.messenger.send(parcel(town, mia))

    assert await town.bot.messenger.find(parcel(town, mia)) == receipt
    assert await town.bot.messenger.find(parcel(town, mia, words="Another one")) is Search.ABSENT
    await town.bot.messenger.rewrite(parcel(town, mia, words="Changed"), receipt)
    assert [letter.content for letter in town.said_in(threads(town)[0].id)][1:] == ["Changed"]


async def test_a_crash_before_the_thread_is_written_down_leaves_no_second_one(town: Town) -> None:
    mia = town.person("mia")
    close(town, mia)
    town.env.inject_error("PUT", "/channels/*/thread-members/*", status=500, times=5)
    with pytest.raises(NotDelivered) as caught:
        await town.bot.messenger.send(parcel(town, mia))
    assert caught.value.trouble is Trouble.UNSURE
    town.env.backend.faults.clear()
    close(town, mia)
    assert await town.bot.messenger.find(parcel(town, mia)) is Search.ABSENT

    await town.bot.messenger.send(parcel(town, mia))

    [thread] = threads(town)
    assert [letter.content for letter in town.said_in(thread.id)][1:] == ["Hello"]


async def test_a_thread_that_was_deleted_is_opened_anew(town: Town) -> None:
    mia = town.person("mia")
    close(town, mia)
    await town.bot.messenger.send(parcel(town, mia, words="One"))
    town.env.backend.delete_channel(threads(town)[0].id)
    assert await town.bot.messenger.find(parcel(town, mia, words="One")) is Search.ABSENT

    await town.bot.messenger.send(parcel(town, mia, words="Two", letter=6))

    [thread] = threads(town)
    assert [letter.content for letter in town.said_in(thread.id)][1:] == ["Two"]


@pytest.mark.parametrize("takes_people", [False, True])
async def test_for_a_thread_that_was_locked_another_is_opened(town: Town, takes_people: bool) -> None:
    mia = town.person("mia")
    close(town, mia)
    await town.bot.messenger.send(parcel(town, mia, words="One"))
    [locked] = threads(town)
    town.refusals.lets_into_locked = takes_people
    town.env.backend.edit_channel(locked.id, {}, thread_metadata={"locked": True})
    await town.env.settle()

    await town.bot.messenger.send(parcel(town, mia, words="Two", letter=6))

    [thread] = [one for one in threads(town) if one is not locked]
    assert [letter.content for letter in town.said_in(thread.id)][1:] == ["Two"]


async def test_who_sees_no_channel_has_no_thread_and_is_unreachable(town: Town) -> None:
    mia = town.person("mia")
    no = Overwrite(mia.actor.id, OverwriteType.MEMBER, allow=0, deny=1 << 10)
    town.env.backend.set_overwrite(town.channel.id, no)
    close(town, mia)

    with pytest.raises(NotDelivered) as caught:
        await town.bot.messenger.send(parcel(town, mia))

    assert caught.value.trouble is Trouble.CLOSED
    assert threads(town) == []


async def test_a_letter_waits_where_the_server_holds_no_more_threads(town: Town) -> None:
    mia = town.person("mia")
    close(town, mia)
    town.env.inject_error("POST", "/channels/*/threads", status=400, code=160006)

    with pytest.raises(NotDelivered) as caught:
        await town.bot.messenger.send(parcel(town, mia))
    assert caught.value.trouble is Trouble.BUSY

    await town.bot.messenger.send(parcel(town, mia))
    assert [letter.content for letter in town.said_in(threads(town)[0].id)][1:] == ["Hello"]


async def test_who_is_not_on_the_server_has_no_thread(town: Town) -> None:
    mia = town.person("mia")
    close(town, mia)
    town.guild.remove_member(mia.actor)
    await town.env.settle()

    with pytest.raises(NotDelivered) as caught:
        await town.bot.messenger.send(parcel(town, mia))

    assert caught.value.trouble is Trouble.CLOSED


async def test_news_of_an_application_reaches_an_applicant_with_closed_messages(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    close(town, mia)
    await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")
    assert "I cannot write to you directly" in mia.text
    assert threads(town) == [], "they are told, and can open their messages first"
    await olga.slash("cohort close")
    await town.forward(days=2)

    [thread] = threads(town)
    assert "your application is in" in town.said_in(thread.id)[-1].content
    assert olga.letters() == [], "nobody else hears of it"
    async with town.app.storage.reading() as work:
        assert not await work.all(select(Letter.id).where(Letter.state == LetterState.UNREACHABLE))
        assert not await work.all(select(Account.id).where(~Account.reachable))


async def test_the_liaison_hears_once_that_letters_lie_in_a_thread_and_its_button_opens_them_again(town: Town) -> None:
    olga, mia, ben = town.person("olga", manages=True), town.person("mia"), town.person("ben")
    await open_call(town, olga)
    await olga.slash("cohort team add")
    await olga.presses("A liaison")
    await olga.fills(person="Olga")
    for who, role, answers in (
        (mia, "As a mentee", {"wishes_1": "cataloging", "zone": "Chicago"}),
        (ben, "As a mentor", {"offers": ["cataloging"], "places": "1", "zone": "New York"}),
    ):
        await apply(town, who, role, **answers)
    await publish(town, olga)
    close(town, mia)
    await town.forward(days=150)

    told = [letter for letter in olga.letters() if "reads my letters in a thread" in letter.content]
    assert len(told) == 1
    assert "My messages to" not in "".join(letter.content for letter in olga.letters())
    [corner] = [thread for thread in threads(town) if thread.name == "Letters for mia"]
    assert len(town.said_in(corner.id)) > 2
    note = town.said_in(corner.id)[0]
    town.env.backend.faults.clear()
    await mia.presses("Try again", on=note)
    assert "That works" in mia.text
    assert town.said_in(corner.id)[0].content == note.content
    async with town.app.storage.reading() as work:
        assert await work.first(select(func.count(Corner.id))) == 1
