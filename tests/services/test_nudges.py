"""The rhythm: who gets what when, and exactly one outcome for each member and period."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain import Pace, Pairing, PairingState, Person
from bot.services import calendar
from tests.services.rhythm_stage import (
    DAYS,
    at,
    change,
    couple,
    letters,
    outcomes,
    press,
    read_person,
    text_of,
    topics,
    with_buttons,
    write_goal,
)
from tests.stage import Stage, label_of, notice_of

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Asia/Kolkata",
    "Pacific/Auckland", "America/Sao_Paulo", "Europe/London",
)  # fmt: skip


async def test_letters_come_every_second_tuesday_at_ten_of_each_persons_own_clock_all_year(stage: Stage) -> None:
    with_buttons(stage)
    await stage.to(at("2027-06-01", 9))
    cohort = await stage.cohort()
    people = {zone: await stage.person(zone.split("/")[1], zone=zone) for zone in ZONES}
    pairs = {}
    for mentor, mentee in zip(ZONES[::2], ZONES[1::2], strict=True):
        pairs[mentor] = pairs[mentee] = await stage.pair(people[mentor], people[mentee], cohort=cohort)
    for zone in ZONES:  # answering keeps the pace
        await change(stage, Pairing, pairs[zone], well_until=datetime(2029, 1, 1, tzinfo=UTC))
    for day in DAYS:
        await stage.to(datetime.combine(day, time(23), tzinfo=UTC) + timedelta(hours=12))
        for zone in ZONES:
            await people[zone].runs("nudge less")
    for zone, person in people.items():
        expected = [datetime.combine(day, time(10), tzinfo=ZoneInfo(zone)).astimezone(UTC) for day in DAYS]
        assert [post.at for post in await letters(stage, person)] == expected, zone
        assert await outcomes(stage, person, pairs[zone]) == [(n, "nudged") for n in range(1, len(DAYS) + 1)]


async def test_after_five_weeks_without_the_bot_each_period_has_one_outcome_and_one_letter_serves_them(
    stage: Stage,
) -> None:
    ben, ada, _olga, _cohort, pair = await couple(stage)
    await stage.to(at("2027-06-15", 12))
    stage.clock.set(at("2027-07-20", 3))  # a Tuesday night
    await stage.pulse()
    assert len(await letters(stage, ben)) == 1
    await stage.to(at("2027-07-20", 12))
    for person in (ben, ada):
        assert await outcomes(stage, person, pair) == [(1, "nudged"), (2, "nudged"), (3, "nudged")]
        assert [post.at for post in await letters(stage, person)] == [at("2027-06-15"), at("2027-07-20", 8)]
    await stage.to(at("2027-07-27", 12))
    assert [post.at for post in await letters(stage, ben)][-1] == at("2027-07-27")


async def test_a_letter_late_by_more_than_a_week_waits_for_the_next_one(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, pair = await couple(stage)
    stage.clock.set(at("2027-06-24", 12))
    await stage.pulse()
    assert await letters(stage, ben) == []
    await stage.to(at("2027-06-29", 12))
    assert [post.at for post in await letters(stage, ben)] == [at("2027-06-29")]
    assert await outcomes(stage, ben, pair) == [(1, "nudged"), (2, "nudged")]


async def test_several_pairings_share_one_letter_and_their_parts_are_answered_one_by_one(stage: Stage) -> None:
    ben, ada, _olga, cohort, first = await couple(stage)
    cleo = await stage.person("Cleo")
    second = await stage.pair(ben, cleo, cohort=cohort)
    await stage.to(at("2027-06-15", 12))
    (post,) = await letters(stage, ben)
    assert len(await letters(stage, ada)) == len(await letters(stage, cleo)) == 1
    assert "Ada" in text_of(post)
    assert "Cleo" in text_of(post)
    pressed = [button for button in post.message.buttons() if label_of(button) == "We talked"]
    assert [button.args["pair"] for button in pressed] == [str(first), str(second)]
    await press(ben, "We talked")
    text = text_of((await letters(stage, ben))[0])
    assert "Noted. You talked with Ada on Tuesday, June 15." in text
    labels = [label_of(button) for button in post.message.buttons()]
    assert labels.count("We talked") == 1
    assert "Undo" in labels
    assert "Ask me less often" in labels
    await press(ben, "We talked")
    labels = [label_of(button) for button in post.message.buttons()]
    assert labels == ["Add details", "Undo", "Add details", "Undo"]


async def test_who_paused_gets_nothing_until_the_day_they_named(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, pair = await couple(stage)
    await change(stage, Person, ben.id, paused_at=at("2027-06-02"), paused_until=at("2027-07-01", 0))
    await stage.to(at("2027-07-14", 12))
    assert await outcomes(stage, ben, pair) == [(1, "paused"), (2, "paused"), (3, "nudged")]
    assert [post.at for post in await letters(stage, ben)] == [at("2027-07-13")]
    person = await read_person(stage, ben)
    assert person.paused_at is None


async def test_a_pairing_that_is_paused_settles_its_periods_without_letters(stage: Stage) -> None:
    ben, ada, _olga, _cohort, pair = await couple(stage)
    await change(stage, Pairing, pair, state=PairingState.PAUSED)
    await stage.to(at("2027-06-30", 12))
    assert await outcomes(stage, ada, pair) == [(1, "paused"), (2, "paused")]
    assert await letters(stage, ben) == []


async def test_snoozed_and_unreachable_people_get_no_letter(stage: Stage) -> None:
    ben, ada, _olga, _cohort, pair = await couple(stage)
    await change(stage, Person, ben.id, snoozed_until=at("2027-06-20"))
    stage.messenger.closed.add(ada.user)
    await stage.to(at("2027-06-30", 12))
    assert await outcomes(stage, ben, pair) == [(1, "snoozed"), (2, "nudged")]
    assert await outcomes(stage, ada, pair) == [(1, "unreachable"), (2, "unreachable")]


async def test_one_letter_a_month_is_the_one_of_its_first_rhythm_day(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await change(stage, Person, ben.id, pace=Pace.MONTHLY)
    await stage.to(at("2027-12-31", 12))
    firsts = ["2027-07-13", "2027-08-10", "2027-09-07", "2027-10-05", "2027-11-02", "2027-12-14"]
    assert [post.at for post in await letters(stage, ben)] == [at(day) for day in firsts]


async def test_only_new_phases_means_the_first_rhythm_day_of_each_and_names_its_first_task(stage: Stage) -> None:
    _ben, ada, _olga, _cohort, _pair = await couple(stage)
    await change(stage, Person, ada.id, pace=Pace.PHASES)
    # 335 days: 8 percent are 26 (June 27), 20 percent 67 (August 7), 85 percent 284 (March 11).
    days = ["2027-06-29", "2027-08-10", "2028-03-21"]
    await stage.to(at("2028-03-21", 12))
    posts = await letters(stage, ada)
    assert [post.at for post in posts] == [at(day) for day in days]
    await stage.to(at("2028-03-28", 12))
    assert "A new phase has begun: Transitioning. A good first step: Plan your last talk together." in text_of(
        posts[-1]
    )


async def test_a_check_in_of_the_last_days_turns_the_question_into_thanks(stage: Stage) -> None:
    ben, ada, _olga, _cohort, pair = await couple(stage)
    await stage.to(at("2027-06-10", 12))
    await ada.runs("nudge talked", pair=str(pair))
    await stage.to(at("2027-06-15", 12))
    for person in (ben, ada):
        assert await outcomes(stage, person, pair) == [(1, "thanked")]
        (post,) = await letters(stage, person)
        assert text_of(post).startswith(f"Thank you, {person.name}. Your talk with")


async def test_no_question_comes_twice_and_when_all_are_used_there_is_none(stage: Stage) -> None:
    ben, _ada, _olga, cohort, first = await couple(stage)
    cleo = await stage.person("Cleo")
    dan = await stage.person("Dan")
    numbers = [first, await stage.pair(ben, cleo, cohort=cohort), await stage.pair(ben, dan, cohort=cohort)]
    for number in numbers:
        await write_goal(stage, number)
    for day in DAYS:
        await stage.to(datetime.combine(day, time(23), tzinfo=UTC))
        for number in numbers:
            await ben.runs("nudge well", pair=str(number))
    prompts = [prompt for _topic, prompt in await topics(stage, ben) if prompt]
    assert len(prompts) == len(set(prompts)) == 40
    assert {topic for topic, _prompt in await topics(stage, ben)} == {"talk"}


async def test_after_three_letters_without_an_answer_the_pace_is_asked_and_becomes_monthly(stage: Stage) -> None:
    ben, ada, _olga, _cohort, pair = await couple(stage)
    await change(stage, Pairing, pair, well_until=datetime(2029, 1, 1, tzinfo=UTC))
    await stage.to(at("2027-07-27", 12))
    post = (await letters(stage, ben))[-1]
    assert notice_of(post.message) == "How often shall I write to you?"
    assert "I write once a month from now on" in text_of(post)
    await press(ada, "Every two weeks, as before")
    await stage.to(at("2027-08-25", 12))
    assert (await read_person(stage, ada)).pace is Pace.FORTNIGHTLY
    assert at("2027-08-24") in [post.at for post in await letters(stage, ada)]
    await stage.to(at("2027-10-20", 12))
    assert [post.at for post in await letters(stage, ben)][4:] == [at("2027-08-10"), at("2027-09-07"), at("2027-10-05")]
    assert (await read_person(stage, ben)).pace is Pace.MONTHLY


async def test_planning_gives_none_when_nothing_comes(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, pair = await couple(stage)
    assert (await read_person(stage, ben)).next_letter_at == at("2027-06-15")
    await change(stage, Pairing, pair, ends_on=date(2027, 6, 14))
    async with stage.app.storage.work() as work:
        await calendar.plan(work, [ben.id])
    assert (await read_person(stage, ben)).next_letter_at is None


async def test_a_new_zone_moves_the_next_letter(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    await change(stage, Person, ben.id, zone="Asia/Kolkata")
    async with stage.app.storage.work() as work:
        await calendar.plan(work, [ben.id])
    assert (await read_person(stage, ben)).next_letter_at == at("2027-06-15", 10, "Asia/Kolkata")


@pytest.mark.parametrize("quiet", [["2027-06-15"], ["2027-06-15", "2027-06-16"]])
async def test_quiet_days_move_the_letter_to_the_next_working_day(stage: Stage, quiet: list[str]) -> None:
    with_buttons(stage)
    await stage.to(at("2027-06-01", 9))
    cohort = await stage.cohort(quiet_days=quiet)
    ben, ada = await stage.person("Ben"), await stage.person("Ada")
    await stage.pair(ben, ada, cohort=cohort)
    await stage.to(at("2027-06-20", 12))
    assert [post.at for post in await letters(stage, ben)] == [at(f"2027-06-{15 + len(quiet)}")]
