"""The first message: the mentor is asked for it five working days after the introduction, unless there was a sign."""

from __future__ import annotations

from bot.domain import LetterKind, Pairing
from bot.services import first_contact
from bot.storage import queries
from tests.services.rhythm_stage import at, change, couple, letters, press, read_pairing, text_of
from tests.stage import Actor, Stage
from tests.wording import label_of

KIND = LetterKind.FIRST_CONTACT


async def _plan(stage: Stage, pairing: int) -> None:
    async with stage.app.storage.work() as work:
        found = await queries.pairing(work, pairing)
        assert found is not None
        await first_contact.plan(work, found)


async def _planned(stage: Stage, **zones: str) -> tuple[Actor, Actor, int]:
    ben, ada, _olga, _cohort, pair = await couple(stage, **zones)
    await _plan(stage, pair)
    return ben, ada, pair


async def test_the_mentor_alone_is_asked_five_working_days_later_at_ten_of_their_own_clock(stage: Stage) -> None:
    ben, ada, _pair = await _planned(stage, mentor_zone="America/Los_Angeles")
    await stage.to(at("2027-06-10", 12))
    (post,) = await letters(stage, ben, KIND)
    assert post.at == at("2027-06-08", 10, "America/Los_Angeles")
    assert text_of(post).startswith("Ben, would you write to Ada first?")
    assert await letters(stage, ada, KIND) == []


async def test_any_sign_of_life_makes_the_question_pointless(stage: Stage) -> None:
    ben, ada, pair = await _planned(stage)
    await ada.runs("nudge talked", pair=str(pair))
    await stage.to(at("2027-06-14", 12))
    assert await letters(stage, ben, KIND) == []


async def test_we_have_written_is_a_sign_of_life_and_can_be_taken_back(stage: Stage) -> None:
    ben, _ada, pair = await _planned(stage)
    await stage.to(at("2027-06-09", 12))
    await press(ben, "We have written")
    (post,) = await letters(stage, ben, KIND)
    assert text_of(post).startswith("You and Ada are in touch.")
    assert (await read_pairing(stage, pair)).last_sign_at == at("2027-06-09", 12)
    await press(ben, "Undo")
    assert (await read_pairing(stage, pair)).last_sign_at is None
    assert "We have written" in text_of(post)


async def test_not_yet_gets_a_line_to_begin_with_and_leaves_the_question(stage: Stage) -> None:
    ben, _ada, _pair = await _planned(stage)
    await stage.to(at("2027-06-09", 12))
    await press(ben, "Not yet")
    assert "Hello Ada, I am glad that we are a pair." in ben.text
    assert "We have written" in text_of((await letters(stage, ben, KIND))[0])


async def test_a_mentor_of_two_is_asked_about_both_in_one_letter(stage: Stage) -> None:
    ben, _ada, _olga, cohort, first = await couple(stage)
    second = await stage.pair(ben, await stage.person("Cleo"), cohort=cohort)
    await _plan(stage, first)
    await _plan(stage, second)
    await stage.to(at("2027-06-09", 12))
    (post,) = await letters(stage, ben, KIND)
    await press(ben, "We have written")
    assert "You and Ada are in touch." in text_of(post)
    assert [button.args["pair"] for button in post.message.buttons() if label_of(button) == "Not yet"] == [str(second)]
    await stage.to(at("2027-06-30", 12))
    assert list(post.message.buttons()) == []
    assert "This letter is from Tuesday, June 8, the first weeks of your mentoring." in text_of(post)
    assert "About you and Cleo I need no answer any more." in text_of(post)


async def test_at_night_after_an_outage_it_waits_for_the_morning(stage: Stage) -> None:
    ben, _ada, _pair = await _planned(stage)
    stage.clock.set(at("2027-06-09", 3))
    await stage.pulse()
    assert await letters(stage, ben, KIND) == []
    await stage.to(at("2027-06-09", 12))
    assert [post.at for post in await letters(stage, ben, KIND)] == [at("2027-06-09", 8)]


async def test_it_waits_for_the_week_in_which_the_mentor_had_another_unasked_message(stage: Stage) -> None:
    ben, _ada, _olga, cohort, first = await couple(stage)
    second = await stage.pair(ben, await stage.person("Cleo"), cohort=cohort)
    await _plan(stage, first)
    await change(stage, Pairing, second, first_contact_at=at("2027-06-10"))
    await stage.to(at("2027-06-20", 12))
    assert [post.at for post in await letters(stage, ben, KIND)] == [at("2027-06-08"), at("2027-06-15")]


async def test_after_a_full_week_it_comes_at_its_usual_hour_and_not_to_the_second(stage: Stage) -> None:
    ben, _ada, _olga, cohort, first = await couple(stage)
    second = await stage.pair(ben, await stage.person("Cleo"), cohort=cohort)
    await change(stage, Pairing, first, first_contact_at=at("2027-06-04", 17, minute=5))
    await change(stage, Pairing, second, first_contact_at=at("2027-06-10"))
    await stage.to(at("2027-06-20", 12))
    # a Friday afternoon and the Monday after the Friday on which the week is over
    assert [post.at for post in await letters(stage, ben, KIND)] == [at("2027-06-04", 17, minute=5), at("2027-06-14")]


async def test_goals_that_both_wrote_are_a_sign_of_life_and_one_goal_is_none(stage: Stage) -> None:
    ben, ada, _pair = await _planned(stage)
    for title in ("One", "Two"):
        await _writes(ada, title)
    await ben.types("/mentor status")
    assert "My next letter to you comes on Tuesday, June 8." in ben.text
    await _writes(ben, "Three")
    await ben.types("/mentor status")
    assert "My next letter to you comes on Tuesday, June 15." in ben.text
    await stage.to(at("2027-06-14", 12))
    assert await letters(stage, ben, KIND) == []
    assert await letters(stage, ada, KIND) == []


async def _writes(actor: Actor, title: str) -> None:
    await actor.types("/goals set")
    await actor.sends(title=title, help="Read a draft")
    assert "is noted" in actor.text
