"""The two Slack apps that are compared: the bot, and a bare Bolt app that executes recorded statements."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.slack.manifest import PATH
from adapters.slack.serve import Slack, open_slack
from benchmarks import program
from benchmarks.beside import tell
from benchmarks.recorded import Statement, plain_engines, recording, replay
from benchmarks.stage import bot_over
from bot.app import App
from bot.settings import Settings
from commands import CATALOG
from commands.dispatch import Dispatch

TEAM, SECRET, TOKEN = "T1", "abcdef0123456789", "xoxb-bench"


@dataclass(frozen=True, slots=True)
class Told:
    """What one request executed, and how it was acknowledged."""

    statements: list[Statement]
    answer: Mapping[str, Any]


async def mentorbot(url: str, api: str, pipe: Connection) -> None:
    """The bot as it is."""
    async with _bot(url, api) as (_app, slack):
        served = web.Application()
        slack.add_routes(served)
        async with _serving(served) as port:
            await tell(pipe, port, lambda: None)


async def recorder(url: str, api: str, pipe: Connection) -> None:
    """The bot, which tells what its newest request has executed."""
    newest: list[Told] = []

    async with _bot(url, api) as (app, slack):

        @web.middleware
        async def record(request: web.Request, handler: Any) -> web.StreamResponse:
            with recording(app.storage.engines) as statements:
                answered: web.Response = await handler(request)
            await slack.settled()  # what follows an answer is done for many at once, and is not a part of it
            newest[:] = [Told(statements, json.loads(answered.text or "{}"))]
            return answered

        served = web.Application(middlewares=[record])
        slack.add_routes(served)
        async with _serving(served) as port:
            await tell(pipe, port, lambda: newest[0])


async def bare(url: str, told: Told, pipe: Connection) -> None:
    """Bolt alone."""
    engines = plain_engines(url)

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_token=TOKEN, bot_id="B1", bot_user_id="UBOT")

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    async def answer(ack: Any) -> None:
        await replay(engines, told.statements)
        await ack(**told.answer)

    for name in ("/mentor", "/goals", "/checkin"):
        app.command(name)(answer)

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    served = web.Application()
    served.router.add_post(PATH, receive)
    async with _serving(served) as port:
        await tell(pipe, port, lambda: None)
    await engines.close()


@asynccontextmanager
async def _bot(url: str, api: str) -> AsyncIterator[tuple[App, Slack]]:
    async with bot_over(url) as (app, clock):
        clock.set(program.MIDST)
        settings = Settings(slack_bot_token=TOKEN, slack_signing_secret=SECRET, slack_api_base_url=api)
        slack = await open_slack(settings, app, Dispatch(app.storage, CATALOG))
        try:
            yield app, slack
        finally:
            await slack.close()


@asynccontextmanager
async def _serving(served: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
