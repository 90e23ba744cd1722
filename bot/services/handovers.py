"""Who looks after which pair changes while a program runs: shared out, moved, handed over; whom it concerns hears."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select, update

from bot.domain import LIVE, Cohort, Community, Duty, LetterKind, Pairing, Person, TeamMember
from bot.domain.rhythm import next_decent
from bot.programs import template
from bot.services import liaisons, riders
from bot.services.liaisons import Assigned
from bot.services.pair_facts import RUNNING, live
from bot.services.riders import News
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import assigning as texts
from bot.texts.assigning import Load
from bot.texts.team import who
from bot.ui import Message

URGENCY = 50
"""Before a changed goal, after a new phase."""


async def running(work: Work, community: Community) -> Sequence[Cohort]:
    """The cohorts whose pairs are looked after, the newest first."""
    wanted = select(Cohort).where(Cohort.community_id == community.id, Cohort.state.in_(RUNNING))
    return await work.all(wanted.order_by(Cohort.id.desc()))


async def loads(work: Work, community: Community) -> list[Load]:
    """Every liaison and how many pairs they look after, longest serving first."""
    rows = await work.session.execute(
        select(Pairing.liaison_id, func.count())
        .join(Cohort, Cohort.id == Pairing.cohort_id)
        .where(live(community=community.id))
        .group_by(Pairing.liaison_id)
    )
    counts = {number: count for number, count in rows if number is not None}
    team = await queries.team(work, community.id, Duty.LIAISON)
    return [Load(who(person), counts.get(person.id, 0)) for person in team]


async def alone(work: Work, community: Community) -> int:
    """How many pairs nobody looks after."""
    wanted = select(func.count(Pairing.id)).join(Cohort, Cohort.id == Pairing.cohort_id)
    return await work.first(wanted.where(live(community=community.id), Pairing.liaison_id.is_(None))) or 0


async def spread(work: Work, community: Community) -> int:
    """Give every pair a liaison that has none, or whose liaison has left the team; how many were given one."""
    team = select(TeamMember.person_id).where(TeamMember.community_id == community.id, TeamMember.duty == Duty.LIAISON)
    given = 0
    for cohort in await running(work, community):
        await _free(work, cohort, Pairing.liaison_id.not_in(team))
        assigned = await liaisons.assign(work, cohort, await liaisons.alone(work, cohort))
        await _hear(work, cohort, assigned)
        given += len(assigned)
    return given


async def move(work: Work, pairing: Pairing, liaison: Person) -> Person | None:
    """Give one pair to a liaison who is not in it; who looked after it before."""
    former, pairing.liaison_id = pairing.liaison, liaison.id
    await _hear(work, pairing.cohort, [(pairing, liaison)])
    if former is not None:
        people = [who(member.person) for member in pairing.members]
        key = f"taken-over:pairing-{pairing.id}:person-{former.id}:{work.now:%Y%m%d%H%M%S}"
        await _tell(work, pairing.cohort, former, texts.taken_over(people, who(liaison)), key=key)
    return former


async def hand_over(work: Work, community: Community, liaison: Person) -> int:
    """Share somebody's pairs out among the other liaisons; how many were given away."""
    given: list[Assigned] = []
    for cohort in await running(work, community):
        await _free(work, cohort, Pairing.liaison_id == liaison.id)
        assigned = await liaisons.assign(work, cohort, await liaisons.alone(work, cohort), without=liaison)
        await _hear(work, cohort, assigned)
        given += assigned
        if assigned:
            people = list(dict.fromkeys(who(person) for _pairing, person in assigned))
            key = f"handed-over:cohort-{cohort.id}:person-{liaison.id}:{work.now:%Y%m%d%H%M%S}"
            await _tell(work, cohort, liaison, texts.handed_over(who(liaison), people), key=key)
    return len(given)


async def ask_away(work: Work, community: Community, liaison: Person, *, pairs: int) -> None:
    """Ask the coordinators to find somebody else for a liaison's pairs, at most once a day."""
    letters = [
        NewLetter(
            key=f"away:person-{liaison.id}:{work.now:%Y%m%d}:person-{coordinator.id}",
            kind=LetterKind.DUTY,
            to=coordinator,
            message=texts.away(who(liaison), pairs),
            held_until=next_decent(work.now, coordinator.reader()),
        )
        for coordinator in await queries.team(work, community.id, Duty.COORDINATOR)
    ]
    await post(work, community.id, *letters)


async def _hear(work: Work, cohort: Cohort, assigned: Sequence[Assigned]) -> None:
    """New liaisons hear which pairs they have; members hear in their next letter whom to turn to."""
    await liaisons.tell(work, cohort, assigned)
    facts = {pairing.id: {"liaison": liaison.id} for pairing, liaison in assigned}
    await work.note_each("liaison.assigned", community=cohort.community_id, cohort=cohort.id, facts=facts)
    news = [
        News(
            to=member.person,
            key=f"liaison:pairing-{pairing.id}:person-{liaison.id}:{work.now:%Y%m%d}",
            urgency=URGENCY,
            message=texts.new_liaison(who(liaison)),
            pairing=pairing,
        )
        for pairing, liaison in assigned
        for member in pairing.members
    ]
    await riders.ride(work, *news)


async def _free(work: Work, cohort: Cohort, which: ColumnElement[bool]) -> None:
    """Take the liaison off these pairs, so that another one can be found."""
    freed = update(Pairing).where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE), which)
    await work.session.execute(freed.values(liaison_id=None), execution_options={"synchronize_session": "fetch"})


async def _tell(work: Work, cohort: Cohort, person: Person, message: Message, *, key: str) -> None:
    at = next_decent(work.now, person.reader(cohort.quiet), rhythm=template(cohort.template).rhythm)
    await post(
        work, cohort.community_id, NewLetter(key=key, kind=LetterKind.DUTY, to=person, message=message, held_until=at)
    )
