"""Taking a talk back: what both then read of it is true, and its number never means another talk."""

from sqlalchemy import select

from bot.domain import CheckIn, Departure, Duty
from tests.services.rhythm_stage import at, couple, letters, press, text_of
from tests.stage import Actor, Stage
from tests.wording import label_of


async def _talks(stage: Stage) -> list[CheckIn]:
    async with stage.app.storage.reading() as work:
        return list(await work.all(select(CheckIn).order_by(CheckIn.id)))


async def _both_noted(stage: Stage) -> tuple[Actor, Actor]:
    ben, ada, _olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    await press(ada, "We talked")
    await press(ben, "We talked")
    assert "Ada has noted your talk" in text_of((await letters(stage, ben))[0])
    return ben, ada


async def _are_told_the_same(stage: Stage, ben: Actor, ada: Actor) -> None:
    assert len(await _talks(stage)) == 1
    (post,) = await letters(stage, ada)
    assert text_of(post).startswith("Ben has noted your talk of Tuesday, June 15. It counts for you both.")
    assert [label_of(button) for button in post.message.buttons()] == ["Add details", "It was another talk"]
    await stage.pulse()
    (post,) = await letters(stage, ben)
    assert text_of(post).startswith("Noted. You talked with Ada on Tuesday, June 15.")
    assert [label_of(button) for button in post.message.buttons()] == ["Add details", "Undo"]


async def test_who_takes_a_talk_back_that_the_other_noted_reads_that_it_stays(stage: Stage) -> None:
    ben, ada = await _both_noted(stage)
    await press(ada, "Undo")
    await _are_told_the_same(stage, ben, ada)
    await press(ben, "Undo")
    assert await _talks(stage) == []
    assert "We talked" in text_of((await letters(stage, ben))[0])


async def test_taking_it_back_outside_the_letter_renews_both_letters(stage: Stage) -> None:
    ben, ada = await _both_noted(stage)
    (talk,) = await _talks(stage)
    await ada.runs("checkin undo", checkin=str(talk.id))
    await stage.pulse()
    await _are_told_the_same(stage, ben, ada)


async def test_an_old_button_never_opens_another_talk(stage: Stage) -> None:
    _ben, ada, _olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    await press(ada, "We talked")
    (first,) = await _talks(stage)
    await press(ada, "Undo")
    await press(ada, "We talked")
    (second,) = await _talks(stage)
    assert second.id != first.id
    await ada.runs("checkin details", checkin=str(first.id))
    assert "I do not find this talk among yours" in ada.text


async def test_a_second_leaving_is_told_like_the_first(stage: Stage) -> None:
    cohort = await stage.cohort()
    olga = await stage.person("Olga", Duty.LIAISON)
    ben, eve = await stage.person("Ben"), await stage.person("Eve")
    await stage.pair(ben, eve, cohort=cohort, liaison=olga)
    await stage.to(at("2027-06-10", 10))
    for _turn in range(2):
        await eve.types("/mentor leave tell:self")
        await eve.sends()
        await stage.pulse()
        await eve.presses("I would rather stay")
        await stage.pulse()
    assert sum("Eve leaves the pair with Ben" in post.text for post in olga.inbox) == 2
    async with stage.app.storage.reading() as work:
        assert await work.all(select(Departure)) == []
