"""Who joins the workspace, and who leaves it: known at once where that matters, and not stored where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain import Account, Letter, LetterState
from bot.domain import Person as Somebody
from tests.adapters.slack.conftest import Town
from tests.adapters.slack.driver import Person
from tests.adapters.slack.fake import TEAM, Refusal
from tests.adapters.slack.test_answering import account
from tests.adapters.slack.test_connect import happens
from tests.adapters.slack.test_whole_way import founded, matched, wait_for


async def joins(town: Town, name: str, *, confirmed: bool = True, mail: bool = True) -> Person:
    person = town.person(name)
    known: dict[str, Any] = dict(town.fake.users[person.user]) | {"is_email_confirmed": confirmed}
    if not mail:
        known["profile"] = {"real_name": name}
    await happens(town, "team_join", user=known)
    return person


async def people(town: Town) -> int:
    async with town.app.storage.reading() as work:
        return await work.first(select(func.count(Somebody.id))) or 0


@pytest.fixture
async def expecting(town: Town) -> Person:
    """Olga, who has entered Ada by mail and applied for her."""
    olga = await founded(town)
    await olga.types("/cohort person new")
    await olga.sends(name="Ada", mail="ada@library.example")
    await olga.presses("As a mentee")
    await olga.sends(wishes=["cataloging"], zone="America/New_York", institution="Millbrook", career="first_years")
    await town.pulse()
    return olga


async def test_an_expected_person_is_recognized_as_they_join_and_their_letters_arrive(
    town: Town, expecting: Person
) -> None:
    before = await people(town)
    ada = await joins(town, "Ada")
    assert await account(town, ada.user) is not None
    assert await people(town) == before
    await town.forward(days=3)
    assert "has written down your application" in ada.text
    assert ada.posts[-1].channel == town.fake.direct(ada.user)


@pytest.mark.parametrize(
    "fault",
    [
        Refusal("ratelimited", status=429, headers={"Retry-After": "0"}),
        Refusal("internal_error"),
        Refusal("", status=503),
        "break",
    ],
    ids=str,
)
async def test_somebody_whom_slack_cannot_describe_at_the_moment_is_asked_to_try_again_and_then_recognized(
    town: Town, expecting: Person, fault: Refusal | str
) -> None:
    before, ada = await people(town), town.person("Ada")
    town.fake.faults["users.info"] = [fault] * 4  # the client itself asks again
    await ada.types("/mentor status")
    assert "Please try again in a minute." in ada.text
    assert (await account(town, ada.user), await people(town)) == (None, before)
    town.fake.faults.clear()
    await ada.types("/mentor status")
    found = await account(town, ada.user)
    assert found is not None
    assert (found[1].name, found[1].zone, await people(town)) == ("Ada", "America/New_York", before)


async def test_an_admin_whom_slack_cannot_describe_at_the_moment_is_not_told_to_be_none(town: Town) -> None:
    olga = town.person("Olga", is_admin=True)
    await olga.types("/mentor help")
    town.fake.faults["users.info"] = [Refusal("internal_error", status=500)]
    await olga.types("/cohort setup")
    assert "Please try again in a minute." in olga.text


async def test_an_admin_of_another_organization_rules_nothing_here(town: Town) -> None:
    zed = town.person("Zed", is_admin=True, team_id="TOTHER")
    await zed.types("/cohort setup")
    assert "Only an admin of this space can do that." in zed.text
    one = town.person("Olga", is_admin=True, team_id="TOTHER", enterprise_user={"teams": ["TOTHER", TEAM]})
    await one.types("/cohort setup")
    assert one.modal is not None  # an organization on Enterprise Grid has several workspaces


async def test_without_the_right_to_look_people_up_they_are_served_and_the_right_is_named(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    town.fake.scopes = town.fake.scopes - {"users:read"}
    ada = town.person("Ada")
    await ada.types("/mentor help")
    assert "What you can do here" in ada.text
    assert '"needed": "users:read"' in capsys.readouterr().out


@pytest.mark.parametrize("unsure", [{"confirmed": False}, {"mail": False}])
async def test_an_address_that_slack_does_not_vouch_for_says_nothing(
    town: Town, expecting: Person, unsure: dict[str, bool]
) -> None:
    ada = await joins(town, "Ada", **unsure)
    assert await account(town, ada.user) is None


async def test_of_somebody_whom_nobody_expects_nothing_is_stored(town: Town, expecting: Person) -> None:
    before = await people(town)
    zoe = await joins(town, "Zoe")
    await town.pulse()
    assert (await account(town, zoe.user), await people(town)) == (None, before)
    assert [post for post in zoe.posts if post.channel == town.fake.direct(zoe.user)] == []


async def test_letters_to_a_closed_account_do_not_succeed_in_silence_and_the_liaison_hears_once(town: Town) -> None:
    olga, ada, ben = await matched(town)
    await wait_for(town, ada, f"<@{ada.user}>, meet <@{ben.user}>", days=5)
    await olga.types(f"/cohort team add liaison <@{olga.user}>")
    await olga.types("/liaison assign")
    await olga.sends()
    town.fake.users[ben.user]["deleted"] = True
    await happens(town, "user_change", user={"id": ben.user, "deleted": True})
    before = len(ben.posts)
    await town.forward(days=60)
    rooms = {post.channel for post in ben.posts if post.channel.startswith("G")}
    assert [post for post in ben.posts[before:] if post.channel not in rooms] == []
    told = [post for post in olga.posts if "I cannot reach one of the people" in post.text]
    assert len(told) == 1
    async with town.app.storage.reading() as work:
        theirs = select(Account.person_id).where(Account.user == ben.user).scalar_subquery()
        states = set(await work.all(select(Letter.state).where(Letter.person_id == theirs)))
    assert LetterState.WAITING not in states
