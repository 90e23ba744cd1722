"""Whether a workspace that speaks to the bot has installed it: asked before anything else, and never for long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.speaker import SlackSpeaker
from adapters.slack.workspaces import Workspace, Workspaces
from bot.texts import installing

log = structlog.get_logger()

REVOKED = frozenset({"tokens_revoked", "app_uninstalled"})
"""Events that come from workspaces whose token is worth nothing any more."""

GLANCE = 0.25
"""Seconds that the database gets to say so. Later than that a workspace is believed: Slack has signed what it sends."""


class Gate(AsyncMiddleware):
    """Acknowledges what comes from workspaces that have not installed the bot, or not any more.

    The library itself would first write to the address that came along, and answer 500 where that fails.
    """

    def __init__(self, workspaces: Workspaces) -> None:
        self.workspaces = workspaces
        self._looking: set[asyncio.Task[Workspace | None]] = set()

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - the library's name for it
    ) -> BoltResponse | None:
        """Let a request in, or answer it here."""
        team, body = req.context.team_id or "", req.body or {}
        is_of_none = body.get("type") == "url_verification" or (body.get("event") or {}).get("type") in REVOKED
        if is_of_none or self.workspaces.of(team) is not None or await self._may_be_known(team):
            return await next()
        log.error("The app is not installed in a workspace that speaks to it", team=team, org=req.context.enterprise_id)
        said = SlackSpeaker().text(installing.NOT_INSTALLED) if "command" in body else ""
        return BoltResponse(status=200, body=said)

    async def _may_be_known(self, team: str) -> bool:
        looking = asyncio.ensure_future(self.workspaces.known(team))
        self._looking.add(looking)  # it goes on if it takes longer, and its result is remembered
        looking.add_done_callback(self._seen)
        await asyncio.wait([looking], timeout=GLANCE)
        return not looking.done() or looking.result() is not None

    def _seen(self, looking: asyncio.Task[Workspace | None]) -> None:
        self._looking.discard(looking)
        if not looking.cancelled() and (error := looking.exception()) is not None:
            log.error("workspace not looked up", exc_info=error)


class Authority(AsyncAuthorize):
    """What the library wants to know of a workspace. Nobody acts with its client, only with those of `Workspaces`."""

    def __init__(self, workspaces: Workspaces) -> None:
        self.workspaces = workspaces

    async def __call__(self, *, team_id: str | None, enterprise_id: str | None, **_: object) -> AuthorizeResult:
        """Who the bot is there, as far as that is known."""
        found = self.workspaces.of(team_id or "")
        known = {"bot_user_id": found.bot, "bot_id": found.bot_id} if found else {}
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, **known)
