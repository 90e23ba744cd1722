"""Private threads: below which channels they may hang, opening them, and letting people in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import discord
from sqlalchemy import select

from adapters.discord.composing import PLATFORM
from adapters.discord.invite import discord_name
from adapters.discord.posting import ARCHIVED, Posting
from adapters.discord.tables import Corner, Room
from bot.domain import WRONG_KIND, Channel, Cohort, Space
from bot.storage.work import Storage

A_WEEK: Final = 10080
"""Minutes without a word after which Discord puts a thread away; a new word brings it back."""

LONGEST_NAME: Final = 100

NEEDED = discord.Permissions(view_channel=True, send_messages_in_threads=True)
"""What somebody needs in a channel to take part in a thread below it."""

OURS: Final = ("view_channel", "create_private_threads", "send_messages_in_threads")
"""What the bot needs in a channel to open threads below it."""


LOST: Final = frozenset({10003, 50001, 50013, ARCHIVED})
"""Discord's codes for a thread that was deleted, that we see no more, or that somebody locked."""


NOT_HERE: Final = frozenset({10007, 10013})
"""Discord's codes for somebody who is not on a server, or nowhere any more."""


@dataclass(frozen=True, slots=True)
class Threads:
    """Opens threads and lets people in."""

    client: discord.Client
    storage: Storage
    posting: Posting

    async def guild(self, space: str) -> discord.Guild:
        """A server, as it is known from the gateway where it is."""
        return self.client.get_guild(int(space)) or await self.client.fetch_guild(int(space))

    async def member(self, guild: discord.Guild, user: str) -> discord.Member | None:
        """Somebody as they are on a server, unless they have left it."""
        try:
            return await guild.fetch_member(int(user))
        except discord.NotFound as error:
            if error.code not in NOT_HERE:  # it is the server that we do not find: nobody has left it
                raise
            return None

    async def channel(self, guild: discord.Guild, number: str) -> discord.TextChannel | None:
        """A text channel, if there is one that we see."""
        with suppress(discord.NotFound, discord.Forbidden):
            channel = guild.get_channel(int(number)) or await self.client.fetch_channel(int(number))
            return channel if isinstance(channel, discord.TextChannel) else None
        return None

    async def parents(self, space: str) -> Sequence[str]:
        """Where a thread may hang: first below the newest call, then in the channels that have been known longest."""
        async with self.storage.reading() as work:
            here = select(Channel).join(Space, Channel.space_id == Space.id)
            here = here.where(Space.platform == PLATFORM, Space.external == space, Channel.left_at.is_(None))
            channels = await work.all(here.order_by(Channel.private, Channel.id))
            calls = select(Cohort.call_channel_id).where(Cohort.call_channel_id.is_not(None)).order_by(Cohort.id.desc())
            called = list(await work.all(calls.where(Cohort.call_channel_id.in_([one.id for one in channels]))))
        first = [one for number in called for one in channels if one.id == number]
        return list(dict.fromkeys(one.conversation for one in [*first, *channels]))

    async def below(
        self, guild: discord.Guild, parents: Sequence[str], members: Sequence[discord.Member]
    ) -> discord.TextChannel | None:
        """The first of these channels below which a thread of these people can hang."""
        for parent in parents:
            channel = await self.channel(guild, parent)
            if channel is not None and not missing(channel) and not outside(channel, members):
                return channel
        return None

    async def create(self, channel: discord.TextChannel, name: str, users: Sequence[str]) -> str:
        """A new private thread with these people, into which nobody but us can let more."""
        thread = await channel.create_thread(
            name=called(name),
            type=discord.ChannelType.private_thread,
            invitable=False,
            auto_archive_duration=A_WEEK,
        )
        for user in users:
            await self._add(str(thread.id), user)
        return str(thread.id)

    async def left_behind(self, space: str, name: str, users: Sequence[str]) -> str | None:
        """A thread of ours with this name that belongs to nobody, with these people: its opening was interrupted.

        Others may have the same names: a thread in which anybody but these people is was meant for them. One that was
        locked, or in which we may do nothing since we were removed from the server, stays as it is.
        """
        found = await self.client.http.get_active_threads(int(space))
        me = self.client.user
        mine = {
            str(thread["id"]): thread["member_count"]
            for thread in found["threads"]
            if me is not None and int(thread["owner_id"]) == me.id and thread["name"] == called(name)
            if not thread["thread_metadata"].get("locked")
        }
        if not mine:
            return None
        async with self.storage.reading() as work:
            taken = set(await work.all(select(Room.thread).where(work.among(Room.thread, mine))))
            taken |= set(await work.all(select(Corner.thread).where(work.among(Corner.thread, mine))))
        for thread, people in mine.items():
            if thread in taken or people > 1 + await self._count(thread, users):
                continue
            if await self.let_in(thread, users):
                return thread
        return None

    async def _count(self, thread: str, users: Sequence[str]) -> int:
        """How many of these people are in a thread, as far as we can see."""
        inside = 0
        for user in users:
            with suppress(discord.NotFound, discord.Forbidden):
                await self.client.http.get_thread_member(int(thread), int(user))
                inside += 1
        return inside

    async def let_in(self, thread: str, users: Sequence[str]) -> bool:
        """Let people into a thread, opened again where it was put away; whether it is there and ours to write in.

        Into one that was locked Discord may let people, and still refuse every word of ours.
        """
        try:
            if await self._is_locked(thread):
                return False
            for user in users:
                await self._add(thread, user)
        except discord.HTTPException as error:
            if error.code not in LOST:
                raise
            return False
        return True

    async def _is_locked(self, thread: str) -> bool:
        found = self.client.get_channel(int(thread)) or await self.client.fetch_channel(int(thread))
        return isinstance(found, discord.Thread) and found.locked

    async def _add(self, thread: str, user: str) -> None:
        try:
            await self.client.http.add_user_to_thread(int(thread), int(user))
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
            await self.posting.reopen(thread)
            await self.client.http.add_user_to_thread(int(thread), int(user))


def missing(channel: discord.TextChannel) -> list[str]:
    """The rights that the bot lacks in a channel to open threads below it, as Discord's settings call them.

    Discord lets private threads hang below text channels alone; its library counts announcement channels among those.
    """
    if channel.is_news():
        return [WRONG_KIND]
    mine = channel.permissions_for(channel.guild.me)
    return [discord_name(right) for right in OURS if not getattr(mine, right)]


def outside(channel: discord.TextChannel, members: Sequence[discord.Member]) -> list[str]:
    """Those who could not take part in a thread below a channel."""
    return [str(member.id) for member in members if not channel.permissions_for(member) >= NEEDED]


def called(name: str) -> str:
    """A name as a thread may have it."""
    return " ".join(name.split())[:LONGEST_NAME] or "mentoring"
