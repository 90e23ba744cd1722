"""Taking changes back, as long as nobody has heard of them and nothing was built on them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Date, Enum, delete, inspect, select

from bot.domain import Cohort, CohortState, Duty, Enrollment, Event, Letter, LetterState, Pairing, Person, TeamMember
from bot.domain.base import Base
from bot.domain.instant import Instant
from bot.services import calendar, changes, cohort_dates, proposals, summaries, team
from bot.services.cohort_people import paired
from bot.storage.outbox import withdraw
from bot.storage.work import Work


class Undone(StrEnum):
    """How an attempt to take a change back ended. Only DONE may be committed."""

    DONE = "done"
    SENT = "sent"
    MOVED_ON = "moved on"
    CHOSEN = "chosen"


async def undo(work: Work, event: Event, *, by: Person) -> Undone:
    """Withdraw a change's letters and set back what it changed. Unless it is DONE, the caller must roll back."""
    await work.session.refresh(event, with_for_update=True)
    cohort = await work.find(Cohort, event.cohort_id)
    if event.facts.get("undone") or (cohort is not None and cohort.state.value != event.facts["state"]):
        return Undone.MOVED_ON
    await withdraw(work, changes.about(event))
    if await _was_sent(work, event):
        return Undone.SENT
    if event.kind == "cohort.closed" and cohort is not None and not await _forget_pairs(work, cohort):
        return Undone.CHOSEN
    if not await _SETS_BACK.get(event.kind, _rows)(work, event):
        return Undone.MOVED_ON
    event.facts = {**event.facts, "undone": by.id}
    await _plan(work, event)
    work.note("change.undone", community=event.community_id, cohort=event.cohort_id, person=by.id, change=event.id)
    return Undone.DONE


async def _was_sent(work: Work, event: Event) -> bool:
    """Whether a letter of this change is out, or on its way."""
    out = (LetterState.SENDING, LetterState.SENT)
    found = select(Letter.id).where(Letter.about == changes.about(event), Letter.state.in_(out))
    return await work.first(found) is not None


async def _rows(work: Work, event: Event) -> bool:
    """Set every column back, if all of them are as the change left them."""
    for table, number, name, before, after in event.facts["rows"]:
        model = changes.MODELS[table]
        row = await work.find(model, number)
        if row is None or changes.kept(getattr(row, name)) != after:
            return False
        setattr(row, name, _read(model, name, before))
    return True


async def _forget_pairs(work: Work, cohort: Cohort) -> bool:
    """Throw away the pairs that were proposed since the call closed; false where somebody has chosen one.

    A proposal is the bot's own work: nobody has been told, and with more applications it would be another one anyway. A
    pair that a person chose is not ours to throw away. The places made for matching go as well: they hold the answers
    of this moment, and in an open call these change. A matching that is under way finds the call open, and ends.
    """
    await proposals.hold(work, cohort)
    if cohort.state is not CohortState.MATCHING:
        return True  # what sets the rows back finds that the cohort has moved on
    chosen = select(Pairing.id).where(Pairing.cohort_id == cohort.id, Pairing.locked)
    if await work.first(chosen) is not None:
        return False
    cohort.reviewed_at = None
    await proposals.drop(work, cohort)
    await work.session.execute(delete(Enrollment).where(Enrollment.cohort_id == cohort.id))
    return True


async def _added(work: Work, event: Event) -> bool:
    """Take a duty away again."""
    member = await _team_member(work, event)
    if member is None:
        return False
    if await team.is_last_coordinator(work, member):
        return False
    for pairing in await team.pairs_of(work, member):
        pairing.liaison_id = None
    await work.session.delete(member)
    return True


async def _removed(work: Work, event: Event) -> bool:
    """Give a duty back, with its old date, and the pairs that have found nobody else meanwhile."""
    if await _team_member(work, event) is not None:
        return False
    work.add(
        TeamMember(
            community_id=event.community_id,
            person_id=event.facts["person"],
            duty=Duty(event.facts["duty"]),
            since=datetime.fromisoformat(event.facts["since"]),
        )
    )
    for _table, number, _name, before, _after in event.facts["rows"]:
        pairing = await work.get(Pairing, number)
        pairing.liaison_id = pairing.liaison_id or before
    return True


async def _team_member(work: Work, event: Event) -> TeamMember | None:
    return await work.first(
        select(TeamMember).where(
            TeamMember.community_id == event.community_id,
            TeamMember.person_id == event.facts["person"],
            TeamMember.duty == Duty(event.facts["duty"]),
        )
    )


async def _plan(work: Work, event: Event) -> None:
    """Derive anew what follows from a cohort's state and dates."""
    cohort = await work.find(Cohort, event.cohort_id)
    if cohort is not None:
        await work.flush()
        cohort_dates.plan(cohort)
        summaries.plan(cohort, work.now)
        await calendar.plan(work, [person.id for person in await paired(work, cohort)])


def _read(model: type[Base], name: str, value: Any) -> object:
    """A kept value as the column holds it."""
    kind = inspect(model).columns[name].type
    if value is None:
        return None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return kind.enum_class(value) if isinstance(kind, Enum) and kind.enum_class else value


_SETS_BACK: Mapping[str, Callable[[Work, Event], Awaitable[bool]]] = {
    "team.added": _added,
    "team.removed": _removed,
}
