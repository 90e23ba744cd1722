"""Installing the bot in one more workspace, by its own admin, in a browser: Slack's OAuth."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from aiohttp import ClientError, web
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import refusals
from adapters.slack.channels import Channels
from adapters.slack.installations import Installation, Installations
from adapters.slack.leaflets import page
from adapters.slack.manifest import BACK, INSTALL, OPTIONAL, SCOPES
from adapters.slack.people import PLATFORM
from adapters.slack.render import Rendering
from adapters.slack.speaker import SlackSpeaker
from adapters.slack.states import LASTS, States
from adapters.slack.workspaces import Workspace, Workspaces
from bot.settings import Settings
from bot.storage import queries
from bot.texts import installing as texts
from bot.ui import Message

log = structlog.get_logger()

COOKIE = "__Host-mentorbot-install"
"""Ties an installation to the browser where it began. No other site can set this name, not even on the same domain."""

_LONGEST = 500
_WRONG_APP = frozenset({"bad_client_secret", "invalid_client_id"})


class _Unfit(Exception):  # noqa: N818 - never leaves this file
    """An installation that cannot be used; its page."""

    def __init__(self, shown: Message, *, token: str = "") -> None:
        super().__init__()
        self.shown = shown
        self.token = token


class Installing:
    """The way in for workspaces that nobody here knows yet."""

    def __init__(
        self, settings: Settings, workspaces: Workspaces, installations: Installations, channels: Channels
    ) -> None:
        self.workspaces = workspaces
        self.installations = installations
        self.channels = channels
        self.states = States(channels.storage)
        self._id, self._secret = settings.slack_client_id, settings.slack_client_secret
        self._only = "" if settings.slack_commands == "all" else settings.slack_commands
        asks = settings.slack_api_base_url.removesuffix("api/") + "oauth/v2/authorize"
        self._asks = AuthorizeUrlGenerator(
            client_id=self._id, scopes=[*SCOPES, *OPTIONAL], user_scopes=[], authorization_url=asks
        )
        self._origin = "{0.scheme}://{0.netloc}".format(urlsplit(asks))

    def add_routes(self, server: web.Application) -> None:
        """Two addresses: where somebody begins, and where Slack sends their browser back."""
        server.router.add_get(INSTALL, self._offer)
        server.router.add_post(INSTALL, self._begin)
        server.router.add_get(BACK, self._finish, allow_head=False)

    async def _offer(self, _: web.Request) -> web.Response:
        return page(texts.offer(), begin=texts.INSTALL, at=INSTALL, leads=self._origin)

    async def _begin(self, _: web.Request) -> web.Response:
        """Only a press comes here: whoever merely looks leaves nothing behind."""
        state = await self.states.async_issue()
        there = web.Response(status=303, headers={"Location": self._asks.generate(quote(state))})
        seconds = int(LASTS.total_seconds())
        there.set_cookie(COOKIE, state, path="/", max_age=seconds, secure=True, httponly=True, samesite="Lax")
        return there

    async def _finish(self, request: web.Request) -> web.Response:
        given = {name: request.query.get(name, "")[:_LONGEST] for name in ("state", "code", "error")}
        if not given["state"] or not secrets.compare_digest(
            request.cookies.get(COOKIE, "").encode(), given["state"].encode()
        ):
            return self._again(texts.elsewhere())
        if not await self.states.async_consume(given["state"]):
            return self._again(texts.over())
        if given["error"] or not given["code"]:
            log.info("installation ended", reason=given["error"])
            return self._again(texts.denied() if given["error"] == "access_denied" else texts.failed())
        try:
            shown = await self._install(given["code"])
        except _Unfit as reason:
            await self._give_back(reason.token)
            return self._again(reason.shown)
        answer = page(shown, only=self._only)
        answer.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
        return answer

    def _again(self, shown: Message) -> web.Response:
        return page(shown, begin=texts.AGAIN, at=INSTALL, leads=self._origin, status=400)

    async def _install(self, code: str) -> Message:
        found = await self._exchanged(code)
        async with self.channels.storage.reading() as work:
            was_here = await queries.space_of(work, PLATFORM, found.team) is not None
        is_new = await self.installations.keep(found)
        workspace = self.workspaces.know(found)
        log.info("installed", team=found.team, new=is_new)
        await _tried(self.channels.meet, workspace)
        if not is_new:
            return texts.renewed()
        said = texts.back() if was_here else texts.welcome()
        return texts.installed() if await self._greeted(workspace, found.installed_by, said) else texts.ungreeted()

    async def _exchanged(self, code: str) -> Installation:
        """What Slack gives for the code. Raises _Unfit."""
        try:
            said = await self._web().oauth_v2_access(client_id=self._id, client_secret=self._secret, code=code)
            token = str(said.get("access_token") or "")
            self._check(said, token)
            own = await self._web(token).auth_test()
        except SlackApiError as error:
            word = refusals.code(error)
            names = "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET" if word in _WRONG_APP else ""
            log.error("installation not confirmed", error=word, wrong=names, page="docs/operating.md, Slack")
            raise _Unfit(texts.failed()) from error
        except (SlackClientError, ClientError, TimeoutError) as error:
            log.error("installation not confirmed", error=type(error).__name__)
            raise _Unfit(texts.failed()) from error
        team, bot = said["team"], str(said.get("bot_user_id") or own.get("user_id") or "")
        person = str((said.get("authed_user") or {}).get("id") or "")
        return Installation(
            str(team["id"]), str(team.get("name") or ""), bot, str(own.get("bot_id") or ""), token, person
        )

    def _check(self, said: Any, token: str) -> None:
        if said.get("is_enterprise_install") or not said.get("team"):
            raise _Unfit(texts.for_one_workspace(), token=token)
        if said.get("refresh_token"):  # its tokens end after twelve hours, and it cannot be switched off any more
            log.error("The Slack app rotates tokens: create it anew from the manifest (docs/operating.md, Slack).")
            raise _Unfit(texts.failed(), token=token)

    async def _give_back(self, token: str) -> None:
        """A token that is not used should open nothing either."""
        if token:
            await _tried(self._web(token).auth_revoke)

    def _web(self, token: str | None = None) -> AsyncWebClient:
        client = AsyncWebClient(token, base_url=self.workspaces.api, session=self.workspaces.session)
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
        return client

    async def _greeted(self, workspace: Workspace, user: str, said: Message) -> bool:
        """Directly, not by letter: nobody here has an account yet. A new installation comes once, and so does this."""
        if not user:
            return False
        async with self.channels.storage.reading() as work:
            space = await queries.space_of(work, PLATFORM, workspace.team)
        rendering = Rendering(SlackSpeaker(only=self._only), space.community_id if space else None)
        blocks, notice = rendering.posts(said)[0], rendering.notice(said)
        post = workspace.carrier.chat_postMessage
        return await _tried(post, channel=user, text=notice, blocks=blocks, unfurl_links=False, unfurl_media=False)


async def _tried(act: Callable[..., Any], *given: object, **more: object) -> bool:
    """Do what an installation can do without, and whether it was done; why not is logged."""
    try:
        await act(*given, **more)
    except SlackApiError as error:
        log.warning("after installing", error=refusals.code(error), needed=refusals.needed(error))
        return False
    except (SlackClientError, ClientError, TimeoutError) as error:
        log.warning("after installing", error=type(error).__name__)
        return False
    return True
