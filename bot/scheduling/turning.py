"""Turning a clock forward: everything that falls due on the way happens, in order and at its own moment."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.scheduling.loop import one_round
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
    total = 0
    for _step in range(MOST_STEPS):
        done, due = await one_round(office)
        total += done
        if done:
            continue
        if due is not None and due <= clock.now():
            raise RuntimeError(f"Something stays due at {due.isoformat()}.")
        if clock.now() == instant:
            return total
        clock.set(instant if due is None else min(due, instant))
    raise RuntimeError("The clock does not arrive.")
