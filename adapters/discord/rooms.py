"""The places of pairs: private threads, in a channel that everybody of them can see."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import discord
import structlog
from sqlalchemy import select

from adapters.discord import words
from adapters.discord.composing import PLATFORM, Sheet
from adapters.discord.invite import discord_name
from adapters.discord.posting import Posting
from adapters.discord.speaker import DiscordSpeaker
from adapters.discord.tables import Room
from bot.domain import Channel, Cohort, Space
from bot.ports import Hindered, NotDelivered, PlaceOrder, Trouble
from bot.storage.work import Storage

log = structlog.get_logger()

A_WEEK: Final = 10080
"""Minutes without a word after which Discord puts a thread away; a new word brings it back."""

NEEDED = discord.Permissions(view_channel=True, send_messages_in_threads=True)
"""What somebody needs in a channel to take part in a thread below it."""

OURS: Final = ("view_channel", "create_private_threads", "send_messages_in_threads")
"""What the bot needs in a channel to open threads below it."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """Opens threads, each once."""

    client: discord.Client
    storage: Storage
    posting: Posting

    async def open(self, order: PlaceOrder) -> str:
        """The thread for this place: the one it has, one that a broken attempt left behind, or a new one."""
        thread = await self._known(order.place) or await self._left_behind(order) or await self._create(order)
        for user in order.users:
            await self.client.http.add_user_to_thread(int(thread), int(user))
        said = Sheet(DiscordSpeaker().text(words.who_reads()))
        await self.posting.say(thread, [said], nonce=f"room-{order.place}")
        await self._keep(order.place, thread)
        return thread

    async def _known(self, place: int) -> str | None:
        async with self.storage.reading() as work:
            return await work.first(select(Room.thread).where(Room.place_id == place))

    async def _left_behind(self, order: PlaceOrder) -> str | None:
        """A thread of ours with this name that belongs to no place: its opening was interrupted."""
        found = await self.client.http.get_active_threads(int(order.space))
        me = self.client.user
        mine = [
            str(thread["id"])
            for thread in found["threads"]
            if me is not None and int(thread["owner_id"]) == me.id and thread["name"] == _name(order)
        ]
        async with self.storage.reading() as work:
            taken = set(await work.all(select(Room.thread).where(work.among(Room.thread, mine)))) if mine else set()
        return next((thread for thread in mine if thread not in taken), None)

    async def _create(self, order: PlaceOrder) -> str:
        guild = self.client.get_guild(int(order.space)) or await self.client.fetch_guild(int(order.space))
        members = [await guild.fetch_member(int(user)) for user in order.users]
        if order.parent:
            return await _thread(await self._chosen(guild, order.parent, members), _name(order))
        for parent in await self._parents(order.space):
            channel = await self._channel(guild, parent)
            if channel is not None and not missing(channel) and not _outside(channel, members):
                return await _thread(channel, _name(order))
        log.warning("no channel for a thread", place=order.place, space=order.space)
        raise NotDelivered(Trouble.GONE)

    async def _chosen(
        self, guild: discord.Guild, parent: str, members: Sequence[discord.Member]
    ) -> discord.TextChannel:
        """The channel that the coordinator chose. Raises Hindered where it cannot hold a thread of these people."""
        channel = await self._channel(guild, parent)
        rights = [discord_name(OURS[0])] if channel is None else missing(channel)
        if channel is None or rights:
            raise Hindered(rights=rights)
        outside = _outside(channel, members)
        if outside:
            raise Hindered(users=outside)
        return channel

    async def _channel(self, guild: discord.Guild, number: str) -> discord.TextChannel | None:
        """A text channel, if there is one that we see."""
        with suppress(discord.NotFound, discord.Forbidden):
            channel = guild.get_channel(int(number)) or await self.client.fetch_channel(int(number))
            return channel if isinstance(channel, discord.TextChannel) else None
        return None

    async def _parents(self, space: str) -> Sequence[str]:
        """Where a thread may hang: first below the newest call, then in the channels that have been known longest."""
        async with self.storage.reading() as work:
            here = select(Channel).join(Space, Channel.space_id == Space.id)
            here = here.where(Space.platform == PLATFORM, Space.external == space, Channel.left_at.is_(None))
            channels = await work.all(here.order_by(Channel.private, Channel.id))
            calls = select(Cohort.call_channel_id).where(Cohort.call_channel_id.is_not(None)).order_by(Cohort.id.desc())
            called = list(await work.all(calls.where(Cohort.call_channel_id.in_([one.id for one in channels]))))
        first = [one for number in called for one in channels if one.id == number]
        return list(dict.fromkeys(one.conversation for one in [*first, *channels]))

    async def _keep(self, place: int, thread: str) -> None:
        async with self.storage.work() as work:
            await work.insert_once(Room, [{"place_id": place, "thread": thread}], unique=["place_id"])


def missing(channel: discord.TextChannel) -> list[str]:
    """The rights that the bot lacks in a channel to open threads below it, as Discord's settings call them."""
    mine = channel.permissions_for(channel.guild.me)
    return [discord_name(right) for right in OURS if not getattr(mine, right)]


def _outside(channel: discord.TextChannel, members: Sequence[discord.Member]) -> list[str]:
    """Those who could not take part in a thread below a channel."""
    return [str(member.id) for member in members if not channel.permissions_for(member) >= NEEDED]


async def _thread(channel: discord.TextChannel, name: str) -> str:
    thread = await channel.create_thread(
        name=name, type=discord.ChannelType.private_thread, invitable=False, auto_archive_duration=A_WEEK
    )
    return str(thread.id)


def _name(order: PlaceOrder) -> str:
    return " ".join(order.name.split())[:100] or "mentoring"
