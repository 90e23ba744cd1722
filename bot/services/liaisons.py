"""Who looks after which pair: spread evenly, and nobody after their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from bot import programs
from bot.domain import LIVE, Cohort, Duty, LetterKind, Pairing, Person
from bot.domain.rhythm import next_decent
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import publishing as texts

Assigned = tuple[Pairing, Person]


async def alone(work: Work, cohort: Cohort) -> Sequence[Pairing]:
    """The live pairs of a cohort that have no liaison, in their order, with their people."""
    return await work.all(
        select(Pairing)
        .where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE), Pairing.liaison_id.is_(None))
        .order_by(Pairing.id)
        .options(*queries.with_people())
    )


async def assign(
    work: Work, cohort: Cohort, pairings: Sequence[Pairing], *, without: Person | None = None
) -> Sequence[Assigned]:
    """Give each of these pairs, which have none, a liaison; those that were given one, in their order.

    Always the liaison with the fewest pairs, the longest serving of equals. Pairs that not every liaison may take come
    first. Where all liaisons are members of a pair, it has none. Nobody is given to `without`.
    """
    team = [person for person in await queries.team(work, cohort.community_id, Duty.LIAISON) if person is not without]
    load = await _load(work, cohort)
    numbers = {person.id for person in team}
    chosen: dict[int, Person] = {}
    for pairing in sorted(pairings, key=lambda pairing: not numbers & _people(pairing)):
        free = [person for person in team if person.id not in _people(pairing)]
        if free:
            liaison = min(free, key=lambda person: load[person.id])
            load[liaison.id] += 1
            pairing.liaison_id, chosen[pairing.id] = liaison.id, liaison
    return [(pairing, chosen[pairing.id]) for pairing in pairings if pairing.id in chosen]


async def tell(work: Work, cohort: Cohort, assigned: Sequence[Assigned], *, first: bool = False) -> None:
    """One letter to each liaison with the pairs that they look after from now on; `first`: nobody had any before."""
    theirs: defaultdict[int, list[Pairing]] = defaultdict(list)
    for pairing, liaison in assigned:
        theirs[liaison.id].append(pairing)
    people = {liaison.id: liaison for _, liaison in assigned}
    expected = await queries.expected(work, [member.person for pairing, _ in assigned for member in pairing.members])
    before = Counter[int]() if first else await _before(work, cohort, assigned)
    rhythm = programs.template(cohort.template).rhythm
    letters = [
        NewLetter(
            key=f"liaison:person-{number}:pairing-{pairings[0].id}:{work.now:%Y%m%d%H%M%S}",
            kind=LetterKind.DUTY,
            to=people[number],
            message=texts.your_pairs(cohort, pairings, before=before[number], expected=expected),
            held_until=next_decent(work.now, people[number].reader(cohort.quiet), rhythm=rhythm),
        )
        for number, pairings in theirs.items()
    ]
    await post(work, cohort.community_id, *letters)


async def _before(work: Work, cohort: Cohort, assigned: Sequence[Assigned]) -> Counter[int]:
    """How many other pairs each of these liaisons looks after."""
    new = {pairing.id for pairing, _ in assigned}
    rows = await work.session.execute(
        select(Pairing.id, Pairing.liaison_id)
        .where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE))
        .where(work.among(Pairing.liaison_id, {liaison.id for _, liaison in assigned}))
    )
    return Counter(liaison for pairing, liaison in rows if liaison is not None and pairing not in new)


async def _load(work: Work, cohort: Cohort) -> Counter[int]:
    rows = await work.session.execute(
        select(Pairing.liaison_id, func.count())
        .where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE), Pairing.liaison_id.is_not(None))
        .group_by(Pairing.liaison_id)
    )
    return Counter({number: count for number, count in rows if number is not None})


def _people(pairing: Pairing) -> set[int]:
    return {member.person_id for member in pairing.members}
