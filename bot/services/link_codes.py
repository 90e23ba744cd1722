"""Codes that bring two together: made on one side, typed on the other within ten minutes, confirmed on both."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update

from bot.domain import LinkCode, LinkKind, Person
from bot.services.office import Office
from bot.storage.work import Work

LASTS = timedelta(minutes=10)
"""For how long a code can be typed."""

ANSWER = timedelta(days=1)
"""How long whoever made it has to say yes: they may be asleep when it is typed."""

BATCH = 200

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""What nobody takes for something else: without I and 1, L, O and 0."""

_LENGTH = 8
"""Forty bits, of which nobody guesses one in ten minutes."""


async def make(work: Work, kind: LinkKind, *, by: Person) -> str:
    """A new code; an earlier one of the same person that nobody has typed is void."""
    unused = LinkCode.maker_id == by.id, LinkCode.kind == kind, LinkCode.asker_id.is_(None)
    await work.session.execute(delete(LinkCode).where(*unused))
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    work.add(LinkCode(kind=kind, digest=_digest(code), maker_id=by.id, ends_at=work.now + LASTS))
    return f"{code[:4]}-{code[4:]}"


async def maker_of(work: Work, kind: LinkKind, typed: str) -> Person | None:
    """Who made a code, as long as it holds and nobody has used it."""
    held = LinkCode.asker_id.is_(None), LinkCode.ends_at > work.now
    return await work.first(
        select(Person)
        .join(LinkCode, LinkCode.maker_id == Person.id)
        .where(LinkCode.kind == kind, LinkCode.digest == _digest(typed), *held)
    )


async def use(work: Work, kind: LinkKind, typed: str, *, by: Person) -> int | None:
    """Use a code up; its number, by which the other side answers, or nothing if it was too late."""
    held = LinkCode.asker_id.is_(None), LinkCode.ends_at > work.now
    used = (
        update(LinkCode)
        .where(LinkCode.kind == kind, LinkCode.digest == _digest(typed), *held)
        .values(asker_id=by.id, ends_at=work.now + ANSWER)
        .returning(LinkCode.id)
    )
    return (await work.session.scalars(used)).first()


async def asker_of(work: Work, code: LinkCode) -> Person | None:
    """Who waits for an answer; nothing where that is over."""
    return await work.find(Person, code.asker_id) if code.ends_at > work.now else None


async def settle(work: Work, code: LinkCode) -> bool:
    """Forget a code that was answered; whether nobody else was quicker."""
    gone = await work.session.scalars(delete(LinkCode).where(LinkCode.id == code.id).returning(LinkCode.id))
    return gone.first() is not None


async def forget(office: Office) -> int:
    """Sweep: forget codes that are worth nothing any more; how many they were."""
    async with office.storage.work() as work:
        old = select(LinkCode.id).where(LinkCode.ends_at <= work.now).order_by(LinkCode.ends_at).limit(BATCH)
        gone = await work.session.scalars(delete(LinkCode).where(LinkCode.id.in_(old)).returning(LinkCode.id))
        return len(gone.all())


def _digest(typed: str) -> str:
    return sha256(re.sub(r"[^A-Z0-9]", "", typed.upper()).encode()).hexdigest()
