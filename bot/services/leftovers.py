"""Who has no partner, and why: in facts about the cohort, never about a person or a rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot import programs
from bot.domain import LIVE, Cohort, Enrollment, Member, Pairing, PairingState, Person, Role
from bot.matching import Mentee, Mentor, explain
from bot.matching.leftover import NO_PAIR
from bot.services import candidates, proposals
from bot.services.candidates import Enrolled
from bot.storage.work import Work
from bot.ui import Run, Words, _, ngettext


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody without a partner in one role: `why` for the committee, `told` for themselves (maybe nothing)."""

    enrollment: Enrollment
    person: Person
    why: Words
    told: Words | None


async def left_over(work: Work, cohort: Cohort) -> Sequence[Left]:
    """Everybody who could be matched, and is neither proposed nor in a pair that goes on."""
    there = [who for who in await candidates.enrolled(work, cohort) if who.free]
    outside = await candidates.outside(work, cohort, there)
    taken = await _taken(work, cohort)
    alone = [who for who in there if who.enrollment.id not in taken]
    if not alone:
        return []
    mentees = [_mentee(who) for who in there if who.enrollment.role is Role.MENTEE]
    mentors = [_mentor(who) for who in there if who.enrollment.role is Role.MENTOR]
    why = explain(mentees, mentors, preferences=candidates.preferences(programs.template(cohort.template)))
    waiting = {topic for who in alone if who.enrollment.role is Role.MENTEE for topic in who.enrollment.topics}
    facts = _Facts(
        why,
        {topic for mentee in mentees for topic in mentee.wishes},
        waiting,
        _places(mentees, mentors),
        outside,
        changed=await proposals.newest(work, cohort) == "match.changed",
    )
    return [facts.left(who) for who in alone]


async def waiting(work: Work, cohort: Cohort) -> Sequence[Person]:
    """Those people, each once."""
    return list({who.person.id: who.person for who in await left_over(work, cohort)}.values())


_NO_ROOM = _(
    "Others come first for the places that this program has for mentees: who has waited, then who applied first. "
    "{edit} changes how many there are.",
    edit=Run("cohort edit"),
)
_CHANGED = _("Pairs were changed since I formed them. Matching again shows whether somebody is found.")
_NOT_FOR_EVERYBODY = _(
    "more people asked for a mentor than this program has room for. Those who had waited came first, then those who "
    "applied first."
)


@dataclass(frozen=True, slots=True)
class _Facts:
    """A cohort, counted once."""

    mentee: Callable[[Mentee], Words]
    asked: set[str]
    waiting: set[str]
    places: Words | None
    outside: frozenset[int]
    changed: bool

    def left(self, who: Enrolled) -> Left:
        if who.enrollment.id in self.outside:
            return Left(who.enrollment, who.person, _NO_ROOM, _NOT_FOR_EVERYBODY)
        if who.enrollment.role is Role.MENTEE:
            why = self.mentee(_mentee(who))
            shown = _CHANGED if why is NO_PAIR and self.changed else why
            return Left(who.enrollment, who.person, shown, None if why is NO_PAIR else why)
        return Left(who.enrollment, who.person, self._mentor(set(who.enrollment.topics)), self.places)

    def _mentor(self, offers: set[str]) -> Words:
        if not offers & self.asked:
            return _("Nobody asked for these topics.")
        if not offers & self.waiting:
            return _("Everybody who asked for these topics has a mentor.")
        if self.changed:
            return _CHANGED
        return _("The pairs that came out best leave this place free.")


def _places(mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Words | None:
    """That there were more places than people, if so."""
    places = sum(mentor.capacity for mentor in mentors)
    if places <= len(mentees):
        return None
    asked = ngettext("{count} person asked for a mentor", "{count} people asked for a mentor", len(mentees))
    return ngettext(
        "{asked}, and {count} place was offered.", "{asked}, and {count} places were offered.", places, asked=asked
    )


async def _taken(work: Work, cohort: Cohort) -> frozenset[int]:
    found = await work.all(
        select(Member.enrollment_id)
        .join(Pairing, Pairing.id == Member.pairing_id)
        .where(Pairing.cohort_id == cohort.id, Pairing.state.in_((PairingState.PROPOSED, *LIVE)))
    )
    return frozenset(number for number in found if number is not None)


def _mentee(who: Enrolled) -> Mentee:
    return Mentee(who.enrollment.id, who.person.id, tuple(who.enrollment.topics))


def _mentor(who: Enrolled) -> Mentor:
    return Mentor(who.enrollment.id, who.person.id, frozenset(who.enrollment.topics), capacity=who.free)
