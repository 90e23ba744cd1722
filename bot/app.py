"""App: the bot's own parts, built in one readable function."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.ports import Clock, Messenger
from bot.scheduling import loop
from bot.services.computing import Compute, in_process
from bot.services.office import Office
from bot.storage.engine import open_engines
from bot.storage.work import Storage


@dataclass(frozen=True, slots=True)
class App:
    """A running bot without any face: adapters bring their messengers and ask through dispatch."""

    storage: Storage
    clock: Clock
    office: Office

    async def tick(self, stop: asyncio.Event) -> None:
        """Sweep what falls due until `stop` is set."""
        await loop.run_until_stopped(self.office, stop)

    async def pulse(self) -> int:
        """Do everything that is due now; how much that was."""
        return await loop.until_quiet(self.office)

    async def close(self) -> None:
        """Let go of the database."""
        await self.storage.close()


def build(
    database_url: str, clock: Clock, messengers: Mapping[str, Messenger], *, compute: Compute = in_process
) -> App:
    """Settings → database → clock → ticks. `messengers` may be filled later: it is looked into at delivery."""
    storage = Storage(open_engines(database_url), clock)
    return App(storage, clock, Office(storage, messengers, compute))
