"""What a calendar and the program's rule say about a year of letters. Imports nothing of the bot, on purpose.

The rule in words: rhythm days are every second Tuesday from the first Tuesday on or after the cohort's start. A pair's
period k (1, 2, …) is the fourteen days from its own start + 14k; its letter falls on the rhythm day in it, at 10:00 of
the reader's day. A weekend or quiet day moves it to the next day that is neither; more than seven days late, it is left
out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True)
class Reader:
    """Somebody in the replay, and what they do that the calendar must know."""

    name: str
    zone: str
    paused: tuple[date, date] | None = None
    monthly_from: date | None = None
    closed_from: date | None = None


@dataclass(frozen=True)
class Pair:
    """Two readers, the day their pair begins and the day it ends, if it ends early; days of talks (logged at noon)."""

    mentor: Reader
    mentee: Reader
    starts: date
    leaves: date | None = None
    talks: tuple[date, ...] = ()


@dataclass(frozen=True)
class Year:
    """A cohort's dates and quiet days."""

    starts: date
    ends: date
    quiet: frozenset[date] = field(default_factory=frozenset)


def outcomes(pair: Pair, year: Year) -> dict[tuple[str, int], str]:
    """What becomes of each period of each of the two, by name and period."""
    found: dict[tuple[str, int], str] = {}
    last_day = pair.leaves or year.ends
    for reader in (pair.mentor, pair.mentee):
        for period, day, moment in periods(pair, reader, year):
            if pair.leaves is None or moment.date() <= pair.leaves:
                found[reader.name, period] = _outcome(pair, reader, day, moment, year)
        for period in range(1, (last_day - pair.starts) // FORTNIGHT + 1):
            found.setdefault((reader.name, period), "ended")
    return found


def letters(pairs: list[Pair], year: Year) -> dict[str, list[datetime]]:
    """The instants of each person's letters: one a rhythm day, however many pairs they have."""
    found: dict[str, set[datetime]] = {}
    for pair in pairs:
        said = outcomes(pair, year)
        for reader in (pair.mentor, pair.mentee):
            for period, _day, moment in periods(pair, reader, year):
                if said.get((reader.name, period)) in {"nudged", "thanked"}:
                    found.setdefault(reader.name, set()).add(moment)
    return {name: sorted(moments) for name, moments in found.items()}


def periods(pair: Pair, reader: Reader, year: Year) -> Iterator[tuple[int, date, datetime]]:
    """Period, rhythm day and due instant (UTC) of everything that falls due before the cohort ends."""
    tuesday = year.starts
    while tuesday.weekday() != 1:
        tuesday += timedelta(days=1)
    for period in range(1, 40):
        opens = pair.starts + period * FORTNIGHT
        day = next(d for d in (opens + timedelta(days=n) for n in range(14)) if (d - tuesday).days % 14 == 0)
        moved = day
        while moved.weekday() >= 5 or moved in year.quiet:
            moved += timedelta(days=1)
        if moved > year.ends:
            return
        yield period, day, datetime.combine(moved, time(10), ZoneInfo(reader.zone)).astimezone(UTC)


def _outcome(pair: Pair, reader: Reader, day: date, moment: datetime, year: Year) -> str:
    here = moment.astimezone(ZoneInfo(reader.zone)).date()
    if reader.closed_from is not None and here > reader.closed_from:
        return "unreachable"
    if reader.paused is not None and reader.paused[0] <= here < reader.paused[1]:
        return "paused"
    if (here - day).days > 7:
        return "snoozed"
    if reader.monthly_from is not None and here > reader.monthly_from and day.day > 14:
        return "snoozed"
    noon = time(12, tzinfo=ZoneInfo(pair.mentor.zone))
    logged = (datetime.combine(talk, noon).astimezone(UTC) for talk in pair.talks)
    if any(timedelta(0) <= moment - at <= timedelta(days=7) for at in logged):
        return "thanked"
    return "nudged"
