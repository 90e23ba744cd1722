"""Somebody asks for a person's help: one person hears that, and nobody else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.domain import Concern, ConcernTo, Duty, LetterKind, Pairing, Person
from bot.services import signs
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import concerns as texts
from bot.texts.team import who


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of a concern, whether it is new to them, and who else has heard of it from the same person."""

    listener: Person
    is_new: bool
    others: Sequence[Person] = ()


async def listeners(work: Work, pairing: Pairing) -> Mapping[ConcernTo, Person]:
    """Who could be told about a pair: its liaison, and a coordinator; never somebody in the pair."""
    inside = {member.person_id for member in pairing.members}
    found: dict[ConcernTo, Person] = {}
    if pairing.liaison is not None and pairing.liaison.id not in inside:
        found[ConcernTo.LIAISON] = pairing.liaison
    known = inside | {person.id for person in found.values()}
    coordinators = await queries.team(work, pairing.cohort.community_id, Duty.COORDINATOR)
    other = next((person for person in coordinators if person.id not in known), None)
    if other is not None:
        found[ConcernTo.COORDINATOR] = other
    return found


async def tell(work: Work, pairing: Pairing, person: Person, *, to: ConcernTo) -> Told | None:
    """Tell one of them, once until it is settled; nothing where there is no such listener."""
    heard_by = await listeners(work, pairing)
    listener = heard_by.get(to)
    if listener is None:
        return None
    await work.lock(Pairing, pairing.id)  # two presses at once are one concern
    signs.answered(person)
    pairing.liaison_hears_at = None
    told = await told_by(work, pairing, person)
    others = [heard_by[other] for other in told if other is not to and other in heard_by]
    if to in told:
        return Told(listener, is_new=False, others=others)
    concern = Concern(pairing_id=pairing.id, raised_by_id=person.id, told=to, raised_at=work.now)
    work.add(concern)
    await work.flush()
    letter = NewLetter(
        key=f"concern:{concern.id}",
        kind=LetterKind.DUTY,
        to=listener,
        message=texts.heard(
            pairing.id,
            who(person),
            [who(member.person) for member in pairing.members],
            # a coordinator may know that the liaison was told, and never the other way round
            also=[who(other) for other in others if to is ConcernTo.COORDINATOR],
            alone=not others,
        ),
        about=f"concern:{concern.id}",
    )
    await post(work, listener.community_id, letter)
    # The trail names neither person nor pair: the liaison must not learn of what only the coordinator may know.
    work.note("concern.raised", community=person.community_id, cohort=pairing.cohort_id, told=str(to))
    return Told(listener, is_new=True, others=others)


async def told_by(work: Work, pairing: Pairing, person: Person) -> Collection[ConcernTo]:
    """To whom somebody's concern about a pair went that is not settled."""
    mine = select(Concern.told).where(Concern.pairing_id == pairing.id, Concern.raised_by_id == person.id)
    return set(await work.all(mine.where(Concern.settled_at.is_(None))))


async def open_in(work: Work, pairings: Collection[int]) -> Collection[int]:
    """Those of these pairings of which somebody waits for a person's help."""
    waiting = select(Concern.pairing_id).where(Concern.pairing_id.in_(pairings), Concern.settled_at.is_(None))
    return set(await work.all(waiting))
