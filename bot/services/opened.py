"""Letters that lie there already, written anew from facts: their words were emptied on arrival."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain import CheckIn, Letter, LetterState, Member, Nudge, Pairing, Person, Rider
from bot.services import composing, desk
from bot.services.composing import Given
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import nudges as texts
from bot.texts.sheet import About, Answer, Sheet, Topic
from bot.texts.team import who
from bot.ui import Message, Words, codec


@dataclass(frozen=True, slots=True)
class Opened:
    """One letter with the facts that it shows now."""

    letter: Letter
    sheet: Sheet


async def one(work: Work, letter: Letter, *, said: Words | None = None) -> Opened | None:
    """One letter; nothing for a letter that is not about periods. `said` is a choice just made, on top."""
    found = await read(work, [letter], said=said)
    return found[0] if found else None


async def renew(work: Work, check_in: int, pairing: Pairing, *, without: Letter | None = None) -> None:
    """Rewrite the letters of a pair in which this talk was noted, where their time is not over."""
    answered = select(Nudge.letter_id).where(
        Nudge.member_id.in_([member.id for member in pairing.members]),
        Nudge.answer == Given(Answer.TALKED, check_in).written(),
    )
    found = await work.all(
        select(Letter).where(Letter.id.in_(answered), Letter.state == LetterState.SENT, Letter.closes_at > work.now)
    )
    people = {member.person_id: member.person for member in pairing.members}
    for letter in await read(work, [one for one in found if without is None or one.id != without.id]):
        rewriting = NewLetter(
            key=f"renewed:letter-{letter.letter.id}:{work.now:%Y%m%d%H%M%S%f}",
            kind=letter.letter.kind,
            to=people[letter.letter.person_id or 0],
            message=texts.letter(letter.sheet),
            replaces=letter.letter.id,
        )
        await post(work, letter.letter.community_id, rewriting)


async def read(work: Work, letters: Sequence[Letter], *, said: Words | None = None) -> list[Opened]:
    """The program's letters among these, each as it stands now; the statements do not depend on how many."""
    await work.flush()
    numbers = [letter.id for letter in letters]
    nudges = await _nudges(work, numbers)
    if not nudges:
        return []
    members = await _members(work, {nudge.member_id for nudge in nudges})
    check_ins = await _check_ins(work, nudges)
    news = await _news(work, letters)
    people = {person.id: person for person in await _people(work, letters)}
    abouts: dict[int, list[About]] = defaultdict(list)
    for nudge in nudges:
        abouts[nudge.letter_id or 0].append(_about(nudge, members[nudge.member_id], check_ins))
    return [
        Opened(letter, _sheet(letter, people[letter.person_id or 0], abouts[letter.id], news[letter.id], said))
        for letter in letters
        if letter.id in abouts
    ]


def _sheet(
    letter: Letter, person: Person, abouts: Sequence[About], news: Sequence[Message], said: Words | None
) -> Sheet:
    asks_pace = person.pace_asked_at is not None and person.pace_asked_at == letter.created_at
    return Sheet(reader=who(person), abouts=abouts, news=news, asks_pace=asks_pace, said=said)


def _about(nudge: Nudge, member: Member, check_ins: Mapping[int, CheckIn]) -> About:
    asked = composing.about(member.pairing, member, topic=Topic(nudge.topic), prompt=nudge.prompt)
    given = Given.read(nudge.answer)
    if given is None:
        return asked
    return composing.answered(asked, member.pairing, member=member, given=given, check_in=check_ins.get(given.check_in))


async def _nudges(work: Work, letters: Collection[int]) -> Sequence[Nudge]:
    return await work.all(
        select(Nudge)
        .join(Member, Member.id == Nudge.member_id)
        .where(Nudge.letter_id.in_(letters), Nudge.topic != "")
        .order_by(Nudge.letter_id, Member.pairing_id)
    )


async def _members(work: Work, numbers: Collection[int]) -> Mapping[int, Member]:
    found = await work.all(
        select(Member)
        .join(Member.pairing)
        .join(Pairing.cohort)
        .where(Member.id.in_(numbers))
        .options(*desk.with_pairing())
    )
    return {member.id: member for member in found}


async def _check_ins(work: Work, nudges: Sequence[Nudge]) -> Mapping[int, CheckIn]:
    given = (Given.read(nudge.answer) for nudge in nudges)
    numbers = {one.check_in for one in given if one is not None and one.check_in}
    return {one.id: one for one in await work.all(select(CheckIn).where(CheckIn.id.in_(numbers)))}


async def _news(work: Work, letters: Sequence[Letter]) -> Mapping[int, list[Message]]:
    """What rode in each letter; asked for by reader first, since that is what the index knows."""
    people = {letter.person_id for letter in letters}
    numbers = [letter.id for letter in letters]
    news: dict[int, list[Message]] = defaultdict(list)
    riders = select(Rider).where(Rider.person_id.in_(people), Rider.letter_id.in_(numbers))
    for rider in await work.all(riders.order_by(Rider.urgency.desc(), Rider.id)):
        if rider.message:  # of a letter that is over there are no words left
            news[rider.letter_id or 0].append(codec.load(rider.message))
    return news


async def _people(work: Work, letters: Sequence[Letter]) -> Sequence[Person]:
    return await work.all(select(Person).where(Person.id.in_({letter.person_id for letter in letters})))
