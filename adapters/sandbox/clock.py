"""The sandbox's own clock: the wall clock and a distance that only grows, kept over restarts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from adapters.sandbox.tables import Dial, Posted
from bot.storage.work import Storage

_MICROSECOND = timedelta(microseconds=1)


class SandboxClock:
    """Runs ahead of the wall clock. While it is being turned it stands still at each step."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._held: datetime | None = None

    def now(self) -> datetime:
        """The present as aware UTC."""
        return self._held or datetime.now(UTC) + self._ahead

    def set(self, instant: datetime) -> None:
        """Stand still at an aware UTC instant until the clock is let go."""
        self._held = instant

    def let_go(self) -> None:
        """Run on from where the clock stands."""
        if self._held is not None:
            self._ahead, self._held = self._held - datetime.now(UTC), None

    def reset(self) -> None:
        """Be the wall clock again."""
        self._ahead, self._held = timedelta(), None

    async def load(self, storage: Storage) -> None:
        """Go on where the sandbox stopped. It never wakes before its newest message, even after a crash."""
        async with storage.reading() as work:
            dial = await work.first(select(Dial))
            newest: datetime | None = await work.first(select(func.max(Posted.posted_at)))
        self._ahead = timedelta(microseconds=dial.ahead if dial else 0)
        if newest is not None:
            self._ahead = max(self._ahead, newest - datetime.now(UTC))

    async def save(self, storage: Storage) -> None:
        """Remember how far ahead the clock is."""
        async with storage.work() as work:
            dial = await work.first(select(Dial))
            if dial is None:
                dial = Dial()
                work.add(dial)
            dial.ahead = self._ahead // _MICROSECOND
