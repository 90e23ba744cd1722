"""Choices that have to be searched for: people, channels, zones, and whatever a command's own sources find."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

from sqlalchemy import select

from adapters.sandbox.conversations import channels
from adapters.sandbox.forms import PICKED
from adapters.sandbox.limits import MOST_PEOPLE
from adapters.sandbox.playground import Playground, space
from bot.domain import Person
from bot.domain.zones import matching_zones, zone_label
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.ui import Choice, Field, Kind
from commands.spec import Refused, Request

Find = Callable[[Work], Awaitable[Sequence[tuple[str, str]]]]

_FREQUENT_ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "Pacific/Honolulu", "America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo",
    "Australia/Sydney", "Pacific/Auckland", "UTC",
)  # fmt: skip
"""Offered before anything is typed."""


async def found(playground: Playground, request: Request, fields: Sequence[Field]) -> Mapping[str, Sequence[Choice]]:
    """The first choices of those fields that are searched, by field name."""
    searched = [field for field in fields if field.source or field.kind in PICKED]
    choices = {}
    for field in searched:
        kind = "" if field.source else field.kind.value
        with suppress(Refused):  # a field without choices still has its form
            choices[field.name] = await search(playground, request, field.name, kind, "")
    return choices


async def search(playground: Playground, request: Request, name: str, kind: str, typed: str) -> Sequence[Choice]:
    """Choices for a field; `kind` is given where the platform's own picker answers. Raises Refused."""
    if kind == Kind.TIMEZONE:
        zones = matching_zones(typed)[:MOST_CHOICES] if typed.strip() else _FREQUENT_ZONES
        return [Choice(zone, zone_label(zone)) for zone in zones]
    if kind in (Kind.PERSON, Kind.PEOPLE):
        return await _listed(playground, typed, _people)
    if kind == Kind.CHANNEL:
        return await _listed(playground, typed, _channels)
    return await playground.dispatch.choices(request, name, typed)


async def _listed(playground: Playground, typed: str, find: Find) -> Sequence[Choice]:
    async with playground.app.storage.reading() as work:
        everything = await find(work)
    wanted = typed.casefold().lstrip("@#")
    return [Choice(value, label) for value, label in everything if wanted in label.casefold()]


async def _people(work: Work) -> Sequence[tuple[str, str]]:
    home = await space(work)
    here = select(Person).where(Person.community_id == home.community_id)
    people = await work.all(here.order_by(Person.name, Person.id).limit(MOST_PEOPLE))
    return [(str(person.id), person.name) for person in people]


async def _channels(work: Work) -> Sequence[tuple[str, str]]:
    return [(channel.conversation, f"#{channel.name}") for channel in await channels(work, await space(work))]
