"""Running the sandbox: a web server on this machine alone, and its own heartbeat."""

from __future__ import annotations

import asyncio
import ipaddress
from contextlib import suppress
from pathlib import Path

import typer
from aiohttp import web

from adapters.sandbox import connect, events, gate, people, pictures, reading, seed, turning
from adapters.sandbox.clock import SandboxClock
from adapters.sandbox.limits import MOST_BYTES
from adapters.sandbox.playground import PLATFORM, PLAYGROUND, Playground, open_playground
from bot import app as bot_app
from bot.ports import Messenger
from bot.services.computing import Compute, in_process
from bot.settings import Settings
from commands import CATALOG
from commands.catalog import Catalog

PAGE = Path(__file__).parent / "page"
GRACE = 1.0
"""Seconds that requests get to end when the sandbox stops."""


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Run the sandbox until `stop` is set. Ends the process with one line where it cannot start."""
    if not _is_loopback(settings.host):
        raise SystemExit("HOST must be 127.0.0.1 for the sandbox: it has no passwords and is for this machine alone.")
    playground = open_sandbox(settings.sandbox_database_url, CATALOG)
    try:
        await seed.begin(playground)
        await _run(playground, settings, stop)
    finally:
        await playground.app.close()


def open_sandbox(database_url: str, catalog: Catalog, *, compute: Compute = in_process) -> Playground:
    """The sandbox over a database, not yet begun."""
    clock = SandboxClock()
    messengers: dict[str, Messenger] = {}
    app = bot_app.build(database_url, clock, messengers, compute=compute)
    playground, messengers[PLATFORM] = open_playground(app, clock, catalog)
    return playground


def web_app(playground: Playground) -> web.Application:
    """The page and its API."""
    app = web.Application(middlewares=[gate.answer_in_words, gate.local_only], client_max_size=MOST_BYTES)
    app[PLAYGROUND] = playground
    app.on_response_prepare.append(gate.add_headers)
    for module in (connect, events, people, pictures, reading, seed, turning):
        app.router.add_routes(module.routes)
    app.router.add_get("/healthz", _health)
    app.router.add_get("/", _page)
    app.router.add_static("/page", PAGE)
    return app


async def beat(playground: Playground, stop: asyncio.Event) -> None:
    """Do what falls due as the clock runs, and at once what was written, until `stop` is set."""
    while not stop.is_set():
        woken = [asyncio.ensure_future(event.wait()) for event in (stop, playground.app.storage.woken)]
        _, waiting = await asyncio.wait(woken, timeout=1, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        async with playground.floor():
            pass


async def _run(playground: Playground, settings: Settings, stop: asyncio.Event) -> None:
    runner = web.AppRunner(web_app(playground), access_log=None, shutdown_timeout=GRACE)
    await runner.setup()
    try:
        await _listen(runner, settings)
        await beat(playground, stop)
    finally:
        playground.live.close()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError:
        raise SystemExit(
            f"PORT {settings.port} is in use by another program. Choose another, such as PORT={settings.port + 1}."
        ) from None
    port = runner.addresses[0][1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"The sandbox is ready: http://{host}:{port}")


async def _health(request: web.Request) -> web.Response:
    async with request.app[PLAYGROUND].app.storage.reading():
        return web.json_response({"status": "ok"})


async def _page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
