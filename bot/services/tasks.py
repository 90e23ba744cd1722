"""Running long work: read in one Work, computed elsewhere with none open, written in another Work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.domain import LetterKind, Person, Task, TaskState
from bot.services import pairing_up
from bot.services.office import Office
from bot.storage.outbox import NewLetter, post
from bot.storage.tasks import MOST_TRIES, end, take
from bot.storage.work import Work, work_is_open
from bot.texts import matching
from bot.ui import Message

log = structlog.get_logger()

Facts = TypeVar("Facts")
Result = TypeVar("Result")
Perform = Callable[[Office, Task], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LongWork:
    """One kind of long work: how it is done, and what whoever asked for it reads when it cannot be done."""

    perform: Perform
    failed: Callable[[], Message]


def in_three_steps(
    read: Callable[[Work, Task], Awaitable[Facts]],
    compute: Callable[[Facts], Result],
    *,
    write: Callable[[Work, Task, Result], Awaitable[None]],
) -> Perform:
    """Read, compute, write. The end of the task is committed together with its result, so that neither comes twice."""

    async def perform(office: Office, task: Task) -> None:
        async with office.storage.reading() as work:
            facts = await read(work, task)
        if work_is_open():
            raise RuntimeError("Nothing is computed while a Work is open.")
        result = await office.compute(compute, facts)
        async with office.storage.work() as work:
            if await _is_ours(work, task):
                await write(work, task, result)
                await end(work, task.id, TaskState.DONE)

    return perform


TASKS: Mapping[str, LongWork] = {
    pairing_up.TASK: LongWork(
        in_three_steps(pairing_up.read, pairing_up.compute, write=pairing_up.write), matching.failed
    ),
}
"""Every kind of long work by its name in the table."""


async def run_tasks(office: Office) -> int:
    """Do the oldest task that is free; how many were taken in hand."""
    async with office.storage.work() as work:
        task = await take(work)
    if task is None:
        return 0
    try:
        if task.tries > MOST_TRIES:
            raise RuntimeError("Its worker was lost too often.")
        await TASKS[task.name].perform(office, task)
    except Exception:
        log.exception("task failed", task=task.id, name=task.name, tries=task.tries)
        await _failed(office, task)
    return 1


async def _failed(office: Office, task: Task) -> None:
    """Free for another try, or given up, which whoever asked is told."""
    async with office.storage.work() as work:
        if not await _is_ours(work, task):
            return
        if task.tries < MOST_TRIES:
            await end(work, task.id, TaskState.WAITING)
            return
        await end(work, task.id, TaskState.FAILED)
        letter = NewLetter(
            key=f"task:{task.id}:failed",
            kind=LetterKind.RESULT,
            to=await work.get(Person, task.asked_by_id),
            message=TASKS[task.name].failed(),
        )
        await post(work, task.community_id, letter)


async def _is_ours(work: Work, task: Task) -> bool:
    """Whether the claim still stands; if it lapsed and somebody else has the task, their result counts."""
    now = await work.get(Task, task.id)
    return now.state is TaskState.CLAIMED and now.claimed_until == task.claimed_until
