"""What each command costs through dispatch, on both databases: its time, and its number of SQL statements."""

from __future__ import annotations

import asyncio
from statistics import median
from typing import TypedDict

from sqlalchemy import select

from benchmarks import program
from benchmarks.asking import Asking, counting
from benchmarks.cases import Args, Case, Scene, cases
from benchmarks.databases import KINDS, databases
from benchmarks.program import Program
from benchmarks.stage import bot_over
from benchmarks.timing import Spent, percentile, spent
from bot.app import App
from bot.domain import Pairing, PairingState, Role
from bot.storage import queries
from bot.storage.work import Work
from bot.texts.reviewing import pair_value
from commands import CATALOG

PAIRS = 41
TIMES = 60
RARE = frozenset({"cohort person arrived", "cohort person mail", "cohort rooms"})
"""Asked at most once, for somebody who was entered before they came or for a server: not worth a cast of their own."""

FIRST = 3
"""Times that are not counted: caches are filled."""


class Row(TypedDict):
    """One command, asked one way, so many times; milliseconds. PostgreSQL's own processor time is not in
    `processor`."""

    command: str
    way: str
    database: str
    times: int
    p50_ms: float
    p99_ms: float
    processor_ms: float
    statements: int


def measure(pairs: int = PAIRS, *, times: int = TIMES) -> list[Row]:
    """Ask for every command on both databases; the rows of a command stand together."""
    rows = [row for kind in KINDS for row in _measure(kind, pairs, times)]
    order = list(dict.fromkeys((row["command"], row["way"]) for row in rows))
    return sorted(rows, key=lambda row: order.index((row["command"], row["way"])))


def _measure(kind: str, pairs: int, times: int) -> list[Row]:
    with databases(kind, "commands") as (url,):
        return asyncio.run(_play(kind, url, pairs, times))


async def _play(kind: str, url: str, pairs: int, times: int) -> list[Row]:
    async with bot_over(url) as (app, clock):
        clock.set(program.MIDST)
        asked = cases(await _scene(app, pairs))
        missing = (
            {path for path, command in CATALOG.commands.items() if command.listed}
            - RARE
            - {one.command for one in asked}
        )
        assert not missing, f"commands that are not measured: {', '.join(sorted(missing))}"
        asking = Asking(app.storage)
        return [await _row(kind, app, asking, case, times) for case in asked]


async def _scene(app: App, pairs: int) -> Scene:
    async with app.storage.work() as work:
        talking = await program.talking(work, "talking", pairs=pairs)
        draft = await program.draft(work, talking)
        matching = await program.matching(work, "matching", mentees=pairs)
        calling = await program.calling(work, "calling", applicants=pairs, strangers=pairs // 2)
    await Asking(app.storage).ask("matching", matching.coordinator, "cohort match")
    await app.pulse()
    async with app.storage.reading() as work:
        return Scene(
            talking,
            matching,
            calling,
            draft,
            await program.enrolled(work, matching, Role.MENTEE),
            await program.enrolled(work, matching, Role.MENTOR),
            await _proposed(work, matching),
        )


async def _proposed(work: Work, there: Program) -> list[str]:
    found = await work.all(
        select(Pairing)
        .where(Pairing.cohort_id == there.cohort.id, Pairing.state == PairingState.PROPOSED)
        .order_by(Pairing.id)
        .options(*queries.with_members())
    )
    return [pair_value(pairing) for pairing in found]


async def _row(kind: str, app: App, asking: Asking, case: Case, times: int) -> Row:
    counted: list[int] = []
    taken: list[Spent] = []
    for turn in range(min(times + FIRST, case.most)):
        await _restore(app, case)
        asker, args = case.ask(turn)

        async def ask(asker: int = asker, args: Args = args) -> None:
            await asking.ask(case.program.space.external, asker, case.command, args, submitted=case.submitted)

        with counting() as statements:
            taken.append(await spent(ask))
        counted.append(len(statements))
    kept = taken[FIRST:] or taken
    return Row(
        command=case.command,
        way=case.way,
        database=kind,
        times=len(kept),
        p50_ms=round(median(one.wall for one in kept), 1),
        p99_ms=round(percentile([one.wall for one in kept], 0.99), 1),
        processor_ms=round(median(one.processor for one in kept), 1),
        statements=round(median(counted)),
    )


async def _restore(app: App, case: Case) -> None:
    if not case.restore:
        return
    async with app.storage.work() as work:
        for statement in case.restore:
            await work.session.execute(statement)
