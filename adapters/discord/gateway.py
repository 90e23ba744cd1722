"""The connection to Discord's gateway: what comes over it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket

from adapters.discord import guilds, tree
from adapters.discord.answering import Interaction
from adapters.discord.composing import Composer
from adapters.discord.connect import Reception
from adapters.discord.corners import Corners
from adapters.discord.posting import Posting
from adapters.discord.rooms import Rooms
from adapters.discord.threads import Threads
from bot.settings import Settings
from bot.storage.work import Storage
from commands.dispatch import Dispatch

log = structlog.get_logger()

PATIENCE = 60.0
"""Seconds that a request may be told to wait before its letter is put off instead."""


class Gateway(discord.AutoShardedClient):
    """Hears what happens on Discord, and hands it on."""

    def __init__(self, settings: Settings, storage: Storage, dispatch: Dispatch) -> None:
        super().__init__(
            intents=intents(settings),
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
        self._under_way: set[asyncio.Task[None]] = set()
        self._is_leaving = False

    async def settle(self, seconds: float) -> None:
        """Listen no more, and let all that was begun come to its end; what takes longer is given up."""
        self._is_leaving = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=seconds)
        for late in self._under_way:
            late.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell of an event. The library says of a closed connection, too, that it is ready."""
        if not self._is_leaving:
            super().dispatch(event, *args, **kwargs)

    def _schedule_event(self, *args: Any, **kwargs: Any) -> asyncio.Task[None]:
        """The library forgets what it begins: kept here, so that nothing is cut off in the middle of an answer."""
        task = super()._schedule_event(*args, **kwargs)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def setup_hook(self) -> None:
        """Between logging in and connecting: where the gateway is, how many shards it wants, and the commands.

        The library would ask for it when it connects, and what fails then is not tried again.
        """
        if not self.shard_count:
            self.shard_count, address, _limits = await self.http.get_bot_gateway()
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


def intents(settings: Settings) -> discord.Intents:
    """What Discord is asked to tell us: servers and direct messages, nothing of what is written in channels."""
    return discord.Intents(guilds=True, dm_messages=True, members=settings.discord_members)
