"""Taking the time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds that something took, and those in which this process had a processor: its neighbors disturb the
    first much more than the second."""

    wall: float
    processor: float


async def spent(act: Callable[[], Awaitable[object]]) -> Spent:
    """How long something takes."""
    wall, processor = time.perf_counter(), time.process_time()
    await act()
    return Spent((time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000)


def percentile(times: Sequence[float], share: float) -> float:
    """The time within which that share of them was done: one of the times themselves, none between two."""
    ordered = sorted(times)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
