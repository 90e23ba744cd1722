"""Goals of a pair, as the two of them write and read them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain import GoalState, Person, Rider
from bot.ui import Changed, Form, Message, codec
from tests.commands.pair_stage import (
    GOAL,
    Pair,
    first_goal_letters,
    paired,
    second_pair,
    strangers,
    write_goal,
    write_three,
)
from tests.stage import Stage
from tests.wording import notice_of

JUNE_15 = datetime(2027, 6, 15, 15, 0, tzinfo=UTC)
"""A Tuesday: 11:00 in New York, 8:00 in Los Angeles."""


@pytest.fixture
async def pair(stage: Stage) -> Pair:
    return await paired(stage, now=JUNE_15)


async def test_a_goal_is_kept_as_it_was_written(pair: Pair) -> None:
    await write_goal(pair.ada, measure="It is submitted", by="2028-03-06")

    (goal,) = await pair.goals()
    assert (goal.title, goal.help, goal.measure) == (GOAL["title"], GOAL["help"], "It is submitted")
    assert (goal.by_on, goal.state, goal.pairing_id) == (date(2028, 3, 6), GoalState.OPEN, pair.number)
    for said in (GOAL["title"], "How Ben can best help", GOAL["help"], "It is submitted", "Monday, March 6"):
        assert said in pair.ada.text


async def test_only_the_goal_and_the_help_are_needed(pair: Pair) -> None:
    await pair.ada.types("/goals set")
    form = await pair.ada.sends(title="", help="")
    assert isinstance(form, Form)
    assert set(form.errors) == {"title", "help"}
    assert isinstance(await pair.ada.sends(**GOAL), Message)


async def test_the_form_says_who_reads_it(pair: Pair) -> None:
    await pair.ada.types("/goals set")
    assert "You and your partner read this" in pair.ada.text
    assert "Your liaison sees how many goals you have" in pair.ada.text


async def test_after_the_first_goal_there_is_time_for_the_next(pair: Pair) -> None:
    await write_goal(pair.ada)
    assert "room for 2 more, and no hurry" in pair.ada.text
    assert pair.ada.labels() == ["Write the next goal", "See our goals", "Change this goal"]
    assert isinstance(await pair.ada.presses("Write the next goal"), Form)
    await pair.ada.sends(**GOAL | {"title": "Two"})
    assert "room for one more" in pair.ada.text
    await write_goal(pair.ada, title="Three")
    assert "complete" in pair.ada.text
    assert "Write the next goal" not in pair.ada.labels()


async def test_the_first_goal_is_told_to_the_other_at_once(pair: Pair) -> None:
    await write_goal(pair.ada, by="2028-03-06")
    assert "Ben hears of it from me" in pair.ada.text
    await pair.stage.pulse()

    (letter,) = first_goal_letters(pair.ben)
    assert letter.at == JUNE_15
    assert GOAL["title"] in letter.text
    assert GOAL["help"] in letter.text
    assert not first_goal_letters(pair.ada)
    assert isinstance(await pair.ben.presses("Change this goal"), Form)
    assert not await pair.riders(pair.ben)


async def test_the_first_goal_waits_for_a_decent_hour_of_the_other(pair: Pair) -> None:
    early = datetime(2027, 6, 16, 11, 30, tzinfo=UTC)  # 7:30 in New York, 4:30 in Los Angeles
    pair.stage.clock.set(early)
    await write_goal(pair.ada)
    await pair.stage.pulse()
    assert not first_goal_letters(pair.ben)
    await pair.stage.forward(hours=12)

    (letter,) = first_goal_letters(pair.ben)
    assert letter.at == datetime(2027, 6, 16, 15, 0, tzinfo=UTC)


async def test_the_mentor_may_write_too(pair: Pair) -> None:
    await write_goal(pair.ben)
    await pair.stage.pulse()
    (letter,) = first_goal_letters(pair.ada)
    assert "Ben has written down the first goal" in letter.text


async def test_further_goals_ride_in_the_next_letter(pair: Pair) -> None:
    await write_goal(pair.ada)
    await write_goal(pair.ada, title="Speak at a meeting")
    assert "Ben reads it in my next letter." in pair.ada.text
    await pair.stage.pulse()
    assert len(first_goal_letters(pair.ben)) == 1
    assert await pair.riders(pair.ben) == ["Ada wrote down a goal for the two of you: “Speak at a meeting”"]
    assert not await pair.riders(pair.ada)


async def test_who_has_paused_reads_of_the_first_goal_afterwards(pair: Pair) -> None:
    async with pair.stage.app.storage.work() as work:
        (await work.get(Person, pair.ben.id)).paused_at = work.now
    await write_goal(pair.ada)
    await pair.stage.pulse()
    assert not first_goal_letters(pair.ben)
    assert len(await pair.riders(pair.ben)) == 1


async def test_a_fourth_goal_is_refused_before_anybody_writes_it(pair: Pair) -> None:
    await write_three(pair)
    for actor in (pair.ada, pair.ben):
        reply = await actor.types("/goals set")
        assert isinstance(reply, Message)
        assert all(title in actor.text for title in ("3 goals", "One", "Two", "Three"))
        assert actor.labels() == ["Change a goal", "See our goals"]
    await pair.ada.presses("Change a goal")
    assert pair.ada.labels() == ["One", "Two", "Three"]
    assert isinstance(await pair.ada.presses("Two"), Form)


async def test_a_fourth_goal_is_refused_when_the_third_was_written_meanwhile(pair: Pair) -> None:
    await write_goal(pair.ada, title="One")
    await write_goal(pair.ada, title="Two")
    await pair.ben.types("/goals set")
    await write_goal(pair.ada, title="Three")
    await pair.ben.sends(**GOAL)
    assert "You have your 3 goals" in pair.ben.text
    assert len(await pair.goals()) == 3


async def test_a_reached_goal_still_is_one_of_the_three(pair: Pair) -> None:
    await write_three(pair)
    await pair.ada.types("/goals done")
    await pair.ada.presses("One")
    await pair.ada.types("/goals set")
    assert "You have your 3 goals" in pair.ada.text


async def test_how_many_goals_there_are_is_the_template_s(stage: Stage, pair: Pair) -> None:
    cleo, dan = await stage.person("Cleo"), await stage.person("Dan")
    await stage.pair(dan, cleo, cohort=await stage.cohort(template="short"))
    await write_goal(cleo)
    assert "room for one more" in cleo.text
    await write_goal(cleo, title="Two")
    await cleo.types("/goals set")
    assert "You have your 2 goals" in cleo.text


@pytest.mark.parametrize("command", ["set", "list", "update", "done"])
async def test_without_a_pair_there_is_a_sentence(pair: Pair, command: str) -> None:
    eve = await pair.stage.person("Eve")
    reply = await eve.types(f"/goals {command}")
    assert isinstance(reply, Message)
    assert "You are in no pair at the moment" in eve.text


@pytest.mark.parametrize("day", ["2027-05-31", "2028-05-01"])
async def test_a_day_outside_the_program_is_refused_and_nothing_is_lost(pair: Pair, day: str) -> None:
    await pair.ada.types("/goals set")
    form = await pair.ada.sends(**GOAL, by=day)
    assert isinstance(form, Form)
    assert set(form.errors) == {"by"}
    assert form.values["title"] == GOAL["title"]
    assert "from Tuesday, June 1 to Sunday, April 30" in pair.ada.text
    assert not await pair.goals()


@pytest.mark.parametrize("day", ["2027-06-01", "2028-04-30"])
async def test_the_first_and_the_last_day_are_inside(pair: Pair, day: str) -> None:
    await write_goal(pair.ada, by=day)
    assert len(await pair.goals()) == 1


async def test_a_pair_with_more_time_has_more_days(pair: Pair) -> None:
    await pair.change(ends_on=date(2028, 6, 30))
    await write_goal(pair.ada, by="2028-06-30")
    assert len(await pair.goals()) == 1


async def test_the_list_shows_goals_with_state_day_and_help(pair: Pair) -> None:
    await write_goal(pair.ada, by="2028-03-06", measure="It is submitted")
    await write_goal(pair.ada, title="Speak at a meeting")
    await pair.ada.types("/goals done")
    await pair.ada.presses("Speak at a meeting")
    reply = await pair.ben.types("/goals list")

    assert isinstance(reply, Message)
    assert "Your goals with Ada" in pair.ben.text
    assert "Publish a short paper (by Monday, March 6)" in pair.ben.text
    assert "Speak at a meeting (reached on Tuesday, June 15)" in pair.ben.text
    assert "It is submitted" in pair.ben.text
    assert GOAL["help"] in pair.ben.text
    assert pair.ben.labels() == ["Change", "Reached", "Change", "Open again", "Write the next goal"]


async def test_an_empty_list_offers_the_first_goal(pair: Pair) -> None:
    await pair.ada.types("/goals list")
    assert "None is written down so far" in pair.ada.text
    assert isinstance(await pair.ada.presses("Write the first goal"), Form)


async def test_each_pair_has_its_heading(pair: Pair) -> None:
    cleo, _number = await second_pair(pair)
    await write_goal(pair.ada, title="Of Ada")
    await write_goal(cleo, title="Of Cleo")
    await pair.ben.types("/goals list")
    lines = pair.ben.text.splitlines()
    places = [lines.index(line) for line in ("Your goals with Ada", "Of Ada", "Your goals with Cleo", "Of Cleo")]
    assert places == sorted(places)
    await pair.ada.types("/goals list")
    assert "Cleo" not in pair.ada.text


async def test_with_several_pairs_a_goal_needs_to_know_which(pair: Pair) -> None:
    _cleo, other = await second_pair(pair)
    await pair.ben.types("/goals set")
    assert pair.ben.labels() == ["Ada", "Cleo"]
    await pair.ben.presses("Cleo")
    await pair.ben.sends(**GOAL)
    assert [goal.pairing_id for goal in await pair.goals()] == [other]


async def test_who_has_many_goals_chooses_from_the_list(pair: Pair) -> None:
    cleo, _number = await second_pair(pair)
    await write_three(pair)
    for title in ("Four", "Five", "Six"):
        await write_goal(cleo, title=title)
    await pair.ben.types("/goals update")
    assert pair.ben.labels().count("Change") == 6
    form = await pair.ben.types("/goals done")
    assert isinstance(form, Form)


async def test_a_stranger_cannot_write_for_another_pair(pair: Pair) -> None:
    eve, _dan = await strangers(pair)
    reply = await eve.runs("goals set", pair=str(pair.number), **GOAL)
    assert isinstance(reply, Message)
    assert not await pair.goals()


HOSTILE = [
    "@everyone <!channel> **now** [click](https://example.org)",
    "```` `code` ~~gone~~ ||hidden|| > quoted # title",
    "{partner} {0} %s \\ \\\\",
    "مقالة قصيرة — שלום 👩🏽‍💻 🏳️‍🌈",
    '<script>alert("x")</script> & &amp;',
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_words_are_kept_as_typed_and_shown_as_words(pair: Pair, text: str) -> None:
    await write_goal(pair.ada, title=text, help=text, measure=text)
    (goal,) = await pair.goals()
    assert (goal.title, goal.help, goal.measure) == (text, text, text)
    assert pair.ada.text.count(" ".join(text.split())) == 3
    await pair.ben.types("/goals list")
    assert text in pair.ben.text
    form = await pair.ben.types("/goals update")
    assert isinstance(form, Form)
    assert form.values["title"] == text


@pytest.mark.parametrize("field", ["title", "help", "measure"])
async def test_what_is_too_long_comes_back_to_be_shortened(pair: Pair, field: str) -> None:
    long: dict[str, Any] = {**GOAL, field: "a" * 10_000}
    await pair.ada.types("/goals set")
    form = await pair.ada.sends(**long)
    assert isinstance(form, Form)
    assert set(form.errors) == {field}
    assert form.values[field] == "a" * 10_000
    assert not await pair.goals()


async def test_no_notice_is_long_or_says_what_people_wrote(pair: Pair) -> None:
    secret = "Leave my job"
    seen: list[Message] = [await write_goal(pair.ada, title=secret, help=secret)]
    await pair.stage.pulse()
    seen += [post.message for post in first_goal_letters(pair.ben)]
    for actor, text in ((pair.ada, "/goals list"), (pair.ada, "/goals done"), (pair.ada, "/goals list")):
        reply = await actor.types(text)
        seen.append(reply.message if isinstance(reply, Changed) else reply)  # type: ignore[arg-type]
    await write_goal(pair.ada, title=f"{secret} 2")
    await write_goal(pair.ada, title=f"{secret} 3")
    seen.append(await pair.ada.types("/goals set"))  # type: ignore[arg-type]
    async with pair.stage.app.storage.reading() as work:
        seen += [codec.load(rider.message) for rider in await work.all(select(Rider))]
    assert len(seen) == 9
    for shown in seen:
        assert 0 < len(notice_of(shown)) <= 80
        assert secret not in notice_of(shown)


async def test_status_counts_every_goal(pair: Pair) -> None:
    await write_three(pair)
    await pair.ada.types("/mentor status")
    assert "3 goals are written down." in pair.ada.text
    first, second, _third = await pair.goals()
    for goal in (first, second):
        await pair.ada.runs("goals done", goal=str(goal.id))
    await pair.ada.types("/mentor status")
    assert "3 goals are written down. 2 are reached." in pair.ada.text


async def test_a_form_that_was_begun_calls_nothing_wrong_that_nobody_has_answered(pair: Pair) -> None:
    form = await pair.ada.types("/goals set title:“Publish a paper”")
    assert isinstance(form, Form)
    assert form.values["title"] == "Publish a paper"
    assert not form.errors
