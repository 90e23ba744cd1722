"""Servers that come late, that the bot is taken out of, and a token that Discord takes no more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from simcord.backend import serializers
from sqlalchemy import select

from adapters.discord import guilds, serve
from adapters.discord.gateway import Gateway
from bot.domain import Account, Channel, Community, Duty, Letter, LetterKind, LetterState, Person, Space, TeamMember
from bot.ports import NotDelivered, Parcel, PlaceOrder, Receipt, Trouble
from bot.settings import Misconfigured
from bot.storage import queries
from bot.storage.outbox import NewLetter, post
from bot.ui import _, message
from tests.adapters.discord.loopback import Loopback, answer, loopback
from tests.adapters.discord.test_connection import LETTER, _until, bot_at
from tests.adapters.discord.test_connection import there as there
from tests.adapters.discord.town import Citizen, Town, town_over
from tests.databases import Connections


async def test_a_server_that_the_gateway_tells_of_too_late_is_known_when_all_are(
    database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    unheard(monkeypatch)
    async with town_over(database, connections) as town:
        assert await space(town) is None

        await town.bot.client.on_ready()

        assert await channels(town) == {"mentoring": True}


@pytest.mark.parametrize("unavailable", [False, True])
async def test_somebody_who_is_quicker_than_the_gateway_is_answered(
    database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch, unavailable: bool
) -> None:
    unheard(monkeypatch)
    async with town_over(database, connections) as town:
        guild = town.bot.client.get_guild(town.guild.id)
        assert guild is not None
        guild.unavailable = unavailable
        mia = town.person("mia")

        await mia.slash("mentor help")

        assert "not set up here" not in mia.text
        assert await space(town) is not None


async def test_letters_wait_while_the_bot_is_out_of_the_server_and_nobody_is_unreachable(town: Town) -> None:
    mia = town.person("mia")
    await mia.slash("mentor help")
    await thrown_out(town)
    assert await channels(town) == {"mentoring": False}
    await written_to(town, mia)
    await town.pulse()

    async with town.app.storage.reading() as work:
        assert await work.first(select(Letter.state)) is LetterState.WAITING
        assert await work.first(select(Account.reachable)) is True
        assert await work.first(select(Person.unreachable_since)) is None
    for deed in (
        town.bot.messenger.open_place(PlaceOrder(1, str(town.guild.id), "Mia and Ben", [mia.id])),
        town.bot.messenger.rewrite(letter_there(town), Receipt(str(town.channel.id), "1")),
    ):
        with pytest.raises(NotDelivered) as caught:
            await deed
        assert caught.value.trouble is Trouble.BUSY

    await invited_again(town)
    assert await channels(town) == {"mentoring": True}
    await town.forward(hours=2)
    assert [letter.content for letter in mia.letters()] == ["Hello"]


async def test_whoever_is_elsewhere_too_is_written_to_there_and_coordinators_hear_of_it(town: Town) -> None:
    mia, olga = town.person("mia"), town.person("olga")
    for one in (mia, olga):
        await one.slash("mentor help")
    here = await space(town)
    assert here is not None
    async with town.app.storage.work() as work:
        other = Space(community_id=here.community_id, platform="slack", external="T1", name="Elsewhere")
        work.add(other)
        await work.flush()
        known = await queries.account_of(work, "discord", str(town.guild.id), olga.id)
        assert known is not None
        work.add(Account(space_id=other.id, user="U1", person_id=known[1].id))
        work.add(
            TeamMember(community_id=here.community_id, person_id=known[1].id, duty=Duty.COORDINATOR, since=work.now)
        )

    await thrown_out(town)

    async with town.app.storage.reading() as work:
        accounts = await work.session.execute(select(Account.user, Account.reachable).order_by(Account.id))
        assert dict(accounts.all()) == {mia.id: True, olga.id: False, "U1": True}
        told = await work.first(select(Letter))
        assert told is not None
        assert told.person_id == known[1].id
        assert "taken out of" in str(told.message)
    await invited_again(town)
    async with town.app.storage.reading() as work:
        assert set(await work.all(select(Account.reachable))) == {True}
        assert await work.first(select(Letter.state)) is LetterState.WITHDRAWN


async def test_a_server_that_was_lost_while_the_bot_was_away_is_left_at_the_next_start(town: Town) -> None:
    async with town.app.storage.work() as work:
        community = Community(name="Gone", created_at=work.now)
        work.add(community)
        await work.flush()
        work.add(Space(community_id=community.id, platform="discord", external="77", name="Gone"))

    await town.env.restart_bot()

    async with town.app.storage.reading() as work:
        left = await work.session.execute(select(Space.external, Space.left_at.is_not(None)))
        assert dict(left.all()) == {"77": True, str(town.guild.id): False}


async def test_a_channel_that_was_deleted_while_the_bot_was_away_is_forgotten_at_the_next_start(town: Town) -> None:
    async with town.app.storage.work() as work:
        home = await queries.space_of(work, "discord", str(town.guild.id))
        assert home is not None
        work.add(Channel(space_id=home.id, conversation="77", name="gone", private=False))
    town.bot.client.known.clear()  # another process knows nothing

    await town.env.restart_bot()

    assert await channels(town) == {"mentoring": True, "gone": False}


class Doubting(Loopback):
    """A Discord that takes our token, or takes it no more."""

    refuses = False

    async def rest(self, request: web.Request) -> web.Response:
        if self.refuses:
            return answer({"message": "401: Unauthorized", "code": 0}, status=401)
        return await super().rest(request)


@pytest.mark.usefixtures("there")
async def test_a_token_that_only_rest_refuses_ends_this_face_too(
    database: str, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "ASK_AGAIN", 0.0)
    async with loopback(Doubting()) as discord, bot_at(discord, database, connections) as bot:
        running = asyncio.create_task(bot.run(asyncio.Event()))
        await discord.greeting(1)

        discord.answers = [answer({"message": "401: Unauthorized", "code": 0}, status=401)]
        with pytest.raises(NotDelivered):
            await bot.messenger.send(LETTER)
        await _until(lambda: asked(discord, 2))
        await bot.messenger.send(LETTER)
        assert not running.done(), "it was a passing thing"

        discord.refuses = True
        with pytest.raises(NotDelivered):
            await bot.messenger.send(LETTER)
        with pytest.raises(Misconfigured, match=r"^DISCORD_TOKEN is not accepted by Discord any more, and letters"):
            await asyncio.wait_for(running, 10)


async def asked(discord: Doubting, times: int) -> bool:
    """Whether Discord was asked who we are, at the login and since."""
    return discord.count("GET", "/oauth2/applications/@me") >= times


def unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library tell of no server: it loses those that come while it stops waiting for more."""

    async def nothing(*_args: object) -> None:
        pass

    for event in ("on_guild_available", "on_guild_join"):
        monkeypatch.setattr(Gateway, event, nothing)


def letter_there(town: Town) -> Parcel:
    """A letter in the server's channel."""
    return replace(LETTER, space=str(town.guild.id), user="", conversation=str(town.channel.id))


async def thrown_out(town: Town) -> None:
    """Somebody removes the bot; who has no server in common with it takes no messages from it."""
    town.env.inject_error("POST", "/channels/*/messages", status=403, code=50278, times=None)
    town.env.inject_error("*", f"/guilds/{town.guild.id}*", status=403, code=50001, times=None)
    town.env.inject_error("PATCH", "/channels/*", status=403, code=50001, times=None)
    town.env.backend.emit("GUILD_DELETE", {"id": str(town.guild.id)})
    await town.env.settle()


async def invited_again(town: Town) -> None:
    town.env.backend.faults.clear()
    there = town.env.backend.guilds[town.guild.id]
    town.env.backend.emit("GUILD_CREATE", serializers.guild_create_payload(town.env.backend, there))
    await town.env.settle()


async def written_to(town: Town, who: Citizen) -> None:
    async with town.app.storage.work() as work:
        found = await queries.account_of(work, "discord", str(town.guild.id), who.id)
        assert found is not None
        letter = NewLetter(key="x", kind=LetterKind.NEWS, to=found[1], message=message(_("Hello")))
        await post(work, found[1].community_id, letter)


async def space(town: Town) -> Space | None:
    async with town.app.storage.reading() as work:
        return await queries.space_of(work, "discord", str(town.guild.id))


async def channels(town: Town) -> dict[str, bool]:
    """Whether the bot is in each channel."""
    async with town.app.storage.reading() as work:
        return {one.name: one.left_at is None for one in await work.all(select(Channel))}


async def test_a_server_that_invites_the_bot_while_it_connects_is_not_left(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = town.bot.client
    servers = client._connection._guilds
    arriving = servers.pop(town.guild.id)
    leave = guilds.leave

    async def invited_meanwhile(*given: Any, **named: Any) -> None:
        servers[town.guild.id] = arriving
        await leave(*given, **named)

    monkeypatch.setattr(guilds, "leave", invited_meanwhile)
    await client.on_ready()
    assert await channels(town) == {"mentoring": True}
