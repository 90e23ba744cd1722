"""The calendar's rules. Every expectation is read off a calendar or found by walking it day by day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain import rhythm
from bot.domain.rhythm import Reader, Rhythm

ZONES = [
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Europe/London",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
]
CHICAGO = Reader(ZoneInfo("America/Chicago"))
JUNE_1 = date(2027, 6, 1)  # a Tuesday
APRIL_30 = date(2028, 4, 30)
DAY = timedelta(days=1)

quick = settings(max_examples=60, deadline=None)
zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2025, 1, 1), date(2033, 12, 31))
seconds = st.integers(0, 420 * 24 * 3600)
hours = st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def some_moment(seconds: int) -> datetime:
    """A moment in or around the program's year, in which every zone has both of its clock changes."""
    return utc("2027-05-01 00:00") + timedelta(seconds=seconds)


def walk(first: date, last: date) -> list[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def tuesdays(cohort_start: date, last: date) -> list[date]:
    """Every second Tuesday, beginning with the first one not before the cohort starts."""
    return [day for day in walk(cohort_start, last) if day.weekday() == 1][::2]


def in_quiet_hours(at: time, reader: Reader) -> bool:
    begin, end = reader.quiet_from, reader.quiet_to
    if begin is None or end is None:
        return False
    return begin <= at < end if begin <= end else at >= begin or at < end


def is_decent(moment: datetime, reader: Reader) -> bool:
    here = moment.astimezone(reader.zone)
    return (
        here.isoweekday() <= 5
        and here.date() not in reader.quiet_days
        and 8 <= here.hour < 20
        and not in_quiet_hours(here.time(), reader)
    )


@st.composite
def holidays(draw: st.DrawFn) -> frozenset[date]:
    """Single quiet days and stretches of up to five weeks in the program's year."""
    stretches = draw(st.lists(st.tuples(st.dates(JUNE_1, APRIL_30), st.integers(0, 35)), max_size=6))
    return frozenset(day for first, more in stretches for day in walk(first, first + timedelta(days=more)))


@st.composite
def readers(draw: st.DrawFn) -> Reader:
    reader = Reader(draw(zones), draw(holidays()), draw(hours), draw(hours))
    return reader if rhythm.leaves_an_hour(reader) else Reader(reader.zone, reader.quiet_days)


# Periods and rhythm days


@pytest.mark.parametrize(
    ("cohort_start", "pair_start", "period", "expected"),
    [
        ("2027-06-01", "2027-06-01", 1, "2027-06-15"),
        ("2027-06-01", "2027-06-01", 2, "2027-06-29"),
        ("2027-06-01", "2027-06-02", 1, "2027-06-29"),
        ("2027-06-02", "2027-06-02", 1, "2027-06-22"),
        ("2027-06-01", "2027-05-03", 1, "2027-05-18"),
        ("2027-06-01", "2027-11-10", 1, "2027-11-30"),
        ("2028-02-29", "2028-02-29", 1, "2028-03-14"),
        ("2027-06-01", "2027-06-01", 20, "2028-03-07"),
    ],
)
def test_a_rhythm_day_is_where_the_calendar_says(
    cohort_start: str, pair_start: str, period: int, expected: str
) -> None:
    found = rhythm.rhythm_day(date.fromisoformat(pair_start), period, anchor=date.fromisoformat(cohort_start))
    assert found == date.fromisoformat(expected)


@quick
@given(cohort_start=days, later=st.integers(0, 300), period=st.integers(1, 26))
@example(cohort_start=date(2028, 2, 29), later=0, period=1)
def test_a_period_holds_exactly_one_rhythm_day(cohort_start: date, later: int, period: int) -> None:
    start = cohort_start + timedelta(days=later)
    span = walk(start + 14 * period * DAY, start + (14 * period + 13) * DAY)
    inside = [day for day in tuesdays(cohort_start, span[-1]) if day in span]
    assert inside == [rhythm.rhythm_day(start, period, anchor=cohort_start)]


@quick
@given(start=days, ahead=st.integers(0, 400))
def test_a_day_belongs_to_the_period_that_is_counted_in_fortnights_from_the_start(start: date, ahead: int) -> None:
    period = rhythm.period_on(start, start + ahead * DAY)
    assert 14 * period <= ahead < 14 * (period + 1)


def test_the_day_before_a_pairing_begins_is_in_no_period() -> None:
    assert rhythm.period_on(JUNE_1, JUNE_1 - DAY) < 0


# Letters


@pytest.mark.parametrize(
    ("zone", "period", "expected"),
    [
        ("America/New_York", 1, "2027-06-15 14:00"),
        ("America/Chicago", 1, "2027-06-15 15:00"),
        ("America/Denver", 1, "2027-06-15 16:00"),
        ("America/Los_Angeles", 1, "2027-06-15 17:00"),
        ("America/St_Johns", 1, "2027-06-15 12:30"),
        ("America/Sao_Paulo", 1, "2027-06-15 13:00"),
        ("Europe/London", 1, "2027-06-15 09:00"),
        ("Asia/Kolkata", 1, "2027-06-15 04:30"),
        ("Asia/Kathmandu", 1, "2027-06-15 04:15"),
        ("Pacific/Auckland", 1, "2027-06-14 22:00"),
        ("Pacific/Chatham", 1, "2027-06-14 21:15"),
        ("America/Chicago", 11, "2027-11-02 15:00"),  # clocks go back on November 7
        ("America/Chicago", 12, "2027-11-16 16:00"),
        ("America/Chicago", 20, "2028-03-07 16:00"),  # and forward on March 12
        ("America/Chicago", 21, "2028-03-21 15:00"),
        ("Europe/London", 10, "2027-10-19 09:00"),  # back on October 31
        ("Europe/London", 11, "2027-11-02 10:00"),
        ("Africa/Casablanca", 16, "2028-01-11 09:00"),
        ("Africa/Casablanca", 17, "2028-01-25 10:00"),  # an hour back from the Sunday before Ramadan
        ("Africa/Casablanca", 20, "2028-03-07 09:00"),  # until the Sunday after it
        ("Pacific/Auckland", 8, "2027-09-20 22:00"),  # forward on September 26
        ("Pacific/Auckland", 9, "2027-10-04 21:00"),
    ],
)
def test_a_letter_comes_at_ten_by_the_clocks_of_its_reader(zone: str, period: int, expected: str) -> None:
    reader = Reader(ZoneInfo(zone))
    assert rhythm.due(reader, period, anchor=JUNE_1, start=JUNE_1, end=APRIL_30) == utc(expected)


@quick
@given(zone=zones, cohort_start=days, later=st.integers(0, 100), length=st.integers(0, 340))
def test_without_quiet_days_each_rhythm_day_brings_one_letter(
    zone: ZoneInfo, cohort_start: date, later: int, length: int
) -> None:
    start = cohort_start + later * DAY
    end = start + length * DAY
    expected = [day for day in tuesdays(cohort_start, end) if day >= start + 14 * DAY]
    dues = [rhythm.due(Reader(zone), period, anchor=cohort_start, start=start, end=end) for period in range(1, 27)]
    local = [due.astimezone(zone).replace(tzinfo=None) for due in dues if due]
    assert local == [datetime.combine(day, time(10)) for day in expected]


@quick
@given(reader=readers(), start=st.dates(JUNE_1, date(2027, 8, 31)))
def test_letters_are_decent_and_at_least_a_week_apart(reader: Reader, start: date) -> None:
    told: list[date] = []
    for period in range(1, 27):
        due = rhythm.due(reader, period, anchor=JUNE_1, start=start, end=APRIL_30)
        day = rhythm.rhythm_day(start, period, anchor=JUNE_1)
        if due and not rhythm.is_too_quiet(day, reader):
            assert is_decent(due, reader)
            told.append(due.astimezone(reader.zone).date())
    assert all(later - earlier >= 7 * DAY for earlier, later in pairwise(told))


@quick
@given(reader=readers(), period=st.integers(1, 23))
def test_a_letter_moves_past_quiet_days_to_the_first_working_day(reader: Reader, period: int) -> None:
    day = JUNE_1 + 14 * period * DAY
    due = rhythm.due(reader, period, anchor=JUNE_1, start=JUNE_1, end=date(2029, 1, 1))
    assert due is not None
    moved = due.astimezone(reader.zone).date()
    assert all(skipped.isoweekday() > 5 or skipped in reader.quiet_days for skipped in walk(day, moved - DAY))
    assert moved.isoweekday() <= 5
    assert moved not in reader.quiet_days


def test_a_quiet_tuesday_moves_its_letter_to_wednesday_and_no_other_letter() -> None:
    reader = Reader(CHICAGO.zone, frozenset({date(2027, 6, 15)}))
    found = [rhythm.due(reader, period, anchor=JUNE_1, start=JUNE_1, end=APRIL_30) for period in (1, 2)]
    assert found == [utc("2027-06-16 15:00"), utc("2027-06-29 15:00")]


def test_a_letter_that_would_move_past_the_end_does_not_come() -> None:
    tuesday = date(2027, 6, 15)
    reader = Reader(CHICAGO.zone, frozenset({tuesday}))
    assert rhythm.due(CHICAGO, 1, anchor=JUNE_1, start=JUNE_1, end=tuesday) == utc("2027-06-15 15:00")
    assert rhythm.due(reader, 1, anchor=JUNE_1, start=JUNE_1, end=tuesday) is None


def test_a_period_whose_letter_would_move_more_than_a_week_has_none() -> None:
    long = Reader(CHICAGO.zone, frozenset(walk(date(2027, 12, 20), date(2028, 1, 5))))
    short = Reader(CHICAGO.zone, frozenset(walk(date(2027, 12, 24), date(2028, 1, 3))))
    assert rhythm.is_too_quiet(date(2027, 12, 28), long)
    assert not rhythm.is_too_quiet(date(2027, 12, 28), short)
    assert rhythm.due(long, 15, anchor=JUNE_1, start=JUNE_1, end=APRIL_30) == utc("2028-01-06 16:00")
    assert rhythm.due(short, 15, anchor=JUNE_1, start=JUNE_1, end=APRIL_30) == utc("2028-01-04 16:00")


@pytest.mark.parametrize(
    ("quiet_from", "quiet_to", "expected"),
    [
        (time(21), time(7), time(10)),
        (time(9), time(12, 30), time(12, 30)),
        (time(19), time(11), time(11)),
        (time(9, 30), time(20), time(8)),
        (time(10), time(23), time(8)),
        (time(8), time(19, 45), time(19, 45)),
        (time(7), time(21), time(10)),
        (time(20), time(8), time(10)),
        (time(12), time(12), time(10)),
        (time(0), time(10, 1), time(10, 1)),
        (None, time(12), time(10)),
    ],
)
def test_quiet_hours_move_the_hour_and_never_the_day(
    quiet_from: time | None, quiet_to: time | None, expected: time
) -> None:
    reader = Reader(CHICAGO.zone, frozenset(), quiet_from, quiet_to)
    found = rhythm.letter_at(date(2027, 6, 15), reader).astimezone(CHICAGO.zone)
    assert found.replace(tzinfo=None) == datetime.combine(date(2027, 6, 15), expected)


def test_quiet_hours_that_leave_nothing_are_not_observed() -> None:
    at_night = Reader(CHICAGO.zone, frozenset(), time(7), time(21))
    for now, expected in (("2027-06-15 12:00", "2027-06-15 13:00"), ("2027-06-15 23:00", "2027-06-15 23:00")):
        assert rhythm.next_decent(utc(now), at_night) == utc(expected)


def test_quiet_hours_that_begin_when_they_end_are_none() -> None:
    reader = Reader(CHICAGO.zone, frozenset(), time(12), time(12))
    assert rhythm.leaves_an_hour(reader)
    assert rhythm.next_decent(utc("2027-06-15 17:00"), reader) == utc("2027-06-15 17:00")


def test_a_form_can_refuse_quiet_hours_that_leave_nothing() -> None:
    assert not rhythm.leaves_an_hour(Reader(CHICAGO.zone, frozenset(), time(7), time(21)))
    assert not rhythm.leaves_an_hour(Reader(CHICAGO.zone, frozenset(), time(7), time(19, 1)))
    assert rhythm.leaves_an_hour(Reader(CHICAGO.zone, frozenset(), time(7), time(19)))


# Slower rhythms


@quick
@given(cohort_start=days)
def test_monthly_keeps_exactly_one_letter_of_each_calendar_month(cohort_start: date) -> None:
    year = tuesdays(cohort_start, cohort_start + 400 * DAY)
    kept = [(day.year, day.month) for day in year if rhythm.is_monthly(day)]
    whole_months = sorted({(day.year, day.month) for day in year})[1:-1]
    assert [month for month in kept if month in whole_months] == whole_months


@quick
@given(cohort_start=days, percents=st.lists(st.integers(1, 95), min_size=1, max_size=5, unique=True).map(sorted))
def test_only_new_phases_keeps_the_first_rhythm_day_of_each_phase(cohort_start: date, percents: list[int]) -> None:
    begins = rhythm.phase_days([0, *percents], cohort_start, ends_on=cohort_start + 333 * DAY)
    all_days = tuesdays(cohort_start, cohort_start + 360 * DAY)
    expected = {min(day for day in all_days if day >= begin) for begin in begins[1:]}
    kept = {day for day in all_days if rhythm.is_new_phase(day, begins)}
    assert kept == expected


def test_the_phases_of_a_year_begin_where_their_share_of_its_days_begins() -> None:
    begins = rhythm.phase_days([0, 8, 20, 85], JUNE_1, ends_on=date(2028, 4, 30))
    assert begins == (JUNE_1, date(2027, 6, 27), date(2027, 8, 7), date(2028, 3, 11))  # 335 days: a leap year
    places = {date(2027, 5, 1): 0, JUNE_1: 0, date(2027, 6, 26): 0, date(2027, 6, 27): 1, date(2029, 1, 1): 3}
    assert {day: rhythm.phase_on(begins, day) for day in places} == places


# Decent moments


@quick
@given(now=seconds.map(some_moment), reader=readers())
def test_the_next_decent_moment_is_now_or_the_first_that_is(now: datetime, reader: Reader) -> None:
    found = rhythm.next_decent(now, reader)
    assert is_decent(found, reader)
    assert rhythm.next_decent(found, reader) == found
    steps = (found - now) // timedelta(minutes=7)
    between = [now + timedelta(minutes=7 * step) for step in range(steps + 1)]
    assert not any(is_decent(moment, reader) for moment in between if moment < found)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2027-06-15 15:07", "2027-06-15 15:07"),
        ("2027-06-15 12:59", "2027-06-15 13:00"),
        ("2027-06-16 00:59", "2027-06-16 00:59"),
        ("2027-06-16 01:00", "2027-06-16 13:00"),
        ("2027-06-19 01:00", "2027-06-21 13:00"),  # Friday at 20:00
        ("2028-03-11 12:00", "2028-03-13 13:00"),  # over the weekend on which clocks go forward
        ("2027-11-06 12:00", "2027-11-08 14:00"),  # and back
    ],
)
def test_nobody_is_written_to_at_night_or_on_a_weekend(now: str, expected: str) -> None:
    assert rhythm.next_decent(utc(now), CHICAGO) == utc(expected)


def test_a_whole_working_week_of_quiet_days_is_waited_for() -> None:
    reader = Reader(CHICAGO.zone, frozenset(walk(date(2027, 6, 14), date(2027, 6, 18))))
    assert rhythm.next_decent(utc("2027-06-12 15:00"), reader) == utc("2027-06-21 13:00")


def test_a_program_may_work_from_sunday_to_thursday() -> None:
    own = Rhythm(weekday=6, working_days=frozenset({6, 0, 1, 2, 3}))
    friday = utc("2027-06-18 15:00")
    assert rhythm.next_decent(friday, CHICAGO, rhythm=own) == utc("2027-06-20 13:00")
    assert rhythm.rhythm_day(JUNE_1, 1, anchor=JUNE_1, rhythm=own) == date(2027, 6, 20)


# Working days


@quick
@given(day=days, number=st.integers(0, 30), quiet=holidays())
def test_working_days_are_counted_one_by_one(day: date, number: int, quiet: frozenset[date]) -> None:
    found = rhythm.add_working_days(day, number, quiet=quiet)
    counted = [passed for passed in walk(day + DAY, found) if passed.isoweekday() <= 5 and passed not in quiet]
    if number:
        assert (len(counted), counted[-1]) == (number, found)
    else:
        assert found == rhythm.decent_day(day, Reader(CHICAGO.zone, quiet))


def test_the_first_contact_is_asked_for_five_working_days_after_the_introduction() -> None:
    monday_night = utc("2027-05-04 02:00")  # Monday at 21:00 in Chicago, already Tuesday in London
    assert rhythm.first_contact(monday_night, CHICAGO, working_days=5) == utc("2027-05-10 15:00")
    london = Reader(ZoneInfo("Europe/London"), frozenset({date(2027, 5, 5)}))
    assert rhythm.first_contact(monday_night, london, working_days=5) == utc("2027-05-12 09:00")


# Summaries and silence


@quick
@given(after=seconds.map(some_moment), zone=zones, anchor=days, weeks=st.integers(1, 4))
def test_a_summary_comes_on_the_next_of_its_mondays_at_nine(
    after: datetime, zone: ZoneInfo, anchor: date, weeks: int
) -> None:
    found = rhythm.summary_due(after, zone, anchor=anchor, every_weeks=weeks)
    here = found.astimezone(zone)
    mondays = [day for day in walk(anchor, here.date()) if day.weekday() == 0][::weeks]
    assert found > after
    assert (here.date(), here.time()) == (mondays[-1], time(9))
    if len(mondays) > 1:
        before = rhythm.at_local(mondays[-2], time(9), zone=zone)
        assert before <= after


def test_a_summary_that_was_just_sent_comes_again_a_week_or_two_later() -> None:
    sent = utc("2027-06-07 14:00")
    assert rhythm.summary_due(sent, CHICAGO.zone, anchor=JUNE_1) == utc("2027-06-14 14:00")
    assert rhythm.summary_due(sent, CHICAGO.zone, anchor=JUNE_1, every_weeks=2) == utc("2027-06-21 14:00")


def test_silence_is_counted_in_the_days_of_the_calendar() -> None:
    zone = CHICAGO.zone
    letter = utc("2027-07-13 15:00")  # Tuesday at 10:00
    assert rhythm.silent_days(utc("2027-06-15 15:05"), letter, zone=zone) == 28
    assert rhythm.silent_days(utc("2027-06-16 03:00"), letter, zone=zone) == 28  # still the 15th in Chicago
    assert rhythm.silent_days(utc("2027-06-16 06:00"), letter, zone=zone) == 27
    assert rhythm.silent_days(letter, letter, zone=zone) == 0


# Clocks


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("America/Chicago", "2027-03-14", "02:30", "2027-03-14 08:00"),  # skipped: 2:00 to 3:00
        ("America/Chicago", "2027-03-14", "02:00", "2027-03-14 08:00"),
        ("America/Chicago", "2027-03-14", "01:59:59", "2027-03-14 07:59:59"),
        ("America/Chicago", "2027-03-14", "02:59:59.5", "2027-03-14 08:00"),
        ("America/Chicago", "2027-11-07", "01:30", "2027-11-07 06:30"),  # shown twice
        ("Australia/Lord_Howe", "2027-10-03", "02:15", "2027-10-02 15:30"),  # half an hour is skipped
        ("Africa/Cairo", "2026-04-24", "00:30", "2026-04-23 22:00"),  # midnight is skipped
        ("Pacific/Chatham", "2027-09-26", "03:00", "2027-09-25 14:00"),  # 2:45 to 3:45
        ("Pacific/Apia", "2011-12-30", "10:00", "2011-12-30 10:00"),  # a whole day is skipped
    ],
)
def test_a_skipped_time_is_the_first_after_it_and_a_doubled_one_the_first_of_two(
    zone: str, day: str, at: str, expected: str
) -> None:
    found = rhythm.at_local(date.fromisoformat(day), time.fromisoformat(at), zone=ZoneInfo(zone))
    assert found == utc(expected)
    assert found.tzinfo is UTC


def test_a_doubled_time_is_the_first_of_two_whatever_it_says_of_itself() -> None:
    second = time(1, 30, fold=1)
    assert rhythm.at_local(date(2027, 11, 7), second, zone=CHICAGO.zone) == utc("2027-11-07 06:30")


@quick
@given(day=days, at=st.times(), zone=zones)
def test_no_earlier_moment_shows_a_time_as_late(day: date, at: time, zone: ZoneInfo) -> None:
    wanted = datetime.combine(day, at)
    found = rhythm.at_local(day, at, zone=zone)
    assert found.astimezone(zone).replace(tzinfo=None) >= wanted
    for minutes in (0, 15, 29, 30, 45, 59, 60, 90):
        earlier = found - timedelta(minutes=minutes, microseconds=1)
        assert earlier.astimezone(zone).replace(tzinfo=None) < wanted
