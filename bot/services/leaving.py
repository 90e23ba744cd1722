"""Pausing, coming back and leaving: without blame, and nobody hears of it by accident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from sqlalchemy import select

from bot.domain import (
    LIVE,
    Cohort,
    Departure,
    Duty,
    Enrollment,
    EnrollmentState,
    LetterKind,
    Member,
    Pairing,
    PairingState,
    Person,
)
from bot.domain.rhythm import at_local, next_decent
from bot.services import beginnings, calendar, cohort_people, endings, first_contact, introductions
from bot.services.changes import WINDOW
from bot.services.office import Office
from bot.storage import queries
from bot.storage.outbox import NewLetter, post, withdraw
from bot.storage.work import Work
from bot.texts import leaving as texts
from bot.ui import Message

DAYS_TO_TELL = 2
"""How long the bot waits for somebody who wants to tell their partner themselves."""

BATCH = 50


async def pause(work: Work, person: Person, until: date | None) -> None:
    """No letters until that day begins in the person's zone, or until they say so."""
    person.paused_at = work.now
    person.paused_until = None if until is None else at_local(until, time(0), zone=person.tz)
    work.note("person.paused", community=person.community_id, person=person.id)
    await calendar.plan(work, [person.id])


async def resume(work: Work, person: Person) -> None:
    """Letters come again."""
    person.paused_at = person.paused_until = person.snoozed_until = None
    work.note("person.resumed", community=person.community_id, person=person.id)
    await calendar.plan(work, [person.id])


async def leave(work: Work, pairing: Pairing, person: Person, *, tells_first: bool, line: str) -> Departure:
    """Begin to end a pairing: the liaison hears at once, the partner when it is time; what was queued is withdrawn.

    Until then it can be taken back, so the partner never hears within the first minutes. Whether the partner is leaving
    too makes no difference that anybody could see.
    """
    member, partner = pairing.member(person.id), pairing.partner(person.id).person
    earliest = work.now + (timedelta(days=DAYS_TO_TELL) if tells_first else WINDOW)
    departure = Departure(
        member_id=member.id, line=line, tell_at=next_decent(earliest, partner.reader(pairing.cohort.quiet))
    )
    work.add(departure)
    await work.flush()
    pairing.state = PairingState.PAUSED
    pairing.first_contact_at = pairing.liaison_hears_at = None
    await withdraw(work, f"pairing:{pairing.id}")
    await calendar.plan(work, [member.person_id for member in pairing.members])
    work.note(
        "pairing.leaving", community=person.community_id, person=person.id, pairing=pairing.id, cohort=pairing.cohort_id
    )
    await _tell_liaison(work, pairing, person, departure, tells_first=tells_first)
    return departure


async def stay(work: Work, departure: Departure, pairing: Pairing) -> None:
    """Take the leaving back before the partner heard of it."""
    person = next(member.person for member in pairing.members if member.id == departure.member_id)
    await work.session.delete(departure)
    await work.flush()
    if not await _departures(work, pairing):
        pairing.state = PairingState.ACTIVE
        await beginnings.begin(work, pairing)
        await introductions.resume(work, pairing)
        await _plan_first_contact(work, pairing)
    await calendar.plan(work, [member.person_id for member in pairing.members])
    work.note(
        "pairing.staying", community=person.community_id, person=person.id, pairing=pairing.id, cohort=pairing.cohort_id
    )
    if await withdraw(work, _about(departure)):
        return  # whoever looks after the pair has not heard of it
    for letter in await _for_liaisons(work, pairing, texts.stays(person, pairing), key=f"staying:{departure.id}"):
        await post(work, person.community_id, letter)


async def _plan_first_contact(work: Work, pairing: Pairing) -> None:
    """Ask for the first message after all, if nobody has written and its day has not come."""
    if pairing.starts_on is not None and pairing.last_sign_at is None:
        await first_contact.plan(work, pairing)
        if pairing.first_contact_at is not None and pairing.first_contact_at <= work.now:
            pairing.first_contact_at = None


async def sweep(office: Office) -> int:
    """Tell the partners whose day has come; how many were told."""
    async with office.storage.work() as work:
        due = await work.all(
            select(Departure)
            .where(Departure.tell_at <= work.now, Departure.told_at.is_(None))
            .order_by(Departure.tell_at, Departure.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        for departure in due:
            await _tell_partner(work, departure)
    return len(due)


async def another(work: Work, member: Member, person: Person, cohort: Cohort) -> None:
    """Somebody whose partner left wants another match: their place is open again, and the coordinators hear of it."""
    enrollment = await work.find(Enrollment, member.enrollment_id)
    if enrollment is not None:
        enrollment.state = EnrollmentState.WAITING
    for coordinator in await queries.team(work, person.community_id, Duty.COORDINATOR):
        letter = NewLetter(
            key=f"another:member-{member.id}:person-{coordinator.id}",
            kind=LetterKind.DUTY,
            to=coordinator,
            message=texts.wants_another(person, cohort),
            about=f"person:{person.id}",
            held_until=next_decent(work.now, coordinator.reader(cohort.quiet)),
        )
        await post(work, person.community_id, letter)


async def no_more(work: Work, member: Member) -> None:
    """Somebody whose partner left does not want another match."""
    await _free(work, member, EnrollmentState.WITHDRAWN)


async def departure_of(work: Work, pairing: Pairing, person: Person) -> Departure | None:
    """This person's leaving that is under way: nobody else may learn of it."""
    member = pairing.member(person.id)
    return await work.first(select(Departure).where(Departure.member_id == member.id, Departure.told_at.is_(None)))


async def _departures(work: Work, pairing: Pairing) -> Sequence[Departure]:
    members = [member.id for member in pairing.members]
    return await work.all(select(Departure).where(Departure.member_id.in_(members), Departure.told_at.is_(None)))


async def _tell_partner(work: Work, departure: Departure) -> None:
    """End the pair. Where both are leaving, each hears what the other asked to pass on."""
    member = await work.get(Member, departure.member_id)
    pairing = await queries.pairing(work, member.pairing_id)
    assert pairing is not None, "a member has a pairing"
    open_ones = await _departures(work, pairing)
    for one in open_ones:
        one.told_at = work.now
    if pairing.state not in LIVE:  # it ended meanwhile, with the program
        return
    await endings.end(work, [pairing], PairingState.ENDED, on=pairing.cohort.today(work.now))
    leavers = {one.member_id for one in open_ones}
    for each in pairing.members:
        left = each.id in leavers
        await _free(work, each, EnrollmentState.WITHDRAWN if left else EnrollmentState.UNMATCHED)
    contact = await cohort_people.contact(work, pairing.cohort)
    for one in open_ones:
        if one is departure or one.line or one.tell_at <= work.now:
            await post(work, pairing.cohort.community_id, _farewell(work, one, pairing, contact))


def _farewell(work: Work, departure: Departure, pairing: Pairing, contact: Person | None) -> NewLetter:
    leaver = next(member for member in pairing.members if member.id == departure.member_id)
    partner = pairing.partner(leaver.person_id)
    return NewLetter(
        key=f"farewell:departure-{departure.id}",
        kind=LetterKind.FAREWELL,
        to=partner.person,
        message=texts.partner_leaves(leaver.person, pairing, partner.id, line=departure.line, contact=contact),
        held_until=next_decent(work.now, partner.person.reader(pairing.cohort.quiet)),
    )


async def _free(work: Work, member: Member, state: EnrollmentState) -> None:
    enrollment = await work.find(Enrollment, member.enrollment_id)
    if enrollment is not None:
        enrollment.state = state


async def _tell_liaison(
    work: Work, pairing: Pairing, person: Person, departure: Departure, *, tells_first: bool
) -> None:
    message = texts.liaison_hears(person, pairing, departure.tell_at, tells_first=tells_first)
    key = f"leaving:{departure.id}"
    for letter in await _for_liaisons(work, pairing, message, key=key, about=_about(departure)):
        await post(work, person.community_id, letter)


async def _for_liaisons(
    work: Work, pairing: Pairing, message: Message, *, key: str, about: str = ""
) -> list[NewLetter]:
    """A letter to the pair's liaison, or to the coordinators where it has none; never to somebody in the pair."""
    inside = {member.person_id for member in pairing.members}
    people = (
        [pairing.liaison]
        if pairing.liaison
        else await queries.team(work, pairing.cohort.community_id, Duty.COORDINATOR)
    )
    return [
        NewLetter(key=f"{key}:person-{one.id}", kind=LetterKind.DUTY, to=one, message=message, about=about)
        for one in people
        if one.id not in inside
    ]


def _about(departure: Departure) -> str:
    return f"departure:{departure.id}"
