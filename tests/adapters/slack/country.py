"""Several workspaces of the fake Slack behind one address, and Slack's question whether an app may come in."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web

from adapters.slack.installing import COOKIE
from adapters.slack.serve import Slack
from bot import app as bot_app
from tests.adapters.slack.contract import check_inbound, sample
from tests.adapters.slack.driver import Line, Person
from tests.adapters.slack.fake import BOT, FakeSlack
from tests.stage import StoppedClock

CLIENT, CLIENT_SECRET = "111.222", "c0ffee"


@dataclass
class Country:
    """All workspaces. A code of the question is good once; an installation gives a new token each time."""

    now: Callable[[], datetime]
    workspaces: dict[str, FakeSlack] = field(default_factory=dict)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    back: str = ""
    is_busy: bool = False
    """Whether the next code is answered by a wish for a pause."""
    port: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def workspace(self, team: str) -> FakeSlack:
        """A workspace where nobody has installed the bot yet."""
        place = len(self.workspaces) + 1
        fake = FakeSlack(self.now, team=team, token="-", port=self.port, _numbers=itertools.count(1000 * place))
        fake.channel(f"mentoring-{team.lower()}")
        self.workspaces[team] = fake
        return fake

    def app(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/hooks/{number}", self._hook)
        app.router.add_get("/oauth/v2/authorize", self._ask)
        return app

    def agrees(self, team: str, user: str) -> str:
        """Somebody says yes to Slack's question for their workspace; the code that their browser brings."""
        code = f"code{next(self._numbers)}"
        self.codes[code] = (team, user)
        return code

    async def _ask(self, request: web.Request) -> web.Response:
        """Slack's question, to which everybody says yes for the first workspace."""
        code = self.agrees(next(iter(self.workspaces)), "U1")
        return web.Response(status=302, headers={"Location": f"{self.back}?code={code}&state={request.query['state']}"})

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["method"] == "oauth.v2.access":
            if self.is_busy:
                self.is_busy = False
                busy = {"ok": False, "error": "ratelimited"}
                return web.json_response(busy, status=429, headers={"Retry-After": "0"})
            return web.json_response(self._access(request, dict(await request.post())))
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.match_info["method"] == "auth.revoke":
            self.revoked.append(token)
            return web.json_response({"ok": True, "revoked": True})
        for fake in self.workspaces.values():
            if fake.token == token:
                return await fake.call(request)
        return web.json_response({"ok": False, "error": "account_inactive"})

    def _access(self, request: web.Request, given: dict[str, Any]) -> dict[str, Any]:
        secret = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {secret}":
            return {"ok": False, "error": "bad_client_secret"}
        if given["code"] not in self.codes:
            return {"ok": False, "error": "invalid_code"}
        team, user = self.codes.pop(given["code"])
        fake = self.workspaces[team]
        fake.token, fake.gone = f"xoxb-{team}-{next(self._numbers)}", ""
        return {
            "ok": True, "app_id": "A111", "token_type": "bot", "access_token": fake.token, "bot_user_id": BOT,
            "scope": ",".join(fake.scopes), "authed_user": {"id": user}, "enterprise": None,
            "is_enterprise_install": False, "team": {"id": team, "name": f"The {team} library"}, **self.more,
        }  # fmt: skip

    async def _hook(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        return await next(fake for fake in self.workspaces.values() if number in fake.urls).hook(request)


@dataclass
class Process:
    """One process of the bot, with a memory of its own."""

    app: bot_app.App
    slack: Slack
    http: aiohttp.ClientSession

    def line(self, fake: FakeSlack) -> Line:
        return Line(fake, self.slack, self.http)

    def person(self, fake: FakeSlack, name: str, **more: Any) -> Person:
        return Person(self.line(fake), fake.user(name, **more), name)

    async def happens(self, fake: FakeSlack, kind: str, **event: Any) -> None:
        """An event of a workspace."""
        body = sample("event_app_uninstalled") | {"team_id": fake.team, "event_id": f"Ev{fake.trigger('U')}"}
        body["authorizations"][0]["team_id"] = fake.team
        body["event"] |= {"type": kind, **event}
        check_inbound("event_callback", body)
        await self.line(fake).post(json.dumps(body), "application/json")


@dataclass
class Browser:
    """Somebody's browser: it keeps the one cookie, and follows no redirect by itself."""

    http: aiohttp.ClientSession
    cookie: str = ""

    async def begins(self) -> str:
        """The press on the page; the state that goes to Slack."""
        async with self.http.post("/slack/install", allow_redirects=False) as answered:
            assert answered.status == 303
            self.cookie = answered.cookies[COOKIE].value
            return parse_qs(urlsplit(answered.headers["Location"]).query)["state"][0]

    async def comes_back(self, **query: str) -> tuple[int, str]:
        """Slack sends the browser back; the page that it shows."""
        cookies = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        async with self.http.get("/slack/oauth_redirect", params=query, headers=cookies) as answered:
            return answered.status, await answered.text()

    async def installs(self, country: Country, person: Person) -> str:
        """The whole way; the page at its end."""
        code = country.agrees(person.line.fake.team, person.user)
        status, shown = await self.comes_back(state=await self.begins(), code=code)
        assert status == 200, shown
        return shown


@dataclass
class Land:
    """Two workspaces, and the bot in two processes over one database."""

    country: Country
    clock: StoppedClock
    first: Process
    second: Process
    north: FakeSlack
    south: FakeSlack

    def browser(self, process: Process | None = None) -> Browser:
        return Browser((process or self.first).http)
