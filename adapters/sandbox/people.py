"""The people of the sandbox: listing them, adding one, and what each may ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy import func, select

from adapters.sandbox import forms
from adapters.sandbox.board import newest_letters
from adapters.sandbox.body import Body, body, flag, in_query, text
from adapters.sandbox.conversations import rooms
from adapters.sandbox.gate import Bad
from adapters.sandbox.limits import MOST_PEOPLE
from adapters.sandbox.playground import PLAYGROUND, Playground, account, community, person, space
from adapters.sandbox.speaker import SandboxSpeaker
from bot.domain import Community, Duty, Person, Space, TeamMember
from bot.domain.mail import as_mail
from bot.domain.zones import matching_zones
from bot.services import arrivals
from bot.storage import queries
from bot.storage.work import Work
from commands.spec import Command

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to add. An empty `zone` becomes the community's; `mail` is taken as verified."""

    name: str
    zone: str = ""
    duties: tuple[Duty, ...] = ()
    mail: str = ""
    invented: bool = False


async def add(work: Work, newcomer: Newcomer) -> Person:
    """Add somebody to the sandbox. Whoever comes first is coordinator, whatever was said.

    Who was expected with this mail address arrives, with their own name and number.
    """
    home, here = await space(work), await community(work)
    there = await work.first(select(func.count()).select_from(Person).where(Person.community_id == home.community_id))
    if (there or 0) >= MOST_PEOPLE:
        raise Bad(f"This sandbox holds {MOST_PEOPLE} people at most.")
    expected = await arrivals.expected_by(work, home.community_id, newcomer.mail)
    somebody = expected or await _new(work, newcomer, here)
    duties = {*newcomer.duties, *(() if there else (Duty.COORDINATOR,))}
    work.add(account(home, somebody))
    work.add(
        *(
            TeamMember(community_id=home.community_id, person_id=somebody.id, duty=duty, since=work.now)
            for duty in Duty
            if duty in duties
        )
    )
    if expected is not None:
        await work.flush()
        await arrivals.arrive(work, expected)
    return somebody


async def _new(work: Work, newcomer: Newcomer, here: Community) -> Person:
    taken = await queries.person_with(work, here.id, newcomer.mail) is not None
    somebody = Person(
        community_id=here.id,
        name=newcomer.name,
        mail="" if taken else newcomer.mail,
        zone=newcomer.zone or here.zone,
        created_at=work.now,
    )
    work.add(somebody)
    await work.flush()
    return somebody


@routes.get("/api/people")
async def listed(request: web.Request) -> web.Response:
    """Everybody who is here, in the order of their numbers."""
    playground = request.app[PLAYGROUND]
    async with playground.app.storage.reading() as work:
        home = await space(work)
        here = await community(work)
        people = await work.all(
            select(Person).where(Person.community_id == home.community_id, queries.is_here()).order_by(Person.id)
        )
        rows = await work.session.execute(
            select(TeamMember.person_id, TeamMember.duty).where(TeamMember.community_id == home.community_id)
        )
        duties = [(number, duty) for number, duty in rows]
        latest = await _latest(work, home)
    return web.json_response(
        {
            "community": {"name": here.name, "timezone": here.zone, "since": here.created_at.timestamp()},
            "people": [
                _person(one, [duty for number, duty in duties if number == one.id]) | {"newest": latest.get(one.id, 0)}
                for one in people
            ],
        }
    )


@routes.post("/api/people")
async def added(request: web.Request) -> web.Response:
    """Somebody new."""
    playground, found = request.app[PLAYGROUND], await body(request)
    newcomer = Newcomer(text(found, "name", longest=100), _zone(found), _duties(found), _mail(found))
    async with playground.floor(), playground.app.storage.work() as work:
        number = (await add(work, newcomer)).id
    playground.live.ring()
    return web.json_response({"id": number}, status=201)


@routes.get("/api/commands")
async def commands(request: web.Request) -> web.Response:
    """What can be typed; with ?person= only what this person's duties allow."""
    playground, number = request.app[PLAYGROUND], in_query(request, "person")
    duties: frozenset[Duty] = frozenset(Duty)
    async with playground.app.storage.reading() as work:
        if number:
            duties = await queries.duties_of(work, (await person(work, number)).id)
    return web.json_response({"commands": _commands(playground, duties)})


async def _latest(work: Work, home: Space) -> dict[int, int]:
    """By person, the number of the newest letter to them, alone or in a room."""
    letters = await newest_letters(work)
    latest: dict[int, int] = defaultdict(int)
    latest |= {int(name[3:]): number for name, number in letters.items() if name.startswith("dm-")}
    for room in await rooms(work, home):
        for person_id in room.people:
            latest[person_id] = max(latest[person_id], letters.get(room.id, 0))
    return latest


def _commands(playground: Playground, duties: frozenset[Duty]) -> Sequence[dict[str, Any]]:
    speaker = playground.speaker("UTC")
    return [
        _command(one, speaker)
        for path, one in sorted(playground.dispatch.catalog.commands.items())
        if one.listed and (not one.team or one.team & duties)
    ]


def _command(one: Command, speaker: SandboxSpeaker) -> dict[str, Any]:
    return {
        "path": one.path,
        "summary": speaker.text(one.summary),
        "team": sorted(duty.value for duty in one.team),
        "fields": [forms.field(field, speaker) for field in one.fields],
    }


def _person(somebody: Person, duties: Sequence[Duty]) -> dict[str, Any]:
    return {
        "id": somebody.id,
        "name": somebody.name,
        "timezone": somebody.zone or "UTC",
        "coordinator": Duty.COORDINATOR in duties,
        "liaison": Duty.LIAISON in duties,
        "committee": Duty.COMMITTEE in duties,
    }


def _duties(found: Body) -> tuple[Duty, ...]:
    return tuple(duty for duty in Duty if flag(found, duty.value))


def _mail(found: Body) -> str:
    typed = text(found, "mail", default="")
    if typed and not as_mail(typed):
        raise Bad(f"“{typed}” is not a mail address.")
    return as_mail(typed)


def _zone(found: Body) -> str:
    typed = text(found, "timezone", longest=100, default="")
    zones = matching_zones(typed) if typed else [""]
    if not zones:
        raise Bad(f"I do not know the time zone “{typed}”. Try the nearest large city, such as Chicago.")
    if len(zones) > 1:
        raise Bad(f"Several time zones fit “{typed}”: {', '.join(zones[:5])}. Please choose one.")
    return zones[0]
