"""Taking the time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence


async def milliseconds(act: Callable[[], Awaitable[object]]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    await act()
    return (time.perf_counter() - start) * 1000


def percentile(times: Sequence[float], share: float) -> float:
    """The time within which that share of them was done: of the times themselves, none between two."""
    ordered = sorted(times)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
