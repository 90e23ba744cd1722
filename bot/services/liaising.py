"""What a liaison does: says that a person takes care of a pair, and writes to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot import programs
from bot.domain import Concern, ConcernTo, Event, LetterKind, Pairing, Person, Place
from bot.services import cohort_dates, pair_facts
from bot.services.pair_facts import IN_TOUCH, OUT_OF_TOUCH
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import liaison as texts
from bot.texts.team import who


async def touch(work: Work, pairing: Pairing, person: Person) -> date:
    """A person takes care of a pair: what worried about it is settled until the day that comes back."""
    for concern in await _concerns(work, pairing, await _heard(work, pairing, person), settled_at=None):
        concern.settled_at = work.now
    if pairing.liaison_hears_at is not None:
        pairing.liaison_hears_at, pairing.liaison_told_at = None, work.now
    _note(work, pairing, person, kind=IN_TOUCH)
    days = programs.template(pairing.cohort.template).nudges.silent_days
    return pairing.cohort.today(work.now + timedelta(days=days))


async def untouch(work: Work, pairing: Pairing, person: Person) -> bool:
    """Take the last of it back; whether there was anything to take back."""
    last = await work.first(
        select(Event)
        .where(Event.pairing_id == pairing.id, Event.kind.in_((IN_TOUCH, OUT_OF_TOUCH)))
        .order_by(Event.id.desc())
    )
    if last is None or last.kind != IN_TOUCH or last.person_id != person.id:
        return False
    for concern in await _concerns(work, pairing, await _heard(work, pairing, person), settled_at=last.at):
        concern.settled_at = None
    _note(work, pairing, person, kind=OUT_OF_TOUCH)
    return True


async def write(work: Work, pairing: Pairing, person: Person, text: str) -> datetime | None:
    """Put somebody's words into a pair's room, in its daytime: when they arrive, or nothing if that is now."""
    at = cohort_dates.decent(pairing.cohort, work.now)
    said = texts.word(who(person), text, is_liaison=pairing.liaison_id == person.id)
    place = await work.find(Place, pairing.place_id)
    readers: list[Place | Person] = [member.person for member in pairing.members] if place is None else [place]
    letters = [
        NewLetter(
            key=f"word:pairing-{pairing.id}:person-{person.id}:{work.now:%Y%m%d%H%M%S}:{turn}",
            kind=LetterKind.NEWS,
            to=reader,
            message=said,
            held_until=at,
        )
        for turn, reader in enumerate(readers)
    ]
    await post(work, pairing.cohort.community_id, *letters)
    _note(work, pairing, person, kind="liaison.wrote")
    return at if at > work.now else None


async def _heard(work: Work, pairing: Pairing, person: Person) -> Collection[ConcernTo]:
    hears = await pair_facts.known_to(work, person)
    return hears(pairing.liaison_id, [member.person_id for member in pairing.members])


async def _concerns(
    work: Work, pairing: Pairing, heard: Collection[ConcernTo], *, settled_at: datetime | None
) -> list[Concern]:
    found = await work.all(select(Concern).where(Concern.pairing_id == pairing.id, Concern.told.in_(heard)))
    return [concern for concern in found if concern.settled_at == settled_at]


def _note(work: Work, pairing: Pairing, person: Person, *, kind: str) -> None:
    work.note(
        kind,
        community=pairing.cohort.community_id,
        cohort=pairing.cohort_id,
        pairing=pairing.id,
        person=person.id,
    )
