"""Charts and files of messages, made when somebody looks at them."""

from __future__ import annotations

import asyncio
from mimetypes import guess_type
from typing import TypeVar
from urllib.parse import quote

from aiohttp import web

from adapters.sandbox.body import in_path
from adapters.sandbox.gate import Bad
from adapters.sandbox.playground import PLAYGROUND
from adapters.sandbox.tables import Posted
from bot.services import papers
from bot.ui import Paper, Picture, codec

routes = web.RouteTableDef()

P = TypeVar("P")


@routes.get("/api/pictures/{message}/{part}.png")
async def picture(request: web.Request) -> web.Response:
    """A chart of a message, for light or (?dark=1) dark surroundings."""
    posted = await _posted(request)
    chart = _part(request, posted, Picture, what="picture")
    dark = request.query.get("dark") == "1"
    tag = f'"{posted.id}-{posted.revision}-{int(dark)}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    image = await asyncio.to_thread(_drawn, chart, dark=dark)
    return web.Response(body=image, content_type="image/png", headers={"ETag": tag})


@routes.get("/api/papers/{message}/{part}")
async def paper(request: web.Request) -> web.Response:
    """A file of a message, made now."""
    asked = _part(request, await _posted(request), Paper, what="file")
    content = await papers.made(request.app[PLAYGROUND].app.storage, asked)
    if content is None:
        raise Bad(f"The file “{asked.name}” cannot be made any more.", status=404)
    kind, _encoding = guess_type(asked.name)
    saved = f"attachment; filename*=UTF-8''{quote(asked.name)}"
    return web.Response(
        body=content,
        content_type=kind or "application/octet-stream",
        headers={"Content-Disposition": saved, "Cache-Control": "no-store"},
    )


async def _posted(request: web.Request) -> Posted:
    number = in_path(request, "message", what="message")
    async with request.app[PLAYGROUND].app.storage.reading() as work:
        posted = await work.find(Posted, number)
    if posted is None or posted.message is None:
        raise Bad(f"There is no message {number} of mine.", status=404)
    return posted


def _part(request: web.Request, posted: Posted, kind: type[P], *, what: str) -> P:
    place = in_path(request, "part", what=what)
    parts = codec.load(posted.message or {}).parts
    found = parts[place] if place < len(parts) else None
    if not isinstance(found, kind):
        raise Bad(f"There is no such {what}.", status=404)
    return found


def _drawn(chart: Picture, *, dark: bool) -> bytes:
    from bot.services.drawing import draw  # matplotlib takes most of a second: only who looks at a chart waits for it

    return draw(chart, dark=dark)
