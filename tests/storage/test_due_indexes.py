"""What is done costs a sweep nothing: an index of what is still to come."""

from __future__ import annotations

from sqlalchemy import text

from bot.domain import Departure
from bot.scheduling.jobs import JOBS
from tests.stage import Stage


async def test_farewells_that_were_told_are_not_in_the_index_of_those_that_are_due(stage: Stage) -> None:
    (due,) = (job.due for job in JOBS if job.due.at.class_ is Departure)
    engine = stage.app.storage.engines.write
    async with engine.connect() as connection:
        asked = str(due.earliest().element.compile(engine.sync_engine, compile_kwargs={"literal_binds": True}))
        if engine.dialect.name == "sqlite":
            rows = await connection.execute(text(f"EXPLAIN QUERY PLAN {asked}"))
        else:
            await connection.execute(text("SET enable_seqscan = off"))  # the table is empty
            await connection.execute(text("SET enable_sort = off"))
            rows = await connection.execute(text(f"EXPLAIN {asked}"))
        plan = " ".join(str(row) for row in rows)
    assert "ix_departures_untold" in plan
