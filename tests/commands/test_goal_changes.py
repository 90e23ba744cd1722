"""Goals that are changed, reached, let go and taken up again."""

from datetime import UTC, date, datetime

import pytest

from bot.domain import GoalState, PairingState
from bot.ui import Changed, Form, Message
from tests.commands.pair_stage import GOAL, Pair, first_goal_letters, paired, strangers, write_goal, write_three
from tests.stage import Stage

JUNE_15 = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)
"""A Tuesday: 11:00 in New York, 8:00 in Los Angeles."""


@pytest.fixture
async def pair(stage: Stage) -> Pair:
    return await paired(stage, now=JUNE_15)


async def test_a_goal_changed_before_its_letter_left_is_told_as_it_reads_now(pair: Pair) -> None:
    pair.stage.clock.set(datetime(2027, 6, 16, 11, 30, tzinfo=UTC))
    await write_goal(pair.ada)
    await pair.ada.presses("Change this goal")
    await pair.ada.sends(title="Publish a long paper")
    await pair.stage.forward(hours=12)

    (letter,) = first_goal_letters(pair.ben)
    assert "Publish a long paper" in letter.text
    assert not await pair.riders(pair.ben)


async def test_a_goal_let_go_before_its_letter_left_is_not_told(pair: Pair) -> None:
    pair.stage.clock.set(datetime(2027, 6, 16, 11, 30, tzinfo=UTC))
    await write_goal(pair.ada)
    await pair.ada.presses("Change this goal")
    await pair.ada.sends(drop="yes")
    await pair.stage.forward(hours=12)
    assert not first_goal_letters(pair.ben)
    assert not await pair.riders(pair.ben)


async def test_a_goal_is_changed_by_either(pair: Pair) -> None:
    await write_goal(pair.ada, measure="It is submitted", by="2028-03-06")
    form = await pair.ben.types("/goals update")
    assert isinstance(form, Form)
    assert form.values == {**GOAL, "measure": "It is submitted", "by": "2028-03-06"}
    await pair.ben.sends(title="Publish a long paper", measure="", by="")

    (goal,) = await pair.goals()
    assert (goal.title, goal.measure, goal.by_on) == ("Publish a long paper", "", None)
    assert "The goal is changed" in pair.ben.text
    assert await pair.riders(pair.ada) == ["Ben changed one of your goals: “Publish a long paper”"]


async def test_several_changes_are_one_piece_of_news(pair: Pair) -> None:
    await write_goal(pair.ada)
    await pair.stage.pulse()
    for title in ("A paper", "A book"):
        await pair.ben.types("/goals update")
        await pair.ben.sends(title=title)
    assert await pair.riders(pair.ada) == ["Ben changed one of your goals: “A book”"]


async def test_a_form_sent_as_it_came_is_no_news(pair: Pair) -> None:
    await write_goal(pair.ada)
    await pair.ben.types("/goals update")
    await pair.ben.sends()
    assert "stays as it was" in pair.ben.text
    assert not await pair.riders(pair.ada)


async def test_a_goal_keeps_a_day_that_is_no_longer_inside(pair: Pair) -> None:
    await write_goal(pair.ada, by="2028-04-30")
    await pair.change(ends_on=date(2028, 1, 31))
    await pair.ada.types("/goals update")
    assert isinstance(await pair.ada.sends(title="Publish anything"), Message)
    await pair.ada.types("/goals update")
    form = await pair.ada.sends(by="2028-04-29")
    assert isinstance(form, Form)
    assert set(form.errors) == {"by"}


async def test_a_goal_is_let_go_without_blame_and_makes_room(pair: Pair) -> None:
    await write_three(pair)
    await pair.ada.types("/goals update")
    await pair.ada.presses("Two")
    await pair.ada.sends(drop="yes")
    assert "let go" in pair.ada.text
    assert pair.ada.labels() == ["Write another goal", "See our goals", "Undo"]
    await pair.ben.types("/goals list")
    assert "Two" not in pair.ben.text
    assert isinstance(await pair.ada.types("/goals set"), Form)


async def test_letting_go_can_be_undone_while_there_is_room(pair: Pair) -> None:
    await write_three(pair)
    second = (await pair.goals())[1]
    await pair.ada.types("/goals update")
    await pair.ada.presses("Two")
    await pair.ada.sends(drop="yes")
    reply = await pair.ada.presses("Undo")
    assert isinstance(reply, Changed)
    assert [goal.state for goal in await pair.goals()] == [GoalState.OPEN] * 3

    await pair.ada.runs("goals update", goal=str(second.id))
    await pair.ada.sends(drop="yes")
    await write_goal(pair.ben, title="Four")
    for path in ("goals reopen", "goals done"):
        await pair.ada.runs(path, goal=str(second.id))
        assert "You have your 3 goals" in pair.ada.text
    assert (await pair.goals())[1].state is GoalState.DROPPED


async def test_a_goal_is_reached_with_one_press_and_that_can_be_undone(pair: Pair) -> None:
    await write_goal(pair.ada)
    await pair.stage.pulse()
    await pair.ada.types("/goals list")
    reply = await pair.ada.presses("Reached")
    assert isinstance(reply, Changed)
    assert "Tuesday, June 15" in pair.ada.text
    (goal,) = await pair.goals()
    assert (goal.state, goal.reached_on) == (GoalState.REACHED, date(2027, 6, 15))
    assert await pair.riders(pair.ben) == ["Ada noted that one of your goals is reached: “Publish a short paper”"]

    reply = await pair.ada.presses("Undo")
    assert isinstance(reply, Changed)
    (goal,) = await pair.goals()
    assert (goal.state, goal.reached_on) == (GoalState.OPEN, None)
    assert not await pair.riders(pair.ben)
    assert [event.kind for event in await pair.events("goal")] == ["goal.set", "goal.reached", "goal.reopened"]


async def test_reaching_a_goal_twice_is_once(pair: Pair) -> None:
    await write_goal(pair.ada)
    (goal,) = await pair.goals()
    for actor in (pair.ada, pair.ben):
        await actor.runs("goals done", goal=str(goal.id))
        assert "Noted: a goal is reached." in actor.text
    assert [event.kind for event in await pair.events("goal")] == ["goal.set", "goal.reached"]


async def test_the_day_of_reaching_is_that_of_whoever_notes_it(pair: Pair) -> None:
    await write_goal(pair.ada)
    pair.stage.clock.set(datetime(2027, 6, 18, 5, 0, tzinfo=UTC))  # Thursday evening in Los Angeles
    await pair.ben.types("/goals done")
    (goal,) = await pair.goals()
    assert goal.reached_on == date(2027, 6, 17)


async def test_only_a_list_is_replaced_never_a_letter(pair: Pair) -> None:
    await write_goal(pair.ada)
    await pair.stage.pulse()
    assert isinstance(await pair.ben.presses("See our goals"), Message)
    assert isinstance(await pair.ben.presses("Reached"), Changed)


@pytest.mark.parametrize("path", ["goals done", "goals reopen", "goals update"])
async def test_a_stranger_s_button_changes_nothing(pair: Pair, path: str) -> None:
    await write_goal(pair.ada)
    (goal,) = await pair.goals()
    eve, _dan = await strangers(pair)
    for number in (str(goal.id), "999", "0", "-1", "1; drop table goals", "９"):
        reply = await eve.runs(path, goal=number, title="Mine", help="now", drop="yes")
        assert isinstance(reply, Message)
        assert "I do not find this goal among yours" in eve.text
        assert GOAL["title"] not in eve.text
    (after,) = await pair.goals()
    assert (after.title, after.state) == (GOAL["title"], GoalState.OPEN)


async def test_a_pair_that_has_ended_keeps_its_goals_as_they_are(pair: Pair) -> None:
    await write_goal(pair.ada)
    (goal,) = await pair.goals()
    await pair.change(state=PairingState.ENDED)
    await pair.ada.runs("goals done", goal=str(goal.id))
    assert "has ended" in pair.ada.text
    assert (await pair.goals())[0].state is GoalState.OPEN


async def test_events_hold_numbers_and_no_words(pair: Pair) -> None:
    await write_goal(pair.ada)
    await pair.ben.types("/goals done")
    noted = [(event.kind, event.person_id, event.pairing_id, set(event.facts)) for event in await pair.events("goal")]
    assert noted == [
        ("goal.set", pair.ada.id, pair.number, {"goal"}),
        ("goal.reached", pair.ben.id, pair.number, {"goal"}),
    ]


async def test_news_that_the_reader_has_overtaken_is_not_told(pair: Pair) -> None:
    await write_goal(pair.ben)
    await write_goal(pair.ben, title="Second")
    await write_goal(pair.ben, title="Third")
    _first, second, third = await pair.goals()
    assert len(await pair.riders(pair.ada)) == 2
    await pair.ada.runs("goals update", goal=str(second.id))
    await pair.ada.sends(title="Another second")
    await pair.ada.runs("goals update", goal=str(third.id))
    await pair.ada.sends(drop="yes")
    assert await pair.riders(pair.ada) == []
    assert await pair.riders(pair.ben) == [
        "Ada changed one of your goals: “Another second”",
        "Ada let go of one of your goals: “Third”",
    ]


async def test_the_letter_about_a_first_goal_is_not_sent_to_who_has_changed_it(pair: Pair) -> None:
    pair.stage.clock.set(datetime(2027, 6, 16, 3, 0, tzinfo=UTC))  # night in New York
    await write_goal(pair.ben)
    await pair.ada.types("/goals update")
    await pair.ada.sends(title="Mine now")
    await pair.stage.forward(days=1)
    assert first_goal_letters(pair.ada) == []


async def test_the_same_goal_written_twice_is_one(pair: Pair) -> None:
    await write_goal(pair.ada)
    await write_goal(pair.ada)
    assert "The goal stays as it was." in pair.ada.text
    await pair.ben.types("/goals set")
    form = await pair.ben.sends(title=GOAL["title"].upper(), help="Something else")
    assert isinstance(form, Form)
    assert "on your list already" in pair.ben.text
    assert len(await pair.goals()) == 1


async def test_a_mentor_reads_how_to_help_as_you(pair: Pair) -> None:
    await write_goal(pair.ada)
    assert "How Ben can best help" in pair.ada.text
    await pair.stage.pulse()
    await pair.ben.types("/goals list")
    assert "How you can best help" in pair.ben.text
    assert "How Ben can best help" not in pair.ben.text + first_goal_letters(pair.ben)[0].text


async def test_a_goal_that_was_let_go_can_be_taken_up_from_the_list(pair: Pair) -> None:
    await write_goal(pair.ada)
    await pair.ada.types("/goals list")
    assert "Take up one that we let go" not in pair.ada.labels()
    await pair.ada.types("/goals update")
    await pair.ada.sends(drop="yes")
    await pair.ada.types("/goals done")
    assert "no such goal" in pair.ada.text
    assert pair.ada.labels() == ["Write a goal", "See our goals"]
    await pair.ben.types("/goals list")
    await pair.ben.presses("Take up one that we let go")
    assert "The goal is open again." in pair.ben.text
