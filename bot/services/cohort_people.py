"""Who takes part in a cohort, and in which numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select

from bot.domain import LIVE, Application, ApplicationState, Cohort, Duty, Member, Pairing, Person, TeamMember, Wanted
from bot.services.applications import STANDING
from bot.storage import queries
from bot.storage.work import Work
from bot.texts.cohort_status import Figures


async def numbers(work: Work, cohort: Cohort) -> Figures:
    """Count what there is now."""
    rows = await work.session.execute(
        select(
            Application.wanted,
            Application.wishes,
            Application.offers,
            Application.places,
            Application.late,
            Application.state,
        ).where(Application.cohort_id == cohort.id, Application.state.in_(STANDING))
    )
    wanted, asked, offered, waiting = Counter[Wanted](), Counter[str](), Counter[str](), 0
    for role, wishes, offers, places, late, state in rows:
        if late and state is ApplicationState.SENT:
            waiting += 1
            continue
        wanted[role] += 1
        asked.update(wishes)
        offered.update(dict.fromkeys(offers, places))
    return Figures(wanted, waiting, asked, offered, await _pairs(work, cohort), await _expected(work, cohort))


async def applicants(work: Work, cohort: Cohort) -> Sequence[Person]:
    """Everybody whose application stands."""
    return await work.all(
        select(Person)
        .join(Application, Application.person_id == Person.id)
        .where(Application.cohort_id == cohort.id, Application.state.in_(STANDING))
        .order_by(Person.id)
    )


async def paired(work: Work, cohort: Cohort) -> Sequence[Person]:
    """Everybody in a pair that goes on."""
    members = (
        select(Member.person_id)
        .join(Pairing, Pairing.id == Member.pairing_id)
        .where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE))
    )
    return await work.all(select(Person).where(Person.id.in_(members)).order_by(Person.id))


async def everybody(work: Work, cohort: Cohort) -> Sequence[Person]:
    """Applicants and members of pairs, each once."""
    found = {person.id: person for person in [*await applicants(work, cohort), *await paired(work, cohort)]}
    return list(found.values())


async def team(work: Work, community: int, *duties: Duty) -> Sequence[Person]:
    """Everybody with one of these duties, each once."""
    members = select(TeamMember.person_id).where(TeamMember.community_id == community, TeamMember.duty.in_(duties))
    return await work.all(select(Person).where(Person.id.in_(members)).order_by(Person.id))


async def contact(work: Work, cohort: Cohort) -> Person | None:
    """The person whom messages about a cohort name: its longest serving coordinator."""
    return await work.first(
        select(Person)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .where(TeamMember.community_id == cohort.community_id, TeamMember.duty == Duty.COORDINATOR)
        .order_by(TeamMember.id)
    )


async def _expected(work: Work, cohort: Cohort) -> int:
    """Applicants who have no account yet."""
    applied = select(Application.person_id).where(Application.cohort_id == cohort.id, Application.state.in_(STANDING))
    count = select(func.count(Person.id)).where(Person.id.in_(applied), ~queries.is_here())
    return await work.first(count) or 0


async def _pairs(work: Work, cohort: Cohort) -> int:
    count = select(func.count(Pairing.id)).where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE))
    return await work.first(count) or 0
