"""Where the members of a pairing talk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class PlaceState(StrEnum):
    """Opening is a step of delivery, for the sake of a place's letters: wanted, then open."""

    WANTED = "wanted"
    OPEN = "open"
    CLOSED = "closed"


class Place(Base):
    """A conversation for a fixed set of people: a group DM, a private thread, a room of the sandbox.

    `people` are the members' numbers, sorted and joined by commas: other members mean another place. `conversation`
    is the platform's id, empty until it is open.
    """

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("space_id", "people"),)

    id: Mapped[Id]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    people: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    conversation: Mapped[str] = mapped_column(String(64), default="", index=True)
    state: Mapped[PlaceState] = mapped_column(default=PlaceState.WANTED, index=True)
    opened_at: Mapped[datetime | None]

    @property
    def person_ids(self) -> list[int]:
        """Who is in it."""
        return [int(number) for number in self.people.split(",")]
