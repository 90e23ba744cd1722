"""A pair begins when all of its people are here; until then its members hear kindly for whom it waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot import programs
from bot.domain import Cohort, LetterKind, Pairing, PairingState, Person
from bot.domain.rhythm import next_decent
from bot.services import calendar, first_contact, introductions
from bot.storage import queries
from bot.storage.outbox import NewLetter, post, withdraw
from bot.storage.work import Work
from bot.texts import arrivals as texts


async def begin(work: Work, pairing: Pairing) -> None:
    """Begin a published pair that waited for somebody (loaded with members and people), once everybody is here."""
    if pairing.starts_on is not None or pairing.state is not PairingState.ACTIVE:
        return
    if await queries.expected(work, people(pairing)):
        return
    cohort = pairing.cohort
    pairing.starts_on = max(cohort.starts_on, cohort.today(work.now))
    await withdraw(work, f"pairing:{pairing.id}")
    helpers = {pairing.id: await introductions.helper_of(work, pairing)}
    space = await introductions.newest_space(work, people(pairing))
    await introductions.recall(work, pairing)
    await introductions.introduce(work, cohort, [pairing], space=space, helpers=helpers)
    await first_contact.plan(work, pairing)
    await calendar.plan(work, [member.person_id for member in pairing.members])
    work.note("pairing.began", community=cohort.community_id, cohort=cohort.id, pairing=pairing.id)


async def tell(work: Work, cohort: Cohort, pairings: Sequence[Pairing], expected: Collection[Person]) -> None:
    """Those who are here hear with whom they were brought together, and that the other is not here yet."""
    rhythm, numbers = programs.template(cohort.template).rhythm, {person.id for person in expected}
    letters = [
        NewLetter(
            key=f"expected:pairing-{pairing.id}:person-{person.id}",
            kind=LetterKind.NEWS,
            to=person,
            message=texts.partner_expected(person, pairing),
            about=f"pairing:{pairing.id}",
            held_until=next_decent(work.now, person.reader(cohort.quiet), rhythm=rhythm),
        )
        for pairing in pairings
        for person in people(pairing)
        if person.id not in numbers
    ]
    await post(work, cohort.community_id, *letters)


def people(pairing: Pairing) -> list[Person]:
    """Its members' people."""
    return [member.person for member in pairing.members]
