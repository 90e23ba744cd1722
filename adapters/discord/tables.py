"""What the Discord adapter remembers: long links, forms in progress, long letters, threads, registered commands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class LongLink(Base):
    """What a button runs, where that is longer than a button may carry: the button has `key` instead.

    `digest` is of the link itself, so that the same one is kept once; `made_at` is when it was last given to a button.
    """

    __tablename__ = "discord_links"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"), index=True)
    link: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class OpenForm(Base):
    """A form that somebody is filling in, page by page; `key` is what its buttons and modals carry.

    Of one that was sent and answered, `form` is only who closed it and how (`composing.Composer.close`).
    """

    __tablename__ = "discord_forms"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    user: Mapped[str] = mapped_column(String(32))
    form: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime] = mapped_column(index=True)


class Sequel(Base):
    """A further message of a letter that did not fit into one: `first` is the letter's own receipt."""

    __tablename__ = "discord_sequels"

    id: Mapped[Id]
    conversation: Mapped[str] = mapped_column(String(32))
    posted: Mapped[str] = mapped_column(String(32), unique=True)
    first: Mapped[str] = mapped_column(String(32), index=True)


class Room(Base):
    """The thread that was opened for a place."""

    __tablename__ = "discord_rooms"

    id: Mapped[Id]
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), unique=True)
    thread: Mapped[str] = mapped_column(String(32), unique=True)


class Corner(Base):
    """The thread of one person, for letters that their direct messages do not take."""

    __tablename__ = "discord_corners"
    __table_args__ = (UniqueConstraint("space", "user"),)

    id: Mapped[Id]
    space: Mapped[str] = mapped_column(String(32))
    user: Mapped[str] = mapped_column(String(32))
    thread: Mapped[str] = mapped_column(String(32), unique=True)


class Registered(Base):
    """The commands that Discord has of us: a digest of them, by application and server (`global` for all)."""

    __tablename__ = "discord_registered"

    id: Mapped[Id]
    scope: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
