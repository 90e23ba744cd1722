"""Signs of life: whatever tells that a pair talks ends every worry about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import Pairing, Person
from bot.storage.work import Work


def talked(work: Work, pairing: Pairing) -> None:
    """The pair was heard of: nobody is asked for the first message, and no liaison hears of a silence."""
    pairing.last_sign_at = work.now
    pairing.first_contact_at = None
    pairing.liaison_hears_at = None
    pairing.liaison_told_at = None


def well(work: Work, pairing: Pairing, *, days: int) -> None:
    """Somebody said that all is well: the pair counts as healthy for so many days, whatever is logged."""
    talked(work, pairing)
    pairing.well_until = work.now + timedelta(days=days)


def answered(person: Person) -> None:
    """Somebody answered a letter: their silence is counted anew."""
    person.unanswered = 0
    person.pace_asked_at = None


def is_well(pairing: Pairing, now: datetime) -> bool:
    """Whether what was said about this pair makes questions about silence pointless."""
    return pairing.well_until is not None and now < pairing.well_until
