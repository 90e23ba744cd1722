"""Files of letters: shared in the reader's conversation, each once, just before the letter that speaks of it.

The post of a shared file is Slack's own and carries no number of ours. So a file's id is written down before it is
shared, and Slack is asked about that file before anything is repeated. The letter comes last: with its receipt, all of
it has arrived.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import delete, select

from adapters.slack import refusals, trouble, words
from adapters.slack.tables import SharedFile
from bot.ports import NotDelivered, Parcel, Trouble
from bot.services import papers
from bot.storage.work import Storage
from bot.ui import Paper, Words

log = structlog.get_logger()

PAUSES = (0.5, 1.0, 1.5, 2.0, 5.0, 5.0, 5.0, 10.0)
"""Seconds between looks at whether a file is shared: Slack does that by and by, and sometimes forgets it."""

AGAIN = 60.0
"""Seconds until a file that Slack has forgotten is asked for again."""

MEMORY = timedelta(days=30)
"""How long a file is known by its letter: long after that one has arrived or was given up."""


class Papers:
    """Shares files in direct messages and other conversations."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def share(self, client: AsyncWebClient, channel: str, parcel: Parcel) -> Mapping[int, Words]:
        """Share what comes with a letter; what is said in place of a file that cannot be, by its part's place.

        Raises NotDelivered for what may work later.
        """
        found = {
            place: await self._share(client, channel, parcel.letter, place=place, paper=part)
            for place, part in enumerate(parcel.message.parts)
            if isinstance(part, Paper)
        }
        return {place: said for place, said in found.items() if said is not None}

    async def _share(
        self, client: AsyncWebClient, channel: str, letter: int, *, place: int, paper: Paper
    ) -> Words | None:
        try:
            file = await self._begun(letter, place)
            if not file:
                content = await papers.made(self._storage, paper)
                if content is None:
                    return words.not_sent(paper.name)
                file = await _uploaded(client, paper.name, content)
                await self._keep(letter, place, file)
            elif await _shows(client, file):
                return None
            await client.files_completeUploadExternal(files=[{"id": file, "title": paper.name}], channel_id=channel)
            if not await _shows(client, file):
                log.warning("file not shared yet", letter=letter)
                raise NotDelivered(Trouble.BUSY, seconds=AGAIN)
        except SlackApiError as error:
            passing = trouble.passing(error)
            if passing is not None:
                raise passing from error
            code, needed = refusals.code(error), refusals.needed(error)
            log.warning("file refused", error=code, needed=needed, letter=letter)
            return words.no_right(needed) if code == "missing_scope" else words.not_sent(paper.name)
        except (ClientError, TimeoutError) as error:
            raise NotDelivered(Trouble.UNSURE) from error
        return None

    async def _begun(self, letter: int, place: int) -> str:
        """The file that was uploaded for a letter already, if one was."""
        wanted = select(SharedFile.file).where(SharedFile.letter == letter, SharedFile.place == place)
        async with self._storage.reading() as work:
            return await work.first(wanted) or ""

    async def _keep(self, letter: int, place: int, file: str) -> None:
        async with self._storage.work() as work:
            await work.session.execute(delete(SharedFile).where(SharedFile.begun_at <= work.now - MEMORY))
            row = {"letter": letter, "place": place, "file": file, "begun_at": work.now}
            await work.insert_once(SharedFile, [row], unique=["letter", "place"])


async def _uploaded(client: AsyncWebClient, name: str, content: bytes) -> str:
    """Bring a file to Slack without sharing it; its id."""
    begun = await client.files_getUploadURLExternal(filename=name, length=len(content))
    assert client.session is not None, "all clients use the adapter's session"
    async with client.session.post(str(begun["upload_url"]), data=content) as answered:
        answered.raise_for_status()
    return str(begun["file_id"])


async def _shows(client: AsyncWebClient, file: str) -> bool:
    """Whether a post shows the file, or does so soon. One that was never completed is not known to Slack at all."""
    for pause in PAUSES:
        try:
            known: Any = (await client.files_info(file=file))["file"]
        except SlackApiError as error:
            if refusals.code(error) == "file_not_found":
                return False
            raise
        if any(known.get("shares", {}).values()):
            return True
        await asyncio.sleep(pause)
    return False
