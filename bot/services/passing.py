"""Carrying words between two of a pair who are in different chats. They are emptied once they have arrived."""

from __future__ import annotations

from datetime import datetime

from bot.domain import LetterKind, Pairing, Person
from bot.domain.rhythm import next_decent
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import introduction as texts


async def carry(work: Work, pairing: Pairing, words: str, *, by: Person) -> datetime | None:
    """Bring somebody's words to their partner in the partner's daytime: when, or nothing if that is now."""
    partner = pairing.partner(by.id).person
    at = next_decent(work.now, partner.reader(pairing.cohort.quiet))
    letter = NewLetter(
        key=f"passed:pairing-{pairing.id}:person-{by.id}:{work.now:%Y%m%d%H%M%S%f}",
        kind=LetterKind.NEWS,
        to=partner,
        message=texts.passed_on(pairing.id, by=by, text=words),
        about=f"pairing:{pairing.id}",
        held_until=at,
    )
    await post(work, pairing.cohort.community_id, letter)
    work.note("pairing.wrote", community=by.community_id, person=by.id, pairing=pairing.id)
    return at if at > work.now else None
