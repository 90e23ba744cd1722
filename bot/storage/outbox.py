"""Letters waiting: what a Work wants to say to anyone but the person who asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, func, literal, null, or_, select, update

from bot.domain import Channel, Doubt, Letter, LetterKind, LetterState, Person, Place, PlaceState
from bot.ports import Receipt
from bot.storage.work import Work
from bot.ui import Message, codec

LEASE = timedelta(minutes=2)
"""How long a claim lasts; a lapsed one is simply free again."""

UNSENT = (LetterState.WAITING, LetterState.CLAIMED, LetterState.KEPT)
"""States in which a letter can be taken back."""


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
        .where(Letter.about == about, Letter.state.in_(UNSENT))
        .values(state=LetterState.WITHDRAWN, message=None)
        .returning(Letter.id)
    )
    return len((await work.session.scalars(statement)).all())


async def release(work: Work, person: Person) -> None:
    """Let go what was kept for somebody until they arrived; what has expired meanwhile is dropped on its way."""
    kept = update(Letter).where(Letter.person_id == person.id, Letter.state == LetterState.KEPT)
    await work.session.execute(kept.values(state=LetterState.WAITING, claimed_until=None))
    work.wakes = True


async def claim(work: Work, limit: int) -> Sequence[Letter]:
    """Take the letters that are due, each for this worker alone until its lease ends."""
    due = (
        select(Letter.id)
        .where(deliverable(), Letter.held_until <= work.now)
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


async def free_lapsed(work: Work) -> int:
    """Let letters wait again that somebody claimed and never came to send; how many they were."""
    lapsed = update(Letter).where(Letter.state == LetterState.CLAIMED, Letter.claimed_until <= work.now)
    freed = await work.session.scalars(lapsed.values(state=LetterState.WAITING).returning(Letter.id))
    return len(freed.all())


async def begin_sending(work: Work, letters: Sequence[Letter]) -> dict[int, datetime]:
    """Write `sending` just before the calls; the new lease of each, without those that were withdrawn or others have.

    All are of one claim. Their lease begins anew: a letter that had to wait for its turn is in doubt no sooner than
    the first. `sending_at` stays that of the first try, of which a part may lie there.
    """
    lease = work.now + LEASE
    began = func.coalesce(Letter.sending_at, literal(work.now, Letter.sending_at.type))
    begun = (
        update(Letter)
        .where(Letter.id.in_([letter.id for letter in letters]), Letter.state == LetterState.CLAIMED)
        .where(Letter.claimed_until == letters[0].claimed_until)
        .values(state=LetterState.SENDING, sending_at=began, claimed_until=lease, tries=Letter.tries + 1)
        .returning(Letter.id)
        .execution_options(synchronize_session=False)
    )
    return dict.fromkeys(await work.session.scalars(begun), lease)


async def keep_receipts(work: Work, receipts: Mapping[int, tuple[Receipt, int]]) -> None:
    """Letters arrived, each with the space it lies in: empty their words.

    Whoever has them by now, they lie there, and nobody shall repeat them.
    """
    table = cast(Table, Letter.__table__)
    arrived = (
        update(table)
        .where(table.c.id == bindparam("number"), table.c.state != LetterState.SENT)
        .values(
            state=LetterState.SENT,
            sent_at=work.now,
            conversation=bindparam("lies_in"),
            posted=bindparam("as"),
            space_id=bindparam("within"),
            message=null(),
        )
    )
    rows = [
        {"number": number, "lies_in": receipt.conversation, "as": receipt.posted, "within": space}
        for number, (receipt, space) in receipts.items()
    ]
    await (await work.session.connection()).execute(arrived, rows)


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
