"""Silence: both are asked, with the day on which the liaison hears of it, and then the liaison hears of it once."""

from __future__ import annotations

from bot.domain import Duty, LetterKind, Pairing, PairingState, Person
from tests.services.rhythm_stage import (
    at,
    change,
    couple,
    letters,
    outcomes,
    press,
    read_pairing,
    read_person,
    text_of,
    topics,
)
from tests.stage import Stage
from tests.wording import label_of, notice_of

DUTY = LetterKind.DUTY


async def test_after_four_weeks_both_are_asked_and_told_on_which_day_the_liaison_hears_of_it(stage: Stage) -> None:
    ben, ada, olga, _cohort, pair = await couple(stage, mentee_zone="Pacific/Auckland")
    await stage.to(at("2027-06-29", 12))
    for person in (ben, ada):
        post = (await letters(stage, person))[-1]
        assert notice_of(post.message) == "A question about your mentoring"
        assert "for 4 weeks" in text_of(post)
        assert "I let Olga know that your pair is quiet" in text_of(post)
        assert ("Tuesday, July 13" if person is ben else "Wednesday, July 14") in text_of(post)
    assert (await read_pairing(stage, pair)).liaison_hears_at == at("2027-07-13", 10, "America/Chicago")
    assert await letters(stage, olga, DUTY) == []


async def test_the_liaison_hears_once_with_dates_and_never_words(stage: Stage) -> None:
    ben, _ada, olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-09-30", 12))
    (post,) = await letters(stage, olga, DUTY)
    assert post.at == at("2027-07-13", 10, "America/Chicago")
    assert "no news since they began on Tuesday, June 1. I asked on Tuesday, June 29 and had no answer." in text_of(
        post
    )
    labels = [label_of(button) for button in post.message.buttons()]
    assert labels == ["Write to Ben and Ada", "I am in touch", "See this pair"]
    assert [topic for topic, _prompt in await topics(stage, ben)].count("silence") == 1


async def test_a_sign_of_either_ends_it_and_a_new_silence_is_asked_about_anew(stage: Stage) -> None:
    ben, ada, olga, _cohort, pair = await couple(stage)
    await stage.to(at("2027-06-30", 12))
    await press(ada, "We talk, all is well")
    assert "I do not ask about it again before Wednesday, August 25." in text_of((await letters(stage, ada))[-1])
    await stage.to(at("2027-08-30", 12))
    assert await letters(stage, olga, DUTY) == []
    assert [topic for topic, _prompt in await topics(stage, ben)].count("silence") == 1
    await stage.to(at("2027-09-22", 12))
    assert await letters(stage, olga, DUTY) != []
    assert (await read_pairing(stage, pair)).liaison_told_at is not None


async def test_a_busy_time_is_a_month_of_quiet_and_no_word_to_the_liaison(stage: Stage) -> None:
    ben, ada, olga, _cohort, pair = await couple(stage)
    await stage.to(at("2027-06-29", 15))
    await press(ben, "A busy time: ask me in a month")
    assert "I write again from Tuesday, July 27 on" in text_of((await letters(stage, ben))[-1])
    await stage.to(at("2027-07-28", 12))
    assert await outcomes(stage, ben, pair) == [(1, "nudged"), (2, "nudged"), (3, "snoozed"), (4, "nudged")]
    assert len(await letters(stage, ada)) == 4
    assert await letters(stage, olga, DUTY) == []


async def test_taking_an_answer_back_lets_the_named_day_stand_again(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, pair = await couple(stage)
    await stage.to(at("2027-06-29", 15))
    before = (await read_pairing(stage, pair)).liaison_hears_at
    await press(ben, "A busy time: ask me in a month")
    assert (await read_pairing(stage, pair)).liaison_hears_at is None
    await press(ben, "Undo")
    assert (await read_pairing(stage, pair)).liaison_hears_at == before
    assert (await read_person(stage, ben)).snoozed_until is None
    assert "We talk, all is well" in text_of((await letters(stage, ben))[-1])


async def test_without_a_liaison_the_coordinators_hear_of_it(stage: Stage) -> None:
    cora = await stage.person("Cora", Duty.COORDINATOR, zone="America/Denver")
    await couple(stage, liaison=False)
    await stage.to(at("2027-07-20", 12))
    (post,) = await letters(stage, cora, DUTY)
    assert post.at == at("2027-07-13", 10, "America/Chicago")


async def test_a_liaison_of_several_quiet_pairs_gets_one_letter(stage: Stage) -> None:
    _ben, _ada, olga, cohort, _pair = await couple(stage)
    await stage.pair(await stage.person("Cleo"), await stage.person("Dan"), cohort=cohort, liaison=olga)
    await stage.to(at("2027-07-20", 12))
    (post,) = await letters(stage, olga, DUTY)
    assert "Ben and Ada" in text_of(post)
    assert "Cleo and Dan" in text_of(post)


async def test_nobody_is_worried_about_while_somebody_has_paused(stage: Stage) -> None:
    ben, ada, olga, _cohort, pair = await couple(stage)
    await stage.to(at("2027-06-30", 12))
    await change(stage, Person, ben.id, paused_at=at("2027-07-01"))
    await stage.to(at("2027-07-20", 12))
    assert await letters(stage, olga, DUTY) == []
    await change(stage, Pairing, pair, state=PairingState.PAUSED)
    await stage.to(at("2027-07-30", 12))
    assert [topic for topic, _prompt in await topics(stage, ada)].count("silence") == 1


async def test_a_liaison_is_not_woken_when_the_bot_was_down(stage: Stage) -> None:
    _ben, _ada, olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-30", 12))
    stage.clock.set(at("2027-07-15", 3, "America/Chicago"))
    await stage.pulse()
    assert await letters(stage, olga, DUTY) == []
    await stage.forward(hours=12)
    (post,) = await letters(stage, olga, DUTY)
    assert post.at == at("2027-07-15", 8, "America/Chicago")
