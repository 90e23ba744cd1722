"""How an answer reaches whoever asked: beside the command, in the direct message, in a modal, in the Home tab."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import refusals
from adapters.slack.incoming import Asked
from adapters.slack.render import Rendering
from adapters.slack.speaker import SlackSpeaker
from adapters.slack.workspaces import Workspaces
from bot.ui import Message

log = structlog.get_logger()

_TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})
_LOST_VIEW = frozenset({"not_found", "view_not_found", "hash_conflict"})

Post = dict[str, Any]


class TooLate(Exception):  # noqa: N818 - never leaves this adapter
    """A modal could not be opened any more: three seconds had passed, or it was closed meanwhile."""


def posts(said: Message, speaker: SlackSpeaker, community: int | None) -> list[Post]:
    """A message as bodies of posts: one, but for the longest."""
    rendering = Rendering(speaker, community)
    notice = rendering.notice(said)
    return [{"text": notice, "blocks": blocks} for blocks in rendering.posts(said)]


class Replies:
    """Sends what is not said in the acknowledgement itself."""

    def __init__(self, workspaces: Workspaces) -> None:
        self.workspaces = workspaces

    async def say(self, asked: Asked, bodies: list[Post], *, private: bool = True, kept: bool = False) -> None:
        """Answer where it was asked, for this person alone unless it is for all; else in the direct message.

        What is `kept` lies in the direct message in any case, since what one person alone sees vanishes. Nobody reads
        it twice in one conversation.
        """
        lies_in = ""
        if kept and not asked.way.direct:
            for body in bodies:
                lies_in = await self._direct(asked, body)
        if lies_in and lies_in == asked.way.conversation:
            return
        for body in bodies:
            is_said = not asked.way.direct and await self._beside(asked, body, private=private)
            if not is_said and not lies_in:
                await self._direct(asked, body)

    async def change(self, asked: Asked, bodies: list[Post]) -> None:
        """Replace the message whose button was pressed; say it anew where there is none that can be changed."""
        first, rest = bodies[0], bodies[1:]
        way, client = asked.way, self._client(asked)
        changed = bool(way.url) and await self._posted(asked, {**first, "replace_original": True})
        if not changed and way.posted and client is not None:
            updated = client.chat_update(channel=way.conversation, ts=way.posted, **first)
            changed = await _done(updated) is not None
        await self.say(asked, rest if changed else bodies)

    async def open(self, asked: Asked, view: View) -> str:
        """Open a modal; its id. Raises TooLate."""
        client = self._client(asked)
        if client is None or not asked.trigger:
            raise TooLate
        try:
            opened = await client.views_open(trigger_id=asked.trigger, view=view)
        except SlackApiError as error:
            if refusals.code(error) in _TOO_LATE:
                raise TooLate from error
            raise
        return str(opened["view"]["id"])

    async def update(self, asked: Asked, view: View, *, at: str) -> None:
        """Show something else in an open modal. Raises TooLate for one that was closed."""
        client = self._client(asked)
        if client is None:
            raise TooLate
        try:
            await client.views_update(view_id=at, view=view)
        except SlackApiError as error:
            if refusals.code(error) in _LOST_VIEW:
                raise TooLate from error
            raise

    async def publish(self, team: str, user: str, view: View) -> None:
        """Show somebody their Home tab."""
        found = self.workspaces.of(team)
        if found is not None:
            await _done(found.client.views_publish(user_id=user, view=view))

    async def _beside(self, asked: Asked, body: Post, *, private: bool) -> bool:
        """Answer with the address that came with the command or press; whether that was still possible."""
        if not asked.way.url:
            return False
        audience = "ephemeral" if private else "in_channel"
        return await self._posted(asked, {**body, "response_type": audience, "replace_original": False})

    async def _posted(self, asked: Asked, body: Post) -> bool:
        retry = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
        hook = AsyncWebhookClient(asked.way.url, session=self.workspaces.session, retry_handlers=list(retry))
        if asked.way.thread:
            body = {**body, "thread_ts": asked.way.thread}
        try:
            answered = await hook.send_dict(body)
        except (ClientError, TimeoutError):
            return False
        if answered.status_code != 200:
            log.info("response address refused", status=answered.status_code, said=answered.body[:100])
        return answered.status_code == 200

    async def _direct(self, asked: Asked, body: Post) -> str:
        """Post in the direct message; that conversation, or nothing where Slack refuses it."""
        client, way = self._client(asked), asked.way
        if client is None:
            return ""
        channel, thread = (way.conversation, way.thread) if way.direct else (asked.user, "")
        posted = client.chat_postMessage(
            channel=channel, thread_ts=thread or None, unfurl_links=False, unfurl_media=False, **body
        )
        answered = await _done(posted)
        return "" if answered is None else str(answered["channel"])

    def _client(self, asked: Asked) -> AsyncWebClient | None:
        found = self.workspaces.of(asked.team)
        return None if found is None else found.client


async def _done(request: Awaitable[Any]) -> Any | None:
    """What Slack answered, if it did it; why not is logged."""
    try:
        return await request
    except SlackApiError as error:
        log.warning("not answered", error=refusals.code(error), needed=refusals.needed(error))
    except (ClientError, TimeoutError) as error:
        log.warning("not answered", error=type(error).__name__)
    return None
