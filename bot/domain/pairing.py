"""Who talks with whom, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.application import Role
from bot.domain.base import ONCE, Base, Id
from bot.domain.cohort import Cohort
from bot.domain.person import Person


class PairingState(StrEnum):
    """Where a pairing stands; offered and agreed are passed through by templates that ask both first."""

    PROPOSED = "proposed"
    OFFERED = "offered"
    AGREED = "agreed"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED = "ended"


LIVE = frozenset({PairingState.ACTIVE, PairingState.PAUSED})
OVER = frozenset({PairingState.COMPLETED, PairingState.ENDED})


class Pairing(Base):
    """Members who talk. Goals, check-ins and notes point here and to `Member`, never to columns like mentor_id.

    A pair begins when all of its people are here: until then it has no `starts_on`, no place and no introduction.
    `common` is what the introduction may say, `reasons` what the committee's review shows; both are stored `Words`, and
    large, so whoever reads them asks for them (`undefer`).
    The last four instants are due times and signs of life: `first_contact_at` asks for the first message,
    `last_sign_at` is the newest sign that they talk, `well_until` what "all is well" promised, and at
    `liaison_hears_at` the liaison is told that a pair is quiet.
    """

    __tablename__ = "pairings"
    __table_args__ = ONCE

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16), default="general")
    state: Mapped[PairingState] = mapped_column(default=PairingState.PROPOSED)
    locked: Mapped[bool] = mapped_column(default=False)
    score: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True, deferred_raiseload=True)
    common: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True, deferred_raiseload=True)
    liaison_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    introduced_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    first_contact_at: Mapped[datetime | None] = mapped_column(index=True)
    last_sign_at: Mapped[datetime | None]
    well_until: Mapped[datetime | None]
    liaison_hears_at: Mapped[datetime | None] = mapped_column(index=True)
    liaison_told_at: Mapped[datetime | None]

    members: Mapped[list[Member]] = relationship(back_populates="pairing", lazy="raise", order_by="Member.id")
    cohort: Mapped[Cohort] = relationship(lazy="raise")
    liaison: Mapped[Person | None] = relationship(lazy="raise")

    def member(self, person_id: int) -> Member:
        """This person's membership (members must be loaded). Raises StopIteration if they are not in the pairing."""
        return next(member for member in self.members if member.person_id == person_id)

    def partner(self, person_id: int) -> Member:
        """The first of the others."""
        return next(member for member in self.members if member.person_id != person_id)


class Member(Base):
    """One person in one pairing; `period` is the newest one that has its outcome."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("pairing_id", "person_id"),
        Index("ix_members_person_pairing", "person_id", "pairing_id"),
        ONCE,
    )

    id: Mapped[Id]
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    enrollment_id: Mapped[int | None] = mapped_column(ForeignKey("enrollments.id"), index=True)
    role: Mapped[Role]
    period: Mapped[int] = mapped_column(default=0)

    pairing: Mapped[Pairing] = relationship(back_populates="members", lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise")


class Departure(Base):
    """Somebody who leaves a pairing: the partner hears at `tell_at`, in their working hours, with `line` passed on."""

    __tablename__ = "departures"
    __table_args__ = (
        UniqueConstraint("member_id"),
        Index(
            "ix_departures_untold",
            "tell_at",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
        ONCE,
    )

    id: Mapped[Id]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    line: Mapped[str] = mapped_column(Text, default="")
    tell_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class ConcernTo(StrEnum):
    """Who hears a concern."""

    LIAISON = "liaison"
    COORDINATOR = "coordinator"


class Concern(Base):
    """Somebody asked for a person's help; only the one it went to knows."""

    __tablename__ = "concerns"

    id: Mapped[Id]
    pairing_id: Mapped[int] = mapped_column(ForeignKey("pairings.id"), index=True)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    told: Mapped[ConcernTo]
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
