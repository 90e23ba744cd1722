"""Over real connections: logging in, losing the gateway, and what Discord's API may answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.serve import Discord, open_discord
from bot import app as bot_app
from bot.ports import NotDelivered, Parcel, Trouble
from bot.services.office import Office
from bot.settings import Misconfigured, Settings
from bot.storage.work import Storage
from bot.ui import _, message
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.discord.loopback import IDENTIFY, INVALID, RESUME, Loopback, answer, loopback
from tests.databases import Connections
from tests.stage import StoppedClock

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LETTER = Parcel(5, 1, "9", message(_("Hello.")), "UTC", "en", user="60")


@pytest.fixture
async def there(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Loopback]:
    """Discord on this machine; the library's addresses are put back afterwards."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with loopback(Loopback()) as there:
        yield there


@asynccontextmanager
async def bot_at(there: Loopback, database: str, connections: Connections) -> AsyncIterator[Discord]:
    clock = StoppedClock()
    storage = Storage(connections.engines(database), clock)
    app = bot_app.App(storage, clock, Office(storage, {}))
    settings = Settings(discord_token="x.y.z", discord_api_base=there.base, discord_guild_ready_timeout=0.0)
    bot = await open_discord(settings, app, Dispatch(storage, CATALOG))
    try:
        yield bot
    finally:
        await bot.close()


async def test_a_lost_connection_is_resumed_and_a_lost_session_begun_anew_at_the_same_place(
    there: Loopback, database: str, connections: Connections
) -> None:
    async with bot_at(there, database, connections) as bot:
        stop = asyncio.Event()
        running = asyncio.create_task(bot.run(stop))
        assert await there.greeting(1) == ("/gateway", IDENTIFY)

        assert there.socket is not None
        await there.socket.close(code=4000)
        assert await there.greeting(2) == ("/resume", RESUME)

        await there.send(INVALID, False)
        assert await there.greeting(3) == ("/gateway", IDENTIFY)

        await there.send(0, slash("mentor", "help"), "INTERACTION_CREATE")
        await asyncio.wait_for(there.answered.wait(), 10)
        stop.set()
        await asyncio.wait_for(running, 10)
    assert there.count("PUT", "/applications/1/commands") == 1


@pytest.mark.parametrize("everywhere", [False, True])
async def test_discord_s_wish_for_a_pause_is_obeyed(
    there: Loopback, database: str, connections: Connections, everywhere: bool
) -> None:
    wish = {"message": "slow", "retry_after": 0.2, "global": everywhere}
    headers = {"Via": "1.1 x", "Retry-After": "1"}
    async with bot_at(there, database, connections) as bot:
        there.answers = [answer(wish, status=429, headers=headers)]
        receipt = await bot.messenger.send(LETTER)

        assert receipt.posted == "777"
        assert there.count("POST", "/messages") == 2

        there.answers = [answer(wish | {"retry_after": 3600.0}, status=429, headers=headers)]
        with pytest.raises(NotDelivered) as caught:
            await bot.messenger.send(LETTER)
        assert (caught.value.trouble, caught.value.seconds) == (Trouble.BUSY, 3600.0)


async def test_a_broken_answer_leaves_a_letter_in_doubt(
    there: Loopback, database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_seconds: float) -> None:
        pass

    async with bot_at(there, database, connections) as bot:
        monkeypatch.setattr("discord.http.asyncio.sleep", at_once)
        there.answers = [web.Response(status=500) for _try in range(5)]

        with pytest.raises(NotDelivered) as caught:
            await bot.messenger.send(LETTER)

    assert caught.value.trouble is Trouble.UNSURE


async def test_a_wrong_token_is_one_clear_line(there: Loopback, database: str, connections: Connections) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        return answer({"message": "401: Unauthorized", "code": 0}, status=401)

    async with loopback(Loopback()) as other:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", refuse)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        other.port = runner.addresses[0][1]
        with pytest.raises(Misconfigured, match=r"^DISCORD_TOKEN is not accepted by Discord: see docs"):
            async with bot_at(other, database, connections):
                pass
        await runner.cleanup()


def slash(root: str, leaf: str) -> dict[str, Any]:
    """A command that somebody sends in their direct messages."""
    person = {"id": "60", "username": "mia", "discriminator": "0", "avatar": None, "global_name": "Mia"}
    return {
        "id": "900", "application_id": "1", "type": 2, "token": "t", "version": 1, "channel_id": "50",
        "channel": {"id": "50", "type": 1}, "user": person, "locale": "en-US", "entitlements": [],
        "attachment_size_limit": 1000, "authorizing_integration_owners": {}, "context": 1, "app_permissions": "0",
        "data": {"id": "7", "name": root, "type": 1, "options": [{"name": leaf, "type": 1, "options": []}]},
    }  # fmt: skip
