"""Slack over HTTP: signed slash commands a second, beside a bare Bolt app that executes the same SQL.

Each of the two serves from a process of its own over its own copy of one database; this process is Slack.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TypedDict
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from sqlalchemy import update

from benchmarks import program, slack_servers
from benchmarks.beside import beside
from benchmarks.databases import copy, databases
from benchmarks.slack_servers import SECRET, TEAM
from benchmarks.stage import bot_over
from benchmarks.timing import percentile
from bot.domain import Space

PAIRS = 41
ROUNDS = 5
SECONDS = 3.0
"""How long a round lasts; ours and the bare one take turns."""

AT_ONCE = 16
A_SECOND = 50
"""Commands a second of the steady pace, at which every acknowledgement has to come within one second."""

COMMANDS = (
    ("/mentor", "status"),
    ("/goals", "list"),
    ("/checkin", "log how:video minutes:45"),
)


class Row(TypedDict):
    """One command on one server. `ratio` is its throughput over the bare one's; milliseconds until the
    acknowledgement, which holds the whole answer. At a steady pace it is counted from when the command was due."""

    command: str
    pace: str
    server: str
    a_second: float
    ratio: float
    p50_ms: float
    p99_ms: float
    longest_ms: float
    statements: int


@dataclass(slots=True)
class _Server:
    """One of the two, and what was measured of it."""

    name: str
    http: aiohttp.ClientSession
    a_second: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)


def measure(rounds: int = ROUNDS, *, seconds: float = SECONDS) -> list[Row]:
    """Ask for each command as fast as both servers can, in turn, and then ours at a steady pace."""
    return [row for command in COMMANDS for row in _measure(command, rounds, seconds)]


def _measure(command: tuple[str, str], rounds: int, seconds: float) -> list[Row]:
    with databases("sqlite", "ours", "bare") as (ours, bare):
        people = asyncio.run(_fill(ours))
        return asyncio.run(_play(command, ours, bare, people, rounds, seconds))


async def _fill(url: str) -> Sequence[int]:
    async with bot_over(url) as (app, clock):
        clock.set(program.MIDST)
        async with app.storage.work() as work:
            there = await program.talking(work, "talking", pairs=PAIRS)
            here = update(Space).where(Space.id == there.space.id)
            await work.session.execute(here.values(platform="slack", external=TEAM))
    return there.people


async def _play(
    command: tuple[str, str], ours: str, bare: str, people: Sequence[int], rounds: int, seconds: float
) -> list[Row]:
    async with _slack() as api, AsyncExitStack() as stack:
        told = await _recorded(command, ours, api, people[0])
        copy(ours, bare)
        one = await stack.enter_async_context(beside(slack_servers.mentorbot, ours, api))
        other = await stack.enter_async_context(beside(slack_servers.bare, bare, told))
        mentorbot = _Server("mentorbot", await stack.enter_async_context(_client(one.hello)))
        bolt = _Server("bare Bolt", await stack.enter_async_context(_client(other.hello)))
        for round_ in range(rounds + 1):
            for server in (mentorbot, bolt):
                await _rush(server, command, people, seconds, counts=round_ > 0)
        statements = len(told.statements)
        rows = [_row(command, server, bolt, statements) for server in (mentorbot, bolt)]
        steady = await _pace(mentorbot.http, command, people, seconds * 2)
        return [*rows, _steady(command, steady, statements)]


async def _recorded(command: tuple[str, str], url: str, api: str, person: int) -> slack_servers.Told:
    """What the third request of a kind executes: caches are full, and rows are there to be changed."""
    async with beside(slack_servers.recorder, url, api) as bot, _client(bot.hello) as http:
        for _again in range(3):
            await _ask(http, command, person)
        told: slack_servers.Told = await bot.ask()
        return told


async def _rush(
    server: _Server, command: tuple[str, str], people: Sequence[int], seconds: float, *, counts: bool
) -> None:
    """As fast as the server can, some at once. The first round of all only fills caches, and does not count."""
    asked, begins = itertools.cycle(people), time.perf_counter()
    taken: list[float] = []

    async def one() -> None:
        while time.perf_counter() < begins + seconds:
            taken.append(await _ask(server.http, command, next(asked)))

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    if counts:
        server.taken += taken
        server.a_second.append(len(taken) / (time.perf_counter() - begins))


async def _pace(
    http: aiohttp.ClientSession, command: tuple[str, str], people: Sequence[int], seconds: float
) -> list[float]:
    """A steady pace, whatever the answers take; milliseconds from when each was due."""
    begins, asked = time.perf_counter(), itertools.cycle(people)
    taken: list[float] = []

    async def one(due: float) -> None:
        await _ask(http, command, next(asked))
        taken.append((time.perf_counter() - due) * 1000)

    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * A_SECOND)):
            due = begins + number / A_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    return taken


async def _ask(http: aiohttp.ClientSession, command: tuple[str, str], person: int) -> float:
    """One signed command; milliseconds until its answer."""
    body = _body(command, person)
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signature}",
    }
    began = time.perf_counter()
    async with http.post("/slack/events", data=body.encode(), headers=headers) as answered:
        said = await answered.text()
    assert answered.status == 200, f"no answer to {command}: {answered.status} {said[:300]}"
    assert not said or '"blocks"' in said, f"no answer to {command}: {said[:300]}"  # nothing: the answer follows
    return (time.perf_counter() - began) * 1000


_triggers = itertools.count(1)


def _body(command: tuple[str, str], person: int) -> str:
    known = {
        "token": "unused",
        "team_id": TEAM,
        "team_domain": "library",
        "channel_id": f"D{person}",
        "channel_name": "directmessage",
        "user_id": f"U{person}",
        "user_name": f"person{person}",
        "command": command[0],
        "text": command[1],
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/response",
        "trigger_id": f"{next(_triggers)}.{time.time_ns()}",
    }
    return urlencode(known)


@asynccontextmanager
async def _slack() -> AsyncIterator[str]:
    """As much of Slack's Web API as a start asks for."""

    async def answer(request: web.Request) -> web.Response:
        known = {"team_id": TEAM, "team": "Library", "user_id": "UBOT", "bot_id": "B1", "channels": []}
        return web.json_response({"ok": True, "user": {"id": "U1"}, **known})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _client(port: int) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector) as http:
        yield http


def _row(command: tuple[str, str], server: _Server, bare: _Server, statements: int) -> Row:
    mine, theirs = median(server.a_second), median(bare.a_second)
    return Row(
        command=" ".join(command),
        pace=f"{AT_ONCE} at once",
        server=server.name,
        a_second=round(mine, 1),
        ratio=round(mine / theirs, 2),
        p50_ms=round(median(server.taken), 1),
        p99_ms=round(percentile(server.taken, 0.99), 1),
        longest_ms=round(max(server.taken), 1),
        statements=statements,
    )


def _steady(command: tuple[str, str], taken: Sequence[float], statements: int) -> Row:
    return Row(
        command=" ".join(command),
        pace=f"{A_SECOND} a second",
        server="mentorbot",
        a_second=float(A_SECOND),
        ratio=0.0,
        p50_ms=round(median(taken), 1),
        p99_ms=round(percentile(taken, 0.99), 1),
        longest_ms=round(max(taken), 1),
        statements=statements,
    )
