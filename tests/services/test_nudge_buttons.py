"""The buttons of the program's letters, pressed in time, too late, and by the wrong hands."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.domain import CheckIn, Concern, Duty, LetterKind, Pace, Pairing, PairingState
from bot.ui import Changed
from tests.services.rhythm_stage import (
    at,
    change,
    couple,
    letters,
    press,
    read_pairing,
    read_person,
    text_of,
)
from tests.stage import Stage
from tests.wording import label_of, notice_of


async def _talks(stage: Stage) -> int:
    async with stage.app.storage.reading() as work:
        return await work.first(select(func.count()).select_from(CheckIn)) or 0


async def test_we_talked_logs_today_and_the_letter_becomes_its_outcome(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    assert isinstance(await press(ben, "We talked"), Changed)
    (post,) = await letters(stage, ben)
    assert text_of(post).startswith("Noted. You talked with Ada on Tuesday, June 15.")
    assert [label_of(button) for button in post.message.buttons()] == ["Add details", "Undo"]
    assert await _talks(stage) == 1
    await press(ben, "Undo")
    assert await _talks(stage) == 0
    assert "We talked" in text_of(post)


async def test_who_presses_second_reads_that_the_partner_had_noted_it(stage: Stage) -> None:
    ben, ada, _olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    await press(ben, "We talked")
    await press(ada, "We talked")
    (post,) = await letters(stage, ada)
    assert text_of(post).startswith("Ben has noted your talk of Tuesday, June 15.")
    assert [label_of(button) for button in post.message.buttons()] == ["Add details", "It was another talk"]
    assert await _talks(stage) == 1


async def test_a_talk_that_both_tell_of_on_different_days_counts_once(stage: Stage) -> None:
    ben, ada, _olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    await press(ben, "We talked")
    await stage.to(at("2027-06-17", 12))
    await press(ada, "We talked")
    (post,) = await letters(stage, ada)
    assert text_of(post).startswith("Ben has noted your talk of Tuesday, June 15.")
    assert await _talks(stage) == 1
    await ada.types("/checkin log date:2027-06-17")
    assert await _talks(stage) == 2


async def test_planned_and_not_yet_leave_the_way_open(stage: Stage) -> None:
    ben, ada, _olga, _cohort, pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    await press(ada, "Not yet")
    assert (await read_pairing(stage, pair)).last_sign_at is None
    await ben.runs("nudge planned", pair=str(pair))
    assert (await read_pairing(stage, pair)).last_sign_at == at("2027-06-15", 12)
    await press(ada, "We talked")
    assert text_of((await letters(stage, ada))[0]).startswith("Noted.")


async def test_a_letter_whose_period_is_over_loses_its_buttons(stage: Stage) -> None:
    ben, ada, _olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    await press(ben, "We talked")
    await stage.to(at("2027-06-29", 12))
    answered, unanswered = (await letters(stage, ben))[0], (await letters(stage, ada))[0]
    assert list(answered.message.buttons()) == list(unanswered.message.buttons()) == []
    assert "Noted. You talked with Ada" in text_of(answered)
    assert "This letter asked about your mentoring from Tuesday, June 15 to Tuesday, June 29." in text_of(unanswered)
    assert len(await letters(stage, ada)) == 2


async def test_a_stale_press_counts_and_says_so_in_one_sentence(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    old = (await letters(stage, ben))[0].message
    await stage.to(at("2027-06-30", 12))
    post = (await letters(stage, ben))[0]
    post.message = old  # a platform that has not shown the change yet
    (await letters(stage, ben))[1].message = post.message.__class__(())
    reply = await press(ben, "We talked")
    assert not isinstance(reply, Changed)
    assert ben.text.startswith("That letter was about an earlier time, and your answer still counts.")
    assert await _talks(stage) == 1


async def test_a_button_about_a_pair_that_has_ended_gets_a_kind_word(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    await change(stage, Pairing, pair, state=PairingState.ENDED)
    await press(ben, "We talked")
    assert ben.text.startswith("You and Ada are no longer a pair here")
    assert await _talks(stage) == 0


async def test_nobody_answers_for_somebody_elses_pair(stage: Stage) -> None:
    _ben, _ada, olga, _cohort, pair = await couple(stage)
    assert olga is not None
    for path in ("talked", "planned", "later", "written", "well", "busy", "undo", "trouble"):
        await olga.runs(f"nudge {path}", pair=str(pair))
        assert "I do not find what this was about" in olga.text
    assert await _talks(stage) == 0


async def test_less_often_says_what_each_choice_means_and_how_to_go_back(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    await press(ben, "Ask me less often")
    paces = ["Once a month", "Only at new phases", "Pause for four weeks", "Every two weeks, as before"]
    assert ben.labels() == [*paces, "Choose quiet hours"]
    await ben.presses("Only at new phases")
    assert "when a new phase of the program begins" in ben.text
    assert (await read_person(stage, ben)).pace is Pace.PHASES
    await ben.presses("Choose something else")
    await ben.presses("Pause for four weeks")
    assert "I write again from Tuesday, July 13 on." in ben.text
    await ben.presses("Every two weeks, as before")
    person = await read_person(stage, ben)
    assert (person.pace, person.snoozed_until) == (Pace.FORTNIGHTLY, None)


async def test_something_is_not_working_asks_before_anybody_is_told(stage: Stage) -> None:
    cora = await stage.person("Cora", Duty.COORDINATOR)
    ben, ada, olga, _cohort, _pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    before = len(ben.inbox)
    await press(ada, "Something is not working")
    assert "Olga, your liaison, or Cora, the coordinator," in ada.text
    assert ada.labels() == ["Tell Olga", "Tell the coordinator only", "Not now"]
    await stage.pulse()
    assert await letters(stage, olga, LetterKind.DUTY) == []
    await ada.presses("Tell the coordinator only")
    assert "Ben hears nothing from me." in ada.text
    await stage.pulse()
    (post,) = await letters(stage, cora, LetterKind.DUTY)
    assert notice_of(post.message) == "Somebody in your program would like to hear from you."
    assert "Ada asks you to get in touch." in text_of(post)
    assert await letters(stage, olga, LetterKind.DUTY) == []
    assert len(ben.inbox) == before
    async with stage.app.storage.reading() as work:
        assert len(await work.all(select(Concern))) == 1


async def test_the_same_person_is_not_told_twice_and_nobody_in_the_pair_is_ever_offered(stage: Stage) -> None:
    ben, ada, _olga, _cohort, pair = await couple(stage)
    await change(stage, Pairing, pair, liaison_id=ben.id)
    await ada.runs("nudge trouble", pair=str(pair))
    assert "nobody in the team" in ada.text
    cora = await stage.person("Cora", Duty.COORDINATOR)
    await ada.runs("nudge trouble", pair=str(pair))
    assert ada.labels() == ["Tell Cora", "Not now"]
    await ada.runs("nudge tell", pair=str(pair), to="coordinator")
    await ada.runs("nudge tell", pair=str(pair), to="coordinator")
    assert ada.text == "Cora has your message already and will get in touch with you."
    await stage.pulse()
    assert len(await letters(stage, cora, LetterKind.DUTY)) == 1
