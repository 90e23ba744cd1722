"""Telling open pages that something changed, by server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

HEARTBEAT = 15.0
"""Seconds after which a quiet stream says that it lives."""

BREATH = 0.05
"""Seconds to collect changes in, so that a turned clock does not ring for each letter."""


class Live:
    """Everybody who listens. What changed is not told here: listeners ask for it."""

    def __init__(self) -> None:
        self._bells: set[asyncio.Event] = set()
        self._closed = False

    def ring(self) -> None:
        """Something changed."""
        for bell in self._bells:
            bell.set()

    def close(self) -> None:
        """End all streams."""
        self._closed = True
        self.ring()

    async def changes(self) -> AsyncIterator[bool]:
        """True at once and after every change, False as a heartbeat; ends when the sandbox stops."""
        bell = asyncio.Event()
        bell.set()
        self._bells.add(bell)
        try:
            while not self._closed:
                rung = False
                with suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT):
                        rung = await bell.wait()
                if rung and not self._closed:
                    await asyncio.sleep(BREATH)
                    bell.clear()
                if not self._closed:
                    yield rung
        finally:
            self._bells.discard(bell)
