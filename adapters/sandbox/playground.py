"""The running sandbox: the bot's own parts, the board of messages, and one floor on which things happen in turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web

from adapters.sandbox.board import Board
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.conversations import Conversation, seen_by
from adapters.sandbox.deliver import SandboxMessenger
from adapters.sandbox.gate import Bad
from adapters.sandbox.live import Live
from adapters.sandbox.speaker import SandboxSpeaker
from bot.app import App
from bot.domain import Account, Community, Person, Space
from bot.storage import queries
from bot.storage.work import Work
from commands.catalog import Catalog
from commands.dispatch import Dispatch

log = structlog.get_logger()

PLATFORM = "sandbox"
SPACE = "sandbox"
"""The platform's own id of its only space."""


@dataclass(frozen=True, slots=True)
class Playground:
    """What every part of the sandbox needs."""

    app: App
    clock: SandboxClock
    live: Live
    board: Board
    dispatch: Dispatch
    _floor: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def floor(self) -> AsyncIterator[None]:
        """Do one thing, and all that follows from it, before the next: what is answered is quiet again."""
        async with self._floor:
            yield
            await self.settle()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Keep everybody else off the floor, and leave what follows to whoever asked."""
        async with self._floor:
            yield
        self.live.ring()

    async def settle(self) -> None:
        """Do what is due now. A bug in a sweep is logged and met again the next time; who asked gets an answer."""
        self.app.storage.woken.clear()
        try:
            await self.app.pulse()
        except Exception:
            log.exception("pulse failed")

    def speaker(self, zone: str, language: str = "en") -> SandboxSpeaker:
        """A voice for one reader."""
        return SandboxSpeaker(zone=zone, now=self.clock.now(), language=language)


PLAYGROUND = web.AppKey("playground", Playground)


def open_playground(app: App, clock: SandboxClock, catalog: Catalog) -> tuple[Playground, SandboxMessenger]:
    """The sandbox over an app, and the messenger that the app's letters need."""
    live = Live()
    board = Board(app.storage, live)
    playground = Playground(app, clock, live, board, Dispatch(app.storage, catalog))
    return playground, SandboxMessenger(app.storage, board)


async def space(work: Work) -> Space:
    """The sandbox's only space."""
    found = await queries.space_of(work, PLATFORM, SPACE)
    if found is None:
        raise Bad("This sandbox is empty. Please start over.", status=409)
    return found


async def community(work: Work) -> Community:
    """The sandbox's only community."""
    return await queries.community(work, (await space(work)).community_id)


async def person(work: Work, number: int) -> Person:
    """A person of the sandbox. Raises Bad, as not found, for a number that nobody has."""
    home = await space(work)
    found = await queries.account_of(work, PLATFORM, SPACE, str(number))
    if found is None or found[2].id != home.id:
        raise Bad(f"There is no person {number}.", status=404)
    return found[1]


async def conversation(work: Work, reader: Person, name: str) -> Conversation:
    """A conversation that this person sees. Raises Bad, as not found, for any other."""
    for seen in await seen_by(work, reader, await space(work)):
        if seen.id == name:
            return seen
    raise Bad("There is no such conversation for this person.", status=404)


def account(home: Space, somebody: Person) -> Account:
    """The account of a person in the sandbox: their number is their name there."""
    return Account(space_id=home.id, user=str(somebody.id), person_id=somebody.id)
