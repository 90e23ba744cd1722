"""Long work: off the event loop, with no Work open, tried three times, and told either way."""

import threading

import pytest

from bot.domain import LetterKind, Task, TaskState
from bot.services import tasks as running
from bot.storage import tasks
from bot.storage.tasks import LEASE
from bot.storage.work import Work, work_is_open
from bot.ui import _, message
from tests.matching_cast import Cast, cast
from tests.stage import Stage


@pytest.fixture
async def cohort(stage: Stage) -> Cast:
    return await cast(stage)


async def _ask(cohort: Cast, name: str) -> None:
    async with cohort.stage.app.storage.work() as work:
        await tasks.ask(work, name, community=cohort.cohort.community_id, asked_by=cohort.olga.id)


def _work(monkeypatch: pytest.MonkeyPatch, compute: object) -> list[object]:
    written: list[object] = []

    async def read(work: Work, task: Task) -> int:
        return task.id

    async def write(work: Work, task: Task, result: object) -> None:
        written.append(result)

    perform = running.in_three_steps(read, compute, write=write)  # type: ignore[arg-type]
    row = running.LongWork(perform, lambda: message(_("It could not be done.")))
    monkeypatch.setattr(running, "TASKS", {"tea": row})
    return written


async def test_it_is_computed_in_another_thread_with_no_work_open(
    cohort: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = _work(monkeypatch, lambda number: (threading.current_thread() is threading.main_thread(), work_is_open()))
    await _ask(cohort, "tea")
    await cohort.stage.pulse()
    assert written == [(False, False)]
    assert [task.state for task in await cohort.rows(Task)] == [TaskState.DONE]


async def test_it_is_given_up_after_three_tries_and_whoever_asked_hears_of_it_once(
    cohort: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def fail(number: int) -> None:
        tries.append(number)
        raise ArithmeticError

    written = _work(monkeypatch, fail)
    await _ask(cohort, "tea")
    await cohort.stage.pulse()
    assert (len(tries), written) == (3, [])
    assert [task.state for task in await cohort.rows(Task)] == [TaskState.FAILED]
    assert [post.text for post in cohort.olga.inbox] == ["It could not be done."]
    assert len(await cohort.letters(LetterKind.RESULT)) == 1


async def test_a_lost_worker_leaves_the_task_to_another_one(cohort: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    written = _work(monkeypatch, lambda number: number)
    await _ask(cohort, "tea")
    async with cohort.stage.app.storage.work() as work:
        assert await tasks.take(work) is not None
    await cohort.stage.pulse()
    assert written == []
    await cohort.stage.forward(minutes=LEASE.total_seconds() / 60 + 1)
    assert len(written) == 1


async def test_a_worker_whose_claim_has_lapsed_writes_nothing(cohort: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    written = _work(monkeypatch, lambda number: number)
    await _ask(cohort, "tea")
    async with cohort.stage.app.storage.work() as work:
        slow = await tasks.take(work)
    assert slow is not None
    await cohort.stage.forward(minutes=LEASE.total_seconds() / 60 + 1)
    await running.TASKS["tea"].perform(cohort.stage.app.office, slow)
    assert len(written) == 1


async def test_nothing_waiting_is_nothing_done(cohort: Cast) -> None:
    assert await running.run_tasks(cohort.stage.app.office) == 0
