"""/cohort rooms: below which channel the rooms of pairs open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.domain import Channel, Duty
from bot.services import parents
from bot.storage.queries import MOST_CHOICES
from bot.storage.work import Work
from bot.texts import rooms as texts
from bot.ui import Answer, Choice, Field, Kind, Message, _
from commands.sources import CHANNELS, number
from commands.spec import Command, Me, Refused, Source, command


async def _needs_channel(work: Work, me: Me) -> None:
    """Refuse where rooms hang below no channel."""
    if not await parents.spaces(work, me.community.id):
        raise Refused(texts.not_needed())


async def _find(work: Work, me: Me, typed: str, answers: Mapping[str, Answer]) -> Sequence[Choice]:
    here = [space.id for space in await parents.spaces(work, me.community.id)]
    found = await work.all(
        select(Channel)
        .where(Channel.space_id.in_(here), Channel.left_at.is_(None))
        .where(Channel.name.icontains(typed.removeprefix("#"), autoescape=True))
        .order_by(Channel.name, Channel.id)
        .limit(MOST_CHOICES)
    )
    return [Choice(str(channel.id), channel.name) for channel in found]


async def _load(work: Work, me: Me, value: str) -> Channel | None:
    here = [space.id for space in await parents.spaces(work, me.community.id)]
    mine = select(Channel).where(Channel.space_id.in_(here), Channel.left_at.is_(None)).order_by(Channel.id)
    typed = value.removeprefix("#")
    named = (Channel.name == typed) | (Channel.conversation == typed)
    by_number = await work.first(mine.where(Channel.id == (number(value) or 0)))
    return by_number or await work.first(mine.where(named))


PARENTS = Source("channels for rooms", _find, _load, none=CHANNELS.none)
"""Channels of the spaces in which rooms hang below one."""


@command(
    "cohort rooms",
    _("Choose the channel below which pairs' rooms open"),
    Field(
        "channel",
        _("Below which channel?"),
        Kind.CHANNEL,
        source=PARENTS.name,
        hint=_("Everybody who takes part should see it. What is said in a room stays in the room."),
    ),
    team=(Duty.COORDINATOR,),
    guard=_needs_channel,
)
async def rooms(work: Work, me: Me, channel: Channel) -> Message:
    """Choose it, if rooms can open there."""
    if channel.lacks:
        raise Refused(texts.lacking(channel, channel.lacks), field="channel")
    await parents.choose(work, me.community, channel, by=me.person)
    return texts.chosen(channel)


COMMANDS: tuple[Command, ...] = (rooms,)
SOURCES = (PARENTS,)
