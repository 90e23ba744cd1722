"""Discord as a messenger: letters become messages, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import aiohttp
import discord
import structlog

from adapters.discord.composing import Composer, Sheet
from adapters.discord.corners import Corners
from adapters.discord.posting import ARCHIVED, CLOSED, Posting
from adapters.discord.rooms import Rooms
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble

log = structlog.get_logger()

REVOKED_PAUSE = 600.0
"""Seconds until another try while Discord does not accept our token."""

THROTTLED_PAUSE = 60.0
"""The same where Discord does not say how long it wants us to be silent."""


class DiscordMessenger:
    """Delivers to direct messages, threads and channels."""

    def __init__(self, composer: Composer, posting: Posting, rooms: Rooms, corners: Corners) -> None:
        self.composer = composer
        self.posting = posting
        self.rooms = rooms
        self.corners = corners

    async def send(self, parcel: Parcel) -> Receipt:
        """Post a letter; within some minutes its number keeps Discord from posting it twice."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        with _told(self.posting.client):
            if parcel.conversation:
                return await self.posting.say(parcel.conversation, sheets, nonce=str(parcel.letter))
            return await self._write_to(parcel, sheets)

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Replace what was posted."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        with _told(self.posting.client):
            await self.posting.change(receipt, sheets)

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Look through our own messages since sending began, wherever the letter may have gone."""
        sheets = await self.composer.sheets(parcel.message, community=parcel.community, noticed=True)
        with _told(self.posting.client):
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
        with _told(self.posting.client):
            return await self.rooms.open(order)

    async def _write_to(self, parcel: Parcel, sheets: Sequence[Sheet]) -> Receipt:
        """To somebody's direct messages, each time anew; where those are closed, to a thread of their own."""
        try:
            return await self.posting.say(await self._direct(parcel), sheets, nonce=str(parcel.letter))
        except discord.HTTPException as error:
            if error.code not in CLOSED:
                raise
        thread = await self.corners.open(parcel.space, parcel.user)
        receipt = await self.posting.say(thread, sheets, nonce=str(parcel.letter))
        await self.corners.tell(parcel.space, parcel.user)
        return receipt

    async def _conversations(self, parcel: Parcel) -> Sequence[str]:
        """Where a letter may lie."""
        if parcel.conversation:
            return [parcel.conversation]
        corner = await self.corners.known(parcel.space, parcel.user)
        return [await self._direct(parcel), *([] if corner is None else [corner])]

    async def _direct(self, parcel: Parcel) -> str:
        channel = await self.posting.client.create_dm(discord.Object(int(parcel.user)))
        return str(channel.id)


@contextmanager
def _told(client: discord.Client) -> Iterator[None]:
    """What went wrong, in the terms of every platform. Once Discord has turned us away, letters wait."""
    if client.is_closed():
        raise NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
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
    if error.status in (403, 404) or error.code == ARCHIVED:
        return NotDelivered(Trouble.GONE)
    return error


def _seconds(error: discord.HTTPException) -> float:
    try:
        return float(error.response.headers.get("Retry-After", THROTTLED_PAUSE))
    except ValueError:
        return THROTTLED_PAUSE
