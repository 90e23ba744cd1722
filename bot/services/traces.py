"""What an answer changed, remembered so that taking it back leaves nothing behind: instants, never words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain import Event, Pairing, Person
from bot.storage.work import Work

KIND = "nudge.answered"
_UNDONE = "nudge.undone"

_OF_PAIRING: Sequence[str] = (
    "last_sign_at", "first_contact_at", "well_until", "liaison_hears_at", "liaison_told_at",
)  # fmt: skip
_OF_PERSON: Sequence[str] = ("snoozed_until",)


def leave(work: Work, pairing: Pairing, person: Person, *, answer: str) -> None:
    """Remember what stands in the pairing and with the person before an answer changes it."""
    before = {column: _written(getattr(pairing, column)) for column in _OF_PAIRING}
    own = {column: _written(getattr(person, column)) for column in _OF_PERSON}
    work.note(
        KIND,
        community=person.community_id,
        cohort=pairing.cohort_id,
        pairing=pairing.id,
        person=person.id,
        answer=str(answer),
        **before,
        **own,
    )


async def erase(work: Work, pairing: Pairing, person: Person) -> None:
    """Put back what stood before this person's newest answer about the pair, if nothing was heard of it since."""
    mine = select(Event).where(Event.pairing_id == pairing.id, Event.person_id == person.id)
    trace = await work.first(mine.where(Event.kind.in_((KIND, _UNDONE))).order_by(Event.id.desc()))
    if trace is None or trace.kind == _UNDONE:
        return
    if pairing.last_sign_at == trace.at:
        for column in _OF_PAIRING:
            setattr(pairing, column, _read(trace.facts[column]))
    for column in _OF_PERSON:
        setattr(person, column, _read(trace.facts[column]))
    work.note(_UNDONE, community=person.community_id, pairing=pairing.id, person=person.id)


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read(written: object) -> datetime | None:
    return None if written is None else datetime.fromisoformat(str(written))
