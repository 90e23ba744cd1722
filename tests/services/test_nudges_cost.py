"""What a sweep costs: as many statements for one person as for a hundred, and nothing for those who are not due."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, select, update

from bot.domain import Letter, Member, Nudge, Outcome, Pairing, PairingState, Person, Role
from bot.services import calendar, nudges, periods
from bot.storage import queries
from tests.services.rhythm_stage import at, couple, outcomes
from tests.stage import Stage


@contextmanager
def counted(stage: Stage) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = stage.app.storage.engines.write.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _crowd(stage: Stage, pairs: int) -> None:
    """Many pairs at once, written without ceremony."""
    cohort = await stage.cohort()
    async with stage.app.storage.work() as work:
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        people = [
            Person(community_id=space.community_id, name=f"P{n}", zone="America/Chicago", created_at=work.now)
            for n in range(2 * pairs)
        ]
        found = [
            Pairing(cohort_id=cohort.id, state=PairingState.ACTIVE, starts_on=cohort.starts_on) for _n in range(pairs)
        ]
        work.add(*people, *found)
        await work.flush()
        work.add(
            *(
                Member(pairing_id=found[n // 2].id, person_id=person.id, role=(Role.MENTOR, Role.MENTEE)[n % 2])
                for n, person in enumerate(people)
            )
        )
        await calendar.plan(work, [person.id for person in people])


async def _statements(stage: Stage, pairs: int) -> int:
    await _crowd(stage, pairs)
    with counted(stage) as seen:
        assert await nudges.sweep(stage.app.office) == 2 * pairs
    return len(seen)


async def test_the_statements_of_a_sweep_follow_neither_who_is_due_nor_who_is_not(stage: Stage) -> None:
    await stage.to(at("2027-06-01", 9))
    await stage.person("Somebody")
    stage.clock.set(at("2027-06-29", 12))  # a period was missed, and all are silent
    few = await _statements(stage, 2)
    async with stage.app.storage.work() as work:
        assert len(await work.all(select(Letter))) == 4
        await work.session.execute(update(Person).values(next_letter_at=at("2030-01-01")))
    many = await _statements(stage, nudges.BATCH // 2)
    assert few == many <= 20


async def test_nothing_due_is_one_statement(stage: Stage) -> None:
    await couple(stage)
    with counted(stage) as seen:
        assert await nudges.sweep(stage.app.office) == 0
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 1


async def test_two_workers_never_settle_the_same_person(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    stage.clock.set(at("2027-06-15"))
    first = await nudges.sweep(stage.app.office)
    assert (first, await nudges.sweep(stage.app.office)) == (2, 0)
    async with stage.app.storage.work() as work:  # as if the other worker had read before the first one wrote
        await work.session.execute(update(Person).values(next_letter_at=at("2027-06-15")))
        await work.session.execute(update(Member).values(period=0))
    assert await nudges.sweep(stage.app.office) == 3
    async with stage.app.storage.work() as work:
        assert len(await work.all(select(Letter).where(Letter.person_id == ben.id))) == 1
        assert len(await work.all(select(Nudge))) == 2


@pytest.mark.parametrize("day", ["2027-06-10", "2027-06-14", "2027-07-20", "2027-08-03"])
async def test_the_period_in_which_a_pairing_ends_is_ended_unless_it_was_settled(stage: Stage, day: str) -> None:
    ben, ada, _olga, _cohort, pair = await couple(stage)
    await stage.to(at(day, 12))
    await _end(stage, pair)
    await stage.to(at("2027-12-01", 12))
    settled = {"2027-06-10": [], "2027-06-14": [], "2027-07-20": [1, 2, 3], "2027-08-03": [1, 2, 3, 4]}[day]
    of_the_end = (date.fromisoformat(day) - date(2027, 6, 1)).days // 14
    expected = [(n, "nudged") for n in settled]
    expected += [(of_the_end, "ended")] if of_the_end and of_the_end not in settled else []
    assert await outcomes(stage, ben, pair) == await outcomes(stage, ada, pair) == expected


async def test_ending_settles_what_the_bot_had_missed(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, pair = await couple(stage)
    stage.clock.set(at("2027-07-14", 12))
    await _end(stage, pair)
    assert await outcomes(stage, ben, pair) == [(n, Outcome.ENDED.value) for n in (1, 2, 3)]


async def _end(stage: Stage, pair: int) -> None:
    async with stage.app.storage.work() as work:
        pairing = await queries.pairing(work, pair)
        assert pairing is not None
        await periods.end(work, pairing, on=pairing.cohort.today(work.now))
        pairing.state = PairingState.ENDED
        await calendar.plan(work, [member.person_id for member in pairing.members])


async def test_two_workers_at_once_share_the_people_and_write_each_letter_once(stage: Stage) -> None:
    await stage.to(at("2027-06-01", 9))
    await stage.person("Somebody")
    await _crowd(stage, nudges.BATCH)
    stage.clock.set(at("2027-06-15", 12))
    done = 0
    while swept := sum(await asyncio.gather(*(nudges.sweep(stage.app.office) for _worker in range(3)))):
        done += swept
    async with stage.app.storage.reading() as work:
        assert len(await work.all(select(Letter))) == len(await work.all(select(Nudge))) == done == 2 * nudges.BATCH
