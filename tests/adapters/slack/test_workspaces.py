"""Many workspaces in several processes: each with its token, and what happens when Slack takes one back."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from sqlalchemy import select, update

from adapters.slack import gate
from adapters.slack.installations import Installation, Installations
from adapters.slack.tables import Installed
from bot.domain import Channel, Letter, LetterKind, LetterState, Person, Space
from bot.scheduling.turning import turn_to
from bot.settings import Misconfigured
from bot.storage import outbox, queries
from bot.ui import _, message
from tests.adapters.slack.conftest import KEY, process
from tests.adapters.slack.contract import sample
from tests.adapters.slack.country import Land
from tests.adapters.slack.driver import Person as Somebody
from tests.adapters.slack.fake import BOT, FakeSlack, Refusal
from tests.adapters.slack.test_answering import slow_database  # noqa: F401 - a fixture
from tests.adapters.slack.test_whole_way import DATES, MENTEE

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def arrived(land: Land, name: str, fake: FakeSlack) -> Somebody:
    """Somebody who has installed the bot in a workspace, and has an account."""
    person = land.first.person(fake, name, is_admin=True)
    await land.browser().installs(land.country, person)
    await person.types("/mentor help")
    return person


async def write(land: Land, to: Somebody, key: str) -> None:
    """A letter to somebody."""
    async with land.first.app.storage.work() as work:
        found = await queries.account_of(work, "slack", to.line.fake.team, to.user)
        assert found is not None
        person = await work.get(Person, found[1].id)
        hello = outbox.NewLetter(key=key, kind=LetterKind.DUTY, to=person, message=message(_("A letter for you")))
        await outbox.post(work, person.community_id, hello)


def letters(person: Somebody) -> int:
    return sum(post.text == "A letter for you" for post in person.posts)


async def rows(land: Land) -> dict[str, str]:
    """What lies in the database of each workspace that has installed the bot."""
    async with land.first.app.storage.reading() as work:
        return {row.team: row.token for row in await work.all(select(Installed))}


async def uninstall(land: Land, fake: FakeSlack) -> None:
    fake.gone = "account_inactive"
    await land.first.happens(fake, "app_uninstalled")


@BOTH
async def test_tokens_lie_sealed_in_the_database(land: Land) -> None:
    await arrived(land, "Ada", land.north)
    sealed = (await rows(land))["TNORTH"]
    assert "xoxb" not in sealed
    assert Fernet(KEY).decrypt(sealed.encode()).decode() == land.north.token
    url = land.first.app.storage.engines.write.url
    if url.get_backend_name() == "sqlite":
        for file in (url.database, f"{url.database}-wal"):
            assert b"xoxb-" not in await asyncio.to_thread(_bytes, str(file))


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123
        return file.read()


@BOTH
async def test_letters_reach_both_workspaces_from_either_process(land: Land) -> None:
    ada, ben = await arrived(land, "Ada", land.north), await arrived(land, "Ben", land.south)
    await write(land, ada, "one")
    await write(land, ben, "two")
    await land.second.app.pulse()
    await land.first.app.pulse()
    assert (letters(ada), letters(ben)) == (1, 1)


@BOTH
async def test_after_an_uninstall_letters_wait_and_a_new_installation_brings_each_once(land: Land) -> None:
    ada, ben = await arrived(land, "Ada", land.north), await arrived(land, "Ben", land.south)
    await land.second.app.pulse()
    await uninstall(land, land.north)
    assert list(await rows(land)) == ["TSOUTH"]
    await write(land, ada, "one")
    await write(land, ben, "two")
    for running in (land.first, land.second):
        await turn_to(running.app.office, land.clock, land.clock.now() + timedelta(days=1))
    assert (letters(ada), letters(ben)) == (0, 1)
    await land.browser().installs(land.country, ada)
    assert ada.text.startswith("I am back.")
    for running in (land.second, land.first):
        await turn_to(running.app.office, land.clock, land.clock.now() + timedelta(days=2))
    assert (letters(ada), letters(ben)) == (1, 1)
    await ada.types("/mentor help")
    assert "What you can do here" in ada.text


@BOTH
async def test_a_workspace_is_served_although_slack_did_not_list_its_channels(land: Land) -> None:
    """The connection breaks off as they are asked for: at the first installation, and at the next one."""
    olga = land.first.person(land.north, "Olga", is_admin=True)
    land.north.faults["users.conversations"] = ["break"] * 4
    await land.browser().installs(land.country, olga)
    await olga.types("/cohort setup")
    assert olga.modal is not None
    await olga.sends()
    await uninstall(land, land.north)
    land.north.faults["users.conversations"] = ["break"] * 4
    await land.browser().installs(land.country, olga)
    async with land.first.app.storage.reading() as work:
        assert await work.all(select(Space.left_at)) == [None]


@ONE
async def test_a_workspace_is_known_as_left_until_the_app_is_installed_again(land: Land) -> None:
    ada = await arrived(land, "Ada", land.north)
    left = select(Space.left_at.is_not(None)).where(Space.external == "TNORTH")
    for is_left in (True, False):
        if is_left:
            await uninstall(land, land.north)
        else:
            await land.browser().installs(land.country, ada)
        async with land.first.app.storage.reading() as work:
            assert await work.first(left) is is_left


@ONE
async def test_an_uninstall_keeps_what_people_have_told_the_bot(land: Land) -> None:
    ada = await arrived(land, "Ada", land.north)
    await ada.types("/mentor quiet 18:00 9:00")
    await uninstall(land, land.north)
    await land.browser().installs(land.country, ada)
    async with land.first.app.storage.reading() as work:
        (person,) = await work.all(select(Person))
    assert person.quiet_from is not None


@ONE
async def test_a_word_of_an_uninstall_that_comes_late_does_not_end_the_new_installation(land: Land) -> None:
    ada = await arrived(land, "Ada", land.north)
    await uninstall(land, land.north)
    await land.browser().installs(land.country, ada)
    await land.first.happens(land.north, "app_uninstalled")
    assert "TNORTH" in await rows(land)


@ONE
async def test_an_uninstall_counts_although_slack_cannot_be_asked(land: Land) -> None:
    await arrived(land, "Ada", land.north)
    land.north.faults["auth.test"] = ["break"] * 2
    await land.first.happens(land.north, "tokens_revoked", tokens={"oauth": ["U1"], "bot": []})
    assert "TNORTH" in await rows(land)
    land.north.faults["auth.test"] = ["break"] * 2
    await land.first.happens(land.north, "app_uninstalled")
    assert await rows(land) == {}


@ONE
@pytest.mark.parametrize("word", ["token_revoked", "account_inactive"])
async def test_a_token_that_slack_takes_back_is_forgotten_at_the_next_call(land: Land, word: str) -> None:
    ada, ben = await arrived(land, "Ada", land.north), await arrived(land, "Ben", land.south)
    land.north.gone = word
    await write(land, ada, "one")
    await write(land, ben, "two")
    with structlog.testing.capture_logs() as logged:
        await land.first.app.pulse()
    assert (letters(ada), letters(ben)) == (0, 1)
    assert list(await rows(land)) == ["TSOUTH"]
    assert [line["team"] for line in logged if "taken the bot's token back" in line["event"]] == ["TNORTH"]
    await ben.types("/mentor help")
    assert "What you can do here" in ben.text


@ONE
async def test_a_token_that_slack_does_not_take_for_now_is_kept_and_stops_that_workspace_alone(
    land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = await arrived(land, "Ada", land.north), await arrived(land, "Ben", land.south)
    land.north.gone = "invalid_auth"
    await write(land, ada, "one")
    await write(land, ben, "two")
    await land.first.app.pulse()
    assert (letters(ada), letters(ben)) == (0, 1)
    await land.first.happens(land.north, "tokens_revoked", tokens={"oauth": ["U1"], "bot": []})
    assert list(await rows(land)) == ["TNORTH", "TSOUTH"]
    land.north.gone = ""
    await turn_to(land.first.app.office, land.clock, land.clock.now() + timedelta(days=1))
    assert letters(ada) == 0
    monkeypatch.setattr("adapters.slack.workspaces.DOUBT", 0.0)
    await turn_to(land.first.app.office, land.clock, land.clock.now() + timedelta(days=1))
    assert letters(ada) == 1


@BOTH
async def test_a_process_with_an_old_token_finds_the_new_one_and_loses_nothing(land: Land) -> None:
    ada = await arrived(land, "Ada", land.north)
    ada.line = land.second.line(land.north)
    await ada.types("/mentor help")
    old = land.second.slack.workspaces.of("TNORTH")
    await land.browser().installs(land.country, ada)
    await write(land, ada, "one")
    await land.second.app.pulse()
    assert letters(ada) == 1
    now = land.second.slack.workspaces.of("TNORTH")
    assert old is not None
    assert now is not None
    assert (now.client.token, old.client.token) != (old.client.token, land.north.token)


@ONE
async def test_a_workspace_that_did_not_install_it_is_acknowledged_and_named_in_the_log(land: Land) -> None:
    ada = land.first.person(land.north, "Ada")
    with structlog.testing.capture_logs() as logged:
        body = sample("slash_command") | {"team_id": "TNORTH", "user_id": ada.user, "command": "/mentor"}
        body["response_url"] = "http://127.0.0.1:9/nobody"
        said = await ada.line.post(urlencode(body), "application/x-www-form-urlencoded")
        await ada.says("hello")
        await ada.opens_home()
    assert said.startswith("I am not installed in this workspace.")
    assert [line["team"] for line in logged] == ["TNORTH"] * 3
    assert land.north.calls == []


@ONE
async def test_a_process_that_sees_a_workspace_first_answers_in_time_whatever_the_database_does(
    land: Land, request: pytest.FixtureRequest
) -> None:
    ada = await arrived(land, "Ada", land.north)
    ben = land.first.person(land.north, "Ben")
    async with process(land.country, land.first.app.storage, land.clock) as anew:
        line = ada.line = ben.line = anew.line(land.north)
        line.settle = False
        request.getfixturevalue("slow_database")
        await asyncio.gather(ada.types("/mentor status"), ben.says("mentor help"), ada.opens_home())
        assert max(line.took) < 3
        await anew.slack.settled()
    assert "What you can do here" in ben.text
    assert ada.posts[-1].only_for == ada.user
    assert ada.user in land.north.homes


@ONE
async def test_what_a_workspace_changed_while_nobody_listened_is_seen_at_the_start(land: Land) -> None:
    await arrived(land, "Ada", land.north)
    await arrived(land, "Ben", land.south)
    land.south.gone = "account_inactive"
    land.north.channel("liaisons", members=(BOT,))
    stop = asyncio.Event()
    async with process(land.country, land.first.app.storage, land.clock) as anew:
        running = asyncio.create_task(anew.slack.run(stop))
        await asyncio.wait_for(running, 10)
    async with land.first.app.storage.reading() as work:
        found = select(Channel.name).join(Space, Channel.space_id == Space.id).where(Space.external == "TNORTH")
        assert set(await work.all(found)) == {"liaisons", "mentoring-tnorth"}
    assert list(await rows(land)) == ["TNORTH"]


@ONE
async def test_a_socket_brings_what_happens_in_every_workspace(land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, ben = await arrived(land, "Ada", land.north), await arrived(land, "Ben", land.south)
    acknowledged: list[dict[str, Any]] = []

    async def serve(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for person in (ada, ben):
            body = sample("slash_command") | {"team_id": person.line.fake.team, "user_id": person.user}
            envelope = {"envelope_id": person.user, "type": "slash_commands", "accepts_response_payload": True}
            await socket.send_json(envelope | {"payload": body | {"command": "/mentor", "text": "help"}})
            acknowledged.append(json.loads((await socket.receive()).data))
        stop.set()
        await socket.close()
        return socket

    app, stop = web.Application(), asyncio.Event()
    app.router.add_get("/socket", serve)
    server = TestServer(app)
    await server.start_server()
    door = FakeSlack(land.clock.now, team="-", token="xapp-1")
    land.country.workspaces["-"] = door
    address = f"ws://127.0.0.1:{server.port}/socket"
    monkeypatch.setattr(FakeSlack, "_apps_connections_open", lambda self, given: {"url": address}, raising=False)
    async with process(land.country, land.first.app.storage, land.clock, slack_app_token="xapp-1") as anew:
        await asyncio.wait_for(anew.slack.run(stop), 10)
    await server.close()
    assert [one["envelope_id"] for one in acknowledged] == [ada.user, ben.user]
    assert all("What you can do here" in json.dumps(one["payload"]) for one in acknowledged)


@BOTH
async def test_a_new_key_in_front_seals_all_tokens_anew_and_the_old_one_can_go(land: Land) -> None:
    ada = await arrived(land, "Ada", land.north)
    storage, new, before = land.first.app.storage, Fernet.generate_key().decode(), await rows(land)
    async with process(land.country, storage, land.clock, mentorbot_secret_key=f"{KEY}, {new}"):
        assert await rows(land) == before
    async with process(land.country, storage, land.clock, mentorbot_secret_key=f"{new},{KEY}"):
        assert Fernet(new).decrypt((await rows(land))["TNORTH"].encode()).decode() == land.north.token
    async with process(land.country, storage, land.clock, mentorbot_secret_key=new) as anew:
        ada.line = anew.line(land.north)
        await ada.types("/mentor help")
        assert "What you can do here" in ada.text


@ONE
async def test_a_start_without_the_key_of_a_token_is_refused_in_one_line(land: Land) -> None:
    await arrived(land, "Ada", land.north)
    new = Fernet.generate_key().decode()
    with pytest.raises(Misconfigured, match=r"^MENTORBOT_SECRET_KEY lacks the key .*docs/operating\.md"):
        async with process(land.country, land.first.app.storage, land.clock, mentorbot_secret_key=new):
            pass


@ONE
async def test_a_token_that_no_key_opens_any_more_stops_that_workspace_alone(land: Land) -> None:
    """Another process has a newer list of keys."""
    ada, ben = await arrived(land, "Ada", land.north), await arrived(land, "Ben", land.south)
    async with land.first.app.storage.work() as work:
        foreign = Fernet(Fernet.generate_key()).encrypt(b"xoxb-1").decode()
        await work.session.execute(update(Installed).where(Installed.team == "TNORTH").values(token=foreign))
    await write(land, ada, "one")
    await write(land, ben, "two")
    with structlog.testing.capture_logs() as logged:
        await land.second.app.pulse()
    assert (letters(ada), letters(ben)) == (0, 1)
    assert [line["team"] for line in logged if "MENTORBOT_SECRET_KEY" in line["event"]] == ["TNORTH"]
    async with land.first.app.storage.reading() as work:
        assert (await work.all(select(Letter.state).where(Letter.key == "one"))) == [LetterState.WAITING]


@ONE
async def test_a_letter_is_not_sent_again_after_a_refusal_that_is_not_about_the_token(land: Land) -> None:
    ada = await arrived(land, "Ada", land.north)
    land.north.faults["chat.postMessage"] = [Refusal("internal_error")]
    await write(land, ada, "one")
    await land.first.app.pulse()
    assert sum(method == "chat.postMessage" for method, _given in land.north.calls) == 2  # the greeting, and one try


@ONE
@pytest.mark.parametrize("is_there", [False, True], ids=["ours alone", "both"])
async def test_a_form_from_a_shared_channel_is_sent_to_the_workspace_where_it_was_opened(
    land: Land, *, is_there: bool
) -> None:
    """Whoever belongs to another organization sends it with their own workspace, which may have the bot as well."""
    olga = await arrived(land, "Olga", land.north)
    if is_there:
        await arrived(land, "Zed", land.south)
    await olga.types("/cohort setup")
    await olga.sends()
    await olga.types("/cohort create template:alcts")
    await olga.sends(title="Mentoring 2027", zone="Chicago", **DATES)
    await olga.types("/cohort post channel:mentoring-tnorth")
    ada = land.first.person(land.north, "Ada")
    ada.guest_of = land.south.team
    await ada.types("/mentor join mentee")
    await ada.presses("Add more")
    await ada.closes(institution="Millbrook Library")
    await ada.types("/mentor join mentee")
    await ada.sends(wishes=["cataloging", "publishing"], conduct="yes", **MENTEE)
    assert "Your mentoring application has arrived" in ada.text
    async with land.first.app.storage.reading() as work:
        theirs = await work.all(select(Person.community_id).where(Person.name.in_(["Olga", "Ada"])))
    assert len(set(theirs)) == 1


@ONE
async def test_somebody_new_is_known_by_name_even_where_their_workspace_was_let_in_unseen(
    land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    await arrived(land, "Ada", land.north)
    ben, really, goes_on = land.second.person(land.north, "Ben"), Installations.find, asyncio.Event()

    async def late(self: Installations, team: str) -> Installation | None:
        monkeypatch.setattr(Installations, "find", really)
        await goes_on.wait()
        return await self.find(team)

    monkeypatch.setattr(Installations, "find", late)
    monkeypatch.setattr(gate, "GLANCE", 0)
    await ben.types("/mentor help")
    goes_on.set()
    async with land.first.app.storage.reading() as work:
        assert await work.all(select(Person.name).order_by(Person.id)) == ["Ada", "Ben"]
