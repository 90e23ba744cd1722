"""Letters waiting: what a Work wants to say to anyone but the person who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from bot.domain import Channel, Doubt, Letter, LetterKind, LetterState, Person, Place, PlaceState
from bot.storage.work import Work
from bot.ui import Message, codec

LEASE = timedelta(minutes=2)
"""How long a claim lasts; a lapsed one is simply free again."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What follows from a letter's kind: what to do in doubt, and whether the weekly budget may postpone it."""

    doubt: Doubt
    budgeted: bool = False


POLICIES = {
    LetterKind.NEWS: Policy(Doubt.REPEAT),
    LetterKind.INTRODUCTION: Policy(Doubt.REPEAT),
    LetterKind.FAREWELL: Policy(Doubt.REPEAT),
    LetterKind.REMINDER: Policy(Doubt.REPEAT),
    LetterKind.RESULT: Policy(Doubt.REPEAT),
    LetterKind.DUTY: Policy(Doubt.REPEAT),
    LetterKind.CALL: Policy(Doubt.DROP),
    LetterKind.SUMMARY: Policy(Doubt.DROP),
    LetterKind.NUDGE: Policy(Doubt.DROP),
    LetterKind.FIRST_CONTACT: Policy(Doubt.DROP, budgeted=True),
    LetterKind.GOAL: Policy(Doubt.REPEAT, budgeted=True),
    LetterKind.TIDING: Policy(Doubt.DROP, budgeted=True),
}

BUDGETED = tuple(kind for kind, policy in POLICIES.items() if policy.budgeted)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter to be written, before it has a number. Instants are aware UTC; `Letter` says what each field means."""

    key: str
    kind: LetterKind
    to: Person | Place | Channel
    message: Message
    about: str = ""
    held_until: datetime | None = None
    not_after: datetime | None = None
    closes_at: datetime | None = None
    replaces: int | None = None


async def post(work: Work, community: int, *letters: NewLetter) -> list[int]:
    """Write letters; those whose key was ever used are left out. The numbers of the new ones."""
    numbers = await work.insert_once(Letter, [_row(work, community, letter) for letter in letters], unique=["key"])
    work.wakes = work.wakes or bool(numbers)
    return numbers


async def withdraw(work: Work, about: str) -> int:
    """Take back what waits and has lost its point; how many letters that were.

    What is being sent at this moment may arrive; if it does not, it is not tried again.
    """
    under_way = update(Letter).where(Letter.about == about, Letter.state == LetterState.SENDING)
    await work.session.execute(under_way.values(not_after=work.now - timedelta(microseconds=1)))
    statement = (
        update(Letter)
        .where(Letter.about == about, Letter.state.in_((LetterState.WAITING, LetterState.CLAIMED)))
        .values(state=LetterState.WITHDRAWN, message=None)
        .returning(Letter.id)
    )
    return len((await work.session.scalars(statement)).all())


async def claim(work: Work, limit: int) -> Sequence[Letter]:
    """Take the letters that are due, each for this worker alone until its lease ends."""
    lapsed = (Letter.state == LetterState.CLAIMED) & (Letter.claimed_until <= work.now)
    due = (
        select(Letter.id)
        .where(or_(deliverable(), lapsed), Letter.held_until <= work.now)
        .order_by(Letter.held_until, Letter.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Letter)
        .where(Letter.id.in_(due))
        .values(state=LetterState.CLAIMED, claimed_until=work.now + LEASE)
        .returning(Letter)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted((await work.session.scalars(taken)).all(), key=lambda letter: (letter.held_until, letter.id))


def deliverable() -> ColumnElement[bool]:
    """Letters that wait for nothing but their moment: those to a place wait until it is open."""
    return _waits() & or_(Letter.place_id.is_(None), _place_is(PlaceState.OPEN))


def wants_place() -> ColumnElement[bool]:
    """Letters whose place has to be opened first."""
    return _waits() & _place_is(PlaceState.WANTED)


def _waits() -> ColumnElement[bool]:
    return Letter.state == LetterState.WAITING


def _place_is(state: PlaceState) -> ColumnElement[bool]:
    """One look-up for each letter that waits: a list of all open places would grow with every pair there ever was."""
    return select(Place.state).where(Place.id == Letter.place_id).scalar_subquery() == state


def _row(work: Work, community: int, letter: NewLetter) -> dict[str, Any]:
    return {
        "community_id": community,
        "key": letter.key,
        "kind": letter.kind,
        "person_id": letter.to.id if isinstance(letter.to, Person) else None,
        "place_id": letter.to.id if isinstance(letter.to, Place) else None,
        "channel_id": letter.to.id if isinstance(letter.to, Channel) else None,
        "message": codec.dump(letter.message),
        "about": letter.about,
        "replaces_id": letter.replaces,
        "held_until": letter.held_until or work.now,
        "not_after": letter.not_after,
        "closes_at": letter.closes_at,
        "state": LetterState.WAITING,
        "tries": 0,
        "conversation": "",
        "posted": "",
        "created_at": work.now,
    }
