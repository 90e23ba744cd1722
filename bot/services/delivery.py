"""Delivering letters, each once: claim, say that it is being sent, send, keep the receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, select, update

from bot.domain import Doubt, Letter, LetterState, Place, PlaceState
from bot.ports import Messenger, NotDelivered, Receipt, Search, Trouble
from bot.services import arrivals, budget, decency, unreachable
from bot.services.addressing import Address, addresses
from bot.services.office import Office
from bot.services.together import Together
from bot.storage import outbox
from bot.storage.outbox import LEASE, POLICIES, claim
from bot.storage.work import Work
from bot.texts import repeating
from bot.ui import codec

log = structlog.get_logger()

BATCH = 100
"""Letters claimed at once: MEASURED says that a batch of 100 is 50 times quicker than single claims."""

AT_ONCE = 8
"""Letters under way at the same time; platforms that want fewer say so with BUSY."""

MOST_ROOMS = 3
"""Tries of a letter within which a room that is gone is opened again; after that whoever looks after the pair hears."""

BACK_OFF = (30, 120, 600, 3600)
"""Seconds before another try when a platform is busy or a letter was lost from sight, the last one again and again."""


async def deliver(office: Office) -> int:
    """Deliver one batch of what is due; how many letters were taken in hand."""
    async with office.storage.work() as work:
        claimed = await claim(work, BATCH)
        fresh = [letter for letter in claimed if not _expired(letter, work.now)]
        ready = await budget.spend(work, await decency.by_day(work, fresh))
        found = await addresses(work, ready)
    gate = asyncio.Semaphore(AT_ONCE)
    ledger = _Ledger(office)

    async def one(letter: Letter) -> None:
        async with gate:
            await _deliver(ledger, letter, found[letter.id])

    await _all(one(letter) for letter in ready)
    return len(claimed)


async def free_lapsed(office: Office) -> int:
    """Let letters wait again whose worker has gone since it claimed them."""
    async with office.storage.work() as work:
        return await outbox.free_lapsed(work)


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
    ledger = _Ledger(office)
    await _all(_settle(ledger, letter, found[letter.id]) for letter in doubtful)
    return len(doubtful)


async def _all(deeds: Iterable[Awaitable[None]]) -> None:
    """Do all of them; a bug in one keeps no other letter from its reader, and is raised when they are done."""
    for error in await asyncio.gather(*deeds, return_exceptions=True):
        if error is not None:
            raise error


_Arrival = tuple[int, Receipt, int]
"""A letter's number, where it lies, and in which space."""


class _Ledger:
    """Where letters under way are written down, those of one moment together: one Work for up to eight of them."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.begin = Together(self._begin)
        self.arrived = Together(self._arrived)

    async def _begin(self, letters: Sequence[Letter]) -> Mapping[Letter, datetime]:
        async with self.office.storage.work() as work:
            leases = await outbox.begin_sending(work, letters)
        return {letter: leases[letter.id] for letter in letters if letter.id in leases}

    async def _arrived(self, arrived: Sequence[_Arrival]) -> Mapping[_Arrival, None]:
        async with self.office.storage.work() as work:
            await outbox.keep_receipts(work, {letter: (receipt, space) for letter, receipt, space in arrived})
        return {}


async def _deliver(ledger: _Ledger, letter: Letter, address: Address | None) -> None:
    office = ledger.office
    if address is None:
        await _nowhere(office, letter)
        return
    messenger = office.messengers.get(address.platform)
    if messenger is None:
        await _unreachable(office, letter)
        return
    lease = await ledger.begin(letter)
    if lease is None:  # somebody else has it, or it was withdrawn
        return
    letter.claimed_until = lease
    try:
        receipt = await _send(messenger, letter, address)
    except NotDelivered as trouble:
        await _failed(office, letter, address, trouble)
    else:
        await ledger.arrived((letter.id, receipt, address.space_id))


async def _send(messenger: Messenger, letter: Letter, address: Address) -> Receipt:
    parcel = address.parcel(letter)
    if address.earlier is None:
        return await messenger.send(parcel)
    await messenger.rewrite(parcel, address.earlier)
    return address.earlier


async def _settle(ledger: _Ledger, letter: Letter, address: Address | None) -> None:
    office = ledger.office
    messenger = None if address is None else office.messengers.get(address.platform)
    if address is None or messenger is None:
        await _unreachable(office, letter)
        return
    if address.earlier is not None:  # made twice, a rewrite reads the same: nobody needs to know whether it was
        await _retry(office, letter, letter.message)
        return
    try:
        found = await messenger.find(address.parcel(letter))
    except NotDelivered as trouble:
        if trouble.trouble is not Trouble.BUSY:  # nobody knows whether it lies there: it is looked for again later
            await _failed(office, letter, address, trouble)
        return
    if isinstance(found, Receipt):
        await ledger.arrived((letter.id, found, address.space_id))
    elif found is Search.ABSENT:
        await _retry(office, letter, letter.message)
    elif POLICIES[letter.kind].doubt is Doubt.REPEAT and letter.message is not None:
        await _retry(office, letter, codec.dump(repeating.again(codec.load(letter.message))))
    else:
        log.warning("letter lost", letter=letter.id)
        await _change(office, letter, state=LetterState.LOST, message=None)


def _ours(letter: Letter) -> ColumnElement[bool]:
    """The letter, as long as nobody else has taken it: who comes back late changes nothing of what others did."""
    return (Letter.id == letter.id) & (Letter.claimed_until == letter.claimed_until)


async def _failed(office: Office, letter: Letter, address: Address, trouble: NotDelivered) -> None:
    if trouble.trouble is Trouble.UNSURE:  # it stays in `sending`, and is looked for when its lease has ended
        return
    if trouble.trouble is Trouble.GONE and letter.place_id is not None and letter.tries < MOST_ROOMS:
        await _open_again(office, letter, letter.place_id)
        return
    if trouble.trouble is not Trouble.BUSY:
        if not await _elsewhere(office, letter, address):
            await _unreachable(office, letter)
        return
    seconds = max(trouble.seconds, BACK_OFF[min(letter.tries, len(BACK_OFF) - 1)] if letter.tries else 0)
    later = office.storage.clock.now() + timedelta(seconds=seconds)
    await _change(office, letter, state=LetterState.WAITING, held_until=later)


async def _open_again(office: Office, letter: Letter, place: int) -> None:
    """A pair's room is gone: its letter waits until there is another one."""
    async with office.storage.work() as work:
        if await _write(work, letter, state=LetterState.WAITING, held_until=work.now):
            (await work.get(Place, place)).state = PlaceState.WANTED
            work.wakes = True


async def _elsewhere(office: Office, letter: Letter, address: Address) -> bool:
    """Whether a letter can still reach its reader through another account: it waits for that one at once."""
    if letter.person_id is None or letter.replaces_id is not None:
        return False
    async with office.storage.work() as work:
        if not await unreachable.has_other(work, letter.person_id, space=address.space_id, user=address.user):
            return False
        return await _write(work, letter, state=LetterState.WAITING, held_until=work.now)


async def _nowhere(office: Office, letter: Letter) -> None:
    """There is no address: whoever is not here finds what matters on arriving, all others are unreachable."""
    async with office.storage.work() as work:
        reader = await arrivals.reader_of(work, letter)
        if reader is arrivals.Reader.EXPECTED:
            await _write(work, letter, state=LetterState.KEPT)
            return
        if reader is arrivals.Reader.ARRIVED:
            await _write(work, letter, state=LetterState.WAITING)
            return
        if letter.person_id is not None and letter.replaces_id is None and POLICIES[letter.kind].doubt is Doubt.REPEAT:
            if await _write(work, letter, state=LetterState.KEPT):  # it matters still when they are back
                await unreachable.note(work, letter)
            return
    await _unreachable(office, letter)


async def _unreachable(office: Office, letter: Letter) -> None:
    if letter.replaces_id is not None:  # what it would rewrite never arrived: nobody is missing anything
        await _change(office, letter, state=LetterState.EXPIRED, message=None)
        return
    log.info("letter unreachable", letter=letter.id)
    async with office.storage.work() as work:
        if await _write(work, letter, state=LetterState.UNREACHABLE, message=None):
            await unreachable.note(work, letter)


async def _retry(office: Office, letter: Letter, message: dict[str, Any] | None) -> None:
    """Let a letter that was lost from sight wait for another try, longer each time: it may break what carries it."""
    seconds = BACK_OFF[min(max(letter.tries, 1), len(BACK_OFF)) - 1]
    later = office.storage.clock.now() + timedelta(seconds=seconds)
    await _change(office, letter, state=LetterState.WAITING, held_until=later, message=message)


async def _change(office: Office, letter: Letter, **values: object) -> None:
    async with office.storage.work() as work:
        await _write(work, letter, **values)


async def _write(work: Work, letter: Letter, **values: object) -> bool:
    """Change a letter that is ours; whether it still was."""
    under_way = Letter.state.in_((LetterState.CLAIMED, LetterState.SENDING))
    changed = update(Letter).where(_ours(letter), under_way).values(**values).returning(Letter.id)
    return (await work.session.scalars(changed)).first() is not None


def _expired(letter: Letter, now: datetime) -> bool:
    """Marks a letter that came too late; the open Work writes it."""
    if letter.not_after is None or now <= letter.not_after:
        return False
    letter.state, letter.message = LetterState.EXPIRED, None
    return True
