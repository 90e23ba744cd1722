"""News that can wait: most urgent first, one thing to do at most, never twice, and gone with its pair."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain import Letter, Pairing, Person, Rider
from bot.services import riders
from bot.ui import Button, Buttons, Message, Words, message
from tests.services.rhythm_stage import at, couple, letters, press, text_of
from tests.stage import Actor, Stage
from tests.wording import label_of


def _news(text: str, *labels: str) -> Message:
    buttons = tuple(Button(Words(label), "mentor status") for label in labels)
    return message(Words(text), *((Buttons(buttons),) if buttons else ()))


_MINE = select(Rider).where(Rider.key == "A line.")


async def _ride(stage: Stage, actor: Actor, text: str, *labels: str, urgency: int = 1, pair: int | None = None) -> None:
    async with stage.app.storage.work() as work:
        person = await work.get(Person, actor.id)
        pairing = await work.find(Pairing, pair)
        news = _news(text, *labels)
        await riders.ride(work, riders.News(to=person, key=text, urgency=urgency, message=news, pairing=pairing))


async def test_a_letter_carries_one_thing_to_do_and_three_lines_and_the_rest_waits(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await _ride(stage, ben, "Sign later.", "Sign", urgency=1)
    await _ride(stage, ben, "Train first.", "Train", urgency=9)
    for number in range(4):
        await _ride(stage, ben, f"Line {number}.", urgency=number)
    await _ride(stage, ben, "Line 3.", urgency=5)  # one key is said once
    await stage.to(at("2027-06-15", 12))
    text = text_of((await letters(stage, ben))[0])
    assert text.index("Train first.") < text.index("Line 3.") < text.index("Line 2.") < text.index("Line 1.")
    assert text.count("Line 3.") == 1
    assert "Sign later." not in text
    assert "Line 0." not in text
    await press(ben, "We talked")
    labels = [label_of(button) for button in (await letters(stage, ben))[0].message.buttons()]
    assert labels == ["Add details", "Undo", "Train"]
    await stage.to(at("2027-06-29", 12))
    text = text_of((await letters(stage, ben))[1])
    assert "Sign later." in text
    assert "Line 0." in text
    assert "Train first." not in text


async def test_news_about_a_pair_that_ended_are_forgotten(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, pair = await couple(stage)
    await _ride(stage, ben, "Their goal changed.", pair=pair)
    async with stage.app.storage.work() as work:
        await riders.drop(work, await work.get(Pairing, pair))
        assert await work.all(select(Rider)) == []


async def test_news_of_a_letter_that_reached_nobody_wait_again(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await _ride(stage, ben, "A line.")
    await stage.to(at("2027-06-15", 12))
    async with stage.app.storage.work() as work:
        rider = await work.first(select(Rider))
        assert rider is not None
        assert rider.letter_id is not None
        await riders.free(work, await work.get(Letter, rider.letter_id))
        await work.session.refresh(rider)
        assert rider.letter_id is None
    await stage.to(at("2027-06-29", 12))
    assert "A line." in text_of((await letters(stage, ben))[1])


async def test_the_words_of_news_are_forgotten_when_their_letter_is_over(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await _ride(stage, ben, "A line.")
    await stage.to(at("2027-06-15", 12))
    async with stage.app.storage.reading() as work:
        assert [bool(rider.message) for rider in await work.all(_MINE)] == [True]
    await press(ben, "We talked")
    assert "A line." in text_of((await letters(stage, ben))[0])
    await stage.to(at("2027-06-29", 12))
    async with stage.app.storage.reading() as work:
        assert [rider.message for rider in await work.all(_MINE)] == [{}]
    await _ride(stage, ben, "A line.")  # a key is said once ever
    await stage.to(at("2027-07-13", 12))
    assert not any("A line." in text_of(letter) for letter in (await letters(stage, ben))[1:])
