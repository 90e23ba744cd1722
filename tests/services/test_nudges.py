"""The rhythm: who gets what when, and exactly one outcome for each member and period."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from bot.domain import Member, Nudge, Outcome, Pace, Pairing, PairingState, Person
from bot.programs import template
from bot.services import calendar, outlook
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
    write_goal,
)
from tests.stage import Stage
from tests.wording import label_of, notice_of

ZONES = (
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "America/Sao_Paulo",
    "Europe/London",
)

SEASONS = {
    "autumn": (date(2027, 9, 14), ("2027-09-28", "2027-10-12", "2027-10-26", "2027-11-09", "2027-11-23")),
    "spring": (date(2028, 2, 22), ("2028-03-07", "2028-03-21", "2028-04-04")),
}
"""Clocks change on September 26 (Auckland), October 31 (London) and November 7; on March 12, March 26 and April 2."""


@pytest.mark.parametrize("season", SEASONS)
async def test_letters_come_every_second_tuesday_at_ten_of_each_persons_own_clock(stage: Stage, season: str) -> None:
    starts_on, days = SEASONS[season]
    await stage.to(datetime.combine(starts_on, time(6), tzinfo=UTC))
    cohort = await stage.cohort(starts_on=starts_on)
    people = {zone: await stage.person(zone, zone=zone) for zone in ZONES}
    pairs = {}
    for mentor, mentee in zip(ZONES[::2], ZONES[1::2], strict=True):
        pairs[mentor] = pairs[mentee] = await stage.pair(people[mentor], people[mentee], cohort=cohort)
    for day in days:
        await stage.to(datetime.combine(date.fromisoformat(day), time(23), tzinfo=UTC))
        for zone in ZONES:  # answering keeps the pace
            await people[zone].runs("nudge well", pair=str(pairs[zone]))
    for zone, person in people.items():
        assert [post.at for post in await letters(stage, person)] == [at(day, 10, zone) for day in days], zone
        assert await outcomes(stage, person, pairs[zone]) == [(n, "nudged") for n in range(1, len(days) + 1)]


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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
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


async def test_no_question_comes_twice_to_a_person_and_when_all_are_used_there_is_none(stage: Stage) -> None:
    ben, _ada, _olga, cohort, pair = await couple(stage)
    await write_goal(stage, pair)
    past = await stage.pair(ben, await stage.person("Cleo"), cohort=cohort)
    *used, second, first = [prompt for phase in template("alcts").phases for prompt in phase.prompts.mentor][::-1]
    async with stage.app.storage.work() as work:
        member = await work.first(select(Member).where(Member.pairing_id == past, Member.person_id == ben.id))
        assert member is not None
        for number, prompt in enumerate(used):
            row = {"topic": "talk", "prompt": prompt, "outcome": Outcome.NUDGED, "at": work.now}
            work.add(Nudge(member_id=member.id, period=number - 100, **row))
    await change(stage, Pairing, past, state=PairingState.ENDED)
    for day in DAYS[:3]:
        await stage.to(datetime.combine(day, time(23), tzinfo=UTC))
        await ben.runs("nudge planned", pair=str(pair))
    assert (await topics(stage, ben))[-3:] == [("talk", first), ("talk", second), ("talk", "")]
    assert "to take along" not in text_of((await letters(stage, ben))[-1])


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
    await stage.to(at("2027-06-01", 9))
    cohort = await stage.cohort(quiet_days=quiet)
    ben, ada = await stage.person("Ben"), await stage.person("Ada")
    await stage.pair(ben, ada, cohort=cohort)
    await stage.to(at("2027-06-20", 12))
    assert [post.at for post in await letters(stage, ben)] == [at(f"2027-06-{15 + len(quiet)}")]


async def test_the_outlook_is_the_next_letter_at_the_persons_pace_and_after_their_pauses(stage: Stage) -> None:
    ben, _ada, _olga, _cohort, _pair = await couple(stage)
    expected = {
        "2027-06-15": {},
        "2027-06-29": {"snoozed_until": at("2027-06-20")},
        "2027-07-13": {"snoozed_until": None, "pace": Pace.MONTHLY},
        "2027-08-10": {"paused_at": at("2027-06-02"), "paused_until": at("2027-08-01")},
    }
    for day, values in expected.items():
        await change(stage, Person, ben.id, **values)
        async with stage.app.storage.reading() as work:
            assert await outlook.next_letter_at(work, await work.get(Person, ben.id)) == at(day)
    await change(stage, Person, ben.id, paused_until=None)
    async with stage.app.storage.reading() as work:
        assert await outlook.next_letter_at(work, await work.get(Person, ben.id)) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_new_phase_names_the_role_to_somebody_who_has_two(stage: Stage) -> None:
    _ben, ada, _olga, cohort, _pair = await couple(stage)
    await stage.pair(ada, await stage.person("Cleo"), cohort=cohort)
    await stage.to(at("2027-06-29", 12))
    text = text_of((await letters(stage, ada))[-1])
    assert "A good first step as a mentor: " in text
    assert "A good first step as a mentee: " in text
