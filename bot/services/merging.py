"""Two rows that are one human: what one of them has moves to the other.

Somebody who was entered and has arrived, or somebody who has written from two accounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from sqlalchemy import Column, delete, or_, select, update
from sqlalchemy.orm import aliased

from bot.domain import (
    Application,
    Base,
    Cohort,
    Draft,
    Enrollment,
    Exclusion,
    LetterKind,
    Member,
    Person,
    Rider,
    TeamMember,
)
from bot.domain.rhythm import next_decent
from bot.services import arrivals, calendar, places
from bot.services.standing import is_standing
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.storage.work import Work
from bot.texts import arrivals as texts
from bot.ui import Words

_SAID = ("mail", "zone", "institution", "career", "about", "contact", "hours", "ways", "languages")
"""What was written down about somebody, and counts where they have said nothing themselves."""


async def obstacle(work: Work, entered: Person, here: Person) -> Words | None:
    """Why whoever was entered is not this one, and what to do; nothing if they can be, until the Work ends."""
    await arrivals.hold(work, entered, here)
    if await work.first(select(Person.id).where(Person.id == entered.id, ~queries.is_here())) is None:
        return texts.is_gone(entered)
    if await are_a_pair(work, entered, here):
        return texts.are_a_pair(entered, here)
    both = await cohort_of_both(work, entered, here)
    return None if both is None else texts.both_applied(entered, here, both)


async def are_a_pair(work: Work, one: Person, other: Person) -> bool:
    """Whether two were brought together at any time: nobody is a pair alone."""
    theirs = aliased(Member)
    pairs = select(Member.id).join(theirs, theirs.pairing_id == Member.pairing_id)
    found = await work.first(pairs.where(Member.person_id == one.id, theirs.person_id == other.id))
    return found is not None


async def cohort_of_both(work: Work, one: Person, other: Person) -> Cohort | None:
    """A cohort for which both have an application that counts."""
    for mine, theirs in await _both_applied(work, one, other):
        if not await _is_spare(work, mine) and not await _is_spare(work, theirs):
            return await work.get(Cohort, mine.cohort_id)
    return None


async def recognize(work: Work, entered: Person, here: Person, *, by: Person) -> None:
    """Whoever was entered is this one; `obstacle` found nothing in the same Work."""
    await merge(work, entered, here)
    work.note("person.recognized", community=by.community_id, person=by.id, here=here.id, entered=entered.id)
    await _welcome(work, here, by=by)
    await arrivals.arrive(work, here)


async def merge(work: Work, gone: Person, here: Person) -> None:
    """Make one of two who are no pair and in no cohort twice; `gone` is no more, and all of theirs is `here`'s."""
    for mine, theirs in await _both_applied(work, gone, here):
        await _drop(work, mine if await _is_spare(work, mine) else theirs)
    await work.session.execute(delete(Draft).where(Draft.person_id == gone.id))
    await _exclusions(work, gone, here)
    await _duties(work, gone, here)
    await _riders(work, gone, here)
    await places.rename(work, gone, here)
    said = {name: getattr(gone, name) for name in _SAID if not getattr(here, name)}
    gone.mail = ""
    await work.flush()
    for column in _columns():
        await work.session.execute(update(column.table).where(column == gone.id).values({column: here.id}))
    for name, value in said.items():
        setattr(here, name, value)
    here.wants_call = here.wants_call or gone.wants_call
    _rests(gone, here)
    await work.session.delete(gone)
    await work.flush()
    await calendar.plan(work, [here.id])


async def _welcome(work: Work, here: Person, *, by: Person) -> None:
    letter = NewLetter(
        key=f"recognized:person-{here.id}:{work.now:%Y%m%d%H%M%S}",
        kind=LetterKind.NEWS,
        to=here,
        message=texts.welcome(here, by),
        held_until=next_decent(work.now, here.reader()),
    )
    await post(work, here.community_id, letter)


async def _is_spare(work: Work, application: Application) -> bool:
    """Whether an application can be forgotten: it does not stand, and nothing came of it."""
    if is_standing(application):
        return False
    members = select(Member.id).join(Enrollment, Enrollment.id == Member.enrollment_id)
    return await work.first(members.where(Enrollment.application_id == application.id)) is None


async def _both_applied(work: Work, entered: Person, here: Person) -> list[tuple[Application, Application]]:
    """Their applications for the same cohorts."""
    mine = await work.all(select(Application).where(Application.person_id == entered.id).order_by(Application.id))
    pairs = [(one, await queries.application_of(work, one.cohort_id, here.id)) for one in mine]
    return [(one, other) for one, other in pairs if other is not None]


async def _drop(work: Work, application: Application) -> None:
    """Forget an application that does not stand beside another one, and the roles made from it."""
    await work.session.execute(delete(Enrollment).where(Enrollment.application_id == application.id))
    await work.session.delete(application)
    await work.flush()


async def _exclusions(work: Work, entered: Person, here: Person) -> None:
    """Forget what would be said twice, or of the two about each other."""
    both = (entered.id, here.id)
    rows = await work.all(
        select(Exclusion)
        .where(or_(Exclusion.person_id.in_(both), Exclusion.other_id.in_(both)))
        .order_by(Exclusion.person_id == entered.id, Exclusion.other_id == entered.id)
    )
    known = set()
    for row in rows:
        one, other = (here.id if number == entered.id else number for number in (row.person_id, row.other_id))
        said = (one, other, True) if row.private else (min(one, other), max(one, other), False)
        if one == other or said in known:
            await work.session.delete(row)
        else:
            row.person_id, row.other_id = said[:2]
        known.add(said)
    await work.flush()


async def _duties(work: Work, entered: Person, here: Person) -> None:
    """A duty that both have is one."""
    theirs: Sequence[object] = await work.all(select(TeamMember.duty).where(TeamMember.person_id == here.id))
    await work.session.execute(
        delete(TeamMember).where(TeamMember.person_id == entered.id, TeamMember.duty.in_(theirs))
    )


async def _riders(work: Work, gone: Person, here: Person) -> None:
    """News that waits for both of them is told once."""
    theirs: Sequence[object] = await work.all(select(Rider.key).where(Rider.person_id == here.id))
    await work.session.execute(delete(Rider).where(Rider.person_id == gone.id, Rider.key.in_(theirs)))


def _rests(gone: Person, here: Person) -> None:
    """A pause that one of the two asked for holds for the one: the later end counts, and no end most."""
    ends = [person.paused_until for person in (gone, here) if person.paused_at is not None]
    if ends:
        here.paused_at = here.paused_at or gone.paused_at
        here.paused_until = None if None in ends else max(end for end in ends if end is not None)


def _columns() -> Iterator[Column[int]]:
    """Every column of the bot that points to a person."""
    key = cast(Column[int], Person.__table__.c.id)
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.c if column.references(key))
