"""The simulation's time: a clock that is set, and what people will do by it."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

Act = Callable[[], Awaitable[None]]

MINUTES = 5
"""People act at full five minutes, so that many who act at once are one step of the clock."""

WAKES, SLEEPS = 7, 22
"""Between which hours of their own day people touch their phones."""


class PlayedClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """The present as aware UTC."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Make an aware UTC instant the present."""
        self._now = instant


class Agenda:
    """What people are going to do, the earliest first; of the same moment, in the order in which it was planned."""

    def __init__(self, clock: PlayedClock) -> None:
        self.clock = clock
        self._acts: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def add(self, at: datetime, act: Act) -> None:
        """Plan something for a moment (aware UTC), or for the present when that has passed."""
        heapq.heappush(self._acts, (max(at, self.clock.now()), next(self._order), act))

    @property
    def next_at(self) -> datetime | None:
        """When somebody acts next."""
        return self._acts[0][0] if self._acts else None

    def due(self) -> Iterator[Act]:
        """Everything that is planned for the present, also what is added meanwhile."""
        while self._acts and self._acts[0][0] <= self.clock.now():
            yield heapq.heappop(self._acts)[2]


def waking(at: datetime, zone: str, rng: Random) -> datetime:
    """That moment, or some time after breakfast if it falls into somebody's night; at a full five minutes."""
    here = at.astimezone(ZoneInfo(zone))
    if not WAKES <= here.hour < SLEEPS:
        morning = here + timedelta(days=here.hour >= SLEEPS)
        here = morning.replace(hour=WAKES, minute=0) + timedelta(minutes=rng.randrange(120))
    late = timedelta(minutes=here.minute % MINUTES, seconds=here.second, microseconds=here.microsecond)
    return (here - late + timedelta(minutes=MINUTES)).astimezone(at.tzinfo)


def after(now: datetime, hours: float, zone: str, *, rng: Random) -> datetime:
    """Some time later: about so many hours, sometimes much less and sometimes much more, while somebody is awake."""
    return waking(now + timedelta(hours=hours * rng.lognormvariate(0, 0.8)), zone, rng)
