"""What it costs to share pairs out: as many statements for many pairs as for few."""

from __future__ import annotations

from sqlalchemy import event, func, select

from bot.domain import Community, Duty, Event, Rider
from bot.services import handovers
from tests.stage import Stage


async def test_many_pairs_are_shared_out_in_as_many_statements_as_few(stage: Stage) -> None:
    cohort = await stage.cohort()
    await stage.person("Lia", Duty.LIAISON)
    counts = []
    for pairs in (2, 12):
        for number in range(pairs):
            couple = [await stage.person(f"{role} {number} of {pairs}") for role in ("Mentor", "Mentee")]
            await stage.pair(*couple, cohort=cohort)
        counts.append(await _statements(stage, cohort.community_id, pairs))
    assert counts[0] == counts[1]
    async with stage.app.storage.reading() as work:
        assert await work.first(select(func.count(Rider.id))) == 28
        noted = await work.all(select(Event.pairing_id).where(Event.kind == "liaison.assigned"))
        assert len(noted) == 14


async def _statements(stage: Stage, community: int, pairs: int) -> int:
    seen: list[str] = []
    engine = stage.app.storage.engines.write.sync_engine

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    async with stage.app.storage.work() as work:
        assert await handovers.spread(work, await work.get(Community, community)) == pairs
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
