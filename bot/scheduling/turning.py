"""Turning a clock forward: everything that falls due on the way happens, in order and at its own moment."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.scheduling.jobs import next_due
from bot.scheduling.loop import until_quiet
from bot.services.office import Office

MOST_STEPS = 100_000


class TurnableClock(Protocol):
    """A clock that can be set."""

    def now(self) -> datetime:
        """The present as aware UTC."""
        ...

    def set(self, instant: datetime) -> None:
        """Make an aware UTC instant the present."""
        ...


async def turn_to(office: Office, clock: TurnableClock, instant: datetime) -> int:
    """Step to `instant` from one due thing to the next, and be quiet there; how much was done.

    Raises ValueError for an instant in the past, RuntimeError when something stays due forever.
    """
    if instant < clock.now():
        raise ValueError("A clock that has been lived by cannot be turned back.")
    done = await until_quiet(office)
    for _step in range(MOST_STEPS):
        async with office.storage.reading() as work:
            due = await next_due(work)
        if due is None or due > instant:
            clock.set(instant)
            return done + await until_quiet(office)
        clock.set(max(due, clock.now()))
        swept = await until_quiet(office)
        if not swept and due <= clock.now():
            raise RuntimeError(f"Something stays due at {due.isoformat()}.")
        done += swept
    raise RuntimeError("The clock does not arrive.")
