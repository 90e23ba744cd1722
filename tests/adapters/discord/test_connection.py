"""Over real connections: logging in, losing the gateway, and what Discord's API may answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord import serve, tree
from adapters.discord.gateway import Gateway
from adapters.discord.serve import Discord, open_discord
from bot import app as bot_app
from bot.domain import Account, Person
from bot.ports import NotDelivered, Parcel, Trouble
from bot.services.office import Office
from bot.settings import Misconfigured, OutOfReach, Settings
from bot.storage import queries
from bot.storage.work import Storage
from bot.ui import Picture, Series, _, message
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.discord import contract
from tests.adapters.discord.loopback import IDENTIFY, INVALID, ME, RESUME, Loopback, answer, loopback
from tests.databases import Connections
from tests.stage import StoppedClock

MIA = {"id": "60", "username": "mia", "discriminator": "0", "avatar": None, "global_name": "Mia"}
MEMBER = {"roles": [], "joined_at": "2027-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
GUILD = {
    "id": "9", "name": "Library Mentoring", "owner_id": "60", "roles": [], "channels": [], "threads": [], "emojis": [],
    "members": [{"user": ME, **MEMBER}], "voice_states": [], "presences": [], "stage_instances": [], "stickers": [],
    "guild_scheduled_events": [], "soundboard_sounds": [], "features": [], "afk_timeout": 60, "member_count": 2,
    "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
    "premium_tier": 0, "nsfw_level": 0, "system_channel_flags": 0, "preferred_locale": "en-US",
    "unavailable": False, "large": False, "joined_at": "2027-01-01T00:00:00+00:00",
}  # fmt: skip
CHART = Picture(_("Talks"), (_("June"),), (Series(_("Talks"), (2,)),), _("Two talks in June"))
LETTER = Parcel(5, 1, "9", message(_("Hello.")), "UTC", "en", user="60")


@pytest.fixture
async def there(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Loopback]:
    """Discord on this machine; the library's addresses are put back afterwards."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    async with loopback(Loopback()) as there:
        yield there


@asynccontextmanager
async def bot_at(there: Loopback, database: str, connections: Connections, **more: Any) -> AsyncIterator[Discord]:
    clock = StoppedClock()
    storage = Storage(connections.engines(database), clock)
    app = bot_app.App(storage, clock, Office(storage, {}))
    values = {"discord_guild_ready_timeout": 0.0, **more}
    settings = Settings(discord_token="x.y.z", discord_api_base=there.base, **values)
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


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_letter_with_a_chart_is_posted_once_whatever_comes_between(
    there: Loopback, database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch, everywhere: bool
) -> None:
    async def at_once(_seconds: float) -> None:
        pass

    wish = {"message": "slow", "retry_after": 0.2, "global": everywhere}
    async with bot_at(there, database, connections) as bot:
        monkeypatch.setattr("discord.http.asyncio.sleep", at_once)
        there.answers = [answer(wish, status=429, headers={"Via": "1.1 x", "Retry-After": "1"})]
        there.lost = 1
        receipt = await bot.messenger.send(replace(LETTER, message=message(_("Hello."), CHART)))

    assert there.count("POST", "/messages") == 3
    [posted] = there.messages
    assert posted["id"] == receipt.posted
    [chart] = posted["attachments"]
    assert (chart["filename"], chart["description"]) == ("chart-1.png", "Two talks in June")
    assert chart["size"] > 1000
    for request in there.requests:
        contract.check_request(*request)


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


async def test_several_shards_are_one_bot(
    there: Loopback, database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_self: object, _shard: int | None, *, initial: bool = False) -> None:
        """The library waits five seconds between two shards."""

    monkeypatch.setattr(Gateway, "before_identify_hook", at_once)
    there.shards = 2
    async with bot_at(there, database, connections) as bot:
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == f"ws://127.0.0.1:{there.port}/gateway"
        assert there.base == Route.BASE
        stop = asyncio.Event()
        running = asyncio.create_task(bot.run(stop))
        await there.greeting(2)
        assert sorted(there.identified) == [(0, 2), (1, 2)]

        for shard in (0, 1):
            there.answered.clear()
            await there.send(0, slash("mentor", "help", number=900 + shard), "INTERACTION_CREATE", shard=shard)
            await asyncio.wait_for(there.answered.wait(), 10)
        stop.set()
        await asyncio.wait_for(running, 10)
    assert there.count("PUT", "/applications/1/commands") == 1, "the commands are everybody's"


async def test_a_server_for_development_gets_the_commands_alone(
    there: Loopback, database: str, connections: Connections
) -> None:
    async with bot_at(there, database, connections, discord_guild_id="9"):
        assert there.count("PUT", "/applications/1/guilds/9/commands") == 1
        assert there.count("PUT", "/applications/1/commands") == 0
    async with bot_at(there, database, connections, discord_guild_id="9"):
        assert there.count("PUT", "/applications/1/guilds/9/commands") == 1, "they have not changed"
    async with bot_at(there, database, connections):
        assert there.requests[-2:] == [
            ("PUT", "/applications/1/guilds/9/commands", []),
            ("PUT", "/applications/1/commands", tree.commands(CATALOG)),
        ], "nobody sees them twice"
    for method, path, body in there.requests:
        contract.check_request(method, path, body)


async def test_a_token_that_was_taken_back_ends_this_face_with_one_line_and_letters_wait(
    there: Loopback, database: str, connections: Connections
) -> None:
    async with bot_at(there, database, connections) as bot:
        running = asyncio.create_task(bot.run(asyncio.Event()))
        await there.greeting(1)
        assert there.socket is not None
        await there.socket.close(code=4004)

        with pytest.raises(Misconfigured, match=r"^DISCORD_TOKEN is not accepted by Discord any more, and letters"):
            await asyncio.wait_for(running, 10)
        for deed in (bot.messenger.send(LETTER), bot.messenger.find(LETTER)):
            with pytest.raises(NotDelivered) as caught:
                await deed
            assert caught.value.trouble is Trouble.BUSY
    assert there.count("POST", "/messages") == 0


async def test_who_leaves_and_comes_back_is_known_from_the_gateway(
    there: Loopback, database: str, connections: Connections
) -> None:
    async with bot_at(there, database, connections, discord_members=True, discord_guild_ready_timeout=0.2) as bot:
        running = asyncio.create_task(bot.run(stop := asyncio.Event()))
        await there.greeting(1)
        await there.send(0, GUILD, "GUILD_CREATE")
        storage = bot.client.storage
        await _until(lambda: _is_known(storage))
        mia = await _mia(storage)
        for event, data, expected in (
            ("GUILD_MEMBER_REMOVE", {"guild_id": "9", "user": MIA}, False),
            ("GUILD_MEMBER_ADD", {"guild_id": "9", "user": MIA, **MEMBER}, True),
        ):
            await there.send(0, data, event)
            await _until(lambda expected=expected: _is(storage, mia, expected))
        stop.set()
        await asyncio.wait_for(running, 10)


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what an event causes."""
    for _try in range(1000):
        if await holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never happened")


async def _is(storage: Storage, account: int, expected: bool) -> bool:
    async with storage.reading() as work:
        return (await work.get(Account, account)).reachable is expected


async def _is_known(storage: Storage) -> bool:
    async with storage.reading() as work:
        return await queries.space_of(work, "discord", "9") is not None


async def _mia(storage: Storage) -> int:
    """Mia's account on the server."""
    async with storage.work() as work:
        space = await queries.space_of(work, "discord", "9")
        assert space is not None
        person = Person(community_id=space.community_id, name="Mia", created_at=work.now)
        work.add(person)
        await work.flush()
        account = Account(space_id=space.id, user="60", person_id=person.id)
        work.add(account)
        await work.flush()
        return account.id


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


async def test_a_gateway_that_nobody_can_name_now_is_asked_for_again_later(
    there: Loopback, database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_seconds: float) -> None:
        pass

    monkeypatch.setattr("discord.http.asyncio.sleep", at_once)
    there.gateway_is_down = True
    with pytest.raises(OutOfReach, match=r"^Discord cannot be reached at DISCORD_API_BASE"):
        async with bot_at(there, database, connections):
            pass


async def test_a_discord_that_says_nothing_is_out_of_reach(
    there: Loopback, database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "LOGIN", 0.05)
    there.is_silent = True
    with pytest.raises(OutOfReach, match=r"^Discord cannot be reached at DISCORD_API_BASE \(TimeoutError\)"):
        async with bot_at(there, database, connections):
            pass


async def test_what_nobody_can_read_breaks_a_connection_that_may_be_opened_again(
    there: Loopback, database: str, connections: Connections
) -> None:
    async with bot_at(there, database, connections) as bot:
        running = asyncio.create_task(bot.run(asyncio.Event()))
        await there.greeting(1)
        await there.send(0, {"nonsense": 1}, "GUILD_CREATE")
        with pytest.raises(OutOfReach, match=r"\(KeyError\)"):
            await asyncio.wait_for(running, 10)


def slash(root: str, leaf: str, *, number: int = 900) -> dict[str, Any]:
    """A command that somebody sends in their direct messages."""
    return {
        "id": str(number), "application_id": "1", "type": 2, "token": "t", "version": 1, "channel_id": "50",
        "channel": {"id": "50", "type": 1}, "user": MIA, "locale": "en-US", "entitlements": [],
        "attachment_size_limit": 1000, "authorizing_integration_owners": {}, "context": 1, "app_permissions": "0",
        "data": {"id": "7", "name": root, "type": 1, "options": [{"name": leaf, "type": 1, "options": []}]},
    }  # fmt: skip
