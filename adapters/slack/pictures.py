"""Charts of letters: uploaded to nobody in particular, and shown by the letter as soon as Slack is done with them.

A chart is never shared by itself: the post that shows it is the letter, with its receipt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits, refusals, trouble
from adapters.slack.files import Files, brought, looks
from adapters.slack.inputs import cut
from adapters.slack.speaker import SlackSpeaker
from bot.ports import Parcel, Trouble
from bot.ui import Picture

log = structlog.get_logger()


async def uploaded(client: AsyncWebClient, files: Files, parcel: Parcel, speaker: SlackSpeaker) -> Mapping[int, str]:
    """The Slack file of each chart, by its part's place. One that cannot be shown is left out: its words are not.

    Raises NotDelivered while Slack is busy.
    """
    places = [place for place, part in enumerate(parcel.message.parts) if isinstance(part, Picture)]
    looked = (_file(client, files, parcel, place=place, speaker=speaker) for place in places)
    found = await asyncio.gather(*looked, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return {place: file for place, file in zip(places, found, strict=True) if isinstance(file, str) and file}


async def _file(client: AsyncWebClient, files: Files, parcel: Parcel, *, place: int, speaker: SlackSpeaker) -> str:
    picture = parcel.message.parts[place]
    assert isinstance(picture, Picture), "only charts are drawn"
    try:
        file = await files.begun(parcel.letter, place)
        is_new = not file
        if is_new:
            image = await asyncio.to_thread(_drawn, picture, speaker.language)
            file = await brought(client, "chart.png", image, alt=cut(speaker.text(picture.alt), limits.ALT))
            await files.keep(parcel.letter, place, file)
        if is_new or not await _is_known(client, file):
            await client.files_completeUploadExternal(files=[{"id": file, "title": speaker.text(picture.title)}])
        async for known in looks(client, file):
            if _is_ready(known):
                return file
    except SlackApiError as error:
        passing = trouble.passing(error)
        if passing is not None and passing.trouble is Trouble.BUSY:
            raise passing from error
        log.warning("chart not uploaded", error=refusals.code(error), letter=parcel.letter)
        return ""
    except (SlackClientError, ClientError, TimeoutError) as error:
        log.warning("chart not uploaded", error=type(error).__name__, letter=parcel.letter)
        return ""
    log.warning("chart not ready in time", letter=parcel.letter)
    return ""


async def _is_known(client: AsyncWebClient, file: str) -> bool:
    """Whether Slack knows the file: one that was uploaded and never completed it does not."""
    try:
        await client.files_info(file=file)
    except SlackApiError as error:
        if refusals.code(error) != "file_not_found":
            raise
        return False
    return True


def _is_ready(file: Mapping[str, object]) -> bool:
    """Slack has looked at the image: only then it can stand in a post."""
    return bool(file.get("mimetype")) and any(name.startswith("thumb_") for name in file)


def _drawn(picture: Picture, language: str) -> bytes:
    from bot.services.drawing import draw  # it takes most of a second to load

    return draw(picture, language=language)
