"""What the bot learns of servers: that it was invited, how they are called, and where it may post."""

from __future__ import annotations

from collections.abc import Callable

import discord
from sqlalchemy import select

from adapters.discord.composing import PLATFORM
from adapters.discord.threads import missing
from bot.domain import Space
from bot.services import spaces, unreachable
from bot.storage import queries
from bot.storage.work import Storage, Work


async def know(storage: Storage, guild: discord.Guild) -> None:
    """A server that the bot is in, and its text channels; one that was only looked up comes without any."""
    async with storage.work() as work:
        space = await spaces.opened(work, PLATFORM, str(guild.id), name=guild.name, hangs_rooms=True, roams=True)
        for channel in guild.text_channels:
            await _channel(work, space, channel)
        here = {str(channel.id) for channel in guild.text_channels}
        for gone in sorted({*await spaces.channels(work, PLATFORM, str(guild.id))} - here) if here else ():
            await spaces.leave_channel(work, space, gone)


async def leave(storage: Storage, guild: int, *, is_here: Callable[[int], bool] = lambda _guild: False) -> None:
    """The bot was taken out of a server. One that `is_here` again by the time this is written down is not left."""
    async with storage.work() as work:
        space = await queries.space_of(work, PLATFORM, str(guild))
        if space is not None and not is_here(guild):
            await spaces.leave(work, space)


async def leave_others(storage: Storage, is_here: Callable[[int], bool]) -> None:
    """The bot was taken out of servers while it was not running. One that invites it meanwhile is asked about late."""
    async with storage.reading() as work:
        known = select(Space.external).where(Space.platform == PLATFORM, Space.left_at.is_(None))
        numbers = sorted(int(external) for external in await work.all(known))
    for guild in numbers:
        if not is_here(guild):
            await leave(storage, guild, is_here=is_here)


async def know_channel(storage: Storage, channel: discord.TextChannel) -> None:
    """A channel that is new or has changed."""
    async with storage.work() as work:
        space = await queries.space_of(work, PLATFORM, str(channel.guild.id))
        if space is not None:
            await _channel(work, space, channel)


async def forget_channel(storage: Storage, guild: int, channel: int) -> None:
    """A channel that is gone."""
    async with storage.work() as work:
        space = await queries.space_of(work, PLATFORM, str(guild))
        if space is not None:
            await spaces.leave_channel(work, space, str(channel))


async def went(storage: Storage, guild: int, user: int) -> None:
    """Somebody has left the server: their letters have nowhere to go until they are back, and their liaison hears."""
    async with storage.work() as work:
        found = await queries.account_of(work, PLATFORM, str(guild), str(user))
        if found is not None:
            await unreachable.left(work, found[0])


async def came(storage: Storage, guild: int, user: int) -> None:
    """Somebody has joined; who was here before is reached again."""
    async with storage.work() as work:
        found = await queries.account_of(work, PLATFORM, str(guild), str(user))
        if found is not None:
            await unreachable.returned(work, found[0])


async def _channel(work: Work, space: Space, channel: discord.TextChannel) -> None:
    mine = channel.permissions_for(channel.guild.me)
    if not (mine.view_channel and mine.send_messages):
        await spaces.leave_channel(work, space, str(channel.id))
        return
    is_private = not channel.permissions_for(channel.guild.default_role).view_channel
    lacks = missing(channel)
    await spaces.know_channel(work, space, str(channel.id), name=channel.name, private=is_private, lacks=lacks)
