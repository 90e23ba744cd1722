"""The liaisons' summary: every Monday at nine, or every second one, for each cohort that is under way."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from bot import programs
from bot.domain import LIVE, Channel, CheckIn, Cohort, Community, Duty, LetterKind, Pairing, Person, TeamMember
from bot.domain.rhythm import next_decent, summary_due
from bot.services import cohort_dates, pair_facts
from bot.services.office import Office
from bot.services.pair_facts import RUNNING
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import summary as texts
from bot.texts.pairs import PairReport
from bot.texts.summary import Care, Figures
from bot.texts.team import who
from bot.ui import Message

BATCH = 10
"""Cohorts summed up in one Work."""

FORTNIGHT = timedelta(days=14)

MOST_FORTNIGHTS = 8
"""Columns of the picture: four months."""

FRESH = timedelta(days=3)
"""How long a summary that could not be delivered is worth delivering."""


def plan(cohort: Cohort, now: datetime) -> None:
    """Derive when the next summary falls due; whatever changes a cohort's state, dates, zone or pace calls this."""
    summary = programs.template(cohort.template).summary
    cohort.next_summary_at = (
        summary_due(
            now,
            cohort.tz,
            anchor=cohort.starts_on,
            weekday=summary.weekday,
            hour=summary.hour,
            every_weeks=cohort.summary_weeks,
        )
        if cohort.state in RUNNING
        else None
    )


async def sweep(office: Office) -> int:
    """Sum up the cohorts whose Monday has come; how many."""
    async with office.storage.work() as work:
        due = await work.all(
            select(Cohort)
            .where(Cohort.next_summary_at <= work.now)
            .order_by(Cohort.next_summary_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        for cohort in due:
            at = cohort.next_summary_at
            plan(cohort, work.now)
            if cohort.state in RUNNING and at is not None:
                await _sum_up(work, cohort, on=cohort.today(at))
    return len(due)


async def post_now(work: Work, cohort: Cohort, channel: Channel) -> None:
    """Post the figures of this moment in the liaison channel, because somebody asked for them."""
    reports = await _reports(work, cohort)
    figures = await _figures(work, cohort, reports, await _liaisons(work, cohort))
    await post(work, cohort.community_id, _to_channel(work, cohort, channel, figures, said=f"{work.now:%Y%m%d%H%M}"))


async def channel_of(work: Work, community: Community) -> Channel | None:
    """The liaison channel, if one is chosen."""
    return await work.find(Channel, community.liaison_channel_id)


async def of_liaison(work: Work, cohort: Cohort, liaison: Person) -> list[PairReport]:
    """The pairs of one liaison, as their summary names them."""
    return _by_liaison(await _reports(work, cohort), await _liaisons(work, cohort)).get(liaison.id, [])


async def _sum_up(work: Work, cohort: Cohort, *, on: date) -> None:
    """Write the summary, for all but those whom quiet days keep from it until the next one is there."""
    reports, liaisons = await _reports(work, cohort), await _liaisons(work, cohort)
    figures = await _figures(work, cohort, reports, liaisons)
    channel = await channel_of(work, await queries.community(work, cohort.community_id))
    if channel is not None:
        letters = [_to_channel(work, cohort, channel, figures, said=on.isoformat())]
    else:
        coordinators = await queries.team(work, cohort.community_id, Duty.COORDINATOR)
        message = texts.for_coordinators(figures)
        letters = [_letter(work, cohort, person, message, said=f"{on}:all") for person in coordinators]
    letters += _to_liaisons(work, cohort, reports, liaisons, on=on)
    await post(work, cohort.community_id, *(letter for letter in letters if not _comes_with_next(cohort, letter)))


def _comes_with_next(cohort: Cohort, letter: NewLetter) -> bool:
    """Whether a letter is held back until the day of the next summary: that one has newer figures."""
    next_at, held_until = cohort.next_summary_at, letter.held_until
    return next_at is not None and held_until is not None and cohort.today(held_until) >= cohort.today(next_at)


def _stale_at(cohort: Cohort, held_until: datetime) -> datetime:
    """When a letter that could not be delivered is not worth it any more: after some days, or with the next one."""
    next_at = cohort.next_summary_at
    return next_at if next_at is not None and held_until < next_at < held_until + FRESH else held_until + FRESH


async def _reports(work: Work, cohort: Cohort) -> list[PairReport]:
    """Its pairs as their own liaisons know them."""
    return await pair_facts.reports(work, Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE))


async def _liaisons(work: Work, cohort: Cohort) -> dict[int, Person]:
    """Who looks after pairs of this cohort and is a liaison still: nobody else hears of them."""
    theirs = select(Pairing.liaison_id).where(Pairing.cohort_id == cohort.id, Pairing.state.in_(LIVE))
    found = await work.all(
        select(Person)
        .join(TeamMember, TeamMember.person_id == Person.id)
        .where(Person.id.in_(theirs), TeamMember.duty == Duty.LIAISON)
        .order_by(Person.name, Person.id)
    )
    return {person.id: person for person in found}


async def _figures(work: Work, cohort: Cohort, reports: Sequence[PairReport], liaisons: dict[int, Person]) -> Figures:
    today = cohort.today(work.now)
    return Figures(
        cohort=cohort.id,
        title=cohort.title,
        weeks=cohort.summary_weeks,
        pairs=len(reports),
        talked=sum(one.talked_on is not None and one.talked_on > today - FORTNIGHT for one in reports),
        needy=sum(bool(one.needs) for one in reports),
        goals=sum(one.goals for one in reports),
        with_goals=sum(bool(one.goals) for one in reports),
        reached=sum(one.reached for one in reports),
        states=Counter(one.state for one in reports),
        fortnights=await _fortnights(work, cohort, today),
        care=list(_care(reports, liaisons)),
        pictured=len(reports) >= programs.template(cohort.template).summary.picture_from_pairs,
    )


def _care(reports: Sequence[PairReport], liaisons: dict[int, Person]) -> Iterator[Care]:
    """Each liaison's pairs, in the order of their names, and those that nobody looks after."""
    theirs = _by_liaison(reports, liaisons)
    for number, person in [*liaisons.items(), (None, None)]:
        mine = theirs.get(number, [])
        if mine:
            liaison = None if person is None else who(person)
            yield Care(liaison, len(mine), sum(bool(one.needs) for one in mine))


def _by_liaison(reports: Sequence[PairReport], liaisons: dict[int, Person]) -> dict[int | None, list[PairReport]]:
    theirs: defaultdict[int | None, list[PairReport]] = defaultdict(list)
    for one in reports:
        number = None if one.liaison is None else one.liaison.person
        theirs[number if number in liaisons else None].append(one)
    return theirs


async def _fortnights(work: Work, cohort: Cohort, today: date) -> Sequence[tuple[date, int]]:
    """The first day of each two weeks back to the cohort's start, the last of which end today, and their talks."""
    first = today - FORTNIGHT + timedelta(days=1)
    firsts = [first - FORTNIGHT * turn for turn in range(MOST_FORTNIGHTS)]
    begun = [day for day in firsts if day >= cohort.starts_on]
    rows = await work.session.execute(
        select(CheckIn.talked_on, func.count())
        .join(Pairing, Pairing.id == CheckIn.pairing_id)
        .where(Pairing.cohort_id == cohort.id, CheckIn.talked_on >= firsts[-1], CheckIn.talked_on <= today)
        .group_by(CheckIn.talked_on)
    )
    talks: Counter[date] = Counter()
    for day, count in rows:
        talks[first - FORTNIGHT * -((day - first) // FORTNIGHT)] += count
    return [(day, talks[day]) for day in reversed(begun or firsts[:1])]


def _to_channel(work: Work, cohort: Cohort, channel: Channel, figures: Figures, *, said: str) -> NewLetter:
    held_until = cohort_dates.decent(cohort, work.now)
    return NewLetter(
        key=f"summary:cohort-{cohort.id}:{said}",
        kind=LetterKind.SUMMARY,
        to=channel,
        message=texts.posted(figures),
        about=f"cohort:{cohort.id}",
        held_until=held_until,
        not_after=_stale_at(cohort, held_until),
    )


def _to_liaisons(
    work: Work, cohort: Cohort, reports: Sequence[PairReport], liaisons: dict[int, Person], *, on: date
) -> Iterator[NewLetter]:
    theirs = _by_liaison(reports, liaisons)
    for number, person in liaisons.items():
        message = texts.mine(who(person), theirs[number], cohort=cohort.id, weeks=cohort.summary_weeks)
        yield _letter(work, cohort, person, message, said=on.isoformat())


def _letter(work: Work, cohort: Cohort, person: Person, message: Message, *, said: str) -> NewLetter:
    """To one person, in the daytime where they are."""
    rhythm = programs.template(cohort.template).rhythm
    held_until = next_decent(work.now, person.reader(cohort.quiet), rhythm=rhythm)
    return NewLetter(
        key=f"summary:cohort-{cohort.id}:{said}:person-{person.id}",
        kind=LetterKind.SUMMARY,
        to=person,
        message=message,
        about=f"cohort:{cohort.id}",
        held_until=held_until,
        not_after=_stale_at(cohort, held_until),
    )
