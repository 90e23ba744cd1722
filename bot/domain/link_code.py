"""A code by which two become one: two people who are the same human, or two communities with one program."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import ONCE, Base, Id


class LinkKind(StrEnum):
    """What becomes one."""

    PERSON = "person"
    COMMUNITY = "community"


class LinkCode(Base):
    """One code, of which only the `digest` is kept.

    `maker_id` let the bot make it and answers in the end; `asker_id` typed it on the other side and said yes there,
    which uses it up. After `ends_at` it is worth nothing.
    """

    __tablename__ = "link_codes"
    __table_args__ = ONCE

    id: Mapped[Id]
    kind: Mapped[LinkKind]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ends_at: Mapped[datetime] = mapped_column(index=True)
