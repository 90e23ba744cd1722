"""What happens around the bot while the database is slow: all of it is acknowledged in time, and none of it is lost."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.domain import Account, Channel, Person, Space
from bot.services import arrivals
from tests.adapters.slack.country import Land
from tests.adapters.slack.driver import words
from tests.adapters.slack.fake import BOT
from tests.adapters.slack.test_again import envelope, is_reachable
from tests.adapters.slack.test_answering import slow_database  # noqa: F401 - a fixture
from tests.adapters.slack.test_workspaces import ONE, arrived, rows


@ONE
async def test_every_event_is_acknowledged_in_time_by_a_slow_database(
    land: Land, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south, storage = land.north, land.south, land.first.app.storage
    left, archived, renamed = (north.channel(name) for name in ("left", "archived", "renamed"))
    ben, _carla = await arrived(land, "Ben", north), await arrived(land, "Carla", south)
    new = north.channel("new")
    async with storage.work() as work:
        by = await work.first(select(Person).join(Account).where(Account.user == ben.user))
        assert by is not None
        await arrivals.enter(work, name="Ada", mail="ada@library.example", by=by)
    ada, emi = north.users[north.user("Ada")], north.user("Emi")
    north.channels[renamed]["name"] = "another"
    south.gone = "account_inactive"
    here, there = land.first.line(north), land.first.line(south)
    here.settle = there.settle = False
    events = [
        envelope(north, "app_home_opened", user=emi, channel=f"D{emi}", tab="home"),
        envelope(north, "user_change", user={"id": ben.user, "deleted": True}),
        envelope(north, "team_join", user=ada),
        envelope(north, "member_joined_channel", user=BOT, channel=new, channel_type="C", team=north.team),
        envelope(north, "channel_left", channel=left, actor_id="U1"),
        envelope(north, "channel_archive", channel=archived, user="U1"),
        envelope(north, "channel_rename", channel={"id": renamed, "name": "another", "created": 1}),
    ]
    taken_back = [envelope(south, kind, tokens={"bot": [BOT]}) for kind in ("tokens_revoked", "app_uninstalled")]
    request.getfixturevalue("slow_database")
    await asyncio.gather(
        *(here.post(event, "application/json") for event in events),
        *(there.post(event, "application/json") for event in taken_back),
    )
    took = here.took + there.took
    assert len(took) == len(events) + len(taken_back)
    assert max(took) < 3
    assert emi not in north.homes  # the database has not answered yet
    await land.first.slack.settled()
    monkeypatch.undo()  # what follows is asked of a quick one
    assert words(north.homes[emi]["blocks"])
    assert await is_reachable(land, ben.user) is False
    assert await is_reachable(land, ada["id"]) is True
    async with storage.reading() as work:
        known = select(Channel.name).join(Space, Channel.space_id == Space.id).where(Channel.left_at.is_(None))
        assert set(await work.all(known.where(Space.external == north.team))) == {"mentoring-tnorth", "another", "new"}
        is_left = select(Space.left_at.is_not(None)).where(Space.external == south.team)
        assert await work.first(is_left) is True
    assert list(await rows(land)) == [north.team]
