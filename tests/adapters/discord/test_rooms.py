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
from bot.ports import Absent, Hindered, NotDelivered, Parcel, PlaceOrder, Receipt
from bot.storage import queries
from bot.ui import _, message
from tests.adapters.discord.refusals import NEWS
from tests.adapters.discord.test_walk import apply, open_call, publish, the_room
from tests.adapters.discord.town import Citizen, Town, town_over
from tests.databases import Connections


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


async def test_a_channel_for_announcements_cannot_be_chosen_whatever_the_bot_may_do_there(town: Town) -> None:
    olga = town.person("olga", manages=True)
    await olga.slash("cohort setup")
    await olga.fills()
    town.env.backend.edit_channel(town.channel.id, {"type": NEWS})
    await town.env.settle()

    await olga.slash("cohort rooms", channel=town.channel)
    await olga.fills(channel="mentoring")

    assert "a channel for announcements holds none" in olga.text


async def test_a_pair_has_its_room_though_the_call_is_in_a_channel_for_announcements(town: Town) -> None:
    town.env.backend.edit_channel(town.channel.id, {"type": NEWS})
    await town.env.settle()
    olga, mia, ben = town.person("olga", manages=True), town.person("mia"), town.person("ben")
    await open_call(town, olga)
    quiet = town.guild.create_text_channel("mentoring-rooms")
    await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")
    await apply(town, ben, "As a mentor", offers=["cataloging"], places="1", zone="New York")
    await publish(town, olga)

    room = await the_room(town)
    assert parent_of(town, str(room.id)) == quiet.id


async def test_a_role_that_loses_a_right_is_noticed(town: Town) -> None:
    guild = town.env.backend.guilds[town.guild.id]
    mine = [role for role in guild.roles.values() if role.id in guild.members[town.env.backend.bot_user.id].role_ids]
    less = ~discord.Permissions(administrator=True, create_private_threads=True).value
    for role in [*mine, guild.everyone_role]:
        town.env.backend.edit_role(guild.id, role.id, {"permissions": role.permissions & less})
    await town.env.settle()

    assert await lacks(town, "mentoring") == ["Create Private Threads"]


async def interrupted(town: Town, place: PlaceOrder, *, at: str) -> None:
    """Open a room, and break off where the bot asks for `at`."""
    town.env.inject_error("*", at, status=500, times=5)
    with pytest.raises(NotDelivered):
        await town.bot.messenger.open_place(place)
    town.env.backend.faults.clear()


async def test_a_room_whose_opening_was_interrupted_is_found_again(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    place = await order(town, mia, ben)
    await interrupted(town, place, at=f"/channels/*/thread-members/{ben.id}")

    thread = await town.bot.messenger.open_place(place)

    assert [str(one.id) for one in rooms(town)] == [thread]
    assert set(rooms(town)[0].thread_members) >= {mia.actor.id, ben.actor.id}


async def test_who_left_while_a_room_was_being_opened_is_named(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    place = await order(town, mia, ben)
    await interrupted(town, place, at=f"/channels/*/thread-members/{ben.id}")
    town.guild.remove_member(ben.actor)
    await town.env.settle()

    with pytest.raises(Absent) as caught:
        await town.bot.messenger.open_place(place)

    assert caught.value.users == [ben.id]


async def test_nobody_has_left_a_server_that_discord_does_not_find(town: Town) -> None:
    place = await order(town, town.person("mia"), town.person("ben"))
    town.env.inject_error("GET", "/guilds/*/members/*", status=404, code=10004)

    with pytest.raises(NotDelivered) as caught:
        await town.bot.messenger.open_place(place)

    assert not isinstance(caught.value, Absent)


async def test_a_pair_with_the_same_names_never_gets_the_room_that_was_meant_for_others(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    other, her = town.person("mia2", "Mia"), town.person("ben2", "Ben")
    theirs = await order(town, mia, ben)
    await interrupted(town, theirs, at=f"/channels/*/thread-members/{ben.id}")

    thread = await town.bot.messenger.open_place(await order(town, other, her))

    assert len(rooms(town)) == 2
    inside = set(town.env.backend.channels[int(thread)].thread_members)
    assert inside == {other.actor.id, her.actor.id, town.env.backend.bot_user.id}


def rooms(town: Town) -> Sequence[Any]:
    return [channel for channel in town.env.backend.channels.values() if channel.type == 12]


def parcel(town: Town, thread: str, words: str = "Hello") -> Parcel:
    return Parcel(7, 1, str(town.guild.id), message(_(words)), "UTC", "en", conversation=thread)


def put_away(town: Town, thread: str, method: str, path: str) -> None:
    """Archive a thread: Discord refuses what would change it without opening it again, once here."""
    town.env.backend.edit_channel(int(thread), {}, thread_metadata={"archived": True})
    town.env.inject_error(method, path.format(thread), status=400, code=50083)


def is_put_away(town: Town, thread: str) -> bool:
    return bool(town.env.backend.channels[int(thread)].thread_metadata.archived)


async def test_a_room_that_was_put_away_is_opened_again_for_a_letter_and_for_a_change(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    thread = await town.bot.messenger.open_place(await order(town, mia, ben))
    put_away(town, thread, "POST", "/channels/{}/messages")
    receipt = await town.bot.messenger.send(parcel(town, thread))
    assert not is_put_away(town, thread)

    put_away(town, thread, "PATCH", f"/channels/{{}}/messages/{receipt.posted}")
    await town.bot.messenger.rewrite(parcel(town, thread, "Changed"), receipt)
    assert not is_put_away(town, thread)
    assert [said.content for said in town.said_in(int(thread))][1:] == ["Changed"]


async def test_people_are_let_into_a_room_that_was_put_away(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    place = await order(town, mia, ben)
    thread = await town.bot.messenger.open_place(place)
    put_away(town, thread, "PUT", "/channels/{}/thread-members/*")

    assert await town.bot.messenger.open_place(place) == thread
    assert not is_put_away(town, thread)


async def test_a_letter_in_a_room_that_is_gone_is_no_error_to_rewrite(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    thread = await town.bot.messenger.open_place(await order(town, mia, ben))
    town.env.backend.delete_channel(int(thread))

    await town.bot.messenger.rewrite(parcel(town, thread), Receipt(thread, "123"))


async def a_pair(town: Town) -> tuple[Citizen, Citizen, Citizen, Any]:
    """A published pair, and its room."""
    olga, mia, ben = town.person("olga", manages=True), town.person("mia"), town.person("ben")
    await open_call(town, olga)
    await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")
    await apply(town, ben, "As a mentor", offers=["cataloging"], places="1", zone="New York")
    await publish(town, olga)
    return olga, mia, ben, await the_room(town)


async def test_a_room_that_was_deleted_is_opened_anew_for_its_next_letter(town: Town) -> None:
    olga, mia, ben, room = await a_pair(town)
    town.env.backend.delete_channel(room.id)
    await olga.slash("liaison write")
    await olga.fills(text="A good start to you both.")
    await town.forward(days=2)

    [again] = [channel for channel in town.env.backend.channels.values() if channel.type == 12]
    assert again.id != room.id
    assert set(again.thread_members) >= {mia.actor.id, ben.actor.id}
    note, letter = town.said_in(again.id)
    assert "people who may manage threads" in note.content
    assert "A good start to you both." in letter.content
    assert not any("cannot use the room" in letter.content for letter in olga.letters())


@pytest.mark.parametrize("takes_people", [False, True])
async def test_for_a_room_that_was_locked_another_is_opened_for_its_next_letter(town: Town, takes_people: bool) -> None:
    olga, mia, ben, room = await a_pair(town)
    town.refusals.lets_into_locked = takes_people
    town.env.backend.edit_channel(room.id, {}, thread_metadata={"locked": True})
    await olga.slash("liaison write")
    await olga.fills(text="A good start to you both.")
    await town.forward(days=2)

    [again] = [one for one in rooms(town) if one.id != room.id]
    assert set(again.thread_members) >= {mia.actor.id, ben.actor.id}
    assert "A good start to you both." in town.said_in(again.id)[-1].content
    assert not any("cannot use the room" in letter.content for letter in olga.letters())


async def test_a_room_in_which_we_may_do_nothing_any_more_is_not_taken_for_one_left_behind(town: Town) -> None:
    mia, ben = town.person("mia"), town.person("ben")
    place = await order(town, mia, ben)
    old = await town.bot.messenger.open_place(place)
    town.env.inject_error("*", f"/channels/{old}*", status=403, code=50001, times=None)

    again = await town.bot.messenger.open_place(place)

    assert again != old
    assert set(town.env.backend.channels[int(again)].thread_members) >= {mia.actor.id, ben.actor.id}


async def test_who_comes_back_to_the_server_is_welcomed_and_let_into_their_room(
    database: str, connections: Connections
) -> None:
    async with town_over(database, connections, members=True) as town:
        _olga, mia, _ben, room = await a_pair(town)
        town.guild.remove_member(mia.actor)
        await town.env.settle()
        assert mia.actor.id not in room.thread_members
        before = len(mia.letters())

        town.guild.add_member(mia.actor.user)
        await town.env.settle()
        await town.pulse()

        assert mia.actor.id in room.thread_members
        [letter] = mia.letters()[before:]
        assert letter.content.startswith("**Welcome back,")


@pytest.mark.parametrize("members", [False, True])
async def test_a_pair_that_somebody_left_before_its_room_was_open_has_it_when_they_are_back(
    database: str, connections: Connections, members: bool
) -> None:
    async with town_over(database, connections, members=members) as town:
        olga, mia, ben = town.person("olga", manages=True), town.person("mia"), town.person("ben")
        await open_call(town, olga)
        await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")
        await apply(town, ben, "As a mentor", offers=["cataloging"], places="1", zone="New York")
        town.guild.remove_member(mia.actor)
        await town.env.settle()
        await publish(town, olga)
        await town.forward(days=3)
        [told] = [letter.content for letter in olga.letters() if "waits for somebody" in letter.content]
        assert f"<@{mia.id}> is not in the chat any more" in told
        assert not any("cannot use the room" in letter.content for letter in olga.letters())
        assert rooms(town) == []

        town.guild.add_member(mia.actor.user)
        await town.env.settle()
        await town.forward(days=1)

        [room] = rooms(town)
        assert set(room.thread_members) >= {mia.actor.id, ben.actor.id}
        assert f"<@{mia.id}>, meet <@{ben.id}>" in town.said_in(room.id)[-1].content
        assert not any("where you left it" in letter.content for letter in mia.letters())


async def test_who_left_is_told_to_the_coordinator_s_liaison_once(database: str, connections: Connections) -> None:
    async with town_over(database, connections, members=True) as town:
        olga = town.person("olga", manages=True)
        mia, ben = town.person("mia"), town.person("ben")
        await open_call(town, olga)
        await olga.slash("cohort team add")
        await olga.presses("A liaison")
        await olga.fills(person="Olga")
        await apply(town, mia, "As a mentee", wishes_1="cataloging", zone="Chicago")
        await apply(town, ben, "As a mentor", offers=["cataloging"], places="1", zone="New York")
        await publish(town, olga)
        await the_room(town)
        town.guild.remove_member(mia.actor)
        await town.env.settle()
        await town.forward(days=40)

        told = [letter for letter in olga.letters() if "My messages to" in letter.content]
        assert len(told) == 1
