"""Small writes of one moment in one Work: whatever gathers while the last one is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)
Outcome = TypeVar("Outcome")


class Together(Generic[Item, Outcome]):
    """Gathers items that tasks bring at about the same time, and writes them in one go."""

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Mapping[Item, Outcome]]]) -> None:
        self._write = write
        self._gathered: list[Item] = []
        self._next: asyncio.Task[Mapping[Item, Outcome]] | None = None
        self._one_by_one = asyncio.Lock()

    async def __call__(self, item: Item) -> Outcome | None:
        """Return once the item is written: what the writing says of it. Raises what the writing raised."""
        if self._next is None or self._next.done():  # done: it was given up before it began
            self._gathered, self._next = [], asyncio.create_task(self._flush())
        self._gathered.append(item)
        return (await self._next).get(item)

    async def _flush(self) -> Mapping[Item, Outcome]:
        async with self._one_by_one:
            await asyncio.sleep(0)  # those who are ready now come along
            items, self._gathered, self._next = self._gathered, [], None
            return await self._write(items)
