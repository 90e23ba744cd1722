"""Letters whose time is over lose their buttons, and say in a line what came of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy import select

from bot.domain import Letter, LetterKind, LetterState, Person
from bot.services import first_contact, opened, riders
from bot.services.office import Office
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import nudges as texts
from bot.ui import Message

BATCH = 100

Closer = Callable[[Work, Sequence[Letter]], Awaitable[Mapping[int, Message]]]


async def _nudges(work: Work, letters: Sequence[Letter]) -> Mapping[int, Message]:
    return {
        one.letter.id: texts.closed(one.sheet, since=one.letter.created_at, until=one.letter.closes_at or work.now)
        for one in await opened.read(work, letters)
    }


CLOSERS: Mapping[LetterKind, Closer] = {
    LetterKind.NUDGE: _nudges,
    LetterKind.FIRST_CONTACT: first_contact.closed,
}
"""How letters of each kind read once they are over, by their numbers."""


async def sweep(office: Office) -> int:
    """Close one batch of letters; how many were over. Of those that never arrived, the news go into the next letter."""
    async with office.storage.work() as work:
        over = await _due(work)
        for kind, closer in CLOSERS.items():
            shown = [letter for letter in over if letter.kind is kind and _is_shown(letter)]
            if shown:
                await _rewrite(work, shown, await closer(work, shown))
        await riders.empty(work, [letter for letter in over if _is_shown(letter)])
        for letter in over:
            letter.closes_at = None
            if not _is_shown(letter):
                await riders.free(work, letter)
    return len(over)


async def _due(work: Work) -> Sequence[Letter]:
    return await work.all(
        select(Letter)
        .where(Letter.closes_at <= work.now, Letter.kind.in_(CLOSERS))
        .order_by(Letter.closes_at, Letter.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )


def _is_shown(letter: Letter) -> bool:
    return letter.state is LetterState.SENT and bool(letter.posted) and letter.replaces_id is None


async def _rewrite(work: Work, letters: Sequence[Letter], messages: Mapping[int, Message]) -> None:
    """Post what rewrites these letters, one statement a community."""
    people = {one.id: one for one in await work.all(select(Person).where(Person.id.in_(_readers(letters))))}
    for community in {letter.community_id for letter in letters}:
        replacing = [
            NewLetter(
                key=f"closed:letter-{letter.id}",
                kind=letter.kind,
                to=people[letter.person_id or 0],
                message=messages[letter.id],
                replaces=letter.id,
            )
            for letter in letters
            if letter.community_id == community and letter.id in messages
        ]
        await post(work, community, *replacing)


def _readers(letters: Sequence[Letter]) -> set[int | None]:
    return {letter.person_id for letter in letters}
