"""What the Slack adapter remembers: the workspaces that installed it by themselves, and installations under way."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


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
