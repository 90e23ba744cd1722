"""What tests about liaisons share: pairs with a history, and a Monday that comes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.domain import CheckIn, Cohort, Community, Concern, ConcernTo, Goal, GoalState, Pairing
from bot.domain.base import Base
from bot.scheduling import jobs
from bot.scheduling.jobs import MINUTE, Due, Job
from bot.services import delivery, summaries
from bot.storage import queries
from bot.storage.outbox import deliverable
from commands import liaison, sources
from commands.catalog import Catalog
from tests.stage import Actor, Stage

FIRST_MONDAY = date(2027, 6, 7)
"""Of the standing cohort, which begins on Tuesday, June 1."""

SUMMARIES = Job("summaries", MINUTE, summaries.sweep, Due(Cohort.next_summary_at))
DELIVER = Job("deliver", MINUTE, delivery.deliver, Due(jobs.Letter.held_until, deliverable()))


def only_summaries(stage: Stage, patch: pytest.MonkeyPatch) -> None:
    """Nothing falls due but summaries, and nothing can be asked but what liaisons ask."""
    patch.setattr(jobs, "JOBS", (SUMMARIES, DELIVER))
    stage.dispatch.catalog = Catalog(liaison.COMMANDS, (*sources.SOURCES, *liaison.SOURCES))


async def begin(stage: Stage, cohort: Cohort, *, channel: str = "liaisons") -> None:
    """Plan the first summary, and choose a channel for it ("" for none)."""
    async with stage.app.storage.work() as work:
        found = await work.get(Cohort, cohort.id)
        summaries.plan(found, work.now)
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        community = await work.get(Community, found.community_id)
        chosen = await queries.channel_called(work, space.id, channel) if channel else None
        community.liaison_channel_id = None if chosen is None else chosen.id


async def change(stage: Stage, model: type[Base], number: int, **values: Any) -> None:
    async with stage.app.storage.work() as work:
        row = await work.get(model, number)
        for name, value in values.items():
            setattr(row, name, value)


async def talk(stage: Stage, pair: int, on: date) -> None:
    """A talk that was noted on its own day."""
    async with stage.app.storage.work() as work:
        found = await queries.pairing(work, pair)
        assert found is not None
        work.add(CheckIn(pairing_id=pair, logged_by_id=found.members[0].id, talked_on=on, created_at=work.now))
        found.last_sign_at = datetime.combine(on, datetime.min.time(), tzinfo=work.now.tzinfo) + timedelta(hours=18)


async def goal(stage: Stage, pair: int, title: str, *, reached: bool = False) -> None:
    async with stage.app.storage.work() as work:
        found = await queries.pairing(work, pair)
        assert found is not None
        state = GoalState.REACHED if reached else GoalState.OPEN
        written = {"written_by_id": found.members[0].id, "created_at": work.now, "state": state}
        work.add(Goal(pairing_id=pair, title=title, help=f"help with {title}", **written))


async def concern(stage: Stage, pair: int, by: Actor, *, to: ConcernTo = ConcernTo.LIAISON) -> None:
    async with stage.app.storage.work() as work:
        work.add(Concern(pairing_id=pair, raised_by_id=by.id, told=to, raised_at=work.now))


async def told_of_silence(stage: Stage, pair: int) -> None:
    """Both were asked, neither answered, and the day has come on which the liaison may know."""
    async with stage.app.storage.work() as work:
        (await work.get(Pairing, pair)).liaison_told_at = work.now


async def many_pairs(stage: Stage, cohort: Cohort, liaisons: list[Actor], count: int) -> list[int]:
    """Pairs of people called Pupil1 with Tutor1 …, given to the liaisons in turn, or to nobody."""
    numbers = []
    for turn in range(1, count + 1):
        mentor, mentee = await stage.person(f"Tutor{turn}"), await stage.person(f"Pupil{turn}")
        liaison = liaisons[turn % len(liaisons)] if liaisons else None
        numbers.append(await stage.pair(mentor, mentee, cohort=cohort, liaison=liaison))
    return numbers
