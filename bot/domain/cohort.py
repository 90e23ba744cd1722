"""One dated run of a program template."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id
from bot.domain.rhythm import day_in
from bot.domain.zones import zone_called


class CohortState(StrEnum):
    """Where a cohort stands; it moves forward, or to `cancelled`."""

    DRAFT = "draft"
    OPEN = "open"
    MATCHING = "matching"
    ACTIVE = "active"
    CLOSING = "closing"
    CLOSED = "closed"
    CANCELLED = "cancelled"


ENDED = frozenset({CohortState.CLOSED, CohortState.CANCELLED})


class Cohort(Base):
    """A call, its pairs and its dates. Days are the cohort's own calendar days, in its `zone`.

    `next_date_at` is derived: when the next of its dates must be acted upon. `reviewed_at` is set when somebody has
    looked at the proposal that would be published, and emptied when the proposal changes.
    """

    __tablename__ = "cohorts"

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    template: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(120))
    state: Mapped[CohortState] = mapped_column(default=CohortState.DRAFT)
    zone: Mapped[str] = mapped_column(String(64))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    announced_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    topics: Mapped[list[str]]
    capacity: Mapped[int | None]
    quiet_days: Mapped[list[str]] = mapped_column(default=list)
    call_channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    reviewed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    summary_weeks: Mapped[int] = mapped_column(default=1)
    next_summary_at: Mapped[datetime | None] = mapped_column(index=True)
    next_date_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which the cohort's days begin and end."""
        return zone_called(self.zone)

    @property
    def quiet(self) -> frozenset[date]:
        """Days on which nobody is written to."""
        return frozenset(date.fromisoformat(day) for day in self.quiet_days)

    def today(self, now: datetime) -> date:
        """The cohort's calendar day at an instant."""
        return day_in(now, self.tz)
