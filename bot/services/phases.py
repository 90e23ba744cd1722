"""New phases: the first letter after one has begun says so, with the first thing to do in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import programs
from bot.domain import Member
from bot.domain.rhythm import phase_on
from bot.services.desk import Told
from bot.services.periods import Period
from bot.texts import nudges as texts
from bot.ui import Message, Words, codec

URGENCY = 100
"""Above all other news: a phase is why some people want letters at all."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A phase that began since a person's last letter, as news that ride in this one."""

    key: str
    message: Message

    def row(self, person: int, letter: int, *, now: datetime) -> Mapping[str, Any]:
        """As a rider that a letter carries already."""
        return {
            "person_id": person,
            "pairing_id": None,
            "key": self.key,
            "message": codec.dump(self.message),
            "urgency": URGENCY,
            "created_at": now,
            "letter_id": letter,
        }


def begun(periods: Iterable[Period], told: Sequence[Told], *, now: datetime) -> list[Begun]:
    """The phases that began since the last letter to each of these members; each cohort and role once."""
    members = [period.member for period in periods]
    names_role = len({member.role for member in members}) > 1
    found = (_begun(member, _since(member, told), now, names_role=names_role) for member in members)
    return list({one.key: one for one in found if one is not None}.values())


def _begun(member: Member, since: date, now: datetime, *, names_role: bool) -> Begun | None:
    cohort = member.pairing.cohort
    template = programs.template(cohort.template)
    begins = template.phase_days(cohort.starts_on, cohort.ends_on)
    place = phase_on(begins, cohort.today(now))
    if begins[place] <= since:
        return None
    phase = template.phases[place]
    tasks = template.tasks(phase.key, member.role)
    message = texts.new_phase(Words(phase.title), tasks[0] if tasks else None, role=member.role if names_role else None)
    return Begun(f"phase:cohort-{cohort.id}:{phase.key}:{member.role}", message)


def _since(member: Member, told: Sequence[Told]) -> date:
    """The day of the member's last letter, else the first day of the pair."""
    cohort = member.pairing.cohort
    letters = [cohort.today(one.at) for one in told if one.member == member.id]
    return max([*letters, member.pairing.starts_on or cohort.starts_on])
