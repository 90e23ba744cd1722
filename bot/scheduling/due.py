"""When things fall due: each sweep's earliest due time, all of them read by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, select
from sqlalchemy.orm import InstrumentedAttribute

from bot.storage.work import Work
from bot.ui import Words


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """A column of due times: `at`, of the rows where `of` holds; `title` says what falls due, where people care."""

    at: InstrumentedAttribute[datetime | None] | InstrumentedAttribute[datetime]
    of: ColumnElement[bool] | None = None
    title: Words | None = None

    def earliest(self) -> ScalarSelect[datetime | None]:
        """The earliest due time, past or future: the first entry of the column's index."""
        rows = select(self.at).where(self.at.is_not(None))
        return (rows if self.of is None else rows.where(self.of)).order_by(self.at).limit(1).scalar_subquery()


async def earliest(work: Work, dues: Sequence[Due]) -> Sequence[datetime | None]:
    """The earliest due time of each, in their order."""
    return tuple((await work.session.execute(_statement(tuple(dues)))).one())


@lru_cache(maxsize=32)
def _statement(dues: tuple[Due, ...]) -> Select[*tuple[Any, ...]]:
    """Built once: putting it together costs more than running it."""
    return select(*(due.earliest() for due in dues))
