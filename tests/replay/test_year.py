"""Forty-one pairs over eleven months in seven zones: every letter and every outcome as the calendar predicts it."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from tests.replay import predicted
from tests.replay.predicted import Pair, Reader, Year
from tests.stage import Actor, Stage

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "America/Sao_Paulo",
)
HOLIDAYS = frozenset(date(2027, 12, 24) + timedelta(days=n) for n in range(10))
YEAR = Year(date(2027, 6, 1), date(2028, 4, 30), HOLIDAYS | {date(2027, 7, 5), date(2027, 10, 5)})

PAUSED, MONTHLY, CLOSED, LEAVING, LATE = 5, 7, 9, 11, (30, 31, 32)
TALKING = range(13, 21)
TWICE = {38: 1, 39: 2, 40: 3}
"""Pairs whose mentor is the mentor of an earlier pair too."""

FEW = (*range(8), CLOSED, LEAVING, 13, 30, 38, 39)
"""Pairs that show every zone, every outcome and every rule: enough to see that PostgreSQL says the same."""

Act = Callable[[], Awaitable[object]]


def cast() -> list[Pair]:
    """The forty-one pairs; nothing in it is random."""
    pairs: list[Pair] = []
    for number in range(41):
        zone, other = ZONES[number % 7], ZONES[(number * 3 + 1) % 7]
        mentor = pairs[TWICE[number]].mentor if number in TWICE else Reader(f"Mentor {number}", zone)
        mentee = Reader(f"Mentee {number}", other)
        if number == PAUSED:
            mentee = Reader(mentee.name, other, paused=(date(2027, 9, 1), date(2027, 10, 15)))
        if number == MONTHLY:
            mentor = Reader(mentor.name, zone, monthly_from=date(2027, 8, 1))
        if number == CLOSED:
            mentee = Reader(mentee.name, other, closed_from=date(2027, 11, 1))
        talks = tuple(date(2027, 6, 24) + timedelta(days=17 * n) for n in range(18)) if number in TALKING else ()
        starts = date(2027, 9, 8) if number in LATE else YEAR.starts
        leaves = date(2027, 10, 13) if number == LEAVING else None
        pairs.append(Pair(mentor, mentee, starts, leaves, talks))
    return pairs


def few() -> list[Pair]:
    """Some of them."""
    return [pair for number, pair in enumerate(cast()) if number in FEW]


class Replay:
    """The cast on a stage, and what each of them does when."""

    def __init__(self, stage: Stage, pairs: list[Pair]) -> None:
        self.stage = stage
        self.pairs = pairs
        self.actors: dict[str, Actor] = {}
        self.numbers: list[int] = []
        self.acts: list[tuple[datetime, int, Act]] = []

    async def set_up(self) -> None:
        cohort = await self.stage.cohort(quiet_days=[day.isoformat() for day in sorted(YEAR.quiet)])
        for pair in self.pairs:
            for reader in (pair.mentor, pair.mentee):
                if reader.name not in self.actors:
                    self.actors[reader.name] = await self.stage.person(reader.name, zone=reader.zone)
        for pair in self.pairs:
            mentor, mentee = self.actors[pair.mentor.name], self.actors[pair.mentee.name]
            self.numbers.append(await self.stage.pair(mentor, mentee, cohort=cohort, starts=pair.starts))

    def plan(self) -> None:
        """Everybody answers in time to keep their rhythm, and some do what the prediction knows of."""
        for reader in {reader for pair in self.pairs for reader in (pair.mentor, pair.mentee)}:
            self._plan_reader(reader)
        for number, pair in zip(self.numbers, self.pairs, strict=True):
            for day in pair.talks:
                self._at(day, pair.mentor, f"/checkin log pair:{number} date:{day.isoformat()}")
            if pair.leaves is not None:
                self._leave(pair, number)

    def _plan_reader(self, reader: Reader) -> None:
        for fortnight in range(1, 24, 2):  # after every second letter: at the third in silence the pace is asked
            day = YEAR.starts + timedelta(days=14 * fortnight + 9)
            if reader.closed_from is None or day <= reader.closed_from:
                self._at(day, reader, "thank you")
        if reader.paused is not None:
            self._at(reader.paused[0], reader, f"/mentor pause {reader.paused[1].isoformat()}")
        if reader.monthly_from is not None:
            self._at(reader.monthly_from, reader, "/nudge pace choice:monthly")
        if reader.closed_from is not None:
            self._push(reader.closed_from, reader, lambda: self._close(reader))

    def _leave(self, pair: Pair, number: int) -> None:
        assert pair.leaves is not None
        self._push(pair.leaves, pair.mentor, lambda: self._leaving(self.actors[pair.mentor.name], number))

    async def _leaving(self, actor: Actor, number: int) -> None:
        await actor.types(f"/mentor leave pair:{number}")
        await actor.sends(tell="bot")
        assert "Ending a pair is allowed" in actor.text

    async def _close(self, reader: Reader) -> None:
        self.stage.messenger.closed.add(self.actors[reader.name].user)

    def _at(self, day: date, reader: Reader, words: str) -> None:
        self._push(day, reader, lambda: self.actors[reader.name].types(words))

    def _push(self, day: date, reader: Reader, act: Act) -> None:
        noon = datetime.combine(day, time(12), ZoneInfo(reader.zone)).astimezone(UTC)
        heapq.heappush(self.acts, (noon, len(self.acts), act))

    async def play(self) -> None:
        while self.acts:
            moment, _number, act = heapq.heappop(self.acts)
            await self.stage.to(moment)
            await act()
        await self.stage.to(date(2028, 5, 10))

    async def outcomes(self) -> dict[tuple[int, str, int], str]:
        """Every row of the table of outcomes: (pair's place, name, period) → outcome."""
        query = text(
            "SELECT m.pairing_id, p.name, n.period, n.outcome FROM nudges n"
            " JOIN members m ON m.id = n.member_id JOIN people p ON p.id = m.person_id"
        )
        async with self.stage.app.storage.reading() as work:
            rows = (await work.session.execute(query)).all()
        found = {(self.numbers.index(pairing), name, period): outcome for pairing, name, period, outcome in rows}
        assert len(found) == len(rows), "a member and period has exactly one outcome"
        return found

    async def letters(self) -> dict[str, list[datetime]]:
        """When each person's program letters arrived."""
        async with self.stage.app.storage.reading() as work:
            kinds = dict((await work.session.execute(text("SELECT id, kind FROM letters"))).all())
        found: dict[str, list[datetime]] = {}
        for name, actor in self.actors.items():
            moments = [post.at for post in actor.inbox if kinds[post.letter] == "nudge"]
            if moments:
                found[name] = moments
        return found


async def test_a_year_of_letters_is_what_the_calendar_says(stage: Stage, database: str) -> None:
    pairs = cast() if database.startswith("sqlite") else few()
    replay = Replay(stage, pairs)
    await replay.set_up()
    replay.plan()
    await replay.play()
    expected = {
        (place, name, period): outcome
        for place, pair in enumerate(pairs)
        for (name, period), outcome in predicted.outcomes(pair, YEAR).items()
    }
    found = await replay.outcomes()
    assert {key: found.get(key) for key in expected} == expected
    assert set(found) == set(expected)
    assert await replay.letters() == predicted.letters(pairs, YEAR)


@pytest.mark.parametrize("pairs", [cast(), few()], ids=["all", "few"])
def test_the_replay_covers_every_outcome_and_both_clock_changes(pairs: list[Pair]) -> None:
    said = {outcome for pair in pairs for outcome in predicted.outcomes(pair, YEAR).values()}
    assert said == {"nudged", "thanked", "snoozed", "paused", "unreachable", "ended"}
    hours = {moment.hour for moment in predicted.letters(pairs, YEAR)["Mentor 0"]}
    assert hours == {14, 15}
