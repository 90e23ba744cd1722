"""The goals of a pair: written, changed, reached, let go and taken up again, by either of the two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Select, case, func, select

from bot.domain import Goal, GoalState, Member, Pairing, rhythm
from bot.programs import template
from bot.services import goal_news
from bot.services.goal_news import Deed
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What somebody writes of a goal; only `measure` and `by_on` may be empty."""

    title: str
    help: str
    measure: str = ""
    by_on: date | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many goals of a pair stand, how many of them are reached, and how many people wrote them."""

    written: int = 0
    reached: int = 0
    writers: int = 0


async def tallies(work: Work, pairings: Sequence[int]) -> Mapping[int, Tally]:
    """The goals of pairings counted, by pairing; nothing for one that has none."""
    return {pairing: Tally(*counted) for pairing, *counted in await work.rows(_tallies(pairings))}


@prepared
def _tallies(pairings_in: Arg) -> Select[int, int, int, int]:
    reached = func.count(case((Goal.state == GoalState.REACHED, Goal.id)))
    return (
        select(Goal.pairing_id, func.count(), reached, func.count(Goal.written_by_id.distinct()))
        .where(Goal.pairing_id.in_(pairings_in), Goal.state != GoalState.DROPPED)
        .group_by(Goal.pairing_id)
    )


async def standing(work: Work, pairing: Pairing) -> Sequence[Goal]:
    """The goals of a pair that stand, oldest first."""
    return [goal for goal in await everything(work, pairing) if is_standing(goal)]


def is_standing(goal: Goal) -> bool:
    """Whether a goal is open or reached: it was not let go."""
    return goal.state is not GoalState.DROPPED


async def everything(work: Work, pairing: Pairing) -> Sequence[Goal]:
    """The same with those that were let go."""
    return await work.all(_goals_of(pairing.id))


@prepared
def _goals_of(pairing: Arg) -> Select[Goal]:
    return select(Goal).where(Goal.pairing_id == pairing).order_by(Goal.id)


async def room(work: Work, pairing: Pairing) -> int:
    """How many more goals the program has room for in this pair."""
    return room_beside(pairing, await standing(work, pairing))


def room_beside(pairing: Pairing, standing: Sequence[Goal]) -> int:
    """The same where they are known."""
    return max(template(pairing.cohort.template).goals - len(standing), 0)


async def same(work: Work, pairing: Pairing, title: str) -> Goal | None:
    """An open goal of the pair with this title, however it is written."""
    mine = (goal for goal in await standing(work, pairing) if goal.state is GoalState.OPEN)
    return next((goal for goal in mine if _plain(goal.title) == _plain(title)), None)


def is_said(goal: Goal, wording: Wording) -> bool:
    """Whether a goal has these words already."""
    new = asdict(wording)
    return new == {name: getattr(goal, name) for name in new}


def days(pairing: Pairing) -> tuple[date, date]:
    """The first and the last day by which a goal of this pair can be reached."""
    return pairing.cohort.starts_on, pairing.ends_on or pairing.cohort.ends_on


async def is_first(work: Work, goal: Goal) -> bool:
    """Whether the pair had written none before this one."""
    earlier = select(Goal.id).where(Goal.pairing_id == goal.pairing_id, Goal.id < goal.id)
    return await work.first(earlier) is None


async def write(work: Work, pairing: Pairing, *, member: Member, wording: Wording) -> Goal:
    """Write a goal down. The pair's first one is told to the other at once, later ones in the next letter."""
    goal = Goal(
        pairing_id=pairing.id,
        written_by_id=member.id,
        state=GoalState.OPEN,
        created_at=work.now,
        **asdict(wording),
    )
    work.add(goal)
    await work.flush()
    if await is_first(work, goal):
        await goal_news.announce(work, pairing, goal=goal, member=member)
    else:
        await goal_news.tell(work, pairing, goal=goal, member=member, deed=Deed.SET)
    _note(work, pairing, goal=goal, member=member, deed=Deed.SET)
    return goal


async def change(work: Work, pairing: Pairing, *, goal: Goal, member: Member, wording: Wording) -> bool:
    """Give a goal new words; False if they are the old ones."""
    if is_said(goal, wording):
        return False
    for name, value in asdict(wording).items():
        setattr(goal, name, value)
    await _done(work, pairing, goal=goal, member=member, deed=Deed.CHANGED)
    return True


async def reach(work: Work, pairing: Pairing, *, goal: Goal, member: Member) -> None:
    """A goal is reached, today in this member's zone. Saying so twice changes nothing."""
    if goal.state is GoalState.REACHED:
        return
    goal.state = GoalState.REACHED
    goal.reached_on = rhythm.day_in(work.now, pairing.member(member.person_id).person.tz)
    await _done(work, pairing, goal=goal, member=member, deed=Deed.REACHED)


async def let_go(work: Work, pairing: Pairing, *, goal: Goal, member: Member) -> None:
    """A goal is no longer worked on and makes room for another."""
    if goal.state is GoalState.DROPPED:
        return
    goal.state, goal.reached_on = GoalState.DROPPED, None
    await _done(work, pairing, goal=goal, member=member, deed=Deed.DROPPED)


async def reopen(work: Work, pairing: Pairing, *, goal: Goal, member: Member) -> None:
    """A goal that was reached or let go is open again; the caller has looked whether there is room."""
    if goal.state is GoalState.OPEN:
        return
    goal.state, goal.reached_on = GoalState.OPEN, None
    await _done(work, pairing, goal=goal, member=member, deed=Deed.REOPENED)


async def _done(work: Work, pairing: Pairing, *, goal: Goal, member: Member, deed: Deed) -> None:
    await goal_news.tell(work, pairing, goal=goal, member=member, deed=deed)
    _note(work, pairing, goal=goal, member=member, deed=deed)


def _note(work: Work, pairing: Pairing, *, goal: Goal, member: Member, deed: Deed) -> None:
    work.note(
        f"goal.{deed}",
        community=pairing.cohort.community_id,
        cohort=pairing.cohort_id,
        pairing=pairing.id,
        person=member.person_id,
        goal=goal.id,
    )


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())
