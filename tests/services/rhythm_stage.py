"""What the tests of the rhythm share: pairs on the stage, and expectations from the calendar alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain import Cohort, Goal, Letter, LetterKind, Member, Nudge, Pairing, Person
from bot.ui import Reply
from tests.stage import Actor, Posted, Stage
from tests.wording import words_of

RHYTHM_DAYS = (
    "2027-06-15 2027-06-29 2027-07-13 2027-07-27 2027-08-10 2027-08-24 2027-09-07 2027-09-21 2027-10-05 2027-10-19 "
    "2027-11-02 2027-11-16 2027-11-30 2027-12-14 2027-12-28 2028-01-11 2028-01-25 2028-02-08 2028-02-22 2028-03-07 "
    "2028-03-21 2028-04-04 2028-04-18"
)
"""Every second Tuesday of the stage's cohort from its second fortnight on, copied from a calendar."""

DAYS = tuple(date.fromisoformat(day) for day in RHYTHM_DAYS.split())


def at(day: str, hour: int = 10, zone: str = "America/New_York", minute: int = 0) -> datetime:
    """A local moment as UTC."""
    return datetime.combine(date.fromisoformat(day), time(hour, minute), tzinfo=ZoneInfo(zone)).astimezone(UTC)


async def couple(
    stage: Stage, *, mentor_zone: str = "America/New_York", mentee_zone: str = "America/New_York", liaison: bool = True
) -> tuple[Actor, Actor, Actor | None, Cohort, int]:
    """Ben and Ada, a pair of the stage's cohort from June 1, 2027, and Olga, their liaison."""
    await stage.to(at("2027-06-01", 9))
    ben = await stage.person("Ben", zone=mentor_zone)
    ada = await stage.person("Ada", zone=mentee_zone)
    olga = await stage.person("Olga", zone="America/Chicago") if liaison else None
    cohort = await stage.cohort()
    number = await stage.pair(ben, ada, cohort=cohort, liaison=olga)
    return ben, ada, olga, cohort, number


async def outcomes(stage: Stage, person: Actor, pairing: int) -> list[tuple[int, str]]:
    """A member's periods and their outcomes, in order."""
    async with stage.app.storage.reading() as work:
        rows = await work.all(
            select(Nudge)
            .join(Member, Member.id == Nudge.member_id)
            .where(Member.person_id == person.id, Member.pairing_id == pairing)
            .order_by(Nudge.period)
        )
        return [(row.period, row.outcome.value) for row in rows]


async def topics(stage: Stage, person: Actor) -> list[tuple[str, str]]:
    """Topic and prompt of each letter's part."""
    async with stage.app.storage.reading() as work:
        rows = await work.all(
            select(Nudge)
            .join(Member, Member.id == Nudge.member_id)
            .where(Member.person_id == person.id, Nudge.topic != "")
            .order_by(Nudge.period, Nudge.id)
        )
        return [(row.topic, row.prompt) for row in rows]


async def change(
    stage: Stage, noun: type[Person] | type[Pairing] | type[Cohort], number: int, **values: object
) -> None:
    """Set columns of a row."""
    async with stage.app.storage.work() as work:
        row = await work.get(noun, number)
        for name, value in values.items():
            setattr(row, name, value)


async def read_person(stage: Stage, actor: Actor) -> Person:
    async with stage.app.storage.reading() as work:
        return await work.get(Person, actor.id)


async def read_pairing(stage: Stage, number: int) -> Pairing:
    async with stage.app.storage.reading() as work:
        return await work.get(Pairing, number)


async def kinds(stage: Stage, actor: Actor) -> dict[int, LetterKind]:
    async with stage.app.storage.reading() as work:
        return {letter.id: letter.kind for letter in await work.all(select(Letter).where(Letter.person_id == actor.id))}


async def letters(stage: Stage, actor: Actor, kind: LetterKind = LetterKind.NUDGE) -> list[Posted]:
    """Letters of one kind that reached a person."""
    found = await kinds(stage, actor)
    return [post for post in actor.inbox if found.get(post.letter) is kind]


async def write_goal(stage: Stage, pairing: int) -> None:
    """A goal, so that goals are not what the pair needs."""
    async with stage.app.storage.work() as work:
        member = await work.first(select(Member).where(Member.pairing_id == pairing))
        assert member is not None
        goal = Goal(pairing_id=pairing, title="Write", help="Read", written_by_id=member.id, created_at=work.now)
        work.add(goal)


async def press(actor: Actor, label: str) -> Reply:
    """Press a button of the newest letter that has it, whatever the person saw last."""
    actor.last = None
    return await actor.presses(label)


def text_of(post: Posted) -> str:
    return words_of(post.message, post.zone)
