"""The stream by which an open page learns that something changed."""

from __future__ import annotations

import json

from aiohttp import web

from adapters.sandbox.board import newest_revision
from adapters.sandbox.gate import Bad
from adapters.sandbox.playground import PLAYGROUND, Playground, community
from adapters.sandbox.reading import iso

routes = web.RouteTableDef()


@routes.get("/api/events")
async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: one at once, one after every change."""
    playground = request.app[PLAYGROUND]
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await stream.prepare(request)
    try:
        async for changed in playground.live.changes():
            await stream.write(await _event(playground) if changed else b": quiet\n\n")
    except ConnectionResetError:  # the page was closed
        pass
    return stream


async def _event(playground: Playground) -> bytes:
    try:
        async with playground.app.storage.reading() as work:
            state = {"revision": await newest_revision(work), "since": (await community(work)).created_at.timestamp()}
    except Bad:  # it is being started over
        state = {"revision": 0, "since": 0}
    return f"data: {json.dumps(state | {'now': iso(playground.clock.now())})}\n\n".encode()
