"""Hosting faces: one server for all, a connection that fails alone, and a clean end."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable

import aiohttp
import pytest
from aiohttp import web

from adapters.hosting import Parts, host
from bot.app import App
from bot.settings import Misconfigured, Settings
from commands.dispatch import Dispatch
from tests.stage import KeepingMessenger, StoppedClock


class Quiet:
    """A face that takes what comes over HTTP, and is connected until the end."""

    platform = "quiet"

    def __init__(self) -> None:
        self.messenger = KeepingMessenger(StoppedClock())
        self.heard: list[str] = []

    def add_routes(self, server: web.Application) -> None:
        async def hello(_: web.Request) -> web.Response:
            return web.Response(text="hello")

        server.router.add_get(f"/{self.platform}", hello)

    async def run(self, stop: asyncio.Event) -> None:
        self.heard.append("connected")
        await stop.wait()

    async def close(self) -> None:
        self.heard.append("closed")


class Broken(Quiet):
    """A face whose platform turns it away."""

    platform = "broken"

    async def run(self, stop: asyncio.Event) -> None:
        raise ConnectionError


def _opened(face: Quiet) -> Callable[..., object]:
    async def opening(settings: Settings, app: App, dispatch: Dispatch) -> Quiet:
        return face

    return opening


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def _asked(address: str) -> str:
    async with aiohttp.ClientSession() as session:
        for _try in range(100):
            try:
                async with session.get(address) as answer:
                    return await answer.text()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
    raise AssertionError(f"nobody answers at {address}")


async def test_faces_share_a_server_and_what_ends_one_does_not_end_the_others(database: str) -> None:
    quiet, broken, stop, port = Quiet(), Broken(), asyncio.Event(), _free_port()
    settings = Settings(database_url=database, host="127.0.0.1", port=port)
    parts = Parts(http=True, connections=True)
    running = asyncio.create_task(host(settings, [_opened(quiet), _opened(broken)], parts, stop))  # type: ignore[list-item]
    health = await _asked(f"http://127.0.0.1:{port}/healthz")
    assert json.loads(health) == {"status": "degraded", "lost": ["broken"]}
    assert await _asked(f"http://127.0.0.1:{port}/quiet") == "hello"
    assert await _asked(f"http://127.0.0.1:{port}/broken") == "hello"
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 10)
    assert (quiet.heard, broken.heard) == (["connected", "closed"], ["closed"])


async def test_a_process_without_any_face_left_ends_with_the_line_that_says_why(database: str) -> None:
    class Revoked(Broken):
        async def run(self, stop: asyncio.Event) -> None:
            raise Misconfigured("INVENTED_TOKEN is not accepted any more.")

    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    parts, faces = Parts(http=True, connections=True), [_opened(Revoked())]
    with pytest.raises(Misconfigured, match=r"^INVENTED_TOKEN is not accepted any more\.$"):
        await asyncio.wait_for(host(settings, faces, parts, asyncio.Event()), 10)  # type: ignore[arg-type]


async def test_a_web_process_holds_no_connection(database: str) -> None:
    quiet, stop = Quiet(), asyncio.Event()
    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    running = asyncio.create_task(host(settings, [_opened(quiet)], Parts(http=True, connections=False), stop))  # type: ignore[list-item]
    assert json.loads(await _asked(f"http://127.0.0.1:{settings.port}/healthz")) == {"status": "ok"}
    stop.set()
    await asyncio.wait_for(running, 10)
    assert quiet.heard == ["closed"]
