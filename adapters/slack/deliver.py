"""Slack as a messenger: direct messages, group conversations and channels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import refusals
from adapters.slack.pages import Json
from adapters.slack.papers import Papers
from adapters.slack.pictures import uploaded
from adapters.slack.posting import Lying, Posting, lying
from adapters.slack.render import Rendering
from adapters.slack.speaker import SlackSpeaker
from adapters.slack.trouble import called
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble
from bot.ui import Paper, Words
from bot.ui.mentions import people_in

log = structlog.get_logger()

_LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})

Put = Callable[[Sequence[list[Json]], str], Awaitable[Any]]
"""Posts the first of several posts with their notice, or replaces a post by it; Slack's answer."""

_NO_CHART = frozenset({"invalid_blocks", "invalid_blocks_format"})
_NO_RIGHT = frozenset({"missing_scope"})
_NONE: frozenset[str] = frozenset()

Clients = Callable[[str], Awaitable[AsyncWebClient]]
"""The client of a workspace, by its id. Raises NotDelivered when its token is gone."""

Told = Callable[[str, str], None]
"""Hears that a letter has arrived at a user of a workspace."""

Users = Callable[[str, frozenset[int]], Awaitable[Mapping[int, str]]]
"""The Slack users of people in a workspace, by our number of them."""


class SlackMessenger:
    """Delivers over the Web API."""

    def __init__(self, clients: Clients, users: Users, papers: Papers, told: Told, *, only: str = "") -> None:
        self._clients = clients
        self._users = users
        self._papers = papers
        self._told = told
        self._only = only

    async def send(self, parcel: Parcel) -> Receipt:
        """Post a letter. What does not fit one post goes on in the next; its receipt is that of the first."""
        client = await self._clients(parcel.space)
        channel = parcel.conversation or await _present(client, parcel.user)
        notes: Mapping[int, Words] = {}
        if any(isinstance(part, Paper) for part in parcel.message.parts):
            channel = parcel.conversation or await _direct(client, parcel.user)
            notes = await self._papers.share(client, channel, parcel)
        posting = Posting(client, channel, parcel.letter)

        async def post(posts: Sequence[list[Json]], notice: str) -> Any:
            if parcel.since and len(posts) > 1:
                posting.channel = parcel.conversation or await _direct(client, parcel.user)
                posting.there = await lying(client, posting.channel, parcel.letter, since=parcel.since) or Lying()
            return await posting.begin(posts, notice, unless=_chart(posts[0]))

        posts, notice, first = await self._show(client, parcel, post, notes=notes)
        receipt = Receipt(str(first["channel"]), str(first["ts"]))
        await posting.go_on(posts, notice, receipt=receipt)
        self._tell(parcel)
        return receipt

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Replace a post. One that is gone, or that Slack lets nobody change any more, stays as it is."""
        client = await self._clients(parcel.space)

        async def update(posts: Sequence[list[Json]], notice: str) -> Any:
            there, blocks = (receipt.conversation, receipt.posted), posts[0]
            changed = client.chat_update(channel=there[0], ts=there[1], text=notice, blocks=blocks)
            return await called(changed, unless=_LOST | _chart(blocks))

        await self._show(client, parcel, update)
        self._tell(parcel)

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Look for a letter among the posts since its sending began; unknown where we may not read.

        One whose end is missing counts as absent: another try sends that alone.
        """
        client = await self._clients(parcel.space)
        channel = parcel.conversation or await _direct(client, parcel.user)
        found = await lying(client, channel, parcel.letter, since=parcel.since)
        if found is None:
            return Search.UNKNOWN
        if found.is_whole:
            return Receipt(channel, found.posted[1])
        return Search.UNKNOWN if found.more and not found.posted else Search.ABSENT

    async def open_place(self, order: PlaceOrder) -> str:
        """A group conversation of the pair and the bot. Slack opens the same one again for the same people."""
        client = await self._clients(order.space)
        opened = await called(client.conversations_open(users=list(order.users)), unless=_NO_RIGHT)
        if not opened.get("ok"):  # whoever looks after the pair hears that it has no room, and it is tried again
            log.error("a pair's room cannot be opened", needed=opened.get("needed"))
            raise NotDelivered(Trouble.GONE)
        return str(opened["channel"]["id"])

    async def _show(
        self, client: AsyncWebClient, parcel: Parcel, put: Put, *, notes: Mapping[int, Words] | None = None
    ) -> tuple[list[list[Json]], str, Any]:
        """Put the first post of a letter up, with its charts, or without those that Slack does not show yet."""
        said, speaker = parcel.message, await self._speaker(parcel)
        files = await uploaded(client, self._papers.files, parcel, speaker)
        for shown in (files, {}):
            rendering = Rendering(speaker, parcel.community, files=shown, notes=notes)
            posts, notice = rendering.posts(said), rendering.notice(said)
            first = await put(posts, notice)
            if first.get("ok") or refusals.code_in(first) not in _NO_CHART:
                break
        return posts, notice, first

    def _tell(self, parcel: Parcel) -> None:
        if parcel.user:
            self._told(parcel.space, parcel.user)

    async def _speaker(self, parcel: Parcel) -> SlackSpeaker:
        users = await self._users(parcel.space, people_in(parcel.message))
        return SlackSpeaker(parcel.zone, parcel.language, users, self._only)


def _chart(blocks: list[Json]) -> frozenset[str]:
    """What Slack may refuse about these blocks without the letter being refused: a chart that it does not show yet."""
    return _NO_CHART if any("slack_file" in block for block in blocks) else _NONE


async def _present(client: AsyncWebClient, user: str) -> str:
    """A user as the address of their direct message.

    Slack takes messages to a deactivated user without a word, and shows them to nobody. Raises NotDelivered for those.
    """
    known = await called(client.users_info(user=user))
    if known["user"].get("deleted"):
        raise NotDelivered(Trouble.CLOSED)
    return user


async def _direct(client: AsyncWebClient, user: str) -> str:
    opened = await called(client.conversations_open(users=[user]))
    return str(opened["channel"]["id"])
