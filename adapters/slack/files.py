"""Files that come with letters: brought to Slack once, and asked about until it is done with them.

A file's id is written down before anything is done with it, so that another try of its letter goes on with that one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import delete, select

from adapters.slack.tables import SharedFile
from bot.storage.work import Storage

PAUSES = (0.5, 1.0, 1.5, 2.0, 5.0, 5.0, 5.0, 10.0)
"""Seconds between looks at a file, half a minute in all: Slack is done by and by, and sometimes forgets it."""

MEMORY = timedelta(days=30)
"""How long a file is known by its letter: long after that one has arrived or was given up."""


class Files:
    """The files of letters, each known by its letter and the place of its part there."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def begun(self, letter: int, place: int) -> str:
        """The file that was uploaded for a letter already, if one was."""
        wanted = select(SharedFile.file).where(SharedFile.letter == letter, SharedFile.place == place)
        async with self._storage.reading() as work:
            return await work.first(wanted) or ""

    async def keep(self, letter: int, place: int, file: str) -> None:
        """Know it from now on."""
        async with self._storage.work() as work:
            await work.session.execute(delete(SharedFile).where(SharedFile.begun_at <= work.now - MEMORY))
            row = {"letter": letter, "place": place, "file": file, "begun_at": work.now}
            await work.insert_once(SharedFile, [row], unique=["letter", "place"])


async def brought(client: AsyncWebClient, name: str, content: bytes, *, alt: str = "") -> str:
    """Bring a file to Slack without completing it; its id."""
    begun = await client.files_getUploadURLExternal(filename=name, length=len(content), alt_txt=alt or None)
    assert client.session is not None, "all clients use the adapter's session"
    async with client.session.post(str(begun["upload_url"]), data=content, proxy=client.proxy) as answered:
        answered.raise_for_status()
    return str(begun["file_id"])


async def looks(client: AsyncWebClient, file: str) -> AsyncIterator[Any]:
    """What Slack knows of a file: at once, and after each pause. Raises SlackApiError for one never completed."""
    for pause in (0.0, *PAUSES):
        await asyncio.sleep(pause)
        yield (await client.files_info(file=file))["file"]
