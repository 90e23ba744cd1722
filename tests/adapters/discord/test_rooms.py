"""Rooms of pairs as threads: where they hang, who is let in, what becomes of those put away or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import select

from bot.domain import Channel, Place, Space
from bot.ports import Hindered, PlaceOrder
from bot.storage import queries
from tests.adapters.discord.town import Citizen, Town

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def order(town: Town, *people: Citizen, parent: Any = None) -> PlaceOrder:
    """A place of these people that shall be opened."""
    async with town.app.storage.work() as work:
        space = await queries.space_of(work, "discord", str(town.guild.id))
        assert space is not None
        name = " and ".join(person.name for person in people)
        place = Place(space_id=space.id, people=",".join(person.id[-4:] for person in people), name=name)
        work.add(place)
        await work.flush()
    users = [person.id for person in people]
    return PlaceOrder(place.id, str(town.guild.id), name, users, str(parent.id) if parent else "")


def allow(town: Town, channel: Any, who: int, *, yes: discord.Permissions | None = None, **forbidden: bool) -> None:
    """Set what a member may do in a channel."""
    no = discord.Permissions(**forbidden)
    overwrite = Overwrite(who, OverwriteType.MEMBER, allow=(yes or discord.Permissions.none()).value, deny=no.value)
    town.env.backend.set_overwrite(channel.id, overwrite)


def parent_of(town: Town, thread: str) -> int | None:
    parent: int | None = town.env.backend.channels[int(thread)].parent_id
    return parent


async def lacks(town: Town, name: str) -> Sequence[str]:
    async with town.app.storage.reading() as work:
        return (await work.first(select(Channel.lacks).where(Channel.name == name))) or ()


async def test_a_room_hangs_below_the_chosen_channel(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    quiet = town.guild.create_text_channel("mentoring-rooms")
    await town.env.settle()

    thread = await town.bot.messenger.open_place(await order(town, mia, ben, parent=quiet))

    assert parent_of(town, thread) == quiet.id


async def test_who_does_not_see_the_chosen_channel_is_named(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    hidden = town.guild.create_text_channel("hidden")
    allow(town, hidden, mia.actor.id, view_channel=True)
    await town.env.settle()

    with pytest.raises(Hindered) as caught:
        await town.bot.messenger.open_place(await order(town, mia, ben, parent=hidden))

    assert (list(caught.value.users), list(caught.value.rights)) == ([mia.id], [])


async def test_a_chosen_channel_that_is_gone_is_a_missing_right(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    gone = await order(town, mia, ben)

    with pytest.raises(Hindered) as caught:
        await town.bot.messenger.open_place(
            PlaceOrder(gone.place, gone.space, gone.name, gone.users, parent="123456789012345678")
        )

    assert list(caught.value.rights) == ["View Channels"]


async def test_what_the_bot_lacks_in_a_channel_is_known_as_it_changes(town: Town) -> None:
    olga = town.person("olga", manages=True)
    await olga.slash("cohort setup")
    await olga.fills()
    assert "Where rooms open" in olga.labels()
    me = town.env.backend.bot_user.id
    allow(town, town.channel, me, create_private_threads=True)
    await town.env.settle()
    assert await lacks(town, "mentoring") == ["Create Private Threads"]

    await olga.slash("cohort rooms", channel=town.channel)
    await olga.fills(channel="mentoring")
    assert "I lack the right “Create Private Threads” there" in olga.text
    allow(town, town.channel, me)
    await town.env.settle()
    await olga.presses("Try again")
    await olga.fills()

    assert "Rooms of pairs open below" in olga.text
    async with town.app.storage.reading() as work:
        assert await work.first(select(Space.rooms_channel_id)) is not None


async def test_a_role_that_loses_a_right_is_noticed(town: Town) -> None:
    guild = town.env.backend.guilds[town.guild.id]
    mine = [role for role in guild.roles.values() if role.id in guild.members[town.env.backend.bot_user.id].role_ids]
    less = ~discord.Permissions(administrator=True, create_private_threads=True).value
    for role in [*mine, guild.everyone_role]:
        town.env.backend.edit_role(guild.id, role.id, {"permissions": role.permissions & less})
    await town.env.settle()

    assert await lacks(town, "mentoring") == ["Create Private Threads"]
