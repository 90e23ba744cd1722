"""The liaisons' summary: when it comes, what it says, and what it keeps to itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from bot.domain import Cohort, CohortState, ConcernTo, Duty, Letter, LetterKind, Pairing, Person
from bot.services import summaries
from bot.ui import Buttons, Picture, Rows
from tests.caring import (
    FIRST_MONDAY,
    begin,
    change,
    concern,
    goal,
    many_pairs,
    only_summaries,
    talk,
    told_of_silence,
)
from tests.stage import Actor, Posted, Stage
from tests.wording import label_of, notice_of

LATER = date(2027, 8, 2)
"""A Monday two months into the program."""


@pytest.fixture(autouse=True)
def _summaries(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    only_summaries(stage, monkeypatch)


@pytest.fixture
async def cohort(stage: Stage) -> Cohort:
    await stage.to(date(2027, 5, 3))
    return await stage.cohort()


@pytest.fixture
async def olga(stage: Stage) -> Actor:
    return await stage.person("Olga", Duty.LIAISON, zone="America/Chicago")


async def _ada_and_ben(stage: Stage, cohort: Cohort, liaison: Actor) -> int:
    return await stage.pair(await stage.person("Ben"), await stage.person("Ada"), cohort=cohort, liaison=liaison)


def _parts(post: Posted, kind: type) -> list[object]:
    return [part for part in post.message.parts if isinstance(part, kind)]


def _local_nine(day: date, utc_hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)


async def test_it_comes_every_monday_at_nine_on_both_sides_of_the_clock_change(
    stage: Stage, cohort: Cohort, olga: Actor
) -> None:
    """Chicago is five hours behind UTC until Sunday, November 7, 2027, and six from then on."""
    await _ada_and_ben(stage, cohort, olga)
    await begin(stage, cohort)
    await stage.to(date(2027, 11, 20))

    mondays = [FIRST_MONDAY + timedelta(weeks=week) for week in range(24)]
    assert [post.at for post in stage.channel("liaisons")] == [
        _local_nine(monday, 14 if monday < date(2027, 11, 7) else 15) for monday in mondays
    ]
    assert [post.at for post in olga.inbox] == [post.at for post in stage.channel("liaisons")]


async def test_two_workers_say_it_once(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    await _ada_and_ben(stage, cohort, olga)
    await begin(stage, cohort)
    stage.clock.set(_local_nine(FIRST_MONDAY, 14))
    await asyncio.gather(summaries.sweep(stage.app.office), summaries.sweep(stage.app.office))

    async with stage.app.storage.reading() as work:
        keys = await work.all(select(Letter.key).where(Letter.kind == LetterKind.SUMMARY))
    assert len(keys) == 2


async def test_a_summary_that_was_slept_through_comes_once(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    await _ada_and_ben(stage, cohort, olga)
    await begin(stage, cohort)
    stage.clock.set(_local_nine(FIRST_MONDAY + timedelta(days=23), 15))
    await stage.pulse()

    assert len(olga.inbox) == 1
    async with stage.app.storage.reading() as work:
        due = (await work.get(Cohort, cohort.id)).next_summary_at
    assert due == _local_nine(FIRST_MONDAY + timedelta(days=28), 14)


@pytest.mark.parametrize("state", [CohortState.CLOSED, CohortState.CANCELLED, CohortState.MATCHING])
async def test_only_running_cohorts_have_one(stage: Stage, cohort: Cohort, olga: Actor, state: CohortState) -> None:
    await _ada_and_ben(stage, cohort, olga)
    await begin(stage, cohort)
    await change(stage, Cohort, cohort.id, state=state)
    await stage.to(FIRST_MONDAY + timedelta(days=3))

    assert not olga.inbox
    assert not stage.channel("liaisons")


async def test_far_away_liaisons_hear_in_their_own_daytime(stage: Stage, cohort: Cohort) -> None:
    """Monday 9:00 in Chicago is 19:30 in Kolkata, and 2:00 on Tuesday in Auckland."""
    near = await stage.person("Near", Duty.LIAISON, zone="Asia/Kolkata")
    far = await stage.person("Far", Duty.LIAISON, zone="Pacific/Auckland")
    await many_pairs(stage, cohort, [near, far], 2)
    await begin(stage, cohort)
    await stage.to(FIRST_MONDAY + timedelta(days=2))

    assert [post.at for post in near.inbox] == [_local_nine(FIRST_MONDAY, 14)]
    assert [post.at for post in far.inbox] == [datetime(2027, 6, 7, 20, tzinfo=UTC)]


async def test_nothing_to_say_is_said_in_one_line(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    await many_pairs(stage, cohort, [olga], 9)
    await begin(stage, cohort)
    await stage.to(FIRST_MONDAY)
    await stage.forward(hours=4)

    channel, letter = stage.channel("liaisons")[-1], olga.inbox[-1]
    for post in (channel, letter):
        assert [type(part) for part in post.message.parts[1:]] == [Buttons]
    assert channel.text.startswith("Mentoring 2027-28: nothing to tell this time. 9 pairs are under way")
    assert letter.text.startswith("Olga, none of your 9 pairs needs a hand at the moment.")


async def test_a_single_pair_is_counted_as_one(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    pair = await _ada_and_ben(stage, cohort, olga)
    await begin(stage, cohort)
    await stage.to(date(2027, 7, 30))
    await told_of_silence(stage, pair)
    await stage.to(LATER + timedelta(days=1))

    assert "1 pair is under way, and it may need a hand." in stage.channel("liaisons")[-1].text


async def test_the_channel_has_figures_and_the_liaison_the_names(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    ada_and_ben = await _ada_and_ben(stage, cohort, olga)
    others = await many_pairs(stage, cohort, [olga], 5)
    await begin(stage, cohort)
    await stage.to(date(2027, 7, 30))
    await talk(stage, ada_and_ben, date(2027, 6, 15))
    for pair in others:
        await goal(stage, pair, "a talk at the conference", reached=pair == others[0])
        await talk(stage, pair, date(2027, 7, 19) if pair == others[1] else date(2027, 7, 26))
    await goal(stage, ada_and_ben, "leave this job")
    await told_of_silence(stage, ada_and_ben)
    await stage.to(LATER + timedelta(days=1))

    channel, letter = stage.channel("liaisons")[-1], olga.inbox[-1]
    assert "of 6 pairs, 1 may need a hand" in channel.text
    assert "Talked in the last two weeks\n4 of 6 pairs" in channel.text
    assert "6, by 6 pairs" in channel.text
    assert "Goals reached\n1" in channel.text
    assert "Olga\n1 of 6 pairs" in channel.text
    for private in ("Ada", "Ben", "Tutor", "Pupil", "conference", "job"):
        assert private not in channel.text
    assert letter.text.startswith("Olga, 1 of your 6 pairs may need you.")
    assert "Ada and Ben: No news since Tuesday, June 15." in letter.text
    assert "job" not in letter.text
    labels = [label_of(button) for button in letter.message.buttons()]
    assert labels == [
        "Write to Ada and Ben",
        "I am in touch",
        "See all 6",
        "I am away",
        "Every two weeks, for all liaisons",
    ]


async def test_last_two_weeks_are_fourteen_days(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    """On Monday, August 2, they began on Tuesday, July 20."""
    pairs = await many_pairs(stage, cohort, [olga], 2)
    await begin(stage, cohort)
    await stage.to(date(2027, 7, 30))
    await talk(stage, pairs[0], date(2027, 7, 19))
    await talk(stage, pairs[1], date(2027, 7, 20))
    await goal(stage, pairs[0], "one")
    await goal(stage, pairs[1], "two")
    await stage.to(LATER + timedelta(days=1))

    assert "1 of 2 pairs" in stage.channel("liaisons")[-1].text


async def test_a_liaison_hears_of_no_pair_of_another(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    max_ = await stage.person("Max", Duty.LIAISON)
    pairs = await many_pairs(stage, cohort, [olga, max_], 4)
    await begin(stage, cohort)
    await stage.to(date(2027, 7, 30))
    for pair in pairs:
        await told_of_silence(stage, pair)
    await stage.to(LATER + timedelta(days=1))

    assert "Tutor2" in olga.inbox[-1].text
    assert "Tutor4" in olga.inbox[-1].text
    assert "Tutor1" not in olga.inbox[-1].text
    assert "Tutor3" not in olga.inbox[-1].text
    assert "Tutor2" not in max_.inbox[-1].text


async def test_somebody_who_is_no_liaison_any_more_hears_nothing(stage: Stage, cohort: Cohort) -> None:
    gone = await stage.person("Gone")
    await many_pairs(stage, cohort, [gone], 2)
    await begin(stage, cohort)
    await stage.to(LATER + timedelta(days=1))

    assert not gone.inbox
    assert "Without a liaison\n2 of 2 pairs" in stage.channel("liaisons")[-1].text


async def test_every_reason_is_named_and_the_most_urgent_comes_first(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    pairs = await many_pairs(stage, cohort, [olga], 4)
    await begin(stage, cohort)
    await stage.to(date(2027, 7, 30))
    for pair in pairs:
        await talk(stage, pair, date(2027, 7, 28))
    for pair in pairs[1:]:
        await goal(stage, pair, "read more")
    await change(stage, Person, stage.people["Tutor2"].id, unreachable_since=stage.clock.now())
    await change(stage, Pairing, pairs[2], last_sign_at=datetime(2027, 6, 10, 18, tzinfo=UTC))
    await told_of_silence(stage, pairs[2])
    await concern(stage, pairs[3], stage.people["Pupil4"])
    await stage.to(LATER + timedelta(days=1))

    letter = olga.inbox[-1]
    rows = _parts(letter, Rows)[0].rows  # type: ignore[attr-defined]
    text = letter.text
    order = [
        "Pupil4 and Tutor4: Pupil4 asked on Friday, July 30, to hear from you alone.",
        "Pupil2 and Tutor2: My messages to Tutor2 do not arrive.",
        "Pupil3 and Tutor3: No news since Thursday, June 10.",
        "Pupil1 and Tutor1: No goals are written down so far.",
    ]
    assert len(rows) == 4
    assert [text.index(line) for line in order] == sorted(text.index(line) for line in order)


async def test_what_only_the_coordinator_was_told_moves_no_figure(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    pairs = await many_pairs(stage, cohort, [olga], 2)
    await begin(stage, cohort)
    await stage.to(date(2027, 6, 4))
    for pair in pairs:
        await talk(stage, pair, date(2027, 6, 3))
    await concern(stage, pairs[0], stage.people["Pupil1"], to=ConcernTo.COORDINATOR)
    await stage.to(FIRST_MONDAY + timedelta(days=1))

    assert "none needs a hand" in stage.channel("liaisons")[-1].text
    assert olga.inbox[-1].text.startswith("Olga, none of your 2 pairs")


async def test_a_silence_is_nobodys_business_before_the_day_that_was_named(
    stage: Stage, cohort: Cohort, olga: Actor
) -> None:
    pair = await _ada_and_ben(stage, cohort, olga)
    await goal(stage, pair, "one")
    await begin(stage, cohort)
    await stage.to(date(2027, 7, 1))
    await change(stage, Pairing, pair, liaison_hears_at=datetime(2027, 7, 13, 15, tzinfo=UTC))
    await stage.to(date(2027, 7, 13))
    assert "your pair needs no hand" in olga.inbox[-1].text
    await stage.to(date(2027, 7, 20))
    assert "your pair may need you" in olga.inbox[-1].text


async def test_a_pair_that_said_all_is_well_is_left_alone(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    pair = await _ada_and_ben(stage, cohort, olga)
    await goal(stage, pair, "one")
    await begin(stage, cohort)
    await change(stage, Pairing, pair, well_until=datetime(2027, 8, 15, tzinfo=UTC))
    await stage.to(LATER + timedelta(days=1))
    assert "needs no hand" in olga.inbox[-1].text


async def test_forty_one_pairs_fit_every_platform(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    liaisons = [olga, *[await stage.person(f"Liaison number {n}", Duty.LIAISON) for n in range(19)]]
    pairs = await many_pairs(stage, cohort, liaisons, 41)
    for pair in pairs:
        await change(stage, Pairing, pair, liaison_told_at=stage.clock.now())
    await begin(stage, cohort)
    await stage.to(LATER + timedelta(days=1))

    channel = stage.channel("liaisons")[-1]
    assert len(channel.text) < 2000
    assert (
        len(channel.message.parts) + sum(len(part.facts) for part in channel.message.parts if part.tag == "facts") < 50
    )
    assert "8 more liaisons" in channel.text
    assert "Tutor" not in channel.text
    assert "41 pairs" in channel.text


async def test_all_pairs_of_one_liaison_fit_too(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    pairs = await many_pairs(stage, cohort, [olga], 41)
    for pair in pairs:
        await told_of_silence(stage, pair)
    await begin(stage, cohort)
    await stage.to(LATER + timedelta(days=1))

    letter = olga.inbox[-1]
    assert len(letter.text) < 2000
    assert len(_parts(letter, Rows)[0].rows) == 5  # type: ignore[attr-defined]
    assert "36 more pairs may need you" in letter.text


@pytest.mark.parametrize(("count", "pictures"), [(7, 0), (8, 2)])
async def test_there_is_no_picture_under_eight_pairs(
    stage: Stage, cohort: Cohort, olga: Actor, count: int, pictures: int
) -> None:
    pairs = await many_pairs(stage, cohort, [olga], count)
    await begin(stage, cohort)
    await stage.to(date(2027, 6, 25))
    for pair in pairs[:5]:
        await talk(stage, pair, date(2027, 6, 24))
    await stage.to(date(2027, 6, 29))

    found = _parts(stage.channel("liaisons")[-1], Picture)
    assert len(found) == pictures
    if found:
        text = stage.channel("liaisons")[-1].text
        assert [series.values for series in found[0].series] == [(0, 5)]  # type: ignore[attr-defined]
        assert "from Tuesday, June 1 on: 0 and 5." in text
        assert "5 in contact and 3 quiet" in text or "5 in contact and 3 just begun" in text


async def test_without_a_channel_coordinators_get_it_with_a_hint(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    vera = await stage.person("Vera", Duty.COORDINATOR)
    await _ada_and_ben(stage, cohort, olga)
    await begin(stage, cohort, channel="")
    await stage.to(FIRST_MONDAY + timedelta(days=1))

    assert "No liaison channel is chosen" in vera.inbox[-1].text
    assert "Choose a channel" in [label_of(button) for button in vera.inbox[-1].message.buttons()]
    assert "Ada" not in vera.inbox[-1].text
    assert len(olga.inbox) == 1


async def test_every_notice_gives_nothing_away(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    pair = await _ada_and_ben(stage, cohort, olga)
    await concern(stage, pair, stage.people["Ada"])
    await begin(stage, cohort)
    await stage.to(FIRST_MONDAY + timedelta(days=1))

    for post in (*stage.channel("liaisons"), *olga.inbox):
        assert len(notice_of(post.message)) <= 80
        assert "Ada" not in notice_of(post.message)
        assert "need" not in notice_of(post.message)


async def test_its_cost_does_not_grow_with_the_pairs(stage: Stage, cohort: Cohort, olga: Actor) -> None:
    counts = []
    for week, pairs in enumerate((1, 15)):
        await many_pairs(stage, cohort, [olga], pairs)
        await begin(stage, cohort)
        stage.clock.set(_local_nine(FIRST_MONDAY + timedelta(weeks=week), 14))
        counts.append(await _statements(stage))

    assert counts[0] == counts[1]


async def _statements(stage: Stage) -> int:
    seen: list[str] = []
    engine = stage.app.storage.engines.write.sync_engine

    def listen(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        assert await summaries.sweep(stage.app.office) == 1
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return len(seen)


async def test_a_summary_that_quiet_days_held_back_does_not_come_with_the_next(
    stage: Stage, cohort: Cohort, olga: Actor
) -> None:
    """The holidays begin before Monday, December 27, and end with Sunday, January 2."""
    holidays = [f"2027-12-{day}" for day in range(24, 32)] + ["2028-01-01", "2028-01-02"]
    await change(stage, Cohort, cohort.id, quiet_days=holidays)
    await many_pairs(stage, cohort, [olga], 2)
    await begin(stage, cohort)
    await stage.to(date(2027, 12, 23))
    before = len(olga.inbox), len(stage.channel("liaisons"))
    await stage.to(date(2028, 1, 5))
    assert (len(olga.inbox), len(stage.channel("liaisons"))) == (before[0] + 1, before[1] + 1)
    assert olga.inbox[-1].at.date() == date(2028, 1, 3)
