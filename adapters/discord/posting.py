"""Posting, editing and finding messages in a conversation; a letter of several messages is known by its first one.

Discord gives no mark of ours back, so a message is known again by its words, and each is one letter's only.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import discord
from sqlalchemy import delete, select

from adapters.discord.answering import Interaction, Rows, files
from adapters.discord.composing import Sheet
from adapters.discord.tables import Sequel
from bot.domain import Letter
from bot.ports import Receipt
from bot.storage.work import Storage

CLOSED = frozenset({50007, 50278})
"""Discord's codes for a direct message that its reader does not take."""

ARCHIVED = 50083
"""Discord's code for a change in a thread that was put away."""

MOST_SEARCHED = 500
"""Messages of everybody that are looked through for those of one letter; Discord gives a hundred at a time."""

LEEWAY = timedelta(seconds=5)
"""How much Discord's clock and ours may differ."""


class Posting:
    """The bot's own messages."""

    def __init__(self, client: discord.Client, storage: Storage) -> None:
        self.client = client
        self.storage = storage

    async def say(
        self, conversation: str, sheets: Sequence[Sheet], *, nonce: str = "", since: datetime | None = None
    ) -> Receipt:
        """Post messages. With the same `nonce` within some minutes Discord posts each only once.

        `since` is when an earlier try began: what lies there since then is not posted again.
        """
        posted = await self._go_on(conversation, sheets, [], nonce=nonce, since=since)
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

    async def change(
        self, receipt: Receipt, sheets: Sequence[Sheet], *, nonce: str = "", since: datetime | None = None
    ) -> None:
        """Replace what was posted, and open its thread again where that was put away. What is gone stays gone.

        `nonce` and `since` are for what has to be posted because it grew, as for `say`.
        """
        old = [receipt.posted, *await self._sequels(receipt.posted)]
        for posted, sheet in zip(old, sheets, strict=False):
            await self._edit(receipt.conversation, posted, sheet)
        for posted in old[len(sheets) :]:
            await self._remove(receipt.conversation, posted)
        await self._forget_sequels(old[len(sheets) :])
        await self._go_on(receipt.conversation, sheets, old[: len(sheets)], nonce=nonce, since=since)

    async def find(self, conversation: str, sheets: Sequence[Sheet], since: datetime | None) -> Receipt | None:
        """Our messages with these words, if all of them were posted since then."""
        posted = await self._lying(conversation, sheets, since)
        if len(posted) < len(sheets):
            return None
        await self._keep_sequels(conversation, posted)
        return Receipt(conversation, posted[0])

    async def pressed(self, interaction: Interaction) -> Receipt | None:
        """The receipt of the letter whose button was pressed, as its first message has it."""
        message = interaction.message
        if message is None or message.flags.ephemeral:
            return None
        async with self.storage.reading() as work:
            first = await work.first(select(Sequel.first).where(Sequel.posted == str(message.id)))
        return Receipt(str(interaction.channel_id), first or str(message.id))

    async def _go_on(
        self, conversation: str, sheets: Sequence[Sheet], old: Sequence[str], *, nonce: str, since: datetime | None
    ) -> list[str]:
        """Post what is missing of a letter whose first messages are `old`, each kept at once; all of its messages."""
        posted = [*old]
        if since is not None and len(old) < len(sheets):
            with suppress(discord.Forbidden):  # who may not look has the nonce alone
                posted += await self._lying(conversation, sheets[len(old) :], since)
                await self._keep_sequels(conversation, posted)
        for number in range(len(posted), len(sheets)):
            mark = f"{nonce}.{number}" if nonce else None
            posted.append(await self._post(conversation, sheets[number], nonce=mark))
            await self._keep_sequels(conversation, posted)
        return posted

    async def _lying(self, conversation: str, sheets: Sequence[Sheet], since: datetime | None) -> list[str]:
        """The first of these messages that lie there, one after another, since then."""
        mine = await self._mine(conversation, since)
        others = await self._others(conversation, [str(message.id) for message in mine])
        found: list[str] = []
        for message in mine:
            is_next = len(found) < len(sheets) and _is(message, sheets[len(found)])
            if is_next and str(message.id) not in others:
                found.append(str(message.id))
        return found

    async def _mine(self, conversation: str, since: datetime | None) -> list[discord.Message]:
        """Our own messages since then, oldest first."""
        channel, me = self.client.get_partial_messageable(int(conversation)), self.client.user
        after = None if since is None else since - LEEWAY
        history = channel.history(limit=MOST_SEARCHED, after=after, oldest_first=False)
        found = [message async for message in history if me is not None and message.author.id == me.id]
        return found[::-1]

    async def _others(self, conversation: str, posted: Sequence[str]) -> set[str]:
        """Those of these messages that letters have already which arrived."""
        async with self.storage.reading() as work:
            arrived = select(Letter.posted).where(Letter.conversation == conversation)
            firsts = set(await work.all(arrived.where(work.among(Letter.posted, posted))))
            tied = select(Sequel.posted).where(work.among(Sequel.posted, posted), Sequel.first.in_(arrived))
            return firsts | set(await work.all(tied))

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
        rows = [{"conversation": conversation, "posted": one, "first": posted[0]} for one in posted[1:]]
        if rows:
            async with self.storage.work() as work:
                await work.insert_once(Sequel, rows, unique=["posted"])

    async def _forget_sequels(self, posted: Sequence[str]) -> None:
        """What was taken away would be changed in vain when the letter grows again."""
        if posted:
            async with self.storage.work() as work:
                await work.session.execute(delete(Sequel).where(Sequel.posted.in_(posted)))


def _is(message: discord.Message, sheet: Sheet) -> bool:
    return message.content.strip() == sheet.content.strip() and len(message.attachments) == len(sheet.files)
