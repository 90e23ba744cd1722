"""What is played on: a clock that stands, a messenger that carries nothing, and a bot over a database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count

from bot import app
from bot.app import App
from bot.ports import Parcel, PlaceOrder, Receipt, Search

PLATFORM = "bench"

START = datetime(2027, 6, 1, 14, 0, tzinfo=UTC)
"""The Tuesday on which the program begins; letters fall due on every second Tuesday after it."""


class StandingClock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        """The present as aware UTC."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Make an aware UTC instant the present."""
        self._now = instant


class Nowhere:
    """A messenger that takes no time and keeps nothing: what is left is the bot's own cost."""

    def __init__(self) -> None:
        self._numbers = count(1)

    async def send(self, parcel: Parcel) -> Receipt:
        """Say that it arrived."""
        return Receipt(parcel.conversation or f"dm-{parcel.user}", str(next(self._numbers)))

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Do nothing."""

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Nothing is ever in doubt."""
        return Search.ABSENT

    async def open_place(self, order: PlaceOrder) -> str:
        """Say that it is open."""
        return f"room-{order.place}"


@asynccontextmanager
async def bot_over(url: str) -> AsyncIterator[tuple[App, StandingClock]]:
    """A bot over a database, with its clock."""
    clock = StandingClock()
    built = app.build(url, clock, {PLATFORM: Nowhere()})
    try:
        yield built, clock
    finally:
        await built.close()
