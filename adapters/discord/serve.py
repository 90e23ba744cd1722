"""Running on Discord: one connection to its gateway, and what comes over it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import discord
import structlog
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord import guilds, links, tree
from adapters.discord.answering import Interaction
from adapters.discord.composing import PLATFORM, Composer
from adapters.discord.connect import Reception
from adapters.discord.corners import Corners
from adapters.discord.deliver import UNAUTHORIZED, DiscordMessenger
from adapters.discord.posting import Posting
from adapters.discord.rooms import Rooms
from adapters.discord.threads import Threads
from bot.app import App
from bot.ports import Messenger
from bot.settings import Misconfigured, OutOfReach, Settings
from bot.storage.work import Storage
from commands.dispatch import Dispatch

log = structlog.get_logger()

DISCORDS_OWN = "https://discord.com/api/v10"

PATIENCE = 60.0
"""Seconds that a request may be told to wait before its letter is put off instead."""

ASK_AGAIN = 30.0
"""Seconds after which Discord is asked once more whether it takes our token."""

A_DAY = 24 * 3600

_SILENT = (discord.DiscordServerError, discord.RateLimited, aiohttp.ClientError, OSError)
"""What says nothing of our token: Discord may answer later."""

NO_MORE = "DISCORD_TOKEN is not accepted by Discord any more: see docs/operating.md, Discord."


@dataclass(slots=True)
class Discord:
    """Discord as one of the bot's faces."""

    client: Gateway
    messenger: Messenger
    composer: Composer
    refused: asyncio.Event
    platform: str = PLATFORM

    def add_routes(self, server: web.Application) -> None:
        """Nothing: all of Discord comes over the gateway."""

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop` is set. Raises Misconfigured where Discord lets us in no more."""
        connected = asyncio.ensure_future(self.client.connect())
        stopped = asyncio.ensure_future(stop.wait())
        turned_away = asyncio.ensure_future(self._turned_away())
        tidied = asyncio.ensure_future(self._tidy())
        ends = (connected, stopped, turned_away)
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if connected.done() and (error := connected.exception()) is not None:
                raise Misconfigured(_reason(error)) from error
            if turned_away.done():
                raise Misconfigured(NO_MORE)
        finally:
            for task in (*ends, tidied):
                task.cancel()
            await asyncio.gather(*ends, tidied, return_exceptions=True)
            await self.close()

    async def close(self) -> None:
        """Hang up."""
        await self.client.close()

    async def _turned_away(self) -> None:
        """Ends once Discord has refused our token for a letter, and does so still when it is asked for that alone."""
        while True:
            await self.refused.wait()
            await asyncio.sleep(ASK_AGAIN)
            self.refused.clear()
            try:
                await self.client.application_info()
            except discord.HTTPException as error:
                if error.status == UNAUTHORIZED:
                    return
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("not asked whether the token holds", error=type(error).__name__)

    async def _tidy(self) -> None:
        while True:
            await self.composer.forget_forms()
            await links.forget(self.composer.storage)
            await asyncio.sleep(A_DAY)


class Gateway(discord.AutoShardedClient):
    """Hears what happens on Discord, and hands it on."""

    def __init__(self, settings: Settings, storage: Storage, dispatch: Dispatch) -> None:
        super().__init__(
            intents=_intents(settings),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            guild_ready_timeout=settings.discord_guild_ready_timeout,
            max_ratelimit_timeout=PATIENCE,
        )
        self.settings = settings
        self.storage = storage
        self.dispatch_requests = dispatch
        self.composer = Composer(storage, dispatch)
        self.posting = Posting(self, storage)
        self.threads = Threads(self, storage, self.posting)
        self.rooms = Rooms(storage, self.threads)
        self.corners = Corners(storage, self.threads)
        self.reception = Reception(dispatch, self.composer, self.posting, self.know)
        self.known: set[int] = set()

    async def setup_hook(self) -> None:
        """Between logging in and connecting: the gateway's address, and the commands."""
        if self.settings.discord_api_base != DISCORDS_OWN:
            _shards, address, _limits = await self.http.get_bot_gateway()
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
        await self._register()

    async def on_ready(self) -> None:
        """All servers are known, those too that came while the library ended its waiting for them."""
        log.info("connected to Discord", guilds=len(self.guilds))
        await guilds.leave_others(self.storage, lambda number: self.get_guild(number) is not None)
        for guild in self.guilds:
            if guild.id not in self.known and not guild.unavailable:
                await self._know(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A server that the bot was in before it connected."""
        await self._know(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Somebody has invited the bot."""
        await self._know(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was taken out of a server, or the server is no more."""
        self.known.discard(guild.id)
        await guilds.leave(self.storage, guild.id)

    async def know(self, number: int) -> None:
        """A server from which somebody asks something: it may do so before the gateway has told of it."""
        guild = self.get_guild(number)
        if number in self.known or guild is None:
            return
        if guild.unavailable:  # its channels follow
            await guilds.know(self.storage, await self.fetch_guild(number))
        else:
            await self._know(guild)

    async def _know(self, guild: discord.Guild) -> None:
        self.known.add(guild.id)
        try:
            await guilds.know(self.storage, guild)
        except BaseException:
            self.known.discard(guild.id)
            raise

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A new channel."""
        if isinstance(channel, discord.TextChannel):
            await guilds.know_channel(self.storage, channel)

    async def on_guild_channel_update(self, _before: object, channel: discord.abc.GuildChannel) -> None:
        """A channel has another name, or other people in it."""
        if isinstance(channel, discord.TextChannel):
            await guilds.know_channel(self.storage, channel)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone."""
        await guilds.forget_channel(self.storage, channel.guild.id, channel.id)

    async def on_guild_role_update(self, _before: object, role: discord.Role) -> None:
        """A role may do other things: perhaps it is one of ours, or everybody's."""
        await guilds.know(self.storage, role.guild)

    async def on_member_update(self, _before: object, member: discord.Member) -> None:
        """We have other roles; of others nothing is wanted."""
        if self.user is not None and member.id == self.user.id:
            await guilds.know(self.storage, member.guild)

    async def on_member_join(self, member: discord.Member) -> None:
        """Somebody has joined a server; told only with the members intent. Who left it was put out of its threads."""
        guild, user = member.guild.id, member.id
        corner = await self.corners.known(str(guild), str(user))
        await guilds.came(self.storage, guild, user)
        for thread in [*await self.rooms.of(guild, user), *([] if corner is None else [corner])]:
            try:
                await self.threads.let_in(thread, [str(user)])
            except discord.HTTPException as error:
                log.warning("not let into a thread again", thread=thread, code=error.code)

    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        """Somebody has left a server; told only with the members intent."""
        await guilds.went(self.storage, event.guild_id, event.user.id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Somebody used a command, pressed a button or sent a form."""
        await self.reception.meet(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote; the bot reads its direct messages alone."""
        if message.guild is None and not message.author.bot and message.content:
            await self.reception.hear(message)

    async def _register(self) -> None:
        """Tell Discord our commands where they have changed: it takes 200 new ones a day."""
        payload, guild = tree.commands(self.dispatch_requests.catalog), self.settings.discord_guild_id
        assert self.application_id is not None, "we are logged in"
        if not guild:
            await self._unregister(self.application_id)
        scope = f"{self.application_id}/{guild or tree.EVERYBODY}"
        if not await tree.is_new(self.storage, scope, payload):
            return
        if guild:
            await self.http.bulk_upsert_guild_commands(self.application_id, int(guild), payload)
        else:
            await self.http.bulk_upsert_global_commands(self.application_id, payload)
        await tree.remember(self.storage, scope, payload)
        log.info("commands registered with Discord", scope=scope, commands=len(payload))

    async def _unregister(self, application: int) -> None:
        """Take back what was registered in single servers for development: there each command would stand twice."""
        for server in await tree.servers(self.storage, application):
            with suppress(discord.Forbidden, discord.NotFound):
                await self.http.bulk_upsert_guild_commands(application, int(server), [])
            await tree.forget(self.storage, f"{application}/{server}")


def build(settings: Settings, app: App, dispatch: Dispatch) -> Discord:
    """Discord's parts, not yet logged in."""
    Route.BASE = settings.discord_api_base
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # it warns that we cannot speak, and we do not
    client = Gateway(settings, app.storage, dispatch)
    messenger = DiscordMessenger(client.composer, client.posting, client.rooms, client.corners)
    return Discord(client, messenger, client.composer, messenger.refused)


async def open_discord(settings: Settings, app: App, dispatch: Dispatch) -> Discord:
    """Discord, logged in: letters can go out, `run` hears people. Raises Misconfigured or OutOfReach, in one line."""
    opened = build(settings, app, dispatch)
    try:
        await opened.client.login(settings.discord_token)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        await opened.close()
        refusal = OutOfReach if isinstance(error, _SILENT) else Misconfigured
        raise refusal(_reason(error)) from error
    except BaseException:
        await opened.close()
        raise
    return opened


def _intents(settings: Settings) -> discord.Intents:
    """What Discord is asked to tell us: servers and direct messages, nothing of what is written in channels."""
    return discord.Intents(guilds=True, dm_messages=True, members=settings.discord_members)


def _reason(error: BaseException) -> str:
    match error:
        case discord.LoginFailure():
            return "DISCORD_TOKEN is not accepted by Discord: see docs/operating.md, Discord."
        case discord.PrivilegedIntentsRequired():
            return (
                "DISCORD_MEMBERS is on, but Discord does not allow it: turn on the Server Members Intent of your "
                "application, or set DISCORD_MEMBERS=false. See docs/operating.md, Discord."
            )
        case discord.ConnectionClosed(code=4004):
            return NO_MORE
        case discord.ConnectionClosed():
            return f"Discord has closed the connection for good ({error.code}): see docs/operating.md, Discord."
        case discord.HTTPException():
            return (
                f"Discord answered {error.status} to DISCORD_TOKEN at DISCORD_API_BASE: see docs/operating.md, Discord."
            )
        case _:
            reason = type(error).__name__
            return f"Discord cannot be reached at DISCORD_API_BASE ({reason}): see docs/operating.md, Discord."
