"""Discord as a messenger: letters become messages, each once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import discord
import structlog

from adapters.discord.composing import PLATFORM, Composer, Sheet
from adapters.discord.corners import Corners
from adapters.discord.posting import ARCHIVED, CLOSED, Posting
from adapters.discord.rooms import Rooms
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble
from bot.services import spaces

log = structlog.get_logger()

UNAUTHORIZED = 401
"""Discord's status for a token that it does not accept."""

REVOKED_PAUSE = 600.0
"""Seconds until another try while it does not."""

HELD_PAUSE = 6 * 3600.0
"""Seconds until somebody's direct messages are tried again for a letter that waits to be read by them alone."""

OUT_PAUSE = 3600.0
"""The same while the bot is not on the server that a letter goes to."""

THROTTLED_PAUSE = 60.0
"""The same where Discord does not say how long it wants us to be silent."""

TOO_MANY = {40003: 600.0, 160006: 3600.0}
"""Seconds until another try where we open direct messages too fast, or a server holds no more threads at a time.

Discord gives these codes with 400 or 403, as if it were for good, and does not say when it will take more.
"""


class DiscordMessenger:
    """Delivers to direct messages, threads and channels."""

    def __init__(self, composer: Composer, posting: Posting, rooms: Rooms, corners: Corners) -> None:
        self.composer = composer
        self.posting = posting
        self.rooms = rooms
        self.corners = corners
        self.refused = asyncio.Event()
        """Set when Discord does not accept our token."""

    async def send(self, parcel: Parcel) -> Receipt:
        """Post a letter; within some minutes its number keeps Discord from posting it twice, later we look first."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        async with self._told(parcel.space):
            if parcel.conversation:
                return await self._say(parcel, parcel.conversation, sheets)
            return await self._write_to(parcel, sheets)

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Replace what was posted."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        async with self._told(parcel.space):
            await self.posting.change(receipt, sheets, nonce=str(parcel.letter), since=parcel.since)

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Look through our own messages since sending began, wherever the letter may have gone."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        async with self._told(parcel.space):
            for conversation in await self._conversations(parcel):
                try:
                    found = await self.posting.find(conversation, sheets, parcel.since)
                except discord.NotFound:  # a thread that was deleted holds nothing
                    continue
                except discord.Forbidden:
                    return Search.UNKNOWN
                if found is not None:
                    return found
        return Search.ABSENT

    async def open_place(self, order: PlaceOrder) -> str:
        """Open a private thread for these people."""
        async with self._told(order.space):
            return await self.rooms.open(order)

    async def _write_to(self, parcel: Parcel, sheets: Sequence[Sheet]) -> Receipt:
        """To somebody's direct messages, each time anew; where those are closed, to a thread of their own."""
        try:
            return await self._say(parcel, await self._direct(parcel), sheets)
        except discord.HTTPException as error:
            if error.code not in CLOSED:
                raise
        thread = await self.corners.open(parcel.space, parcel.user)
        if parcel.message.delicate:
            await self._hold(parcel, thread)
            raise NotDelivered(Trouble.BUSY, seconds=HELD_PAUSE)
        receipt = await self._say(parcel, thread, sheets)
        await self.corners.tell(parcel.space, parcel.user)
        return receipt

    async def _say(self, parcel: Parcel, conversation: str, sheets: Sequence[Sheet]) -> Receipt:
        """On another try only what is missing."""
        return await self.posting.say(conversation, sheets, nonce=str(parcel.letter), since=parcel.since)

    async def _hold(self, parcel: Parcel, thread: str) -> None:
        """Say, once, that a letter waits which nobody else may read in a thread."""
        held = await self.composer.held(parcel.message)
        if await self.posting.find(thread, held.sheets, None) is None:
            await self.posting.say(thread, held.sheets, nonce=f"h{parcel.letter}")
            await self.corners.tell(parcel.space, parcel.user)

    async def _conversations(self, parcel: Parcel) -> Sequence[str]:
        """Where a letter may lie."""
        if parcel.conversation:
            return [parcel.conversation]
        corner = await self.corners.known(parcel.space, parcel.user)
        return [await self._direct(parcel), *([] if corner is None else [corner])]

    async def _direct(self, parcel: Parcel) -> str:
        channel = await self.posting.client.create_dm(discord.Object(int(parcel.user)))
        return str(channel.id)

    @asynccontextmanager
    async def _told(self, space: str) -> AsyncIterator[None]:
        """What went wrong, in the terms of every platform. Letters wait while we are turned away."""
        if self.posting.client.is_closed():
            raise NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
        try:
            with _translated():
                yield
        except NotDelivered as trouble:
            if isinstance(trouble.__cause__, discord.HTTPException) and trouble.__cause__.status == UNAUTHORIZED:
                self.refused.set()
            if trouble.trouble in (Trouble.CLOSED, Trouble.GONE) and await self._is_out(space):
                raise NotDelivered(Trouble.BUSY, seconds=OUT_PAUSE) from trouble
            raise

    async def _is_out(self, space: str) -> bool:
        async with self.posting.storage.reading() as work:
            return await spaces.is_left(work, PLATFORM, space)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except discord.RateLimited as limited:
        raise NotDelivered(Trouble.BUSY, seconds=limited.retry_after) from limited
    except discord.DiscordServerError as broken:
        raise NotDelivered(Trouble.UNSURE) from broken
    except discord.HTTPException as error:
        raise _trouble(error) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as broken:
        raise NotDelivered(Trouble.UNSURE) from broken


def _trouble(error: discord.HTTPException) -> Exception:
    if error.code in CLOSED:
        return NotDelivered(Trouble.CLOSED)
    if error.status == 429:
        return NotDelivered(Trouble.BUSY, seconds=_seconds(error))
    if error.code in TOO_MANY:
        return NotDelivered(Trouble.BUSY, seconds=TOO_MANY[error.code])
    if error.status == UNAUTHORIZED:
        log.error("DISCORD_TOKEN is not accepted any more: see docs/operating.md, Discord")
        return NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
    if error.status >= 500:
        return NotDelivered(Trouble.UNSURE)
    if error.status in (403, 404) or error.code == ARCHIVED:
        return NotDelivered(Trouble.GONE)
    return error


def _seconds(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers.get("Retry-After", THROTTLED_PAUSE))
    except ValueError:
        return THROTTLED_PAUSE
