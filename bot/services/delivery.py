"""Delivering letters, each once: claim, say that it is being sent, send, keep the receipt."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from bot.domain import Doubt, Letter, LetterState
from bot.ports import Messenger, NotDelivered, Receipt, Search, Trouble
from bot.services import budget, unreachable
from bot.services.addressing import Address, addresses
from bot.services.office import Office
from bot.storage.outbox import LEASE, POLICIES, claim

log = structlog.get_logger()

BATCH = 100
"""Letters claimed at once: MEASURED says that a batch of 100 is 50 times quicker than single claims."""

AT_ONCE = 8
"""Letters under way at the same time; platforms that want fewer say so with BUSY."""

BACK_OFF = (30, 120, 600, 3600)
"""Seconds before another try when a platform is busy, the last one again and again."""


async def deliver(office: Office) -> int:
    """Deliver one batch of what is due; how many letters were taken in hand."""
    async with office.storage.work() as work:
        claimed = await claim(work, BATCH)
        ready = await budget.spend(work, [letter for letter in claimed if not _expired(letter, work.now)])
        found = await addresses(work, ready)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(letter: Letter) -> None:
        async with gate:
            await _deliver(office, letter, found[letter.id])

    await asyncio.gather(*(one(letter) for letter in ready))
    return len(claimed)


async def settle_doubts(office: Office) -> int:
    """Look after letters whose sending was interrupted: only those left in `sending` are in doubt."""
    async with office.storage.work() as work:
        lapsed = (
            select(Letter).where(Letter.state == LetterState.SENDING, Letter.claimed_until <= work.now).limit(BATCH)
        )
        doubtful = await work.all(lapsed.with_for_update(skip_locked=True))
        for letter in doubtful:
            letter.claimed_until = work.now + LEASE
        found = await addresses(work, doubtful)
    for letter in doubtful:
        await _settle(office, letter, found[letter.id])
    return len(doubtful)


async def _deliver(office: Office, letter: Letter, address: Address | None) -> None:
    messenger = None if address is None else office.messengers.get(address.platform)
    if address is None or messenger is None:
        await _unreachable(office, letter)
        return
    if not await _begin(office, letter):
        return
    try:
        receipt = await _send(messenger, letter, address)
    except NotDelivered as trouble:
        await _failed(office, letter, trouble)
    else:
        await _arrived(office, letter, receipt)


async def _send(messenger: Messenger, letter: Letter, address: Address) -> Receipt:
    parcel = address.parcel(letter)
    if address.earlier is None:
        return await messenger.send(parcel)
    await messenger.rewrite(parcel, address.earlier)
    return address.earlier


async def _settle(office: Office, letter: Letter, address: Address | None) -> None:
    messenger = None if address is None else office.messengers.get(address.platform)
    if address is None or messenger is None:
        await _unreachable(office, letter)
        return
    try:
        found = await messenger.find(address.parcel(letter))
    except NotDelivered as trouble:
        await _failed(office, letter, trouble)
        return
    if isinstance(found, Receipt):
        await _arrived(office, letter, found)
    elif found is Search.ABSENT or POLICIES[letter.kind].doubt is Doubt.REPEAT:
        await _change(office, letter, state=LetterState.WAITING)
    else:
        log.warning("letter lost", letter=letter.id)
        await _change(office, letter, state=LetterState.LOST, message=None)


async def _begin(office: Office, letter: Letter) -> bool:
    """Write `sending` just before the call; false when somebody else has the letter, or it was withdrawn."""
    async with office.storage.work() as work:
        begun = await work.session.scalars(
            update(Letter)
            .where(
                Letter.id == letter.id,
                Letter.state == LetterState.CLAIMED,
                Letter.claimed_until == letter.claimed_until,
            )
            .values(state=LetterState.SENDING, sending_at=work.now, tries=Letter.tries + 1)
            .returning(Letter.id)
        )
        return begun.first() is not None


async def _arrived(office: Office, letter: Letter, receipt: Receipt) -> None:
    async with office.storage.work() as work:
        await work.session.execute(
            update(Letter)
            .where(Letter.id == letter.id)
            .values(
                state=LetterState.SENT,
                sent_at=work.now,
                conversation=receipt.conversation,
                posted=receipt.posted,
                message=None,
            )
        )


async def _failed(office: Office, letter: Letter, trouble: NotDelivered) -> None:
    if trouble.trouble is not Trouble.BUSY:
        await _unreachable(office, letter)
        return
    seconds = max(trouble.seconds, BACK_OFF[min(letter.tries, len(BACK_OFF) - 1)] if letter.tries else 0)
    later = office.storage.clock.now() + timedelta(seconds=seconds)
    await _change(office, letter, state=LetterState.WAITING, held_until=later)


async def _unreachable(office: Office, letter: Letter) -> None:
    if letter.replaces_id is not None:  # what it would rewrite never arrived: nobody is missing anything
        await _change(office, letter, state=LetterState.EXPIRED, message=None)
        return
    log.info("letter unreachable", letter=letter.id)
    async with office.storage.work() as work:
        await work.session.execute(
            update(Letter).where(Letter.id == letter.id).values(state=LetterState.UNREACHABLE, message=None)
        )
        await unreachable.note(work, letter)


async def _change(office: Office, letter: Letter, **values: object) -> None:
    async with office.storage.work() as work:
        await work.session.execute(update(Letter).where(Letter.id == letter.id).values(**values))


def _expired(letter: Letter, now: datetime) -> bool:
    """Marks a letter that came too late; the open Work writes it."""
    if letter.not_after is None or now <= letter.not_after:
        return False
    letter.state, letter.message = LetterState.EXPIRED, None
    return True
