"""A moment in time as a column: aware UTC in Python, comparable in SQL, the same on both databases."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime. PostgreSQL keeps `timestamptz`; SQLite keeps fixed-width UTC text, which sorts.

    Compare it with datetimes only: intervals differ between the databases, so add them in Python.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what names no zone (ValueError) or is no datetime (TypeError); the rest becomes UTC."""
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise TypeError(f"An instant must be a datetime, not {type(value).__name__}.")
        if value.utcoffset() is None:
            raise ValueError(f"An instant must be aware, and {value.isoformat()} names no zone.")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the database kept, as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
