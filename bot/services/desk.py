"""What a batch of letters must know, read with the same number of statements for one person and for two hundred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager
from sqlalchemy.sql.base import ExecutableOption

from bot.domain import LIVE, CheckIn, Goal, GoalState, Member, Nudge, Pairing, Rider
from bot.services import concerns
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Work
from bot.texts.sheet import Topic


@dataclass(frozen=True, slots=True)
class Told:
    """What an earlier letter said to a member."""

    member: int
    topic: Topic
    prompt: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Facts of a batch: members, earlier letters and waiting news by person, the rest by pairing.

    `heard` are the pairings of which somebody waits for a person's help.
    """

    members: Mapping[int, Sequence[Member]]
    told: Mapping[int, Sequence[Told]]
    news: Mapping[int, Sequence[Rider]]
    logged: Mapping[int, datetime]
    goals: Mapping[int, int]
    heard: Collection[int]


async def read(work: Work, people: Collection[int]) -> Desk:
    """Everything that the letters of these people (by number) may need."""
    members = await members_of(work, people)
    pairings = {member.pairing_id for of_one in members.values() for member in of_one}
    return Desk(
        members=members,
        told=await _told(work, people),
        news=await _news(work, people),
        logged=await _logged(work, pairings),
        goals=await _goals(work, pairings),
        heard=await concerns.open_in(work, pairings),
    )


def with_pairing() -> Sequence[ExecutableOption]:
    """Loader options for a member joined with its pairing and that one's cohort: the liaison and all members, too."""
    pairing = contains_eager(Member.pairing)
    return (
        pairing.contains_eager(Pairing.cohort),
        pairing.joinedload(Pairing.liaison),
        pairing.selectinload(Pairing.members).joinedload(Member.person),
    )


async def members_of(work: Work, people: Collection[int]) -> Mapping[int, Sequence[Member]]:
    """The memberships of these people in pairings that go on, loaded with everything that letters need."""
    members = defaultdict(list)
    for member in await work.all(_members_of(list(people))):
        members[member.person_id].append(member)
    return members


@prepared
def _members_of(people_in: Arg) -> Select[Member]:
    return (
        select(Member)
        .join(Member.pairing)
        .join(Pairing.cohort)
        .where(Member.person_id.in_(people_in), Pairing.state.in_(LIVE))
        .options(*with_pairing())
        .order_by(Member.pairing_id)
    )


async def _told(work: Work, people: Collection[int]) -> Mapping[int, Sequence[Told]]:
    rows = await work.session.execute(
        select(Member.person_id, Nudge.member_id, Nudge.topic, Nudge.prompt, Nudge.at)
        .join(Nudge, Nudge.member_id == Member.id)
        .where(Member.person_id.in_(people), Nudge.topic != "")
        .order_by(Nudge.member_id, Nudge.period)
    )
    told = defaultdict(list)
    for person, member, topic, prompt, at in rows:
        told[person].append(Told(member, Topic(topic), prompt, at))
    return told


async def _news(work: Work, people: Collection[int]) -> Mapping[int, Sequence[Rider]]:
    news = defaultdict(list)
    for rider in await work.all(select(Rider).where(Rider.person_id.in_(people), Rider.letter_id.is_(None))):
        news[rider.person_id].append(rider)
    return news


async def _logged(work: Work, pairings: Collection[int]) -> Mapping[int, datetime]:
    rows = await work.session.execute(
        select(CheckIn.pairing_id, func.max(CheckIn.created_at))
        .where(CheckIn.pairing_id.in_(pairings))
        .group_by(CheckIn.pairing_id)
    )
    return {pairing: at for pairing, at in rows if at is not None}


async def _goals(work: Work, pairings: Collection[int]) -> Mapping[int, int]:
    rows = await work.session.execute(
        select(Goal.pairing_id, func.count())
        .where(Goal.pairing_id.in_(pairings), Goal.state != GoalState.DROPPED)
        .group_by(Goal.pairing_id)
    )
    return dict(rows.all())
