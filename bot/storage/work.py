"""One request is one transaction: a Work."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import ARRAY, ColumnElement, Row, Select, Table, any_, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.orm.util import identity_key

from bot.domain import Event
from bot.domain.base import Base
from bot.ports import Clock
from bot.storage.engine import Engines
from bot.storage.prepared import Prepared

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
B = TypeVar("B", bound=Base)

_open: ContextVar[bool] = ContextVar("work_is_open", default=False)

_GAVE_WAY = frozenset({"40001", "40P01"})
"""What PostgreSQL calls a transaction that it ended for the sake of another: not serializable, deadlock."""


class Work:
    """An open transaction and the one `now` of everything done in it.

    What its prepared selects have read stays with it, so that nothing they load is read twice. One that only `reads`
    does not ask twice either: nothing can have changed in between.
    """

    def __init__(self, session: AsyncSession, now: datetime, *, reads: bool = False) -> None:
        self.session = session
        self.now = now
        self.wakes = False
        """Set when a letter or a task was written: delivery looks at once instead of at its next tick."""
        self.noted: list[Event] = []
        """What happened in it: whoever watches hears of it after the commit."""
        self._reads = reads
        self._asked: dict[Hashable, Any] = {}

    def add(self, *rows: Base) -> None:
        """Put new rows into the transaction; `flush` gives them their numbers."""
        self.session.add_all(rows)

    async def flush(self) -> None:
        """Write what was added, so that numbers exist and later selects see it."""
        await self.session.flush()

    async def find(self, model: type[B], number: int | None) -> B | None:
        """The row with this number, if there is one."""
        return None if number is None else await self.session.get(model, number)

    def here(self, model: type[B], number: int) -> B | None:
        """The row with this number, if a prepared select of this Work has read it."""
        found: B | None = self.session.identity_map.get(identity_key(model, number))
        return found

    async def get(self, model: type[B], number: int) -> B:
        """The row with this number. Raises NoResultFound, a bug of ours, if there is none."""
        return await self.session.get_one(model, number)

    async def first(self, select: Select[T] | Prepared[T]) -> T | None:
        """The first value of the first row, if any. What is prepared asks for no more than that row itself."""
        if isinstance(select, Prepared):
            rows = await self._ask(select, unique=True)
            return rows[0][0] if rows else None
        found: T | None = (await self.session.scalars(select.limit(1))).first()
        return found

    async def all(self, select: Select[T] | Prepared[T]) -> Sequence[T]:
        """The first value of every row, without doubles from joined loads: equal values of a column are doubles too."""
        if isinstance(select, Prepared):
            return [row[0] for row in await self._ask(select, unique=True)]
        return (await self.session.scalars(select)).unique().all()

    async def rows(self, select: Prepared[*Ts]) -> Sequence[Row[*Ts]]:
        """Every row."""
        return await self._ask(select, unique=False)

    async def _ask(self, asked: Prepared[*Ts], *, unique: bool) -> Sequence[Row[*Ts]]:
        key = unique, asked.key
        if not self._reads or key not in self._asked:
            found = await self.session.execute(asked.select, asked.values)
            self._asked[key] = (found.unique() if unique else found).all()
        rows: Sequence[Row[*Ts]] = self._asked[key]
        return rows

    async def lock(self, model: type[B], number: int) -> None:
        """Let no other Work have this row until this one ends; SQLite has one writer anyway."""
        key = model.__mapper__.primary_key[0]
        await self.session.execute(select(key).where(key == number).with_for_update())

    async def insert_once(
        self, model: type[Base], rows: Sequence[Mapping[str, Any]], *, unique: Sequence[str]
    ) -> list[int]:
        """Insert what is not there yet by its unique columns; the numbers of the rows that are new."""
        if not rows:
            return []
        table = model.__table__
        inserted = (postgresql if self._is_postgresql else sqlite).insert(cast(Table, table))
        statement = inserted.on_conflict_do_nothing(index_elements=list(unique)).returning(table.c.id)
        return list(await self.session.scalars(statement, [dict(row) for row in rows]))

    def among(self, column: InstrumentedAttribute[Any], values: Collection[int | str]) -> ColumnElement[bool]:
        """Whether a column has one of these values, however many they are.

        One parameter holds them all: of an `in_` each is one, and no database takes more than some thirty thousand.
        """
        if self._is_postgresql:
            return column == any_(literal(list(values), ARRAY(column.type)))
        return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))

    @property
    def _is_postgresql(self) -> bool:
        return self.session.get_bind().dialect.name == "postgresql"

    def note(
        self,
        kind: str,
        *,
        community: int,
        person: int | None = None,
        cohort: int | None = None,
        pairing: int | None = None,
        **facts: str | int | None,
    ) -> None:
        """Write what happened into the audit trail: numbers, states and keys, never the words people wrote."""
        event = Event(
            community_id=community,
            person_id=person,
            cohort_id=cohort,
            pairing_id=pairing,
            kind=kind,
            facts=facts,
            at=self.now,
        )
        self.add(event)
        self.noted.append(event)

    async def note_each(
        self, kind: str, *, community: int, cohort: int, facts: Mapping[int, Mapping[str, int]]
    ) -> None:
        """What `note` writes, of many pairings in one statement; the facts of each by its number."""
        rows = [
            {
                "community_id": community,
                "cohort_id": cohort,
                "pairing_id": pairing,
                "kind": kind,
                "facts": dict(of_one),
                "at": self.now,
            }
            for pairing, of_one in facts.items()
        ]
        if rows:
            await self.session.execute(insert(Event), rows)


class Storage:
    """Opens Works over one database."""

    def __init__(self, engines: Engines, clock: Clock) -> None:
        self.engines = engines
        self.clock = clock
        self.woken = asyncio.Event()
        self.watchers: list[Callable[[Sequence[Event]], None]] = []
        """Told what was noted in a Work once it is committed. They only take note of it, and never raise."""
        self._write = async_sessionmaker(engines.write, expire_on_commit=False)
        self._read = async_sessionmaker(engines.read, expire_on_commit=False)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """A transaction that commits at its end and rolls back on any exception. Raises RuntimeError inside another."""
        async with _alone(), self._write() as session, session.begin():
            work = Work(session, self.clock.now())
            yield work
        if work.wakes:
            self.woken.set()
        for watch in self.watchers if work.noted else ():
            watch(work.noted)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """A Work that writes nothing and waits for no writer. Raises RuntimeError for whatever was changed in it."""
        async with _alone(), self._read() as session:
            yield Work(session, self.clock.now(), reads=True)
            if session.new or session.dirty or session.deleted:
                raise RuntimeError("Something was changed in a Work that only reads.")

    async def close(self) -> None:
        """Let go of all connections."""
        await self.engines.close()


def clashed(error: BaseException) -> bool:
    """Whether two Works met, and this one gave way: the same, done again, sees what the other did."""
    if isinstance(error, IntegrityError | StaleDataError):
        return True
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in _GAVE_WAY


def work_is_open() -> bool:
    """Whether this task is inside a Work: messengers and solvers refuse to run then."""
    return _open.get()


@asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    if _open.get():
        raise RuntimeError("A Work is open already: no Work inside a Work.")
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)
