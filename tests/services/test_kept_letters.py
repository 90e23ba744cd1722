"""Letters to people who are not here yet: kept without alarm, taken back like all others, and never left behind."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import Account, Duty, Letter, LetterKind, LetterState, Person, Space
from bot.services import arrivals, delivery, merging
from bot.storage import outbox
from bot.storage.outbox import NewLetter
from bot.ui import _, message
from tests.stage import Stage


async def _expected(stage: Stage) -> Person:
    """Ada, whom Olga has entered, and a letter to her."""
    olga = await stage.person("Olga", Duty.COORDINATOR)
    async with stage.app.storage.work() as work:
        by = await work.get(Person, olga.id)
        ada = await arrivals.enter(work, name="Ada", mail="ada@example.org", by=by)
        hello = NewLetter(key="hello", kind=LetterKind.NEWS, to=ada, message=message(_("Hello")), about="pairing:7")
        await outbox.post(work, ada.community_id, hello)
    return ada


async def _letter(stage: Stage) -> Letter:
    async with stage.app.storage.reading() as work:
        found = await work.first(select(Letter).where(Letter.key == "hello"))
        assert found is not None
        return found


async def _arrives(stage: Stage, ada: Person) -> None:
    async with stage.app.storage.work() as work:
        space = await work.first(select(Space))
        assert space is not None
        work.add(Account(space_id=space.id, user="U900", person_id=ada.id))
        await work.flush()
        await arrivals.arrive(work, await work.get(Person, ada.id))


async def test_a_kept_letter_has_its_words_and_is_due_no_more(stage: Stage) -> None:
    await _expected(stage)
    await stage.pulse()
    letter = await _letter(stage)
    assert letter.state is LetterState.KEPT
    assert letter.message is not None
    assert await stage.pulse() == 0


async def test_what_is_withdrawn_meanwhile_is_not_said_on_arrival(stage: Stage) -> None:
    ada = await _expected(stage)
    await stage.pulse()
    async with stage.app.storage.work() as work:
        assert await outbox.withdraw(work, "pairing:7") == 1
    await _arrives(stage, ada)
    await stage.forward(days=1)
    assert stage.messenger.posts == []


async def test_who_arrives_while_a_letter_is_on_its_way_to_nobody_gets_it(stage: Stage) -> None:
    ada = await _expected(stage)
    async with stage.app.storage.work() as work:
        [letter] = await outbox.claim(work, 10)
    await _arrives(stage, ada)
    await delivery._deliver(delivery._Ledger(stage.app.office), letter, None)
    await stage.pulse()
    assert [post.text for post in stage.messenger.posts] == ["Hello"]


async def test_who_is_recognized_while_a_letter_is_on_its_way_to_nobody_gets_it(stage: Stage) -> None:
    ada, here = await _expected(stage), await stage.person("Ada L.")
    async with stage.app.storage.work() as work:
        [letter] = await outbox.claim(work, 10)
    async with stage.app.storage.work() as work:
        entered, newcomer = await work.get(Person, ada.id), await work.get(Person, here.id)
        assert await merging.obstacle(work, entered, newcomer) is None
        await merging.recognize(work, entered, newcomer, by=newcomer)
    await delivery._deliver(delivery._Ledger(stage.app.office), letter, None)
    await stage.pulse()
    assert "Hello" in [post.text for post in here.inbox]


async def test_who_closed_their_messages_is_unreachable_as_ever(stage: Stage) -> None:
    ada = await _expected(stage)
    stage.messenger.closed.add("U900")
    await _arrives(stage, ada)
    await stage.pulse()
    assert (await _letter(stage)).state is LetterState.UNREACHABLE
