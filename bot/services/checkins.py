"""Check-ins: that a pair talked, logged once for both whoever says so first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from bot.domain import CheckIn, Member, Note, Pairing, Person, rhythm
from bot.services import footprints, notes, signs
from bot.storage import queries
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Work

PAGE = 10
"""Check-ins that one page of the history shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What may be said of a talk beside its day; `way` is the template's key, `goals` are numbers."""

    way: str = ""
    minutes: int | None = None
    goals: Sequence[int] = ()
    shared: str = ""
    private: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A check-in, whether it is new, and who noted it first."""

    check_in: CheckIn
    is_new: bool
    noted_by: Person


@dataclass(frozen=True, slots=True)
class Page:
    """Check-ins, the newest first, with the notes that their reader may see, and whether there are earlier ones."""

    check_ins: Sequence[CheckIn]
    notes: Sequence[Note]
    has_earlier: bool


NOTHING = Details()


async def log(work: Work, member: Member, *, talked_on: date, details: Details = NOTHING) -> Logged:
    """Note a talk. If this day is noted already, what is new in `details` is added to the same check-in.

    The caller has looked at the day (see `first_day` and `today`).
    """
    pairing = await pairing_of(work, member.pairing_id)
    check_in = await _noted(work, pairing, member=member, talked_on=talked_on)
    is_new = check_in is None and await _insert(work, member, talked_on)
    check_in = check_in or await _on(work, pairing, talked_on)
    assert check_in is not None, "it is there, or was just written"
    await _sign(work, pairing, member=member, check_in=check_in)
    check_in.way = details.way or check_in.way
    check_in.minutes = details.minutes or check_in.minutes
    check_in.goals = sorted({*check_in.goals, *details.goals})
    await notes.add(work, check_in, member=member, shared=True, text=details.shared)
    await notes.add(work, check_in, member=member, shared=False, text=details.private)
    await work.flush()
    return Logged(check_in, is_new, _logger(pairing, check_in).person)


async def amend(work: Work, member: Member, *, check_in: CheckIn, talked_on: date, details: Details) -> bool:
    """Put `details` in the place of what was noted; False if the pair has another check-in on the new day."""
    pairing = await pairing_of(work, member.pairing_id)
    if talked_on != check_in.talked_on and await _on(work, pairing, talked_on) is not None:
        return False
    await _sign(work, pairing, member=member, check_in=check_in)
    check_in.talked_on, check_in.way, check_in.minutes = talked_on, details.way, details.minutes
    check_in.goals = sorted(details.goals)
    await notes.rewrite(work, check_in, member=member, shared=True, text=details.shared)
    await notes.rewrite(work, check_in, member=member, shared=False, text=details.private)
    await work.flush()
    return True


async def undo(work: Work, member: Member, check_in: CheckIn) -> bool:
    """Take a check-in back, and what followed from it; False for a member who did not log it.

    If the other noted the talk too, it stays, as theirs.
    """
    if check_in.logged_by_id != member.id:
        return False
    pairing = await pairing_of(work, member.pairing_id)
    heir = await confirmed_by(work, pairing, check_in)
    await footprints.erase(work, pairing, member=member, check_in=check_in)
    if heir is None:
        await work.session.delete(check_in)
        return True
    check_in.logged_by_id = heir.id
    await notes.remove(work, check_in, member=member)
    return True


async def confirmed_by(work: Work, pairing: Pairing, check_in: CheckIn) -> Member | None:
    """Whoever noted the same talk beside the one who logged it."""
    signers = await footprints.signers(work, check_in)
    others = (member for member in pairing.members if member.id != check_in.logged_by_id)
    return next((member for member in others if member.person_id in signers), None)


async def history(work: Work, member: Member, *, before: CheckIn | None = None) -> Page:
    """A page of the pair's check-ins, those before another one if that is given."""
    found = select(CheckIn).where(CheckIn.pairing_id == member.pairing_id)
    if before is not None:
        found = found.where(CheckIn.talked_on < before.talked_on)
    check_ins = await work.all(found.order_by(CheckIn.talked_on.desc()).limit(PAGE + 1))
    shown = check_ins[:PAGE]
    return Page(shown, await notes.readable(work, shown, member=member), len(check_ins) > PAGE)


async def told_since(work: Work, member: Member, since: datetime) -> CheckIn | None:
    """A talk that the other has noted since an instant and this member has said nothing of: likely the same one."""
    rows = select(CheckIn).where(
        CheckIn.pairing_id == member.pairing_id, CheckIn.logged_by_id != member.id, CheckIn.created_at >= since
    )
    for check_in in await work.all(rows.order_by(CheckIn.talked_on.desc())):
        if member.person_id not in await footprints.signers(work, check_in):
            return check_in
    return None


def today(work: Work, person: Person) -> date:
    """The person's own calendar day."""
    return rhythm.day_in(work.now, person.tz)


def first_day(pairing: Pairing, person: Person) -> date:
    """The day on which the pair began: the introduction, in the person's zone, or its first day if that is earlier."""
    starts_on = pairing.starts_on or pairing.cohort.starts_on
    if pairing.introduced_at is None:
        return starts_on
    return min(starts_on, rhythm.day_in(pairing.introduced_at, person.tz))


async def pairing_of(work: Work, number: int) -> Pairing:
    """The pairing of a member, goal or check-in, with all that its messages need."""
    pairing = await queries.pairing(work, number)
    assert pairing is not None, "what belongs to a pairing has one"
    return pairing


async def _noted(work: Work, pairing: Pairing, *, member: Member, talked_on: date) -> CheckIn | None:
    """The check-in of this talk. Beyond midnight it may be the one that the other noted as their own today."""
    found = await _on(work, pairing, talked_on)
    if found is not None or talked_on != today(work, pairing.member(member.person_id).person):
        return found
    for other in pairing.members:
        theirs = await _on(work, pairing, today(work, other.person))
        if theirs is not None and theirs.logged_by_id == other.id != member.id:
            return theirs
    return None


async def _on(work: Work, pairing: Pairing, day: date) -> CheckIn | None:
    return await work.first(_talk_on(pairing.id, day))


@prepared
def _talk_on(pairing: Arg, day: Arg) -> Select[CheckIn]:
    return select(CheckIn).where(CheckIn.pairing_id == pairing, CheckIn.talked_on == day)


async def _insert(work: Work, member: Member, talked_on: date) -> bool:
    """Write the check-in; False when the other did in the same moment."""
    row = {
        "pairing_id": member.pairing_id,
        "logged_by_id": member.id,
        "talked_on": talked_on,
        "way": "",
        "minutes": None,
        "goals": [],
        "created_at": work.now,
    }
    return bool(await work.insert_once(CheckIn, [row], unique=["pairing_id", "talked_on"]))


async def _sign(work: Work, pairing: Pairing, *, member: Member, check_in: CheckIn) -> None:
    """A member says that the pair talked; of each talk that counts once."""
    person = pairing.member(member.person_id).person
    signs.answered(person)
    if person.id in await footprints.signers(work, check_in):
        return
    sign: footprints.Sign = "checkin.logged" if check_in.logged_by_id == member.id else "checkin.joined"
    footprints.leave(work, pairing, member=member, check_in=check_in, sign=sign)
    signs.talked(work, pairing)
    await work.flush()


def _logger(pairing: Pairing, check_in: CheckIn) -> Member:
    return next(member for member in pairing.members if member.id == check_in.logged_by_id)
