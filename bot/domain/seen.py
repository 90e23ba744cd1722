"""Events of platforms that were acted upon, so that one that is brought again does nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class Seen(Base):
    """One event by its platform's id, until no platform would bring it again."""

    __tablename__ = "seen_events"
    __table_args__ = (UniqueConstraint("platform", "event"),)

    id: Mapped[Id]
    platform: Mapped[str] = mapped_column(String(16))
    event: Mapped[str] = mapped_column(String(200))
    forget_at: Mapped[datetime] = mapped_column(index=True)
