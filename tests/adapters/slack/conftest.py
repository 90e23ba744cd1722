"""The bot on a fake Slack, over real sockets on the loopback interface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack import home
from adapters.slack.serve import Slack, open_slack
from bot import app as bot_app
from bot.ports import Messenger
from bot.scheduling.turning import turn_to
from bot.services.office import Office
from bot.settings import Settings
from bot.storage.work import Storage
from commands import CATALOG
from commands.catalog import Catalog
from commands.dispatch import Dispatch
from tests.adapters.slack.country import CLIENT, CLIENT_SECRET, Country, Land, Process
from tests.adapters.slack.driver import SECRET, Line, Person
from tests.adapters.slack.fake import BOT, TOKEN, FakeSlack
from tests.databases import Connections
from tests.stage import StoppedClock

KEY = "bWVudG9yYm90LXRlc3RzLW9ubHktbm90LWEtc2VjcmU="


@dataclass
class Town:
    """A workspace, its people, and the bot in it with a stopped clock."""

    app: bot_app.App
    clock: StoppedClock
    fake: FakeSlack
    slack: Slack
    line: Line

    def person(self, name: str, *, zone: str = "America/New_York", **more: object) -> Person:
        """Somebody in the workspace, of whom the bot knows nothing."""
        return Person(self.line, self.fake.user(name, zone=zone, **more), name)

    async def forward(self, **delta: float) -> None:
        """Turn the clock; everything that falls due on the way happens."""
        await turn_to(self.app.office, self.clock, self.clock.now() + timedelta(**delta))
        await self.slack.settled()

    async def pulse(self) -> None:
        await self.app.pulse()
        await self.slack.settled()


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """A workspace with two channels that the bot is in, and one that it is not in."""
    async with workspace() as fake:
        yield fake


@asynccontextmanager
async def workspace() -> AsyncIterator[FakeSlack]:
    """A workspace, which at its end must not have been sent anything that Slack would refuse."""
    clock = StoppedClock()
    fake = FakeSlack(clock.now)
    fake.channel("mentoring")
    fake.channel("liaisons", private=True)
    fake.channel("staff", members=())
    fake.channel("events")
    server = TestServer(fake.app())
    await server.start_server()
    assert server.port is not None
    fake.port = server.port
    yield fake
    await server.close()
    assert fake.wrong == [], "Slack would have refused this"


def settings_for(fake: FakeSlack, **more: str) -> Settings:
    """What is set for the fake workspace."""
    known = {"slack_bot_token": TOKEN, "slack_signing_secret": SECRET}
    return Settings(_env_file=None, slack_api_base_url=f"http://127.0.0.1:{fake.port}/api/", **{**known, **more})  # type: ignore[call-arg, arg-type]


@pytest.fixture(autouse=True)
def homes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Home tab waits for more changes to gather."""
    monkeypatch.setattr(home, "DELAY", 0)


@pytest.fixture
async def town(fake: FakeSlack, database: str, connections: Connections) -> AsyncIterator[Town]:
    """The bot, started as `mentorbot run` starts it, once on SQLite and once on PostgreSQL."""
    async with town_over(fake, database, connections, CATALOG) as town:
        yield town


@asynccontextmanager
async def town_over(fake: FakeSlack, database: str, connections: Connections, catalog: Catalog) -> AsyncIterator[Town]:
    """The bot in the fake workspace, over a database."""
    clock = StoppedClock()
    storage = Storage(connections.engines(database), clock)
    async with town_of(fake, bot_app.App(storage, clock, Office(storage, {})), clock, catalog) as town:
        yield town


@asynccontextmanager
async def town_of(fake: FakeSlack, app: bot_app.App, clock: StoppedClock, catalog: Catalog) -> AsyncIterator[Town]:
    """The fake workspace as a face of a bot."""
    fake.now = clock.now
    slack = await open_slack(settings_for(fake), app, Dispatch(app.storage, catalog))
    app.office.messengers["slack"] = slack.messenger  # type: ignore[index]
    served = web.Application()
    slack.add_routes(served)
    server = TestServer(served)
    await server.start_server()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as http:
        yield Town(app, clock, fake, slack, Line(fake, slack, http))
    await server.close()
    await slack.close()


def settings_for_many(country: Country, **more: str) -> Settings:
    """What is set for a bot that any workspace may install."""
    known = {"slack_client_id": CLIENT, "slack_client_secret": CLIENT_SECRET, "slack_signing_secret": SECRET}
    base = f"http://127.0.0.1:{country.port}/api/"
    return Settings(_env_file=None, slack_api_base_url=base, **{**known, "mentorbot_secret_key": KEY, **more})  # type: ignore[call-arg, arg-type]


@asynccontextmanager
async def process(country: Country, storage: Storage, clock: StoppedClock, **more: str) -> AsyncIterator[Process]:
    """One process of that bot, with nothing in its memory."""
    messengers: dict[str, Messenger] = {}
    app = bot_app.App(storage, clock, Office(storage, messengers))
    slack = await open_slack(settings_for_many(country, **more), app, Dispatch(storage, CATALOG))
    messengers["slack"] = slack.messenger
    served = web.Application()
    slack.add_routes(served)
    server = TestServer(served)
    await server.start_server()
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}", cookie_jar=jar) as http:
        yield Process(app, slack, http)
    await server.close()
    await slack.close()


@pytest.fixture
async def land(database: str, connections: Connections) -> AsyncIterator[Land]:
    """Two workspaces where nobody has installed the bot, and the bot in two processes over one database."""
    clock = StoppedClock()
    country = Country(clock.now)
    server = TestServer(country.app())
    await server.start_server()
    assert server.port is not None
    country.port = server.port
    north, south = country.workspace("TNORTH"), country.workspace("TSOUTH")
    storage = Storage(connections.engines(database), clock)
    async with process(country, storage, clock) as first, process(country, storage, clock) as second:
        yield Land(country, clock, first, second, north, south)
    await server.close()
    assert north.wrong + south.wrong == [], "Slack would have refused this"


__all__ = [
    "BOT", "Town", "fake", "land", "process", "settings_for", "settings_for_many", "town", "town_over", "workspace",
]  # fmt: skip
