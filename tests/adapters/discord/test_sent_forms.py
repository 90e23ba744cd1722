"""What becomes of people's words once their form was sent: they lie in one place, and no failure of ours loses them."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from simcord.backend.serializers import message_payload
from simcord.interactions import base_payload
from simcord.results import InteractionResult
from sqlalchemy import select

from adapters.discord.composing import Composer
from adapters.discord.tables import OpenForm
from bot.domain import Application, Draft
from tests.adapters.discord.test_walk import open_call
from tests.adapters.discord.town import Citizen, Town, buttons_of

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SECRET = "Marginalia of the unheard"
"""Words that stand nowhere else."""


async def rows(town: Town) -> str:
    """Everything that lies in discord_forms, as text."""
    async with town.app.storage.reading() as work:
        return json.dumps([row.form for row in await work.all(select(OpenForm))])


async def drafts(town: Town) -> str:
    async with town.app.storage.reading() as work:
        return json.dumps([row.answers for row in await work.all(select(Draft))])


async def applications(town: Town) -> int:
    async with town.app.storage.reading() as work:
        return len(await work.all(select(Application.id)))


async def nearly_sent(town: Town, *, zone: str = "Chicago") -> Citizen:
    """Mia has filled in all that an application needs, and could send it."""
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    await mia.slash("mentor join", role="mentee")
    await mia.fills(wishes_1="cataloging", name="Mia M.", zone=zone)
    await mia.presses("Continue (2 of 5)")
    await mia.fills(institution=SECRET, career="over_ten", conduct="Yes")
    return mia


def break_applying(town: Town, broken: pytest.MonkeyPatch) -> None:
    """The command that takes an application has a bug."""

    async def raises(*_given: object, **_answers: object) -> None:
        raise RuntimeError("a bug")

    catalog = town.bot.client.reception.dispatch.catalog
    command = catalog.commands["mentor join"]
    broken.setitem(catalog.commands, "mentor join", replace(command, run=raises))


async def test_nothing_of_a_form_that_was_sent_is_kept_beside_what_it_did(town: Town) -> None:
    mia = await nearly_sent(town)
    assert SECRET in await rows(town)
    await mia.slash("mentor join", role="mentee")
    await mia.slash("mentor join", role="mentee")
    await mia.fills()
    await mia.presses("Continue (2 of 5)")
    await mia.fills(institution=SECRET, career="over_ten", conduct="Yes")
    await mia.presses("Send it")

    assert "has arrived" in mia.text
    for words in (SECRET, "Mia M."):
        assert words not in await rows(town), "nor in what was opened before and never sent"
    assert await applications(town) == 1


async def test_a_form_of_one_page_leaves_nothing_either(town: Town) -> None:
    mia = await nearly_sent(town)
    await mia.presses("Send it")
    await mia.slash("mentor quiet")
    await mia.fills(**{"from": "18:07", "to": "9:00"})

    assert "18:07" not in await rows(town)


async def test_what_was_refused_is_kept_in_the_form_that_came_back_and_goes_with_it(town: Town) -> None:
    mia = await nearly_sent(town, zone="Atlantis")
    await mia.presses("Send it")
    assert "I do not know the time zone" in mia.text
    assert (await rows(town)).count(SECRET) == 1
    await mia.presses("Try again")
    await mia.fills(zone="Chicago")
    await mia.presses("Continue (2 of 5)")
    await mia.fills()
    await mia.presses("Send it")

    assert "has arrived" in mia.text
    assert SECRET not in await rows(town)


async def test_our_own_failure_keeps_the_words_and_the_same_form_can_be_sent_again(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = await nearly_sent(town)
    with monkeypatch.context() as broken:
        break_applying(town, broken)
        await mia.presses("Send it")
    assert "nothing was changed" in mia.text
    assert SECRET in await rows(town)
    assert SECRET in await drafts(town), "typing the command again offers it, too"
    await mia.presses("Try again")

    assert "has arrived" in mia.text
    assert SECRET not in await rows(town) + await drafts(town)


@only_sqlite
async def test_a_second_press_finds_the_answer_untouched_and_a_kind_sentence(town: Town) -> None:
    mia = await nearly_sent(town)
    form = deepcopy(mia.seen[-1])
    send, more = (button["custom_id"] for button in buttons_of(form))
    [first] = await presses_at_once(town, mia, form, [send])
    assert first == []
    for button in (send, more):
        [[second]] = await presses_at_once(town, mia, form, [button])
        assert second.content.startswith("This form was sent already, and it counts once.")

    assert "has arrived" in now(town, form).content, "what answered the first press still stands there"
    assert await applications(town) == 1


async def test_two_presses_at_once_send_a_form_once(town: Town) -> None:
    mia = await nearly_sent(town)
    form = deepcopy(mia.seen[-1])
    send, _more = (button["custom_id"] for button in buttons_of(form))
    both = await presses_at_once(town, mia, form, [send, send])

    assert sum(len(answers) for answers in both) == 1, "one press is the answer, the other one is told"
    assert "has arrived" in now(town, form).content
    assert await applications(town) == 1
    assert SECRET not in await rows(town)


async def test_what_was_sent_without_being_answered_is_let_go_of_by_the_next_press(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stops(*_given: object, **_named: object) -> None:
        raise RuntimeError("the process stopped")

    mia = await nearly_sent(town)
    form = deepcopy(mia.seen[-1])
    send, _more = (button["custom_id"] for button in buttons_of(form))
    with monkeypatch.context() as stopped:
        stopped.setattr(Composer, "close", stops)
        await presses_at_once(town, mia, form, [send])
    assert SECRET in await rows(town)
    [[second]] = await presses_at_once(town, mia, form, [send])

    assert second.content.startswith("This form was sent already")
    assert SECRET not in await rows(town)
    assert await applications(town) == 1


@only_sqlite
async def test_an_answer_that_cannot_be_shown_promises_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_given: object) -> None:
        raise RuntimeError("a bug")

    mia = await nearly_sent(town)
    monkeypatch.setattr(Composer, "reply", broken)
    await mia.presses("Send it")

    assert "What you asked for may have been done: please look at" in mia.text
    assert "nothing was changed" not in mia.text
    assert await applications(town) == 1
    assert SECRET not in await rows(town)


@only_sqlite
async def test_of_a_form_that_came_back_unseen_nobody_says_that_it_was_sent(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_given: object) -> None:
        raise RuntimeError("a bug")

    mia = await nearly_sent(town, zone="Atlantis")
    form = deepcopy(mia.seen[-1])
    send, _more = (button["custom_id"] for button in buttons_of(form))
    with monkeypatch.context() as unseen:
        unseen.setattr(Composer, "reply", broken)
        await mia.presses("Send it")
    [[second]] = await presses_at_once(town, mia, form, [send])

    assert "what you wrote is filled in" in second.content
    assert SECRET in await drafts(town)
    assert await applications(town) == 0


def now(town: Town, message: Any) -> Any:
    """A message as it stands there by now."""
    return town.env.backend.messages[message.channel_id][message.id]


async def presses_at_once(town: Town, who: Citizen, message: Any, buttons: list[str]) -> list[list[Any]]:
    """Buttons of a message as it was, pressed before any of them is answered; what each is told beside it."""
    backend, pressed = town.env.backend, []
    for custom_id in buttons:
        data = {"custom_id": custom_id, "component_type": 2}
        where = {"channel_id": message.channel_id, "guild_id": town.guild.id, "user_id": who.actor.id}
        record, payload = base_payload(backend, type=3, data=data, **where)
        record.source_message_id = message.id
        pressed.append(InteractionResult(town.env, record))
        backend.emit("INTERACTION_CREATE", {**payload, "message": dict(message_payload(backend, message))})
    await town.env.settle()
    told = [[one._message for one in (result.response, *result.followups) if one is not None] for result in pressed]
    return [[one for one in messages if one.id != message.id] for messages in told]
