"""Posting, editing and finding messages in a conversation; a letter of several messages is known by its first one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import discord
from sqlalchemy import select

from adapters.discord.answering import Interaction, Rows, files
from adapters.discord.composing import Sheet
from adapters.discord.tables import Sequel
from bot.ports import Receipt
from bot.storage.work import Storage

CLOSED = frozenset({50007, 50278})
"""Discord's codes for a direct message that its reader does not take."""

ARCHIVED = 50083
"""Discord's code for a change in a thread that was put away."""

MOST_SEARCHED = 100
LEEWAY = timedelta(seconds=5)
"""How much Discord's clock and ours may differ."""


class Posting:
    """The bot's own messages."""

    def __init__(self, client: discord.Client, storage: Storage) -> None:
        self.client = client
        self.storage = storage

    async def say(self, conversation: str, sheets: Sequence[Sheet], *, nonce: str = "") -> Receipt:
        """Post messages. With the same `nonce` within some minutes Discord posts each only once."""
        posted = [
            await self._post(conversation, sheet, nonce=f"{nonce}.{number}" if nonce else None)
            for number, sheet in enumerate(sheets)
        ]
        await self._keep_sequels(conversation, posted)
        return Receipt(conversation, posted[0])

    async def reopen(self, thread: str) -> None:
        """Bring back a thread that was put away."""
        await self.client.http.edit_channel(int(thread), archived=False)

    async def reach(self, user: int, sheets: Sequence[Sheet]) -> bool:
        """Write to somebody directly; whether they take it."""
        try:
            channel = await self.client.create_dm(discord.Object(user))
            await self.say(str(channel.id), sheets)
        except discord.HTTPException as error:
            if error.code not in CLOSED:
                raise
            return False
        return True

    async def change(self, receipt: Receipt, sheets: Sequence[Sheet]) -> None:
        """Replace what was posted, and open its thread again where that was put away. What is gone stays gone."""
        old = [receipt.posted, *await self._sequels(receipt.posted)]
        for posted, sheet in zip(old, sheets, strict=False):
            await self._edit(receipt.conversation, posted, sheet)
        for posted in old[len(sheets) :]:
            await self._remove(receipt.conversation, posted)
        if len(sheets) > len(old):
            more = await self.say(receipt.conversation, sheets[len(old) :])
            await self._keep_sequels(receipt.conversation, [receipt.posted, more.posted])

    async def find(self, conversation: str, sheets: Sequence[Sheet], since: datetime | None) -> Receipt | None:
        """Our message with these words, if it was posted since then."""
        channel = self.client.get_partial_messageable(int(conversation))
        after = None if since is None else since - LEEWAY
        me = self.client.user
        async for message in channel.history(limit=MOST_SEARCHED, after=after, oldest_first=False):
            if me is not None and message.author.id == me.id and message.content.strip() == sheets[0].content.strip():
                return Receipt(conversation, str(message.id))
        return None

    async def pressed(self, interaction: Interaction) -> Receipt | None:
        """The receipt of the letter whose button was pressed, as its first message has it."""
        message = interaction.message
        if message is None or message.flags.ephemeral:
            return None
        async with self.storage.reading() as work:
            first = await work.first(select(Sequel.first).where(Sequel.posted == str(message.id)))
        return Receipt(str(interaction.channel_id), first or str(message.id))

    async def _post(self, conversation: str, sheet: Sheet, *, nonce: str | None) -> str:
        """A new word brings back a thread that was put away, unless somebody locked it: then we try ourselves."""
        try:
            return await self._send(conversation, sheet, nonce=nonce)
        except discord.HTTPException as error:
            if error.code != ARCHIVED:
                raise
        await self.reopen(conversation)
        return await self._send(conversation, sheet, nonce=nonce)

    async def _send(self, conversation: str, sheet: Sheet, *, nonce: str | None) -> str:
        message = await self.client.get_partial_messageable(int(conversation)).send(
            sheet.content,
            view=Rows(sheet.components),
            files=files(sheet),
            nonce=nonce,  # type: ignore[arg-type]
        )
        return str(message.id)

    async def _edit(self, conversation: str, posted: str, sheet: Sheet) -> None:
        message = self.client.get_partial_messageable(int(conversation)).get_partial_message(int(posted))
        with suppress(discord.NotFound):
            try:
                await message.edit(content=sheet.content, view=Rows(sheet.components), attachments=files(sheet))
            except discord.HTTPException as error:
                if error.code != ARCHIVED:
                    raise
                await self.reopen(conversation)
                await message.edit(content=sheet.content, view=Rows(sheet.components), attachments=files(sheet))

    async def _remove(self, conversation: str, posted: str) -> None:
        with suppress(discord.NotFound):
            channel = self.client.get_partial_messageable(int(conversation))
            await channel.get_partial_message(int(posted)).delete()

    async def _sequels(self, first: str) -> Sequence[str]:
        async with self.storage.reading() as work:
            return await work.all(select(Sequel.posted).where(Sequel.first == first).order_by(Sequel.id))

    async def _keep_sequels(self, conversation: str, posted: Sequence[str]) -> None:
        first, *further = posted
        if further:
            rows = [{"conversation": conversation, "posted": one, "first": first} for one in further]
            async with self.storage.work() as work:
                await work.insert_once(Sequel, rows, unique=["posted"])
