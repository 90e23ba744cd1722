"""That a pair talked, and what they noted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import ONCE, Base, Id


class CheckIn(Base):
    """One conversation of a pairing: logged once, for both."""

    __tablename__ = "check_ins"
    __table_args__ = (UniqueConstraint("pairing_id", "talked_on"), ONCE)

    id: Mapped[Id]
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"))
    logged_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    talked_on: Mapped[date]
    way: Mapped[str] = mapped_column(String(32), default="")
    minutes: Mapped[int | None]
    goals: Mapped[list[int]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class Note(Base):
    """Words beside a check-in: for the pair when `shared`, else for their writer alone."""

    __tablename__ = "notes"

    id: Mapped[Id]
    check_in_id: Mapped[int] = mapped_column(ForeignKey("check_ins.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    shared: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
