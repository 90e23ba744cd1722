"""How many mentees a cohort has room for, and who comes first where more ask: who waited, then who applied first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select

from bot.domain import LIVE, Cohort, Enrollment, EnrollmentState, Member, Pairing, Role
from bot.services import exclusions
from bot.storage.work import Work


async def left(work: Work, cohort: Cohort) -> int | None:
    """How many more mentees can be given a partner; nothing where everybody may take part."""
    if cohort.capacity is None:
        return None
    paired = (
        select(func.count(func.distinct(Member.enrollment_id)))
        .join(Pairing, Pairing.id == Member.pairing_id)
        .where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE), Member.role == Role.MENTEE)
    )
    return max(cohort.capacity - (await work.first(paired) or 0), 0)


async def outside(work: Work, cohort: Cohort, mentees: Sequence[Enrollment]) -> frozenset[int]:
    """For whom of these there is no room, by enrollment. Pairs that the committee keeps come before everybody."""
    room = await left(work, cohort)
    if room is None or room >= len(mentees):
        return frozenset()
    kept = {mentee for mentee, _mentor in await exclusions.kept(work, cohort)}
    waits = await waited(work, cohort)
    first = sorted(mentees, key=lambda one: (one.id not in kept, -waits[one.person_id], one.application_id))
    return frozenset(one.id for one in first[room:])


async def is_taken(work: Work, cohort: Cohort, mentee: int) -> bool:
    """Whether pairs that are kept have all the room, so that no other mentee (by enrollment) can be chosen."""
    room = await left(work, cohort)
    others = {kept for kept, _mentor in await exclusions.kept(work, cohort)} - {mentee}
    return room is not None and len(others) >= room


async def waited(work: Work, cohort: Cohort) -> Counter[int]:
    """In how many earlier cohorts nobody was found for each mentee, by person."""
    rows = await work.session.execute(
        select(Enrollment.person_id, func.count())
        .where(Enrollment.cohort_id < cohort.id, Enrollment.role == Role.MENTEE)
        .where(Enrollment.state == EnrollmentState.UNMATCHED)
        .where(Enrollment.person_id.in_(select(Enrollment.person_id).where(Enrollment.cohort_id == cohort.id)))
        .group_by(Enrollment.person_id)
    )
    return Counter({row[0]: row[1] for row in rows})
