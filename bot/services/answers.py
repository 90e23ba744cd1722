"""What a press in the program's letter does, and how it is taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from bot import programs
from bot.domain import CheckIn, Letter, LetterKind, Member, Nudge, Pairing, Person, rhythm
from bot.services import checkins, composing, first_contact, opened, signs, traces
from bot.services.composing import Given
from bot.storage.work import Work
from bot.texts import answers as texts
from bot.texts import nudges as letters
from bot.texts.sheet import About, Answer
from bot.ui import Changed, Message, Words

MONTH = timedelta(days=28)
"""Two periods, so that a letter falls due on the day on which this is over."""


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed, about which pair, and in which letter if it was one."""

    person: Person
    pairing: Pairing
    letter: Letter | None

    @property
    def member(self) -> Member:
        """The person in the pair."""
        return self.pairing.member(self.person.id)


async def talked(work: Work, press: Press) -> Message | Changed:
    """Note a talk of today, or join the one that the partner has noted since this letter was written."""
    told = None if press.letter is None else await checkins.told_since(work, press.member, press.letter.created_at)
    day = checkins.today(work, press.person) if told is None else told.talked_on
    logged = await checkins.log(work, press.member, talked_on=day)
    return await _given(work, press, Given(Answer.TALKED, logged.check_in.id))


async def give(work: Work, press: Press, answer: Answer) -> Message | Changed:
    """Any other answer, with what follows from it."""
    traces.leave(work, press.pairing, press.person, answer=answer)
    _EFFECTS[answer](work, press)
    return await _given(work, press, Given(answer))


async def undo(work: Work, press: Press) -> Message | Changed:
    """Take an answer back, and what followed from it."""
    await traces.erase(work, press.pairing, press.person)
    return await _taken_back(work, press)


async def undo_talk(work: Work, press: Press, check_in: CheckIn) -> Message | Changed:
    """Take a talk back that this person noted; one that the partner noted, too, stays as theirs and is shown so."""
    heir = await checkins.confirmed_by(work, press.pairing, check_in)
    talk = Given(Answer.TALKED, check_in.id)
    is_mine = await checkins.undo(work, press.member, check_in)
    if is_mine:
        await opened.renew(work, talk.check_in, press.pairing, without=press.letter)
    return await (_taken_back(work, press) if heir is None or not is_mine else _given(work, press, talk))


def quiet_until(work: Work, person: Person) -> datetime:
    """Four weeks from today: the beginning of that day in the person's zone."""
    day = checkins.today(work, person) + MONTH
    return rhythm.at_local(day, time(0), zone=person.tz)


async def rewritten(work: Work, letter: Letter | None, *, said: Words | None = None) -> Changed | None:
    """The program's letter as it reads now; nothing where there is none, or its time is over."""
    if letter is None or letter.kind is not LetterKind.NUDGE or not _is_open(letter, work.now):
        return None
    found = await opened.one(work, letter, said=said)
    return None if found is None else Changed(letters.letter(found.sheet))


async def _taken_back(work: Work, press: Press) -> Message | Changed:
    """Forget the answer, and ask again where it was asked."""
    nudge = await _nudge(work, press)
    if nudge is not None:
        nudge.answer = ""
    shown = await _letter(work, press.letter)
    return texts.undone(composing.about(press.pairing, press.member)) if shown is None else Changed(shown)


async def _given(work: Work, press: Press, given: Given) -> Message | Changed:
    """Remember the answer, and show what came of it where it was asked for."""
    signs.answered(press.person)
    nudge = await _nudge(work, press)
    if nudge is not None:
        nudge.answer = given.written()
    shown = await _letter(work, press.letter)
    if shown is not None:
        return Changed(shown)
    about = await _about(work, press, given)
    return texts.late(about) if press.letter is not None and press.letter.kind in _LETTERS else texts.alone(about)


async def _about(work: Work, press: Press, given: Given) -> About:
    asked = composing.about(press.pairing, press.member)
    check_in = await work.find(CheckIn, given.check_in or None)
    return composing.answered(asked, press.pairing, member=press.member, given=given, check_in=check_in)


async def _nudge(work: Work, press: Press) -> Nudge | None:
    """The period that the pressed letter asked about."""
    if press.letter is None:
        return None
    asked = select(Nudge).where(Nudge.letter_id == press.letter.id, Nudge.member_id == press.member.id)
    return await work.first(asked.where(Nudge.topic != ""))


async def _letter(work: Work, letter: Letter | None) -> Message | None:
    """The pressed letter as it reads now, if it is one of those that are rewritten and its time is not over."""
    if letter is None or letter.kind not in _LETTERS or not _is_open(letter, work.now):
        return None
    return await _LETTERS[letter.kind](work, letter)


def _is_open(letter: Letter, now: datetime) -> bool:
    return letter.closes_at is not None and now < letter.closes_at


async def _rhythm_letter(work: Work, letter: Letter) -> Message | None:
    changed = await rewritten(work, letter)
    return None if changed is None else changed.message


_LETTERS: Mapping[LetterKind, Callable[[Work, Letter], Awaitable[Message | None]]] = {
    LetterKind.NUDGE: _rhythm_letter,
    LetterKind.FIRST_CONTACT: first_contact.message,
}


def _heard(work: Work, press: Press) -> None:
    signs.talked(work, press.pairing)


def _well(work: Work, press: Press) -> None:
    days = programs.template(press.pairing.cohort.template).nudges.well_days
    signs.well(work, press.pairing, days=days)


def _busy(work: Work, press: Press) -> None:
    signs.talked(work, press.pairing)
    press.person.snoozed_until = quiet_until(work, press.person)


def _nothing(work: Work, press: Press) -> None:
    """“Not yet” changes nothing: nobody is counted late."""


_EFFECTS: Mapping[Answer, Callable[[Work, Press], None]] = {
    Answer.PLANNED: _heard,
    Answer.NOT_YET: _nothing,
    Answer.WELL: _well,
    Answer.BUSY: _busy,
}
