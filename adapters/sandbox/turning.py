"""Turning the sandbox's clock from outside."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from adapters.sandbox.body import Body, body, instant
from adapters.sandbox.gate import Bad
from adapters.sandbox.limits import FARTHEST
from adapters.sandbox.playground import PLAYGROUND, Playground, community
from adapters.sandbox.reading import iso
from bot.scheduling.jobs import next_due, upcoming
from bot.scheduling.turning import turn_to

routes = web.RouteTableDef()

_UNITS = ("minutes", "hours", "days", "weeks")


@routes.get("/api/clock")
async def clock(request: web.Request) -> web.Response:
    """The sandbox's present, and what falls due."""
    return web.json_response(await _state(request.app[PLAYGROUND]))


@routes.post("/api/clock")
async def turned(request: web.Request) -> web.Response:
    """Go forward; everything that falls due on the way happens, in order, before the answer."""
    playground, found = request.app[PLAYGROUND], await body(request)
    async with playground.alone():
        playground.clock.set(playground.clock.now())
        try:
            await turn_to(playground.app.office, playground.clock, await _goal(playground, found))
        finally:
            playground.clock.let_go()
            await playground.clock.save(playground.app.storage)
    return web.json_response(await _state(playground))


async def _state(playground: Playground) -> dict[str, Any]:
    async with playground.app.storage.reading() as work:
        zone = (await community(work)).zone
        due = await upcoming(work)
    speaker, now = playground.speaker(zone), playground.clock.now()
    return {
        "now": iso(now),
        "due": [{"at": iso(max(at, now)), "what": speaker.text(what)} for at, what in due],
    }


async def _goal(playground: Playground, found: Body) -> datetime:
    now = playground.clock.now()
    if ("forward" in found) == ("to" in found):
        raise Bad('Say either “forward”, such as {"days": 14}, or “to”, a moment.')
    try:
        goal = instant(found, "to") if "to" in found else await _forward(playground, found["forward"])
    except OverflowError:
        raise Bad(_TOO_FAR) from None
    if goal < now:
        raise Bad("The clock only goes forward: what has happened has happened. To begin again, start over.")
    if goal - now > FARTHEST:
        raise Bad(_TOO_FAR)
    return goal


_TOO_FAR = f"That is too far for one step. At most {FARTHEST.days} days at a time, please."


async def _forward(playground: Playground, steps: object) -> datetime:
    """The moment to go to. "next" is the next thing due, or the present when nothing is."""
    now = playground.clock.now()
    if not isinstance(steps, dict) or not steps:
        raise Bad('“forward” must be an object, such as {"days": 14} or {"next": true}.')
    if steps == {"next": True}:
        async with playground.app.storage.reading() as work:
            due = await next_due(work)
        return max(due or now, now)
    return now + timedelta(**{unit: _count(unit, count) for unit, count in steps.items()})


def _count(unit: str, count: object) -> float:
    if unit not in _UNITS:
        raise Bad(f"“{unit[:40]}” is no unit: the clock knows minutes, hours, days, weeks, and next.")
    if isinstance(count, bool) or not isinstance(count, int | float) or not count >= 0:
        raise Bad(f"“{unit}” must be a number, 0 or more.")
    if count >= 10**9:
        raise Bad(_TOO_FAR)
    return count
