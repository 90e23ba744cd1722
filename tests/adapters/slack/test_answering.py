"""How what people type, press and send is answered: once, in time, and where they asked."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.slack import incoming
from adapters.slack.serve import open_slack
from bot.domain import Account, Person
from bot.storage import queries
from bot.storage.work import Storage, Work
from commands import CATALOG
from commands.dispatch import Dispatch
from tests.adapters.slack.conftest import Town, settings_for
from tests.adapters.slack.contract import sample
from tests.adapters.slack.driver import words
from tests.adapters.slack.fake import TEAM, Refusal
from tests.adapters.slack.test_whole_way import MENTEE, founded, matched

SLEEP = 5.0
_slept: ContextVar[bool] = ContextVar("slept", default=False)


@pytest.fixture
def slow_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first Work of whatever is under way takes five seconds."""
    for name in ("work", "reading"):
        monkeypatch.setattr(Storage, name, _slow(getattr(Storage, name)))


def _slow(really: Any) -> Any:
    @contextlib.asynccontextmanager
    async def opened(self: Storage) -> AsyncIterator[Work]:
        if not _slept.get():
            _slept.set(True)
            await asyncio.sleep(SLEEP)
        async with really(self) as work:
            yield work

    return opened


async def account(town: Town, user: str) -> tuple[Account, Person] | None:
    async with town.app.storage.reading() as work:
        found = await queries.account_of(work, "slack", TEAM, user)
    return None if found is None else found[:2]


async def test_every_way_of_asking_is_acknowledged_in_time_by_a_slow_database(
    town: Town, request: pytest.FixtureRequest
) -> None:
    olga, ada, ben = await matched(town)
    await town.forward(days=2)
    carla, dev, emi = town.person("Carla"), town.person("Dev"), town.person("Emi")
    await ben.types("/mentor quiet")
    await carla.types("/mentor help")
    town.line.settle, town.line.took = False, []
    request.getfixturevalue("slow_database")
    await asyncio.gather(
        ada.types("/mentor status"),
        ben.sends(),
        carla.presses("Where do I stand?"),
        dev.says("mentor help"),
        emi.opens_home(),
        olga.types("/cohort create template:alcts"),
    )
    assert max(town.line.took) < 3
    assert words(olga.modal.body) == "I am looking that up. This fills in by itself."
    assert "I am saving your answers." in words(ben.modal.body)
    await town.slack.settled()
    assert f"<@{ben.user}> is your mentor." in ada.text
    assert "My answer waits where you asked" in words(ben.modal.body)
    assert carla.posts[-1].only_for == carla.user
    assert "/mentor status" in dev.text
    assert town.fake.homes[emi.user]["blocks"]
    assert [block["block_id"] for block in olga.modal.body["blocks"] if block["type"] == "input"]


async def test_whatever_is_done_in_modals_and_in_the_home_tab_is_acknowledged_in_time_too(
    town: Town, request: pytest.FixtureRequest
) -> None:
    await founded(town)
    ada, ben, carla, dora = (town.person(name) for name in ("Ada", "Ben", "Carla", "Dora"))
    for somebody in (ada, ben, carla):
        await somebody.types("/mentor join mentee")
    await dora.opens_home()
    zone = next(block for block in ben.modal.body["blocks"] if block.get("block_id", "").startswith("zone"))
    town.line.settle, town.line.took = False, []
    request.getfixturevalue("slow_database")
    _, found, *_rest = await asyncio.gather(
        ada.presses("Add more"),
        ben.searches(zone, "Chicago"),
        carla.closes(institution="Millbrook Library"),
        dora.presses("Apply"),
    )
    assert len(town.line.took) == 4
    assert max(town.line.took) < 3
    assert "America/Chicago" in {option["value"] for option in found}
    await town.slack.settled()
    assert "about" in {block.get("block_id") for block in ada.modal.body["blocks"]}
    town.line.settle = True
    await carla.types("/mentor join mentee")
    blocks = {block.get("block_id"): block for block in carla.modal.body["blocks"]}
    assert blocks["institution"]["element"]["initial_value"] == "Millbrook Library"
    assert "As a mentee" in [one["text"]["text"] for post in dora.posts for block in post.blocks
                             for one in block.get("elements", ()) if block["type"] == "actions"]  # fmt: skip


async def test_a_modal_that_slack_opens_late_is_filled_in_all_the_same(
    town: Town, request: pytest.FixtureRequest
) -> None:
    ada, opened = town.person("Ada"), asyncio.Event()
    await ada.types("/mentor help")
    town.line.settle, town.line.took, town.fake.late["views.open"] = False, [], opened
    request.getfixturevalue("slow_database")
    await ada.types("/mentor quiet")
    assert max(town.line.took) < 3
    assert words(ada.modal.body) == "I am looking that up. This fills in by itself."
    opened.set()
    await town.slack.settled()
    assert [block["block_id"] for block in ada.modal.body["blocks"] if block["type"] == "input"]


@pytest.mark.parametrize("fault", [Refusal("internal_error"), "break"], ids=str)
async def test_an_answer_is_given_even_where_its_modal_cannot_say_so(
    town: Town, request: pytest.FixtureRequest, fault: Refusal | str
) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    await ada.types("/mentor quiet")
    before, town.fake.faults["views.update"] = len(ada.posts), [fault] * 3
    request.getfixturevalue("slow_database")
    await ada.sends()
    assert ["You have no quiet hours now." in words(post.blocks) for post in ada.posts[before:]] == [True]


async def test_choices_that_a_slow_database_finds_too_late_are_none_but_in_time(
    town: Town, request: pytest.FixtureRequest
) -> None:
    olga = await founded(town)
    await olga.types("/cohort team add liaison")
    person = next(block for block in olga.modal.body["blocks"] if block.get("block_id", "").startswith("person"))
    town.line.settle, town.line.took = False, []
    request.getfixturevalue("slow_database")
    assert await olga.searches(person, "Olga") == []
    assert max(town.line.took) < 3
    await town.slack.settled()


async def test_a_reply_that_slack_has_no_time_for_is_sent_again(town: Town) -> None:
    ada = town.person("Ada")
    channel = next(iter(town.fake.channels))
    await ada.types("/mentor help", channel=channel)
    town.fake.busy_hooks = 1
    before = len(ada.posts)
    await ada.presses("Where do I stand?")
    assert [post.channel for post in ada.posts[before:]] == [channel]
    assert [method for method, _given in town.fake.calls].count("response_url") == 2


async def test_a_reply_in_the_direct_message_that_slack_has_no_time_for_is_sent_again(town: Town) -> None:
    ada = town.person("Ada")
    town.fake.faults["chat.postMessage"] = [Refusal("ratelimited", status=429, headers={"Retry-After": "0"})]
    await ada.says("mentor help")
    assert len(ada.posts) == 1


async def test_a_slow_slack_keeps_no_acknowledgement_waiting(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    really = town.fake._fault

    async def late(*_: object) -> None:
        await asyncio.sleep(4)

    monkeypatch.setattr(town.slack.answering.replies, "_posted", late)
    assert really("chat.postMessage") == ""
    town.line.took, town.line.settle = [], False
    await ada.presses("Where do I stand?")
    assert max(town.line.took) < 2
    await town.slack.settled()


async def test_an_event_that_comes_again_acts_once(town: Town) -> None:
    _olga, ada, _ben = await matched(town)
    await town.forward(days=2)
    before = len(ada.posts)
    await ada.says("mentor pause 2027-03-10", event="Ev1")
    assert len(ada.posts) == before + 1
    await ada.says("mentor pause 2027-03-10", event="Ev1", retry=1)
    await ada.says("what is this", event="Ev2")
    await ada.says("what is this", event="Ev2", retry=2)
    assert len(ada.posts) == before + 2


async def test_two_processes_that_get_the_same_event_act_once(town: Town) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    other = await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
    before = len(ada.posts)
    body = sample("event_message_from_user") | {"team_id": TEAM, "event_id": "Ev9"}
    body["event"] |= {"user": ada.user, "text": "mentor quiet 18:00 9:00", "channel": f"D{ada.user}"}
    body["event"] |= {"channel_type": "im"}
    asked = incoming.message(body, TEAM)
    assert asked is not None
    await asyncio.gather(*(one.answering.typed(asked, AsyncAck()) for one in (town.slack, other)))
    await asyncio.gather(town.slack.settled(), other.settled())
    await other.close()
    assert len(ada.posts) == before + 1


async def test_an_event_that_comes_again_after_a_restart_acts_once(town: Town) -> None:
    ada = town.person("Ada")
    await ada.says("what is this", event="Ev1")
    await town.slack.close()
    before = len(ada.posts)
    again = await open_slack(settings_for(town.fake), town.app, Dispatch(town.app.storage, CATALOG))
    body = sample("event_message_from_user") | {"team_id": TEAM, "event_id": "Ev1"}
    body["event"] |= {"user": ada.user, "text": "what is this", "channel": f"D{ada.user}", "channel_type": "im"}
    for event in ("Ev1", "Ev2"):
        asked = incoming.message(body | {"event_id": event}, TEAM)
        assert asked is not None
        await again.answering.typed(asked, AsyncAck())
    await again.settled()
    await again.close()
    assert len(ada.posts) == before + 1


async def test_a_command_that_comes_again_acts_once(town: Town) -> None:
    olga = town.person("Olga", is_admin=True)
    body = sample("slash_command") | {"team_id": TEAM, "user_id": olga.user, "command": "/cohort", "text": "setup"}
    channel = town.fake.direct(olga.user)
    body |= {"channel_id": channel, "trigger_id": town.fake.trigger(olga.user)}
    body |= {"response_url": town.fake.response_url(olga.user, channel)}
    for _time in range(2):
        await olga.commands(body)
    assert len(town.fake.views) == 1


class TestForms:
    async def test_a_mistake_is_said_beside_its_question(self, town: Town) -> None:
        olga = await founded(town)
        await olga.types("/cohort create template:alcts")
        view = olga.modal
        dates = {"opens_on": "2027-03-01", "closes_on": "2027-02-15", "announced_on": "2027-02-22"}
        await olga.sends(title="Again", zone="Chicago", starts_on="2027-04-01", ends_on="2027-12-20", **dates)
        assert olga.modal is view
        assert "is not after" in view.body["errors"]["closes_on"]

    async def test_what_nobody_has_to_answer_waits_behind_a_button(self, town: Town) -> None:
        await founded(town)
        ada = town.person("Ada")
        await ada.types("/mentor join mentee")
        asked = [block["block_id"] for block in ada.modal.body["blocks"] if block["type"] == "input"]
        assert "about" not in asked
        assert "conduct" in asked
        await ada.presses("Add more")
        await ada.sends(wishes=["cataloging"], about="A department of one.", conduct="yes", **MENTEE)
        assert ada.modal is None
        await ada.presses("Change my answers")
        state = {b["block_id"]: b["element"].get("initial_value") for b in ada.modal.body["blocks"] if "element" in b}
        assert state["about"] == "A department of one."

    async def test_a_modal_that_is_left_is_offered_again_as_it_was(self, town: Town) -> None:
        await founded(town)
        ada = town.person("Ada")
        await ada.types("/mentor join mentee")
        await ada.closes(institution="Millbrook Library", wishes=["publishing"])
        await ada.types("/mentor join mentee")
        blocks = {block.get("block_id"): block for block in ada.modal.body["blocks"]}
        assert blocks["institution"]["element"]["initial_value"] == "Millbrook Library"
        assert blocks["wishes:1"]["element"]["initial_option"]["value"] == "publishing"

    async def test_a_modal_that_comes_too_late_is_a_button(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        await founded(town)
        ada = town.person("Ada")
        monkeypatch.setattr("tests.adapters.slack.fake.TRIGGER_SECONDS", -1)
        await ada.types("/mentor join mentee")
        assert ada.modal is None
        monkeypatch.undo()
        await ada.presses("Open the form")
        assert ada.modal is not None
        await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)
        assert "Your mentoring application has arrived" in ada.text

    async def test_a_modal_that_slack_refuses_is_not_met_with_silence(self, town: Town) -> None:
        await founded(town)
        ada = town.person("Ada")
        town.fake.faults["views.open"] = [Refusal("internal_error")]
        await ada.types("/mentor join mentee")
        assert "Something went wrong on my side" in ada.text

    async def test_typed_words_that_need_a_form_get_a_button(self, town: Town) -> None:
        await founded(town)
        ada = town.person("Ada")
        await ada.says("mentor join mentee")
        assert ada.posts[-1].channel == town.fake.direct(ada.user)
        await ada.presses("Open the form")
        await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)
        post = ada.posts[-1]
        assert "Your mentoring application has arrived" in ada.text
        assert (post.channel, post.only_for) == (town.fake.direct(ada.user), "")

    async def test_an_answer_finds_its_way_when_its_address_has_expired(self, town: Town) -> None:
        await founded(town)
        ada = town.person("Ada")
        await ada.types("/mentor join mentee", channel=next(iter(town.fake.channels)))
        for found in town.fake.urls.values():
            found[3] = 99
        await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)
        assert ada.posts[-1].channel == town.fake.direct(ada.user)
        assert "Your mentoring application has arrived" in ada.text


async def test_somebody_new_has_the_name_zone_and_verified_mail_that_slack_knows(town: Town) -> None:
    ada = town.person("Ada", zone="Asia/Kolkata")
    eve = town.person("Eve", is_email_confirmed=False)
    for somebody in (ada, eve):
        await somebody.opens_home()
    found, other = await account(town, ada.user), await account(town, eve.user)
    assert found is not None
    assert (found[1].name, found[1].zone, found[1].mail) == ("Ada", "Asia/Kolkata", "ada@library.example")
    assert other is not None
    assert other[1].mail == ""


async def test_slack_is_asked_about_strangers_and_rulers_alone(town: Town) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    town.fake.calls.clear()
    await ada.types("/mentor status")
    assert [method for method, _given in town.fake.calls] == []
    await ada.types("/cohort setup")
    assert [method for method, _given in town.fake.calls] == ["users.info"]
    assert "admin" in ada.text


@pytest.mark.parametrize("ruler", [{"is_admin": True}, {"is_owner": True}, {}], ids=str)
async def test_an_admin_or_owner_of_the_workspace_may_begin(town: Town, ruler: dict[str, bool]) -> None:
    olga = town.person("Olga", **ruler)
    await olga.types("/mentor cohort setup")
    if not ruler:
        assert "Only an admin of this space can do that." in olga.text
        return
    await olga.sends()
    assert "You are a coordinator now." in olga.text


async def test_the_home_tab_shows_where_somebody_stands(town: Town) -> None:
    await founded(town)
    ada = town.person("Ada")
    await ada.opens_home()
    home = town.fake.homes[ada.user]
    label = next(one["text"]["text"] for block in home["blocks"] for one in block.get("elements", ())
                 if block["type"] == "actions")  # fmt: skip
    await ada.presses(label)
    await ada.presses("As a mentee")
    await ada.sends(wishes=["cataloging"], conduct="yes", **MENTEE)
    assert "Your application for Mentoring 2027 is in." in words(town.fake.homes[ada.user]["blocks"])


async def test_the_answers_are_quick(town: Town) -> None:
    ada = town.person("Ada")
    await ada.types("/mentor help")
    began = time.monotonic()
    for _time in range(20):
        await ada.types("/mentor status")
    assert time.monotonic() - began < 5
