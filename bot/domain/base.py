"""What every stored noun shares: its metadata, its column types and its number."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, Integer, MetaData
from sqlalchemy import Enum as Labels
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from bot.domain.instant import Instant

Number = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number; SQLite only counts plain INTEGER keys up by itself."""

Id = Annotated[int, mapped_column(Number, primary_key=True)]
Json = JSON().with_variant(JSONB(), "postgresql")

ONCE = {"sqlite_autoincrement": True}
"""For tables whose rows are deleted and whose numbers stand in buttons and keys: no number is ever given again."""

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


def _values(labels: type[enum.Enum]) -> list[str]:
    return [str(label.value) for label in labels]


class Base(DeclarativeBase):
    """The one metadata of the bot and of its adapters' tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        int: Number,
        dict[str, Any]: Json,
        list[str]: Json,
        list[int]: Json,
        enum.Enum: Labels(enum.Enum, native_enum=False, create_constraint=False, length=24, values_callable=_values),
    }
