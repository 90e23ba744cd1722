"""What the Slack adapter remembers: files on their way, who looks at their Home tab, and who installed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
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


class Installed(Base):
    """A workspace that has installed the bot; `token` is sealed. The row goes when the bot is removed there."""

    __tablename__ = "slack_installations"

    id: Mapped[Id]
    team: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    bot: Mapped[str] = mapped_column(String(32))
    bot_id: Mapped[str] = mapped_column(String(32))
    token: Mapped[str] = mapped_column(Text)
    installed_by: Mapped[str] = mapped_column(String(32))
    installed_at: Mapped[datetime]


class Begun(Base):
    """An installation that somebody began in a browser; `digest` is of the state that Slack brings back."""

    __tablename__ = "slack_states"

    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
