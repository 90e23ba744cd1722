"""Discord as a messenger: letters become messages, each once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord
import structlog

from adapters.discord.composing import Composer
from adapters.discord.posting import CLOSED, Posting
from adapters.discord.rooms import Rooms
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble

log = structlog.get_logger()

REVOKED_PAUSE = 600.0
"""Seconds until another try while Discord does not accept our token."""

THROTTLED_PAUSE = 60.0
"""The same where Discord does not say how long it wants us to be silent."""


class DiscordMessenger:
    """Delivers to direct messages, threads and channels."""

    def __init__(self, composer: Composer, posting: Posting, rooms: Rooms) -> None:
        self.composer = composer
        self.posting = posting
        self.rooms = rooms

    async def send(self, parcel: Parcel) -> Receipt:
        """Post a letter; within some minutes its number keeps Discord from posting it twice."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        with _told():
            return await self.posting.say(await self._conversation(parcel), sheets, nonce=str(parcel.letter))

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Replace what was posted."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        with _told():
            await self.posting.change(receipt, sheets)

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Look through our own messages since sending began."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        with _told():
            try:
                found = await self.posting.find(await self._conversation(parcel), sheets, parcel.since)
            except discord.Forbidden:
                return Search.UNKNOWN
        return Search.ABSENT if found is None else found

    async def open_place(self, order: PlaceOrder) -> str:
        """Open a private thread for these people."""
        with _told():
            return await self.rooms.open(order)

    async def _conversation(self, parcel: Parcel) -> str:
        if parcel.conversation:
            return parcel.conversation
        channel = await self.posting.client.create_dm(discord.Object(int(parcel.user)))
        return str(channel.id)


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong, in the terms of every platform."""
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
    if error.status == 401:
        log.error("DISCORD_TOKEN is not accepted any more: see docs/operating.md, Discord")
        return NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
    if error.status >= 500:
        return NotDelivered(Trouble.UNSURE)
    if error.status in (403, 404):
        return NotDelivered(Trouble.GONE)
    return error


def _seconds(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers.get("Retry-After", THROTTLED_PAUSE))
    except ValueError:
        return THROTTLED_PAUSE
