"""Starting and stopping the sandbox, and what it finds again."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import update

from adapters.sandbox import ownership, seed
from adapters.sandbox.serve import open_sandbox, serve, web_app
from adapters.sandbox.tables import Dial
from bot.domain import Space
from bot.settings import Settings
from tests.adapters.sandbox.trial import CATALOG

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
]

DOCUMENTED = (Path(__file__).parents[3] / "docs" / "sandbox-api.md").read_text(encoding="utf-8")

Running = Callable[[], AbstractAsyncContextManager[tuple[aiohttp.ClientSession, str]]]


@pytest.fixture
def running(database: str, capsys: pytest.CaptureFixture[str]) -> Running:
    """`async with running() as (session, address)`: the sandbox as the command line runs it."""

    @asynccontextmanager
    async def run() -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
        stop = asyncio.Event()
        served = asyncio.create_task(serve(_settings(database), stop))
        async with asyncio.timeout(10), aiohttp.ClientSession() as session:
            while not (found := re.search(r"http://\S+", capsys.readouterr().out)):
                assert not served.done(), served
                await asyncio.sleep(0.02)
            yield session, found[0]
            stop.set()
            await served

    return run


def _settings(database: str, **more: Any) -> Settings:
    return Settings(sandbox_database_url=database, port=more.pop("port", 0), **more)


async def _json(session: aiohttp.ClientSession, path: str, body: Any = None) -> Any:
    method = "GET" if body is None else "POST"
    async with session.request(method, path, json=body) as answer:
        assert answer.ok, await answer.text()
        return await answer.json()


async def test_it_begins_with_an_invented_cast(running: Running) -> None:
    async with running() as (session, base):
        people = (await _json(session, f"{base}/api/people"))["people"]
    assert [p["name"] for p in people][:4] == ["Olga", "Lena", "Tom", "Ada"]
    assert [p["name"] for p in people if p["coordinator"]] == ["Olga"]
    assert [p["name"] for p in people if p["liaison"]] == ["Lena", "Tom"]
    assert {"Asia/Kolkata", "Pacific/Auckland", "America/Sao_Paulo"} <= {p["timezone"] for p in people}


async def test_it_stops_at_once_though_pages_are_open(running: Running) -> None:
    async with running() as (session, base):
        stream = await session.get(f"{base}/api/events")
        await stream.content.readline()
        begun = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begun < 3


async def test_it_finds_yesterdays_people_and_clock(running: Running) -> None:
    async with running() as (session, base):
        await _json(session, f"{base}/api/clock", {"forward": {"days": 40}})
        await _json(session, f"{base}/api/people/4/type", {"text": "hello"})
    async with running() as (session, base):
        now = datetime.fromisoformat((await _json(session, f"{base}/api/clock"))["now"])
        inbox = (await _json(session, f"{base}/api/people/4/inbox"))["messages"]
    assert timedelta(days=39, hours=23) < now - datetime.now(UTC) < timedelta(days=40, minutes=1)
    assert len(inbox) == 1


async def test_its_clock_never_goes_back_before_its_newest_message(database: str) -> None:
    playground = open_sandbox(database, CATALOG)
    await seed.start_over(playground, cast=True)
    playground.clock.set(datetime.now(UTC) + timedelta(days=9))
    await playground.board.write("dm-4", "written just before a crash", author=4)
    async with playground.app.storage.work() as work:
        await work.session.execute(update(Dial).values(ahead=0))
    await playground.app.close()
    again = open_sandbox(database, CATALOG)
    await seed.begin(again)
    assert again.clock.now() - datetime.now(UTC) > timedelta(days=8, hours=23)
    await again.app.close()


async def test_it_does_not_touch_another_platforms_database(database: str) -> None:
    await asyncio.to_thread(ownership.check, f"{database}-not-there-yet")
    playground = open_sandbox(database, CATALOG)
    await seed.start_over(playground, cast=False)
    await asyncio.to_thread(ownership.check, database)
    async with playground.app.storage.work() as work:
        await work.session.execute(update(Space).values(platform="slack"))
    await playground.app.close()
    with pytest.raises(ownership.NoSandbox) as refused:
        await asyncio.to_thread(ownership.check, database)
    assert str(refused.value) == (
        "SANDBOX_DATABASE_URL must name a database of its own: this one belongs to a community on slack."
    )


async def test_it_listens_on_this_machine_alone(database: str) -> None:
    with pytest.raises(SystemExit, match="HOST must be"):
        await serve(_settings(database, host="0.0.0.0"), asyncio.Event())


async def test_a_port_in_use_is_said_in_one_line(database: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit, match=f"PORT {port} is in use"):
            await serve(_settings(database, port=port), asyncio.Event())


async def test_every_address_is_documented(database: str) -> None:
    playground = open_sandbox(database, CATALOG)
    paths = {resource.canonical for resource in web_app(playground).router.resources()} - {"/", "/page"}
    assert [path for path in sorted(paths) if path not in DOCUMENTED] == []
    await playground.app.close()
