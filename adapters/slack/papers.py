"""Files of letters: shared in the reader's conversation, each once, just before the letter that speaks of it.

The post of a shared file is Slack's own and carries no number of ours. So a file's id is written down before it is
shared, and Slack is asked about that file before anything is repeated. The letter comes last: with its receipt, all of
it has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import refusals, trouble, words
from adapters.slack.files import Files, brought, looks
from bot.ports import NotDelivered, Parcel, Trouble
from bot.services import papers
from bot.storage.work import Storage
from bot.ui import Paper, Words

log = structlog.get_logger()

AGAIN = 60.0
"""Seconds until a file that Slack has forgotten is asked for again."""


class Papers:
    """Shares files in direct messages and other conversations."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.files = Files(storage)

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
            file = await self.files.begun(letter, place)
            if not file:
                content = await papers.made(self._storage, paper)
                if content is None:
                    return words.not_sent(paper.name)
                file = await brought(client, paper.name, content)
                await self.files.keep(letter, place, file)
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


async def _shows(client: AsyncWebClient, file: str) -> bool:
    """Whether a post shows the file, or does so soon. One that was never completed is not known to Slack at all."""
    try:
        async for known in looks(client, file):
            if any(known.get("shares", {}).values()):
                return True
    except SlackApiError as error:
        if refusals.code(error) != "file_not_found":
            raise
    return False
