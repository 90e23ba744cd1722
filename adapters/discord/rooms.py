"""The places of pairs: private threads, in the channel that the coordinator chose or in one that everybody sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord
import structlog
from sqlalchemy import delete, select

from adapters.discord import words
from adapters.discord.composing import PLATFORM, Sheet
from adapters.discord.invite import discord_name
from adapters.discord.speaker import DiscordSpeaker
from adapters.discord.tables import Room
from adapters.discord.threads import OURS, Threads, missing, outside
from bot.ports import Absent, Hindered, NotDelivered, PlaceOrder, Trouble
from bot.storage import queries
from bot.storage.work import Storage

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rooms:
    """Opens the threads of pairs, each once."""

    storage: Storage
    threads: Threads

    async def open(self, order: PlaceOrder) -> str:
        """The thread for this place: the one it has, one that a broken attempt left behind, or a new one."""
        guild = await self.threads.guild(order.space)
        members = await self._members(guild, order.users)
        known = await self._known(order.place)
        if known is not None and await self.threads.let_in(known, order.users):
            return known
        await self._forget(order.place)
        thread = await self.threads.left_behind(order.space, order.name, order.users)
        thread = thread or await self._create(order, guild, members)
        said = Sheet(DiscordSpeaker().text(words.who_reads()))
        await self.threads.posting.say(thread, [said], nonce=f"r{thread}")
        await self._keep(order.place, thread)
        return thread

    async def of(self, guild: int, user: int) -> Sequence[str]:
        """The threads of the pairs that somebody is in."""
        async with self.storage.reading() as work:
            found = await queries.account_of(work, PLATFORM, str(guild), str(user))
            if found is None:
                return ()
            places = [pairing.place_id for pairing in await queries.live_pairings(work, found[1].id)]
            return await work.all(select(Room.thread).where(Room.place_id.in_(places)).order_by(Room.id))

    async def _known(self, place: int) -> str | None:
        async with self.storage.reading() as work:
            return await work.first(select(Room.thread).where(Room.place_id == place))

    async def _create(self, order: PlaceOrder, guild: discord.Guild, members: Sequence[discord.Member]) -> str:
        if order.parent:
            chosen = await self._chosen(guild, order.parent, members)
            return await self.threads.create(chosen, order.name, order.users)
        channel = await self.threads.below(guild, await self.threads.parents(order.space), members)
        if channel is None:
            log.warning("no channel for a thread", place=order.place, space=order.space)
            raise NotDelivered(Trouble.GONE)
        return await self.threads.create(channel, order.name, order.users)

    async def _members(self, guild: discord.Guild, users: Sequence[str]) -> Sequence[discord.Member]:
        """These people as they are on the server. Raises Absent for those who have left it."""
        found = [await self.threads.member(guild, user) for user in users]
        gone = [user for user, member in zip(users, found, strict=True) if member is None]
        if gone:
            raise Absent(gone)
        return [member for member in found if member is not None]

    async def _chosen(
        self, guild: discord.Guild, parent: str, members: Sequence[discord.Member]
    ) -> discord.TextChannel:
        """The channel that the coordinator chose. Raises Hindered where it cannot hold a thread of these people."""
        channel = await self.threads.channel(guild, parent)
        rights = [discord_name(OURS[0])] if channel is None else missing(channel)
        if channel is None or rights:
            raise Hindered(rights=rights)
        strangers = outside(channel, members)
        if strangers:
            raise Hindered(users=strangers)
        return channel

    async def _keep(self, place: int, thread: str) -> None:
        async with self.storage.work() as work:
            await work.insert_once(Room, [{"place_id": place, "thread": thread}], unique=["place_id"])

    async def _forget(self, place: int) -> None:
        """A thread that was deleted, or that we see no more, is nobody's room."""
        async with self.storage.work() as work:
            await work.session.execute(delete(Room).where(Room.place_id == place))
