"""Unasked letters come by day, also those that were held up: by a busy platform, or while the bot was down.

Whoever writes a letter chooses a decent moment for it (`held_until`). That moment may be over when the letter can go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot import programs
from bot.domain import LIVE, Cohort, Letter, LetterKind, LetterState, Member, Pairing, Person, Place
from bot.domain.rhythm import STANDARD, Reader, Rhythm, decent_for_all, next_decent
from bot.storage.work import Work

LATE = timedelta(minutes=15)
"""What a letter may be late before its hour is looked at again."""

BY_DAY = frozenset(
    {
        LetterKind.NEWS,
        LetterKind.INTRODUCTION,
        LetterKind.FAREWELL,
        LetterKind.SUMMARY,
        LetterKind.NUDGE,
        LetterKind.FIRST_CONTACT,
        LetterKind.GOAL,
        LetterKind.TIDING,
    }
)
"""Kinds that can wait for the morning; what people asked for and what the team must know at once cannot."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When one person may be written to."""

    reader: Reader
    rhythm: Rhythm = STANDARD

    def next(self, moment: datetime) -> datetime:
        """That moment, or the next one that is decent."""
        return next_decent(moment, self.reader, rhythm=self.rhythm)

    def next_with(self, others: Sequence[Hours], moment: datetime) -> datetime:
        """That moment, or the next one that is decent for everybody."""
        readers = [self.reader, *(other.reader for other in others)]
        return decent_for_all(moment, readers, rhythm=self.rhythm)


async def by_day(work: Work, letters: Sequence[Letter]) -> list[Letter]:
    """The letters that may go now; late ones that would come at night wait for the morning."""
    readers = await _readers(work, [letter for letter in letters if _is_late(letter, work.now)])
    hours = await hours_of(work, {person for people in readers.values() for person in people})
    ready = []
    for letter in letters:
        theirs = [hours[person] for person in readers.get(letter.id, ())]
        at = theirs[0].next_with(theirs[1:], work.now) if theirs else work.now
        if at > work.now:
            hold(letter, at)
        else:
            ready.append(letter)
    return ready


def hold(letter: Letter, until: datetime) -> None:
    """Put a claimed letter back until a moment."""
    letter.held_until, letter.state, letter.claimed_until = until, LetterState.WAITING, None


async def hours_of(work: Work, people: Collection[int]) -> Mapping[int, Hours]:
    """When each of these people may be written to: by their own hours, and the quiet days of their programs."""
    if not people:
        return {}
    cohorts = await _cohorts(work, people)
    return {
        person.id: _hours(person, cohorts[person.id])
        for person in await work.all(select(Person).where(Person.id.in_(people)))
    }


async def _readers(work: Work, letters: Sequence[Letter]) -> Mapping[int, Sequence[int]]:
    """Who reads each letter: a person, or those whose place it goes to."""
    numbers = [letter.place_id for letter in letters if letter.place_id is not None]
    places = await work.all(select(Place).where(work.among(Place.id, numbers))) if numbers else ()
    people = {place.id: place.person_ids for place in places}
    return {letter.id: [letter.person_id] if letter.person_id else people[letter.place_id or 0] for letter in letters}


def _is_late(letter: Letter, now: datetime) -> bool:
    if letter.kind not in BY_DAY or letter.channel_id is not None or letter.replaces_id is not None:
        return False
    return letter.tries > 0 or now - letter.held_until > LATE


def _hours(person: Person, cohorts: Sequence[Cohort]) -> Hours:
    quiet = frozenset[date]().union(*(cohort.quiet for cohort in cohorts))
    rhythm = programs.template(cohorts[-1].template).rhythm if cohorts else STANDARD
    return Hours(person.reader(quiet), rhythm)


async def _cohorts(work: Work, people: Collection[int]) -> Mapping[int, list[Cohort]]:
    rows = await work.session.execute(
        select(Member.person_id, Cohort)
        .join(Pairing, Pairing.id == Member.pairing_id)
        .join(Cohort, Cohort.id == Pairing.cohort_id)
        .where(Member.person_id.in_(people), Pairing.state.in_(LIVE))
        .order_by(Cohort.id)
    )
    found: dict[int, list[Cohort]] = defaultdict(list)
    for person, cohort in rows:
        found[person].append(cohort)
    return found
