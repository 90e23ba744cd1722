"""Discord over its gateway: from a command's arrival to its answer, beside a bare discord.py client with the same SQL.

Each of the two runs in a process of its own over its own copy of one database; this process is Discord.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypedDict

from aiohttp import web
from sqlalchemy import String, cast, update

from benchmarks import discord_bots, program
from benchmarks.beside import Beside, Playing, beside
from benchmarks.databases import copy, databases
from benchmarks.stage import bot_over
from benchmarks.timing import percentile
from bot.domain import Account, Space
from tests.adapters.discord.loopback import DISPATCH, IDENTIFY, Loopback, loopback

PAIRS = 41
ROUNDS = 5
SECONDS = 3.0
"""How long a round lasts; ours and the bare one take turns."""

AT_ONCE = 16

Command = tuple[str, str, dict[str, Any]]

COMMANDS: Sequence[Command] = (
    ("mentor", "status", {}),
    ("goals", "list", {}),
    ("checkin", "log", {"how": "video", "minutes": 45}),
)


class Row(TypedDict):
    """One command of one bot, one at a time or some at once. `ratio` is how many it answers for one of the bare
    bot's; milliseconds from the gateway's message to the answer over REST."""

    command: str
    pace: str
    bot: str
    a_second: float
    ratio: float
    p50_ms: float
    p99_ms: float
    statements: int


@dataclass
class Gateway(Loopback):
    """Discord, which waits for the answer to each interaction."""

    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    async def rest(self, request: web.Request) -> web.Response:
        """As ever; an answer reaches whoever asked."""
        answered = await super().rest(request)
        _method, path, body = self.requests.pop()
        if path.endswith("/callback"):
            self.waiting.pop(path.split("/")[3]).set_result(body)
        return answered

    async def ask(self, command: Command, person: int) -> tuple[float, dict[str, Any]]:
        """One command; milliseconds until its answer, and the answer."""
        token = f"t{next(_numbers)}"
        answered = self.waiting[token] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        await self.send(DISPATCH, _interaction(command, person, token), "INTERACTION_CREATE")
        body = await asyncio.wait_for(answered, 30)
        assert body["type"] == 4, f"no answer to {command}: {body}"
        assert "content" in body["data"], f"no answer to {command}: {body}"
        return (time.perf_counter() - began) * 1000, body["data"]


@dataclass(slots=True)
class _Bot:
    """One of the two, and what was measured of it: alone and at once."""

    name: str
    gateway: Gateway
    a_second: dict[int, list[float]] = field(default_factory=lambda: {1: [], AT_ONCE: []})
    taken: dict[int, list[float]] = field(default_factory=lambda: {1: [], AT_ONCE: []})


def measure(rounds: int = ROUNDS, *, seconds: float = SECONDS) -> list[Row]:
    """Ask for each command, of both bots in turn."""
    return [row for command in COMMANDS for row in _measure(command, rounds, seconds)]


def _measure(command: Command, rounds: int, seconds: float) -> list[Row]:
    with databases("sqlite", "ours", "bare") as (ours, bare):
        people = asyncio.run(_fill(ours))
        return asyncio.run(_play(command, ours, bare, people, rounds, seconds))


async def _fill(url: str) -> Sequence[int]:
    async with bot_over(url) as (app, clock):
        clock.set(program.MIDST)
        async with app.storage.work() as work:
            there = await program.talking(work, "talking", pairs=PAIRS)
            here = update(Space).where(Space.id == there.space.id).values(platform="discord", external="9")
            await work.session.execute(here)
            await work.session.execute(update(Account).values(user=cast(Account.person_id, String)))
    return there.people


async def _play(
    command: Command, ours: str, bare: str, people: Sequence[int], rounds: int, seconds: float
) -> list[Row]:
    async with AsyncExitStack() as stack:
        statements, answer = await _recorded(command, ours, people[0])
        copy(ours, bare)
        mine, _ = await stack.enter_async_context(_bot(discord_bots.mentorbot, ours))
        theirs, _ = await stack.enter_async_context(_bot(discord_bots.bare, bare, statements, answer))
        bots = _Bot("mentorbot", mine), _Bot("bare discord.py", theirs)
        for round_ in range(rounds + 1):
            for bot in bots:
                for at_once in (1, AT_ONCE):
                    await _rush(bot, command, people, seconds / 2, at_once=at_once, counts=round_ > 0)
        return [_row(command, bot, bots[1], pace, len(statements)) for pace in (1, AT_ONCE) for bot in bots]


async def _recorded(command: Command, url: str, person: int) -> tuple[list[Any], dict[str, Any]]:
    """What the third request of a kind executes: caches are full, and rows are there to be changed."""
    async with _bot(discord_bots.recorder, url) as (gateway, bot):
        for _again in range(3):
            _took, answer = await gateway.ask(command, person)
        return await bot.ask(), answer


async def _rush(
    bot: _Bot, command: Command, people: Sequence[int], seconds: float, *, at_once: int, counts: bool
) -> None:
    """As fast as the bot can. The first round of all only fills caches, and does not count."""
    asked, begins = itertools.cycle(people), time.perf_counter()
    taken: list[float] = []

    async def one() -> None:
        while time.perf_counter() < begins + seconds:
            taken.append((await bot.gateway.ask(command, next(asked)))[0])

    await asyncio.gather(*(one() for _ in range(at_once)))
    if counts:
        bot.taken[at_once] += taken
        bot.a_second[at_once].append(len(taken) / (time.perf_counter() - begins))


@asynccontextmanager
async def _bot(play: Playing, url: str, *more: Any) -> AsyncIterator[tuple[Gateway, Beside]]:
    async with loopback(Gateway()) as gateway, beside(play, url, gateway.base, *more) as bot:
        assert (await gateway.greeting(1))[1] == IDENTIFY
        yield gateway, bot


_numbers = itertools.count(1)


def _interaction(command: Command, person: int, token: str) -> dict[str, Any]:
    """A command that somebody sends in their direct messages."""
    root, leaf, options = command
    given = [
        {"name": name, "type": 4 if isinstance(value, int) else 3, "value": value} for name, value in options.items()
    ]
    user = {"id": str(person), "username": "mia", "discriminator": "0", "avatar": None, "global_name": "Mia"}
    return {
        "id": str(900 + next(_numbers)), "application_id": "1", "type": 2, "token": token, "version": 1,
        "channel_id": "50", "channel": {"id": "50", "type": 1}, "user": user, "locale": "en-US", "entitlements": [],
        "attachment_size_limit": 1000, "authorizing_integration_owners": {}, "context": 1, "app_permissions": "0",
        "data": {"id": "7", "name": root, "type": 1, "options": [{"name": leaf, "type": 1, "options": given}]},
    }  # fmt: skip


def _row(command: Command, bot: _Bot, bare: _Bot, pace: int, statements: int) -> Row:
    mine, theirs = median(bot.a_second[pace]), median(bare.a_second[pace])
    return Row(
        command=f"/{command[0]} {command[1]}",
        pace="one at a time" if pace == 1 else f"{pace} at once",
        bot=bot.name,
        a_second=round(mine, 1),
        ratio=round(mine / theirs, 2),
        p50_ms=round(median(bot.taken[pace]), 1),
        p99_ms=round(percentile(bot.taken[pace], 0.99), 1),
        statements=statements,
    )
