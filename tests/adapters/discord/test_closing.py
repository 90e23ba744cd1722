"""The process stops: answers under way are given, and nothing is begun that would outlive the connection."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord import serve
from adapters.discord.composing import PLATFORM
from adapters.discord.gateway import Gateway
from bot.services import spaces
from bot.storage import queries
from bot.storage.work import Storage
from tests.adapters.discord.loopback import Loopback
from tests.adapters.discord.test_connection import bot_at, slash
from tests.adapters.discord.test_connection import there as there
from tests.databases import Connections


async def test_an_answer_under_way_is_given_before_the_connection_ends(
    there: Loopback, database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing, settle = asyncio.Event(), Gateway.settle

    async def settle_and_say_so(client: Gateway, seconds: float) -> None:
        closing.set()
        await settle(client, seconds)

    monkeypatch.setattr(Gateway, "settle", settle_and_say_so)
    async with bot_at(there, database, connections) as bot:
        running = asyncio.create_task(bot.run(stop := asyncio.Event()))
        await there.greeting(1)
        async with bot.client.storage.work() as work:  # what the command wants to write has to wait
            await work.session.connection()
            await there.send(0, slash("mentor", "resume"), "INTERACTION_CREATE")
            await asyncio.wait_for(there.answered.wait(), 10)
            stop.set()
            await asyncio.wait_for(closing.wait(), 10)
            assert there.count("PATCH", "/messages/@original") == 0
        await asyncio.wait_for(running, 10)
    assert there.count("PATCH", "/messages/@original") == 1


async def test_what_takes_too_long_is_given_up(
    there: Loopback, database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "GRACE", 0.1)
    async with bot_at(there, database, connections) as bot:
        running = asyncio.create_task(bot.run(stop := asyncio.Event()))
        await there.greeting(1)
        async with bot.client.storage.work() as work:
            await work.session.connection()
            await there.send(0, slash("mentor", "resume"), "INTERACTION_CREATE")
            await asyncio.wait_for(there.answered.wait(), 10)
            stop.set()
            await asyncio.wait_for(running, 10)
    assert there.count("PATCH", "/messages/@original") == 0


async def test_a_closed_connection_is_not_ready_any_more(
    there: Loopback, database: str, connections: Connections
) -> None:
    async with bot_at(there, database, connections, discord_guild_ready_timeout=0.2) as bot:
        running = asyncio.create_task(bot.run(stop := asyncio.Event()))
        await asyncio.wait_for(bot.client.wait_for("connect"), 10)
        stop.set()
        await asyncio.wait_for(running, 10)
        storage = bot.client.storage
    async with storage.work() as work:
        await spaces.opened(work, PLATFORM, "9", name="Library Mentoring", hangs_rooms=True)

    await asyncio.sleep(0.4)

    assert await _is_here(storage, "9"), "it was not for the old connection to say that nobody is in this server"


async def _is_here(storage: Storage, guild: str) -> bool:
    async with storage.reading() as work:
        space = await queries.space_of(work, PLATFORM, guild)
        return space is not None and space.left_at is None
