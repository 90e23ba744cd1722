"""What one request executed, and executing it again without the bot: what a bare app with the same SQL costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.engine import Engines


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as the driver got it, in which transaction (they are numbered), and whether that one writes."""

    transaction: int
    writes: bool
    sql: str
    parameters: Any


@contextmanager
def recording(engines: Engines) -> Iterator[list[Statement]]:
    """The statements that are executed meanwhile, without those that begin a transaction."""
    found: list[Statement] = []
    transactions: dict[int, int] = {}

    def note(connection: Any, _cursor: object, sql: str, parameters: Any, *_rest: object) -> None:
        if not sql.startswith("BEGIN"):
            number = transactions.setdefault(id(connection), len(transactions))
            found.append(Statement(number, connection.engine is engines.write.sync_engine, sql, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plain_engines(url: str) -> Engines:
    """Engines as anybody would open them, with what SQLite needs to be as quick and as safe as ours."""
    engines = []
    for begin, size in (("BEGIN IMMEDIATE", 1), ("BEGIN", 4)):
        engine = create_async_engine(url, pool_size=size, max_overflow=0)
        event.listen(engine.sync_engine, "connect", _prepare)
        event.listen(engine.sync_engine, "begin", partial(_begin, begin))
        engines.append(engine)
    return Engines(*engines)


async def replay(engines: Engines, statements: Iterable[Statement]) -> None:
    """Execute recorded statements, each transaction of them in one."""
    for _number, of_one in groupby(statements, key=lambda one: (one.transaction, one.writes)):
        first, *rest = of_one
        async with (engines.write if first.writes else engines.read).begin() as connection:
            for one in (first, *rest):
                found = await connection.exec_driver_sql(one.sql, one.parameters)
                if found.returns_rows:
                    found.fetchall()


def _prepare(connection: Any, _: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(how: str, connection: Any) -> None:
    connection.exec_driver_sql(how)
