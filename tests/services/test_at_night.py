"""What nobody asked for at night comes in the morning, whoever it is for."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.domain import CohortState, Duty, Letter, LetterKind, LetterState, Person
from bot.services import endings
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.ui import _, message
from tests.stage import Actor, Stage

NIGHT = datetime(2027, 6, 11, 4, 0, tzinfo=UTC)
"""Midnight in New York, between a Thursday and a Friday."""

MORNING = datetime(2027, 6, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
async def pair(stage: Stage) -> tuple[Actor, Actor, Actor]:
    cohort = await stage.cohort()
    lena = await stage.person("Lena", Duty.LIAISON)
    ben, eve = await stage.person("Ben", zone="Europe/Berlin"), await stage.person("Eve", zone="Europe/Berlin")
    await stage.pair(ben, eve, cohort=cohort, liaison=lena)
    await stage.to(date(2027, 6, 10))
    return ben, eve, lena


async def test_a_liaison_hears_in_the_morning_that_somebody_is_unreachable(
    stage: Stage, pair: tuple[Actor, Actor, Actor]
) -> None:
    ben, _eve, lena = pair
    stage.clock.set(NIGHT)
    stage.messenger.closed.add(ben.user)
    await lena.runs("liaison write", pair="1", text="Hello")
    async with stage.app.storage.work() as work:
        person = await work.get(Person, ben.id)
        await post(
            work, person.community_id, NewLetter(key="x", kind=LetterKind.RESULT, to=person, message=message(_("Done")))
        )
    await stage.forward(days=1)
    told = [post for post in lena.inbox if "do not arrive" in post.text]
    assert [post.at for post in told] == [MORNING]


async def test_coordinators_hear_in_the_morning_of_late_applications_and_other_matches(
    stage: Stage, pair: tuple[Actor, Actor, Actor]
) -> None:
    ben, _eve, _lena = pair
    olga = await stage.person("Olga", Duty.COORDINATOR)
    async with stage.app.storage.work() as work:
        pairing = await queries.pairing(work, 1)
        assert pairing is not None
        await endings.end(work, [pairing], type(pairing.state).ENDED, on=date(2027, 6, 10))
    stage.clock.set(NIGHT)
    await ben.runs("mentor again", member="1")
    await ben.types("/mentor late mentee")
    await ben.sends(
        wishes=["cataloging"], name="Ben", zone="Europe/Berlin", institution="X", career="first_years", conduct="yes"
    )
    assert "late application has arrived" in ben.text
    await stage.forward(days=1)
    heard = [post for post in olga.inbox if "another match" in post.text or "late application" in post.text]
    assert [post.at for post in heard] == [MORNING, MORNING]


async def test_a_farewell_after_an_outage_comes_in_the_morning(stage: Stage, pair: tuple[Actor, Actor, Actor]) -> None:
    ben, eve, _lena = pair
    await eve.types("/mentor leave")
    await eve.sends(tell="bot")
    stage.clock.set(datetime(2027, 6, 10, 22, 0, tzinfo=UTC))
    await stage.pulse()
    await stage.forward(days=1)
    told = [post for post in ben.inbox if "cannot go on with your pair" in post.text]
    assert [post.at for post in told] == [datetime(2027, 6, 11, 6, 0, tzinfo=UTC)]


async def test_no_letter_of_the_program_waits_forever(stage: Stage, pair: tuple[Actor, Actor, Actor]) -> None:
    await stage.to(date(2028, 5, 10))
    async with stage.app.storage.reading() as work:
        waiting = await work.all(
            select(Letter.key).where(Letter.state.in_((LetterState.WAITING, LetterState.CLAIMED, LetterState.SENDING)))
        )
        assert (await queries.newest_cohort(work, 1, CohortState.CLOSED)) is not None
    assert waiting == []
