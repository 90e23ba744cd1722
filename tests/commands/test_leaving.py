"""Leaving a pair: asked once more, held for some minutes, and true for everybody who reads of it."""

from datetime import date, timedelta

import pytest

from bot.domain import Duty
from bot.ui import Changed, Form
from tests.stage import Actor, Stage
from tests.wording import words_of

Three = tuple[Actor, Actor, Actor]


@pytest.fixture
async def pair(stage: Stage) -> Three:
    """Ben mentors Eve, Olga looks after them; it is ten o'clock in the morning of a Thursday."""
    cohort = await stage.cohort()
    olga = await stage.person("Olga", Duty.LIAISON)
    ben, eve = await stage.person("Ben"), await stage.person("Eve")
    await stage.pair(ben, eve, cohort=cohort, liaison=olga)
    await stage.to(date(2027, 6, 10))
    return ben, eve, olga


async def _farewells(actor: Actor) -> int:
    return sum("cannot go on with your pair" in post.text for post in actor.inbox)


async def _minutes(stage: Stage, minutes: int) -> None:
    stage.clock.set(stage.clock.now() + timedelta(minutes=minutes))
    await stage.pulse()


async def test_leaving_asks_once_more_even_where_everything_was_typed(stage: Stage, pair: Three) -> None:
    _ben, eve, olga = pair
    for text in ("/mentor leave tell:bot", '/mentor leave tell:bot line:"Thank you"'):
        form = await eve.types(text)
        assert isinstance(form, Form)
        assert form.values["tell"] == "bot"
    assert form.values["line"] == "Thank you"
    assert "Who tells Ben?" in words_of(form)
    assert "Read by Ben." in words_of(form)
    await stage.pulse()
    assert olga.inbox == []
    await eve.sends()
    assert "Ending a pair is allowed" in eve.text


async def test_the_question_names_the_partner_for_a_mentor_of_two(stage: Stage, pair: Three) -> None:
    ben, _eve, _olga = pair
    cleo = await stage.person("Cleo")
    await stage.pair(ben, cleo, cohort=await stage.cohort())
    await ben.types("/mentor leave tell:bot")
    form = await ben.presses("Cleo")
    assert isinstance(form, Form)
    assert "Who tells Cleo?" in words_of(form)


async def test_the_partner_hears_some_minutes_later_and_until_then_one_can_stay(stage: Stage, pair: Three) -> None:
    ben, eve, olga = pair
    await stage.forward(days=1)
    await eve.types("/mentor leave tell:bot")
    await eve.sends()
    await _minutes(stage, 9)
    assert "Eve leaves the pair with Ben" in olga.inbox[-1].text
    assert await _farewells(ben) == 0
    assert isinstance(await eve.presses("I would rather stay"), Changed)
    await stage.forward(days=3)
    assert await _farewells(ben) == 0


async def test_staying_too_late_says_so_and_names_somebody(stage: Stage, pair: Three) -> None:
    ben, eve, _olga = pair
    await eve.types("/mentor leave tell:bot")
    await eve.sends()
    shown = eve.last
    await stage.forward(days=2)
    assert await _farewells(ben) == 1
    eve.last = shown
    await eve.presses("I would rather stay")
    assert "too late to take this back: your pair with Ben has ended" in eve.text
    assert "Olga" in eve.text
    assert eve.labels() == ["Where do I stand?"]


async def test_staying_twice_changes_nothing(stage: Stage, pair: Three) -> None:
    _ben, eve, _olga = pair
    await eve.types("/mentor leave tell:self")
    await eve.sends()
    shown = eve.last
    await eve.presses("I would rather stay")
    eve.last = shown
    await eve.presses("I would rather stay")
    assert "you are not leaving this pair" in eve.text
