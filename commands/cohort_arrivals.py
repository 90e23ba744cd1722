"""/cohort person new, expected, arrived: people who take part before they have joined the chat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from bot.domain import Cohort, Duty, Person
from bot.domain.mail import LONGEST_MAIL, as_mail
from bot.services import arrivals, merging
from bot.services.standing import is_standing
from bot.storage import queries
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.texts import arrivals as texts
from bot.texts import entering as entering_texts
from bot.ui import Answer, Changed, Choice, Field, Kind, Message, Reply, _
from commands.cohort_fields import ACTIVE, MATCHING, OPEN, cohort_field, need_state
from commands.sources import PEOPLE, number
from commands.spec import Command, Me, Refused, Source, command

COORDINATOR = (Duty.COORDINATOR,)
LONGEST_NAME = 100

_MAIL = Field("mail", _("Their mail address"), max_length=LONGEST_MAIL, hint=_("Read by coordinators alone."))


async def _called(work: Work, me: Me, value: str) -> Person | None:
    """Somebody by number or name. Where nobody or several are called so, the refusal goes on from there."""
    typed = value.removeprefix("@")
    by_number = number(typed)
    if by_number is not None:
        return await PEOPLE.load(work, me, typed)  # type: ignore[return-value]  # the source of people loads people
    rows = await work.session.execute(
        select(Person, queries.is_here())
        .where(Person.community_id == me.community.id, func.lower(Person.name) == typed.lower())
        .order_by(Person.id)
        .limit(5)
    )
    found = [(person, here) for person, here in rows]
    if len(found) == 1:
        return found[0][0]
    reply = texts.several_called(typed, found) if found else texts.nobody_called(typed[:LONGEST_NAME])
    raise Refused(reply.notice, reply=reply)


SOMEBODY = Source("people to apply for", PEOPLE.find, _called)
"""Everybody in the community; a name that nobody has leads on to entering somebody new."""


async def _expected(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    found = await arrivals.expected(work, me.community.id, typed=typed, most=MOST_CHOICES)
    return [Choice(str(person.id), person.name) for person in found]


async def _one_expected(work: Work, me: Me, value: str) -> Person | None:
    return await _one(work, me, value, here=False)


EXPECTED = Source(
    "people not here yet", _expected, _one_expected, none=_("Everybody whom you entered is here. Nobody is missing.")
)
"""Those without an account."""


async def _here(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    found = await work.all(
        select(Person)
        .where(Person.community_id == me.community.id, Person.name.icontains(typed, autoescape=True))
        .where(queries.is_here())
        .order_by(Person.id.desc())
        .limit(MOST_CHOICES)
    )
    return [Choice(str(person.id), person.name) for person in found]


async def _one_here(work: Work, me: Me, value: str) -> Person | None:
    return await _one(work, me, value, here=True)


HERE = Source("people who are here", _here, _one_here)
"""Those with an account, the newest first."""


async def _one(work: Work, me: Me, value: str, *, here: bool) -> Person | None:
    typed = value.removeprefix("@")
    named = Person.id == number(typed) if number(typed) is not None else func.lower(Person.name) == typed.lower()
    found = await work.all(
        select(Person)
        .where(Person.community_id == me.community.id, named)
        .where(queries.is_here() if here else ~queries.is_here())
        .limit(2)
    )
    return found[0] if len(found) == 1 else None


async def _prefill(work: Work, me: Me, found: Mapping[str, Any]) -> Mapping[str, Answer]:
    return {"name": found.get("called") or ""}


@command(
    "cohort person new",
    _("Enter somebody who has not joined this chat yet"),
    Field("called", _("The name that was typed"), Kind.HIDDEN, required=False),
    Field("name", _("Their name"), max_length=LONGEST_NAME, hint=_("Read by everybody in the program.")),
    _MAIL,
    cohort_field("cohorts with applications"),
    team=COORDINATOR,
    prefill=_prefill,
    intro=_("They take part as all others do. My letters wait for them until they join this chat."),
)
async def new(work: Work, me: Me, called: str | None, name: str, mail: str, cohort: Cohort) -> Message:
    """Write somebody down, and go on to their application."""
    need_state(cohort, OPEN, MATCHING, ACTIVE)
    address = _address(mail)
    known = await queries.person_with(work, me.community.id, address)
    if known is not None:
        return await _go_on(work, known, cohort)
    person = await arrivals.enter(work, name=name, mail=address, by=me.person)
    return entering_texts.nothing_yet(person, cohort, said=texts.is_written_down(person))


async def _go_on(work: Work, person: Person, cohort: Cohort) -> Message:
    """Somebody whose mail address is known already."""
    said, application = texts.is_known(person), await queries.application_of(work, cohort.id, person.id)
    if application is None or not is_standing(application):
        return entering_texts.nothing_yet(person, cohort, said=said)
    return entering_texts.there(person, cohort, application, said=said)


@command("cohort person expected", _("See who has not joined this chat yet"), team=COORDINATOR, reads=True)
async def expected(work: Work, me: Me) -> Message:
    """Everybody who is expected, with their mail."""
    people = await arrivals.expected(work, me.community.id, most=texts.MOST)
    return texts.not_here(people, count=await arrivals.count(work, me.community.id))


_ENTERED = Field("person", _("Whom did you enter?"), Kind.ONE, source=EXPECTED.name)
_NEWCOMER = Field(
    "newcomer",
    _("Who are they in this chat?"),
    Kind.ONE,
    source=HERE.name,
    hint=_("Whoever is missing here writes me a word first, such as “help”."),
)


@command("cohort person mail", _("Correct the mail of somebody who is not here yet"), _ENTERED, _MAIL, team=COORDINATOR)
async def correct(work: Work, me: Me, person: Person, mail: str) -> Message:
    """Write another mail address down."""
    address = _address(mail)
    known = await queries.person_with(work, me.community.id, address)
    if known is not None and known.id != person.id:
        raise Refused(texts.belongs_to(known), field="mail")
    person.mail = address
    return texts.corrected(person)


@command(
    "cohort person arrived",
    _("Tell me who somebody is that you entered"),
    _ENTERED,
    _NEWCOMER,
    team=COORDINATOR,
    reads=True,
)
async def arrived(work: Work, me: Me, person: Person, newcomer: Person) -> Message:
    """Ask once whether two are one."""
    return texts.ask(person, newcomer)


@command(
    "cohort person arrived now", _("These two are one person"), _ENTERED, _NEWCOMER, team=COORDINATOR, listed=False
)
async def arrived_now(work: Work, me: Me, person: Person, newcomer: Person) -> Reply:
    """Make one person of two."""
    obstacle = await merging.obstacle(work, person, newcomer)
    if obstacle is not None:
        raise Refused(obstacle)
    await merging.recognize(work, person, newcomer, by=me.person)
    return Changed(texts.recognized(newcomer))


def _address(typed: str) -> str:
    address = as_mail(typed)
    if not address:
        raise Refused(texts.wrong_mail(typed), field="mail")
    return address


COMMANDS: tuple[Command, ...] = (new, expected, correct, arrived, arrived_now)
SOURCES = (SOMEBODY, EXPECTED, HERE)
