"""A bot in a process of its own, so that what asks it costs it nothing."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import structlog

PATIENCE = 30
"""Seconds until a process that says nothing has failed."""

Playing = Callable[..., Awaitable[None]]
"""Plays a bot in the other process, and talks to this one by the connection that is its last argument."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The other process; `hello` is what it said when it was ready."""

    hello: Any
    pipe: Connection

    async def ask(self) -> Any:
        """Whatever it has to tell by now."""
        self.pipe.send("tell")
        return await asyncio.to_thread(self.pipe.recv)


@asynccontextmanager
async def beside(play: Playing, *args: Any) -> AsyncIterator[Beside]:
    """A process, from its readiness on. Raises TimeoutError for one that is not ready in time."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(play, args, there), daemon=True)
    process.start()
    there.close()
    try:
        if not await asyncio.to_thread(here.poll, PATIENCE):
            raise TimeoutError(f"{play.__name__} was not ready in {PATIENCE} seconds")
        yield Beside(here.recv(), here)
        here.send("stop")
        await asyncio.to_thread(process.join, PATIENCE)
    finally:
        process.kill()


async def tell(pipe: Connection, hello: Any, said: Callable[[], Any]) -> None:
    """In the other process: be ready, tell what is asked for, and return when it is over."""
    pipe.send(hello)
    while await asyncio.to_thread(pipe.recv) == "tell":
        pipe.send(said())


def _run(play: Playing, args: tuple[Any, ...], pipe: Connection) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(play(*args, pipe))  # type: ignore[arg-type]
