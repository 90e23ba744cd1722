"""The call for participation: posted in channels, told to those who asked, corrected when its dates move."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.domain import Application, Channel, Cohort, Letter, LetterKind, LetterState, Person
from bot.domain.rhythm import next_decent
from bot.programs import template
from bot.services.changes import Change, post_many
from bot.services.cohort_people import contact
from bot.storage.outbox import UNSENT, NewLetter, post
from bot.storage.work import Work
from bot.texts import call as texts
from bot.ui import Message


async def text(work: Work, cohort: Cohort) -> Message:
    """The call as everybody in the channel reads it."""
    return texts.call(cohort, template(cohort.template), await contact(work, cohort))


async def announce(work: Work, cohort: Cohort, channel: Channel) -> int:
    """Post the call and write to the people who asked to hear of it; how many those are."""
    call = NewLetter(
        key=_key(cohort),
        kind=LetterKind.CALL,
        to=channel,
        message=await text(work, cohort),
        about=f"cohort:{cohort.id}",
        not_after=cohort.next_date_at,
    )
    asked = await wanting(work, cohort.community_id)
    letters = [_news(work, cohort, person) for person in asked]
    await post_many(work, cohort.community_id, [call, *letters])
    for person in asked:
        person.wants_call = False
    return len(asked)


async def announce_also(work: Work, cohort: Cohort, channel: Channel) -> bool:
    """Post an open call in one more channel; whether it was not there yet."""
    if channel.id == cohort.call_channel_id:
        return False
    call = NewLetter(
        key=f"{_key(cohort)}:channel-{channel.id}",
        kind=LetterKind.CALL,
        to=channel,
        message=await text(work, cohort),
        about=f"cohort:{cohort.id}",
        not_after=cohort.next_date_at,
    )
    return bool(await post(work, cohort.community_id, call))


async def wanting(work: Work, community: int) -> list[Person]:
    """Who asked to hear of the next call."""
    asked = select(Person).where(Person.community_id == community, Person.wants_call)
    return list(await work.all(asked.order_by(Person.id)))


def about(cohort: Cohort) -> str:
    """What withdraws the news that a call is open."""
    return f"call:{cohort.id}"


async def stop(work: Work, cohort: Cohort) -> None:
    """Whoever has not heard of this call, and did not apply, hears of the next one; the news of this are withdrawn."""
    applied = select(Application.person_id).where(Application.cohort_id == cohort.id)
    unheard = select(Letter.person_id).where(Letter.about == about(cohort), Letter.state.in_(UNSENT))
    for person in await work.all(select(Person).where(Person.id.in_(unheard), Person.id.not_in(applied))):
        person.wants_call = True


async def correct(work: Work, cohort: Cohort, change: Change) -> None:
    """Make the posted call say the new dates."""
    await _rewrite(work, cohort, change, await text(work, cohort))


async def end(work: Work, cohort: Cohort, change: Change, message: Message) -> None:
    """Put another message in the place of the posted call, when somebody ended it."""
    await _rewrite(work, cohort, change, message)


async def expire(work: Work, cohort: Cohort) -> None:
    """Make the posted call say that it is over, when its time has come."""
    over = [
        NewLetter(
            key=f"call-over:letter-{call.id}",
            kind=LetterKind.CALL,
            to=await work.get(Channel, call.channel_id or 0),
            message=texts.over(cohort),
            about=f"cohort:{cohort.id}",
            replaces=call.id,
        )
        for call in await posted(work, cohort)
    ]
    await post(work, cohort.community_id, *over)


async def posted(work: Work, cohort: Cohort) -> Sequence[Letter]:
    """The call, once for each channel that it was posted in."""
    calls = select(Letter).where(Letter.about == f"cohort:{cohort.id}", Letter.state == LetterState.SENT)
    return await work.all(calls.where(Letter.kind == LetterKind.CALL, Letter.replaces_id.is_(None)).order_by(Letter.id))


async def _rewrite(work: Work, cohort: Cohort, change: Change, message: Message) -> None:
    for call in await posted(work, cohort):
        await change.rewrite(call, await work.get(Channel, call.channel_id or 0), message)


def _news(work: Work, cohort: Cohort, person: Person) -> NewLetter:
    return NewLetter(
        key=f"call-news:cohort-{cohort.id}:person-{person.id}",
        kind=LetterKind.NEWS,
        to=person,
        message=texts.news(cohort, person),
        about=about(cohort),
        held_until=next_decent(work.now, person.reader()),
        not_after=cohort.next_date_at,
    )


def _key(cohort: Cohort) -> str:
    return f"call:cohort-{cohort.id}"
