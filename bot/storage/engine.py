"""How to reach the database: one engine that writes and one that only reads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.storage.one_trip import Driver

_QUIET: dict[str, Any] = {"hide_parameters": True}  # errors never quote what people wrote


class Unusable(Exception):  # noqa: N818 - a fact about the machine, not an error of ours
    """The database does not answer, lets us not in or is not ours. Its words: one line, no secret."""


@dataclass(frozen=True)
class Engines:
    """The two ways into one database. A transaction of `read` fails when it tries to write."""

    write: AsyncEngine
    read: AsyncEngine

    async def close(self) -> None:
        """Hang up. On SQLite each connection is a thread, so a forgotten one keeps the process alive."""
        await self.read.dispose()
        await self.write.dispose()


def open_engines(url: str) -> Engines:
    """Engines for `url`, which names its driver: `sqlite+aiosqlite` or `postgresql+asyncpg`."""
    if make_url(url).get_backend_name() == "sqlite":
        return Engines(
            write=_sqlite(url, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys = ON",), pool_size=1),
            read=_sqlite(url, begin="BEGIN", pragmas=("query_only = ON",), pool_size=4),
        )
    write = _postgresql(url)
    return Engines(write=write, read=write.execution_options(postgresql_readonly=True))


def open_for_migrations(url: str) -> AsyncEngine:
    """An engine to change the schema with: rebuilding a table on SQLite must not cascade to others."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys = OFF",), pool_size=1)
    return _postgresql(url)


@asynccontextmanager
async def reach(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection, or Unusable, which says what is wrong with its address."""
    try:
        connection = await engine.connect()
    except (OSError, DBAPIError) as error:
        raise Unusable(f"The database at {_place(engine)} cannot be used: {_reason(error)}.") from error
    try:
        yield connection
    finally:
        await connection.close()


def _place(engine: AsyncEngine) -> str:
    url = engine.url
    where = url.host or str(url.query.get("host", "")) or "this machine"
    return f"{url.database}" if url.get_backend_name() == "sqlite" else f"{where}, {url.database}"


def _reason(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return (str(cause).partition("\n")[0] or type(cause).__name__).rstrip(".")


def _postgresql(url: str) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,  # a restarted server costs nobody an answer
        connect_args={"server_settings": {"timezone": "UTC", "application_name": "mentorbot"}},
        **_QUIET,
    )


def _sqlite(url: str, *, begin: str, pragmas: tuple[str, ...], pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, module=Driver(), pool_size=pool_size, max_overflow=0, **_QUIET)

    @event.listens_for(engine.sync_engine, "do_connect")
    def make_folder(*_: object) -> None:
        Path(engine.url.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself
        cursor = connection.cursor()
        for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = NORMAL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
