"""Pairs of which nothing is heard: both members are asked first, then their liaison hears of it, once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from bot import programs
from bot.domain import Cohort, Duty, LetterKind, Member, Nudge, Pairing, PairingState, Person, rhythm
from bot.domain.rhythm import Reader
from bot.services import concerns, signs
from bot.services.office import Office
from bot.services.periods import rests
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import silence as texts
from bot.texts.sheet import Topic
from bot.texts.silence import QuietPair
from bot.texts.team import who

BATCH = 200


def heard_on(pairing: Pairing) -> date:
    """The day of the newest sign of life, or on which the pair began; in the cohort's zone (cohort loaded)."""
    cohort = pairing.cohort
    signs_of_life = (pairing.introduced_at, pairing.last_sign_at)
    days = [cohort.today(at) for at in signs_of_life if at is not None]
    return max([*days, pairing.starts_on or cohort.starts_on])


def hears_at(pairing: Pairing, *, asked_on: date) -> datetime:
    """When the liaison hears of a silence about which the members are asked on a day; aware UTC."""
    template = programs.template(pairing.cohort.template)
    day = asked_on + timedelta(days=template.nudges.liaison_after_days)
    return rhythm.letter_at(day, _listening(pairing), rhythm=template.rhythm)


async def sweep(office: Office) -> int:
    """Let liaisons know of the pairs whose day has come; how many pairs that were."""
    async with office.storage.work() as work:
        due = await _due(work)
        later = {pairing.id: at for pairing in due if (at := _decent(pairing, work.now)) > work.now}
        for pairing in due:
            pairing.liaison_hears_at = later.get(pairing.id)
        heard = await concerns.open_in(work, [pairing.id for pairing in due])
        left_alone = {*later, *heard}
        quiet = [pairing for pairing in due if pairing.id not in left_alone and _is_quiet(pairing, work.now)]
        for pairing in quiet:
            pairing.liaison_told_at = work.now
        await _tell(work, quiet)
    return len(due)


async def _due(work: Work) -> Sequence[Pairing]:
    return await work.all(
        select(Pairing)
        .where(Pairing.liaison_hears_at <= work.now)
        .order_by(Pairing.liaison_hears_at, Pairing.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Pairing)
        .options(*queries.with_members())
    )


def _listening(pairing: Pairing) -> Reader:
    """When the listener may be written to: the liaison, or coordinators, of whom the cohort's zone is assumed."""
    cohort = pairing.cohort
    return Reader(cohort.tz, cohort.quiet) if pairing.liaison is None else pairing.liaison.reader(cohort.quiet)


def _decent(pairing: Pairing, now: datetime) -> datetime:
    beat = programs.template(pairing.cohort.template).rhythm
    return rhythm.next_decent(now, _listening(pairing), rhythm=beat)


def _is_quiet(pairing: Pairing, now: datetime) -> bool:
    """Whether there is still a silence to tell of: the pair goes on, nobody has paused or said that all is well."""
    if pairing.state is not PairingState.ACTIVE or signs.is_well(pairing, now):
        return False
    return not any(rests(member.person, now) for member in pairing.members)


async def _tell(work: Work, quiet: Sequence[Pairing]) -> None:
    """One letter to each listener, about all pairs of theirs."""
    asked = await _asked(work, [pairing.id for pairing in quiet])
    heard: dict[Person, list[Pairing]] = defaultdict(list)
    coordinators = await _coordinators(work, (pairing.cohort for pairing in quiet if pairing.liaison is None))
    for pairing in quiet:
        for listener in [pairing.liaison] if pairing.liaison else coordinators[pairing.cohort.community_id]:
            if all(member.person_id != listener.id for member in pairing.members):
                heard[listener].append(pairing)
    for listener, pairings in heard.items():
        await post(work, listener.community_id, _letter(listener, pairings, asked, now=work.now))


def _letter(
    listener: Person, pairings: Sequence[Pairing], asked: Mapping[int, datetime], *, now: datetime
) -> NewLetter:
    pairs = [_pair(pairing, asked.get(pairing.id)) for pairing in pairings]
    return NewLetter(
        key=f"silence:pairing-{pairs[0].pair}:person-{listener.id}:{now:%Y-%m-%d}",
        kind=LetterKind.DUTY,
        to=listener,
        message=texts.quiet(who(listener), pairs),
        about=f"pairing:{pairs[0].pair}" if len(pairs) == 1 else "",
    )


def _pair(pairing: Pairing, asked_at: datetime | None) -> QuietPair:
    people = [who(member.person) for member in pairing.members]
    starts_on = pairing.starts_on or pairing.cohort.starts_on
    introduced_on = starts_on if pairing.introduced_at is None else pairing.cohort.today(pairing.introduced_at)
    return QuietPair(pairing.id, people, pairing.last_sign_at, min(starts_on, introduced_on), asked_at)


async def _asked(work: Work, pairings: Collection[int]) -> Mapping[int, datetime]:
    """When the members of each pairing were asked last."""
    rows = await work.session.execute(
        select(Member.pairing_id, func.max(Nudge.at))
        .join(Nudge, Nudge.member_id == Member.id)
        .where(Member.pairing_id.in_(pairings), Nudge.topic == Topic.SILENCE)
        .group_by(Member.pairing_id)
    )
    return dict(rows.all())


async def _coordinators(work: Work, cohorts: Iterable[Cohort]) -> Mapping[int, Sequence[Person]]:
    communities = {cohort.community_id for cohort in cohorts}
    return {number: await queries.team(work, number, Duty.COORDINATOR) for number in communities}
