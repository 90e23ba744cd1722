"""An instant keeps its moment, on both databases."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from bot.domain.instant import Instant
from bot.storage.engine import Engines

NOON = datetime(2027, 3, 14, 12, 0, tzinfo=UTC)
KOLKATA = timezone(timedelta(hours=5, minutes=30))

clock = Table("clock", MetaData(), Column("id", Integer, primary_key=True), Column("at", Instant()))


@pytest.fixture
async def table(engines: Engines) -> AsyncIterator[Engines]:
    async with engines.write.begin() as connection:
        await connection.run_sync(clock.metadata.create_all)
    yield engines
    async with engines.write.begin() as connection:
        await connection.run_sync(clock.metadata.drop_all)


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        NOON.astimezone(KOLKATA),
        NOON.replace(microsecond=1),
        datetime(1999, 12, 31, 23, 59, 59, 999999, UTC),
        None,
    ],
)
async def test_what_goes_in_comes_out_as_utc(table: Engines, moment: datetime | None) -> None:
    async with table.write.begin() as connection:
        await connection.execute(insert(clock).values(at=moment))
        kept = await connection.scalar(select(clock.c.at))

    assert kept == moment
    assert kept is None or kept.tzinfo is UTC


async def test_the_database_sorts_and_compares_moments_not_their_spelling(table: Engines) -> None:
    moments = [NOON + timedelta(microseconds=1), NOON, (NOON - timedelta(hours=1)).astimezone(KOLKATA)]
    async with table.write.begin() as connection:
        await connection.execute(insert(clock), [{"at": moment} for moment in moments])
        due = await connection.scalars(select(clock.c.at).where(clock.c.at <= NOON).order_by(clock.c.at))

    assert due.all() == [moments[2], moments[1]]


@pytest.mark.parametrize("wrong", [datetime(2027, 3, 14, 12, 0), "2027-03-14T12:00:00Z", NOON.date()])  # noqa: DTZ001
async def test_what_is_no_moment_is_refused(table: Engines, wrong: object) -> None:
    async with table.write.begin() as connection:
        with pytest.raises(StatementError, match="An instant must be"):
            await connection.execute(insert(clock).values(at=wrong))
