"""A message that waits for its delivery."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class LetterState(StrEnum):
    """Each state is a committed write; only a letter left in `sending` is in doubt."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"
    KEPT = "kept"
    LOST = "lost"


class Doubt(StrEnum):
    """What to do with a letter of which nobody can tell whether it arrived."""

    REPEAT = "repeat"
    DROP = "drop"


class LetterKind(StrEnum):
    """What a letter is for; `POLICIES` says what follows from it."""

    NEWS = "news"
    INTRODUCTION = "introduction"
    FAREWELL = "farewell"
    REMINDER = "reminder"
    RESULT = "result"
    DUTY = "duty"
    CALL = "call"
    SUMMARY = "summary"
    NUDGE = "nudge"
    FIRST_CONTACT = "first_contact"
    GOAL = "goal"
    TIDING = "tiding"


class Letter(Base):
    """A message to one person, place or channel, said once ever under its `key`.

    `about` names what would make it pointless ("pairing:7"): withdrawing that withdraws the letter. `held_until` is the
    earliest and `not_after` the latest moment of its delivery. `replaces` is an earlier letter that it rewrites.
    `message` is emptied once it has arrived; the receipt (`conversation`, `posted`, and the space that they are in)
    stays. A letter to somebody without an account is `kept` until they arrive.
    """

    __tablename__ = "letters"
    __table_args__ = (
        Index("ix_letters_due", "state", "held_until"),
        Index("ix_letters_person_kind", "person_id", "kind", "sent_at"),
        Index("ix_letters_about", "about", "state"),
        Index("ix_letters_receipt", "conversation", "posted"),
        CheckConstraint("person_id IS NOT NULL OR place_id IS NOT NULL OR channel_id IS NOT NULL", name="addressed"),
    )

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[LetterKind]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    message: Mapped[dict[str, Any] | None]
    about: Mapped[str] = mapped_column(String(64), default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    held_until: Mapped[datetime]
    not_after: Mapped[datetime | None]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    state: Mapped[LetterState] = mapped_column(default=LetterState.WAITING)
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    conversation: Mapped[str] = mapped_column(String(64), default="")
    posted: Mapped[str] = mapped_column(String(64), default="")
    space_id: Mapped[int | None] = mapped_column(ForeignKey("spaces.id"))
    created_at: Mapped[datetime]
