"""Posts of a letter: what does not fit one goes on in the next, and each says which of them it is.

They go out in order. So the last one that lies there says how much of a letter has arrived, and another try goes on
behind it; its receipt is that of its first post.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.pages import Json
from adapters.slack.trouble import called
from bot.ports import NotDelivered, Receipt, Trouble

log = structlog.get_logger()

LETTER = "mentorbot_letter"
"""The type of the metadata under which a post carries its letter's number, and nothing else of it.

One of several posts also says which of how many it is.
"""

PATIENCE = 30.0
"""Seconds that a letter whose beginning has arrived waits here for a busy Slack, in all, before it waits elsewhere."""

_HISTORY = 15
"""Posts that a search looks through: what Slack gives to apps outside its directory in one call."""

LEEWAY = timedelta(minutes=2)
"""How much Slack's clock and ours may differ. More than enough: what bounds a search is the number of posts."""

_UNREAD = frozenset({"missing_scope", "not_in_channel", "channel_not_found"})


@dataclass(frozen=True, slots=True)
class Lying:
    """What is seen of a letter: when each of its posts was made, by their numbers, and how many there should be.

    Of a conversation with `more` posts only the newest were looked at.
    """

    posted: Mapping[int, str] = field(default_factory=dict)
    of: int = 1
    more: bool = False

    @property
    def last(self) -> int:
        """Up to which post the letter has arrived."""
        return max(self.posted, default=0)

    @property
    def is_whole(self) -> bool:
        return 1 in self.posted and self.last == self.of


async def lying(client: AsyncWebClient, channel: str, letter: int, *, since: datetime | None = None) -> Lying | None:
    """What lies of a letter among the newest posts of a conversation; nothing where we may not read."""
    oldest = f"{(since - LEEWAY).timestamp():.6f}" if since else "0"
    asked = client.conversations_history(channel=channel, include_all_metadata=True, limit=_HISTORY, oldest=oldest)
    found = await called(asked, unless=_UNREAD)
    if not found.get("ok"):
        return None
    posted, of = {}, 1
    for post in found["messages"]:
        said = post.get("metadata", {}).get("event_payload", {})
        if said.get("letter") == letter:
            posted[int(said.get("post", 1))], of = str(post["ts"]), int(said.get("posts", 1))
    return Lying(posted, of, more=bool(found.get("has_more")))


@dataclass(slots=True)
class Posting:
    """One letter on its way to a conversation; `there` is what lies there already."""

    client: AsyncWebClient
    channel: str
    letter: int
    there: Lying = field(default_factory=Lying)

    async def begin(self, posts: Sequence[list[Json]], notice: str, *, unless: frozenset[str]) -> Any:
        """Post what comes first, unless it lies there; Slack's answer."""
        if self.there.posted:
            first = min(self.there.posted)
            return {"ok": True, "channel": self.channel, "ts": self.there.posted[first]}
        return await called(self._post(posts, notice, number=1), unless=unless)

    async def go_on(self, posts: Sequence[list[Json]], notice: str, *, receipt: Receipt) -> None:
        """Post the rest. Raises NotDelivered where another try finds what lies there, and goes on behind it."""
        self.channel, left = receipt.conversation, PATIENCE
        for number in range(max(self.there.last, 1) + 1, len(posts) + 1):
            try:
                left = await self._patiently(posts, notice, number=number, left=left)
            except NotDelivered as trouble:
                if await self._is_read():
                    raise
                log.error("a part of a letter is lost", letter=self.letter, post=number, posts=len(posts))
                if trouble.trouble is not Trouble.UNSURE:  # its beginning has arrived, and must not come twice
                    return

    async def _patiently(self, posts: Sequence[list[Json]], notice: str, *, number: int, left: float) -> float:
        """Post one of them, when Slack lets us; the seconds that may still be waited."""
        while True:
            try:
                await called(self._post(posts, notice, number=number))
            except NotDelivered as trouble:
                if trouble.trouble is not Trouble.BUSY or trouble.seconds > left:
                    raise
                await asyncio.sleep(trouble.seconds)
                left -= max(trouble.seconds, 1)
            else:
                return left

    def _post(self, posts: Sequence[list[Json]], notice: str, *, number: int) -> Awaitable[Any]:
        which = {"post": number, "posts": len(posts)} if len(posts) > 1 else {}
        return self.client.chat_postMessage(
            channel=self.channel,
            text=notice,
            blocks=posts[number - 1],
            metadata={"event_type": LETTER, "event_payload": {"letter": self.letter, **which}},
            unfurl_links=False,
            unfurl_media=False,
        )

    async def _is_read(self) -> bool:
        """Whether another try will see what lies here. We may always read direct messages."""
        try:
            return await lying(self.client, self.channel, self.letter) is not None
        except NotDelivered:
            return self.channel.startswith("D")
