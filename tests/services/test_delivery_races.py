"""Letters between two workers, in and after failures, and at night: nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import app as bot_app
from bot.app import App
from bot.domain import Letter, LetterKind, LetterState, Person, Place
from bot.ports import NotDelivered, Parcel, Receipt, Search, Trouble
from bot.services import delivery
from bot.storage import outbox
from bot.storage.outbox import LEASE, NewLetter
from bot.ui import _, message
from tests.stage import START, Actor, KeepingMessenger, Stage

Act = Callable[[], Awaitable[object]]

SECOND = timedelta(seconds=1)


class HaltingMessenger(KeepingMessenger):
    """Does something before or after it posts, the first time."""

    def __init__(self, stage: Stage, *, before: Act | None = None, after: Act | None = None) -> None:
        super().__init__(stage.clock)
        self.posts = stage.messenger.posts
        self.before, self.after = before, after
        self.trouble: Exception | None = None
        self.only = ""
        self.found: Search | None = None

    async def send(self, parcel: Parcel) -> Receipt:
        before, self.before = self.before, None
        if before is not None:
            await before()
        if self.trouble is not None and self.only in ("", parcel.user):
            trouble, self.trouble = self.trouble, None
            raise trouble
        receipt = await super().send(parcel)
        after, self.after = self.after, None
        if after is not None:
            await after()
        return receipt

    async def find(self, parcel: Parcel) -> Receipt | Search:
        return self.found or await super().find(parcel)


async def _post(stage: Stage, actor: Actor, key: str = "hello", **more: object) -> int:
    async with stage.app.storage.work() as work:
        person = await work.get(Person, actor.id)
        values: dict[str, object] = {"kind": LetterKind.NEWS, "to": person, **more}
        letter = NewLetter(key=key, message=message(_("Hello")), **values)  # type: ignore[arg-type]
        return (await outbox.post(work, person.community_id, letter))[0]


async def _letter(stage: Stage, number: int) -> Letter:
    async with stage.app.storage.reading() as work:
        return await work.get(Letter, number)


def _carried_by(stage: Stage, messenger: KeepingMessenger) -> None:
    stage.app.office.messengers["test"] = messenger  # type: ignore[index]


@pytest.fixture
async def other(stage: Stage, database: str):  # type: ignore[no-untyped-def]
    """A second worker, in a process of its own."""
    app = bot_app.build(database, stage.clock, stage.app.office.messengers)
    yield app
    await app.close()


def _turn(stage: Stage, delta: timedelta) -> None:
    stage.clock.set(stage.clock.now() + delta)


async def test_a_letter_that_waited_for_its_turn_is_not_in_doubt_while_it_is_sent(stage: Stage, other: App) -> None:
    """Of a hundred claimed letters the last begins shortly before the claim lapses."""
    ada = await stage.person("Ada")
    await _post(stage, ada)
    async with stage.app.storage.work() as work:
        [letter] = await outbox.claim(work, 10)
        found = await delivery.addresses(work, [letter])
    _turn(stage, LEASE - SECOND)

    async def meanwhile() -> None:
        _turn(stage, 2 * SECOND)
        await delivery.settle_doubts(other.office)
        await delivery.deliver(other.office)

    _carried_by(stage, HaltingMessenger(stage, before=lambda: asyncio.create_task(meanwhile())))
    await delivery._deliver(delivery._Ledger(stage.app.office), letter, found[letter.id])
    assert len(ada.inbox) == 1


async def test_who_comes_back_late_with_a_receipt_spares_the_reader_a_second_letter(stage: Stage, other: App) -> None:
    ada = await stage.person("Ada")
    number = await _post(stage, ada)

    async def meanwhile() -> None:
        """The call hangs longer than the lease; the other worker finds nothing and lets the letter wait again."""
        _turn(stage, LEASE + SECOND)
        await delivery.settle_doubts(other.office)

    _carried_by(stage, HaltingMessenger(stage, before=lambda: asyncio.create_task(meanwhile())))
    await delivery.deliver(stage.app.office)
    assert (await _letter(stage, number)).state is LetterState.SENT
    await stage.forward(hours=3)
    assert len(ada.inbox) == 1


async def test_who_comes_back_late_without_success_does_not_undo_what_the_other_did(stage: Stage, other: App) -> None:
    ada = await stage.person("Ada")
    number = await _post(stage, ada)
    halting = HaltingMessenger(stage)
    halting.trouble = NotDelivered(Trouble.BUSY, seconds=5)

    async def meanwhile() -> None:
        halting.trouble = None
        _turn(stage, LEASE + SECOND)
        await delivery.settle_doubts(other.office)
        _turn(stage, timedelta(minutes=10))
        await delivery.deliver(other.office)
        halting.trouble = NotDelivered(Trouble.BUSY, seconds=5)

    halting.before = lambda: asyncio.create_task(meanwhile())
    _carried_by(stage, halting)
    await delivery.deliver(stage.app.office)
    assert (await _letter(stage, number)).state is LetterState.SENT
    await stage.forward(hours=3)
    assert len(ada.inbox) == 1


async def test_withdrawn_while_it_is_sent_to_a_busy_platform_it_is_not_tried_again(stage: Stage, other: App) -> None:
    ada = await stage.person("Ada")
    number = await _post(stage, ada, about="pairing:1")
    halting = HaltingMessenger(stage)
    halting.trouble = NotDelivered(Trouble.BUSY, seconds=5)

    async def meanwhile() -> None:
        async with other.storage.work() as work:
            await outbox.withdraw(work, "pairing:1")

    halting.before = lambda: asyncio.create_task(meanwhile())
    _carried_by(stage, halting)
    await delivery.deliver(stage.app.office)
    await stage.forward(hours=3)
    assert ada.inbox == []
    assert (await _letter(stage, number)).state is LetterState.EXPIRED


async def test_withdrawn_between_claim_and_call_it_is_not_sent(stage: Stage) -> None:
    ada = await stage.person("Ada")
    number = await _post(stage, ada, about="pairing:1")
    async with stage.app.storage.work() as work:
        [letter] = await outbox.claim(work, 10)
        found = await delivery.addresses(work, [letter])
    async with stage.app.storage.work() as work:
        assert await outbox.withdraw(work, "pairing:1") == 1
    await delivery._deliver(delivery._Ledger(stage.app.office), letter, found[letter.id])
    await delivery._unreachable(stage.app.office, letter)
    assert ada.inbox == []
    assert (await _letter(stage, number)).state is LetterState.WITHDRAWN
    async with stage.app.storage.reading() as work:
        assert (await work.get(Person, ada.id)).unreachable_since is None


async def test_a_letter_that_breaks_its_messenger_keeps_no_other_from_its_reader(stage: Stage) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    broken = HaltingMessenger(stage)
    broken.trouble, broken.only = ZeroDivisionError(), ada.user
    _carried_by(stage, broken)
    await _post(stage, ada, "first")
    await _post(stage, ben, "second")
    with pytest.raises(ZeroDivisionError):
        await delivery.deliver(stage.app.office)
    assert len(ben.inbox) == 1
    await stage.forward(minutes=10)
    assert len(ada.inbox) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_letter_that_always_breaks_is_tried_ever_less_often(stage: Stage) -> None:
    ada = await stage.person("Ada")
    number = await _post(stage, ada)
    tries = []

    class Broken(KeepingMessenger):
        async def send(self, parcel: Parcel) -> Receipt:
            tries.append(self.clock.now())
            raise ZeroDivisionError

    _carried_by(stage, Broken(stage.clock))
    for _minute in range(24 * 12):
        _turn(stage, timedelta(minutes=5))
        for sweep in (delivery.settle_doubts, delivery.deliver):
            with suppress(ZeroDivisionError):
                await sweep(stage.app.office)
    assert 10 < len(tries) < 20, "hourly by day in the end: a fault is repaired some day, and the letter still waits"
    assert (await _letter(stage, number)).message is not None


async def test_what_may_have_arrived_is_repeated_and_says_so(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await _post(stage, ada)
    silent = HaltingMessenger(stage)
    silent.trouble, silent.found = ZeroDivisionError(), Search.UNKNOWN
    _carried_by(stage, silent)
    with pytest.raises(ZeroDivisionError):
        await delivery.deliver(stage.app.office)
    await stage.forward(minutes=10)
    assert [post.text for post in ada.inbox] == ["You may have seen this already.\nHello"]


async def test_a_nudge_that_may_have_arrived_is_not_repeated(stage: Stage) -> None:
    ada = await stage.person("Ada")
    number = await _post(stage, ada, kind=LetterKind.NUDGE)
    silent = HaltingMessenger(stage)
    silent.trouble, silent.found = ZeroDivisionError(), Search.UNKNOWN
    _carried_by(stage, silent)
    with pytest.raises(ZeroDivisionError):
        await delivery.deliver(stage.app.office)
    await stage.forward(hours=3)
    assert ada.inbox == []
    assert (await _letter(stage, number)).state is LetterState.LOST


NIGHT = datetime(2027, 2, 2, 4, 0, tzinfo=UTC)
"""Eleven in the evening where Ada lives."""

MORNING = datetime(2027, 2, 2, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", [LetterKind.NEWS, LetterKind.GOAL, LetterKind.FAREWELL])
async def test_after_an_outage_nobody_is_written_to_at_night(stage: Stage, kind: LetterKind) -> None:
    ada = await stage.person("Ada")
    await _post(stage, ada, kind=kind)
    stage.clock.set(NIGHT)
    await stage.pulse()
    assert ada.inbox == []
    await stage.forward(days=1)
    assert [post.at for post in ada.inbox] == [MORNING]


async def test_after_an_outage_a_room_waits_for_an_hour_that_suits_both(stage: Stage) -> None:
    ada, priya = await stage.person("Ada"), await stage.person("Priya", zone="Asia/Kolkata")
    await stage.pair(ada, priya, cohort=await stage.cohort())
    async with stage.app.storage.work() as work:
        place = (await work.all(select(Place)))[0]
        hello = NewLetter(key="hello", kind=LetterKind.INTRODUCTION, to=place, message=message(_("Hello")))
        await outbox.post(work, 1, hello)
    stage.clock.set(NIGHT)
    await stage.pulse()
    assert ada.rooms == []
    await stage.forward(days=1)
    assert [post.at for post in ada.rooms] == [MORNING]  # 18:30 in Kolkata


async def test_what_a_busy_platform_held_up_comes_in_the_morning(stage: Stage) -> None:
    ada = await stage.person("Ada")
    stage.messenger.busy.add(ada.user)
    stage.clock.set(NIGHT - timedelta(hours=4))
    await _post(stage, ada)
    await stage.pulse()
    _turn(stage, timedelta(hours=3))
    await stage.pulse()
    stage.messenger.busy.clear()
    await stage.forward(days=1)
    assert [post.at for post in ada.inbox] == [MORNING]


async def test_an_answer_that_somebody_waits_for_comes_at_any_hour(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await _post(stage, ada, kind=LetterKind.RESULT)
    stage.clock.set(NIGHT)
    await stage.pulse()
    assert len(ada.inbox) == 1


async def test_a_clock_that_was_set_back_repeats_nothing(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await _post(stage, ada)
    await stage.pulse()
    stage.clock.set(START - timedelta(hours=1))
    await stage.pulse()
    await stage.forward(hours=5)
    assert len(ada.inbox) == 1


async def test_two_tidings_in_hand_at_once_count_against_each_other(stage: Stage, other: App) -> None:
    ada = await stage.person("Ada")
    await _post(stage, ada, "one", kind=LetterKind.TIDING)

    async def meanwhile() -> None:
        await _post(stage, ada, "two", kind=LetterKind.TIDING)
        await delivery.deliver(other.office)

    _carried_by(stage, HaltingMessenger(stage, before=lambda: asyncio.create_task(meanwhile())))
    await delivery.deliver(stage.app.office)
    assert len(ada.inbox) == 1
    async with stage.app.storage.reading() as work:
        assert len(await work.all(select(Letter.id).where(Letter.state == LetterState.WAITING))) == 1


async def test_a_call_that_broke_off_is_looked_for_and_not_repeated(stage: Stage) -> None:
    ada = await stage.person("Ada")
    number = await _post(stage, ada)

    async def break_off() -> None:
        raise NotDelivered(Trouble.UNSURE)

    _carried_by(stage, HaltingMessenger(stage, after=break_off))
    await delivery.deliver(stage.app.office)
    assert (await _letter(stage, number)).state is LetterState.SENDING
    await stage.forward(minutes=5)
    assert len(ada.inbox) == 1
    assert (await _letter(stage, number)).state is LetterState.SENT
