"""A running sandbox on a real socket, and somebody who talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from adapters.sandbox import seed
from adapters.sandbox.playground import Playground
from adapters.sandbox.serve import open_sandbox, web_app
from bot.services.computing import in_thread
from commands import CATALOG as EVERYTHING
from commands.catalog import Catalog
from tests.adapters.sandbox.trial import CATALOG
from tests.reach import Reach


@dataclass
class Caller:
    """Somebody at the API: `get` and `post` give the answer's JSON and insist on its status.

    No answer may hold a button or a form that leads nowhere.
    """

    session: aiohttp.ClientSession
    base: str
    playground: Playground
    reach: Reach = field(default_factory=Reach)

    async def get(self, path: str, *, status: int = 200) -> Any:
        async with self.session.get(self.base + path) as answer:
            assert answer.status == status, await answer.text()
            return self._noted(await answer.json())

    async def post(self, path: str, body: Any = None, *, status: int = 200) -> Any:
        async with self.session.post(self.base + path, json={} if body is None else body) as answer:
            assert answer.status == status, await answer.text()
            return self._noted(await answer.json())

    async def person(self, name: str, **facts: Any) -> int:
        number: int = (await self.post("/api/people", {"name": name, **facts}, status=201))["id"]
        return number

    async def types(self, person: int, text: str, **more: Any) -> Any:
        return await self.post(f"/api/people/{person}/type", {"text": text, **more})

    async def inbox(self, person: int, after: int = 0) -> Any:
        return (await self.get(f"/api/people/{person}/inbox?after={after}"))["messages"]

    def _noted(self, found: Any) -> Any:
        for run, args in _buttons(found):
            assert not (wrong := self.reach.show(self._catalog(run), run, args)), wrong
        for run in _forms(found):
            assert not (wrong := self.reach.ask(self._catalog(run), run)), wrong
        return found

    def _catalog(self, run: str) -> Catalog:
        """The sandbox's own, which in tests may lack what dispatch itself offers."""
        own = self.playground.dispatch.catalog
        return EVERYTHING if run in EVERYTHING.commands else own


def _buttons(found: Any) -> Iterator[tuple[str, dict[str, str]]]:
    for one in _objects(found):
        if "run" in one and "args" in one and not one.get("url"):
            yield one["run"], one["args"]


def _forms(found: Any) -> Iterator[str]:
    return (one["run"] for one in _objects(found) if "run" in one and "fields" in one)


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        yield found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from _objects(inner)


@asynccontextmanager
async def running(database: str, catalog: Catalog, *, cast: bool, reach: Reach | None = None) -> AsyncIterator[Caller]:
    """A sandbox on a real socket."""
    playground = open_sandbox(database, catalog, compute=in_thread)
    await seed.start_over(playground, cast=cast)
    runner = web.AppRunner(web_app(playground), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield Caller(session, f"http://127.0.0.1:{runner.addresses[0][1]}", playground, reach or Reach())
    playground.live.close()
    await runner.cleanup()
    await playground.app.close()


@pytest.fixture
async def sandbox(database: str) -> AsyncIterator[Caller]:
    """A sandbox with nobody in it, and commands of its own."""
    async with running(database, CATALOG, cast=False) as caller:
        yield caller
