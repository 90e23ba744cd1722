"""Reading how pairs are doing: six statements, whatever the number of pairs, and not one word that people wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, select

from bot.domain import (
    LIVE,
    CheckIn,
    Cohort,
    CohortState,
    Concern,
    ConcernTo,
    Duty,
    Event,
    Goal,
    GoalState,
    Member,
    Pairing,
    Person,
    Role,
)
from bot.services.pair_health import PairFacts, report
from bot.services.periods import rests
from bot.storage import queries
from bot.storage.work import Work
from bot.texts.pairs import Need, PairReport
from bot.texts.team import who
from bot.ui import Who

RUNNING = (CohortState.ACTIVE, CohortState.CLOSING)
"""States in which a cohort's pairs are looked after."""

IN_TOUCH, OUT_OF_TOUCH = "liaison.in_touch", "liaison.out_of_touch"
"""Events that say that a person takes care of a pair, and that this was taken back."""

Hears = Callable[[int | None, Collection[int]], frozenset[ConcernTo]]
"""Which concerns a reader may know of, by the numbers of the pair's liaison and members: only whom they went to."""


def live(*, community: int) -> ColumnElement[bool]:
    """The pairs of a community that are looked after now."""
    return Pairing.state.in_(LIVE) & (Cohort.community_id == community) & Cohort.state.in_(RUNNING)


def as_liaison(liaison: int | None, members: Collection[int]) -> frozenset[ConcernTo]:
    """What the pair's own liaison knows."""
    return frozenset({ConcernTo.LIAISON})


async def known_to(work: Work, reader: Person) -> Hears:
    """What somebody in the team knows; `concerns.listeners` decides who is told."""
    coordinators = [person.id for person in await queries.team(work, reader.community_id, Duty.COORDINATOR)]

    def hears(liaison: int | None, members: Collection[int]) -> frozenset[ConcernTo]:
        other = next((number for number in coordinators if number != liaison and number not in members), None)
        listeners = {ConcernTo.LIAISON: other if liaison is None else liaison, ConcernTo.COORDINATOR: other}
        return frozenset(to for to, number in listeners.items() if number == reader.id)

    return hears


async def reports(work: Work, *which: ColumnElement[bool], hears: Hears = as_liaison) -> list[PairReport]:
    """How pairs are doing, those in need first. `which` may ask of `Pairing` and `Cohort`."""
    found = [report(facts, work.now) for facts in await _facts(work, which, hears)]
    order = list(Need)
    return sorted(found, key=lambda one: ([order.index(need) for need in one.needs] or [len(order)], one.number))


async def _facts(work: Work, which: Sequence[ColumnElement[bool]], hears: Hears) -> list[PairFacts]:
    rows = await work.session.execute(
        select(Pairing, Cohort, Person)
        .join(Cohort, Cohort.id == Pairing.cohort_id)
        .outerjoin(Person, Person.id == Pairing.liaison_id)
        .where(*which)
        .order_by(Pairing.id)
    )
    numbers = select(Pairing.id).join(Cohort, Cohort.id == Pairing.cohort_id).where(*which)
    behind = await _Behind.read(work, numbers)
    return [behind.facts(pairing, cohort, liaison, hears=hears, now=work.now) for pairing, cohort, liaison in rows]


_Numbers = Select[int]


@dataclass(frozen=True, slots=True)
class _Behind:
    """Everything behind the pairs, by the pair's number."""

    people: Mapping[int, Sequence[Person]]
    expected: frozenset[int]
    talks: Mapping[int, tuple[int, date]]
    goals: Mapping[int, tuple[int, int]]
    concerns: Mapping[int, Sequence[Concern]]
    in_touch: Mapping[int, datetime]

    @classmethod
    async def read(cls, work: Work, numbers: _Numbers) -> _Behind:
        return cls(
            *await _people(work, numbers),
            await _talks(work, numbers),
            await _goals(work, numbers),
            await _concerns(work, numbers),
            await _in_touch(work, numbers),
        )

    def facts(
        self, pairing: Pairing, cohort: Cohort, liaison: Person | None, *, hears: Hears, now: datetime
    ) -> PairFacts:
        people = {person.id: person for person in self.people.get(pairing.id, ())}
        heard = [
            concern
            for concern in self.concerns.get(pairing.id, ())
            if concern.told in hears(pairing.liaison_id, people)
        ]
        talks, talked_on = self.talks.get(pairing.id, (0, None))
        goals, reached = self.goals.get(pairing.id, (0, 0))
        return PairFacts(
            number=pairing.id,
            cohort=cohort.title,
            template=cohort.template,
            zone=cohort.zone,
            state=pairing.state,
            people=_named(people.values()),
            liaison=None if liaison is None else who(liaison),
            starts_on=pairing.starts_on or cohort.starts_on,
            ends_on=pairing.ends_on or cohort.ends_on,
            introduced_at=pairing.introduced_at,
            last_sign_at=pairing.last_sign_at,
            well_until=pairing.well_until,
            hears_at=pairing.liaison_hears_at,
            told_at=pairing.liaison_told_at,
            rests=any(rests(person, now) for person in people.values()),
            unreachable=_named(person for person in people.values() if person.unreachable_since is not None),
            expected=_named(person for person in people.values() if person.id in self.expected),
            asked=tuple((who(people[c.raised_by_id]), c.raised_at) for c in heard if c.raised_by_id in people),
            in_touch_at=self.in_touch.get(pairing.id),
            talked_on=talked_on,
            talks=talks,
            goals=goals,
            reached=reached,
        )


def _named(people: Iterable[Person]) -> tuple[Who, ...]:
    return tuple(who(person) for person in people)


async def _people(work: Work, numbers: _Numbers) -> tuple[Mapping[int, Sequence[Person]], frozenset[int]]:
    """The members, mentees before mentors, and who of them is not here yet."""
    found = await work.session.execute(
        select(Member.pairing_id, Person, queries.is_here())
        .join(Person, Person.id == Member.person_id)
        .where(Member.pairing_id.in_(numbers))
        .order_by(Member.role == Role.MENTOR, Member.id)
    )
    rows = found.all()
    expected = frozenset(person.id for _number, person, is_here in rows if not is_here)
    return _grouped((number, person) for number, person, _is_here in rows), expected


async def _talks(work: Work, numbers: _Numbers) -> Mapping[int, tuple[int, date]]:
    rows = await work.session.execute(
        select(CheckIn.pairing_id, func.count(), func.max(CheckIn.talked_on))
        .where(CheckIn.pairing_id.in_(numbers))
        .group_by(CheckIn.pairing_id)
    )
    return {pairing: (count, latest) for pairing, count, latest in rows}


async def _goals(work: Work, numbers: _Numbers) -> Mapping[int, tuple[int, int]]:
    reached = func.count().filter(Goal.state == GoalState.REACHED)
    rows = await work.session.execute(
        select(Goal.pairing_id, func.count(), reached)
        .where(Goal.pairing_id.in_(numbers), Goal.state != GoalState.DROPPED)
        .group_by(Goal.pairing_id)
    )
    return {pairing: (count, done) for pairing, count, done in rows}


async def _concerns(work: Work, numbers: _Numbers) -> Mapping[int, Sequence[Concern]]:
    rows = await work.session.execute(
        select(Concern.pairing_id, Concern)
        .where(Concern.pairing_id.in_(numbers), Concern.settled_at.is_(None))
        .order_by(Concern.id)
    )
    return _grouped((number, row) for number, row in rows)


async def _in_touch(work: Work, numbers: _Numbers) -> Mapping[int, datetime]:
    """When a person last said that they take care, where that was not taken back."""
    rows = await work.session.execute(
        select(Event.pairing_id, Event.kind, Event.at)
        .where(Event.pairing_id.in_(numbers), Event.kind.in_((IN_TOUCH, OUT_OF_TOUCH)))
        .order_by(Event.id)
    )
    last = {pairing: (kind, at) for pairing, kind, at in rows}
    return {pairing: at for pairing, (kind, at) in last.items() if pairing is not None and kind == IN_TOUCH}


T = TypeVar("T")


def _grouped(rows: Iterable[tuple[int, T]]) -> Mapping[int, Sequence[T]]:
    groups: defaultdict[int, list[T]] = defaultdict(list)
    for number, row in rows:
        groups[number].append(row)
    return groups
