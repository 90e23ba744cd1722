"""The first message of a pair: the mentor is asked for it, once, some working days after the introduction.

A mentor of several mentees is asked about all of them in one letter. The letter's key names the pairings, and whether
anything was heard of them stands with the pairings, so that the letter can be written anew when it is answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from bot import programs
from bot.domain import CheckIn, Letter, LetterKind, Member, Pairing, PairingState, Person, Role, rhythm
from bot.services import budget, composing, goals
from bot.services.office import Office
from bot.services.periods import rests
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import first_contact as texts
from bot.texts.first_contact import Beginning
from bot.texts.team import who
from bot.ui import Message

BATCH = 100

STAYS = timedelta(days=14)
"""How long the letter can be answered."""


async def plan(work: Work, pairing: Pairing) -> None:
    """Derive when the mentor is asked to write first (members with people, and the cohort, must be loaded)."""
    pairing.first_contact_at = due_at(pairing, introduced_at=work.now)


def due_at(pairing: Pairing, *, introduced_at: datetime | None = None) -> datetime | None:
    """When the mentor is asked to write first, whatever has happened since; nothing before the introduction."""
    since = pairing.introduced_at or introduced_at
    if since is None:
        return None
    template = programs.template(pairing.cohort.template)
    return rhythm.first_contact(
        since,
        writer(pairing).person.reader(pairing.cohort.quiet),
        working_days=template.nudges.first_contact_working_days,
        rhythm=template.rhythm,
    )


def writer(pairing: Pairing) -> Member:
    """Who is asked to write first: the mentor, among peers the first of them."""
    return next((member for member in pairing.members if member.role is Role.MENTOR), pairing.members[0])


def is_wanted(pairing: Pairing, mentor: Person, now: datetime) -> bool:
    """Whether asking the mentor makes sense: nothing was heard of the pair, and the mentor can be asked."""
    return pairing.last_sign_at is None and mentor.unreachable_since is None and not rests(mentor, now)


def is_in_touch(pairing: Pairing, goals: goals.Tally, *, talked: bool) -> bool:
    """Whether the two plainly are: they noted a talk, or wrote their goals together."""
    return talked or goals.writers > 1 or goals.written >= programs.template(pairing.cohort.template).goals


async def sweep(office: Office) -> int:
    """Ask for the first messages that are due; of how many pairs."""
    async with office.storage.work() as work:
        due = await _due(work)
        heard = await heard_of(work, due)
        later = await _later(work, due)
        asked: dict[int, list[Pairing]] = defaultdict(list)
        for pairing in due:
            mentor = writer(pairing).person
            pairing.first_contact_at = later.get(mentor.id)
            is_open = pairing.state is PairingState.ACTIVE and is_wanted(pairing, mentor, work.now)
            if mentor.id not in later and pairing.id not in heard and is_open:
                asked[mentor.id].append(pairing)
        for pairings in asked.values():
            mentor = writer(pairings[0]).person
            await post(work, mentor.community_id, _letter(mentor, pairings, now=work.now))
    return len(due)


async def message(work: Work, letter: Letter) -> Message:
    """The letter as it reads now."""
    person = await work.get(Person, letter.person_id or 0)
    return texts.letter(who(person), await _beginnings(work, letter))


async def closed(work: Work, letters: Sequence[Letter]) -> Mapping[int, Message]:
    """These letters when their time is over, by number."""
    return {letter.id: texts.closed(await _beginnings(work, letter), since=letter.created_at) for letter in letters}


def beginning(pairing: Pairing, person: int) -> Beginning:
    """One pair as its mentor reads of it."""
    began = pairing.introduced_at or pairing.cohort.created_at
    return Beginning(pairing.id, composing.partners(pairing, person), began, pairing.last_sign_at is not None)


async def _due(work: Work) -> Sequence[Pairing]:
    return await work.all(
        select(Pairing)
        .where(Pairing.first_contact_at <= work.now)
        .order_by(Pairing.first_contact_at, Pairing.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True, of=Pairing)
        .options(*queries.with_members())
    )


async def heard_of(work: Work, pairings: Sequence[Pairing]) -> Collection[int]:
    """Those of these pairings that are plainly in touch."""
    numbers = [pairing.id for pairing in pairings]
    talked = set(await work.all(select(CheckIn.pairing_id).where(CheckIn.pairing_id.in_(numbers))))
    counted = await goals.tallies(work, numbers)
    return {
        pairing.id
        for pairing in pairings
        if is_in_touch(pairing, counted.get(pairing.id, goals.Tally()), talked=pairing.id in talked)
    }


async def _later(work: Work, due: Sequence[Pairing]) -> Mapping[int, datetime]:
    """Mentors who cannot be asked at this moment, and when they can: at night, or had another message this week.

    The week is over at the very moment of that message; the question then comes at its usual hour.
    """
    mentors = {writer(pairing).person_id: pairing for pairing in due}
    free = await budget.free_at(work, mentors)
    found = {}
    for number, pairing in mentors.items():
        reader = writer(pairing).person.reader(pairing.cohort.quiet)
        beat = programs.template(pairing.cohort.template).rhythm
        at = free.get(number)
        decent = rhythm.next_decent(work.now, reader, rhythm=beat)
        found[number] = decent if at is None else max(rhythm.next_letter_at(at, reader, rhythm=beat), decent)
    return {number: at for number, at in found.items() if at > work.now}


def _letter(mentor: Person, pairings: Sequence[Pairing], *, now: datetime) -> NewLetter:
    numbers = ",".join(str(pairing.id) for pairing in pairings)
    return NewLetter(
        key=f"{_KEY}{numbers}",
        kind=LetterKind.FIRST_CONTACT,
        to=mentor,
        message=texts.letter(who(mentor), [beginning(pairing, mentor.id) for pairing in pairings]),
        about=f"pairing:{numbers}" if len(pairings) == 1 else "",
        closes_at=now + STAYS,
    )


_KEY = "first-contact:pairings-"


async def _beginnings(work: Work, letter: Letter) -> list[Beginning]:
    numbers = [int(number) for number in letter.key.removeprefix(_KEY).split(",")]
    found = await work.all(
        select(Pairing).where(Pairing.id.in_(numbers)).order_by(Pairing.id).options(*queries.with_members())
    )
    return [beginning(pairing, letter.person_id or 0) for pairing in found]
