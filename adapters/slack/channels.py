"""Workspaces and channels become known: at the start, and as the bot is invited and taken out again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack import refusals
from adapters.slack.people import PLATFORM
from adapters.slack.workspaces import Workspace, Workspaces
from bot.services import spaces
from bot.storage import queries
from bot.storage.work import Storage

log = structlog.get_logger()

_KINDS = ("public_channel", "private_channel")
_PAGE = 200

_UNSEEN = frozenset({"missing_scope", "channel_not_found"})
"""What Slack says of conversations of others, or of kinds that we have no right to look at."""


class Channels:
    """Keeps what the bot knows of its channels true."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def meet(self, workspace: Workspace) -> None:
        """Know a workspace, every channel that the bot is in there, and those that it is in no more.

        The workspace first: it is served even where Slack does not list its channels at the moment.
        """
        async with self.storage.work() as work:
            await spaces.opened(work, PLATFORM, workspace.team, name=workspace.name)
            before = await spaces.channels(work, PLATFORM, workspace.team)
        found, refused = await _joined(workspace)
        gone = set() if refused else {*before} - {str(one["id"]) for one in found}
        async with self.storage.work() as work:
            space = await spaces.opened(work, PLATFORM, workspace.team, name=workspace.name)
            for one in found:
                await spaces.know_channel(work, space, str(one["id"]), name=str(one["name"]), private=_private(one))
            for conversation in sorted(gone):
                await spaces.leave_channel(work, space, conversation)

    async def leave(self, team: str) -> None:
        """The app was removed from a workspace: who has another chat of its community gets letters there."""
        async with self.storage.work() as work:
            space = await queries.space_of(work, PLATFORM, team)
            if space is not None:
                await spaces.leave(work, space)

    async def meet_all(self, workspaces: Workspaces) -> None:
        """Know every workspace that has installed the bot: things may have happened while nobody listened."""
        for team in await workspaces.installations.teams() if workspaces.installations else ():
            workspace = await workspaces.known(team)
            try:
                if workspace is not None:
                    await self.meet(workspace)
            except (SlackClientError, ClientError, TimeoutError) as error:
                log.warning("workspace not looked at", team=team, error=type(error).__name__)

    async def joined(self, workspace: Workspace, conversation: str, event: str) -> None:
        """The bot was invited to a channel. An event that comes again changes nothing, here and below."""
        found = await _seen(workspace, conversation)
        if found is not None:
            await self._know(workspace, found, event)

    async def left(self, workspace: Workspace, conversation: str, event: str) -> None:
        """The bot was taken out of a channel, or there is no such channel any more."""
        async with self.storage.work() as work:
            space = await queries.space_of(work, PLATFORM, workspace.team)
            if space is not None and await spaces.is_new(work, PLATFORM, event):
                await spaces.leave_channel(work, space, conversation)

    async def renamed(self, workspace: Workspace, conversation: str, event: str) -> None:
        """A channel has another name, which matters only for those that the bot is in."""
        found = await _seen(workspace, conversation)
        if found is not None and found.get("is_member"):
            await self._know(workspace, found, event)

    async def _know(self, workspace: Workspace, found: Mapping[str, Any], event: str) -> None:
        async with self.storage.work() as work:
            if not await spaces.is_new(work, PLATFORM, event):
                return
            space = await spaces.opened(work, PLATFORM, workspace.team, name=workspace.name)
            await spaces.know_channel(work, space, str(found["id"]), name=str(found["name"]), private=_private(found))


async def _seen(workspace: Workspace, conversation: str) -> Mapping[str, Any] | None:
    """A channel as Slack describes it; nothing for one that we may not look at, or for the conversation of a pair.

    Raises SlackApiError for all else: what happened to the channel is lost until the next start, and that is logged.
    """
    try:
        found: Mapping[str, Any] = (await workspace.client.conversations_info(channel=conversation))["channel"]
    except SlackApiError as error:
        code = refusals.code(error)
        if code not in _UNSEEN:
            log.warning("channel not looked up", channel=conversation, error=code)
            raise
        log.info("channel not looked up", channel=conversation, error=code, needed=refusals.needed(error))
        return None
    return None if found.get("is_im") or found.get("is_mpim") else found


async def _joined(workspace: Workspace) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The channels that the bot is in, and the kinds that Slack does not list: each has a right of its own."""
    found: list[Mapping[str, Any]] = []
    refused: list[str] = []
    for kind in _KINDS:
        try:
            found += [one async for one in _listed(workspace, kind)]
        except SlackApiError as error:
            log.warning("channels not listed", error=refusals.code(error), needed=refusals.needed(error))
            refused.append(kind)
    return found, refused


async def _listed(workspace: Workspace, kind: str) -> AsyncIterator[Mapping[str, Any]]:
    cursor = ""
    while True:
        page = await workspace.client.users_conversations(
            types=kind, exclude_archived=True, limit=_PAGE, cursor=cursor or None
        )
        for channel in page["channels"]:
            yield channel
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return


def _private(channel: Mapping[str, Any]) -> bool:
    return bool(channel.get("is_private") or channel.get("is_group"))
