"""Charts of letters: uploaded to nobody in particular, and shown by the letter as soon as Slack is done with them.

A chart is never shared by itself: the post that shows it is the letter, with its receipt.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import limits
from adapters.slack.inputs import cut
from adapters.slack.speaker import SlackSpeaker
from bot.ui import Message, Picture

log = structlog.get_logger()

PAUSES = (0.5, 1.0, 1.5, 2.0, 5.0, 5.0, 5.0, 10.0)
"""Seconds between looks at whether a chart is ready: half a minute in all, then the letter goes without it."""


async def uploaded(client: AsyncWebClient, said: Message, speaker: SlackSpeaker) -> Mapping[int, str]:
    """The Slack file of each chart, by its part's place. One that cannot be shown is left out: its words are not."""
    places = [place for place, part in enumerate(said.parts) if isinstance(part, Picture)]
    files = await asyncio.gather(*(_file(client, said.parts[place], speaker) for place in places))
    return {place: file for place, file in zip(places, files, strict=True) if file}


async def _file(client: AsyncWebClient, picture: object, speaker: SlackSpeaker) -> str:
    assert isinstance(picture, Picture), "only charts are drawn"
    try:
        image = await asyncio.to_thread(_drawn, picture, speaker.language)
        title, alt = speaker.text(picture.title), cut(speaker.text(picture.alt), limits.ALT)
        done = await client.files_upload_v2(file=image, filename="chart.png", title=title, alt_txt=alt)
        number = str(done["files"][0]["id"])
        for pause in PAUSES:
            if _is_ready((await client.files_info(file=number))["file"]):
                return number
            await asyncio.sleep(pause)
    except (SlackClientError, ClientError, TimeoutError) as error:
        log.warning("chart not uploaded", error=type(error).__name__)
        return ""
    log.warning("chart not ready in time")
    return ""


def _is_ready(file: Mapping[str, object]) -> bool:
    """Slack has looked at the image: only then it can stand in a post."""
    return bool(file.get("mimetype")) and any(name.startswith("thumb_") for name in file)


def _drawn(picture: Picture, language: str) -> bytes:
    from bot.services.drawing import draw  # it takes most of a second to load

    return draw(picture, language=language)
