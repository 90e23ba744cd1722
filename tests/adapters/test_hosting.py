"""Hosting faces: one server for all, a connection that fails alone, and a clean end."""

from __future__ import annotations

import asyncio
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
    assert '"ok"' in await _asked(f"http://127.0.0.1:{port}/healthz")
    assert await _asked(f"http://127.0.0.1:{port}/quiet") == "hello"
    assert await _asked(f"http://127.0.0.1:{port}/broken") == "hello"
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 10)
    assert (quiet.heard, broken.heard) == (["connected", "closed"], ["closed"])


class Refused(Quiet):
    """A face whose credentials its platform does not take, as it finds out by connecting."""

    async def run(self, stop: asyncio.Event) -> None:
        raise Misconfigured("SLACK_APP_TOKEN was refused.")


async def test_credentials_that_are_refused_later_are_named_in_one_line(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused, stop, port = Refused(), asyncio.Event(), _free_port()
    settings = Settings(database_url=database, host="127.0.0.1", port=port)
    parts = Parts(http=True, connections=True)
    running = asyncio.create_task(host(settings, [_opened(refused)], parts, stop))  # type: ignore[list-item]
    await _asked(f"http://127.0.0.1:{port}/healthz")
    stop.set()
    await asyncio.wait_for(running, 10)
    [said] = [line for line in capsys.readouterr().out.splitlines() if "SLACK_APP_TOKEN was refused." in line]
    assert "Traceback" not in said
    assert "exception" not in said


async def test_a_web_process_holds_no_connection(database: str) -> None:
    quiet, stop = Quiet(), asyncio.Event()
    settings = Settings(database_url=database, host="127.0.0.1", port=_free_port())
    running = asyncio.create_task(host(settings, [_opened(quiet)], Parts(http=True, connections=False), stop))  # type: ignore[list-item]
    await _asked(f"http://127.0.0.1:{settings.port}/healthz")
    stop.set()
    await asyncio.wait_for(running, 10)
    assert quiet.heard == ["closed"]
