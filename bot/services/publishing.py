"""Publishing: the proposed pairs become real, all of them or none, and everybody hears what concerns them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import undefer

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
    beginnings,
    calendar,
    candidates,
    changes,
    cohort_dates,
    cohort_people,
    entering,
    first_contact,
    introductions,
    leftovers,
    liaisons,
    pairing_up,
    parents,
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

AFTER_INTRODUCTION = timedelta(hours=1)
"""How long after meeting a partner somebody hears that nobody was found for their other role."""


@dataclass(frozen=True, slots=True)
class _Publication:
    """What is being published, in which space, and the coordinator to turn to; `alone` are older pairs without a
    liaison."""

    cohort: Cohort
    pairings: Sequence[Pairing]
    alone: Sequence[Pairing]
    left: Sequence[Left]
    contact: Person
    space: int
    expected: Sequence[Person]

    @property
    def begin(self) -> Sequence[Pairing]:
        """The pairs whose people are all here; the others wait."""
        return [pairing for pairing in self.pairings if not self._waits(pairing)]

    @property
    def wait(self) -> Sequence[Pairing]:
        """The pairs that begin when somebody has arrived."""
        return [pairing for pairing in self.pairings if self._waits(pairing)]

    def _waits(self, pairing: Pairing) -> bool:
        return any(person in self.expected for person in beginnings.people(pairing))


async def obstacle(work: Work, cohort: Cohort) -> Message | None:
    """What stands in the way of publishing, and the next step; nothing if it can be done."""
    await proposals.hold(work, cohort)
    if cohort.state not in proposals.MATCHABLE:
        return refused(_nothing(cohort))
    if await pairing_up.is_running(work, cohort):
        return refused(_("I am forming the pairs at this moment. Please wait for my message with the result."))
    members = await _proposed_members(work, cohort)
    if not members:
        if not await _can_be_none(work, cohort):
            return refused(_nothing(cohort))
        if await _nobody_to_match(work, cohort):
            return None
    if await _is_outdated(work, cohort, members):
        return texts.outdated(cohort)
    return texts.unreviewed(cohort) if cohort.reviewed_at is None else None


async def _can_be_none(work: Work, cohort: Cohort) -> bool:
    """Whether everybody can be told that there are no pairs: once, when none could be proposed."""
    if cohort.state is not CohortState.MATCHING:
        return False
    return await _nobody_to_match(work, cohort) or await proposals.newest(work, cohort) in proposals.THERE


async def _nobody_to_match(work: Work, cohort: Cohort) -> bool:
    """Whether people applied, and all of them in one role."""
    enrolled = await applications.enroll(work, cohort)
    pool = await candidates.gather(work, cohort)
    return bool(enrolled) and not (pool.mentors and pool.mentees)


async def preview(work: Work, cohort: Cohort, *, by: Person) -> Message:
    """What publishing would do now."""
    left = await _told(work, cohort)
    counts = await _counts(work, cohort, await proposals.proposed(work, cohort), left=left)
    contact = await cohort_people.contact(work, cohort) or by
    told = texts.told_alone(len({who.person.id for who in left}), contact=contact)
    waiting = [one.person for one in await entering.unaccepted(work, cohort)]
    homeless = await parents.is_missing(work, cohort.community_id)
    return texts.preview(cohort, counts, told=told, unaccepted=waiting, homeless=homeless)


async def publish(work: Work, cohort: Cohort, *, by: Person, space: int) -> Counts:
    """Make the proposed pairs real. `obstacle` must have found none, in the same Work.

    What changes in a pair is written when all of it is known: one UPDATE a pair instead of one for each step.
    """
    pairings = await proposals.proposed(work, cohort, undefer(Pairing.common))
    left = await _told(work, cohort)
    counts = await _counts(work, cohort, pairings, left=left)
    alone, contact = await liaisons.alone(work, cohort), await cohort_people.contact(work, cohort) or by
    publication = _Publication(cohort, pairings, alone, left, contact, space, counts.expected)
    with work.session.no_autoflush:
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
        pairing.state = PairingState.ACTIVE
    for pairing in publication.begin:
        pairing.starts_on = starts_on
    began: dict[int, dict[str, int]] = {pairing.id: {} for pairing in publication.begin}
    await work.note_each("pairing.began", community=cohort.community_id, cohort=cohort.id, facts=began)
    matched = [member.enrollment_id or 0 for pairing in publication.pairings for member in pairing.members]
    await _mark(work, matched, EnrollmentState.MATCHED)
    await _mark(work, await _never_paired(work, publication.left), EnrollmentState.UNMATCHED)
    if cohort.state is CohortState.MATCHING:
        cohort.state, cohort.published_at = CohortState.ACTIVE, work.now
        summaries.plan(cohort, work.now)
        cohort_dates.plan(cohort)
        await _withdraw_old_news(work, cohort)


async def _withdraw_old_news(work: Work, cohort: Cohort) -> None:
    """Whoever has not heard yet that the call has closed hears of the pairs instead."""
    closed = select(Event).where(Event.cohort_id == cohort.id, Event.kind == "cohort.closed")
    for event in await work.all(closed):
        await withdraw(work, changes.about(event))


async def _introduce(work: Work, publication: _Publication) -> None:
    """Liaisons first, because the introduction names them; then rooms, introductions and what follows from them."""
    cohort, pairings = publication.cohort, publication.begin
    assigned = await liaisons.assign(work, cohort, [*publication.alone, *publication.pairings])
    helpers = {pairing.id: publication.contact for pairing in pairings}
    helpers |= {pairing.id: liaison for pairing, liaison in assigned if pairing.id in helpers}
    await introductions.introduce(work, cohort, pairings, space=publication.space, helpers=helpers)
    for pairing in pairings:
        await first_contact.plan(work, pairing)
    await beginnings.tell(work, cohort, publication.wait, publication.expected)
    await liaisons.tell(work, cohort, assigned, first=cohort.published_at == work.now)


async def _tell_the_others(work: Work, publication: _Publication) -> None:
    """One letter to each person for whom nobody was found, once, whatever their roles.

    Whoever has a partner in their other role meets them first.
    """
    cohort, rhythm = publication.cohort, programs.template(publication.cohort.template).rhythm
    theirs_too: defaultdict[int, list[Pairing]] = defaultdict(list)
    for pairing in publication.pairings:
        for member in pairing.members:
            theirs_too[member.person_id].append(pairing)
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
                partners=[pairing.partner(number) for pairing in theirs_too[number]],
            ),
            about=f"application:{roles[0].enrollment.application_id}",
            held_until=next_decent(
                _after_introductions(work.now, theirs_too[number]),
                roles[0].person.reader(cohort.quiet),
                rhythm=rhythm,
            ),
        )
        for number, roles in theirs.items()
    ]
    await post(work, cohort.community_id, *letters)


def _after_introductions(now: datetime, pairings: Sequence[Pairing]) -> datetime:
    at = [pairing.introduced_at + AFTER_INTRODUCTION for pairing in pairings if pairing.introduced_at is not None]
    return max([now, *at])


async def _told(work: Work, cohort: Cohort) -> Sequence[Left]:
    """Everybody who waits and stays without a partner. Those who know it already are not told again."""
    left = await leftovers.left_over(work, cohort)
    return [who for who in left if who.enrollment.state is EnrollmentState.WAITING]


async def _counts(work: Work, cohort: Cohort, pairings: Sequence[Pairing], *, left: Sequence[Left]) -> Counts:
    roles = Counter(who.enrollment.role.value for who in left)
    team = await queries.team(work, cohort.community_id, Duty.LIAISON)
    expected = await queries.expected(work, [person for pairing in pairings for person in beginnings.people(pairing)])
    return Counts(len(pairings), roles["mentee"], roles["mentor"], len(team), expected)


_ProposedMember = tuple[int, int, int]
"""A pairing, a person in it, and their enrollment."""


async def _proposed_members(work: Work, cohort: Cohort) -> Sequence[_ProposedMember]:
    rows = await work.session.execute(
        select(Member.pairing_id, Member.person_id, Member.enrollment_id)
        .join(Pairing, Pairing.id == Member.pairing_id)
        .where(Pairing.cohort_id == cohort.id, Pairing.state == PairingState.PROPOSED)
        .order_by(Member.pairing_id, Member.person_id)
    )
    return [(pairing, person, enrollment or 0) for pairing, person, enrollment in rows]


async def _is_outdated(work: Work, cohort: Cohort, members: Sequence[_ProposedMember]) -> bool:
    """Whether a pair has become impossible since it was proposed, or somebody was let in who has not been thought of.

    Impossible: withdrawn, ruled out, or without a place.
    """
    known = set(await work.all(select(Enrollment.id).where(Enrollment.cohort_id == cohort.id)))
    if {enrollment.id for enrollment in await applications.enroll(work, cohort)} - known:
        return True
    pool = await candidates.gather(work, cohort)
    places = {mentor.enrollment: mentor.capacity for mentor in pool.mentors}
    places |= {mentee.enrollment: 1 for mentee in pool.mentees}
    taken = Counter(enrollment for _pairing, _person, enrollment in members)
    if any(count > places.get(enrollment, 0) for enrollment, count in taken.items()):
        return True
    met = [(one, other) for (_p, one, _e), (_q, other, _f) in zip(members[::2], members[1::2], strict=True)]
    return len(set(met)) < len(met) or not pool.rules.never().isdisjoint(met)


async def _never_paired(work: Work, left: Sequence[Left]) -> Sequence[int]:
    """Those who never had a partner here; the others asked for another match, and go on waiting for it."""
    numbers = [who.enrollment.id for who in left]
    paired = set(await work.all(select(Member.enrollment_id).where(work.among(Member.enrollment_id, numbers))))
    return [number for number in numbers if number not in paired]


async def _mark(work: Work, enrollments: Sequence[int], state: EnrollmentState) -> None:
    marked = update(Enrollment).where(work.among(Enrollment.id, enrollments)).values(state=state)
    await work.session.execute(marked, execution_options={"synchronize_session": False})


def _nothing(cohort: Cohort) -> Words:
    if cohort.published_at is None:
        return _("No pairs are proposed yet. {command} forms them.", command=Run("cohort match"))
    return _(
        "The pairs were already published on {day}. If somebody is without a partner, {command} proposes new pairs.",
        day=Day(cohort.today(cohort.published_at)),
        command=Run("cohort match"),
    )
