"""Somebody who has written from two accounts: both are one person from now on."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import Account, LetterKind, Person, Space
from bot.services import arrivals, merging
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import linking as texts
from bot.ui import Message, Words


async def obstacle(work: Work, other: Person, here: Person) -> Words | None:
    """Why these two cannot be one, and what to do; nothing if they can, until the Work ends."""
    if other.id == here.id:
        return texts.is_you()
    if other.community_id != here.community_id:
        return texts.other_community()
    await arrivals.hold(work, other, here)
    if await merging.are_a_pair(work, other, here):
        return texts.are_a_pair()
    both = await merging.cohort_of_both(work, other, here)
    return None if both is None else texts.both_applied(both)


async def ask(work: Work, number: int, maker: Person, *, by: Person, space: Space) -> None:
    """Ask where the code was made whether this account is theirs."""
    await _tell(work, maker, texts.is_it_you(number, name=by.name, space=space), key=f"linking:{number}")


async def link(work: Work, other: Person, here: Person) -> Space:
    """Make one of two, in whose way `obstacle` found nothing in the same Work; where letters come from now on."""
    gone = other.id
    await merging.merge(work, other, here)
    space = await _reached_in(work, here)
    work.note("person.linked", community=here.community_id, person=here.id, other=gone)
    return space


async def refuse(work: Work, asker: Person, number: int) -> None:
    """Whoever asked hears that it was not them."""
    await _tell(work, asker, texts.not_them(), key=f"linking:no:{number}")


async def _reached_in(work: Work, person: Person) -> Space:
    """Where letters reach somebody who has several accounts: the one that has been known longest."""
    theirs = select(Space).join(Account, Account.space_id == Space.id).where(Account.person_id == person.id)
    found = await work.first(theirs.order_by(Account.reachable.desc(), Account.id))
    assert found is not None, "people who are here have accounts"
    return found


async def _tell(work: Work, reader: Person, message: Message, *, key: str) -> None:
    await post(work, reader.community_id, NewLetter(key=key, kind=LetterKind.NEWS, to=reader, message=message))
