"""Publishing: the proposed pairs become real, all of them or none, and everybody hears what concerns them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from bot import programs
from bot.domain import (
    Cohort,
    CohortState,
    Duty,
    Enrollment,
    EnrollmentState,
    Event,
    LetterKind,
    Member,
    Pairing,
    PairingState,
    Person,
)
from bot.domain.rhythm import next_decent
from bot.services import (
    applications,
    calendar,
    candidates,
    changes,
    cohort_dates,
    cohort_people,
    first_contact,
    introductions,
    leftovers,
    liaisons,
    pairing_up,
    proposals,
    summaries,
)
from bot.services.leftovers import Left
from bot.storage import queries
from bot.storage.outbox import NewLetter, post, withdraw
from bot.storage.work import Work
from bot.texts import publishing as texts
from bot.texts.asking import refused
from bot.texts.publishing import Counts
from bot.ui import Day, Message, Run, Words, _


@dataclass(frozen=True, slots=True)
class _Publication:
    """What is being published, in which space, and the coordinator to turn to."""

    cohort: Cohort
    pairings: Sequence[Pairing]
    left: Sequence[Left]
    contact: Person
    space: int


async def obstacle(work: Work, cohort: Cohort) -> Message | None:
    """What stands in the way of publishing, and the next step; nothing if it can be done."""
    await proposals.hold(work, cohort)
    if cohort.state not in proposals.MATCHABLE:
        return refused(_nothing(cohort))
    if await pairing_up.is_running(work, cohort):
        return refused(_("I am forming the pairs at this moment. Please wait for my message with the result."))
    pairings = await proposals.proposed(work, cohort)
    if not pairings:
        return refused(_nothing(cohort))
    if await _is_outdated(work, cohort, pairings):
        return texts.outdated(cohort)
    return texts.unreviewed(cohort) if cohort.reviewed_at is None else None


async def preview(work: Work, cohort: Cohort, *, by: Person) -> Message:
    """What publishing would do now."""
    left = await _told(work, cohort)
    counts = await _counts(work, cohort, pairs=await proposals.count(work, cohort), left=left)
    people = len({who.person.id for who in left})
    contact = await cohort_people.contact(work, cohort) or by
    return texts.preview(cohort, counts, told=texts.told_alone(people, contact=contact))


async def publish(work: Work, cohort: Cohort, *, by: Person, space: int) -> Counts:
    """Make the proposed pairs real. `obstacle` must have found none, in the same Work."""
    pairings = await proposals.proposed(work, cohort)
    left = await _told(work, cohort)
    counts = await _counts(work, cohort, pairs=len(pairings), left=left)
    publication = _Publication(cohort, pairings, left, await cohort_people.contact(work, cohort) or by, space)
    await _activate(work, publication)
    await _introduce(work, publication)
    await _tell_the_others(work, publication)
    await calendar.plan(work, sorted({member.person_id for pairing in pairings for member in pairing.members}))
    work.note(
        "cohort.published",
        community=cohort.community_id,
        cohort=cohort.id,
        person=by.id,
        pairs=counts.pairs,
        left=counts.mentees + counts.mentors,
    )
    return counts


async def _activate(work: Work, publication: _Publication) -> None:
    cohort = publication.cohort
    starts_on = max(cohort.starts_on, cohort.today(work.now))
    for pairing in publication.pairings:
        pairing.state, pairing.starts_on = PairingState.ACTIVE, starts_on
    await _note(work, publication)
    matched = [member.enrollment_id or 0 for pairing in publication.pairings for member in pairing.members]
    await _mark(work, matched, EnrollmentState.MATCHED)
    await _mark(work, await _never_paired(work, publication.left), EnrollmentState.UNMATCHED)
    if cohort.state is CohortState.MATCHING:
        cohort.state, cohort.published_at = CohortState.ACTIVE, work.now
        summaries.plan(cohort, work.now)
        cohort_dates.plan(cohort)
        await _withdraw_old_news(work, cohort)
    await work.flush()


async def _withdraw_old_news(work: Work, cohort: Cohort) -> None:
    """Whoever has not heard yet that the call has closed hears of the pairs instead."""
    closed = select(Event).where(Event.cohort_id == cohort.id, Event.kind == "cohort.closed")
    for event in await work.all(closed):
        await withdraw(work, changes.about(event))


async def _note(work: Work, publication: _Publication) -> None:
    """What `work.note` writes, for all pairs in one statement."""
    cohort = publication.cohort
    rows = [
        {
            "community_id": cohort.community_id,
            "cohort_id": cohort.id,
            "pairing_id": pairing.id,
            "kind": "pairing.began",
            "facts": {},
            "at": work.now,
        }
        for pairing in publication.pairings
    ]
    await work.session.execute(insert(Event), rows)


async def _introduce(work: Work, publication: _Publication) -> None:
    """Liaisons first, because the introduction names them; then rooms, introductions and what follows from them."""
    cohort, pairings = publication.cohort, publication.pairings
    assigned = await liaisons.assign(work, cohort)
    helpers = {pairing.id: publication.contact for pairing in pairings}
    helpers |= {pairing.id: liaison for pairing, liaison in assigned if pairing.id in helpers}
    await introductions.introduce(work, cohort, pairings, space=publication.space, helpers=helpers)
    for pairing in pairings:
        await first_contact.plan(work, pairing)
    await liaisons.tell(work, cohort, assigned)


async def _tell_the_others(work: Work, publication: _Publication) -> None:
    """One letter to each person for whom nobody was found, once, whatever their roles."""
    cohort, rhythm = publication.cohort, programs.template(publication.cohort.template).rhythm
    paired = {member.person_id for pairing in publication.pairings for member in pairing.members}
    theirs: defaultdict[int, list[Left]] = defaultdict(list)
    for who in publication.left:
        theirs[who.person.id].append(who)
    letters = [
        NewLetter(
            key=f"unmatched:enrollment-{roles[0].enrollment.id}",
            kind=LetterKind.NEWS,
            to=roles[0].person,
            message=texts.not_matched(
                roles[0].person,
                [(who.enrollment.role, who.told) for who in roles],
                coordinator=publication.contact,
                may_withdraw=roles[0].person.id not in paired,
            ),
            about=f"application:{roles[0].enrollment.application_id}",
            held_until=next_decent(work.now, roles[0].person.reader(cohort.quiet), rhythm=rhythm),
        )
        for roles in theirs.values()
    ]
    for part in introductions.batches(letters):
        await post(work, cohort.community_id, *part)


async def _told(work: Work, cohort: Cohort) -> Sequence[Left]:
    """Everybody who waits and stays without a partner. Those who know it already are not told again."""
    left = await leftovers.left_over(work, cohort)
    return [who for who in left if who.enrollment.state is EnrollmentState.WAITING]


async def _counts(work: Work, cohort: Cohort, *, pairs: int, left: Sequence[Left]) -> Counts:
    roles = Counter(who.enrollment.role.value for who in left)
    team = await queries.team(work, cohort.community_id, Duty.LIAISON)
    return Counts(pairs, roles["mentee"], roles["mentor"], len(team))


async def _is_outdated(work: Work, cohort: Cohort, pairings: Sequence[Pairing]) -> bool:
    """Whether a pair has become impossible since it was proposed, or somebody was let in who has not been thought of.

    Impossible: withdrawn, ruled out, or without a place.
    """
    known = set(await work.all(select(Enrollment.id).where(Enrollment.cohort_id == cohort.id)))
    if {enrollment.id for enrollment in await applications.enroll(work, cohort)} - known:
        return True
    pool = await candidates.gather(work, cohort)
    places = {mentor.enrollment: mentor.capacity for mentor in pool.mentors}
    places |= {mentee.enrollment: 1 for mentee in pool.mentees}
    taken = Counter(member.enrollment_id or 0 for pairing in pairings for member in pairing.members)
    if any(count > places.get(enrollment, 0) for enrollment, count in taken.items()):
        return True
    met = [_persons(pairing) for pairing in pairings]
    return len(set(met)) < len(met) or not pool.rules.never().isdisjoint(met)


def _persons(pairing: Pairing) -> tuple[int, int]:
    one, other = sorted(member.person_id for member in pairing.members)
    return one, other


async def _never_paired(work: Work, left: Sequence[Left]) -> Sequence[int]:
    """Those who never had a partner here; the others asked for another match, and go on waiting for it."""
    numbers = [who.enrollment.id for who in left]
    paired = set(await work.all(select(Member.enrollment_id).where(work.among(Member.enrollment_id, numbers))))
    return [number for number in numbers if number not in paired]


async def _mark(work: Work, enrollments: Sequence[int], state: EnrollmentState) -> None:
    await work.session.execute(update(Enrollment).where(work.among(Enrollment.id, enrollments)).values(state=state))


def _nothing(cohort: Cohort) -> Words:
    if cohort.published_at is None:
        return _("No pairs are proposed yet. {command} forms them.", command=Run("cohort match"))
    return _(
        "The pairs were already published on {day}. If somebody is without a partner, {command} proposes new pairs.",
        day=Day(cohort.today(cohort.published_at)),
        command=Run("cohort match"),
    )
