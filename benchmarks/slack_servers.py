"""The two servers that are compared: the bot on Slack, and a bare Bolt app that executes recorded statements."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import create_async_engine

from adapters.slack.serve import open_slack
from benchmarks import program
from benchmarks.stage import bot_over
from bot.settings import Settings
from bot.storage.engine import Engines
from commands import CATALOG
from commands.dispatch import Dispatch

TEAM, SECRET, TOKEN = "T1", "abcdef0123456789", "xoxb-bench"

PATIENCE = 30
"""Seconds until a server that does not start has failed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the driver got it, in which transaction (they are numbered), and whether that one writes."""

    transaction: int
    writes: bool
    sql: str
    parameters: Any


@dataclass(slots=True)
class Reading:
    """What one request executed, and how it was acknowledged."""

    statements: list[Statement] = field(default_factory=list)
    answer: Mapping[str, Any] = field(default_factory=dict)


@asynccontextmanager
async def serving(
    what: str, url: str, api: str, recorded: Reading | None = None
) -> AsyncIterator[tuple[int, Callable[[], Awaitable[Reading]]]]:
    """A server in a process of its own: its port, and what its newest request has executed."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(what, url, api, recorded, there), daemon=True)
    process.start()
    there.close()
    if not await asyncio.to_thread(here.poll, PATIENCE):
        process.kill()
        raise TimeoutError(f"{what} did not start")
    port = int(here.recv())

    async def record() -> Reading:
        here.send("record")
        found = await asyncio.to_thread(here.recv)
        assert isinstance(found, Reading)
        return found

    try:
        yield port, record
    finally:
        here.send("stop")
        await asyncio.to_thread(process.join, PATIENCE)
        if process.is_alive():
            process.kill()


def _serve(what: str, url: str, api: str, recorded: Reading | None, pipe: Connection) -> None:
    if what == "bare":
        assert recorded is not None, "something was recorded"
        asyncio.run(_bare(url, recorded, pipe))
    else:
        asyncio.run(_ours(url, api, pipe, records=what == "record"))


async def _ours(url: str, api: str, pipe: Connection, *, records: bool) -> None:
    async with bot_over(url) as (app, clock):
        clock.set(program.MIDST)
        settings = Settings(slack_bot_token=TOKEN, slack_signing_secret=SECRET, slack_api_base_url=api)
        slack = await open_slack(settings, app, Dispatch(app.storage, CATALOG))
        served, recorder = web.Application(middlewares=[]), Recorder(app.storage.engines)
        if records:
            served.middlewares.append(recorder.middleware)
            event.listen(Engine, "before_cursor_execute", recorder.note)
        slack.add_routes(served)
        try:
            await _until_stopped(served, pipe, recorder.reading)
        finally:
            await slack.close()


class Recorder:
    """Keeps what the newest request executed."""

    def __init__(self, engines: Engines) -> None:
        self._write = engines.write.sync_engine
        self._transactions: dict[int, int] = {}
        self._kept = Reading()

    def reading(self) -> Reading:
        """The newest request."""
        return self._kept

    def note(self, connection: Any, _cursor: object, sql: str, parameters: Any, *_rest: object) -> None:
        """A statement goes to the driver; those that begin a transaction are the engine's own."""
        if not sql.startswith("BEGIN"):
            number = self._transactions.setdefault(id(connection), len(self._transactions))
            writes = connection.engine is self._write
            self._kept.statements.append(Statement(number, writes, sql, parameters))

    @property
    def middleware(self) -> Any:
        """Begins anew with each request, and keeps its answer."""

        @web.middleware
        async def record(request: web.Request, handler: Any) -> web.StreamResponse:
            self._kept, self._transactions = Reading(), {}
            answered = await handler(request)
            self._kept.answer = json.loads(answered.text)
            return answered  # type: ignore[no-any-return]

        return record


async def _bare(url: str, recorded: Reading, pipe: Connection) -> None:
    engines = _plain_engines(url)
    transactions: dict[int, list[Statement]] = {}
    for statement in recorded.statements:
        transactions.setdefault(statement.transaction, []).append(statement)

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token=TOKEN, bot_id="B1", bot_user_id="UBOT")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    async def answer(ack: Any) -> None:
        for statements in transactions.values():
            await _execute(engines, statements)
        await ack(**recorded.answer)

    for name in ("/mentor", "/goals", "/checkin"):
        app.command(name)(answer)

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    served = web.Application()
    served.router.add_post("/slack/events", receive)
    try:
        await _until_stopped(served, pipe, lambda: recorded)
    finally:
        await engines.close()


def _plain_engines(url: str) -> Engines:
    """Engines as anybody would open them, with what SQLite needs to be as quick and as safe as ours."""
    engines = []
    for begin, size in (("BEGIN IMMEDIATE", 1), ("BEGIN", 4)):
        engine = create_async_engine(url, pool_size=size, max_overflow=0)
        event.listen(engine.sync_engine, "connect", _prepare)
        event.listen(engine.sync_engine, "begin", partial(_begin, begin))
        engines.append(engine)
    return Engines(*engines)


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(how: str, connection: Any) -> None:
    connection.exec_driver_sql(how)


async def _execute(engines: Engines, statements: list[Statement]) -> None:
    engine = engines.write if statements[0].writes else engines.read
    async with engine.begin() as connection:
        for one in statements:
            found = await connection.exec_driver_sql(one.sql, one.parameters)
            if found.returns_rows:
                found.fetchall()


async def _until_stopped(served: web.Application, pipe: Connection, reading: Callable[[], Reading]) -> None:
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    pipe.send(runner.addresses[0][1])
    while await asyncio.to_thread(pipe.recv) == "record":
        pipe.send(reading())
    await runner.cleanup()
