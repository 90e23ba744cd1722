"""Check-ins, as the two of a pair note that they talked."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.ui import Changed, Form, Message
from tests.commands.pair_stage import Pair, paired, second_pair, strangers, write_goal
from tests.stage import Stage
from tests.wording import label_of, notice_of

JULY_6 = datetime(2027, 7, 6, 15, 0, tzinfo=UTC)
"""A Tuesday, 11:00 in New York."""


@pytest.fixture
async def pair(stage: Stage) -> Pair:
    return await paired(stage, now=JULY_6)


async def test_the_day_alone_is_enough(pair: Pair) -> None:
    form = await pair.ada.types("/checkin log")
    assert isinstance(form, Form)
    assert form.values == {"date": "2027-07-06"}
    await pair.ada.sends()

    (talk,) = await pair.talks()
    assert (talk.talked_on, talk.way, talk.minutes, talk.goals) == (date(2027, 7, 6), "", None, [])
    assert "Noted: you talked on Tuesday, July 6." in pair.ada.text
    assert pair.ada.labels() == ["Add details", "See our talks", "Undo"]


async def test_an_empty_day_is_today_in_my_own_zone(pair: Pair) -> None:
    pair.stage.clock.set(datetime(2027, 7, 7, 5, 0, tzinfo=UTC))  # Wednesday in New York, Tuesday in Los Angeles
    await pair.ben.types("/checkin log")
    await pair.ben.sends(date="")
    assert [talk.talked_on for talk in await pair.talks()] == [date(2027, 7, 6)]


async def test_a_talk_can_be_typed_in_one_line(pair: Pair) -> None:
    reply = await pair.ada.types('/checkin log date:yesterday how:video minutes:45 note:"We read the draft"')
    assert isinstance(reply, Message)
    (talk,) = await pair.talks()
    assert (talk.talked_on, talk.way, talk.minutes) == (date(2027, 7, 5), "video", 45)
    for said in ("Monday, July 5", "video call", "45", "We read the draft"):
        assert said in pair.ada.text
    await pair.ada.types("/checkin log July 1")
    assert [talk.talked_on for talk in await pair.talks()] == [date(2027, 7, 1), date(2027, 7, 5)]


async def test_the_form_says_who_reads_each_note(pair: Pair) -> None:
    form = await pair.ada.types("/checkin log")
    assert isinstance(form, Form)
    hints = {field.name: str(field.hint.msgid) for field in form.fields if field.hint}
    assert "Liaisons never see it" in hints["note"]
    assert "neither your partner nor a liaison" in hints["private"]


async def test_ways_are_those_of_the_program(pair: Pair) -> None:
    await pair.ada.types("/checkin log how:carrier-pigeon")
    assert "carrier-pigeon" in pair.ada.text
    assert not await pair.talks()
    await pair.ada.types('/checkin log how:"Video call"')
    assert (await pair.talks())[0].way == "video"


async def test_goals_are_asked_for_where_there_are_any_of_this_pair(pair: Pair) -> None:
    form = await pair.ada.types("/checkin log")
    assert "goals" not in {field.name for field in form.fields}  # type: ignore[union-attr]
    eve, _dan = await strangers(pair)
    await write_goal(eve, title="Of Eve")
    await write_goal(pair.ada, title="Of Ada")
    await pair.ada.types("/checkin log")
    (field,) = (f for f in pair.ada.last.fields if f.name == "goals")  # type: ignore[union-attr]
    assert [choice.label for choice in field.choices] == ["Of Ada"]
    reply = await pair.ada.sends(goals=["1"])
    assert isinstance(reply, Form)
    assert set(reply.errors) == {"goals"}


async def test_without_a_pair_there_is_a_sentence(pair: Pair) -> None:
    eve = await pair.stage.person("Eve")
    for command in ("log", "history"):
        await eve.types(f"/checkin {command}")
        assert "You are in no pair at the moment" in eve.text


async def test_with_several_pairs_it_asks_with_whom(pair: Pair) -> None:
    _cleo, other = await second_pair(pair)
    await pair.ben.types("/checkin log")
    assert pair.ben.labels() == ["Ada", "Cleo"]
    await pair.ben.presses("Cleo")
    await pair.ben.sends()
    assert [talk.pairing_id for talk in await pair.talks()] == [other]


async def test_a_day_to_come_is_refused_and_nothing_is_lost(pair: Pair) -> None:
    await pair.ada.types("/checkin log")
    form = await pair.ada.sends(date="2027-07-07", note="We will talk")
    assert isinstance(form, Form)
    assert set(form.errors) == {"date"}
    assert form.values["note"] == "We will talk"
    assert "Wednesday, July 7 lies ahead" in pair.ada.text
    assert not await pair.talks()


async def test_a_day_before_the_pair_began_is_refused_and_the_first_is_named(pair: Pair) -> None:
    await pair.ada.types("/checkin log 2027-05-02")
    assert "You two began on Monday, May 3" in pair.ada.text
    assert not await pair.talks()
    await pair.ada.types("/checkin log November 5")
    assert "You two began on Monday, May 3" in pair.ada.text, "a talk has been: last year, then"
    await pair.ada.types("/checkin log 2027-05-03")
    assert len(await pair.talks()) == 1


async def test_a_pair_that_is_introduced_late_begins_on_its_first_day(pair: Pair) -> None:
    await pair.change(introduced_at=JULY_6, starts_on=date(2027, 6, 1))
    await pair.ada.types("/checkin log 2027-05-31")
    assert "You two began on Tuesday, June 1" in pair.ada.text


@pytest.mark.parametrize("minutes", ["0", "-5", "601", "a while", "1e3", "４５", "9" * 5000])
async def test_minutes_are_one_to_six_hundred(pair: Pair, minutes: str) -> None:
    await pair.ada.types("/checkin log")
    form = await pair.ada.sends(minutes=minutes)
    assert isinstance(form, Form)
    assert set(form.errors) == {"minutes"}
    assert "from 1 to 600" in pair.ada.text
    assert not await pair.talks()


async def test_six_hundred_minutes_are_fine(pair: Pair) -> None:
    await pair.ada.types("/checkin log minutes:600")
    assert (await pair.talks())[0].minutes == 600


async def test_a_talk_that_both_note_is_one(pair: Pair) -> None:
    await pair.ben.types('/checkin log date:July-5 minutes:30 note:"From Ben" private:"Secret of Ben"')
    await pair.ben.types('/checkin log date:2027-07-05 minutes:30 note:"From Ben" private:"Secret of Ben"')
    await pair.ada.types('/checkin log date:2027-07-05 how:chat note:"From Ada"')

    (talk,) = await pair.talks()
    assert (talk.way, talk.minutes) == ("chat", 30)
    assert "Ben had noted this talk too; it counts once for you both." in pair.ada.text
    assert "From Ben" in pair.ada.text
    assert "From Ada" in pair.ada.text
    assert "Secret of Ben" not in pair.ada.text
    assert "Undo" not in pair.ada.labels()


async def test_noting_the_same_day_again_adds_to_it(pair: Pair) -> None:
    await pair.ada.types('/checkin log minutes:20 note:"First"')
    await pair.ada.types('/checkin log note:"Second"')
    (talk,) = await pair.talks()
    assert talk.minutes == 20
    assert "You had noted this day" in pair.ada.text
    assert await pair.notes() == [(True, "First\nSecond")]


async def test_long_notes_of_one_day_stay_whole(pair: Pair) -> None:
    for letter in "ab":
        await pair.ada.types("/checkin log")
        await pair.ada.sends(note=letter * 1000)
    assert await pair.notes() == [(True, "a" * 1000), (True, "b" * 1000)]


async def test_one_tap_of_both_counts_once_and_says_who_was_first(pair: Pair) -> None:
    first, again, second = await pair.taps(pair.ada), await pair.taps(pair.ada), await pair.taps(pair.ben)
    assert (first.is_new, again.is_new, second.is_new) == (True, False, False)
    assert [logged.noted_by.name for logged in (first, again, second)] == ["Ada"] * 3
    assert len(await pair.talks()) == 1


async def test_two_taps_in_one_moment_count_once_beyond_midnight(pair: Pair) -> None:
    pair.stage.clock.set(datetime(2027, 7, 7, 5, 0, tzinfo=UTC))  # Wednesday in New York, Tuesday in Los Angeles
    first, second = await pair.taps(pair.ada), await pair.taps(pair.ben)
    assert first.check_in.id == second.check_in.id
    assert [talk.talked_on for talk in await pair.talks()] == [date(2027, 7, 7)]


async def test_two_who_note_a_talk_at_the_same_moment_note_one(pair: Pair) -> None:
    await asyncio.gather(pair.ada.types("/checkin log today"), pair.ben.types("/checkin log today"))
    assert len(await pair.talks()) == 1
    assert sorted("had noted this talk too" in actor.text for actor in (pair.ada, pair.ben)) == [False, True]


async def test_talks_on_two_days_are_two(pair: Pair) -> None:
    await pair.taps(pair.ada)
    pair.stage.clock.set(JULY_6 + timedelta(days=1))
    await pair.taps(pair.ben)
    assert len(await pair.talks()) == 2


async def test_a_stranger_cannot_log_for_another_pair(pair: Pair) -> None:
    eve, _dan = await strangers(pair)
    for path in ("checkin log", "checkin history"):
        reply = await eve.runs(path, pair=str(pair.number), date="today")
        assert isinstance(reply, Message)
        assert "Ada" not in eve.text
    assert not await pair.talks()


@pytest.mark.parametrize(
    "text",
    [
        "@everyone <!channel> **now** [click](https://example.org)",
        "{partner} {0} %s \\ \\\\ `code` ~~gone~~ ||hidden||",
        "مقالة قصيرة — שלום 👩🏽‍💻 🏳️‍🌈",
        "Two\nlines",
    ],
)
async def test_notes_are_kept_as_typed_and_shown_as_words(pair: Pair, text: str) -> None:
    await pair.ada.types("/checkin log")
    await pair.ada.sends(note=text, private=text)
    assert await pair.notes() == [(True, text), (False, text)]
    assert pair.ada.text.count(text) == 2
    await pair.ben.types("/checkin history")
    assert pair.ben.text.count(text) == 1


@pytest.mark.parametrize("field", ["note", "private"])
async def test_what_is_too_long_comes_back_to_be_shortened(pair: Pair, field: str) -> None:
    long: dict[str, Any] = {field: "ة" * 10_000}
    await pair.ada.types("/checkin log")
    form = await pair.ada.sends(**long)
    assert isinstance(form, Form)
    assert set(form.errors) == {field}
    assert form.values[field] == "ة" * 10_000
    assert not await pair.talks()


async def test_no_notice_is_long_or_says_what_people_wrote(pair: Pair) -> None:
    seen = [
        await pair.ada.types('/checkin log note:"Secret"'),
        await pair.ben.types('/checkin log note:"Secret"'),
        await pair.ada.types('/checkin log note:"Secret"'),
        await pair.ada.types("/checkin history"),
        await pair.ben.runs("checkin undo", checkin="1"),
        await pair.ada.runs("checkin undo", checkin="1"),
    ]
    for reply in seen:
        shown = reply.message if isinstance(reply, Changed) else reply
        assert isinstance(shown, Message)
        assert 0 < len(notice_of(shown)) <= 80
        assert "Secret" not in notice_of(shown)
        assert all(len(label_of(button)) <= 40 for button in shown.buttons())
