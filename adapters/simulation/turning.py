"""The clock's steps: like `bot.scheduling.turning`, for runs of a hundred thousand steps.

The bot's own ticks look at every job each time, which costs a process that waits anyway nothing. Here each step asks
once, in one statement, which jobs have something due, and sweeps only those.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from bot.scheduling.jobs import JOBS, Job
from bot.services.office import Office

_DATED = tuple(job for job in JOBS if job.due is not None)
_UNDATED = tuple(job for job in JOBS if job.due is None)


async def coming(office: Office) -> list[tuple[datetime, Job]]:
    """When each job has something to do next; those with nothing ahead are left out."""
    async with office.storage.reading() as work:
        row = (await work.session.execute(_NEXT)).one()
    return [(at, job) for at, job in zip(row, _DATED, strict=True) if at is not None]


async def settle(office: Office) -> None:
    """Do what was asked for by what was just written: long work, places to open, letters to send."""
    while office.storage.woken.is_set():
        office.storage.woken.clear()
        for job in _UNDATED:
            while await job.sweep(office):
                pass
        await sweep(office)


async def sweep(office: Office) -> None:
    """Do what is due at this moment, in the order of the table, until nothing is. Raises RuntimeError if it stays."""
    while due := [job for at, job in await coming(office) if at <= office.storage.clock.now()]:
        if not sum([await job.sweep(office) for job in due]):
            raise RuntimeError(f"Something stays due: {', '.join(job.name for job in due)}.")


def _earliest(job: Job) -> ScalarSelect[datetime | None]:
    assert job.due is not None, "only dated jobs have a column"
    found = select(func.min(job.due.at))
    return (found if job.due.of is None else found.where(job.due.of)).scalar_subquery()


_NEXT = select(*map(_earliest, _DATED))
