"""The two Discord bots that are compared: ours, and a bare discord.py client that executes recorded statements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.answering import Interaction
from adapters.discord.serve import Discord, open_discord
from benchmarks import program
from benchmarks.beside import tell
from benchmarks.recorded import Statement, plain_engines, recording, replay
from benchmarks.stage import bot_over
from bot.app import App
from bot.settings import Settings
from commands import CATALOG
from commands.dispatch import Dispatch

TOKEN = "x.y.z"


async def mentorbot(url: str, api: str, pipe: Connection) -> None:
    """The bot as it is."""
    async with _bot(url, api) as (_app, bot):
        await _connected(bot.client, pipe, lambda: None)


async def recorder(url: str, api: str, pipe: Connection) -> None:
    """The bot, which tells what its newest interaction has executed."""
    newest: list[list[Statement]] = []
    async with _bot(url, api) as (app, bot):
        meet = bot.client.reception.meet

        async def record(interaction: Interaction) -> None:
            with recording(app.storage.engines) as statements:
                await meet(interaction)
            newest[:] = [statements]

        bot.client.reception.meet = record  # type: ignore[method-assign]
        await _connected(bot.client, pipe, lambda: newest[0])


async def bare(url: str, api: str, statements: list[Statement], answer: dict[str, Any], pipe: Connection) -> None:
    """discord.py alone."""
    engines = plain_engines(url)
    Route.BASE = api
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), guild_ready_timeout=0.0)

    @client.event
    async def on_interaction(interaction: Interaction) -> None:
        await replay(engines, statements)
        await interaction.response.send_message(answer["content"], ephemeral=True)

    async with client:
        await client.login(TOKEN)
        _shards, address, _limits = await client.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
        await _connected(client, pipe, lambda: None)
    await engines.close()


@asynccontextmanager
async def _bot(url: str, api: str) -> AsyncIterator[tuple[App, Discord]]:
    async with bot_over(url) as (app, clock):
        clock.set(program.MIDST)
        settings = Settings(discord_token=TOKEN, discord_api_base=api, discord_guild_ready_timeout=0.0)
        bot = await open_discord(settings, app, Dispatch(app.storage, CATALOG))
        try:
            yield app, bot
        finally:
            await bot.close()


async def _connected(client: discord.Client, pipe: Connection, said: Any) -> None:
    connecting = asyncio.create_task(client.connect())
    await client.wait_until_ready()
    await tell(pipe, "ready", said)
    await client.close()
    await connecting
