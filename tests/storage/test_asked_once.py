"""What a Work has read stays with it: nothing is asked of the database twice where nothing can have changed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.domain import Duty, Person, TeamMember
from bot.storage import queries
from tests.stage import Stage


@contextmanager
def counted() -> Iterator[list[str]]:
    """The selects that are executed meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.startswith("SELECT"):
            asked.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_a_work_that_only_reads_asks_the_same_once(stage: Stage) -> None:
    olga = await stage.person("Olga", Duty.COORDINATOR)
    async with stage.app.storage.reading() as work:
        with counted() as asked:
            found = [await queries.duties_of(work, olga.id) for _again in range(3)]
            other = await queries.duties_of(work, olga.id + 1)
    assert found == [frozenset({Duty.COORDINATOR})] * 3
    assert other == frozenset()
    assert len(asked) == 2


async def test_a_work_that_writes_sees_what_it_has_written(stage: Stage) -> None:
    olga = await stage.person("Olga")
    async with stage.app.storage.work() as work:
        person = await work.get(Person, olga.id)
        assert await queries.duties_of(work, olga.id) == frozenset()
        work.add(TeamMember(community_id=person.community_id, person_id=olga.id, duty=Duty.LIAISON, since=work.now))
        assert await queries.duties_of(work, olga.id) == frozenset({Duty.LIAISON})


async def test_a_pair_is_loaded_with_everything_once_in_a_work(stage: Stage) -> None:
    olga, ben = await stage.person("Olga"), await stage.person("Ben")
    number = await stage.pair(olga, ben, cohort=await stage.cohort())
    async with stage.app.storage.work() as work:
        await queries.live_pairings(work, ben.id)
        gc.collect()  # nobody holds on to what was read but the Work itself
        with counted() as asked:
            pairing = await queries.pairing(work, number)
            assert pairing is not None
            assert pairing.partner(ben.id).person.name == "Olga"
            assert pairing.cohort.title == "Mentoring 2027-28"
    assert asked == []


async def test_the_community_of_whoever_asks_comes_with_their_account(stage: Stage) -> None:
    ben = await stage.person("Ben")
    async with stage.app.storage.reading() as work:
        found = await queries.account_of(work, "test", "stage", ben.user)
        assert found is not None
        gc.collect()
        with counted() as asked:
            await queries.community(work, found[2].community_id)
    assert asked == []
