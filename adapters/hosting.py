"""Running the bot for real: the faces that are set up, one web server for all of them, and the sweeps."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain, repeat
from typing import Protocol

import structlog
import typer
from aiohttp import web

from bot import app as bot_app
from bot.app import App
from bot.ports import Messenger, NotDelivered, Parcel, PlaceOrder, Receipt, Search, Trouble
from bot.settings import Misconfigured, OutOfReach, Settings
from bot.stopping import unless_stopped
from commands import CATALOG
from commands.dispatch import Dispatch

log = structlog.get_logger()

GRACE = 5.0
"""Seconds that requests get to end when the process stops."""

AT_ONCE = 5.0
"""Seconds that faces wait for each other at the start; who takes longer opens beside those that are open."""

PAUSES = (5.0, 15.0, 60.0)
"""Seconds between attempts to open a face whose platform does not answer, the last one again and again."""

BROKEN = 90.0
"""Seconds until a face is opened again whose connection broke: Discord takes a thousand new ones a day."""

_NOTHING_TO_DO = "none of your platforms speaks over HTTP, `mentorbot worker` does everything"


class Face(Protocol):
    """The bot on one platform."""

    platform: str
    messenger: Messenger

    def add_routes(self, server: web.Application) -> None:
        """Take what the platform sends over HTTP, if it does."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Keep a connection open until `stop` is set, if the platform wants one.

        Raises Misconfigured where the platform lets us in no more, OutOfReach where another face would be let in.
        """
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


@dataclass(frozen=True, slots=True)
class Opening:
    """How a face is opened, and whether its platform speaks to us `over_http`.

    `open` raises Misconfigured where its credentials are wrong, OutOfReach while its platform does not answer.
    """

    platform: str
    open: Callable[[Settings, App, Dispatch], Awaitable[Face]]
    over_http: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one process does: answer over HTTP, keep connections open and sweep."""

    http: bool
    connections: bool


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """The present as aware UTC."""
        return datetime.now(UTC)


async def host(settings: Settings, openings: Sequence[Opening], parts: Parts, stop: asyncio.Event) -> None:
    """Run until `stop` is set. Raises Misconfigured where no platform lets us in, or none does any more.

    A face that cannot be opened, or is lost meanwhile, does not end the others: letters there wait.
    """
    wanted = [opening for opening in openings if parts.connections or opening.over_http]
    house = _House(settings, wanted, parts, stop)
    try:
        await unless_stopped(stop, house.open())
        if not stop.is_set():
            await house.run()
    finally:
        await house.close()
    if house.is_over:
        raise Misconfigured("\n".join(house.lost.values()))


class _Away:
    """Stands for a platform that cannot be reached: whoever sends the letters keeps them."""

    async def send(self, parcel: Parcel) -> Receipt:
        """Not now."""
        raise NotDelivered(Trouble.BUSY, seconds=PAUSES[-1])

    async def rewrite(self, parcel: Parcel, receipt: Receipt) -> None:
        """Not now."""
        raise NotDelivered(Trouble.BUSY, seconds=PAUSES[-1])

    async def find(self, parcel: Parcel) -> Receipt | Search:
        """Nobody knows."""
        raise NotDelivered(Trouble.BUSY, seconds=PAUSES[-1])

    async def open_place(self, order: PlaceOrder) -> str:
        """Not now."""
        raise NotDelivered(Trouble.BUSY, seconds=PAUSES[-1])


class _House:
    """The faces of one process. `lost` says in one line why one is not there, `away` which of them are tried again."""

    def __init__(self, settings: Settings, openings: Sequence[Opening], parts: Parts, stop: asyncio.Event) -> None:
        self.messengers: dict[str, Messenger] = {}
        self.app = bot_app.build(settings.database_url, WallClock(), self.messengers)
        self.faces: dict[str, Face] = {}
        self.lost: dict[str, str] = {}
        self.away: set[str] = set()
        self._settings, self._openings, self._parts, self._stop = settings, openings, parts, stop
        self._server: web.AppRunner | None = None
        self._entering: dict[str, asyncio.Task[None]] = {}

    @property
    def is_over(self) -> bool:
        """Whether every face is lost for good: a process that reaches nobody must not look alive."""
        return bool(self._openings) and all(one.platform in self.lost for one in self._openings) and not self.away

    async def open(self) -> None:
        """Open the faces that can be opened. Raises Misconfigured if there is none."""
        self._entering = {one.platform: asyncio.create_task(self._enter(one)) for one in self._openings}
        entering: Collection[asyncio.Task[None]] = self._entering.values()
        patience: float | None = AT_ONCE
        while entering:
            done, entering = await asyncio.wait(entering, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            for entered in done:
                entered.result()
            if self.faces and not done:
                break
            patience = AT_ONCE if self.faces else None
        if self._openings and not self.faces:
            raise Misconfigured("\n".join(self.lost.values()))
        for platform, entered in self._entering.items():
            if not entered.done():
                self.away.add(platform)
                self.lost[platform] = f"{platform.title()} has not answered yet."
        for platform, reason in self.lost.items():
            _tell(platform, f"{reason} Letters there wait.")

    async def run(self) -> None:
        """Do what this process is for, until it is told to stop."""
        await self._serve()
        async with asyncio.TaskGroup() as running:
            if self._parts.connections:
                running.create_task(self.app.tick(self._stop))
            for opening in self._openings:
                running.create_task(self._keep(opening))
            typer.echo(f"mentorbot is ready: {', '.join(self.faces) or _NOTHING_TO_DO}.")
            await self._stop.wait()

    async def _keep(self, opening: Opening) -> None:
        """Keep one face connected. What ends it does not end the others, but the last one ends the process."""
        enter: Callable[[], Awaitable[None]] = partial(self._entering.__getitem__, opening.platform)
        while not self._stop.is_set():
            if opening.platform in self.away:
                await unless_stopped(self._stop, self._enter_later(opening, enter))
                if opening.over_http and opening.platform in self.faces:
                    await self._serve()
            face = self.faces.get(opening.platform)
            if face is not None and self._parts.connections:
                await self._connect(face)
            if opening.platform not in self.away:
                break
            enter = partial(self._enter_after, BROKEN, opening)
        if self.is_over:
            self._stop.set()

    async def close(self) -> None:
        """Let go of everything: first nobody is let in any more."""
        for entering in self._entering.values():
            entering.cancel()
        await asyncio.gather(*self._entering.values(), return_exceptions=True)
        if self._server is not None:
            await self._server.cleanup()
        for face in reversed(self.faces.values()):
            await face.close()
        await self.app.close()

    async def _enter(self, opening: Opening) -> None:
        """Open a face, or note why it does not open. It stays away until that is known."""
        self.messengers.setdefault(opening.platform, _Away())
        try:
            face = await opening.open(self._settings, self.app, Dispatch(self.app.storage, CATALOG))
        except OutOfReach as reason:
            self.lost[opening.platform] = str(reason)
            self.away.add(opening.platform)
            return
        except Misconfigured as reason:
            self.lost[opening.platform] = str(reason)
        else:
            self.faces[opening.platform] = face
            self.messengers[opening.platform] = face.messenger
            self.lost.pop(opening.platform, None)
        self.away.discard(opening.platform)

    async def _enter_later(self, opening: Opening, enter: Callable[[], Awaitable[None]]) -> None:
        """Try until a face is open or turned away; first what is tried already, or shall be."""
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                await enter()
            except Exception:  # the others go on, and so do the attempts
                log.exception("face not opened", platform=opening.platform)
            if opening.platform not in self.away:
                break
            enter = partial(self._enter_after, pause, opening)
        if opening.platform in self.faces:
            log.info("face opened after all", platform=opening.platform)
        else:
            _tell(opening.platform, f"{self.lost[opening.platform]} Letters there wait.")

    async def _enter_after(self, pause: float, opening: Opening) -> None:
        await asyncio.sleep(pause)
        await self._enter(opening)

    async def _connect(self, face: Face) -> None:
        try:
            await face.run(self._stop)
        except OutOfReach as broken:
            self._lose(face.platform, f"{broken} Letters there wait.")
            self.away.add(face.platform)
            self.messengers[face.platform] = _Away()
            await self.faces.pop(face.platform).close()
        except Misconfigured as wrong:
            self._lose(face.platform, str(wrong))
        except Exception as error:
            log.exception("face broken", platform=face.platform)
            self._lose(face.platform, f"{face.platform} is not connected any more ({type(error).__name__}).")

    def _lose(self, platform: str, reason: str) -> None:
        _tell(platform, reason)  # nothing of letters: some faces still send them without a connection
        self.lost[platform] = reason

    async def _serve(self) -> None:
        """Take what comes over HTTP; a face that opens later has routes, too: they want a new server."""
        if not self._parts.http:
            return
        if self._server is not None:
            await self._server.cleanup()
        self._server = web.AppRunner(self._routes(), access_log=None, shutdown_timeout=GRACE)
        await self._server.setup()
        try:
            await web.TCPSite(self._server, self._settings.host, self._settings.port).start()
        except OSError as error:
            raise Misconfigured(_unheard(self._settings, error)) from None

    def _routes(self) -> web.Application:
        server = web.Application()
        server.router.add_get("/healthz", self._health)
        for face in self.faces.values():
            face.add_routes(server)
        return server

    async def _health(self, _: web.Request) -> web.Response:
        async with self.app.storage.reading():  # a face that is lost is no reason to restart those that are not
            lost = {"status": "degraded", "lost": sorted(self.lost)}
            return web.json_response(lost if self.lost else {"status": "ok"})


def _unheard(settings: Settings, error: OSError) -> str:
    """Why nobody can be heard over HTTP, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"PORT {settings.port} is in use by another program. Choose another."
    if error.errno == errno.EACCES:
        return f"PORT {settings.port} is for programs of the system. Choose one from 1024 on."
    return f"HOST {settings.host} is no address of this machine. Leave it out, or choose one that is."


def _tell(platform: str, sentence: str) -> None:
    """The sentence is the event itself: of values the log keeps none."""
    log.error(sentence, platform=platform)
