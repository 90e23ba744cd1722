"""Long work, waiting in a table until a worker takes it off the event loop."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select, update

from bot.domain import Task, TaskState
from bot.storage.work import Work

LEASE = timedelta(minutes=10)
"""The longest that a task may take before another worker begins it anew."""

MOST_TRIES = 3


async def ask(work: Work, name: str, *, community: int, asked_by: int, **args: int | str) -> Task:
    """Put a task into the table; whoever asked gets a letter with what came of it."""
    task = Task(community_id=community, asked_by_id=asked_by, name=name, args=args, created_at=work.now)
    work.add(task)
    await work.flush()
    work.wakes = True
    return task


async def take(work: Work) -> Task | None:
    """The oldest task that is free, claimed for this worker."""
    free = or_(Task.state == TaskState.WAITING, (Task.state == TaskState.CLAIMED) & (Task.claimed_until <= work.now))
    oldest = select(Task.id).where(free).order_by(Task.id).limit(1).with_for_update(skip_locked=True)
    taken = (
        update(Task)
        .where(Task.id.in_(oldest))
        .values(state=TaskState.CLAIMED, claimed_until=work.now + LEASE, tries=Task.tries + 1)
        .returning(Task)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    task: Task | None = (await work.session.scalars(taken)).first()
    return task


async def end(work: Work, number: int, state: TaskState) -> None:
    """Write down how a task ended."""
    task = await work.get(Task, number)
    task.state, task.ended_at = state, work.now
