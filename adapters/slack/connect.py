"""From Slack's library to what was asked: every kind of payload has a listener here, and none goes unanswered.

Slack counts an unanswered event as a failed delivery, and stops bringing any when there are many.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import forms, incoming
from adapters.slack.answering import Answering
from adapters.slack.channels import Channels
from adapters.slack.gate import REVOKED, Authority, Gate
from adapters.slack.home import Home
from adapters.slack.incoming import Asked, Body, Unreadable
from adapters.slack.workspaces import Workspaces

log = structlog.get_logger()

_ANY = re.compile("")

LIBRARY = "slack_bolt"
"""The logger whose level all of the library's loggers take over: at DEBUG they write down what people say."""

_GONE = frozenset(
    {"channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted"}
)
_RENAMED = frozenset({"channel_rename", "group_rename", "channel_unarchive", "group_unarchive"})

HEARD = frozenset(
    {"message", "app_home_opened", "member_joined_channel", "member_left_channel", "team_join", "user_change"}
    | _GONE
    | _RENAMED
    | REVOKED
)
"""Events that change something here; all others are only acknowledged."""


class Connection:
    """Hears what Slack brings, over HTTP or over a socket."""

    def __init__(self, workspaces: Workspaces, answering: Answering, channels: Channels, home: Home) -> None:
        self.workspaces = workspaces
        self.answering = answering
        self.channels = channels
        self.home = home

    def app(self, signing_secret: str) -> AsyncApp:
        """The library's application. It waits for our own acknowledgement: its default looks for one every 10 ms."""
        app = AsyncApp(
            name="mentorbot",
            logger=logging.getLogger(LIBRARY),
            signing_secret=signing_secret,
            before_authorize=Gate(self.workspaces),
            authorize=Authority(self.workspaces),
            client=AsyncWebClient(base_url=self.workspaces.api, session=self.workspaces.session),
            process_before_response=True,
        )
        app.command(_ANY)(self._command)
        app.view_submission(_ANY)(self._submitted)
        app.view_closed(_ANY)(self._left)
        app.options(_ANY)(self._searched)
        app.block_action(forms.MORE)(self._more)
        app.block_action(_ANY)(self._pressed)
        app.event(_ANY)(self._event)
        app.action(_ANY)(self._nothing)
        app.shortcut(_ANY)(self._nothing)
        return app

    async def _command(self, body: Body, context: AsyncBoltContext, ack: AsyncAck) -> None:
        await _heard(ack, lambda: self.answering.command(incoming.command(body, _team(context)), ack))

    async def _submitted(self, body: Body, context: AsyncBoltContext, ack: AsyncAck) -> None:
        if body["view"]["callback_id"] != forms.SENT:
            await ack()
            return
        await _heard(ack, lambda: self.answering.submit(incoming.submitted(body, _team(context)), ack))

    async def _left(self, body: Body, context: AsyncBoltContext, ack: AsyncAck) -> None:
        if body["view"]["callback_id"] != forms.SENT:
            await ack()
            return
        await _heard(ack, lambda: self.answering.leave(incoming.sent(body, _team(context)), ack))

    async def _more(self, body: Body, context: AsyncBoltContext, ack: AsyncAck) -> None:
        await _heard(ack, lambda: self.answering.more(incoming.sent(body, _team(context)), ack))

    async def _searched(self, body: Body, context: AsyncBoltContext, ack: AsyncAck) -> None:
        field = str(body["block_id"]).partition(":")[0]
        kind, typed = str(body["action_id"]), str(body["value"])
        await _heard(
            ack,
            lambda: self.answering.choices(
                incoming.sent(body, _team(context)), ack, field=field, kind=kind, typed=typed
            ),
        )

    async def _pressed(self, body: Body, context: AsyncBoltContext, ack: AsyncAck) -> None:
        async def press() -> None:
            asked = incoming.pressed(body, _team(context))
            if asked is not None:
                await self.answering.press(asked, ack)

        await _heard(ack, press)

    async def _event(self, body: Body, context: AsyncBoltContext, ack: AsyncAck) -> None:
        await _heard(ack, lambda: self._happened(body, _team(context), ack))

    async def _nothing(self, ack: AsyncAck) -> None:
        await ack()

    async def _happened(self, body: Body, team: str, ack: AsyncAck) -> None:
        kind = str(body["event"]["type"])
        if kind in REVOKED:
            await self.answering.within(self._revoked(team, kind), ack)
            return
        asked: Asked | None = incoming.message(body, team) if kind == "message" else None
        if asked is not None:
            await self.answering.typed(asked, ack)
        else:
            await self.answering.within(self._noticed(body, team), ack)

    async def _noticed(self, body: Body, team: str) -> None:
        """What happens around the bot, with the event's number: it acts once however often it is brought."""
        workspace = await self.workspaces.known(team)
        if workspace is None:
            return
        event, number = body["event"], str(body["event_id"])
        kind, user = str(event["type"]), event.get("user")
        if kind == "app_home_opened" and event.get("tab") == "home":
            await self.home.show(workspace.team, str(user), event=number)
        elif kind == "member_joined_channel" and user == workspace.bot:
            await self.channels.joined(workspace, str(event["channel"]), number)
        elif kind in _GONE or (kind == "member_left_channel" and user == workspace.bot):
            await self.channels.left(workspace, str(event["channel"]), number)
        elif kind == "team_join":
            await self.answering.people.joined(workspace.team, event["user"], number)
        elif kind == "user_change":
            await self.answering.people.changed(workspace.team, event["user"], number)
        elif kind in _RENAMED:
            await self.channels.renamed(workspace, _channel(event), number)

    async def _revoked(self, team: str, kind: str) -> None:
        """Whether our token is among those that were taken back, Slack itself knows best.

        The word may come late, after the app was installed anew: a token that works is kept.
        """
        found = await self.workspaces.known(team)
        is_in_doubt = kind != "app_uninstalled"
        try:
            works = is_in_doubt if found is None else await found.works()
        except (ClientError, TimeoutError):
            works = is_in_doubt
        if not works:
            await self.workspaces.revoke(team)
            await self.channels.leave(team)


async def _heard(ack: AsyncAck, act: Callable[[], Awaitable[None]]) -> None:
    """Do what was asked, and acknowledge whatever comes of it.

    Nothing is raised: the library would forget an acknowledgement that was made already, and answer 500.
    """
    try:
        await act()
    except Unreadable:
        log.info("payload of another bot")
    except Exception:
        log.exception("event failed")
    if ack.response is None:
        await ack()


def _team(context: AsyncBoltContext) -> str:
    """Whose request it is, as the gate and the library have read it."""
    return context.team_id or ""


def _channel(event: Body) -> str:
    found: Any = event["channel"]
    return str(found["id"]) if isinstance(found, dict) else str(found)
