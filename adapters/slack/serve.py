"""Running the bot on Slack: over HTTP, or over a socket that it opens itself."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from itertools import chain, repeat
from typing import Any

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import refusals, trouble
from adapters.slack.answering import Answering
from adapters.slack.channels import Channels
from adapters.slack.connect import LIBRARY, Connection
from adapters.slack.credentials import PAGE
from adapters.slack.deliver import SlackMessenger
from adapters.slack.home import Home
from adapters.slack.installations import Installations
from adapters.slack.installing import Installing
from adapters.slack.manifest import PATH
from adapters.slack.papers import Papers
from adapters.slack.people import PLATFORM, People
from adapters.slack.replies import Replies
from adapters.slack.sealing import Seal
from adapters.slack.workspaces import Workspaces
from bot.app import App
from bot.ports import Messenger
from bot.settings import Misconfigured, OutOfReach, Settings
from bot.stopping import unless_stopped
from commands.dispatch import Dispatch

log = structlog.get_logger()

LONGEST_CALL = 30
"""Seconds until a call to Slack has failed."""

GRACE = 10
"""Seconds that answers under way get when the process ends."""

LARGEST = 1_000_000
"""Bytes of a request; a modal with all its answers stays far below."""

_UNSIGNED = (
    "A request was not signed with SLACK_SIGNING_SECRET, or this machine's clock is wrong: it was refused"
    " (docs/operating.md, Slack)."
)

SELDOM = 60.0
"""Seconds until that is said again: anybody can send such requests."""

PAUSES = (1.0, 5.0, 15.0, 60.0)
"""Seconds between attempts to open the first socket while Slack is out of reach, the last one again and again."""


class _Doorkeeper(AsyncWebClient):
    """Asks where the socket opens. The library asks again and again with a token that was taken back."""

    def __init__(self, token: str, **more: Any) -> None:
        super().__init__(token, **more)
        self.refused = asyncio.Event()
        self.code = ""

    async def apps_connections_open(self, **given: Any) -> Any:
        """Raises SlackApiError."""
        try:
            return await super().apps_connections_open(**given)
        except SlackApiError as error:
            self.code = refusals.code(error)
            if self.code in refusals.TOKEN:
                self.refused.set()
            raise


class Slack:
    """The bot's face on Slack. Close it when the process ends."""

    platform = PLATFORM

    def __init__(
        self, connection: Connection, messenger: Messenger, settings: Settings, installing: Installing | None
    ) -> None:
        self.app = connection.app(settings.slack_signing_secret)
        self.messenger = messenger
        self.answering = connection.answering
        self._settings = settings
        self._channels = connection.channels
        self._installing = installing
        self.workspaces = connection.workspaces
        self._said_at = -SELDOM

    def add_routes(self, server: web.Application) -> None:
        """Take what Slack sends over HTTP. Without a signing secret nothing is taken: anybody could have sent it."""
        if self._settings.slack_signing_secret:
            server.router.add_post(PATH, self._receive)
        if self._installing is not None:
            self._installing.add_routes(server)

    async def run(self, stop: asyncio.Event) -> None:
        """Keep a socket open until `stop` is set, if there is a token for one, and look at all workspaces meanwhile."""
        looking = asyncio.ensure_future(self._channels.meet_all(self.workspaces))
        stopped = asyncio.ensure_future(stop.wait())
        try:
            await self._listen(stop)
            await asyncio.wait([looking, stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            looking.cancel()
            for ended in await asyncio.gather(looking, return_exceptions=True):
                if isinstance(ended, Exception):
                    log.error("workspaces not looked at", exc_info=ended)

    async def _listen(self, stop: asyncio.Event) -> None:
        token = self._settings.slack_app_token
        if token:
            client = _Doorkeeper(token, base_url=self._settings.slack_api_base_url, session=self.workspaces.session)
            handler = AsyncSocketModeHandler(self.app, token, web_client=client)
            try:
                await unless_stopped(stop, _connected(handler, client))
            finally:
                await handler.close_async()  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """Let answers under way come to their end, and let go of the connections."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.settled(), GRACE)
        with suppress(ValueError):
            self.answering.dispatch.storage.watchers.remove(self.answering.home.watch)
        await self.workspaces.session.close()

    async def settled(self) -> None:
        """Let every answer come to its end."""
        await self.answering.settled()

    async def _receive(self, request: web.Request) -> web.Response:
        if (request.content_length or 0) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
        if not self._is_signed(await request.read(), request):
            if time.monotonic() >= self._said_at + SELDOM:
                self._said_at = time.monotonic()
                log.error(_UNSIGNED)
            raise web.HTTPUnauthorized
        return await to_aiohttp_response(await self.app.async_dispatch(await to_bolt_request(request)))

    def _is_signed(self, body: bytes, request: web.Request) -> bool:
        """Whether Slack has sent this. The library would read it first, and fail over what anybody may send."""
        verifier = SignatureVerifier(self._settings.slack_signing_secret)
        try:
            return verifier.is_valid_request(body, dict(request.headers))
        except (ValueError, OverflowError, TypeError):  # a moment that is no number, or letters that are none
            return False


async def _connected(handler: AsyncSocketModeHandler, client: _Doorkeeper) -> None:
    """Keep the socket open until Slack refuses its token. Raises Misconfigured then."""
    # the library would try a wrong token again for ever: so the first address is asked for here
    handler.client.wss_uri = await _address(client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await client.refused.wait()
    raise _refused(client.code)


async def _address(client: _Doorkeeper) -> str:
    """Where the socket opens, as soon as Slack says so. Raises Misconfigured for a token that Slack does not take."""
    pauses = chain(PAUSES, repeat(PAUSES[-1]))
    while True:
        try:
            return str((await client.apps_connections_open(app_token=str(client.token)))["url"])
        except SlackApiError as error:
            code = refusals.code(error)
            if trouble.passing(error) is None or code in refusals.TOKEN:
                raise _refused(code) from None
            log.warning("socket not opened yet", error=code)
        except (ClientError, TimeoutError) as error:
            log.warning("socket not opened yet", error=type(error).__name__)
        await asyncio.sleep(next(pauses))


def _refused(code: str) -> Misconfigured:
    return Misconfigured(f"SLACK_APP_TOKEN was refused by Slack ({code}): {PAGE}")


async def open_slack(settings: Settings, app: App, dispatch: Dispatch) -> Slack:
    """The bot on Slack.

    Raises Misconfigured for a token that Slack does not take, or that no key opens, OutOfReach if it does not answer.
    """
    logging.getLogger(LIBRARY).setLevel(logging.ERROR)  # it warns of a token in the environment that it does not need
    logging.getLogger("slack_sdk").setLevel(logging.WARNING)
    session = ClientSession(timeout=ClientTimeout(total=LONGEST_CALL))
    many = Installations(app.storage, Seal(settings.mentorbot_secret_key)) if settings.slack_client_id else None
    workspaces, channels = Workspaces(session, settings.slack_api_base_url, many), Channels(app.storage)
    try:
        await (many.renew() if many is not None else _begin(settings, workspaces, channels))
    except BaseException:
        await session.close()
        raise
    only = "" if settings.slack_commands == "all" else settings.slack_commands
    people, replies = People(app.storage, workspaces, only=only), Replies(workspaces)
    home = Home(dispatch, people, replies)
    app.storage.watchers.append(home.watch)
    connection = Connection(workspaces, Answering(dispatch, people, replies, home), channels, home)
    messenger = SlackMessenger(workspaces.carrier, people.users, Papers(app.storage), home.touch, only=only)
    installing = Installing(settings, workspaces, many, channels) if many is not None else None
    return Slack(connection, messenger, settings, installing)


async def _begin(settings: Settings, workspaces: Workspaces, channels: Channels) -> None:
    silent = OutOfReach(f"Slack does not answer at {settings.slack_api_base_url} (SLACK_API_BASE_URL): {PAGE}")
    try:
        await channels.meet(await workspaces.install(settings.slack_bot_token))
    except SlackApiError as error:
        code = refusals.code(error)
        if code not in refusals.TOKEN and trouble.passing(error) is not None:
            raise silent from None
        said = "is not a token that Slack takes" if code in refusals.TOKEN else f"was refused by Slack ({code})"
        raise Misconfigured(f"SLACK_BOT_TOKEN {said}: {PAGE}") from None
    except (ClientError, TimeoutError):
        raise silent from None
