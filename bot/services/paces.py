"""How often somebody hears from the program: what they chose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain import Pace, Person
from bot.services import answers, signs
from bot.storage.work import Work
from bot.texts.paces import Choice

_PACES: Mapping[Choice, Pace] = {
    Choice.MONTHLY: Pace.MONTHLY,
    Choice.PHASES: Pace.PHASES,
    Choice.FORTNIGHTLY: Pace.FORTNIGHTLY,
}


def choose(work: Work, person: Person, choice: Choice) -> datetime | None:
    """Keep a choice; until when it is quiet, if it was four weeks of that. A pace ends such a quiet time."""
    signs.answered(person)
    person.snoozed_until = answers.quiet_until(work, person) if choice is Choice.PAUSE else None
    person.pace = _PACES.get(choice, person.pace)
    work.note("pace.chosen", community=person.community_id, person=person.id, choice=str(choice))
    return person.snoozed_until
