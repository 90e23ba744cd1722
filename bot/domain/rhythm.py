"""When things fall due, from dates and zones alone: everything that computes local time is here.

**The rule.** A test can predict every letter from it and a calendar.

1. *Rhythm days.* A cohort's first rhythm day is the first Tuesday on or after the day it starts; every
   fourteenth day from there is one (backwards too). They are calendar days: a whole cohort shares them.
2. *Periods.* Period k of a pairing (k = 1, 2, …) is the fourteen days from its own start + 14·k. Exactly one
   is a rhythm day. Period 0 has no letter: that time belongs to the introduction and the first contact.
3. *Day.* A period's letter falls on its rhythm day; if that is a weekend or a quiet day for this person, on
   the next day that is neither. Nothing falls due after the pairing's last day.
4. *Hour.* It falls at 10:00 in the person's own zone; if the person's quiet hours cover that, when they end;
   if they last until 20:00, at the first free hour of the same day. Quiet hours that leave nothing of 8:00 to
   20:00 are not observed (a form takes only those that leave an hour: `leaves_an_hour`).
5. *Long holidays.* If quiet days move a letter by more than seven days, its period is settled then but has no
   letter (`is_too_quiet`), so that letters to one person are never less than seven days apart.
6. *Slower.* "One a month" keeps the letter of the first rhythm day of each calendar month (`is_monthly`);
   "only new phases" keeps the first rhythm day on or after the day a phase begins, except the first phase
   (`is_new_phase`). Both look at the rhythm day itself, before it moves.

Tuesday, 14, 10:00, 8:00, 20:00, Monday to Friday are the standard values of `Rhythm`; seven is half of 14.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

MONDAY, TUESDAY = 0, 1
WORKING_DAYS = frozenset(range(5))

_DAY = timedelta(days=1)
_FAR = timedelta(days=14)
"""How far to look for an hour that is decent for several people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A program's own days and hours: weekdays count from Monday = 0, `every_days` is a multiple of 7.

    Nobody is written to before `earliest`, at or after `latest` (local times), or outside `working_days`.
    """

    weekday: int = TUESDAY
    hour: time = time(10)
    every_days: int = 14
    earliest: time = time(8)
    latest: time = time(20)
    working_days: frozenset[int] = WORKING_DAYS


@dataclass(frozen=True, slots=True)
class Reader:
    """What the calendar must know of a person: zone, quiet days (the cohort's and their own) and quiet hours.

    Quiet hours may pass midnight (21:00 to 7:00). One of the two missing, or both equal, means none.
    """

    zone: ZoneInfo
    quiet_days: frozenset[date] = frozenset()
    quiet_from: time | None = None
    quiet_to: time | None = None


STANDARD = Rhythm()


def due(
    reader: Reader, period: int, *, anchor: date, start: date, end: date, rhythm: Rhythm = STANDARD
) -> datetime | None:
    """The aware UTC instant at which a pairing's period is settled for one reader; None if it is after `end`.

    `anchor` is the day the cohort starts (any weekday), `start` and `end` the pairing's first and last day.
    """
    day = decent_day(rhythm_day(start, period, anchor=anchor, rhythm=rhythm), reader, rhythm=rhythm)
    return letter_at(day, reader, rhythm=rhythm) if day <= end else None


def rhythm_day(start: date, period: int, *, anchor: date, rhythm: Rhythm = STANDARD) -> date:
    """The one rhythm day of a period (0, 1, …) of a pairing that begins on `start`, before it moves."""
    opens = start + timedelta(days=rhythm.every_days * period)
    first = anchor + timedelta(days=(rhythm.weekday - anchor.weekday()) % 7)
    return opens + timedelta(days=(first - opens).days % rhythm.every_days)


def period_on(start: date, day: date, *, rhythm: Rhythm = STANDARD) -> int:
    """The period of a pairing that a day belongs to; below zero before the pairing begins."""
    return (day - start).days // rhythm.every_days


def is_too_quiet(day: date, reader: Reader, *, rhythm: Rhythm = STANDARD) -> bool:
    """Whether quiet days move the letter of this rhythm day so far that its period has none."""
    return (decent_day(day, reader, rhythm=rhythm) - day).days > rhythm.every_days // 2


def is_monthly(day: date, *, rhythm: Rhythm = STANDARD) -> bool:
    """Whether a rhythm day is the first one of its calendar month."""
    return day.day <= rhythm.every_days


def is_new_phase(day: date, begins: Sequence[date], *, rhythm: Rhythm = STANDARD) -> bool:
    """Whether a rhythm day is the first one since a phase began; `begins` as `phase_days` gives it."""
    before = day - timedelta(days=rhythm.every_days)
    return any(before < begin <= day for begin in begins[1:])


def phase_days(percents: Sequence[int], starts_on: date, *, ends_on: date) -> tuple[date, ...]:
    """The first day of each phase: 0, 8, … percent of the cohort's days (both ends counted), rounded down."""
    days = (ends_on - starts_on).days + 1
    return tuple(starts_on + timedelta(days=days * percent // 100) for percent in percents)


def phase_on(begins: Sequence[date], day: date) -> int:
    """The place of the phase a day belongs to; the first before the cohort starts, the last after it ends."""
    return max(sum(begin <= day for begin in begins) - 1, 0)


def letter_at(day: date, reader: Reader, *, rhythm: Rhythm = STANDARD) -> datetime:
    """The program's hour on the first decent day from `day` on, moved past the quiet hours; aware UTC."""
    spans = _free_spans(reader, rhythm)
    after = (max(opens, rhythm.hour) for opens, closes in spans if rhythm.hour < closes)
    return at_local(decent_day(day, reader, rhythm=rhythm), next(after, spans[0][0]), zone=reader.zone)


def next_letter_at(since: datetime, reader: Reader, *, rhythm: Rhythm = STANDARD) -> datetime:
    """The first of the program's hours from a moment on; aware UTC."""
    day = since.astimezone(reader.zone).date()
    hours = (letter_at(day + timedelta(days=more), reader, rhythm=rhythm) for more in (0, 1))
    return next(at for at in hours if at >= since)


def first_contact(introduced: datetime, reader: Reader, *, working_days: int, rhythm: Rhythm = STANDARD) -> datetime:
    """When to ask for the first message: the program's hour, so many working days after the introduction."""
    day = introduced.astimezone(reader.zone).date()
    later = add_working_days(day, working_days, quiet=reader.quiet_days, working_days=rhythm.working_days)
    return letter_at(later, reader, rhythm=rhythm)


def next_decent(now: datetime, reader: Reader, *, rhythm: Rhythm = STANDARD) -> datetime:
    """`now` if the reader may be written to at this moment, else the first moment they may; aware UTC."""
    here = now.astimezone(UTC)
    open_now = (max(here, opens) for opens, closes in _open_spans(here, reader, rhythm) if here < closes)
    return next(open_now)


def decent_for_all(now: datetime, readers: Sequence[Reader], *, rhythm: Rhythm = STANDARD) -> datetime:
    """The first moment decent for everybody; for the first reader alone if their hours do not meet in two weeks."""
    at = now
    while at < now + _FAR:
        later = max(next_decent(at, reader, rhythm=rhythm) for reader in readers)
        if later == at:
            return at
        at = later
    return next_decent(now, readers[0], rhythm=rhythm)


def decent_day(day: date, reader: Reader, *, rhythm: Rhythm = STANDARD) -> date:
    """The day itself if it is a working day and not quiet, else the next one that is."""
    return next(_working_days(day, reader.quiet_days, rhythm.working_days))


def add_working_days(
    day: date, number: int, *, quiet: Collection[date] = (), working_days: Collection[int] = WORKING_DAYS
) -> date:
    """The working day that is `number` (1, 2, …) working days after a day; quiet days are not counted.

    With 0: the day itself if it is a working day and not quiet, else the next one that is.
    """
    days = _working_days(day + _DAY if number else day, quiet, working_days)
    return next(found for place, found in enumerate(days, start=1) if place >= number)


def leaves_an_hour(reader: Reader, *, rhythm: Rhythm = STANDARD) -> bool:
    """Whether at least an hour is left: who leaves less would hear of most things much too late."""
    spans = _outside(_decent_hours(rhythm), _quiet_hours(reader))
    return any(closes >= _later(opens, minutes=60) for opens, closes in spans)


def summary_due(
    after: datetime,
    zone: ZoneInfo,
    *,
    anchor: date,
    weekday: int = MONDAY,
    hour: time = time(9),
    every_weeks: int = 1,
) -> datetime:
    """The first summary later than `after` (aware UTC), from the first Monday on or after `anchor` on."""
    first = anchor + timedelta(days=(weekday - anchor.weekday()) % 7)
    step = timedelta(weeks=every_weeks)
    passed = max((after.astimezone(zone).date() - first) // step, 0)
    days = (first + step * turn for turn in count(passed))
    return next(at for at in (at_local(day, hour, zone=zone) for day in days) if at > after)


def silent_days(last_sign: datetime, now: datetime, *, zone: ZoneInfo) -> int:
    """Calendar days in `zone` from a pair's last sign of life to today; the hour of day does not count."""
    return (now.astimezone(zone).date() - last_sign.astimezone(zone).date()).days


def day_in(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant where clocks show this zone."""
    return instant.astimezone(zone).date()


def at_local(day: date, at: time, *, zone: ZoneInfo) -> datetime:
    """The instant (aware UTC) at which clocks in `zone` show this time.

    A time that clocks skip: the first moment after the gap. A time that they show twice: the earlier one.
    """
    wall = datetime.combine(day, at.replace(fold=0))
    while _shown(instant := wall.replace(tzinfo=zone).astimezone(UTC), zone) != wall:
        wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return instant


_Span = tuple[time, time]


def _shown(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _working_days(day: date, quiet: Collection[date], working_days: Collection[int]) -> Iterator[date]:
    for ahead in count():
        later = day + timedelta(days=ahead)
        if later.weekday() in working_days and later not in quiet:
            yield later


def _open_spans(now: datetime, reader: Reader, rhythm: Rhythm) -> Iterator[tuple[datetime, datetime]]:
    for day in _working_days(now.astimezone(reader.zone).date(), reader.quiet_days, rhythm.working_days):
        for opens, closes in _free_spans(reader, rhythm):
            yield at_local(day, opens, zone=reader.zone), at_local(day, closes, zone=reader.zone)


def _free_spans(reader: Reader, rhythm: Rhythm) -> tuple[_Span, ...]:
    decent = _decent_hours(rhythm)
    return _outside(decent, _quiet_hours(reader)) or (decent,)


def _later(at: time, *, minutes: int) -> time:
    """A time of day so much later, but not beyond the day."""
    total = at.hour * 60 + at.minute + minutes
    return time(*divmod(total, 60)) if total < 24 * 60 else time.max


def _decent_hours(rhythm: Rhythm) -> _Span:
    return rhythm.earliest, rhythm.latest


def _quiet_hours(reader: Reader) -> _Span | None:
    if reader.quiet_from is None or reader.quiet_to is None:
        return None
    return reader.quiet_from, reader.quiet_to


def _outside(decent: _Span, quiet: _Span | None) -> tuple[_Span, ...]:
    """What quiet hours leave of the decent ones; if they pass midnight, only the time between their ends."""
    if quiet is None:
        return (decent,)
    (opens, closes), (begin, end) = decent, quiet
    passes_midnight = end < begin
    left = ((end, begin),) if passes_midnight else ((time.min, begin), (end, time.max))
    spans = ((max(opens, start), min(closes, stop)) for start, stop in left)
    return tuple(span for span in spans if span[0] < span[1])
