"""From what a cohort's people answered to candidates for matching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from sqlalchemy import func, select

from bot import programs
from bot.domain import LIVE, Cohort, Enrollment, EnrollmentState, Member, Pairing, PairingState, Person, Role
from bot.domain.rhythm import at_local, decent_day
from bot.domain.zones import zone_called
from bot.matching import Mentee, Mentor, Preferences, Rules
from bot.programs import Template
from bot.services import exclusions, room
from bot.storage.work import Work

HALF_HOUR = 30

_INSTITUTIONS = {"other": "other", "same": "same", "any": "indifferent"}


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody's role in a cohort, and how many pairs they can be given now."""

    enrollment: Enrollment
    person: Person
    free: int


@dataclass(frozen=True, slots=True)
class Pool:
    """All that matching a cohort depends on: two equal pools have the same best pairs."""

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    rules: Rules
    preferences: Preferences

    @property
    def everybody(self) -> tuple[Mentee | Mentor, ...]:
        """All candidates."""
        return *self.mentees, *self.mentors


async def gather(work: Work, cohort: Cohort) -> Pool:
    """Everybody in a cohort who can be given a partner now, as far as there is room, and the rules among them."""
    there = await enrolled(work, cohort)
    apart = await outside(work, cohort, there)
    return await _pool(work, cohort, [who for who in there if who.enrollment.id not in apart])


async def everybody(work: Work, cohort: Cohort) -> Pool:
    """The same with those for whom there is no room: the committee may choose one of them before others."""
    return await _pool(work, cohort, await enrolled(work, cohort))


async def beyond(work: Work, cohort: Cohort) -> frozenset[int]:
    """The mentees for whom the cohort has no room, by enrollment."""
    return await outside(work, cohort, await enrolled(work, cohort))


async def outside(work: Work, cohort: Cohort, there: Sequence[Enrolled]) -> frozenset[int]:
    """Those of these people."""
    return await room.outside(work, cohort, [who.enrollment for who in there if _is(who, Role.MENTEE)])


async def _pool(work: Work, cohort: Cohort, there: Sequence[Enrolled]) -> Pool:
    template = programs.template(cohort.template)
    waited = await room.waited(work, cohort)
    view = _View(template, decent_day(cohort.starts_on, Person(zone=cohort.zone).reader()))
    mentees = tuple(view.mentee(who, waited[who.person.id]) for who in there if _is(who, Role.MENTEE))
    mentors = tuple(view.mentor(who) for who in there if _is(who, Role.MENTOR))
    rules = await exclusions.rules(work, cohort, mentees=mentees, mentors=mentors)
    return Pool(mentees, mentors, rules, preferences(template, day=view.day))


async def enrolled(work: Work, cohort: Cohort) -> Sequence[Enrolled]:
    """Everybody in a cohort who has not withdrawn, in the order in which they enrolled."""
    rows = await work.session.execute(
        select(Enrollment, Person)
        .join(Person, Person.id == Enrollment.person_id)
        .where(Enrollment.cohort_id == cohort.id, Enrollment.state != EnrollmentState.WITHDRAWN)
        .order_by(Enrollment.id)
    )
    live, ever = await _partners(work, cohort)
    return [
        Enrolled(enrollment, person, _free(enrollment, live[enrollment.id], ever[enrollment.id]))
        for enrollment, person in rows
    ]


def preferences(template: Template, *, day: date | None = None) -> Preferences:
    """How a template wants its pairs, and what it calls topics and languages; `day` is that of the hours."""
    matching = template.matching
    return Preferences(
        weights=matching.weights.model_dump(),
        institution=_INSTITUTIONS[matching.institution],  # type: ignore[arg-type]  # its values are the literals
        objective="worst" if matching.objective == "fair" else "total",
        need_topic=matching.need_topic,
        topics={key: template.topic_label(key) for key in template.topics},
        languages={key: template.language_label(key) for key in template.languages},
        day=day,
    )


def _free(enrollment: Enrollment, live: int, ever: int) -> int:
    """Places left. A place whose partner left is free again only when its owner asked for another match."""
    asked_for = live if enrollment.state is EnrollmentState.WAITING else ever
    return max(enrollment.capacity - asked_for, 0)


def _is(who: Enrolled, role: Role) -> bool:
    return who.enrollment.role is role and who.free > 0


async def _partners(work: Work, cohort: Cohort) -> tuple[Counter[int], Counter[int]]:
    """For each enrollment: its pairings that go on, and all that it ever had."""
    rows = await work.session.execute(
        select(Member.enrollment_id, Pairing.state, func.count())
        .join(Pairing, Pairing.id == Member.pairing_id)
        .where(Pairing.cohort_id == cohort.id, Pairing.state != PairingState.PROPOSED)
        .group_by(Member.enrollment_id, Pairing.state)
    )
    live: Counter[int] = Counter()
    ever: Counter[int] = Counter()
    for enrollment, state, count in rows:
        ever[enrollment or 0] += count
        live[enrollment or 0] += count if state in LIVE else 0
    return live, ever


@dataclass(frozen=True, slots=True)
class _View:
    """People as matching sees them. Hours are compared as they fall on one reference day, a working day."""

    template: Template
    day: date

    def mentee(self, who: Enrolled, waited: int) -> Mentee:
        person = who.person
        return Mentee(
            who.enrollment.id,
            person.id,
            tuple(who.enrollment.topics),
            hours=self._hours(person),
            career=self._career(person),
            institution=person.institution,
            languages=frozenset(person.languages),
            waited=waited,
        )

    def mentor(self, who: Enrolled) -> Mentor:
        person = who.person
        return Mentor(
            who.enrollment.id,
            person.id,
            frozenset(who.enrollment.topics),
            capacity=who.free,
            hours=self._hours(person),
            career=self._career(person),
            institution=person.institution,
            languages=frozenset(person.languages),
        )

    def _career(self, person: Person) -> int:
        stages = list(self.template.career)
        return stages.index(person.career) if person.career in stages else -1

    def _hours(self, person: Person) -> frozenset[int]:
        """The half-hour slots of a UTC day that suit somebody; none where the zone is unknown."""
        bands = [self.template.hours[key] for key in person.hours if key in self.template.hours]
        slots = (half_hours(band.begins, band.ends, day=self.day, zone=person.zone) for band in bands if person.zone)
        return frozenset(slot for band in slots for slot in band)


@lru_cache(maxsize=4096)
def half_hours(begins: time, ends: time, *, day: date, zone: str) -> frozenset[int]:
    """The half-hour slots (0 to 47) of a UTC day that a part of a local day covers."""
    minutes = range(_minutes(begins), _minutes(ends), HALF_HOUR)
    moments = (at_local(day, time(*divmod(minute, 60)), zone=zone_called(zone)) for minute in minutes)
    return frozenset(_minutes(moment.time()) // HALF_HOUR for moment in moments)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
