"""An association, the places on chat platforms that belong to it, and its team."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import Base, Id


class Community(Base):
    """An association that runs mentoring programs."""

    __tablename__ = "communities"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(64), default="America/Chicago")
    language: Mapped[str] = mapped_column(String(16), default="en")
    liaison_channel_id: Mapped[int | None]
    """A channel's number without a foreign key: channels already point here through their space."""
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id"))
    """The community that this one is a part of: its own number may stand in old buttons, and means that one."""
    created_at: Mapped[datetime]


class Space(Base):
    """One Slack workspace, one Discord server, or the sandbox; `external` is the platform's own id for it.

    `is_guest`: it joined the community of another one. Who rules it rules nothing there.
    """

    __tablename__ = "spaces"
    __table_args__ = (UniqueConstraint("platform", "external"),)

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    platform: Mapped[str] = mapped_column(String(16))
    external: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    is_guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    roams: Mapped[bool] = mapped_column(default=False)
    """Whether a user has the same id in every space of its platform: then they are one person in a community."""
    hangs_rooms: Mapped[bool] = mapped_column(default=False)
    """Whether the room of a pair hangs below a channel there. Elsewhere it stands by itself."""
    rooms_channel_id: Mapped[int | None]
    """The channel that a coordinator chose for that; without a foreign key, as channels already point here."""
    left_at: Mapped[datetime | None]
    """When the bot was taken out of it: letters to whoever is only there wait until it is back."""


WRONG_KIND: Final = "kind"
"""Stands in the place of rights: a channel of its kind holds no rooms, whatever the bot may do there."""


class Channel(Base):
    """A channel that the bot may post in; `conversation` is the platform's id."""

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("space_id", "conversation"),)

    id: Mapped[Id]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    conversation: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(100))
    private: Mapped[bool]
    lacks: Mapped[list[str]] = mapped_column(default=list)
    """The rights that the bot has not got there to open rooms, as their platform calls them; or `WRONG_KIND`."""
    left_at: Mapped[datetime | None]
    """When the bot was taken out of it: nothing new is posted there until it is invited again."""


class Duty(StrEnum):
    """What a team member does. The committee reviews matches and never sees concerns."""

    COORDINATOR = "coordinator"
    LIAISON = "liaison"
    COMMITTEE = "committee"


class TeamMember(Base):
    """One duty of one person; a person may have several."""

    __tablename__ = "team_members"
    __table_args__ = (UniqueConstraint("community_id", "person_id", "duty"),)

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    duty: Mapped[Duty]
    since: Mapped[datetime]
