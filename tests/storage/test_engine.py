"""Two engines on one database: one writer at a time, and readers that cannot write."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.settings import driver_url
from bot.storage.engine import Engines, Unusable, open_engines, reach

TABLE = "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT)"
WRITE = "INSERT INTO words (id, word) VALUES (1, :word)"
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
async def table(engines: Engines) -> None:
    async with engines.write.begin() as connection:
        await connection.execute(text(TABLE))


async def test_a_reader_sees_what_was_committed_and_writes_nothing(engines: Engines) -> None:
    async with engines.write.begin() as connection:
        await connection.execute(text(WRITE), {"word": "kept"})

    async with engines.read.begin() as connection:
        assert await connection.scalar(text("SELECT word FROM words")) == "kept"
        with pytest.raises(DBAPIError):
            await connection.execute(text("DELETE FROM words"))


async def test_what_fails_leaves_nothing_behind_not_even_a_table(engines: Engines) -> None:
    async def fail() -> None:
        async with engines.write.begin() as connection:
            await connection.execute(text("CREATE TABLE more (id INTEGER)"))
            await connection.execute(text(WRITE), {"word": "lost"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    async with engines.read.begin() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM words")) == 0
        with pytest.raises(DBAPIError):
            await connection.execute(text("SELECT * FROM more"))


async def test_an_error_never_quotes_what_people_wrote(engines: Engines) -> None:
    async with engines.write.begin() as connection:
        await connection.execute(text(WRITE), {"word": "first"})
    with pytest.raises(IntegrityError) as refused:
        async with engines.write.begin() as connection:
            await connection.execute(text(WRITE), {"word": "a secret"})

    assert "a secret" not in str(refused.value)


async def test_a_missing_parent_is_refused(engines: Engines) -> None:
    async with engines.write.begin() as connection:
        await connection.execute(text("CREATE TABLE rhymes (word_id INTEGER REFERENCES words (id))"))
    with pytest.raises(IntegrityError):
        async with engines.write.begin() as connection:
            await connection.execute(text("INSERT INTO rhymes VALUES (7)"))


@SQLITE
async def test_writers_wait_for_each_other_and_readers_for_nobody(engines: Engines, database: str) -> None:
    """Each reads before it writes: begun without IMMEDIATE, one of them would fail as locked."""
    others = open_engines(database)
    async with engines.write.begin() as connection:
        await connection.execute(text(WRITE), {"word": "0"})

    async def count_up(side: Engines) -> None:
        async with side.write.begin() as connection:
            word = await connection.scalar(text("SELECT word FROM words"))
            await asyncio.sleep(0.005)
            await connection.execute(text("UPDATE words SET word = :word"), {"word": str(int(word) + 1)})

    async with engines.write.begin(), engines.read.begin() as reading:
        assert await reading.scalar(text("SELECT word FROM words")) == "0"
    await asyncio.gather(*(count_up(side) for side in (engines, others) * 5))

    async with others.read.begin() as connection:
        assert await connection.scalar(text("SELECT word FROM words")) == "10"
    await others.close()


@SQLITE
async def test_sqlite_survives_a_crash_and_waits_its_turn(engines: Engines) -> None:
    async with engines.write.begin() as connection:
        settings = [
            await connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        ]

    assert settings == ["wal", 1, 5000, 1]


@POSTGRESQL
async def test_postgresql_talks_in_utc(engines: Engines) -> None:
    async with engines.read.begin() as connection:
        assert await connection.scalar(text("SHOW timezone")) == "UTC"


@SQLITE
async def test_a_folder_that_is_missing_is_made_for_its_owner_alone(engines: Engines, tmp_path: Path) -> None:
    elsewhere = open_engines(driver_url(f"sqlite:///{tmp_path}/deep/down/mentorbot.db"))
    async with elsewhere.write.begin():
        pass
    await elsewhere.close()

    assert (tmp_path / "deep/down").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://ada:secret@127.0.0.1:1/mentorbot", "127.0.0.1, mentorbot cannot be used"),
        ("sqlite:////proc/mentorbot.db", "/proc/mentorbot.db cannot be used"),
        ("sqlite:////dev/null/mentorbot.db", "/dev/null/mentorbot.db cannot be used"),
    ],
)
@SQLITE
async def test_what_cannot_be_reached_is_said_in_one_line(engines: Engines, url: str, words: str) -> None:
    elsewhere = open_engines(driver_url(url))
    with pytest.raises(Unusable) as unusable:
        async with reach(elsewhere.write):
            pass
    await elsewhere.close()

    assert words in str(unusable.value)
    assert "secret" not in str(unusable.value)
    assert "\n" not in str(unusable.value)
