"""Running the bot for real: the faces that are set up, one web server for all of them, and the sweeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import structlog
import typer
from aiohttp import web

from bot import app as bot_app
from bot.app import App
from bot.ports import Messenger
from bot.settings import Misconfigured, Settings
from commands import CATALOG
from commands.dispatch import Dispatch

log = structlog.get_logger()

GRACE = 5.0
"""Seconds that requests get to end when the process stops."""


_WELL = {"status": "ok"}


class Face(Protocol):
    """The bot on one platform."""

    platform: str
    messenger: Messenger

    def add_routes(self, server: web.Application) -> None:
        """Take what the platform sends over HTTP, if it does."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Keep a connection open until `stop` is set, if the platform wants one.

        Raises Misconfigured where the platform lets us in no more.
        """
        ...

    async def close(self) -> None:
        """Let go of everything."""
        ...


Opening = Callable[[Settings, App, Dispatch], Awaitable[Face]]
"""Opens a face. Raises Misconfigured where its credentials are wrong."""


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


@dataclass(slots=True)
class _Health:
    """Which faces are lost, each with the line that says why."""

    faces: Sequence[Face] = ()
    lost: dict[str, str] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether no face is left: a process that reaches nobody must not look alive."""
        return 0 < len(self.lost) == len(self.faces)


async def host(settings: Settings, openings: Sequence[Opening], parts: Parts, stop: asyncio.Event) -> None:
    """Run until `stop` is set. Raises Misconfigured where a platform's credentials are wrong, or none lets us in.

    A face that is lost meanwhile does not end the others: letters there wait.
    """
    messengers: dict[str, Messenger] = {}
    app = bot_app.build(settings.database_url, WallClock(), messengers)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(app.close)
        faces = [await _open(opening, settings, app, stack) for opening in openings]
        messengers |= {face.platform: face.messenger for face in faces}
        health = _Health(faces)
        if parts.http:
            await stack.enter_async_context(_serving(settings, app, health))
        async with asyncio.TaskGroup() as running:
            if parts.connections:
                running.create_task(app.tick(stop))
                for face in faces:
                    running.create_task(_connected(face, health, stop))
            typer.echo(f"mentorbot is ready: {', '.join(face.platform for face in faces)}.")
            await stop.wait()
    if health.is_over:
        raise Misconfigured("\n".join(health.lost.values()))


async def _open(opening: Opening, settings: Settings, app: App, stack: AsyncExitStack) -> Face:
    face = await opening(settings, app, Dispatch(app.storage, CATALOG))
    stack.push_async_callback(face.close)
    return face


async def _connected(face: Face, health: _Health, stop: asyncio.Event) -> None:
    """Keep one face connected. What ends it does not end the others, but the last one ends the process."""
    try:
        await face.run(stop)
    except Misconfigured as wrong:
        log.error("face lost", platform=face.platform, reason=str(wrong))
        health.lost[face.platform] = str(wrong)
    except Exception as error:
        log.exception("face lost", platform=face.platform)
        health.lost[face.platform] = f"{face.platform} is not connected any more ({type(error).__name__})."
    if health.is_over:
        stop.set()


@asynccontextmanager
async def _serving(settings: Settings, app: App, health: _Health) -> AsyncIterator[None]:
    runner = web.AppRunner(_server(app, health), access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError:
        await runner.cleanup()
        raise SystemExit(f"PORT {settings.port} is in use by another program. Choose another.") from None
    try:
        yield
    finally:
        await runner.cleanup()


def _server(app: App, health: _Health) -> web.Application:
    async def asked(_: web.Request) -> web.Response:
        async with app.storage.reading():  # a face that is lost is no reason to restart those that are not
            return web.json_response({"status": "degraded", "lost": sorted(health.lost)} if health.lost else _WELL)

    server = web.Application()
    server.router.add_get("/healthz", asked)
    for face in health.faces:
        face.add_routes(server)
    return server
