"""What a pair needs now, and so what its letter is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import programs
from bot.domain import Outcome, Pairing
from bot.services import signs, silence
from bot.services.desk import Told
from bot.services.periods import Period, rests
from bot.texts.sheet import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A member's period that gets a letter. `told`: what earlier letters said to this member, oldest first.

    `is_heard`: somebody of the pair has asked for a person's help, who knows more by now than a silence could tell.
    """

    period: Period
    outcome: Outcome
    told: Sequence[Told]
    goals: int
    now: datetime
    is_heard: bool = False

    @property
    def pairing(self) -> Pairing:
        """The pair that it is about."""
        return self.period.member.pairing


def topic(case: Case) -> Topic:
    """The first need that the pair has; without any, a question to talk about."""
    return next((topic for needs, topic in _NEEDS if needs(case)), Topic.TALK)


def _was_logged(case: Case) -> bool:
    return case.outcome is Outcome.THANKED


def _is_silent(case: Case) -> bool:
    """Whether nothing was heard for so long that each member is asked once, until there is a sign of life again.

    The days are counted to the rhythm day, which both share, so that both are asked around the same day.
    """
    pairing = case.pairing
    if signs.is_well(pairing, case.now) or pairing.liaison_told_at is not None or _is_asked(case) or case.is_heard:
        return False
    if any(rests(member.person, case.now) for member in pairing.members):
        return False
    if pairing.liaison_hears_at is not None and pairing.liaison_hears_at <= case.now:
        return False
    template = programs.template(pairing.cohort.template)
    return (case.period.day - silence.heard_on(pairing)).days >= template.nudges.silent_days


def _is_asked(case: Case) -> bool:
    """Whether this member was asked about this very silence."""
    since = case.pairing.last_sign_at
    return any(one.topic is Topic.SILENCE and (since is None or since < one.at) for one in case.told)


def _lacks_goals(case: Case) -> bool:
    """Whether there is no goal to work on; asked in every other letter at most, so that talking has its turn."""
    return case.goals == 0 and not (case.told and case.told[-1].topic is Topic.GOALS)


_NEEDS: tuple[tuple[Callable[[Case], bool], Topic], ...] = (
    (_was_logged, Topic.THANKS),
    (_is_silent, Topic.SILENCE),
    (_lacks_goals, Topic.GOALS),
)
"""In order. Nobody has written yet comes before all of these, as a letter of its own: `first_contact.py`.

Silence stands before goals, since a pair that is quiet has usually written none.
"""
