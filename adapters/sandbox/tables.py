"""What the sandbox remembers: the messages that a platform would keep, and how far its clock is ahead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class Posted(Base):
    """A message in a conversation.

    `author_id` is a person's number, or nothing for the bot. The bot says a `message`, people write `words`.
    `audience_id` is the only person who sees it, where not everybody in the conversation does. `letter` is the number
    of the letter that it delivered. `revision` grows over all conversations with every new or changed message.
    """

    __tablename__ = "sandbox_messages"

    id: Mapped[Id]
    conversation: Mapped[str] = mapped_column(String(64), index=True)
    letter: Mapped[int | None] = mapped_column(unique=True)
    author_id: Mapped[int | None]
    audience_id: Mapped[int | None]
    message: Mapped[dict[str, Any] | None]
    words: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int] = mapped_column(index=True)
    posted_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


class Dial(Base):
    """How far the sandbox's clock is ahead of the wall clock, in microseconds. There is one row."""

    __tablename__ = "sandbox_clock"

    id: Mapped[Id]
    ahead: Mapped[int] = mapped_column(default=0)
