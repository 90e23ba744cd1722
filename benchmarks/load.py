"""Commands at a steady pace on SQLite, alone and beside a sweep of 1 000 pairs and the first match of 41."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import TypedDict

from sqlalchemy import func, select

from benchmarks import program
from benchmarks.asking import Asking
from benchmarks.cases import Args
from benchmarks.databases import databases
from benchmarks.program import Program
from benchmarks.stage import START, StandingClock, bot_over
from benchmarks.timing import percentile
from bot.app import App
from bot.domain import Letter, LetterState, Person, Task, TaskState

A_SECOND = 20
PAIRS = 1000
MATCHED = 41
ALONE = 10.0
"""Seconds without anything beside the commands."""

DUE = START + timedelta(days=14, hours=9)
"""When the letters of the whole country are due."""

WARM = 20
"""Requests that are not counted."""

Round = tuple[str, Args, bool]

READS: Sequence[Round] = (("mentor status", {}, False), ("goals list", {}, False))
WRITES: Sequence[Round] = (
    ("checkin log", {"how": "video", "minutes": "45"}, True),
    ("nudge planned", {}, False),
)


class Row(TypedDict):
    """Commands of one kind under one burden; milliseconds from the moment at which each was due to be asked.

    `beside_s` is how long the sweep, the deliveries and the match took while commands were asked.
    """

    beside: str
    commands: str
    asked: int
    p50_ms: float
    p99_ms: float
    longest_ms: float
    beside_s: float


@dataclass(slots=True)
class _Crowd:
    app: App
    clock: StandingClock
    asking: Asking
    there: Program
    matching: Program
    taken: dict[str, list[float]] = field(default_factory=dict)
    turn: int = 0


def measure(pairs: int = PAIRS, *, alone: float = ALONE) -> list[Row]:
    """Ask for `alone` seconds, and then for as long as the sweep and the match take."""
    with databases("sqlite", "load") as (url,):
        return asyncio.run(_play(url, pairs, alone))


async def _play(url: str, pairs: int, alone: float) -> list[Row]:
    async with _crowd(url, pairs) as crowd:
        await _pace(crowd, asyncio.create_task(asyncio.sleep(WARM / A_SECOND)))
        quiet = await _pace(crowd, asyncio.create_task(asyncio.sleep(alone)))
        rows = _rows(crowd, "nothing", quiet)
        crowd.clock.set(DUE)
        busy = await _pace(crowd, asyncio.create_task(_work(crowd)))
        return [*rows, *_rows(crowd, f"a sweep of {pairs} pairs, their letters, a match", busy)]


@asynccontextmanager
async def _crowd(url: str, pairs: int) -> AsyncIterator[_Crowd]:
    async with bot_over(url) as (app, clock):
        clock.set(program.MIDST)
        async with app.storage.work() as work:
            talking = await program.talking(work, "talking", pairs=pairs)
            matching = await program.matching(work, "matching", mentees=MATCHED)
        yield _Crowd(app, clock, Asking(app.storage), talking, matching)


async def _work(crowd: _Crowd) -> None:
    """What a worker does: wake up, settle everybody's period, deliver the letters, form pairs."""
    stop = asyncio.Event()
    ticking = asyncio.create_task(crowd.app.tick(stop))
    await crowd.asking.ask("matching", crowd.matching.coordinator, "cohort match")
    crowd.app.storage.woken.set()
    while not await _done(crowd):
        await asyncio.sleep(0.5)
        crowd.app.storage.woken.set()
    stop.set()
    await ticking


async def _done(crowd: _Crowd) -> bool:
    async with crowd.app.storage.reading() as work:
        due = select(func.count()).select_from(Person).where(Person.next_letter_at <= work.now)
        waiting = select(func.count()).select_from(Letter).where(Letter.state == LetterState.WAITING)
        matching = select(func.count()).select_from(Task).where(Task.state != TaskState.DONE)
        return not any([await work.first(count) for count in (due, waiting, matching)])


async def _pace(crowd: _Crowd, beside: asyncio.Task[None]) -> float:
    """Ask at the set pace until `beside` is done, late or not; how long that took, in seconds."""
    crowd.taken = {"reads": [], "writes": []}
    start, asked = time.perf_counter(), set[asyncio.Task[None]]()
    for turn in range(1_000_000):
        due = start + turn / A_SECOND
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        if beside.done():
            break
        asked.add(asyncio.create_task(_ask(crowd, due)))
    seconds = time.perf_counter() - start
    await asyncio.gather(beside, *asked)
    return seconds


async def _ask(crowd: _Crowd, due: float) -> None:
    """One request of the next person, whose pair is theirs to name."""
    kind, rounds = (("reads", READS), ("writes", WRITES))[crowd.turn % 2]
    command, args, submitted = rounds[crowd.turn // 2 % len(rounds)]
    person, pair = crowd.turn % len(crowd.there.people), crowd.turn % len(crowd.there.people) // 2
    named = {**args, "pair": str(crowd.there.pairings[pair])} if kind == "writes" else args
    crowd.turn += 1
    await crowd.asking.ask("talking", crowd.there.people[person], command, named, submitted=submitted)
    crowd.taken[kind].append((time.perf_counter() - due) * 1000)


def _rows(crowd: _Crowd, beside: str, seconds: float) -> list[Row]:
    return [
        Row(
            beside=beside,
            commands=kind,
            asked=len(taken),
            p50_ms=round(median(taken), 1),
            p99_ms=round(percentile(taken, 0.99), 1),
            longest_ms=round(max(taken), 1),
            beside_s=round(seconds, 1),
        )
        for kind, taken in crowd.taken.items()
    ]
