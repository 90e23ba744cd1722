"""How the other hears of a goal: the first one by a letter of its own, everything later inside the next letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from sqlalchemy import select

from bot.domain import Goal, Letter, LetterKind, LetterState, Member, Pairing, Person, Rider
from bot.domain.rhythm import next_decent
from bot.programs import template
from bot.services import riders
from bot.services.riders import News
from bot.storage import outbox
from bot.storage.outbox import NewLetter
from bot.storage.work import Work
from bot.texts import goals as texts
from bot.ui import Message, codec

URGENCY = 10
"""Low: a changed goal gives way to a new phase or a missing signature."""


class Deed(StrEnum):
    """What somebody did with a goal."""

    SET = "set"
    CHANGED = "changed"
    REACHED = "reached"
    DROPPED = "dropped"
    REOPENED = "reopened"


_NEWS: Mapping[Deed, Callable[[Goal, Person], Message]] = {
    Deed.SET: texts.news_set,
    Deed.CHANGED: texts.news_changed,
    Deed.REACHED: texts.news_reached,
    Deed.DROPPED: texts.news_dropped,
    Deed.REOPENED: texts.news_reopened,
}

_TOGETHER: Mapping[tuple[Deed, Deed], Deed | None] = {
    (Deed.SET, Deed.CHANGED): Deed.SET,
    (Deed.SET, Deed.DROPPED): None,
    (Deed.REACHED, Deed.REOPENED): None,
    (Deed.DROPPED, Deed.REOPENED): None,
}
"""What waits and what is new, as one piece of news; what is not here is told as the new thing alone."""


async def announce(work: Work, pairing: Pairing, *, goal: Goal, member: Member) -> None:
    """Tell the pair's first goal to the others, at a decent hour of theirs; who has paused reads it afterwards."""
    writer = _writer(pairing, member)
    for other in _others(pairing, member):
        if other.paused_at is not None:
            await _ride(work, pairing, goal=goal, other=other, deed=Deed.SET, writer=writer)
        else:
            letter = _letter(work, pairing, goal=goal, other=other, writer=writer)
            await outbox.post(work, pairing.cohort.community_id, letter)


async def tell(work: Work, pairing: Pairing, *, goal: Goal, member: Member, deed: Deed) -> None:
    """Let the others read in their next letter what was done; what waits about the same goal becomes one with it."""
    writer = _writer(pairing, member)
    await _forget(work, goal, writer)
    for other in _others(pairing, member):
        if await _is_in_first_letter(work, pairing, goal=goal, other=other, deed=deed, writer=writer):
            continue
        waiting = await _take_back(work, goal, other)
        news = deed if waiting is None else _TOGETHER.get((waiting, deed), deed)
        if news is not None:
            await _ride(work, pairing, goal=goal, other=other, deed=news, writer=writer)


async def _forget(work: Work, goal: Goal, person: Person) -> None:
    """Whoever changes a goal knows it: what waits to tell them about it is outdated."""
    await _take_back(work, goal, person)
    waiting = select(Letter).where(Letter.key == _first_key(goal, person), Letter.state == LetterState.WAITING)
    letter = await work.first(waiting)
    if letter is not None:
        letter.state, letter.message = LetterState.WITHDRAWN, None


def _others(pairing: Pairing, member: Member) -> Iterator[Person]:
    return (each.person for each in pairing.members if each.id != member.id)


def _writer(pairing: Pairing, member: Member) -> Person:
    return pairing.member(member.person_id).person


def _letter(work: Work, pairing: Pairing, *, goal: Goal, other: Person, writer: Person) -> NewLetter:
    rhythm = template(pairing.cohort.template).rhythm
    return NewLetter(
        key=_first_key(goal, other),
        kind=LetterKind.GOAL,
        to=other,
        message=texts.first(goal, pairing=pairing, writer=writer, reader=other),
        about=f"pairing:{pairing.id}",
        held_until=next_decent(work.now, other.reader(pairing.cohort.quiet), rhythm=rhythm),
    )


async def _is_in_first_letter(
    work: Work, pairing: Pairing, *, goal: Goal, other: Person, deed: Deed, writer: Person
) -> bool:
    """Whether the letter about this goal, waiting for the morning, could take the change in or be taken back."""
    waiting = select(Letter).where(Letter.key == _first_key(goal, other), Letter.state == LetterState.WAITING)
    if deed not in {Deed.CHANGED, Deed.DROPPED} or (letter := await work.first(waiting)) is None:
        return False
    if deed is Deed.DROPPED:
        letter.state, letter.message = LetterState.WITHDRAWN, None
    else:
        letter.message = codec.dump(texts.first(goal, pairing=pairing, writer=writer, reader=other))
    return True


async def _take_back(work: Work, goal: Goal, other: Person) -> Deed | None:
    """Forget what waits for the other about this goal; what it was."""
    waiting = select(Rider).where(
        Rider.person_id == other.id, Rider.letter_id.is_(None), Rider.key.startswith(f"goal:{goal.id}:")
    )
    rider = await work.first(waiting)
    if rider is None:
        return None
    await work.session.delete(rider)
    await work.flush()
    return Deed(rider.key.split(":")[2])


async def _ride(work: Work, pairing: Pairing, *, goal: Goal, other: Person, deed: Deed, writer: Person) -> None:
    key = f"goal:{goal.id}:{deed}:{int(work.now.timestamp())}"
    message = _NEWS[deed](goal, writer)
    await riders.ride(work, News(to=other, key=key, urgency=URGENCY, message=message, pairing=pairing))


def _first_key(goal: Goal, other: Person) -> str:
    return f"goal:{goal.id}:first:person-{other.id}"
