"""What a check-in did to its pair's signs of life, remembered so that taking it back leaves nothing behind.

Each sign is an `Event` that holds what stood in the pairing before it: instants, never words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, select

from bot.domain import CheckIn, Event, Member, Pairing
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Work

Sign = Literal["checkin.logged", "checkin.joined"]

_SIGNS: tuple[Sign, ...] = ("checkin.logged", "checkin.joined")
_UNDONE = "checkin.undone"
_COLUMNS = ("last_sign_at", "first_contact_at", "liaison_hears_at", "liaison_told_at")


def leave(work: Work, pairing: Pairing, *, member: Member, check_in: CheckIn, sign: Sign) -> None:
    """Remember what stands in the pairing before a sign changes it."""
    before = {column: _written(getattr(pairing, column)) for column in _COLUMNS}
    _note(work, pairing, member=member, kind=sign, facts={"check_in": check_in.id, **before})


async def signers(work: Work, check_in: CheckIn) -> frozenset[int]:
    """The people who said of this talk that it took place, and have not taken it back."""
    _all, standing, _gone = await _events(work, check_in.pairing_id)
    return frozenset(event.person_id or 0 for event in standing if event.facts["check_in"] == check_in.id)


async def erase(work: Work, pairing: Pairing, *, member: Member, check_in: CheckIn) -> None:
    """Take a member's sign back: if the pair gave none since, what stood before it stands again."""
    events, standing, gone = await _events(work, pairing.id)
    mine = (e for e in standing if e.person_id == member.person_id and e.facts["check_in"] == check_in.id)
    sign = next(mine, None)
    if sign is None:
        return
    if sign is standing[-1] and pairing.last_sign_at == sign.at:
        for column, stood in _before(sign, events, gone=gone).items():
            setattr(pairing, column, stood)
    _note(work, pairing, member=member, kind=_UNDONE, facts={"check_in": check_in.id, "sign": sign.id})


async def _events(work: Work, pairing_id: int) -> tuple[Sequence[Event], Sequence[Event], Collection[int]]:
    """All signs of a pairing, those that stand, and the numbers of those that were taken back."""
    found = await work.all(_signs_of(pairing_id))
    gone = {event.facts["sign"] for event in found if event.kind == _UNDONE}
    events = [event for event in found if event.kind != _UNDONE]
    return events, [event for event in events if event.id not in gone], gone


@prepared
def _signs_of(pairing: Arg) -> Select[Event]:
    kinds = (*_SIGNS, _UNDONE)
    return select(Event).where(Event.pairing_id == pairing, Event.kind.in_(kinds)).order_by(Event.id)


def _before(sign: Event, events: Sequence[Event], *, gone: Collection[int]) -> Mapping[str, datetime | None]:
    """What stood before a sign, looking through earlier ones that were taken back meanwhile."""
    earlier = (e for e in reversed(events) if e.id < sign.id and _written(e.at) == sign.facts["last_sign_at"])
    under = next(earlier, None)
    if under is not None and under.id in gone:
        return _before(under, events, gone=gone)
    return {column: _read(sign.facts[column]) for column in _COLUMNS}


def _note(work: Work, pairing: Pairing, *, member: Member, kind: str, facts: Mapping[str, str | int | None]) -> None:
    work.note(
        kind,
        community=pairing.cohort.community_id,
        cohort=pairing.cohort_id,
        pairing=pairing.id,
        person=member.person_id,
        **facts,
    )


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _read(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
