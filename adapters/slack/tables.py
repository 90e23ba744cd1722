"""What the Slack adapter remembers: files on their way with letters, and who looks at their Home tab."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class SharedFile(Base):
    """A file that comes with a letter, written down before Slack is asked to share it; `place` is its part's."""

    __tablename__ = "slack_files"
    __table_args__ = (UniqueConstraint("letter", "place"),)

    id: Mapped[Id]
    letter: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[int]
    file: Mapped[str] = mapped_column(String(32))
    begun_at: Mapped[datetime] = mapped_column(index=True)


class HomeTab(Base):
    """Somebody has opened their Home tab: it is written anew when what it shows has changed."""

    __tablename__ = "slack_homes"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), unique=True)
    opened_at: Mapped[datetime]
