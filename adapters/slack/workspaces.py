"""The workspaces that the bot is installed in, each with its token."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import refusals
from bot.ports import NotDelivered, Trouble

log = structlog.get_logger()

REVOKED_PAUSE = 3600.0
"""Seconds before a letter is tried again in a workspace that has taken our token back: its readers are still there."""


@dataclass(slots=True)
class Workspace:
    """One workspace. `client` answers people, and waits once where Slack asks for it; `carrier` carries letters.

    A letter never waits in memory: it goes back to where all letters wait. Nor is it posted again on a broken
    connection, since the first post may have arrived.
    """

    team: str
    name: str
    bot: str
    bot_id: str
    client: AsyncWebClient
    carrier: AsyncWebClient
    is_revoked: bool = False

    async def works(self) -> bool:
        """Whether Slack still takes our token."""
        try:
            await self.client.auth_test()
        except SlackApiError as error:
            return refusals.code(error) not in refusals.TOKEN
        return True


@dataclass(slots=True)
class Workspaces:
    """All of them, by Slack's id of the workspace."""

    session: ClientSession
    api: str
    found: dict[str, Workspace] = field(default_factory=dict)

    async def install(self, token: str) -> Workspace:
        """Learn whose token it is. Raises SlackApiError for one that Slack does not take."""
        client = AsyncWebClient(token, base_url=self.api, session=self.session)
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
        carrier = AsyncWebClient(token, base_url=self.api, session=self.session, retry_handlers=[])
        said = await client.auth_test()
        team, name, bot, bot_id = (str(said.get(key) or "") for key in ("team_id", "team", "user_id", "bot_id"))
        workspace = Workspace(team, name, bot, bot_id, client, carrier)
        self.found[workspace.team] = workspace
        return workspace

    def of(self, team: str) -> Workspace | None:
        """A workspace whose token is good; nothing for any other."""
        found = self.found.get(team)
        return None if found is None or found.is_revoked else found

    async def carrier(self, team: str) -> AsyncWebClient:
        """Who carries letters there. Raises NotDelivered while nobody does."""
        found = self.of(team)
        if found is None:
            raise NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
        return found.carrier

    def revoke(self, team: str) -> None:
        """Slack has taken the token of one workspace back: only that one stops."""
        found = self.found.get(team)
        if found is not None and not found.is_revoked:
            found.is_revoked = True
            log.error(
                "Slack has taken the bot's token back. Install the app again, and set SLACK_BOT_TOKEN"
                " (docs/operating.md, Slack).",
                team=team,
            )
