"""Answers in time, each once, and letters that cannot be delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.backend.errors import BackendError
from sqlalchemy import select

from bot.domain import Account, Application, Letter, LetterState
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble
from bot.storage.work import Work
from bot.ui import Button, Buttons, Text, _, message
from tests.adapters.discord import test_slowness
from tests.adapters.discord.test_walk import apply, open_call
from tests.adapters.discord.town import Town, town_over
from tests.databases import Connections


@pytest.fixture
def a_slow_database(town: Town) -> Iterator[None]:
    """The first Work of whatever is under way takes five seconds."""
    with test_slowness.a_slow_database(town, sleeps_on=True):
        yield


def callbacks(town: Town) -> list[int]:
    """How interactions were answered first; SimCord refuses what comes after three seconds."""
    return [one.json["type"] for one in town.env.http_requests if one.path.endswith("/callback")]


async def test_a_command_is_acknowledged_in_time_whatever_the_database_does(town: Town, a_slow_database: None) -> None:
    town.env.settle_timeout = 60
    ada = town.person("ada")

    await ada.slash("mentor status")

    assert callbacks(town) == [5]
    assert "No call is open" in ada.text
    assert ada.seen[0].is_ephemeral


async def test_a_form_that_comes_too_late_is_offered_by_a_button(town: Town, request: pytest.FixtureRequest) -> None:
    ada = town.person("ada", manages=True)
    town.env.settle_timeout = 60
    with test_slowness.a_slow_database(town, sleeps_on=True):
        await ada.slash("cohort setup")
    assert callbacks(town) == [5]

    assert ada.labels() == ["Open the form"]
    await ada.presses("Open the form")
    await ada.fills()
    assert "You are a coordinator now" in ada.text


async def test_an_interaction_that_is_brought_twice_acts_once(town: Town) -> None:
    ada = town.person("ada", manages=True)
    brought: list[dict[str, Any]] = []
    town.env.backend.subscribers.append(
        lambda event, payload: brought.append(payload) if event == "INTERACTION_CREATE" else None
    )
    await ada.slash("cohort setup")
    await ada.fills()
    sent = brought[-1]
    before = len(town.env.http_requests)

    town.env.backend.emit("INTERACTION_CREATE", sent)
    await town.env.settle()

    answers = [one for one in town.env.http_requests[before:] if one.path.endswith("/callback")]
    assert answers == []


async def test_wrong_answers_come_back_with_the_form_as_it_was_filled_in(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    await mia.presses("Apply", on=town.said_in(town.channel.id)[-1])
    await mia.presses("As a mentee")
    await mia.fills(wishes_1="cataloging", name="Mia M.", zone="Atlantis")
    await mia.presses("Continue (2 of 5)")
    await mia.fills(institution="A small library", career="over_ten", conduct="Yes")
    await mia.presses("Send it")

    assert "I do not know the time zone “Atlantis”" in mia.text
    await mia.presses("Try again")
    filled = {
        part["component"]["custom_id"]: part["component"] for part in mia.modal["components"] if "component" in part
    }
    assert filled["name"]["value"] == "Mia M."
    assert filled["zone"]["value"] == "Atlantis"
    assert [o["value"] for o in filled["wishes#0"]["options"] if o.get("default")] == ["cataloging"]
    await mia.fills(zone="Chicago")
    await mia.presses("Continue (2 of 5)")
    await mia.fills()
    await mia.presses("Send it")
    assert "has arrived" in mia.text


async def test_an_application_that_was_interrupted_goes_on_where_it_stopped(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    await mia.slash("mentor join", role="mentee")
    await mia.fills(wishes_1="cataloging", name="Mia M.", zone="Chicago")

    await mia.slash("mentor join", role="mentee")

    filled = {
        part["component"]["custom_id"]: part["component"] for part in mia.modal["components"] if "component" in part
    }
    assert (filled["name"]["value"], filled["zone"]["value"]) == ("Mia M.", "Chicago")


async def test_a_bug_of_ours_is_answered_with_its_reference(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: object) -> None:
        raise RuntimeError("a bug")

    mia = town.person("mia")
    monkeypatch.setattr(town.bot.client.composer, "reply", broken)
    await mia.slash("mentor help")

    assert "Something went wrong on my side" in mia.text


async def test_nobody_opens_the_form_of_somebody_else(town: Town) -> None:
    olga, mia, eve = town.person("olga", manages=True), town.person("mia"), town.person("eve")
    await open_call(town, olga)
    await mia.slash("mentor join", role="mentee")
    await mia.fills(wishes_1="cataloging", name="Mia M.", zone="Chicago")
    key = mia.seen[0].components[0]["components"][0]["custom_id"].split(":")[1]

    assert await town.bot.client.composer.kept(key, mia.id) is not None
    assert await town.bot.client.composer.kept(key, eve.id) is None


async def test_words_typed_to_the_bot_are_answered_in_the_direct_message(town: Town) -> None:
    mia = town.person("mia")
    assert "Hello. I look after the mentoring program here." in await mia.types("hello")
    await mia.slash("mentor help")

    assert "No call is open" in await mia.types("/mentor status")
    await mia.slash("mentor status", dm=True)
    assert "No call is open" in mia.text
    assert not mia.seen[0].is_ephemeral


async def test_only_who_manages_the_server_may_begin(town: Town) -> None:
    mia = town.person("mia")

    await mia.slash("cohort setup")

    assert mia.last is not None
    assert mia.last.modal is None
    assert "admin" in mia.text


async def test_options_are_completed_from_what_the_person_may_choose(town: Town) -> None:
    olga = town.person("olga", manages=True)
    await open_call(town, olga)

    found = await olga.actor.autocomplete(town.channel, "cohort status", "cohort", "Ment")

    assert [one["name"] for one in found] == ["Mentoring 2027–28"]


async def test_buttons_work_after_a_restart(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    call = town.said_in(town.channel.id)[-1]
    registered = sum(one.method == "PUT" for one in town.env.http_requests)

    await town.env.restart_bot()

    await mia.presses("Apply", on=call)
    assert mia.labels() == ["As a mentee", "As a mentor", "As both"]
    assert sum(one.method == "PUT" for one in town.env.http_requests) == registered, (
        "the same commands are not sent again"
    )


async def test_a_long_link_is_kept_under_a_key(town: Town) -> None:
    mia = town.person("mia")
    await mia.slash("mentor help")
    args = {"help": "x" * 200}
    sheets = await town.bot.client.composer.sheets(
        message(Text(_("Hi")), Buttons((Button(_("Go"), "goals set", args),)))
    )
    again = await town.bot.client.composer.sheets(
        message(Text(_("Hi")), Buttons((Button(_("Go"), "goals set", args),)))
    )

    assert sheets == again
    receipt = await town.bot.client.posting.say(str(town.channel.id), sheets)
    await town.env.settle()
    await mia.presses("Go", on=town.said_in(town.channel.id)[-1])
    assert "You are in no pair" in mia.text
    assert receipt.conversation == str(town.channel.id)


def parcel(town: Town, *, user: str = "", conversation: str = "", words: str = "Hello", letter: int = 5) -> Parcel:
    said = message(_("{words}", words=words))
    return Parcel(letter, 1, str(town.guild.id), said, "UTC", "en", user, conversation)


async def trouble_of(deed: Any) -> Trouble:
    with pytest.raises(NotDelivered) as caught:
        await deed
    return caught.value.trouble


async def test_what_discord_refuses_is_told_in_the_terms_of_every_platform(town: Town) -> None:
    mia, messenger = town.person("mia"), town.bot.messenger
    for status, code, trouble in (
        (403, 50007, Trouble.CLOSED),
        (403, 50278, Trouble.CLOSED),
        (404, 10003, Trouble.GONE),
        (403, 50001, Trouble.GONE),
        (429, 0, Trouble.BUSY),
        (403, 40003, Trouble.BUSY),
        (400, 40003, Trouble.BUSY),
        (500, 0, Trouble.UNSURE),
        (401, 0, Trouble.BUSY),
    ):
        town.env.inject_error("POST", "/channels/*/messages", status=status, code=code, times=None)
        assert await trouble_of(messenger.send(parcel(town, user=mia.id))) is trouble, (status, code)
        town.env.backend.faults.clear()


async def test_a_letter_is_posted_with_its_number_and_found_again(town: Town) -> None:
    mia, messenger = town.person("mia"), town.bot.messenger
    receipt = await messenger.send(parcel(town, user=mia.id))

    sent = next(one for one in reversed(town.env.http_requests) if one.path.endswith("/messages"))
    assert (sent.json["nonce"], sent.json["enforce_nonce"]) == ("5.0", True)
    assert await messenger.find(parcel(town, user=mia.id)) == receipt
    assert await messenger.find(parcel(town, user=mia.id, words="Something else")) is Search.ABSENT

    await messenger.rewrite(parcel(town, user=mia.id, words="Changed"), receipt)
    assert [letter.content for letter in mia.letters()] == ["Changed"]
    await messenger.rewrite(parcel(town, words="Gone"), Receipt(receipt.conversation, "1"))


async def test_a_letter_of_several_messages_is_known_by_its_first_and_shrinks(town: Town) -> None:
    mia, messenger = town.person("mia"), town.bot.messenger
    receipt = await messenger.send(parcel(town, user=mia.id, words="word " * 900))
    assert len(mia.letters()) == 3

    await messenger.rewrite(parcel(town, user=mia.id, words="Short"), receipt)

    assert [(letter.content, str(letter.id)) for letter in mia.letters()] == [("Short", receipt.posted)]


LONG = " ".join(f"Sentence {number} of what there is to say." for number in range(200))
"""Words of four messages."""

BROKEN = BackendError(503, 0, "it is not known whether it arrived")


@pytest.mark.parametrize("fate", [BROKEN, OSError("reset"), discord.RateLimited(300)], ids=repr)
@pytest.mark.parametrize("before", [1, 3])
async def test_a_long_letter_that_broke_off_goes_on_where_it_stopped(town: Town, fate: Exception, before: int) -> None:
    mia, messenger = town.person("mia"), town.bot.messenger
    letter = replace(parcel(town, user=mia.id, words=LONG), since=town.env.now())
    town.refusals.fates = [*[None] * before, fate]
    assert await trouble_of(messenger.send(replace(letter, since=None))) in (Trouble.UNSURE, Trouble.BUSY)
    assert await messenger.find(letter) is Search.ABSENT
    town.refusals.fates = [fate]
    await trouble_of(messenger.send(letter))
    town.clock.set(town.clock.now() + timedelta(minutes=5))  # Discord knows the nonces no more

    receipt = await messenger.send(letter)

    assert " ".join(one.content for one in mia.letters()) == LONG
    assert receipt == await messenger.find(letter)
    assert receipt.posted == str(mia.letters()[0].id)
    await messenger.rewrite(parcel(town, words="Withdrawn"), receipt)
    assert [one.content for one in mia.letters()] == ["Withdrawn"]


async def test_a_rewritten_letter_grows_and_shrinks_as_often_as_it_has_to(town: Town) -> None:
    mia, messenger = town.person("mia"), town.bot.messenger
    receipt = await messenger.send(parcel(town, user=mia.id))

    for letter, words in enumerate((LONG, "Short", LONG, "Withdrawn"), start=6):
        await messenger.rewrite(parcel(town, words=words, letter=letter), receipt)
        assert " ".join(one.content for one in mia.letters()) == words
    assert [str(one.id) for one in mia.letters()] == [receipt.posted]


async def test_a_letter_that_broke_off_while_it_grew_grows_on(town: Town) -> None:
    mia, messenger = town.person("mia"), town.bot.messenger
    receipt = await messenger.send(parcel(town, user=mia.id))
    longer = replace(parcel(town, words=LONG, letter=6), since=town.env.now())
    town.refusals.fates = [None, discord.RateLimited(300)]
    assert await trouble_of(messenger.rewrite(replace(longer, since=None), receipt)) is Trouble.BUSY
    town.refusals.lost = 1  # it arrives, but nobody hears of it
    assert await trouble_of(messenger.rewrite(longer, receipt)) is Trouble.UNSURE
    town.clock.set(town.clock.now() + timedelta(minutes=5))

    await messenger.rewrite(longer, receipt)

    assert " ".join(one.content for one in mia.letters()) == LONG


async def test_a_room_is_opened_once_where_all_of_them_can_be(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    async with town.app.storage.work() as work:
        work.add(await _place(work, town))
    order = PlaceOrder(1, str(town.guild.id), "Mia and Ben", [mia.id, ben.id])

    first = await town.bot.messenger.open_place(order)
    again = await town.bot.messenger.open_place(order)

    assert first == again
    made = [one for one in town.env.http_requests if one.path.endswith("/threads")]
    assert [(one.json["type"], one.json["invitable"]) for one in made] == [(12, False)]


async def _place(work: Work, town: Town) -> Any:
    from bot.domain import Place
    from bot.storage import queries

    space = await queries.space_of(work, "discord", str(town.guild.id))
    assert space is not None
    return Place(space_id=space.id, people="1,2", name="Mia and Ben")


async def test_who_takes_messages_neither_directly_nor_in_a_thread_is_unreachable(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, times=None)
    await town.forward(days=43)

    async with town.app.storage.reading() as work:
        states = set(await work.all(select(Letter.state).where(Letter.person_id.is_not(None))))
        assert LetterState.UNREACHABLE in states
        assert len(await work.all(select(Application.id))) == 1
        assert await work.all(select(Account.id).where(~Account.reachable))


async def test_an_application_also_lies_in_the_direct_messages(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")

    assert ["has arrived" in letter.content for letter in mia.letters()] == [True]


@pytest.mark.parametrize("code", [50007, 50278])
async def test_closed_direct_messages_are_said_at_once_and_can_be_tried_again(town: Town, code: int) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=code, times=2)
    await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")

    assert "I cannot write to you directly" in mia.text
    assert "choose Privacy Settings, allow direct messages, and try again" in mia.text
    await mia.presses("Try again")
    assert "I cannot write to you directly" in mia.text
    await mia.presses("Try again")
    assert "That works" in mia.text
    assert [letter.content for letter in mia.letters()] == ["Here I am. This is where my letters to you go."]


async def test_channels_are_known_as_they_come_and_go(town: Town) -> None:
    from bot.domain import Channel

    async def names() -> dict[str, bool]:
        async with town.app.storage.reading() as work:
            return {one.name: one.left_at is None for one in await work.all(select(Channel))}

    town.guild.create_text_channel("liaisons")
    await town.env.settle()

    assert await names() == {"mentoring": True, "liaisons": True}


async def test_who_leaves_the_server_is_not_reached_until_they_are_back(
    database: str, connections: Connections
) -> None:
    async with town_over(database, connections, members=True) as town:
        mia = town.person("mia")
        await mia.slash("mentor help")

        async def is_reached() -> bool:
            async with town.app.storage.reading() as work:
                return bool(await work.first(select(Account.reachable)))

        assert await is_reached()
        town.guild.remove_member(mia.actor)
        await town.env.settle()
        assert not await is_reached()
        town.guild.add_member(mia.actor.user)
        await town.env.settle()
        assert await is_reached()


async def test_people_s_words_call_nobody_wherever_they_are_said(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    name = "@everyone <@&123456789012345678> [free](https://evil.example)"
    await mia.presses("Apply", on=town.said_in(town.channel.id)[-1])
    await mia.presses("As a mentee")
    await mia.fills(wishes_1="cataloging", name=name, zone="Chicago")
    await mia.presses("Continue (2 of 5)")
    await mia.fills(institution="A small library", career="over_ten", conduct="Yes")
    await mia.presses("Send it")
    await mia.slash("mentor status")
    await mia.types("/mentor status")
    await olga.slash("cohort close")
    await town.forward(days=2)

    bodies = [one.json.get("data", one.json) for one in town.env.http_requests if one.json and one.method != "PUT"]
    said = [body for body in bodies if body.get("content")]
    assert any("everyone" in body["content"] for body in said)
    for body in said:
        assert body["allowed_mentions"]["parse"] == []
        assert "@everyone" not in body["content"]
        assert "<@&" not in body["content"].replace("\\<@&", "")
        assert "](https://" not in body["content"]


async def test_channels_and_people_can_be_named_by_a_mention(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    await mia.slash("mentor help")

    await olga.commands("cohort rooms", {"channel": f"<#{town.channel.id}>"})
    assert f"open below <#{town.channel.id}> from now on" in olga.text
    await olga.commands("cohort team add", {"duty": "liaison", "person": f"<@!{mia.id}>"})
    assert f"Liaisons: <@{mia.id}>" in olga.text
    await olga.commands("cohort team add", {"duty": "coordinator", "person": f"<@{mia.id}>"}, dm=True)
    assert f"<@{mia.id}>" in olga.text


async def test_a_bug_of_ours_leaves_no_word_in_the_direct_messages_unanswered(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_args: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(town.bot.client.composer, "reply", broken)

    assert "Something went wrong on my side" in await town.person("mia").types("hello")
