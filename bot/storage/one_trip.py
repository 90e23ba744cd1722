"""aiosqlite with one trip to the connection's thread for each statement.

SQLAlchemy's own adapter makes four: open a cursor, execute, fetch, close. A trip costs several times what SQLite needs
for most statements, so they were nearly half of what a command cost. All else stays as it is in both libraries.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_


class _Outcome:
    """Stands for the cursor, which is closed in the other thread as soon as everything is read from it."""

    arraysize = 1
    description: Any = None
    lastrowid: int | None = None
    rowcount = -1

    def take(self, connection: sqlite3.Connection, verb: str, statement: str, parameters: Any) -> list[Any]:
        """Run `execute` or `executemany` and keep what a cursor would tell; all rows that came of it."""
        cursor = connection.cursor()
        try:
            getattr(cursor, verb)(statement, parameters)
            rows = cursor.fetchall() if cursor.description else []
            self.description, self.lastrowid, self.rowcount = cursor.description, cursor.lastrowid, cursor.rowcount
            return rows
        finally:
            cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    _awaitable_cursor_close = False  # there is nothing left to close

    def _make_new_cursor(self, connection: Any) -> Any:
        return _Outcome()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._take("execute", operation, () if parameters is None else parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._take("executemany", operation, seq_of_parameters)

    async def _take(self, verb: str, statement: str, parameters: Any) -> None:
        async with self._adapt_connection._execute_mutex:
            connection: Any = self._connection
            outcome: Any = self._cursor
            self._rows = deque(await connection._execute(outcome.take, connection._conn, verb, statement, parameters))

    def close(self) -> None:
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    _cursor_cls = _Cursor

    def rollback(self) -> None:
        """Not a trip for nothing: the pool rolls back what a commit has ended already."""
        connection: Any = self._connection
        if connection._connection and connection.in_transaction:
            super().rollback()


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine(module=…)` takes instead of SQLAlchemy's own adapter of aiosqlite."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        """Open a connection, whose thread ends with the process."""
        connection: Any = self.aiosqlite.connect(*arg, **kw)
        connection._thread.daemon = True
        return _Connection(self, await_(connection))
