"""Check-ins that are looked back at, changed and taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import Goal, GoalState, Person
from bot.ui import Changed, Form, Message
from tests.commands.pair_stage import INTRODUCED, Pair, paired, strangers, write_goal
from tests.stage import Stage

JULY_6 = datetime(2027, 7, 6, 15, 0, tzinfo=UTC)
"""A Tuesday, 11:00 in New York."""


@pytest.fixture
async def pair(stage: Stage) -> Pair:
    return await paired(stage, now=JULY_6)


async def test_all_details_are_kept_and_shown(pair: Pair) -> None:
    await write_goal(pair.ada, title="Publish a paper")
    await write_goal(pair.ada, title="Speak at a meeting")
    await pair.ada.types("/checkin log")
    second = next(f for f in pair.ada.last.fields if f.name == "goals").choices[1].value  # type: ignore[union-attr]
    await pair.ada.sends(how="phone", minutes="30", goals=[second], note="For us", private="For me")

    (talk,) = await pair.talks()
    assert (talk.way, talk.minutes, talk.goals) == ("phone", 30, [int(second)])
    assert await pair.notes() == [(True, "For us"), (False, "For me")]
    for said in ("phone", "30", "Speak at a meeting", "For us", "For me"):
        assert said in pair.ada.text
    assert "Publish a paper" not in pair.ada.text


async def test_a_talk_ends_every_worry(pair: Pair) -> None:
    soon = JULY_6 + timedelta(days=3)
    await pair.change(first_contact_at=soon, liaison_hears_at=soon, liaison_told_at=INTRODUCED)
    async with pair.stage.app.storage.work() as work:
        (await work.get(Person, pair.ada.id)).unanswered = 2
    await pair.ada.types("/checkin log today")

    assert await pair.signs() == (JULY_6, None, None, None)
    async with pair.stage.app.storage.reading() as work:
        assert (await work.get(Person, pair.ada.id)).unanswered == 0


async def test_undo_leaves_nothing_behind(pair: Pair) -> None:
    soon = JULY_6 + timedelta(days=3)
    before = (INTRODUCED, soon, soon, INTRODUCED)
    await pair.change(
        last_sign_at=before[0], first_contact_at=before[1], liaison_hears_at=before[2], liaison_told_at=before[3]
    )
    await pair.ada.types('/checkin log date:today note:"A slip"')
    reply = await pair.ada.presses("Undo")

    assert isinstance(reply, Changed)
    assert "Taken back" in pair.ada.text
    assert await pair.signs() == before
    assert not await pair.talks()
    assert not await pair.notes()
    assert pair.ada.labels() == ["Note a talk", "See our talks"]


async def test_undo_keeps_a_later_sign(pair: Pair) -> None:
    await pair.taps(pair.ada)
    later = JULY_6 + timedelta(days=2)
    await pair.change(last_sign_at=later)
    await pair.takes_back(pair.ada, 0)
    assert (await pair.signs())[0] == later


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 0)])
@pytest.mark.parametrize("days", [0, 1])
async def test_undoing_several_in_any_order_comes_out_right(pair: Pair, order: tuple[int, int], days: int) -> None:
    await pair.change(last_sign_at=INTRODUCED)
    await pair.ada.types("/checkin log 2027-07-01")
    await pair.stage.forward(days=days)
    await pair.ada.types("/checkin log 2027-07-02")
    newest = (await pair.signs())[0]
    first, second = order
    await pair.takes_back(pair.ada, first)
    assert (await pair.signs())[0] == (newest if first == 0 else JULY_6)
    if second < len(await pair.talks()):
        await pair.takes_back(pair.ada, second)
        assert (await pair.signs())[0] == INTRODUCED


async def test_a_third_talk_stands_on_what_was_not_taken_back(pair: Pair) -> None:
    for day in (1, 2, 3):
        pair.stage.clock.set(datetime(2027, 7, day, 15, 0, tzinfo=UTC))
        await pair.taps(pair.ada)
    await pair.takes_back(pair.ada, 1)
    await pair.takes_back(pair.ada, 1)
    assert (await pair.signs())[0] == datetime(2027, 7, 1, 15, 0, tzinfo=UTC)


async def test_only_whoever_noted_a_talk_takes_it_back(pair: Pair) -> None:
    await pair.taps(pair.ada)
    (talk,) = await pair.talks()
    await pair.ben.runs("checkin undo", checkin=str(talk.id))
    assert "Ada noted this talk and can take it back" in pair.ben.text
    assert len(await pair.talks()) == 1


async def test_a_talk_that_both_noted_stays_when_one_takes_it_back(pair: Pair) -> None:
    await pair.ada.types('/checkin log note:"From Ada"')
    await pair.ben.types('/checkin log note:"From Ben" private:"Of Ben"')
    await pair.takes_back(pair.ada, 0)
    assert "Ben noted this talk too, so it stays" in pair.ada.text
    assert len(await pair.talks()) == 1
    assert await pair.notes() == [(True, "From Ben"), (False, "Of Ben")]
    assert (await pair.signs())[0] == JULY_6
    await pair.takes_back(pair.ben, 0)
    assert not await pair.talks()
    assert (await pair.signs())[0] is None


async def test_details_added_by_the_other_keep_the_talk(pair: Pair) -> None:
    await pair.taps(pair.ada)
    await pair.ben.types("/checkin history")
    await pair.ben.presses("Details")
    await pair.ben.sends(private="Ask about the draft")
    await pair.takes_back(pair.ada, 0)
    assert await pair.notes() == [(False, "Ask about the draft")]


async def test_taking_back_twice_is_told_kindly(pair: Pair) -> None:
    await pair.taps(pair.ada)
    (talk,) = await pair.talks()
    await pair.ada.runs("checkin undo", checkin=str(talk.id))
    await pair.ada.runs("checkin undo", checkin=str(talk.id))
    assert "Perhaps it was taken back" in pair.ada.text


async def test_details_are_asked_with_what_is_known(pair: Pair) -> None:
    await write_goal(pair.ada, title="Publish a paper")
    await pair.ada.types('/checkin log how:phone minutes:30 note:"For us" private:"For me"')
    assert "Change details" in pair.ada.labels()
    form = await pair.ada.presses("Change details")
    assert isinstance(form, Form)
    assert form.values == {
        "date": "2027-07-06", "how": "phone", "minutes": "30", "note": "For us", "private": "For me"
    }  # fmt: skip
    await pair.ada.sends(date="2027-07-05", how="mail", minutes="", note="For both of us", private="", goals=["1"])
    (talk,) = await pair.talks()
    assert (talk.talked_on, talk.way, talk.minutes, talk.goals) == (date(2027, 7, 5), "mail", None, [1])
    assert await pair.notes() == [(True, "For both of us")]
    assert "Noted with your talk on Monday, July 5." in pair.ada.text


async def test_the_other_changes_everything_but_the_day_and_my_notes(pair: Pair) -> None:
    await pair.ada.types('/checkin log minutes:30 note:"For us" private:"For me"')
    (talk,) = await pair.talks()
    form = await pair.ben.runs("checkin details", checkin=str(talk.id))
    assert isinstance(form, Form)
    assert form.values == {"minutes": "30"}
    assert "date" not in {field.name for field in form.fields}
    await pair.ben.sends(minutes="40", date="2027-07-01")
    (talk,) = await pair.talks()
    assert (talk.talked_on, talk.minutes) == (date(2027, 7, 6), 40)
    assert await pair.notes() == [(True, "For us"), (False, "For me")]


async def test_a_talk_does_not_move_onto_another_or_out_of_the_program(pair: Pair) -> None:
    await pair.ada.types("/checkin log 2027-07-01")
    await pair.ada.types("/checkin log 2027-07-02")
    await pair.ada.presses("Add details")
    for day, sentence in (
        ("2027-07-01", "A talk on Thursday, July 1 is noted already"),
        ("2027-07-07", "lies ahead"),
        ("2027-05-01", "You two began on Monday, May 3"),
    ):
        form = await pair.ada.sends(date=day)
        assert isinstance(form, Form)
        assert set(form.errors) == {"date"}
        assert sentence in pair.ada.text


async def test_a_goal_let_go_stays_with_the_talk_that_was_about_it(pair: Pair) -> None:
    await write_goal(pair.ada, title="Publish a paper")
    await pair.ada.types("/checkin log")
    await pair.ada.sends(goals=["1"])
    async with pair.stage.app.storage.work() as work:
        (await work.get(Goal, 1)).state = GoalState.DROPPED
    await pair.ada.presses("Change details")
    assert isinstance(await pair.ada.sends(minutes="10"), Message)
    (talk,) = await pair.talks()
    assert talk.goals == [1]


async def test_history_is_newest_first_with_my_notes_and_shared_ones(pair: Pair) -> None:
    await pair.ada.types(
        '/checkin log date:2027-07-01 how:phone minutes:30 note:"Shared by Ada" private:"Secret of Ada"'
    )
    await pair.ben.types('/checkin log date:2027-07-05 minutes:1 note:"Shared by Ben" private:"Secret of Ben"')
    await pair.ada.types("/checkin history")

    lines = pair.ada.text.splitlines()
    assert lines[:5] == [
        "Your talks with Ben",
        "Monday, July 5 (1 minute)",
        "Shared by Ben",
        "Thursday, July 1 (phone, 30 minutes)",
        "Shared by Ada",
    ]
    assert "Secret of Ada" in lines
    assert "Secret of Ben" not in lines


async def test_history_comes_ten_at_a_time(pair: Pair) -> None:
    for day in range(1, 13):
        await pair.ada.types(f"/checkin log 2027-06-{day:02}")
    await pair.ada.types("/checkin history")
    assert pair.ada.text.count("June") == 10
    assert "June 3" in pair.ada.text
    await pair.ada.presses("Earlier ones")
    days = [line for line in pair.ada.text.splitlines() if "June" in line]
    assert days == ["Wednesday, June 2", "Tuesday, June 1"]
    assert "Earlier ones" not in pair.ada.labels()


async def test_ten_talks_have_no_earlier_ones(pair: Pair) -> None:
    for day in range(1, 11):
        await pair.ada.types(f"/checkin log 2027-06-{day:02}")
    await pair.ada.types("/checkin history")
    assert "Earlier ones" not in pair.ada.labels()


async def test_an_empty_history_offers_the_first_step(pair: Pair) -> None:
    await pair.ada.types("/checkin history")
    assert "None is noted so far" in pair.ada.text
    assert isinstance(await pair.ada.presses("Note a talk"), Form)


@pytest.mark.parametrize("path", ["checkin undo", "checkin details", "checkin earlier"])
async def test_a_stranger_s_button_shows_and_changes_nothing(pair: Pair, path: str) -> None:
    await pair.ada.types('/checkin log note:"Between us"')
    (talk,) = await pair.talks()
    eve, _dan = await strangers(pair)
    for number in (str(talk.id), "999", "x", "９"):
        reply = await eve.runs(path, checkin=number, minutes="5", note="Forged")
        assert isinstance(reply, Message)
        assert "I do not find this talk among yours" in eve.text
        assert "Between us" not in eve.text
    assert [talk.minutes for talk in await pair.talks()] == [None]
    assert await pair.notes() == [(True, "Between us")]


async def test_a_button_without_its_talk_asks_for_it(pair: Pair) -> None:
    await pair.ada.types("/checkin details")
    assert "None of your talks is noted so far." in pair.ada.text
    for day in range(1, 8):
        await pair.ada.types(f"/checkin log 2027-06-{day:02}")
    await pair.ada.types("/checkin details")
    assert pair.ada.labels() == [f"{name}, June {day}" for name, day in
        (("Monday", 7), ("Sunday", 6), ("Saturday", 5), ("Friday", 4), ("Thursday", 3))]  # fmt: skip
    assert isinstance(await pair.ada.presses("Friday, June 4"), Form)


async def test_events_hold_numbers_and_no_words(pair: Pair) -> None:
    await pair.ada.types('/checkin log note:"Secret" how:phone')
    await pair.ben.types('/checkin log note:"Secret"')
    await pair.takes_back(pair.ada, 0)
    events = await pair.events("checkin")
    assert [(event.kind, event.person_id) for event in events] == [
        ("checkin.logged", pair.ada.id), ("checkin.joined", pair.ben.id), ("checkin.undone", pair.ada.id)
    ]  # fmt: skip
    assert not any("Secret" in str(event.facts) for event in events)
