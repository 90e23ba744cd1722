"""What came of a simulated program: figures read from the database, and from what the messenger remembers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import mean, median

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from adapters.simulation import mailed, periods
from adapters.simulation.mailed import Mailed
from adapters.simulation.periods import Settled
from adapters.simulation.world import World
from bot.domain import (
    Account,
    Application,
    ApplicationState,
    CheckIn,
    Cohort,
    Enrollment,
    EnrollmentState,
    Event,
    Goal,
    GoalState,
    Letter,
    LetterState,
    Member,
    Pairing,
    PairingState,
)
from bot.storage.work import Work

_ENDINGS = (PairingState.ACTIVE, PairingState.PAUSED, PairingState.COMPLETED, PairingState.ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that a report says; the same for the same plan."""

    template: str
    asked_pairs: int
    seed: int
    starts_on: date
    ends_on: date
    people: int
    applications: Mapping[str, int]
    application_states: Mapping[str, int]
    pairs: Mapping[str, int]
    matched_later: int
    left_over: Mapping[str, int]
    unheard: Sequence[str]
    """Who applied, is in no pair, and heard nothing when the pairs were announced or later."""
    proof: str
    talks: Talks
    goals: Mapping[str, int]
    events: Mapping[str, int]
    mailed: Mailed
    undelivered: Mapping[str, int]
    periods: Settled
    requests: int
    failed: Sequence[str]
    returned: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talks:
    """Talks of pairs: those that took place, those that the bot was told of, and these by fortnight.

    `told_by_both`: of which both told; `joined`: where the bot understood that it was the same talk.
    """

    happened: int
    told_by_both: int
    joined: int
    noted: int
    pairs: int
    median_a_pair: float
    mean_a_pair: float
    by_fortnight: Mapping[date, int]


async def read(world: World) -> Figures:
    """The figures of a program that was played."""
    dates = world.days()
    async with world.app.storage.reading() as work:
        return Figures(
            template=world.plan.template,
            asked_pairs=world.plan.pairs,
            seed=world.plan.seed,
            starts_on=dates.starts_on,
            ends_on=dates.ends_on,
            people=len(world.applicants),
            applications=await _counted(work, Application.wanted),
            application_states=await _counted(work, Application.state),
            pairs=await _counted(work, Pairing.state, Pairing.state.in_(_ENDINGS)),
            matched_later=await _later(work),
            left_over=await _left_over(work),
            unheard=await _unheard(work, world),
            proof=world.proof,
            talks=await _talks(work, world),
            goals=await _goals(work),
            events=await _counted(work, Event.kind),
            mailed=await mailed.read(work, world),
            undelivered=await _counted(work, Letter.state, Letter.state != LetterState.SENT),
            periods=await periods.read(work, dates.starts_on),
            requests=world.asking.asked,
            failed=world.asking.failed,
            returned=world.asking.returned,
        )


async def _counted(
    work: Work,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[object],
    where: ColumnElement[bool] | None = None,
) -> dict[str, int]:
    """How many rows there are of each value, by the value's name."""
    statement = select(column, func.count()).group_by(column)
    rows = await work.session.execute(statement if where is None else statement.where(where))
    return dict(sorted((str(value), count) for value, count in rows))


async def _later(work: Work) -> int:
    """Pairs that were formed when the program had begun: somebody had another match, or a first one late."""
    later = select(Pairing.id).join(Cohort, Pairing.cohort_id == Cohort.id).where(Pairing.starts_on > Cohort.starts_on)
    return len(await work.all(later))


async def _left_over(work: Work) -> dict[str, int]:
    """People who never had a partner in the role that they applied for."""
    paired = select(Member.enrollment_id).where(Member.enrollment_id.is_not(None))
    alone = Enrollment.id.not_in(paired) & (Enrollment.state != EnrollmentState.WITHDRAWN)
    return await _counted(work, Enrollment.role, alone)


async def _unheard(work: Work, world: World) -> list[str]:
    """People whom the program has dropped without a word."""
    announced = await work.first(select(Cohort.published_at))
    standing = select(Account.user).join(Application, Application.person_id == Account.person_id)
    users = set(
        await work.all(standing.where(Application.state.in_((ApplicationState.SENT, ApplicationState.ACCEPTED))))
    )
    heard = {sent.user for sent in world.box.sent if announced is not None and sent.at >= announced}
    alone = (who for who in world.applicants if not who.bonds and who.user in users)
    return [f"{who.user} ({who.wanted})" for who in alone if who.user not in heard]


async def _talks(work: Work, world: World) -> Talks:
    days = Counter(await _noted(work))
    pairs = await work.all(select(Pairing.id).where(Pairing.state.in_(_ENDINGS)))
    rows = await work.session.execute(select(CheckIn.pairing_id, func.count()).group_by(CheckIn.pairing_id))
    noted = {pair: count for pair, count in rows}  # noqa: C416 - a Row is no pair to the types
    counts = [noted.get(pair, 0) for pair in pairs]
    return Talks(
        happened=sum(bond.talks for bond in world.bonds.values()),
        told_by_both=sum(bond.told_by_both for bond in world.bonds.values()),
        joined=(await _counted(work, Event.kind, Event.kind == "checkin.joined")).get("checkin.joined", 0),
        noted=sum(counts),
        pairs=sum(count > 0 for count in counts),
        median_a_pair=median(counts or [0]),
        mean_a_pair=round(mean(counts or [0]), 2),
        by_fortnight=periods.by_fortnight(days, since=world.days().starts_on, until=world.days().ends_on),
    )


async def _noted(work: Work) -> Iterable[date]:
    return (await work.session.scalars(select(CheckIn.talked_on))).all()


async def _goals(work: Work) -> dict[str, int]:
    states = await _counted(work, Goal.state)
    pairs = await work.all(select(Goal.pairing_id).distinct())
    return {"set": sum(states.values()), "reached": states.get(GoalState.REACHED, 0), "pairs": len(pairs)}
