"""Socket Mode: the same questions and answers over a socket that the bot opens itself."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from adapters.slack.serve import open_slack
from bot.settings import Misconfigured
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.slack.conftest import Town, settings_for
from tests.adapters.slack.contract import check, check_inbound, sample
from tests.adapters.slack.fake import TEAM, FakeSlack, Refusal


@dataclass
class Socket:
    """Slack's end of the sockets."""

    open: list[web.WebSocketResponse] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    running: asyncio.Future[None] = field(default_factory=asyncio.Future)
    """The bot's end, as long as it is there."""

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A111"}})
        self.open.append(socket)
        self.came.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                acknowledged = json.loads(message.data)
                check_inbound("socket_ack", acknowledged)
                await self.acknowledged.put(acknowledged)
        return socket

    async def bring(self, kind: str, payload: dict[str, Any], *, again: str = "") -> dict[str, Any]:
        """Send an envelope; what the bot acknowledged it with."""
        envelope = {"envelope_id": again or f"e{next(self.numbers)}", "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": int(bool(again)), "retry_reason": "timeout" if again else ""}
        check_inbound("socket_envelope", envelope)
        await self.open[-1].send_str(json.dumps(envelope))
        found = await asyncio.wait_for(self.acknowledged.get(), 3)
        assert found["envelope_id"] == envelope["envelope_id"]
        return found


@pytest.fixture
async def socket(town: Town, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Socket]:
    """The bot on the other end, with the same workspace and database."""
    socket, stop = Socket(), asyncio.Event()
    app = web.Application()
    app.router.add_get("/socket", socket.serve)
    server = TestServer(app)
    await server.start_server()
    address = f"ws://127.0.0.1:{server.port}/socket"
    monkeypatch.setattr(FakeSlack, "_apps_connections_open", lambda self, given: {"url": address}, raising=False)
    monkeypatch.setattr("tests.adapters.slack.fake.TOKENS", {"xoxb-test", "xapp-test"})
    slack = await open_slack(
        settings_for(town.fake, slack_app_token="xapp-test"), town.app, Dispatch(town.app.storage, CATALOG)
    )
    socket.running = asyncio.create_task(slack.run(stop))
    await asyncio.wait_for(socket.came.wait(), 5)
    yield socket
    await slack.settled()
    stop.set()
    await asyncio.wait([socket.running], timeout=10)
    assert socket.running.done()
    await slack.close()
    await server.close()


async def test_a_command_is_answered_over_the_socket(town: Town, socket: Socket) -> None:
    ada = town.person("Ada")
    body = sample("slash_command") | {"team_id": TEAM, "user_id": ada.user, "command": "/mentor", "text": "help"}
    body |= {"trigger_id": town.fake.trigger(ada.user), "response_url": town.fake.response_url(ada.user, "D1")}
    found = await socket.bring("slash_commands", body)
    check("response_url_message", found["payload"])
    assert "What I can do" in json.dumps(found["payload"]) or "/mentor status" in json.dumps(found["payload"])


async def test_an_envelope_that_comes_again_acts_once(town: Town, socket: Socket) -> None:
    ada = town.person("Ada")
    body = sample("event_message_from_user") | {"team_id": TEAM, "event_id": "Ev77"}
    channel = town.fake.direct(ada.user)
    body["event"] |= {"user": ada.user, "text": "mentor quiet 18:00 9:00", "channel": channel, "channel_type": "im"}
    await socket.bring("events_api", body)
    await socket.bring("events_api", body, again="e1")
    for _try in range(50):
        if ada.posts:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.2)
    assert len(ada.posts) == 1


async def test_a_lost_socket_is_opened_again(town: Town, socket: Socket) -> None:
    socket.came.clear()
    await socket.open[-1].close()
    await asyncio.wait_for(socket.came.wait(), 10)
    assert not socket.running.done()


async def test_an_app_token_that_is_taken_back_ends_this_face_with_one_line(town: Town, socket: Socket) -> None:
    town.fake.faults["apps.connections.open"] = [Refusal("token_revoked")]
    await socket.open[-1].close()
    with pytest.raises(Misconfigured, match=r"^SLACK_APP_TOKEN was refused by Slack \(token_revoked\): docs/operating"):
        await asyncio.wait_for(asyncio.shield(socket.running), 20)


@pytest.mark.parametrize("refusal", [Refusal("ratelimited", status=429), Refusal("", status=503), "break"], ids=str)
async def test_a_slack_out_of_reach_at_the_start_is_tried_again(
    town: Town, monkeypatch: pytest.MonkeyPatch, refusal: Refusal | str
) -> None:
    tried = asyncio.Event()

    def connections_open(fake: FakeSlack, given: object) -> dict[str, str]:
        if "apps.connections.open" not in fake.faults or not fake.faults["apps.connections.open"]:
            tried.set()
        return {"url": "ws://127.0.0.1:1/nowhere"}

    monkeypatch.setattr("adapters.slack.serve.PAUSES", (0.0,))
    monkeypatch.setattr(FakeSlack, "_apps_connections_open", connections_open, raising=False)
    monkeypatch.setattr("tests.adapters.slack.fake.TOKENS", {"xoxb-test", "xapp-test"})
    slack = await open_slack(
        settings_for(town.fake, slack_app_token="xapp-test"), town.app, Dispatch(town.app.storage, CATALOG)
    )
    town.fake.faults["apps.connections.open"] = [refusal, refusal]
    running = asyncio.create_task(slack.run(asyncio.Event()))
    await asyncio.wait_for(tried.wait(), 5)
    assert not running.done()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await slack.close()


async def test_a_stop_does_not_wait_for_slack(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.serve.PAUSES", (60.0,))
    stop = asyncio.Event()
    slack = await open_slack(
        settings_for(town.fake, slack_app_token="xapp-test"), town.app, Dispatch(town.app.storage, CATALOG)
    )
    town.fake.faults["apps.connections.open"] = [Refusal("", status=503)] * 2
    running = asyncio.create_task(slack.run(stop))
    for _try in range(500):
        if "apps.connections.open" in (method for method, _given in town.fake.calls):
            break
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, 5)
    await slack.close()


async def test_a_stop_does_not_wait_for_a_socket_that_hangs(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, stop = asyncio.Event(), asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        asked.set()
        await asyncio.sleep(60)
        raise AssertionError

    app = web.Application()
    app.router.add_get("/socket", hang)
    server = TestServer(app)
    await server.start_server()
    address = f"ws://127.0.0.1:{server.port}/socket"
    monkeypatch.setattr(FakeSlack, "_apps_connections_open", lambda self, given: {"url": address}, raising=False)
    monkeypatch.setattr("tests.adapters.slack.fake.TOKENS", {"xoxb-test", "xapp-test"})
    settings = settings_for(town.fake, slack_app_token="xapp-test")
    slack = await open_slack(settings, town.app, Dispatch(town.app.storage, CATALOG))
    running = asyncio.create_task(slack.run(stop))
    await asyncio.wait_for(asked.wait(), 5)
    stop.set()
    await asyncio.wait_for(running, 5)
    await slack.close()
    await server.close()


async def test_a_wrong_app_token_is_named(town: Town) -> None:
    town.fake.faults["apps.connections.open"] = [Refusal("invalid_auth")]
    settings = settings_for(town.fake, slack_app_token="xapp-test")
    slack = await open_slack(settings, town.app, Dispatch(town.app.storage, CATALOG))
    with pytest.raises(Misconfigured) as refused:
        await asyncio.wait_for(slack.run(asyncio.Event()), 5)
    assert str(refused.value).startswith("SLACK_APP_TOKEN was refused by Slack (invalid_auth)")
    await slack.close()
