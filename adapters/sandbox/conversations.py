"""Who talks where: each person's own conversation with the bot, the rooms of pairs, and the channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from bot.domain import Channel, Duty, Person, Place, PlaceState, Space
from bot.storage import queries
from bot.storage.work import Work

BOT = "mentorbot"
TEAM = frozenset({Duty.COORDINATOR, Duty.LIAISON})
"""Who is in private channels here; on a real platform its own members are."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Something that a person sees and can write in. `people` are the members of a room."""

    id: str
    title: str
    kind: Literal["bot", "room", "channel"]
    private: bool = True
    people: tuple[int, ...] = ()


def with_bot(person_id: int) -> Conversation:
    """A person's own conversation with the bot."""
    return Conversation(f"dm-{person_id}", BOT, "bot")


def of_channel(channel: Channel) -> Conversation:
    """A channel as a conversation."""
    return Conversation(channel.conversation, channel.name, "channel", channel.private)


async def seen_by(work: Work, person: Person, space: Space) -> Sequence[Conversation]:
    """Everything that a person sees, in the order of the page."""
    own = [room for room in await rooms(work, space) if person.id in room.people]
    on_team = bool(TEAM & await queries.duties_of(work, person.id))
    shown = [channel for channel in await channels(work, space) if on_team or not channel.private]
    return [with_bot(person.id), *own, *(of_channel(channel) for channel in shown)]


async def rooms(work: Work, space: Space) -> Sequence[Conversation]:
    """All rooms of pairs."""
    opened = select(Place).where(Place.space_id == space.id, Place.state == PlaceState.OPEN).order_by(Place.id)
    return [
        Conversation(place.conversation, place.name, "room", people=tuple(place.person_ids))
        for place in await work.all(opened)
    ]


async def channels(work: Work, space: Space) -> Sequence[Channel]:
    """All channels of the sandbox."""
    return await work.all(select(Channel).where(Channel.space_id == space.id).order_by(Channel.id))
