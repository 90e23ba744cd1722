"""Threads of one person: where letters go to somebody who takes no direct messages from the bot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import discord
from sqlalchemy import delete, select

from adapters.discord import words
from adapters.discord.composing import PLATFORM, corner_note
from adapters.discord.speaker import LabelSpeaker
from adapters.discord.tables import Corner
from adapters.discord.threads import Threads
from bot.domain import Channel, Space
from bot.ports import NotDelivered, Trouble
from bot.services import unreachable
from bot.storage import queries
from bot.storage.work import Storage


@dataclass(frozen=True, slots=True)
class Corners:
    """Opens such threads, one for each person and server, and one at a time: several letters go out at once."""

    storage: Storage
    threads: Threads
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def known(self, space: str, user: str) -> str | None:
        """Somebody's thread, if they have one."""
        async with self.storage.reading() as work:
            return await work.first(select(Corner.thread).where(Corner.space == space, Corner.user == user))

    async def open(self, space: str, user: str) -> str:
        """The thread of somebody: the one they have, one that a broken attempt left behind, or a new one.

        Raises NotDelivered where they are not on the server, or no channel there can hold it.
        """
        async with self.turn:
            known = await self.known(space, user)
            if known is not None and await self.threads.let_in(known, [user]):
                return known
            await self._forget(space, user)
            return await self._open(space, user)

    async def tell(self, space: str, user: str) -> None:
        """Whoever looks after somebody hears, once ever, that they read their letters here."""
        async with self.storage.work() as work:
            found = await queries.account_of(work, PLATFORM, space, user)
            if found is not None:
                await unreachable.in_thread(work, found[1])

    async def _open(self, space: str, user: str) -> str:
        guild = await self.threads.guild(space)
        member = await self.threads.member(guild, user)
        if member is None:
            raise NotDelivered(Trouble.CLOSED)
        name = LabelSpeaker().text(words.corner(member.name))
        thread = await self.threads.left_behind(space, name, [user]) or await self._create(guild, member, name)
        await self.threads.posting.say(thread, corner_note().sheets, nonce=f"c{thread}")
        return await self._keep(space, user, thread)

    async def _create(self, guild: discord.Guild, member: discord.Member, name: str) -> str:
        space = str(guild.id)
        parents = [*await self._chosen(space), *await self.threads.parents(space)]
        channel = await self.threads.below(guild, parents, [member])
        if channel is None:
            raise NotDelivered(Trouble.CLOSED)
        return await self.threads.create(channel, name, [str(member.id)])

    async def _chosen(self, space: str) -> list[str]:
        async with self.storage.reading() as work:
            chosen = select(Channel.conversation).join(Space, Space.rooms_channel_id == Channel.id)
            return list(await work.all(chosen.where(Space.platform == PLATFORM, Space.external == space)))

    async def _keep(self, space: str, user: str, thread: str) -> str:
        """Write it down; the thread that counts, should another process have been quicker."""
        row = {"space": space, "user": user, "thread": thread}
        async with self.storage.work() as work:
            await work.insert_once(Corner, [row], unique=["space", "user"])
            kept = select(Corner.thread).where(Corner.space == space, Corner.user == user)
            return await work.first(kept) or thread

    async def _forget(self, space: str, user: str) -> None:
        async with self.storage.work() as work:
            await work.session.execute(delete(Corner).where(Corner.space == space, Corner.user == user))
