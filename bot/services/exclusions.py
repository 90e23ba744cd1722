"""Who must not be paired with whom, and which pairs the committee keeps. Nothing here ever says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import aliased

from bot.domain import Cohort, Enrollment, Exclusion, Member, Pairing, PairingState, Role
from bot.matching import Mentee, Mentor, Rules
from bot.matching.candidate import PersonPair
from bot.storage.work import Work


async def rules(work: Work, cohort: Cohort, *, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Rules:
    """The hard rules among a cohort's candidates. A kept pair that has become impossible is no longer kept."""
    excluded = await work.all(select(Exclusion).where(Exclusion.person_id.in_(_people(cohort))))
    found = Rules(
        forbidden=frozenset((row.person_id, row.other_id) for row in excluded if not row.private),
        ruled_out=frozenset((row.person_id, row.other_id) for row in excluded if row.private),
        former=await _former(work, cohort),
    )
    tenable = _tenable(await kept(work, cohort), mentees=mentees, mentors=mentors, never=found.never())
    return Rules(found.forbidden, found.ruled_out, found.former, tenable)


async def kept(work: Work, cohort: Cohort) -> Sequence[tuple[int, int]]:
    """The proposed pairs that the committee keeps: enrollments of mentee and mentor."""
    mentee, mentor = aliased(Member), aliased(Member)
    rows = await work.session.execute(
        select(mentee.enrollment_id, mentor.enrollment_id)
        .join(mentor, mentor.pairing_id == mentee.pairing_id)
        .join(Pairing, Pairing.id == mentee.pairing_id)
        .where(mentee.role == Role.MENTEE, mentor.role == Role.MENTOR)
        .where(Pairing.cohort_id == cohort.id, Pairing.state == PairingState.PROPOSED, Pairing.locked)
        .order_by(Pairing.id)
    )
    return [(mentee or 0, mentor or 0) for mentee, mentor in rows]


async def forbid(work: Work, one: int, other: int) -> None:
    """These two persons are never proposed to each other again."""
    row = {"person_id": min(one, other), "other_id": max(one, other), "private": False}
    await work.insert_once(Exclusion, [row], unique=["person_id", "other_id", "private"])


async def allow(work: Work, one: int, other: int) -> None:
    """Take back what `forbid` said; what people asked for themselves stays."""
    await work.session.execute(
        delete(Exclusion).where(
            Exclusion.person_id == min(one, other), Exclusion.other_id == max(one, other), ~Exclusion.private
        )
    )


def _people(cohort: Cohort) -> Select[int]:
    return select(Enrollment.person_id).where(Enrollment.cohort_id == cohort.id)


async def _former(work: Work, cohort: Cohort) -> frozenset[PersonPair]:
    """Two who are or were in one pairing, in this cohort or an earlier one, whichever way round."""
    one, other = aliased(Member), aliased(Member)
    rows = await work.session.execute(
        select(one.person_id, other.person_id)
        .join(other, other.pairing_id == one.pairing_id)
        .join(Pairing, Pairing.id == one.pairing_id)
        .where(one.person_id < other.person_id, Pairing.state != PairingState.PROPOSED)
        .where(one.person_id.in_(_people(cohort)))
    )
    return frozenset((first, second) for first, second in rows)


def _tenable(
    kept: Iterable[tuple[int, int]],
    *,
    mentees: Sequence[Mentee],
    mentors: Sequence[Mentor],
    never: frozenset[PersonPair],
) -> tuple[tuple[int, int], ...]:
    """The kept pairs that every rule still allows."""
    here = {mentee.enrollment: mentee.person for mentee in mentees}
    there = {mentor.enrollment: mentor for mentor in mentors}
    met, taken, found = set(never), Counter[int](), dict[int, int]()
    for one, other in kept:
        if one in found or one not in here or other not in there:
            continue
        pair = (min(here[one], there[other].person), max(here[one], there[other].person))
        if pair[0] != pair[1] and pair not in met and taken[other] < there[other].capacity:
            found[one] = other
            taken[other] += 1
            met.add(pair)
    return tuple(found.items())
