"""What a pair wants to reach."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class GoalState(StrEnum):
    """Whether a goal is worked on, reached, or let go."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


class Goal(Base):
    """One goal of a pairing, and how the mentor can best help."""

    __tablename__ = "goals"

    id: Mapped[Id]
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    help: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text, default="")
    by_on: Mapped[date | None]
    state: Mapped[GoalState] = mapped_column(default=GoalState.OPEN)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    created_at: Mapped[datetime]
    reached_on: Mapped[date | None]
