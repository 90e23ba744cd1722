"""Slack as a messenger: direct messages, group conversations and channels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import refusals
from adapters.slack.pictures import uploaded
from adapters.slack.render import Block, Rendering
from adapters.slack.speaker import SlackSpeaker
from adapters.slack.workspaces import REVOKED_PAUSE
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble
from bot.ui.mentions import people_in

log = structlog.get_logger()

LETTER = "mentorbot_letter"
"""The type of the metadata under which a post carries its letter's number, and nothing else of it."""

_CLOSED = frozenset({"user_disabled", "user_not_found", "users_not_found", "cannot_dm_bot", "messages_tab_disabled"})
_LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_LATER = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})

_NO_CHART = frozenset({"invalid_blocks", "invalid_blocks_format"})
_NONE: frozenset[str] = frozenset()

_HISTORY = 15
"""Posts that a search looks through: what Slack gives to apps outside its directory in one call."""

Clients = Callable[[str], Awaitable[AsyncWebClient]]
"""The client of a workspace, by its id. Raises NotDelivered when its token is gone."""

Users = Callable[[str, frozenset[int]], Awaitable[Mapping[int, str]]]
"""The Slack users of people in a workspace, by our number of them."""


class SlackMessenger:
    """Delivers over the Web API."""

    def __init__(self, clients: Clients, users: Users, *, only: str = "") -> None:
        self._clients = clients
        self._users = users
        self._only = only

    async def send(self, parcel: Parcel) -> Receipt:
        """Post a letter. What does not fit one post goes on in the next; the first carries the letter's number."""
        client = await self._clients(parcel.space)
        channel = parcel.conversation or await _present(client, parcel.user)
        speaker = await self._speaker(parcel)
        files = await uploaded(client, parcel.message, speaker)
        rendering = Rendering(speaker, parcel.community, files=files)
        posts, notice = rendering.posts(parcel.message), rendering.notice(parcel.message)
        first = await self._begin(client, channel, posts[0], notice, parcel.letter)
        if first is None:  # Slack has a chart, and does not show it yet
            posts = Rendering(speaker, parcel.community).posts(parcel.message)
            first = await _call(_post(client, channel, posts[0], notice, letter=parcel.letter))
        receipt = Receipt(str(first["channel"]), str(first["ts"]))
        try:
            for blocks in posts[1:]:
                await _call(_post(client, receipt.conversation, blocks, notice))
        except NotDelivered:  # its beginning has arrived, and must not come twice
            log.warning("letter cut short", letter=parcel.letter)
        return receipt

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Replace a post. One that is gone, or that Slack lets nobody change any more, stays as it is."""
        client = await self._clients(parcel.space)
        rendering = Rendering(await self._speaker(parcel), parcel.community)
        blocks, notice = rendering.posts(parcel.message)[0], rendering.notice(parcel.message)
        update = client.chat_update(channel=receipt.conversation, ts=receipt.posted, text=notice, blocks=blocks)
        await _call(update, unless=_LOST)

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Look for a letter among the posts since its sending began; unknown where we may not read."""
        client = await self._clients(parcel.space)
        try:
            channel = parcel.conversation or await _direct(client, parcel.user)
            found = await client.conversations_history(
                channel=channel,
                include_all_metadata=True,
                limit=_HISTORY,
                oldest=f"{parcel.since.timestamp() - 1:.6f}" if parcel.since else "0",
            )
        except SlackApiError as error:
            if refusals.code(error) in {"missing_scope", "not_in_channel", "channel_not_found"}:
                return Search.UNKNOWN
            raise _trouble(error) from error
        for post in found["messages"]:
            if post.get("metadata", {}).get("event_payload", {}).get("letter") == parcel.letter:
                return Receipt(channel, str(post["ts"]))
        return Search.UNKNOWN if found.get("has_more") else Search.ABSENT

    async def open_place(self, order: PlaceOrder) -> str:
        """A group conversation of the pair and the bot. Slack opens the same one again for the same people."""
        client = await self._clients(order.space)
        opened = await _call(client.conversations_open(users=list(order.users)))
        return str(opened["channel"]["id"])

    async def _begin(self, client: AsyncWebClient, channel: str, blocks: list[Block], notice: str, letter: int) -> Any:
        """Post the part of a letter that carries its number; nothing where Slack does not take a chart in it."""
        has_chart = any("slack_file" in block for block in blocks)
        first = await _call(
            _post(client, channel, blocks, notice, letter=letter), unless=_NO_CHART if has_chart else _NONE
        )
        return first if first.get("ok") else None

    async def _speaker(self, parcel: Parcel) -> SlackSpeaker:
        users = await self._users(parcel.space, people_in(parcel.message))
        return SlackSpeaker(parcel.zone, parcel.language, users, self._only)


def _post(client: AsyncWebClient, channel: str, blocks: list[Block], notice: str, *, letter: int = 0) -> Awaitable[Any]:
    metadata = {"event_type": LETTER, "event_payload": {"letter": letter}} if letter else None
    return client.chat_postMessage(
        channel=channel, text=notice, blocks=blocks, metadata=metadata, unfurl_links=False, unfurl_media=False
    )


async def _present(client: AsyncWebClient, user: str) -> str:
    """A user as the address of their direct message.

    Slack takes messages to a deactivated user without a word, and shows them to nobody. Raises NotDelivered for those.
    """
    known = await _call(client.users_info(user=user))
    if known["user"].get("deleted"):
        raise NotDelivered(Trouble.CLOSED)
    return user


async def _direct(client: AsyncWebClient, user: str) -> str:
    opened = await _call(client.conversations_open(users=[user]))
    return str(opened["channel"]["id"])


async def _call(request: Awaitable[Any], *, unless: frozenset[str] = _NONE) -> Any:
    """The answer of a Web API method. Raises NotDelivered for whatever Slack refuses, but for errors in `unless`."""
    try:
        return await request
    except SlackApiError as error:
        if refusals.code(error) in unless:
            return error.response
        raise _trouble(error) from error
    except (ClientError, TimeoutError) as error:
        raise NotDelivered(Trouble.UNSURE) from error


def _trouble(error: SlackApiError) -> NotDelivered:
    code, status = refusals.code(error), refusals.status(error)
    if status == 429 or code in _LATER:
        return NotDelivered(Trouble.BUSY, seconds=refusals.pause(error))
    if code in refusals.TOKEN:  # our token, not the reader
        return NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
    if status >= 500 or not code:  # something between Slack and us has answered
        return NotDelivered(Trouble.UNSURE)
    log.warning("letter refused", error=code, needed=refusals.needed(error))
    return NotDelivered(Trouble.CLOSED if code in _CLOSED else Trouble.GONE)
