"""The workspaces that the bot is installed in, each with its token."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import structlog
from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import manifest, refusals
from adapters.slack.clients import RenewingClient
from adapters.slack.installations import Installation, Installations
from adapters.slack.sealing import Unopened
from bot.ports import NotDelivered, Trouble

log = structlog.get_logger()

REVOKED_PAUSE = 3600.0
"""Seconds before a letter is tried again in a workspace that has taken our token back: its readers are still there."""

DOUBT = 300.0
"""Seconds until Slack is asked again about a token that it did not take, and did not call revoked either."""

_NO_TOKEN = (
    "Slack does not take the bot's token, and letters wait: set SLACK_BOT_TOKEN anew, or install the app again"
    " (docs/operating.md, Slack)."
)


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
    asked_at: float = 0.0

    async def works(self) -> bool:
        """Whether Slack still takes our token."""
        try:
            await self.client.auth_test()
        except SlackApiError as error:
            return refusals.code(error) not in refusals.TOKEN
        return True

    async def recovers(self) -> bool:
        """Whether Slack takes a token again that it has refused, which is asked now and then."""
        if time.monotonic() < self.asked_at + DOUBT:
            return False
        self.asked_at = time.monotonic()
        with suppress(ClientError, TimeoutError):
            self.is_revoked = not await self.works()
        return not self.is_revoked


@dataclass(slots=True)
class Workspaces:
    """All of them, by Slack's id of the workspace.

    Those with `installations` are looked up there when they are first needed: any process may have installed them.
    """

    session: ClientSession
    api: str
    installations: Installations | None = None
    found: dict[str, Workspace] = field(default_factory=dict)
    said_at: float = -REVOKED_PAUSE
    """When it was last said that the only token is not taken."""

    async def install(self, token: str) -> Workspace:
        """Learn whose token it is. Raises SlackApiError for one that Slack does not take."""
        workspace = self._workspace("", "", token)
        said = await workspace.client.auth_test()
        _name_what_it_lacks(str(said.headers.get("x-oauth-scopes") or ""))
        workspace.team, workspace.name = str(said["team_id"]), str(said.get("team") or "")
        workspace.bot, workspace.bot_id = str(said.get("user_id") or ""), str(said.get("bot_id") or "")
        self.found[workspace.team] = workspace
        return workspace

    def of(self, team: str) -> Workspace | None:
        """A workspace whose token is good, and that was needed before; nothing for any other."""
        found = self.found.get(team)
        return None if found is None or found.is_revoked else found

    async def known(self, team: str) -> Workspace | None:
        """A workspace whose token is good; nothing for any other."""
        found = self.of(team)
        if found is not None or self.installations is None:
            return found
        stored = await self._stored(team)
        found = self.found.get(team)  # somebody else may have looked as well
        if stored is None or found is None or found.client.token != stored.token:
            return self.know(stored) if stored else None
        return found if not found.is_revoked or await found.recovers() else None

    def know(self, stored: Installation) -> Workspace:
        """A workspace as it was installed, from now on with this token."""
        workspace = self._workspace(stored.team, stored.name, stored.token)
        workspace.bot, workspace.bot_id = stored.bot, stored.bot_id
        self.found[stored.team] = workspace
        return workspace

    async def carrier(self, team: str) -> AsyncWebClient:
        """Who carries letters there. Raises NotDelivered while nobody does."""
        found = await self.known(team)
        if found is None:
            raise NotDelivered(Trouble.BUSY, seconds=REVOKED_PAUSE)
        return found.carrier

    async def revoke(self, team: str, *, token: str = "") -> None:
        """Slack has taken a token back: only that workspace stops, and its token is kept no longer."""
        found = self.of(team)
        if self.installations is not None:
            await self.installations.forget(team, token=token or str(found.client.token if found else ""))
        if found is not None:
            found.is_revoked = True
            if self.installations is None:
                self._tell("revoked")
            else:
                log.error(
                    "Slack has taken the bot's token back: the app has to be installed again. Its admin can do that at"
                    " /slack/install (docs/operating.md, Slack).",
                    team=team,
                )

    async def _renewed(self, team: str, used: str, code: str) -> str:
        """The token of a workspace when Slack has refused the one that was used; nothing if there is no other."""
        found = self.of(team)
        if found is not None and found.client.token != used:
            return str(found.client.token)
        stored = await self._stored(team)
        if stored is not None and stored.token != used:
            return str(self.know(stored).client.token)
        if code in refusals.GONE:
            await self.revoke(team, token=used)
        elif found is not None:
            found.is_revoked, found.asked_at = True, time.monotonic()
            log.error("Slack does not take the bot's token in a workspace", team=team, error=code)
        return ""

    async def _refused(self, _used: str, code: str) -> str:
        """The only token was refused: there is no other. At the start whoever asks says so."""
        if self.found:
            self._tell(code)
        return ""

    def _tell(self, code: str) -> None:
        """Say that the only token is not taken; not with every letter, each of which is tried again after a while."""
        if time.monotonic() >= self.said_at + REVOKED_PAUSE:
            self.said_at = time.monotonic()
            log.error(_NO_TOKEN, error=code)

    async def _stored(self, team: str) -> Installation | None:
        if self.installations is None:
            return None
        try:
            return await self.installations.find(team)
        except Unopened:
            log.error("No key in MENTORBOT_SECRET_KEY opens the token of a workspace (docs/operating.md).", team=team)
            return None

    def _workspace(self, team: str, name: str, token: str) -> Workspace:
        client, carrier = self._client(team, token), self._client(team, token)
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
        carrier.retry_handlers.clear()
        return Workspace(team, name, "", "", client, carrier)

    def _client(self, team: str, token: str) -> AsyncWebClient:
        renew = self._refused if self.installations is None else partial(self._renewed, team)
        return RenewingClient(token, renew, base_url=self.api, session=self.session)


def _name_what_it_lacks(granted: str) -> None:
    """Slack says with each answer what a token may do: what it may not is better heard now than from a lost letter."""
    given = {scope.strip() for scope in granted.split(",")}
    lacking = [scope for scope in manifest.SCOPES if scope not in given]
    if granted and lacking:
        log.error(
            f"The app lacks rights: {', '.join(lacking)}. Install it again with the manifest of this version"
            " (docs/operating.md, Slack)."
        )
