"""The committee's review: looking at the proposed pairs, keeping, forbidding and choosing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from bot.domain import Cohort, Enrollment, Member, Pairing, PairingState, Person, Role
from bot.matching import Mentee, Mentor
from bot.services import candidates, exclusions, leftovers, pairing_up, proposals, room
from bot.services.candidates import Pool
from bot.storage import queries
from bot.storage.work import Work
from bot.texts import reviewing as texts
from bot.ui import Run, Words, _

PAGE = 10
"""Pairs, or people left over, on one page."""


Meeting = tuple[Mentee, Mentor]


async def pairs(work: Work, cohort: Cohort, *, reader: Person, page: int) -> texts.Pairs:
    """One page (from 1) of the proposed pairs. Whoever looks has reviewed the proposal as it is now."""
    total = await proposals.count(work, cohort)
    page = _within(page, total)
    shown = await proposals.proposed(work, cohort, undefer(Pairing.reasons), offset=(page - 1) * PAGE, limit=PAGE)
    cohort.reviewed_at = cohort.reviewed_at or work.now
    return texts.Pairs(
        pairs=[(pairing, reasons_for(pairing, reader)) for pairing in shown],
        total=total,
        left=len(await leftovers.left_over(work, cohort)),
        page=page,
        pages=_pages(total),
        newest=await proposals.newest(work, cohort),
    )


def reasons_for(pairing: Pairing, reader: Person) -> Sequence[Words]:
    """Why a pair is proposed, which tells what its members ranked: they themselves do not read it."""
    return (texts.MINE,) if reader.id in _persons(pairing) else proposals.unpack(pairing.reasons)


async def left(work: Work, cohort: Cohort, *, page: int) -> texts.Left:
    """One page of the people who are left over."""
    everybody = await leftovers.left_over(work, cohort)
    page = _within(page, len(everybody))
    shown = everybody[(page - 1) * PAGE : page * PAGE]
    return texts.Left([(who.enrollment, who.person, who.why) for who in shown], page=page, pages=_pages(len(everybody)))


async def keep(work: Work, pairing: Pairing, *, by: Person) -> None:
    """This pair stays, however often the others are matched anew."""
    await proposals.hold(work, pairing.cohort)
    pairing.locked = True
    _note(work, "match.kept", pairing.cohort, by)


async def let_go(work: Work, pairing: Pairing, *, by: Person) -> None:
    """This pair may be taken apart again when the others are matched anew."""
    await proposals.hold(work, pairing.cohort)
    pairing.locked = False
    _note(work, "match.let_go", pairing.cohort, by)


async def forbid(work: Work, pairing: Pairing, *, by: Person) -> None:
    """These two are not proposed any more, now or later."""
    cohort = pairing.cohort
    await proposals.hold(work, cohort)
    await exclusions.forbid(work, *_persons(pairing))
    await proposals.drop(work, cohort, pairing.id)
    _change(work, cohort, by)


async def allow(work: Work, cohort: Cohort, *, mentee: Enrollment, mentor: Enrollment, by: Person) -> None:
    """Take back that these two are forbidden; they are a pair again if both are free and nothing else forbids it."""
    await proposals.hold(work, cohort)
    await exclusions.allow(work, mentee.person_id, mentor.person_id)
    pool = await candidates.gather(work, cohort)
    met = _both(pool, mentee, mentor)
    there = await proposals.proposed(work, cohort)
    if met is not None and not _in_the_way(there, *met):
        await _put(work, cohort, pool, met, locked=False)
    _change(work, cohort, by)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair that can be made by hand: who they are, and the proposed pairs that cannot stay beside it."""

    pool: Pool
    met: Meeting
    apart: Sequence[Pairing]

    @property
    def shares_topic(self) -> bool:
        """Whether the mentor offers anything that the mentee asked for."""
        mentee, mentor = self.met
        return not mentor.offers.isdisjoint(mentee.wishes)


async def alone(work: Work, pairing: Pairing) -> list[Person]:
    """The members of a pair that was taken apart who have no other partner, in the roles they had in it."""
    free = {who.enrollment.id for who in await leftovers.left_over(work, pairing.cohort)}
    return [member.person for member in pairing.members if member.enrollment_id in free]


async def weigh(work: Work, cohort: Cohort, *, mentee: Enrollment, mentor: Enrollment) -> Words | Weighed:
    """What making a pair of these two would take apart. Otherwise what stands in the way."""
    await proposals.hold(work, cohort)
    pool = await candidates.everybody(work, cohort)
    met = _both(pool, mentee, mentor)
    if met is None:
        return not_these_two()
    if await room.is_taken(work, cohort, mentee.id):
        return _(
            "All places for mentees are kept for others. Let one of those pairs go first, or change how many there "
            "are: {edit}.",
            edit=Run("cohort edit"),
        )
    in_the_way = _in_the_way(await proposals.proposed(work, cohort), *met)
    theirs = [pairing for pairing in in_the_way if _has(pairing, mentee.id)]
    if any(pairing.locked for pairing in in_the_way if pairing not in theirs):
        return _("All places of this mentor are kept for others. Let one of those pairs go first.")
    return Weighed(pool, met, in_the_way)


async def choose(work: Work, cohort: Cohort, found: Weighed, *, by: Person) -> Pairing | None:
    """Make a pair of these two, keep it, and match all others anew; the kept pair that it takes apart."""
    if found.apart:
        await proposals.drop(work, cohort, *(pairing.id for pairing in found.apart))
    await _put(work, cohort, found.pool, found.met, locked=True)
    await _match_anew(work, cohort, by)
    return next((pairing for pairing in found.apart if pairing.locked), None)


async def unchoose(
    work: Work, cohort: Cohort, *, mentee: Enrollment, mentor: Enrollment, former: Enrollment | None, by: Person
) -> None:
    """Take a pair apart that was made by hand, keep the mentee's with their `former` mentor again, and match anew."""
    await proposals.hold(work, cohort)
    pairing = await pair_of(work, mentee.id, mentor.id)
    if pairing is not None:
        await proposals.drop(work, cohort, pairing.id)
    found = None if former is None else await weigh(work, cohort, mentee=mentee, mentor=former)
    if isinstance(found, Weighed):
        await choose(work, cohort, found, by=by)
    else:
        await _match_anew(work, cohort, by)


async def _match_anew(work: Work, cohort: Cohort, by: Person) -> None:
    _change(work, cohort, by)
    if not await pairing_up.is_running(work, cohort):
        await pairing_up.ask(work, cohort, asked_by=by.id)


async def partners(work: Work, cohort: Cohort, enrollment: Enrollment) -> Sequence[tuple[int, Person]]:
    """Who else could be somebody's partner, by enrollment: those who fit the wishes first, never the present one."""
    pool = await candidates.everybody(work, cohort)
    present = {other for pairing in await proposals.proposed(work, cohort) for other in _others(pairing, enrollment.id)}
    fitting = [
        (_rank(mentee.wishes, mentor.offers), mentor if mentee.enrollment == enrollment.id else mentee)
        for mentee, mentor in _meetings(pool, enrollment)
        if _may_meet(pool, mentee, mentor)
    ]
    found = [who for _wish, who in sorted(fitting, key=lambda fit: fit[0]) if who.enrollment not in present]
    people = await work.all(select(Person).where(work.among(Person.id, [who.person for who in found])))
    by_number = {person.id: person for person in people}
    return [(who.enrollment, by_number[who.person]) for who in found]


async def pair_of(work: Work, mentee: int, mentor: int) -> Pairing | None:
    """The proposed pair of two enrollments."""
    here = select(Member.pairing_id).where(Member.enrollment_id == mentee, Member.role == Role.MENTEE)
    there = select(Member.pairing_id).where(Member.enrollment_id == mentor, Member.role == Role.MENTOR)
    return await work.first(
        select(Pairing)
        .where(Pairing.id.in_(here), Pairing.id.in_(there), Pairing.state == PairingState.PROPOSED)
        .options(*queries.with_members(), undefer(Pairing.reasons))
    )


async def page_with(work: Work, pairing: Pairing) -> int:
    """The page that a proposed pair stands on."""
    here = Pairing.cohort_id == pairing.cohort_id, Pairing.state == PairingState.PROPOSED, Pairing.id < pairing.id
    before = await work.first(select(func.count(Pairing.id)).where(*here)) or 0
    return before // PAGE + 1


def not_these_two() -> Words:
    """One sentence for every reason that keeps two people apart: none of them may be guessed from it."""
    return _("These two cannot be a pair. Please choose somebody from the list.")


async def _put(work: Work, cohort: Cohort, pool: Pool, met: Meeting, *, locked: bool) -> None:
    match = proposals.Match.of(*met, preferences=pool.preferences, locked=locked)
    await proposals.store(work, cohort, [match], people={who.enrollment: who.person for who in met})


def _both(pool: Pool, mentee: Enrollment, mentor: Enrollment) -> Meeting | None:
    """Two enrollments as candidates, if nothing forbids that they meet."""
    here = next((who for who in pool.mentees if who.enrollment == mentee.id), None)
    there = next((who for who in pool.mentors if who.enrollment == mentor.id), None)
    return (here, there) if here and there and _may_meet(pool, here, there) else None


def _may_meet(pool: Pool, mentee: Mentee, mentor: Mentor) -> bool:
    pair = min(mentee.person, mentor.person), max(mentee.person, mentor.person)
    return mentee.person != mentor.person and pair not in pool.rules.never()


def _meetings(pool: Pool, enrollment: Enrollment) -> list[Meeting]:
    """Somebody with everybody of the other role."""
    mine = [who for who in pool.mentees if who.enrollment == enrollment.id]
    if mine:
        return [(mine[0], mentor) for mentor in pool.mentors]
    return [(mentee, who) for who in pool.mentors if who.enrollment == enrollment.id for mentee in pool.mentees]


def _others(pairing: Pairing, enrollment: int) -> list[int]:
    """The other side of a pairing that somebody is in."""
    numbers = [member.enrollment_id or 0 for member in pairing.members]
    return [number for number in numbers if number != enrollment] if enrollment in numbers else []


def _in_the_way(there: Sequence[Pairing], mentee: Mentee, mentor: Mentor) -> list[Pairing]:
    """Proposed pairs that cannot stay beside a new one: the mentee's own, the two the other way round, and the least
    fitting of the mentor's, if all places are taken."""
    own = [pairing for pairing in there if _has(pairing, mentee.enrollment)]
    persons = {mentee.person, mentor.person}
    reverse = [pairing for pairing in there if set(_persons(pairing)) == persons and pairing not in own]
    others = [pairing for pairing in there if _has(pairing, mentor.enrollment) and pairing not in own]
    others.sort(key=lambda pairing: (pairing.locked, pairing.score, pairing.id))
    return own + reverse + others[: max(len(others) + 1 - mentor.capacity, 0)]


def _has(pairing: Pairing, enrollment: int) -> bool:
    return any(member.enrollment_id == enrollment for member in pairing.members)


def _persons(pairing: Pairing) -> tuple[int, int]:
    one, other = pairing.members
    return one.person_id, other.person_id


def _rank(wishes: Sequence[str], offers: frozenset[str]) -> int:
    return next((rank for rank, topic in enumerate(wishes) if topic in offers), len(wishes))


def _change(work: Work, cohort: Cohort, by: Person) -> None:
    """The proposal is another one now: nobody has reviewed it."""
    cohort.reviewed_at = None
    _note(work, "match.changed", cohort, by)


def _note(work: Work, kind: str, cohort: Cohort, by: Person) -> None:
    work.note(kind, community=cohort.community_id, cohort=cohort.id, person=by.id)


def _pages(total: int) -> int:
    return max(-(-total // PAGE), 1)


def _within(page: int, total: int) -> int:
    return min(max(page, 1), _pages(total))
