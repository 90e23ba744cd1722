"""APScheduler as the alarm clock: it wakes each job, and knows nothing else. What is due stands in the database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.scheduling import jobs
from bot.scheduling.due import earliest
from bot.scheduling.jobs import Job
from bot.services.office import Office

log = structlog.get_logger()

MOST_ROUNDS = 10_000
"""Rounds that one pulse may take; more would mean a sweep that never ends."""

BREATH = 0.1
"""Seconds between two pulses that were asked for by written letters."""


async def run_until_stopped(office: Office, stop: asyncio.Event) -> None:
    """Wake every job at its interval, and all of them at once when something was written, until `stop` is set."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    for job in jobs.JOBS:
        seconds = job.every.total_seconds()
        scheduler.add_job(tick, "interval", (office, job), seconds=seconds, coalesce=True, max_instances=1, id=job.name)
    scheduler.start()
    try:
        await _sweep_when_woken(office, stop)
    finally:
        scheduler.shutdown(wait=False)


async def tick(office: Office, job: Job) -> int:
    """One batch of one job, if anything is due. A bug in it is logged and met again at the next tick."""
    try:
        async with office.storage.reading() as work:
            (at,) = await earliest(work, [job.due])
            due = at is not None and at <= work.now
        done = await job.sweep(office) if due else 0
    except Exception:
        log.exception("sweep failed", job=job.name)
        return 0
    if done:
        office.storage.woken.set()  # there may be another batch
    return done


async def until_quiet(office: Office) -> int:
    """Run the jobs that have something to do until none does anything; how much was done. Bugs go to the caller.

    Raises RuntimeError when it does not come to an end.
    """
    total = 0
    for _round in range(MOST_ROUNDS):
        done, _due = await one_round(office)
        if not done:
            return total
        total += done
    raise RuntimeError("The sweeps do not come to an end.")


async def one_round(office: Office) -> tuple[int, datetime | None]:
    """One batch of each job that has something to do: how much was done, and when a thing was or will be due next."""
    async with office.storage.reading() as work:
        times = await jobs.times(work)
    ready = [job for job, at in times if at <= work.now]
    return sum([await job.sweep(office) for job in ready]), min((at for _job, at in times), default=None)


async def _sweep_when_woken(office: Office, stop: asyncio.Event) -> None:
    stopped = asyncio.ensure_future(stop.wait())
    while not stop.is_set():
        woken = asyncio.ensure_future(office.storage.woken.wait())
        await asyncio.wait({stopped, woken}, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        if not stop.is_set():
            office.storage.woken.clear()
            await asyncio.gather(*(tick(office, job) for job in jobs.JOBS))
            await asyncio.wait({stopped}, timeout=BREATH)
    stopped.cancel()
