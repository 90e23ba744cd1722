"""What the bot has asked somebody and has no answer to yet, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.domain import Draft, Letter, LetterKind, LetterState, Person
from bot.services import drafts, first_contact, opened
from bot.storage import queries
from bot.storage.work import Work
from bot.texts.sheet import About, Topic
from bot.ui import Button

_ASKS = frozenset({Topic.TALK, Topic.GOALS, Topic.SILENCE})


@dataclass(frozen=True, slots=True)
class AskedForm:
    """A form that was begun, or asked for because something was missing."""

    at: datetime
    draft: Draft


@dataclass(frozen=True, slots=True)
class AskedPairs:
    """The letter of this period, with the pairs of which nothing was heard since it came."""

    at: datetime
    abouts: Sequence[About]
    asks_pace: bool


@dataclass(frozen=True, slots=True)
class AskedButtons:
    """A letter that only its own buttons answer."""

    at: datetime
    buttons: Sequence[Button]


Question = AskedForm | AskedPairs | AskedButtons


async def questions(work: Work, person: Person) -> list[Question]:
    """The open questions to one person: at most the newest form and the newest letter."""
    found: list[Question] = []
    draft = await drafts.newest(work, person)
    if draft is not None:
        found.append(AskedForm(draft.saved_at, draft))
    letter = await _letter(work, person)
    asked = None if letter is None else await _asked(work, person, letter)
    if asked is not None:
        found.append(asked)
    return sorted(found, key=lambda question: question.at, reverse=True)


async def _letter(work: Work, person: Person) -> Letter | None:
    """The newest letter that can still be answered."""
    return await work.first(
        select(Letter)
        .where(
            Letter.person_id == person.id,
            Letter.kind.in_((LetterKind.NUDGE, LetterKind.FIRST_CONTACT)),
            Letter.state == LetterState.SENT,
            Letter.closes_at > work.now,
        )
        .order_by(Letter.sent_at.desc(), Letter.id.desc())
    )


async def _asked(work: Work, person: Person, letter: Letter) -> Question | None:
    at = letter.sent_at or letter.created_at
    if letter.kind is LetterKind.FIRST_CONTACT:
        shown = await first_contact.message(work, letter)
        buttons = [button for button in shown.buttons() if button.run in _FIRST]
        return AskedButtons(at, buttons) if buttons else None
    found = await opened.one(work, letter)
    if found is None:
        return None
    waiting = await _unheard(work, person, at)
    abouts = [one for one in found.sheet.abouts if one.answer is None and one.topic in _ASKS and one.pair in waiting]
    return AskedPairs(at, abouts, found.sheet.asks_pace) if abouts or found.sheet.asks_pace else None


_FIRST = frozenset({"nudge written", "nudge later"})


async def _unheard(work: Work, person: Person, since: datetime) -> set[int]:
    """This person's pairs that go on and of which nothing was heard since: an answer may come without its letter."""
    pairings = await queries.live_pairings(work, person.id)
    return {one.id for one in pairings if one.last_sign_at is None or one.last_sign_at <= since}
