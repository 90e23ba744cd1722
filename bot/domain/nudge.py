"""What became of each member's period, and what waits to ride in the next letter."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class Outcome(StrEnum):
    """How a member's period ended: exactly one of these."""

    NUDGED = "nudged"
    THANKED = "thanked"
    SNOOZED = "snoozed"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    ENDED = "ended"


class Nudge(Base):
    """One member's period: its outcome, the letter it was part of, the prompt used and what was answered."""

    __tablename__ = "nudges"
    __table_args__ = (UniqueConstraint("member_id", "period"),)

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    period: Mapped[int]
    outcome: Mapped[Outcome]
    topic: Mapped[str] = mapped_column(String(24), default="")
    prompt: Mapped[str] = mapped_column(String(32), default="")
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"), index=True)
    answer: Mapped[str] = mapped_column(String(24), default="")
    at: Mapped[datetime]


class Rider(Base):
    """News that can wait: it rides inside the person's next letter, the most urgent first.

    `message` is emptied when that letter is over.
    """

    __tablename__ = "riders"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    pairing_id: Mapped[int | None] = mapped_column(ForeignKey("pairings.id"), index=True)
    key: Mapped[str] = mapped_column(String(100))
    message: Mapped[dict[str, Any]]
    urgency: Mapped[int]
    created_at: Mapped[datetime]
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
