"""A human in one community, and the accounts through which they are reached."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.domain.base import ONCE, Base, Id
from bot.domain.rhythm import Reader
from bot.domain.zones import zone_called


class Pace(StrEnum):
    """How often a person wants the program's letter."""

    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    PHASES = "phases"


class Person(Base):
    """Somebody in one community: how to address them, when to write to them, and what they said of themselves.

    `next_letter_at` is derived (see `services/calendar.py`): the moment at which the letter of the person's current
    period falls due, or nothing while no pairing of theirs is active. Somebody without an account is expected: a
    coordinator entered them by name and `mail`, which nobody else in the community has (see `domain/mail.py`).
    """

    __tablename__ = "people"
    __table_args__ = (
        Index(
            "uq_people_community_mail",
            "community_id",
            "mail",
            unique=True,
            sqlite_where=text("mail != ''"),
            postgresql_where=text("mail != ''"),
        ),
        ONCE,
    )

    id: Mapped[Id]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    mail: Mapped[str] = mapped_column(String(200), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(16), default="en")
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]

    institution: Mapped[str] = mapped_column(String(200), default="")
    career: Mapped[str] = mapped_column(String(32), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(Text, default="")
    hours: Mapped[list[str]] = mapped_column(default=list)
    ways: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)

    pace: Mapped[Pace] = mapped_column(default=Pace.FORTNIGHTLY)
    unanswered: Mapped[int] = mapped_column(default=0)
    pace_asked_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None] = mapped_column(index=True)
    snoozed_until: Mapped[datetime | None]
    unreachable_since: Mapped[datetime | None]
    wants_call: Mapped[bool] = mapped_column(default=False)
    next_letter_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]

    @property
    def tz(self) -> ZoneInfo:
        """The person's zone; UTC until they have told it."""
        return zone_called(self.zone)

    def reader(self, quiet_days: frozenset[date] = frozenset()) -> Reader:
        """What the calendar must know of this person; `quiet_days` are the cohort's."""
        return Reader(self.tz, quiet_days, self.quiet_from, self.quiet_to)


class Account(Base):
    """One user of one space; a person may have several, or none until they arrive."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("space_id", "user"),)

    id: Mapped[Id]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    user: Mapped[str] = mapped_column(String(64), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reachable: Mapped[bool] = mapped_column(default=True)


class Draft(Base):
    """What somebody has begun to answer: kept until the form is sent, offered again when it is reopened."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("person_id", "run"), ONCE)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    run: Mapped[str] = mapped_column(String(300))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime]
    forget_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it is thrown away by itself: typed words are, which nobody said the use of."""


class Exclusion(Base):
    """Two people who must not be matched. Solver and coordinator alone see `private` ones, asked for by `person_id`."""

    __tablename__ = "exclusions"
    __table_args__ = (UniqueConstraint("person_id", "other_id", "private"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    private: Mapped[bool]
