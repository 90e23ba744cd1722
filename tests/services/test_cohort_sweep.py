"""What a cohort's dates do by themselves, in its own zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain import CheckIn, Cohort, CohortState, Duty, Member, Pairing, PairingState, Person
from bot.services import cohort_dates
from tests.commands.cohort_stage import applies, olga, reads
from tests.stage import Actor, Stage
from tests.wording import notice_of

__all__ = ["olga"]


async def _planned(stage: Stage, **values: object) -> Cohort:
    cohort = await stage.cohort(**values)
    async with stage.app.storage.work() as work:
        row = await work.get(Cohort, cohort.id)
        cohort_dates.plan(row)
    return row


@pytest.mark.parametrize(
    ("zone", "closes"),
    [
        ("America/Chicago", datetime(2027, 3, 16, 5, tzinfo=UTC)),  # daylight time since March 14
        ("Pacific/Auckland", datetime(2027, 3, 15, 11, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2027, 3, 15, 18, 30, tzinfo=UTC)),
        ("America/Sao_Paulo", datetime(2027, 3, 16, 3, tzinfo=UTC)),
    ],
)
async def test_a_call_closes_at_the_end_of_its_last_day_there(
    stage: Stage, olga: Actor, zone: str, closes: datetime
) -> None:
    cohort = await _planned(stage, state=CohortState.OPEN, zone=zone)
    assert cohort.next_date_at == closes
    await stage.to(closes - timedelta(seconds=1))
    assert (await reads(stage, Cohort, cohort.id)).state is CohortState.OPEN
    await stage.to(closes)
    assert (await reads(stage, Cohort, cohort.id)).state is CohortState.MATCHING


async def test_two_cohorts_close_each_in_its_own_zone(stage: Stage, olga: Actor) -> None:
    first = await _planned(stage, title="East", state=CohortState.OPEN, zone="Pacific/Auckland")
    second = await _planned(stage, title="West", state=CohortState.OPEN, zone="America/Los_Angeles")
    await stage.to(datetime(2027, 3, 15, 12, tzinfo=UTC))
    states = [(await reads(stage, Cohort, cohort.id)).state for cohort in (first, second)]
    assert states == [CohortState.MATCHING, CohortState.OPEN]
    await stage.to(datetime(2027, 3, 16, 7, tzinfo=UTC))
    assert (await reads(stage, Cohort, second.id)).state is CohortState.MATCHING


async def test_coordinators_hear_in_the_morning_what_comes_next(stage: Stage, olga: Actor) -> None:
    cohort = await _planned(stage, state=CohortState.OPEN)
    await applies(stage, await stage.person("Ada"), cohort)
    await stage.to(date(2027, 3, 17))
    [post] = olga.inbox
    assert post.at == datetime(2027, 3, 16, 13, tzinfo=UTC)
    assert notice_of(post.message) == "The call for Mentoring 2027-28 is closed."
    assert "There is one application." in post.text
    assert "publish them by Monday, May 3" in post.text
    assert "Propose pairs" in post.text


async def test_a_week_before_the_announcement_coordinators_are_reminded_once(stage: Stage, olga: Actor) -> None:
    await stage.person("Paul", Duty.COORDINATOR, zone="America/New_York")
    await _planned(stage, state=CohortState.MATCHING)
    await stage.to(date(2027, 5, 2))
    for name in ("Olga", "Paul"):
        [post] = stage.people[name].inbox
        assert post.at == datetime(2027, 4, 26, 15, tzinfo=UTC)
        assert notice_of(post.message) == "Pairs are announced on Monday, May 3"


async def test_published_in_time_nobody_is_reminded(stage: Stage, olga: Actor) -> None:
    await _planned(stage, state=CohortState.ACTIVE)
    await stage.to(date(2027, 5, 2))
    assert olga.inbox == []


async def test_a_moved_announcement_is_reminded_of_anew(stage: Stage, olga: Actor) -> None:
    await _planned(stage, state=CohortState.MATCHING)
    await stage.to(date(2027, 4, 27))
    await olga.types("/cohort edit")
    await olga.sends(announced_on="2027-05-17")
    await olga.presses("Do it")
    await stage.to(date(2027, 5, 11))
    assert [post.at.date() for post in olga.inbox] == [date(2027, 4, 26), date(2027, 5, 10)]


async def test_when_the_call_closes_that_late_its_news_is_the_reminder(stage: Stage) -> None:
    cohort = await _planned(stage, state=CohortState.MATCHING, closes_on=date(2027, 4, 27))
    assert cohort.next_date_at == datetime(2027, 5, 4, 15, tzinfo=UTC)  # the day after the announcement


class TestEnding:
    """The last day is over."""

    async def _pair(self, stage: Stage) -> tuple[Cohort, Actor, Actor, int]:
        cohort = await _planned(stage, ends_on=date(2027, 6, 30), starts_on=date(2027, 5, 10))
        ada, ben = await stage.person("Ada"), await stage.person("Ben")
        return cohort, ada, ben, await stage.pair(ben, ada, cohort=cohort)

    async def test_pairs_complete_and_the_cohort_closes(self, stage: Stage, olga: Actor) -> None:
        cohort, ada, _ben, pairing = await self._pair(stage)
        await stage.to(datetime(2027, 7, 1, 4, 59, tzinfo=UTC))
        assert (await reads(stage, Pairing, pairing)).state is PairingState.ACTIVE
        await stage.to(datetime(2027, 7, 1, 5, tzinfo=UTC))
        completed = await reads(stage, Pairing, pairing)
        assert (completed.state, completed.ended_at) == (
            PairingState.COMPLETED,
            datetime(2027, 7, 1, 5, tzinfo=UTC),
        )
        assert (await reads(stage, Person, ada.id)).next_letter_at is None
        closed = await reads(stage, Cohort, cohort.id)
        assert (closed.state, closed.next_date_at) == (CohortState.CLOSED, None)

    async def test_each_pair_is_thanked_in_its_own_place_by_day(self, stage: Stage, olga: Actor) -> None:
        _, ada, _, pairing = await self._pair(stage)
        async with stage.app.storage.work() as work:
            first = await work.first(select(Member.id).where(Member.pairing_id == pairing))
            work.add(
                *(
                    CheckIn(pairing_id=pairing, logged_by_id=first, talked_on=day, created_at=work.now)
                    for day in (date(2027, 6, 2), date(2027, 6, 20))
                )
            )
        await stage.to(date(2027, 7, 2))
        [post] = [post for post in ada.rooms if "Mentoring 2027-28 has ended" in post.text]
        assert post.at == datetime(2027, 7, 1, 13, tzinfo=UTC)
        assert notice_of(post.message) == "Thank you for this time together"
        assert "Ben and Ada, thank you for this time." in post.text
        assert "You noted 2 talks." in post.text
        assert "The conversation need not." in post.text
        assert len(post.text.split()) <= 150

    async def test_coordinators_hear_how_many_pairs_came_to_their_end(self, stage: Stage, olga: Actor) -> None:
        await self._pair(stage)
        await stage.to(date(2027, 7, 2))
        assert notice_of(olga.inbox[-1].message) == "Mentoring 2027-28 has ended."
        assert "One pair has come to its end" in olga.inbox[-1].text

    async def test_nothing_happens_twice(self, stage: Stage, olga: Actor) -> None:
        await self._pair(stage)
        await stage.to(date(2027, 7, 2))
        posts = len(stage.messenger.posts)
        await stage.to(date(2027, 9, 1))
        assert len(stage.messenger.posts) == posts
