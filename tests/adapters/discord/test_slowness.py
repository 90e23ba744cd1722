"""With a database that sleeps five seconds every way of asking is acknowledged in time, and answered when it wakes up.

SimCord refuses what comes later than three seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from bot.storage.work import Work
from bot.ui import Button, Buttons, _, message
from tests.adapters.discord.test_walk import open_call
from tests.adapters.discord.town import Town

SLEEPS = 5.0
_slept: ContextVar[bool] = ContextVar("slept", default=False)

SHOWN_LATER, CHANGED_LATER, CHOICES = 5, 6, 8
"""How Discord calls the ways to acknowledge."""


@contextmanager
def a_slow_database(town: Town, *, sleeps_on: bool = False) -> Iterator[None]:
    """The first Work of whatever is under way takes five seconds, or until that was acknowledged.

    One that `sleeps_on` takes all of them.
    """
    town.env.settle_timeout = 120
    with pytest.MonkeyPatch.context() as slow:
        for name in ("work", "reading"):
            slow.setattr(town.app.storage, name, _slowly(town, getattr(town.app.storage, name), sleeps_on=sleeps_on))
        yield


def _slowly(town: Town, opens: Any, *, sleeps_on: bool) -> Any:
    @asynccontextmanager
    async def slow() -> AsyncIterator[Work]:
        if not _slept.get():
            _slept.set(True)
            before, wakes = len(acknowledgements(town)), time.monotonic() + SLEEPS
            while time.monotonic() < wakes and (sleeps_on or len(acknowledgements(town)) == before):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        async with opens() as work:
            yield work

    return slow


def acknowledgements(town: Town) -> list[Any]:
    """How each interaction was answered first."""
    return [one.json for one in town.env.http_requests if one.path.endswith("/callback")]


def acknowledged(town: Town) -> int:
    """How the newest interaction was answered first."""
    return int(acknowledgements(town)[-1]["type"])


async def test_a_button_of_a_public_message(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    with a_slow_database(town):
        await mia.presses("Apply", on=town.said_in(town.channel.id)[-1])

    assert acknowledged(town) == CHANGED_LATER
    assert mia.labels()[-3:] == ["As a mentee", "As a mentor", "As both"]
    assert mia.seen[-1].is_ephemeral


async def test_the_pages_of_a_form_and_the_whole_of_it(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    await mia.slash("mentor join", role="mentee")
    with a_slow_database(town):
        await mia.fills(wishes_1="cataloging", name="Mia M.", zone="Chicago")
        assert acknowledged(town) == SHOWN_LATER
        await mia.presses("Continue (2 of 5)")
    assert acknowledged(town) == CHANGED_LATER
    assert mia.labels() == ["Open the form"]
    with a_slow_database(town):
        await mia.presses("Open the form")
    assert acknowledged(town) == CHANGED_LATER
    assert mia.labels() == ["Open the form"]
    await mia.presses("Open the form")
    await mia.fills(institution="A small library", career="over_ten", conduct="Yes")
    with a_slow_database(town):
        await mia.presses("Send it")

    assert acknowledged(town) == CHANGED_LATER
    assert "has arrived" in mia.text
    assert [("has arrived" in letter.content) for letter in mia.letters()] == [True]


async def test_a_button_whose_link_is_too_long_for_it(town: Town) -> None:
    mia = town.person("mia")
    await mia.slash("mentor help")
    long = Button(_("Go"), "goals set", {"help": "x" * 200})
    sheets = await town.bot.client.composer.sheets(message(_("Hello"), Buttons((long,))))
    await town.bot.client.posting.say(str(town.channel.id), sheets)
    await town.env.settle()
    with a_slow_database(town):
        await mia.presses("Go", on=town.said_in(town.channel.id)[-1])

    assert acknowledged(town) == CHANGED_LATER
    assert "You are in no pair" in mia.text


async def test_a_form_of_one_page(town: Town) -> None:
    olga = town.person("olga", manages=True)
    await olga.slash("cohort setup")
    with a_slow_database(town):
        await olga.fills()

    assert acknowledged(town) == SHOWN_LATER
    assert "You are a coordinator now" in olga.text


async def test_choices_for_what_is_being_typed(town: Town) -> None:
    olga = town.person("olga", manages=True)
    await open_call(town, olga)
    with a_slow_database(town):
        found = await olga.actor.autocomplete(town.channel, "cohort status", "cohort", "Ment")

    assert (acknowledged(town), found) == (CHOICES, []), "too late is none, and no error"


async def test_words_in_the_direct_messages(town: Town) -> None:
    mia = town.person("mia")
    with a_slow_database(town):
        said = await mia.types("hello")

    assert "Hello. I look after the mentoring program here." in said


async def test_a_button_of_a_letter_and_one_that_tries_the_direct_messages_again(town: Town) -> None:
    olga, mia = town.person("olga", manages=True), town.person("mia")
    await open_call(town, olga)
    await mia.slash("mentor join", role="mentee")
    await mia.fills(wishes_1="cataloging", name="Mia M.", zone="Chicago")
    await mia.presses("Continue (2 of 5)")
    await mia.fills(institution="A small library", career="over_ten", conduct="Yes")
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    await mia.presses("Send it")
    with a_slow_database(town):
        await mia.presses("Try again")
        assert "That works" in mia.text
        await olga.slash("cohort close")
        assert acknowledged(town) == SHOWN_LATER
    await town.forward(days=2)
    with a_slow_database(town):
        await mia.presses("Where do I stand?", on=mia.letters()[-1])

    assert acknowledged(town) == CHANGED_LATER
    assert mia.text
