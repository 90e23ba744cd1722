"""Every letter once: claims, doubts, back-off, and people whom nothing reaches."""

import asyncio
from datetime import timedelta

import pytest

from bot import app as bot_app
from bot.domain import Duty, Letter, LetterKind, LetterState, Person, Place
from bot.ports import NotDelivered, Parcel, Receipt, Search, Trouble
from bot.services import delivery
from bot.services.places import places_for
from bot.storage import outbox, queries
from bot.storage.outbox import NewLetter
from bot.ui import Who, _, message
from tests.stage import START, Actor, KeepingMessenger, Stage


async def _post(stage: Stage, actor: Actor, key: str, **more: object) -> list[int]:
    async with stage.app.storage.work() as work:
        person = await work.get(Person, actor.id)
        hello = message(_("Hello {name}", name=Who(actor.id, actor.name)))
        values: dict[str, object] = {"kind": LetterKind.NEWS, "to": person, "message": hello, **more}
        letter = NewLetter(key=key, **values)  # type: ignore[arg-type]
        return await outbox.post(work, person.community_id, letter)


async def _letter(stage: Stage, number: int) -> Letter:
    async with stage.app.storage.reading() as work:
        return await work.get(Letter, number)


async def test_a_letter_is_sent_once_with_a_receipt_and_then_emptied(stage: Stage) -> None:
    ada = await stage.person("Ada")
    (number,) = await _post(stage, ada, "hello")
    assert await _post(stage, ada, "hello") == []
    await stage.pulse()
    assert [post.text for post in ada.inbox] == ["Hello Ada"]
    letter = await _letter(stage, number)
    assert (letter.state, letter.message, letter.conversation) == (LetterState.SENT, None, "dm-U1")


async def test_two_workers_never_send_the_same_letter(stage: Stage, database: str) -> None:
    people = [await stage.person(f"P{n}") for n in range(5)]
    for n in range(60):
        await _post(stage, people[n % 5], f"k{n}")
    other = bot_app.build(database, stage.clock, stage.app.office.messengers)
    try:
        done = await asyncio.gather(*(delivery.deliver(app.office) for app in (stage.app, other, stage.app, other)))
    finally:
        await other.close()
    assert sum(done) == 60
    assert sorted(post.letter for post in stage.messenger.posts) == sorted({p.letter for p in stage.messenger.posts})
    assert len(stage.messenger.posts) == 60


class CrashingMessenger(KeepingMessenger):
    """Posts, and then dies before anybody hears of it."""

    async def send(self, parcel: Parcel) -> Receipt:
        await super().send(parcel)
        raise asyncio.CancelledError


async def _crash(stage: Stage) -> None:
    broken = CrashingMessenger(stage.clock)
    broken.posts = stage.messenger.posts
    office = stage.app.office
    crashing = type(office)(office.storage, {"test": broken})
    with pytest.raises(asyncio.CancelledError):
        await delivery.deliver(crashing)


async def test_a_letter_that_arrived_before_a_crash_is_found_and_not_repeated(stage: Stage) -> None:
    ada = await stage.person("Ada")
    (number,) = await _post(stage, ada, "hello")
    await _crash(stage)
    assert (await _letter(stage, number)).state is LetterState.SENDING
    await stage.forward(minutes=5)
    assert len(ada.inbox) == 1
    assert (await _letter(stage, number)).state is LetterState.SENT


async def test_a_lapsed_claim_is_free_again(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await _post(stage, ada, "hello")
    async with stage.app.storage.work() as work:
        assert len(await outbox.claim(work, 10)) == 1
        assert await outbox.claim(work, 10) == []
    stage.clock.set(stage.clock.now() + outbox.LEASE + timedelta(seconds=1))
    await stage.pulse()
    assert len(ada.inbox) == 1


async def test_a_busy_platform_is_asked_again_later(stage: Stage) -> None:
    ada = await stage.person("Ada")
    stage.messenger.busy.add(ada.user)
    await _post(stage, ada, "hello")
    await stage.pulse()
    assert not ada.inbox
    stage.messenger.busy.clear()
    await stage.forward(minutes=2)
    assert len(ada.inbox) == 1


async def test_a_closed_account_makes_the_liaison_hear_of_it_once(stage: Stage) -> None:
    cohort = await stage.cohort()
    olga = await stage.person("Olga", Duty.LIAISON)
    ben, ada = await stage.person("Ben"), await stage.person("Ada")
    await stage.pair(ben, ada, cohort=cohort, liaison=olga)
    stage.messenger.closed.add(ada.user)
    await _post(stage, ada, "one")
    await _post(stage, ada, "two")
    await stage.pulse()
    assert [post.text for post in olga.inbox if "do not arrive" in post.text] == [olga.inbox[-1].text]
    assert "Ada" in olga.inbox[-1].text
    stage.messenger.closed.clear()
    await ada.types("/mentor status")
    await _post(stage, ada, "three")
    await stage.pulse()
    assert len(ada.inbox) == 1


async def test_a_withdrawn_or_late_letter_is_not_sent(stage: Stage) -> None:
    ada = await stage.person("Ada")
    await _post(stage, ada, "gone", about="pairing:1", held_until=stage.clock.now() + timedelta(hours=1))
    await _post(stage, ada, "late", not_after=stage.clock.now() - timedelta(hours=1))
    async with stage.app.storage.work() as work:
        assert await outbox.withdraw(work, "pairing:1") == 1
    await stage.forward(hours=2)
    assert not ada.inbox


async def test_a_letter_can_rewrite_an_earlier_one(stage: Stage) -> None:
    ada = await stage.person("Ada")
    (first,) = await _post(stage, ada, "first")
    await stage.pulse()
    await _post(stage, ada, "second", replaces=first)
    await stage.pulse()
    assert [(post.rewritten, post.letter) for post in ada.inbox] == [(1, first)]


class OnceUnsureMessenger(KeepingMessenger):
    """Breaks off its first rewrite undone, and says `found` of whatever is looked for."""

    def __init__(self, stage: Stage, *, found: Receipt | Search = Search.UNKNOWN) -> None:
        super().__init__(stage.clock)
        self.posts = stage.messenger.posts
        self.found = found
        self.rewrites = 0

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        self.rewrites += 1
        if self.rewrites == 1:
            raise NotDelivered(Trouble.UNSURE)
        await super().rewrite(parcel, receipt)

    async def find(self, parcel: Parcel) -> Receipt | Search:
        return self.found


@pytest.mark.parametrize("kind", [LetterKind.CALL, LetterKind.NEWS])
@pytest.mark.parametrize("found", [Search.UNKNOWN, Search.ABSENT, Receipt("dm-U1", "1")])
async def test_a_rewrite_that_broke_off_is_made_again_and_says_the_same(
    stage: Stage, kind: LetterKind, found: Receipt | Search
) -> None:
    ada = await stage.person("Ada")
    (first,) = await _post(stage, ada, "first")
    await stage.pulse()
    stage.app.office.messengers["test"] = OnceUnsureMessenger(stage, found=found)  # type: ignore[index]
    (second,) = await _post(stage, ada, "second", replaces=first, kind=kind, message=message(_("It is on Monday.")))
    await stage.forward(minutes=10)
    assert [(post.rewritten, post.text) for post in ada.inbox] == [(1, "It is on Monday.")]
    assert (await _letter(stage, second)).state is LetterState.SENT


async def test_a_rewrite_that_a_later_one_has_overtaken_is_not_made_any_more(stage: Stage) -> None:
    ada = await stage.person("Ada")
    (first,) = await _post(stage, ada, "first")
    await stage.pulse()
    stage.app.office.messengers["test"] = OnceUnsureMessenger(stage)  # type: ignore[index]
    (second,) = await _post(stage, ada, "second", replaces=first, message=message(_("It is on Monday.")))
    await stage.pulse()
    await _post(stage, ada, "third", replaces=first, message=message(_("It is on Tuesday.")))
    await stage.forward(minutes=10)
    assert [(post.rewritten, post.text) for post in ada.inbox] == [(1, "It is on Tuesday.")]
    assert (await _letter(stage, second)).state is LetterState.EXPIRED


async def test_the_weekly_budget_postpones_and_never_drops(stage: Stage) -> None:
    ada = await stage.person("Ada")
    for n in range(3):
        await _post(stage, ada, f"tiding {n}", kind=LetterKind.TIDING)
    await _post(stage, ada, "news", kind=LetterKind.NEWS)
    await stage.pulse()
    assert len(ada.inbox) == 2
    await stage.forward(days=30)
    assert len(ada.inbox) == 4
    days = [post.at - START for post in ada.inbox]
    assert [day.days for day in days] == [0, 0, 7, 14]


async def test_letters_to_a_place_wait_until_it_is_open(stage: Stage) -> None:
    ada, ben = await stage.person("Ada"), await stage.person("Ben")
    async with stage.app.storage.work() as work:
        space = await queries.space_of(work, "test", "stage")
        assert space is not None
        people = [await work.get(Person, ada.id), await work.get(Person, ben.id)]
        (place,) = await places_for(work, [(space.id, people)])
        (again,) = await places_for(work, [(space.id, [people[1], people[0]])])
        assert place.id == again.id
        hello = NewLetter(key="intro", kind=LetterKind.INTRODUCTION, to=place, message=message(_("Hello both")))
        await outbox.post(work, space.community_id, hello)
    await stage.pulse()
    assert [post.conversation for post in ada.rooms] == [f"room-{place.id}"]
    async with stage.app.storage.reading() as work:
        assert (await work.get(Place, place.id)).conversation == f"room-{place.id}"


async def test_no_work_opens_inside_a_work(stage: Stage) -> None:
    async with stage.app.storage.work():
        with pytest.raises(RuntimeError, match="no Work inside a Work"):
            async with stage.app.storage.work():
                pass


async def test_nothing_is_written_when_a_work_fails(stage: Stage) -> None:
    ada = await stage.person("Ada")

    async def fail() -> None:
        async with stage.app.storage.work() as work:
            person = await work.get(Person, ada.id)
            letter = NewLetter(key="no", kind=LetterKind.NEWS, to=person, message=message(_("No")))
            await outbox.post(work, person.community_id, letter)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await stage.pulse()
    assert not ada.inbox


async def test_a_letter_in_doubt_stays_in_doubt_while_its_platform_cannot_be_asked(stage: Stage) -> None:
    class Busy(KeepingMessenger):
        async def find(self, parcel: Parcel) -> Receipt | Search:
            raise NotDelivered(Trouble.BUSY)

    ada = await stage.person("Ada")
    (number,) = await _post(stage, ada, "hello")
    await _crash(stage)
    busy, office = Busy(stage.clock), stage.app.office
    stage.clock.set(stage.clock.now() + outbox.LEASE + timedelta(seconds=1))
    await delivery.settle_doubts(type(office)(office.storage, {"test": busy}))
    assert (await _letter(stage, number)).state is LetterState.SENDING
    await stage.forward(minutes=5)
    assert len(ada.inbox) == 1
