"""The quiet budget: it postpones and never drops, and leaves alone what comes alone."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.domain import Letter, LetterKind, Person
from bot.services import first_contact, riders
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.ui import Button, Buttons, Words, message
from tests.services.rhythm_stage import DAYS, at, couple, letters
from tests.stage import Actor, Stage


async def _send(stage: Stage, actor: Actor, key: str, kind: LetterKind) -> None:
    async with stage.app.storage.work() as work:
        person = await work.get(Person, actor.id)
        letter = NewLetter(key=key, kind=kind, to=person, message=message(Words(key)))
        await post(work, person.community_id, letter)
    await stage.pulse()


async def test_one_unasked_message_a_week_and_the_others_wait_in_order(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    for key in ("one", "two", "three"):
        await _send(stage, ben, key, LetterKind.TIDING)
    assert [post.at for post in ben.inbox] == [at("2027-06-01", 9)]
    await stage.to(at("2027-06-16", 12))
    found = await letters(stage, ben, LetterKind.TIDING)
    assert [post.at for post in found] == [at("2027-06-01", 9), at("2027-06-08", 9), at("2027-06-15", 9)]
    assert [post.text for post in found] == ["one", "two", "three"]
    assert len(await letters(stage, ben)) == 1


async def test_what_comes_alone_neither_waits_nor_counts(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await _send(stage, ben, "one", LetterKind.TIDING)
    for kind in (LetterKind.NEWS, LetterKind.FAREWELL, LetterKind.REMINDER, LetterKind.DUTY):
        await _send(stage, ben, kind.value, kind)
    assert len(ben.inbox) == 5


async def test_a_postponed_message_comes_at_a_decent_hour(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    stage.clock.set(at("2027-06-04", 22))
    await _send(stage, ben, "one", LetterKind.TIDING)
    await _send(stage, ben, "two", LetterKind.TIDING)
    await stage.to(at("2027-06-14", 12))
    assert [post.at for post in await letters(stage, ben, LetterKind.TIDING)][1] == at("2027-06-14", 8)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_mentor_of_two_who_logs_talks_gets_fewer_than_forty_messages_in_a_program(stage: Stage) -> None:
    ben, _ada, _olga, cohort, first = await couple(stage)
    second = await stage.pair(ben, await stage.person("Cleo"), cohort=cohort)
    for number in (first, second):
        async with stage.app.storage.work() as work:
            pairing = await queries.pairing(work, number)
            assert pairing is not None
            await first_contact.plan(work, pairing)
    for day in DAYS:
        async with stage.app.storage.work() as work:
            person = await work.get(Person, ben.id)
            news = message(Words("Something to do."), Buttons((Button(Words("Do it"), "mentor status"),)))
            await riders.ride(work, riders.News(to=person, key=f"todo:{day}", urgency=1, message=news))
        await stage.to(datetime.combine(day, time(18), tzinfo=UTC))
        for number in (first, second):
            await ben.runs("nudge talked", pair=str(number))
    await stage.to(at("2028-05-02", 12))
    async with stage.app.storage.reading() as work:
        all_letters = [await work.get(Letter, post.letter) for post in ben.inbox]
    unasked = [letter for letter in all_letters if letter.replaces_id is None]
    assert len(DAYS) <= len(unasked) < 40
