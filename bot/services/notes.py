"""Words beside a check-in: one for the pair, one for their writer alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, delete, or_, select

from bot.domain import CheckIn, Member, Note
from bot.storage.prepared import Arg, prepared
from bot.storage.work import Work

LONGEST = 1000
"""Characters of one note."""


async def readable(work: Work, check_ins: Collection[CheckIn], *, member: Member) -> Sequence[Note]:
    """What this member may read beside these check-ins: their own notes and those for both, oldest first."""
    return await work.all(_readable([check_in.id for check_in in check_ins], member.id))


@prepared
def _readable(check_ins_in: Arg, member: Arg) -> Select[Note]:
    mine = or_(Note.shared, Note.member_id == member)
    return select(Note).where(Note.check_in_id.in_(check_ins_in), mine).order_by(Note.id)


async def own(work: Work, check_in: CheckIn, *, member: Member) -> dict[bool, Note]:
    """The member's newest note for both (True) and the newest for themselves alone (False)."""
    written = select(Note).where(Note.check_in_id == check_in.id, Note.member_id == member.id)
    return {note.shared: note for note in await work.all(written.order_by(Note.id))}


async def add(work: Work, check_in: CheckIn, *, member: Member, shared: bool, text: str) -> None:
    """Write something beside what is there; the same words twice are one note."""
    if not text:
        return
    before = (await own(work, check_in, member=member)).get(shared)
    if before is not None and text in before.text:
        return
    if before is not None and len(before.text) + 1 + len(text) <= LONGEST:
        before.text = f"{before.text}\n{text}"
        return
    work.add(Note(check_in_id=check_in.id, member_id=member.id, shared=shared, text=text))


async def rewrite(work: Work, check_in: CheckIn, *, member: Member, shared: bool, text: str) -> None:
    """Put new words in the place of the member's newest note; no words take it away."""
    before = (await own(work, check_in, member=member)).get(shared)
    if before is None:
        await add(work, check_in, member=member, shared=shared, text=text)
    elif text:
        before.text = text
    else:
        await work.session.delete(before)


async def remove(work: Work, check_in: CheckIn, *, member: Member) -> None:
    """Take away all that a member wrote beside a check-in."""
    await work.session.execute(delete(Note).where(Note.check_in_id == check_in.id, Note.member_id == member.id))
