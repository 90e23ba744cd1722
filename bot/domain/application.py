"""What somebody asks of one cohort, and the enrollments made from it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.domain.base import ONCE, Base, Id
from bot.domain.person import Person


class Role(StrEnum):
    """What somebody is in a pairing."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    PEER = "peer"


class Wanted(StrEnum):
    """What somebody applies as."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    BOTH = "both"

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles to enroll in."""
        return (Role.MENTEE, Role.MENTOR) if self is Wanted.BOTH else (Role(self.value),)


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Application(Base):
    """A person's answers for one cohort. `late` ones wait for the coordinator; `answers` are the template's own."""

    __tablename__ = "applications"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"), ONCE)

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    wanted: Mapped[Wanted]
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.SENT)
    late: Mapped[bool] = mapped_column(default=False)
    wishes: Mapped[list[str]] = mapped_column(default=list)
    offers: Mapped[list[str]] = mapped_column(default=list)
    places: Mapped[int] = mapped_column(default=1)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    conduct_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime]

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise")


class EnrollmentState(StrEnum):
    """Whether an enrolled person has a partner in this role."""

    WAITING = "waiting"
    MATCHED = "matched"
    UNMATCHED = "unmatched"
    WITHDRAWN = "withdrawn"


class Enrollment(Base):
    """One role of one person in one cohort. `topics`: a mentee's ranked wishes, or what a mentor offers."""

    __tablename__ = "enrollments"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id", "role"), ONCE)

    id: Mapped[Id]
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    role: Mapped[Role]
    topics: Mapped[list[str]]
    capacity: Mapped[int] = mapped_column(default=1)
    state: Mapped[EnrollmentState] = mapped_column(default=EnrollmentState.WAITING)

    person: Mapped[Person] = relationship(lazy="raise")
