"""What Discord refuses: the adapter does not do it, and an adapter that was broken on purpose is caught."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

import discord
import pytest
from sqlalchemy import select

from adapters.discord import connect, forms, links, render
from adapters.discord.answering import Interaction, Questions, give
from adapters.discord.composing import Asked, Composer, Kept, Outcome
from adapters.discord.connect import Reception
from adapters.discord.posting import Posting
from adapters.discord.threads import Threads
from bot.domain import LetterKind, Person
from bot.storage.outbox import NewLetter, post
from bot.ui import Button, Buttons, Message, Text, Who, _, message
from tests.adapters.discord.refusals import NEWS
from tests.adapters.discord.test_answering import LONG, parcel
from tests.adapters.discord.test_rooms import order
from tests.adapters.discord.test_slowness import a_slow_database
from tests.adapters.discord.town import Citizen, Town

A_QUARTER = 15 * 60
"""Seconds for which an interaction can be answered."""

HELLO = message(Text(_("Hello")))


async def says(town: Town, said: Message) -> None:
    """A letter in the town's channel."""
    sheets = await town.bot.client.composer.sheets(said)
    await town.bot.client.posting.say(str(town.channel.id), sheets)


async def a_letter_is_tried_again(town: Town) -> None:
    mia = town.person("mia")
    for _try in range(2):
        await town.bot.messenger.send(parcel(town, user=mia.id))
    assert len(mia.letters()) == 1


async def goes_out(town: Town, mia: Citizen, said: Message, *, key: str = "x") -> None:
    """A letter to Mia is due."""
    await mia.slash("mentor help")
    async with town.app.storage.work() as work:
        reader = await work.first(select(Person))
        assert reader is not None
        await post(work, reader.community_id, NewLetter(key=key, kind=LetterKind.NEWS, to=reader, message=said))
    await town.env.advance_time((town.clock.now() - town.env.now()).total_seconds())


async def a_letter_is_in_doubt_for_long(town: Town) -> None:
    """It arrived, nobody heard of it, and the process was down for longer than Discord knows a nonce."""
    mia = town.person("mia")
    await goes_out(town, mia, HELLO)
    town.refusals.lost = 1
    await town.pulse()
    for _try in range(2):
        town.clock.set(town.clock.now() + timedelta(minutes=5))
        await town.pulse()
    assert [letter.content for letter in mia.letters()] == ["Hello"]


async def a_long_letter_is_put_off_twice(town: Town) -> None:
    """Its first message was posted on the first try already, longer ago than Discord knows a nonce."""
    mia = town.person("mia")
    await goes_out(town, mia, message(_("{words}", words=LONG)))
    for fates in ([None, discord.RateLimited(300)], [discord.RateLimited(300)], []):
        town.refusals.fates = [*fates]
        await town.pulse()
        town.clock.set(town.clock.now() + timedelta(hours=1))
    assert " ".join(letter.content for letter in mia.letters()) == LONG


async def a_letter_is_put_off_that_had_arrived(town: Town) -> None:
    """Its answer was lost; the library asked again by itself, and was told to wait for long."""
    mia = town.person("mia")
    await goes_out(town, mia, HELLO)
    town.refusals.lost, town.refusals.losing = 1, discord.RateLimited(300)
    for _try in range(2):
        await town.pulse()
        town.clock.set(town.clock.now() + timedelta(hours=1))
    assert [letter.content for letter in mia.letters()] == ["Hello"]


async def two_letters_have_the_same_words(town: Town) -> None:
    """The second one is put off just when the first has arrived."""
    mia = town.person("mia")
    for key in ("x", "y"):
        await goes_out(town, mia, HELLO, key=key)
    town.refusals.fates = [None, discord.RateLimited(300)]
    for _try in range(2):
        await town.pulse()
        town.clock.set(town.clock.now() + timedelta(hours=1))
    assert [letter.content for letter in mia.letters()] == ["Hello", "Hello"]


async def a_letter_is_long(town: Town) -> None:
    await says(town, message(_("{words}", words="word " * 900)))


async def a_letter_has_many_rows(town: Town) -> None:
    await says(town, message(Buttons(tuple(Button(_("Go"), "goals set", {"help": str(n)}) for n in range(30)))))


async def a_button_carries_much(town: Town) -> None:
    await says(town, message(_("Hello"), Buttons((Button(_("Go"), "goals set", {"help": "x" * 200}),))))


async def somebody_is_named(town: Town) -> None:
    mia = town.person("mia")
    await mia.slash("mentor help")
    async with town.app.storage.reading() as work:
        reader = await work.first(select(Person))
        assert reader is not None
    await says(town, message(_("{person} is here.", person=Who(reader.id, "Mia"))))
    assert f"<@{mia.id}>" in town.said_in(town.channel.id)[-1].content


async def the_database_sleeps_before_a_form(town: Town) -> None:
    with a_slow_database(town):
        await town.person("olga", manages=True).slash("cohort setup")


async def a_form_has_pages(town: Town) -> None:
    olga = town.person("olga", manages=True)
    await olga.slash("cohort setup")
    await olga.fills()
    await olga.presses("Plan a program")
    await olga.presses("Mentoring in library collections and technical services")
    await olga.fills()


async def somebody_asks(town: Town) -> None:
    await town.person("mia").slash("mentor help")
    await town.env.advance_time(A_QUARTER + 60)


async def a_call_is_announced(town: Town) -> None:
    """The channel for announcements is the one that the bot has known longest."""
    town.guild.create_text_channel("rooms")
    town.env.backend.edit_channel(town.channel.id, {"type": NEWS})
    await town.env.settle()
    await town.bot.messenger.open_place(await order(town, town.person("mia"), town.person("ben")))


async def a_room_is_locked(town: Town) -> None:
    place = await order(town, town.person("mia"), town.person("ben"))
    first = await town.bot.messenger.open_place(place)
    town.env.backend.edit_channel(int(first), {}, thread_metadata={"locked": True})
    await town.env.settle()
    second = await town.bot.messenger.open_place(place)
    await town.bot.client.posting.say(second, await town.bot.client.composer.sheets(HELLO))


def without_nonces(broken: pytest.MonkeyPatch, _town: Town) -> None:
    _with_nonces(broken, lambda _nonce: None)


def with_long_nonces(broken: pytest.MonkeyPatch, _town: Town) -> None:
    _with_nonces(broken, lambda nonce: f"nudge:person-9:period-7:{nonce}")


def with_nonces_alone(broken: pytest.MonkeyPatch, _town: Town) -> None:
    async def found_nothing(*_args: object) -> list[str]:
        """Hope that Discord still knows the nonce."""
        return []

    broken.setattr(Posting, "_lying", found_nothing)


def with_letters_of_others(broken: pytest.MonkeyPatch, _town: Town) -> None:
    async def nobodys(*_args: object) -> set[str]:
        """Take every message with the same words for the letter."""
        return set()

    broken.setattr(Posting, "_others", nobodys)


def without_splitting(broken: pytest.MonkeyPatch, _town: Town) -> None:
    broken.setattr(render, "LONGEST_CONTENT", 10**6)


def with_all_rows(broken: pytest.MonkeyPatch, _town: Town) -> None:
    broken.setattr(render, "MOST_ROWS", 100)


def with_long_links(broken: pytest.MonkeyPatch, _town: Town) -> None:
    broken.setattr(links, "LONGEST_CUSTOM_ID", 10**6)


def with_long_pages(broken: pytest.MonkeyPatch, _town: Town) -> None:
    broken.setattr(forms, "MOST_QUESTIONS", 100)


def with_pings(_broken: pytest.MonkeyPatch, town: Town) -> None:
    town.bot.client.allowed_mentions = None


def with_modals_always(broken: pytest.MonkeyPatch, _town: Town) -> None:
    async def give_modal(interaction: Interaction, outcome: Outcome, *, ours: bool) -> None:
        if not isinstance(outcome, Asked):
            await give(interaction, outcome, ours=ours)
            return
        interaction.response._response_type = None  # else the library itself refuses
        await interaction.response.send_modal(Questions(outcome.modal))

    def page_at_once(self: Composer, kept: Kept, sheet: int) -> Outcome:
        return self.page(kept, sheet, from_ours=True)

    broken.setattr(connect, "give", give_modal)
    broken.setattr(Composer, "next_page", page_at_once)


def acknowledging_late(broken: pytest.MonkeyPatch, _town: Town) -> None:
    broken.setattr(connect, "SOON", 4.0)
    broken.setattr(connect, "LATEST", 4.0)


def answering_after_a_quarter_of_an_hour(broken: pytest.MonkeyPatch, town: Town) -> None:
    prepare = Reception._prepare

    async def slowly(self: Reception, interaction: Interaction) -> Outcome | None:
        await asyncio.sleep(A_QUARTER + 1)
        return await prepare(self, interaction)

    town.env.settle_timeout = 120
    broken.setattr(Reception, "_prepare", slowly)


def below_any_channel(broken: pytest.MonkeyPatch, _town: Town) -> None:
    broken.setattr(discord.TextChannel, "is_news", lambda _channel: False)


def with_rooms_as_they_were(broken: pytest.MonkeyPatch, _town: Town) -> None:
    async def let_in(*_args: object) -> bool:
        return True

    broken.setattr(Threads, "let_in", let_in)


class Rule(NamedTuple):
    """What happens, and how an adapter could get it wrong."""

    happens: Callable[[Town], Awaitable[None]]
    breaks: Callable[[pytest.MonkeyPatch, Town], None]


RULES = (
    Rule(a_letter_is_tried_again, without_nonces),
    Rule(a_letter_is_tried_again, with_long_nonces),
    Rule(a_letter_is_in_doubt_for_long, with_nonces_alone),
    Rule(a_long_letter_is_put_off_twice, with_nonces_alone),
    Rule(a_letter_is_put_off_that_had_arrived, with_nonces_alone),
    Rule(two_letters_have_the_same_words, with_letters_of_others),
    Rule(a_letter_is_long, without_splitting),
    Rule(a_letter_has_many_rows, with_all_rows),
    Rule(a_button_carries_much, with_long_links),
    Rule(somebody_is_named, with_pings),
    Rule(the_database_sleeps_before_a_form, with_modals_always),
    Rule(the_database_sleeps_before_a_form, acknowledging_late),
    Rule(a_form_has_pages, with_modals_always),
    Rule(a_form_has_pages, with_long_pages),
    Rule(a_call_is_announced, below_any_channel),
    Rule(a_room_is_locked, with_rooms_as_they_were),
    Rule(somebody_asks, answering_after_a_quarter_of_an_hour),
)


async def judged(happens: Callable[[Town], Awaitable[None]], town: Town) -> None:
    """Let it happen, and fail if Discord had to refuse something."""
    await happens(town)
    town.refusals.check()


@pytest.mark.parametrize("happens", dict.fromkeys(rule.happens for rule in RULES), ids=lambda one: one.__name__)
async def test_nothing_that_discord_refuses_is_done_when(
    happens: Callable[[Town], Awaitable[None]], town: Town
) -> None:
    await judged(happens, town)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.breaks.__name__)
async def test_an_adapter_is_caught_that_goes(rule: Rule, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    rule.breaks(monkeypatch, town)

    with pytest.raises((AssertionError, discord.HTTPException)):
        await judged(rule.happens, town)
    town.refusals.wrong.clear()


def _with_nonces(broken: pytest.MonkeyPatch, changed: Callable[[str], str | None]) -> None:
    send = Posting._send

    async def sent(self: Posting, conversation: str, sheet: Any, *, nonce: str | None) -> str:
        return await send(self, conversation, sheet, nonce=nonce and changed(nonce))

    broken.setattr(Posting, "_send", sent)
