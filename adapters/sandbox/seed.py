"""Beginning: a community for the sandbox, and people to play it with. All of them are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import delete, select, update

from adapters.sandbox.body import body, flag
from adapters.sandbox.cast import CAST, Actor
from adapters.sandbox.connect import asking_of
from adapters.sandbox.people import add
from adapters.sandbox.playground import PLATFORM, PLAYGROUND, SPACE, Playground
from bot.domain import Base, Channel, Community, Space
from bot.storage.work import Work
from bot.ui import Answer, Form

routes = web.RouteTableDef()

NAME = "Library Mentoring (sandbox)"
ZONE = "America/Chicago"
CHANNELS = (("mentoring", False), ("mentoring-liaisons", True))
"""Name, and whether only the team sees it."""


@routes.post("/api/reset")
async def reset(request: web.Request) -> web.Response:
    """Start over, with the standing cast or without anybody."""
    playground = request.app[PLAYGROUND]
    cast = flag(await body(request), "cast", default=True)
    async with playground.alone():
        await start_over(playground, cast=cast)
    return web.json_response({"reset": True, "cast": cast})


async def begin(playground: Playground) -> None:
    """Go on with the sandbox that is there, or begin one."""
    async with playground.app.storage.reading() as work:
        there = await work.first(select(Space.id))
    if there is None:
        await start_over(playground, cast=True)
    else:
        await playground.clock.load(playground.app.storage)


async def start_over(playground: Playground, *, cast: bool) -> None:
    """Forget everything, set the clock to the present and begin anew."""
    playground.clock.reset()
    async with playground.app.storage.work() as work:
        await _forget(work)
        await _found(work)
    if cast:
        await _play(playground)


async def _play(playground: Playground) -> None:
    """The cast arrives, the coordinator opens a call, and some apply: typed and sent as people do it.

    What the catalog does not know is left out: tests play with smaller ones.
    """
    async with playground.app.storage.work() as work:
        everybody = [(actor, (await add(work, actor.newcomer)).id) for actor in CAST]
    _, olga = everybody[0]
    known = playground.dispatch.catalog.commands
    if "liaison channel" in known:
        await _press(playground, olga, "liaison channel", channel=_conversation("mentoring-liaisons"))
    if "cohort create" in known:
        dates = _dates(playground.clock.now().date())
        draft = await _fill_in(playground, olga, "/cohort create template:alcts", dates)
        await _press(playground, olga, "cohort post", message=draft, channel=_conversation("mentoring"))
        await _apply(playground, everybody)
    await playground.settle()


async def _apply(playground: Playground, everybody: Sequence[tuple[Actor, int]]) -> None:
    for actor, number in everybody:
        own = {"name": actor.newcomer.name, "zone": actor.newcomer.zone, **actor.answers}
        if actor.begun:
            asking = await asking_of(playground, number)
            await playground.dispatch.keep(asking.request(f'mentor join role:"{actor.role}"', own))
        elif actor.role:
            await _fill_in(playground, number, f"/mentor join role:{actor.role}", {**own, "conduct": "yes"})


def _dates(today: date) -> Mapping[str, Answer]:
    """A cohort whose call opens today and whose other days fall within a few turns of the clock."""
    monday = today + timedelta(days=7 - today.weekday())
    starts, ends = monday + timedelta(weeks=5), monday + timedelta(weeks=52, days=4)
    days = {
        "opens_on": today,
        "closes_on": monday + timedelta(weeks=2),
        "announced_on": monday + timedelta(weeks=3, days=1),
        "starts_on": starts,
        "ends_on": ends,
    }
    return {"title": f"Mentoring {starts.year}–{ends.year % 100}"} | {
        name: day.isoformat() for name, day in days.items()
    }


async def _forget(work: Work) -> None:
    await work.session.execute(update(Community).values(liaison_channel_id=None))
    for table in reversed(Base.metadata.sorted_tables):
        await work.session.execute(delete(table))


async def _found(work: Work) -> None:
    community = Community(name=NAME, zone=ZONE, created_at=work.now)
    work.add(community)
    await work.flush()
    space = Space(community_id=community.id, platform=PLATFORM, external=SPACE, name=NAME)
    work.add(space)
    await work.flush()
    work.add(
        *(
            Channel(space_id=space.id, conversation=_conversation(name), name=name, private=private)
            for name, private in CHANNELS
        )
    )


def _conversation(channel: str) -> str:
    return f"channel-{channel}"


async def _fill_in(playground: Playground, number: int, command: str, answers: Mapping[str, Answer]) -> int:
    """Somebody types a command and sends its form; the number of the answer. Raises RuntimeError if it is not taken."""
    asking = await asking_of(playground, number)
    form = await playground.dispatch.answer(asking.request(command, {}))
    if not isinstance(form, Form):
        raise RuntimeError(f"{command} asks for nothing")
    await playground.board.write(asking.where.id, command.partition(" role:")[0], author=number)
    filled = asking.request(form.run, {**form.values, **answers}, submitted=True)
    return _taken(command, await asking.answer(filled))


async def _press(playground: Playground, number: int, run: str, *, message: int | None = None, **args: str) -> int:
    asking = await asking_of(playground, number, message=message)
    return _taken(run, await asking.answer(asking.request(run, args)))


def _taken(command: str, answer: Mapping[str, Any]) -> int:
    if "message" not in answer:
        raise RuntimeError(f"{command} was not taken: {answer['form']['errors']}")
    return int(answer["message"]["id"])
