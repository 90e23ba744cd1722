"""A sweep of those who are due, among few and among many who are not: its cost must follow what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import TypedDict

from sqlalchemy import update

from benchmarks import crowd
from benchmarks.databases import KINDS, databases
from benchmarks.stage import START, StandingClock, bot_over
from benchmarks.timing import Spent, spent
from bot.app import App
from bot.domain import Letter, LetterState
from bot.scheduling import jobs
from bot.services import delivery, nudges

DUE = 1000
"""Pairs that are due: two people each."""

PAIRS = (100_000, 1_000_000)
ROUNDS = 3
LOOKS = 50

FORTNIGHT = timedelta(days=14)
AN_HOUR = timedelta(hours=1)


class Row(TypedDict):
    """One database with so many pairs; times in milliseconds, medians of some rounds.

    `sweep` is `nudges.sweep` until nobody is due, `person` its part for one person and `processor` what this process
    computed for it (PostgreSQL's share is not in it), `batch` and `longest` one transaction, in the median and at most.
    `look` is the idle look of the alarm clock, `letter` the delivery of one letter by a messenger that takes no time.
    The ratios are to the same with the fewest pairs: near 1 means that cost follows what is due.
    """

    database: str
    pairs: int
    due: int
    sweep_ms: float
    person_ms: float
    processor_ms: float
    batch_ms: float
    longest_ms: float
    look_ms: float
    letter_ms: float
    sweep_ratio: float
    look_ratio: float


def measure(pairs: tuple[int, ...] = PAIRS, *, due: int = DUE, rounds: int = ROUNDS) -> list[Row]:
    """Measure every number of pairs on both databases; the sizes take turns."""
    return [row for kind in KINDS for row in _measure(kind, pairs, due=due, rounds=rounds)]


@dataclass(slots=True)
class _Crowd:
    """One bot with its crowd, and what was measured of it."""

    app: App
    clock: StandingClock
    looks: list[Spent] = field(default_factory=list)
    batches: list[list[Spent]] = field(default_factory=list)
    deliveries: list[Spent] = field(default_factory=list)


def _measure(kind: str, pairs: tuple[int, ...], *, due: int, rounds: int) -> list[Row]:
    with databases(kind, *(f"pairs_{size}" for size in pairs)) as urls:
        crowds = asyncio.run(_play(dict(zip(urls, pairs, strict=True)), due=due, rounds=rounds))
    rows = [_row(kind, size, due, one) for size, one in zip(pairs, crowds, strict=True)]
    for row in rows:
        row["sweep_ratio"] = round(row["sweep_ms"] / rows[0]["sweep_ms"], 2)
        row["look_ratio"] = round(row["look_ms"] / rows[0]["look_ms"], 2)
    return rows


async def _play(pairs: dict[str, int], *, due: int, rounds: int) -> list[_Crowd]:
    async with AsyncExitStack() as stack:
        crowds = []
        for url, size in pairs.items():
            app, clock = await stack.enter_async_context(bot_over(url))
            await crowd.settle(app.storage, url, pairs=size, due=due)
            crowds.append(_Crowd(app, clock))
        for _look in range(LOOKS):
            for one in crowds:
                one.looks.append(await spent(_looking(one.app)))
        for number in range(1, rounds + 1):
            for one in crowds:
                one.clock.set(START + number * FORTNIGHT + AN_HOUR)
                await _sweep(one, people=2 * due)
        return crowds


def _looking(app: App) -> Callable[[], Awaitable[object]]:
    async def look() -> None:
        async with app.storage.reading() as work:
            assert all(at > work.now for _job, at in await jobs.times(work)), "nothing is due yet"

    return look


async def _sweep(one: _Crowd, *, people: int) -> None:
    office, batches, swept = one.app.office, [], 0
    while swept < people:
        found = 0

        async def batch() -> None:
            nonlocal found
            found = await nudges.sweep(office)

        batches.append(await spent(batch))
        assert found, f"{people - swept} people should still be due"
        swept += found
    assert not await nudges.sweep(office), "nobody is due any more"
    one.batches.append(batches)
    one.deliveries.append(await spent(lambda: delivery.deliver(office)))
    async with one.app.storage.work() as work:
        await work.session.execute(
            update(Letter).where(Letter.state == LetterState.WAITING).values(state=LetterState.WITHDRAWN)
        )


def _row(kind: str, pairs: int, due: int, one: _Crowd) -> Row:
    sweep = median(sum(batch.wall for batch in batches) for batches in one.batches)
    processor = median(sum(batch.processor for batch in batches) for batches in one.batches)
    every = [batch.wall for batches in one.batches for batch in batches]
    return Row(
        database=kind,
        pairs=pairs,
        due=due,
        sweep_ms=round(sweep),
        person_ms=round(sweep / (2 * due), 2),
        processor_ms=round(processor / (2 * due), 2),
        batch_ms=round(median(every)),
        longest_ms=round(max(every)),
        look_ms=round(median(look.wall for look in one.looks), 2),
        letter_ms=round(median(batch.wall for batch in one.deliveries) / delivery.BATCH, 2),
        sweep_ratio=1,
        look_ratio=1,
    )
