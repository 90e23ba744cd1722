"""From stored facts to what a letter shows, when it is first written and whenever one of its parts was answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot import programs
from bot.domain import CheckIn, Member, Pairing
from bot.texts.sheet import About, Answer, Topic
from bot.texts.team import who
from bot.ui import All, Inline, Words, _


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it is stored with a period: what was pressed, and the number of the check-in it made or found."""

    answer: Answer
    check_in: int = 0

    @classmethod
    def read(cls, stored: str) -> Given | None:
        """What `written` wrote; nothing for a period that has no answer."""
        if not stored:
            return None
        answer, _, number = stored.partition(":")
        return cls(Answer(answer), int(number or 0))

    def written(self) -> str:
        """As it is stored."""
        return f"{self.answer}:{self.check_in}" if self.check_in else str(self.answer)


def about(
    pairing: Pairing, member: Member, *, topic: Topic = Topic.TALK, prompt: str = "", hears_at: datetime | None = None
) -> About:
    """One pair as a member's letter asks about it; the pairing must be loaded with everything."""
    template = programs.template(pairing.cohort.template)
    return About(
        pair=pairing.id,
        partner=partners(pairing, member.person_id),
        topic=topic,
        prompt=_prompt(pairing, member, key=prompt),
        weeks=template.nudges.silent_days // 7,
        listener=who(pairing.liaison) if pairing.liaison else _("a coordinator"),
        hears_at=hears_at or pairing.liaison_hears_at,
    )


def answered(asked: About, pairing: Pairing, *, member: Member, given: Given, check_in: CheckIn | None) -> About:
    """The same pair with its answer. A check-in that is gone by now leaves the question open."""
    if given.answer is Answer.TALKED:
        return asked if check_in is None else _talked(asked, pairing, member=member, check_in=check_in)
    person = pairing.member(member.person_id).person
    until = {Answer.WELL: pairing.well_until, Answer.BUSY: person.snoozed_until}.get(given.answer)
    return replace(asked, answer=given.answer, until=until)


def partners(pairing: Pairing, person: int) -> Inline:
    """Everybody else in the pairing."""
    others = tuple(who(member.person) for member in pairing.members if member.person_id != person)
    return others[0] if len(others) == 1 else All(others)


def _talked(asked: About, pairing: Pairing, *, member: Member, check_in: CheckIn) -> About:
    mine = check_in.logged_by_id == member.id
    noted_by = next((who(other.person) for other in pairing.members if other.id == check_in.logged_by_id), None)
    return replace(
        asked,
        answer=Answer.TALKED,
        talked_on=check_in.talked_on,
        noted_by=None if mine else noted_by,
        noted=check_in.id,
    )


def _prompt(pairing: Pairing, member: Member, *, key: str) -> Words | None:
    """A prompt by its key, in whatever phase it stands; nothing for one that the template has dropped."""
    template = programs.template(pairing.cohort.template)
    texts = (phase.prompts.of(member.role).get(key) for phase in template.phases)
    return next((Words(text) for text in texts if text), None)
