"""What happens around the bot and is brought again, to the same process or to another one: it undoes nothing later."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain import Account, Channel, Person, Seen
from bot.services import arrivals
from tests.adapters.slack.conftest import process
from tests.adapters.slack.contract import sample
from tests.adapters.slack.country import Land, Process
from tests.adapters.slack.driver import words
from tests.adapters.slack.fake import BOT, FakeSlack
from tests.adapters.slack.test_workspaces import BOTH, ONE, arrived


def envelope(fake: FakeSlack, kind: str, *, number: str = "", **event: Any) -> str:
    """An event of a workspace as Slack brings it; one that was brought before has its old number."""
    body = sample("event_app_home_opened") | {"team_id": fake.team, "event_id": number or f"Ev{fake.trigger('U')}"}
    body["authorizations"][0]["team_id"] = fake.team
    body["event"] = {"type": kind, "event_ts": "1610261539.000200", **event}
    return json.dumps(body)


async def happens(running: Process, fake: FakeSlack, kind: str, **event: Any) -> None:
    """An event of a workspace reaches one process."""
    await running.line(fake).post(envelope(fake, kind, **event), "application/json")


async def again(land: Land, kind: str, **event: Any) -> None:
    """The first event of a test comes again, to both processes."""
    for running in (land.first, land.second):
        await happens(running, land.north, kind, number="Ev1", **event)


async def is_reachable(land: Land, user: str) -> bool | None:
    async with land.first.app.storage.reading() as work:
        return await work.first(select(Account.reachable).where(Account.user == user))


@BOTH
@pytest.mark.parametrize("deleted", [True, False])
async def test_a_closed_or_opened_account(land: Land, deleted: bool) -> None:
    ada = await arrived(land, "Ada", land.north)
    known = {"id": ada.user, "deleted": deleted}
    await happens(land.first, land.north, "user_change", number="Ev1", user=known)
    await happens(land.first, land.north, "user_change", user=known | {"deleted": not deleted})
    assert await is_reachable(land, ada.user) is deleted
    await again(land, "user_change", user=known)
    assert await is_reachable(land, ada.user) is deleted


@ONE
async def test_of_people_who_never_wrote_to_the_bot_not_even_the_event_is_kept(land: Land) -> None:
    await arrived(land, "Ada", land.north)
    async with land.first.app.storage.reading() as work:
        before = await work.first(select(func.count(Seen.id)))
    await happens(land.first, land.north, "user_change", user={"id": "U999", "deleted": False})
    async with land.first.app.storage.reading() as work:
        assert await work.first(select(func.count(Seen.id))) == before


@ONE
@pytest.mark.parametrize(
    ("kind", "opposite", "is_in"),
    [
        ("member_joined_channel", "channel_left", False),
        ("channel_left", "member_joined_channel", True),
        ("member_left_channel", "member_joined_channel", True),
        ("channel_archive", "channel_unarchive", True),
        ("channel_unarchive", "channel_archive", False),
        ("channel_rename", "channel_deleted", False),
    ],
)
async def test_a_channel_that_the_bot_is_in_or_not(land: Land, kind: str, opposite: str, is_in: bool) -> None:
    await arrived(land, "Ada", land.north)
    (number,) = land.north.channels

    def about(kind: str) -> dict[str, str]:
        return {"channel": number, "user": BOT if kind.startswith("member") else "U1", "channel_type": "C"}

    async def is_known() -> bool:
        async with land.first.app.storage.reading() as work:
            here = Channel.conversation == number, Channel.left_at.is_(None)
            return await work.first(select(Channel.id).where(*here)) is not None

    await happens(land.first, land.north, kind, number="Ev1", **about(kind))
    await happens(land.first, land.north, opposite, **about(opposite))
    assert await is_known() is is_in
    await again(land, kind, **about(kind))
    assert await is_known() is is_in


@ONE
async def test_a_home_tab_that_was_opened_is_shown_and_is_no_second_sign_of_life(land: Land) -> None:
    ada = await arrived(land, "Ada", land.north)
    opened = {"user": ada.user, "channel": f"D{ada.user}", "tab": "home"}
    await happens(land.first, land.north, "app_home_opened", number="Ev1", **opened)
    await happens(land.first, land.north, "user_change", user={"id": ada.user, "deleted": True})
    land.north.homes.clear()
    async with process(land.country, land.first.app.storage, land.clock) as anew:
        await happens(anew, land.north, "app_home_opened", number="Ev1", **opened)
    assert words(land.north.homes[ada.user]["blocks"])
    await again(land, "app_home_opened", **opened)
    assert await is_reachable(land, ada.user) is False
    await happens(land.first, land.north, "app_home_opened", **opened)
    assert await is_reachable(land, ada.user) is True


@BOTH
async def test_somebody_who_joined_and_whom_two_processes_hear_of(
    land: Land, capsys: pytest.CaptureFixture[str]
) -> None:
    olga = await arrived(land, "Olga", land.north)
    await land.second.person(land.north, "Ben").types("/mentor help")
    async with land.first.app.storage.work() as work:
        by = await work.first(select(Person).join(Account).where(Account.user == olga.user))
        assert by is not None
        await arrivals.enter(work, name="Ada", mail="ada@library.example", by=by)
    known = land.north.users[land.north.user("Ada")]
    await asyncio.gather(
        *(happens(one, land.north, "team_join", number="Ev1", user=known) for one in (land.first, land.second))
    )
    async with land.first.app.storage.reading() as work:
        assert list(await work.all(select(Person.name).order_by(Person.name))) == ["Ada", "Ben", "Olga"]
    assert await is_reachable(land, known["id"]) is True
    assert "answer lost" not in capsys.readouterr().out
