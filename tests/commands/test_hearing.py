"""Words typed without a command: the answer to what was asked last after one press, and never lost, never logged."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select

from bot.domain import Draft, Note, Pace, Person
from bot.ui import Form, Message
from tests.commands.pair_stage import INTRODUCED, paired, second_pair, write_goal
from tests.services import rhythm_stage
from tests.services.rhythm_stage import DAYS, at, change, couple
from tests.stage import Actor, Stage

NOON = INTRODUCED + timedelta(days=40)
SENTENCE = 'We spoke about "metadata" & authority files'


async def drafts(stage: Stage) -> list[dict[str, object]]:
    async with stage.app.storage.reading() as work:
        return [dict(draft.answers) for draft in await work.all(select(Draft).order_by(Draft.id))]


async def asked(stage: Stage, *, goal: bool = True) -> tuple[Actor, Actor]:
    """Ben and Ada on the day of their first letter, which has arrived."""
    ben, ada, _olga, _cohort, number = await couple(stage)
    if goal:
        await rhythm_stage.write_goal(stage, number)
    await stage.to(at(str(DAYS[0]), 11))
    assert await rhythm_stage.letters(stage, ada)
    return ben, ada


async def test_words_are_put_into_the_form_that_was_opened_last(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set")
    await pair.ada.types(SENTENCE)
    assert "Shall I put this under “Goal”?" in pair.ada.text
    assert SENTENCE in pair.ada.text
    assert pair.ada.labels() == ["Yes, put it there", "No, something else"]

    form = await pair.ada.presses("Yes, put it there")
    assert isinstance(form, Form)
    assert (form.run, form.values["title"], form.errors) == ('goals set pair:"1"', SENTENCE, {})
    await pair.ada.sends(help="Read a draft")
    assert [goal.title for goal in await pair.goals()] == [SENTENCE]
    assert await drafts(stage) == []


async def test_what_was_filled_in_stays_and_the_next_words_are_the_next_answer(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set Publish a paper")
    await pair.ada.types("Read two drafts")
    assert "under “How the mentor can best help”" in pair.ada.text
    form = await pair.ada.presses("Yes, put it there")
    assert isinstance(form, Form)
    assert form.values == {"title": "Publish a paper", "help": "Read two drafts"}


async def test_no_gives_the_words_back_and_keeps_nothing(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set")
    await pair.ada.types(SENTENCE)
    await pair.ada.presses("No, something else")
    assert SENTENCE in pair.ada.text
    assert pair.ada.labels() == ["Where do I stand?", "What can I do here?"]
    assert await drafts(stage) == [{}]


async def test_words_that_nobody_said_the_use_of_are_thrown_away_after_a_day(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set")
    await pair.ada.types(SENTENCE)
    await stage.forward(hours=23)
    assert {"words": SENTENCE} in await drafts(stage)
    await stage.forward(hours=2)
    assert await drafts(stage) == [{}]


async def test_earlier_words_are_still_there_after_later_ones(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set")
    await pair.ada.types("First thought")
    first = pair.ada.last
    await stage.forward(minutes=1)
    await pair.ada.types("Second thought")
    pair.ada.last = first
    form = await pair.ada.presses("Yes, put it there")
    assert isinstance(form, Form)
    assert form.values["title"] == "First thought"


async def test_words_that_do_not_fit_are_not_cut(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set")
    await pair.ada.types("word " * 40)
    assert "It has 199 characters, and 150 fit." in pair.ada.text
    assert isinstance(await pair.ada.presses("Open the form"), Form)


async def test_a_form_that_was_sent_or_left_long_ago_asks_nothing(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await write_goal(pair.ada)
    await pair.ada.types(SENTENCE)
    assert pair.ada.labels() == ["Where do I stand?", "What can I do here?"]
    await pair.ada.types("/goals set")
    stage.clock.set(NOON + timedelta(days=2))
    await pair.ada.types(SENTENCE)
    assert pair.ada.labels() == ["Where do I stand?", "What can I do here?"]


async def test_a_form_that_cannot_be_sent_any_more_asks_nothing(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set")
    await pair.change(state="ended")
    await pair.ada.types(SENTENCE)
    assert pair.ada.labels() == ["Where do I stand?", "What can I do here?"]


async def test_an_answer_to_the_letter_becomes_the_note_of_a_talk(stage: Stage) -> None:
    _ben, ada = await asked(stage)
    await ada.types(SENTENCE)
    assert SENTENCE in ada.text
    assert ada.labels() == ["Keep it as a note of a talk today", "No, something else", "Ask me less often"]
    form = await ada.presses("Keep it as a note of a talk today")
    assert isinstance(form, Form)
    assert (form.values["note"], form.values["date"]) == (SENTENCE, str(DAYS[0]))
    await ada.sends()
    async with stage.app.storage.reading() as work:
        assert [(note.text, note.shared) for note in await work.all(select(Note))] == [(SENTENCE, True)]
    await ada.types("Thank you")
    assert "You are welcome." in ada.text


async def test_with_two_pairs_each_has_its_button(stage: Stage) -> None:
    pair = await paired(stage, now=at("2027-06-01", 9))
    cleo, second = await second_pair(pair)
    for number in (pair.number, second):
        await rhythm_stage.write_goal(stage, number)
    await stage.to(at(str(DAYS[0]), 16))
    await pair.ben.types(SENTENCE)
    labels = [f"As a note of a talk with {name} today" for name in (pair.ada.name, cleo.name)]
    assert pair.ben.labels()[:2] == labels
    form = await pair.ben.presses(labels[1])
    assert isinstance(form, Form)
    assert form.run == f'checkin log pair:"{second}"'


async def test_a_letter_that_asks_for_a_goal_takes_the_words_as_one(stage: Stage) -> None:
    _ben, ada = await asked(stage, goal=False)
    await ada.types(SENTENCE)
    assert "Shall I take this as a goal of you and Ben?" in ada.text
    form = await ada.presses("Yes, as a goal")
    assert isinstance(form, Form)
    assert form.values == {"title": SENTENCE}


async def test_a_question_about_silence_is_answered_by_its_own_buttons_or_a_note(stage: Stage) -> None:
    _ben, ada = await asked(stage)
    await stage.to(at(str(DAYS[1]), 11))
    await ada.types("All is fine with us")
    assert ada.labels() == [
        "We talk, all is well", "A busy time: ask me in a month", "I would like some help",
        "Keep it as a note of a talk today", "No, something else",
    ]  # fmt: skip
    await ada.presses("We talk, all is well")
    await ada.types("Thanks")
    assert "You are welcome." in ada.text


@pytest.mark.parametrize(
    ("typed", "label"), [("monthly please", "Once a month"), ("A pause would be good", "Pause for four weeks")]
)
async def test_a_question_about_the_pace_understands_its_answers(stage: Stage, typed: str, label: str) -> None:
    _ben, ada, _olga, _cohort, number = await couple(stage)
    await rhythm_stage.write_goal(stage, number)
    await change(stage, Person, ada.id, unanswered=3)
    await stage.to(at(str(DAYS[0]), 11))
    await ada.types(typed)
    assert ada.labels()[0] == label
    await ada.presses(label)
    person = await rhythm_stage.read_person(stage, ada)
    assert (person.pace is Pace.MONTHLY) == (typed == "monthly please")
    assert (person.snoozed_until is not None) == (typed != "monthly please")


async def test_the_first_message_is_answered_by_the_buttons_of_its_letter(stage: Stage) -> None:
    pair = await paired(stage, now=INTRODUCED)
    await pair.change(first_contact_at=INTRODUCED + timedelta(days=2))
    await stage.to(INTRODUCED + timedelta(days=2, hours=3))
    await pair.ben.types("I wrote on Monday")
    assert pair.ben.labels() == ["We have written", "Not yet", "No, something else"]


async def test_what_is_almost_a_command_is_not_taken_for_an_answer(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set")
    for typed in ("goal set", "/goals sett", "/Publish a paper"):
        await pair.ada.types(typed)
        assert "I do not know that command" in pair.ada.text


async def test_a_command_is_run_without_its_slash_and_without_mentor(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    for typed in ("mentor status", "status", "Status"):
        await pair.ada.types(typed)
        assert "Where you stand" in pair.ada.text
    await pair.ada.types("status is what I want to talk about")
    assert "Where you stand" not in pair.ada.text


async def test_words_of_somebody_else_and_made_up_buttons_give_nothing(stage: Stage) -> None:
    pair = await paired(stage, now=NOON)
    await pair.ada.types("/goals set")
    reply = await pair.ada.types(SENTENCE)
    assert isinstance(reply, Message)
    (take, *_others) = reply.buttons()
    form = await pair.ben.runs(take.run, **take.args)
    assert isinstance(form, Form)
    assert form.values == {}
    await pair.ada.runs("words take", kept="1", run="no such thing", field="title")
    assert "I do not know that command" in pair.ada.text
    await pair.ada.runs("words take", **{**take.args, "run": "cohort create"})
    assert "is for coordinators" in pair.ada.text
    form = await pair.ada.runs(take.run, **take.args)
    assert isinstance(form, Form)
    assert form.values["title"] == SENTENCE


async def test_no_typed_word_reaches_a_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pair = await paired(stage, now=NOON)
    with structlog.testing.capture_logs() as lines:
        await pair.ada.types("/goals set")
        await pair.ada.types(SENTENCE)
        await pair.ada.presses("Yes, put it there")
        await pair.ben.types(SENTENCE)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("aiosqlite", "asyncpg"))]
    assert "metadata" not in str([lines, ours])
